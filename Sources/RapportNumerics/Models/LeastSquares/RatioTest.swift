/// An F test: whether a mean square exceeds that of residuals by more than chance.
public struct RatioTest: Sendable, Equatable {
  /// The mean square explained over that of the residuals; infinite for an exact fit.
  public let ratio: Double
  /// Degrees of freedom of what is explained.
  public let numerator: Int
  /// Degrees of freedom of the residuals.
  public let denominator: Int

  /// Compares sums of squares; `nil` without degrees of freedom, and for 0 / 0.
  init?(
    explained: Double, degreesOfFreedom numerator: Int, residual: Double, degreesOfFreedom denominator: Int
  ) {
    guard numerator > 0, denominator > 0, explained > 0 || residual > 0 else { return nil }
    ratio = explained / Double(numerator) / (residual / Double(denominator))
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The tail area beyond the ratio.
  public var pValue: Double {
    FisherF(numerator: Double(numerator), denominator: Double(denominator)).survival(ratio)
  }
}
