import Glibc

/// How well a factor model reproduces correlations, by its residuals alone: no likelihood is needed.
///
///     s = Σ_{i≠j} (R − Σ)²                     over both triangles
///     RMSR = √(s / (p (p − 1)))                 SRMR = √(s / (p (p + 1)))
///     CRMS = √(s / (2 df))                      corrected for the parameters that were free
///     χ²ₑ = n s,  EBIC = χ²ₑ − df log n         "empirical", as psych has them
///     off-diagonal fit = 1 − s / Σ_{i≠j} R²
///
/// Source: psych's `fa.stats` (Revelle 2022), whose conventions these are; SRMR: Bentler (1995), whose sum includes the
/// diagonal.
public struct ResidualFit: Sendable, Equatable {
  /// s.
  public let sumOfSquares: Double
  /// RMSR: psych's `rms`.
  public let rootMeanSquare: Double
  /// SRMR.
  public let standardizedRootMeanSquare: Double
  /// CRMS; `nil` where no degree of freedom is left.
  public let correctedRootMeanSquare: Double?
  /// χ²ₑ.
  public let empiricalChiSquare: Double
  /// EBIC; `nil` where no degree of freedom is left.
  public let empiricalBIC: Double?
  /// Share of the squared correlations that the model reproduces; `nil` where all correlations are 0.
  public let offDiagonalFit: Double?

  init(correlation: Matrix, model: Matrix, degreesOfFreedom df: Int, observations n: Double) {
    let p = correlation.rows
    var (squares, total) = (0.0, 0.0)
    for j in 0..<p {
      for i in 0..<p where i != j {
        let residual = correlation[i, j] - model[i, j]
        squares += residual * residual
        total += correlation[i, j] * correlation[i, j]
      }
    }
    sumOfSquares = squares
    rootMeanSquare = (squares / Double(p * (p - 1))).squareRoot()
    standardizedRootMeanSquare = (squares / Double(p * (p + 1))).squareRoot()
    correctedRootMeanSquare = df > 0 ? (squares / Double(2 * df)).squareRoot() : nil
    empiricalChiSquare = n * squares
    empiricalBIC = df > 0 ? n * squares - Double(df) * log(n) : nil
    offDiagonalFit = total > 0 ? 1 - squares / total : nil
  }
}
