import Glibc
import RapportNumerics

/// How evenly one partner answers different managers: the spread of the pairs' effects, error taken off.
///
///     Q(τ²) = Σ (bᵢ − b̄)² / (sᵢ² + τ²)        b̄ weighted alike
///
/// τ² makes Q equal to its expectation, k − 1; the interval's ends make it the quantiles of χ² with k − 1 degrees. The
/// ratio between two managers at random has median exp(0.6745 √2 τ).
///
/// Source: Paule & Mandel (1982); Viechtbauer (2007), Confidence intervals for the amount of heterogeneity; Larsen &
/// Merlo (2005), Appropriate assessment of neighborhood effects.
struct Evenness: Sendable {
  var medianRatio: Double
  var low: Double
  var high: Double
  /// Chance of this much spread if all were treated alike, by permutation of managers' names.
  var pValue: Double
  /// Whether an unevenness that matters would be expected to show: were τ as large as a median ratio of
  /// ``RatioInterval/material`` makes it, Q at τ = 0 would on average lie above the 95 % quantile of its distribution under
  /// even treatment,
  ///
  ///     k − 1 + τ² (W − Σ wᵢ² / W) ≥ χ²₀.₉₅(k − 1)        wᵢ = 1/sᵢ², W = Σ wᵢ
  ///
  /// Without that, estimates near one another are no sign of evenness: of two or three requests each they lie near zero,
  /// with errors that are far too large, so Q is smaller than χ² allows and its interval has no width.
  var couldShow: Bool

  /// `nil` with fewer than three pairs.
  ///
  /// - Parameters: `units`: pairs' effects and their variances; `pValue`: of ``LabelPermutation``.
  init?(_ units: [(mean: Double, variance: Double)], pValue: Double, interval: Double) {
    guard units.count >= 3 else { return nil }
    self.pValue = pValue
    func q(_ between: Double) -> Double {
      var (weights, sum) = (0.0, 0.0)
      for (mean, variance) in units {
        weights += 1 / (variance + between)
        sum += mean / (variance + between)
      }
      let centre = sum / weights
      return units.reduce(0) { $0 + ($1.0 - centre) * ($1.0 - centre) / ($1.1 + between) }
    }
    let degrees = Double(units.count - 1)
    let distribution = ChiSquared(degreesOfFreedom: degrees)
    let largest = 100.0
    // Q falls as τ² rises: bisection on the logarithm's scale would never reach zero, so on τ itself.
    func solve(_ target: Double) -> Double {
      if q(0) <= target { return 0 }
      var (low, high) = (0.0, largest.squareRoot())
      for _ in 0..<80 {
        let middle = (low + high) / 2
        if q(middle * middle) > target { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    func ratio(_ deviation: Double) -> Double {
      exp(min(20, Normal.standard.quantile(0.75) * 2.0.squareRoot() * deviation))
    }
    let weights = units.map { 1 / $0.variance }
    let total = weights.reduce(0, +)
    let material = log(RatioInterval.material) / (Normal.standard.quantile(0.75) * 2.0.squareRoot())
    let gain = material * material * (total - weights.reduce(0) { $0 + $1 * $1 } / total)
    couldShow = degrees + gain >= distribution.quantile(0.95)
    medianRatio = ratio(solve(degrees))
    low = ratio(solve(distribution.quantile(0.5 + interval / 2)))
    high = ratio(solve(distribution.quantile(0.5 - interval / 2)))
  }
}
