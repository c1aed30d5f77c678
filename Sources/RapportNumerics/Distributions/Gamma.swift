internal import CSpecialFunctions

/// The gamma distribution on the positive numbers.
public struct Gamma: ContinuousDistribution {
  /// a, positive.
  public let shape: Double
  /// b, positive: events per unit, so that the mean is a / b.
  public let rate: Double

  /// The distribution with density proportional to x^(a−1) e^(−b x).
  public init(shape: Double, rate: Double) {
    precondition(shape > 0 && rate > 0 && shape.isFinite && rate.isFinite, "Gamma(\(shape), \(rate)): both positive")
    self.shape = shape
    self.rate = rate
  }

  /// a / b.
  public var mean: Double { shape / rate }
  /// a / b².
  public var variance: Double { shape / rate / rate }

  public func density(_ x: Double) -> Double {
    x < 0 || x == .infinity ? 0 : rapport_gamma_density(x, shape, 1 / rate)
  }

  public func cumulative(_ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return rapport_gamma_cumulative(x, shape, 1 / rate)
  }

  public func survival(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return rapport_gamma_survival(x, shape, 1 / rate)
  }

  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    return rapport_gamma_quantile(p, shape, 1 / rate)
  }

  /// The x with P(X > x) = p.
  public func upperQuantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return .infinity }
    if p == 1 { return 0 }
    return rapport_gamma_quantile_upper(p, shape, 1 / rate)
  }
}
