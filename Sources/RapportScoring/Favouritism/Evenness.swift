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
///
/// These are plain figures, on which verdicts rest; those of a signal are drawn to all partners' (``SharedSpread``).
struct Evenness: Sendable {
  /// One manager's effect, and the variance of its estimate.
  typealias Unit = (mean: Double, variance: Double)

  var medianRatio: Double
  /// The interval that is shown.
  var low: Double
  var high: Double
  /// The interval that verdicts rest on, of ``FavouritismFindings/verdictLevel`` whatever is shown.
  var verdict: ClosedRange<Double>
  /// The unit that lies too far out to be one of the others' kind: of as many managers, fewer than one in a hundred partners would
  /// have one so far from the others' mean,
  ///
  ///     k P(|t₍ₖ₋₂₎| ≥ |bᵢ − b̄₋ᵢ| / √(sᵢ² + τ₋ᵢ² + 1/Σⱼ wⱼ)) < 0.01        wⱼ = 1/(sⱼ² + τ₋ᵢ²)
  ///
  /// where b̄₋ᵢ and τ₋ᵢ are found without it. One such enlarges τ beyond what is typical of two. `nil` elsewhere, and with fewer
  /// than four units.
  ///
  /// Source: Viechtbauer & Cheung (2010), Outlier and influence diagnostics for meta-analysis.
  var outlier: Int?
  /// The units without the outlier.
  var others: [Unit]
  /// How many managers' effects it rests on.
  var count: Int
  /// Chance of this much spread if all were treated alike, as ``QueueChoices`` has it.
  var pValue: Double
  /// Whether an unevenness that matters would most likely tell itself from even treatment: were τ as large as a median ratio of
  /// ``RatioInterval/material`` makes it, Q at τ = 0 would lie above the 95 % quantile of its distribution under even
  /// treatment with a probability of at least ``power``,
  ///
  ///     c χ²₀.₂(f) ≥ χ²₀.₉₅(k − 1)        c = T/M, f = M²/T        wᵢ = 1/sᵢ², aᵢ = 1 + τ² wᵢ, W = Σ wᵢ
  ///     M = E Q = Σ aᵢ − Σ wᵢ aᵢ / W        T = ½ Var Q = Σ aᵢ² − 2 Σ wᵢ aᵢ² / W + (Σ wᵢ aᵢ / W)²
  ///
  /// where Q's distribution is taken as the scaled χ² with its mean and variance: exact where all errors are alike, strict
  /// where they aren't (simulated, the power at the border was 80 to 84 %, and 91 % where 2 of 20 errors are a seventh of the
  /// others'). That is the power of the interval, not of a signal, which also needs an estimate of that size: at the border
  /// fewer than half have one.
  ///
  /// Without that, estimates near one another are no sign of evenness: of two or three requests each they lie near zero,
  /// with errors that are far too large, so Q is smaller than χ² allows and its interval has no width.
  ///
  /// Source: Biggerstaff & Tweedie (1997), Incorporating variability in estimates of heterogeneity in the random effects
  /// model in meta-analysis, for Q's moments.
  var couldShow: Bool

  /// How likely an unevenness that matters has to show before even treatment is told.
  static let power = 0.8

  /// Of fewer managers no ratio is told as typical of two: of three, one favoured 6.25 times gave a median ratio of 11.9, whose 90 %
  /// interval held 6.25 in 6 of 20 runs.
  static let fewestForTypical = 5

  /// `nil` with fewer than three pairs.
  ///
  /// - Parameters: `units`: pairs' effects and their variances; `pValue`: of ``LabelPermutation``.
  init?(_ units: [Unit], pValue: Double, interval: Double) {
    guard units.count >= 3 else { return nil }
    self.pValue = pValue
    count = units.count
    let degrees = Double(units.count - 1)
    let distribution = ChiSquared(degreesOfFreedom: degrees)
    func solve(_ target: Double) -> Double { Self.deviation(units, q: target) }
    func ratio(_ deviation: Double) -> Double {
      exp(min(20, Normal.standard.quantile(0.75) * 2.0.squareRoot() * deviation))
    }
    let material = log(RatioInterval.material) / (Normal.standard.quantile(0.75) * 2.0.squareRoot())
    let uneven = Self.moments(units.map(\.variance), between: material * material)
    let scale = uneven.half / uneven.mean
    couldShow =
      scale > 0 && scale.isFinite
      && scale * ChiSquared(degreesOfFreedom: uneven.mean / scale).quantile(1 - Self.power)
        >= distribution.quantile(0.95)
    let deviation = solve(degrees)
    medianRatio = ratio(deviation)
    let farthest = deviation > 0 && units.count >= 4 ? Self.outlier(units, between: deviation * deviation) : nil
    outlier = farthest
    others = units.indices.filter { $0 != farthest }.map { units[$0] }
    func limits(_ level: Double) -> ClosedRange<Double> {
      ratio(solve(distribution.quantile(0.5 + level / 2)))...ratio(solve(distribution.quantile(0.5 - level / 2)))
    }
    let shown = limits(interval)
    (low, high) = (shown.lowerBound, shown.upperBound)
    verdict = limits(FavouritismFindings.verdictLevel)
  }

  /// The unit farthest out, if it is too far.
  private static func outlier(_ units: [Unit], between: Double) -> Int? {
    let centre = centre(units, between: between).mean
    func distance(_ i: Int) -> Double {
      (units[i].mean - centre) * (units[i].mean - centre) / (units[i].variance + between)
    }
    let farthest = units.indices.max { distance($0) < distance($1) }!
    var others = units
    let own = others.remove(at: farthest)
    let deviation = deviation(others, q: Double(others.count - 1))
    let mean = Self.centre(others, between: deviation * deviation)
    let residual = (own.mean - mean.mean) / (own.variance + deviation * deviation + mean.variance).squareRoot()
    let chance = StudentT(degreesOfFreedom: Double(units.count - 2)).twoSided(residual)
    return Double(units.count) * chance < 0.01 ? farthest : nil
  }

  /// b̄ where units differ by this variance besides their errors', and its own variance.
  private static func centre(_ units: [Unit], between: Double) -> Unit {
    var (weights, sum) = (0.0, 0.0)
    for (mean, variance) in units {
      weights += 1 / (variance + between)
      sum += mean / (variance + between)
    }
    return (sum / weights, 1 / weights)
  }

  /// The τ at which Q has this value; 0 where it is smaller even without any.
  private static func deviation(_ units: [Unit], q target: Double) -> Double {
    func q(_ between: Double) -> Double {
      let centre = centre(units, between: between).mean
      return units.reduce(0) { $0 + ($1.mean - centre) * ($1.mean - centre) / ($1.variance + between) }
    }
    if q(0) <= target { return 0 }
    // Q falls as τ² rises: bisection on the logarithm's scale would never reach zero, so on τ itself.
    var (low, high) = (0.0, 10.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if q(middle * middle) > target { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Mean and half the variance of Q at τ = 0, where units differ by this variance besides their errors'.
  private static func moments(_ variances: [Double], between: Double) -> (mean: Double, half: Double) {
    var (total, a, aa, wa, waa) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for variance in variances {
      let weight = 1 / variance
      let own = 1 + between * weight
      total += weight
      a += own
      aa += own * own
      wa += weight * own
      waa += weight * own * own
    }
    return (a - wa / total, aa - 2 * waa / total + wa * wa / (total * total))
  }
}
