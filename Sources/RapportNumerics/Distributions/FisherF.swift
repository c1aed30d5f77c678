internal import CSpecialFunctions

/// Fisher's F distribution: a ratio of two independent mean squares.
public struct FisherF: ContinuousDistribution {
  /// Degrees of freedom of the numerator, positive and finite.
  public let numerator: Double
  /// Degrees of freedom of the denominator, positive and finite.
  public let denominator: Double

  /// The distribution with these degrees of freedom.
  public init(numerator: Double, denominator: Double) {
    precondition(numerator > 0 && numerator.isFinite, "numerator has \(numerator) degrees of freedom")
    precondition(denominator > 0 && denominator.isFinite, "denominator has \(denominator) degrees of freedom")
    self.numerator = numerator
    self.denominator = denominator
  }

  public func density(_ x: Double) -> Double {
    if x < 0 || x == .infinity { return 0 }
    return rapport_fisher_density(x, numerator, denominator)
  }

  public func cumulative(_ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return rapport_fisher_cumulative(x, numerator, denominator)
  }

  public func survival(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return rapport_fisher_survival(x, numerator, denominator)
  }

  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    return rapport_fisher_quantile(p, numerator, denominator)
  }

  /// The x with P(X > x) = p.
  public func upperQuantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return .infinity }
    if p == 1 { return 0 }
    return rapport_fisher_quantile_upper(p, numerator, denominator)
  }
}
