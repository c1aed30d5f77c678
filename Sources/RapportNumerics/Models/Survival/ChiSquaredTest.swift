/// A statistic that follows χ² where nothing is to be found.
public struct ChiSquaredTest: Sendable, Equatable, Codable {
  /// The statistic.
  public let statistic: Double
  /// Its degrees of freedom.
  public let degreesOfFreedom: Int
  /// The tail area; 1 without degrees of freedom.
  public let pValue: Double

  /// A test of this statistic.
  public init(statistic: Double, degreesOfFreedom: Int) {
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    pValue =
      degreesOfFreedom > 0 ? ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival(max(0, statistic)) : 1
  }

  /// x' V⁻¹ x; `nil` where V isn't positive definite. Only V's lower triangle is read.
  init?(of x: [Double], covariance: Matrix) {
    guard let factor = try? Cholesky(covariance) else { return nil }
    let half = factor.solveLower(x)
    self.init(statistic: dot(half, half), degreesOfFreedom: x.count)
  }
}
