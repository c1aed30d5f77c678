import Glibc

/// How many events come, when each comes by itself.
public struct Poisson: DiscreteDistribution {
  /// λ, 0 or more.
  public let mean: Double

  /// The distribution with this mean.
  public init(mean: Double) {
    precondition(mean >= 0 && mean.isFinite, "mean is \(mean), expected 0 or more")
    self.mean = mean
  }

  public var upperBound: Int? { mean == 0 ? 0 : nil }

  public func logProbability(_ k: Int) -> Double {
    if k < 0 { return -.infinity }
    if mean == 0 { return k == 0 ? 0 : -.infinity }
    return Double(k) * log(mean) - mean - logGamma(Double(k) + 1)
  }

  public func cumulative(_ k: Int) -> Double {
    if k < 0 { return 0 }
    return mean == 0 ? 1 : Gamma(shape: Double(k + 1), rate: 1).survival(mean)
  }

  public func survival(_ k: Int) -> Double {
    if k < 0 { return 1 }
    return mean == 0 ? 0 : Gamma(shape: Double(k + 1), rate: 1).cumulative(mean)
  }

  public func quantileGuess(_ p: Double) -> Int {
    p > 0 ? Int(max(0, mean + mean.squareRoot() * Normal.standard.quantile(p))) : 0
  }
}
