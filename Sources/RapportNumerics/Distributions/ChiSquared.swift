internal import CSpecialFunctions

/// The χ² distribution, central or not.
public struct ChiSquared: ContinuousDistribution {
  /// ν, positive.
  public let degreesOfFreedom: Double
  /// λ, the sum of squared means; zero for the ordinary distribution.
  public let noncentrality: Double

  /// The distribution with these degrees of freedom.
  public init(degreesOfFreedom: Double, noncentrality: Double = 0) {
    precondition(degreesOfFreedom > 0, "degrees of freedom are \(degreesOfFreedom), expected above 0")
    precondition(noncentrality >= 0, "noncentrality is \(noncentrality), expected 0 or more")
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  private var gamma: Gamma { Gamma(shape: degreesOfFreedom / 2, rate: 0.5) }

  public func density(_ x: Double) -> Double {
    if noncentrality == 0 { return gamma.density(x) }
    return x < 0 || x == .infinity ? 0 : rapport_noncentral_chi_squared_density(x, degreesOfFreedom, noncentrality)
  }

  public func cumulative(_ x: Double) -> Double {
    if noncentrality == 0 { return gamma.cumulative(x) }
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return rapport_noncentral_chi_squared_cumulative(x, degreesOfFreedom, noncentrality)
  }

  public func survival(_ x: Double) -> Double {
    if noncentrality == 0 { return gamma.survival(x) }
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return rapport_noncentral_chi_squared_survival(x, degreesOfFreedom, noncentrality)
  }

  public func quantile(_ p: Double) -> Double {
    if noncentrality == 0 { return gamma.quantile(p) }
    checkProbability(p)
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    return rapport_noncentral_chi_squared_quantile(p, degreesOfFreedom, noncentrality)
  }

  /// The λ at which P(X ≤ x) = p; zero where even the central distribution leaves less below x.
  ///
  /// It gives limits of a noncentrality, such as RMSEA's interval. By bisection to full precision.
  public static func noncentrality(observed x: Double, degreesOfFreedom: Double, cumulative p: Double) -> Double {
    checkProbability(p)
    func below(_ noncentrality: Double) -> Double {
      ChiSquared(degreesOfFreedom: degreesOfFreedom, noncentrality: noncentrality).cumulative(x)
    }
    if !(p > 0) || below(0) <= p { return 0 }
    var low = 0.0
    var high = max(x, 1)
    while below(high) > p {
      low = high
      high *= 2
    }
    while true {
      let middle = 0.5 * (low + high)
      if middle <= low || middle >= high || high - low <= 1e-14 * high { return middle }
      if below(middle) > p { low = middle } else { high = middle }
    }
  }
}
