import Glibc

/// Bartlett's test that variables are uncorrelated.
///
///     χ² = −(n − 1 − (2p + 5)/6) log|R|        df = p (p − 1) / 2
///
/// Source: Bartlett (1951), Biometrika 38, 337–344.
public struct SphericityTest: Sendable, Equatable {
  /// |R|: 1 where nothing correlates, 0 where variables are dependent.
  public let determinant: Double
  public let chiSquare: Double
  public let degreesOfFreedom: Double
  public let pValue: Double

  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent.
  public init(correlation: Matrix, observations: Int) throws(NumericsError) {
    let p = Double(correlation.rows)
    degreesOfFreedom = p * (p - 1) / 2
    let logDeterminant = try Cholesky(correlation).logDeterminant
    determinant = exp(logDeterminant)
    chiSquare = -(Double(observations) - 1 - (2 * p + 5) / 6) * logDeterminant
    pValue = ChiSquared(degreesOfFreedom: degreesOfFreedom).survival(chiSquare)
  }
}
