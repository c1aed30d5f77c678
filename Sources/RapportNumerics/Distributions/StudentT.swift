internal import CSpecialFunctions

/// Student's t distribution.
public struct StudentT: ContinuousDistribution {
  /// ν, positive; infinity gives the standard normal.
  public let degreesOfFreedom: Double

  /// The distribution with these degrees of freedom.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom are \(degreesOfFreedom), expected above 0")
    self.degreesOfFreedom = degreesOfFreedom
  }

  public func density(_ x: Double) -> Double {
    degreesOfFreedom == .infinity ? Normal.standard.density(x) : rapport_student_density(x, degreesOfFreedom)
  }

  public func cumulative(_ x: Double) -> Double { survival(-x) }

  public func survival(_ x: Double) -> Double {
    if x.isInfinite { return x < 0 ? 1 : 0 }
    return degreesOfFreedom == .infinity
      ? Normal.standard.survival(x) : rapport_student_survival(x, degreesOfFreedom)
  }

  /// P(|X| > |x|).
  public func twoSided(_ x: Double) -> Double { 2 * survival(abs(x)) }

  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    return degreesOfFreedom == .infinity ? Normal.standard.quantile(p) : rapport_student_quantile(p, degreesOfFreedom)
  }
}
