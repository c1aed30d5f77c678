import Glibc

/// A Poisson count whose mean varies as a gamma distribution.
///
///     P(k) = Γ(k + θ) / (Γ(θ) k!) · (θ/(θ + μ))^θ (μ/(θ + μ))^k
public struct NegativeBinomial: DiscreteDistribution {
  /// μ, positive.
  public let mean: Double
  /// θ, positive: the variance is μ + μ²/θ.
  public let size: Double

  /// The distribution with this mean and size.
  public init(mean: Double, size: Double) {
    precondition(mean > 0 && size > 0 && mean.isFinite && size.isFinite, "mean \(mean), size \(size): both positive")
    self.mean = mean
    self.size = size
  }

  public var upperBound: Int? { nil }

  public func logProbability(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    let count = Double(k)
    // Γ(k + θ) / (Γ(θ) k!) = 1 / ((k + θ) B(θ, k + 1)).
    let ways = -logBeta(size, count + 1) - log(count + size)
    return ways - size * log1p(mean / size) + (k == 0 ? 0 : count * (log(mean) - log(size + mean)))
  }

  public func cumulative(_ k: Int) -> Double {
    k < 0 ? 0 : Beta(size, Double(k + 1)).cumulative(size / (size + mean))
  }

  public func survival(_ k: Int) -> Double {
    k < 0 ? 1 : Beta(size, Double(k + 1)).survival(size / (size + mean))
  }

  public func quantileGuess(_ p: Double) -> Int {
    p > 0 ? Int(max(0, mean + (mean + mean * mean / size).squareRoot() * Normal.standard.quantile(p))) : 0
  }
}
