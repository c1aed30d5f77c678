import Glibc

/// Weights that turn standardised variables into factor scores, and how well they determine the factors.
///
///     regression (Thurstone)  W = R⁻¹ Λ Φ
///     Bartlett                W = Ψ⁻¹ Λ (Λᵀ Ψ⁻¹ Λ)⁻¹
///     ten Berge               W = R^−½ C Φ^½,  C = R^−½ G (Gᵀ R⁻¹ G)^−½,  G = Λ Φ^½
///     Anderson–Rubin          W = Ψ⁻¹ Λ (Λᵀ Ψ⁻¹ R Ψ⁻¹ Λ)^−½
///
/// Regression scores have the smallest error; Bartlett's are unbiased; ten Berge's have the factors' own correlations;
/// Anderson and Rubin's are uncorrelated with variance 1, for factors that are.
///
/// Source: Thurstone (1935); Bartlett (1937); ten Berge, Krijnen, Wansbeek & Shapiro (1999), Linear Algebra and its
/// Applications 289, 311–318; Anderson & Rubin (1956), Third Berkeley Symposium 5, 111–150; Grice (2001), Psychological
/// Methods 6, 430–450.
public struct FactorScores: Sendable, Equatable {
  /// Which weights.
  public enum Method: String, Codable, Sendable, CaseIterable {
    case regression, bartlett, tenBerge, andersonRubin
  }

  public let method: Method
  /// W: p × m.
  public let weights: Matrix
  /// ρ: each factor's correlation with its regression scores, √diag((ΛΦ)ᵀ R⁻¹ ΛΦ).
  public let determinacy: [Double]
  /// 2ρ² − 1: the smallest correlation between two equally good sets of scores (Guttman 1955).
  public var guttman: [Double] { determinacy.map { 2 * $0 * $0 - 1 } }

  /// Weights for a solution of this correlation matrix.
  ///
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent,
  ///   ``NumericsError/singular(order:)`` where factors are, ``NumericsError/invalidInput(_:)`` for Anderson–Rubin scores
  ///   of factors that correlate.
  public init(
    _ method: Method, correlation: Matrix, loadings: Matrix, factorCorrelations phi: Matrix
  ) throws(NumericsError) {
    self.method = method
    let factor = try Cholesky(correlation)
    let structure = loadings * phi
    let regression = factor.solve(structure)
    determinacy = structure.transposedTimes(regression).diagonal.map { min(1, max(0, $0)).squareRoot() }
    switch method {
    case .regression:
      weights = regression
    case .bartlett:
      let scaled = Self.overUniquenesses(loadings, structure)
      weights = scaled * (try LU(scaled.transposedTimes(loadings)).inverse)
    case .tenBerge:
      let g = loadings * (try phi.symmetricPower(0.5))
      let root = try correlation.symmetricPower(-0.5)
      let c = root * g * (try g.transposedTimes(factor.solve(g)).symmetricPower(-0.5))
      weights = root * c * (try phi.symmetricPower(0.5))
    case .andersonRubin:
      let identity = Matrix.identity(phi.rows)
      guard zip(phi.elements, identity.elements).allSatisfy({ abs($0 - $1) <= 1e-8 }) else {
        throw .invalidInput(
          "Anderson–Rubin scores are uncorrelated, these factors are not; rotate orthogonally, or use ten Berge's scores"
        )
      }
      let scaled = Self.overUniquenesses(loadings, structure)
      weights = scaled * (try scaled.transposedTimes(correlation * scaled).symmetricPower(-0.5))
    }
  }

  /// Ψ⁻¹ Λ, with what the factors leave of each variable for Ψ.
  private static func overUniquenesses(_ loadings: Matrix, _ structure: Matrix) -> Matrix {
    loadings.scalingRows(by: structure.timesTransposed(loadings).diagonal.map { 1 / (1 - $0) })
  }

  /// Scores of rows, standardised by these means and standard deviations; rows × m.
  public func scores(_ rows: Matrix, means: [Double], deviations: [Double]) -> Matrix {
    var standardised = rows
    for j in 0..<rows.columns {
      for i in 0..<rows.rows { standardised[i, j] = (rows[i, j] - means[j]) / deviations[j] }
    }
    return standardised * weights
  }
}

extension Matrix {
  /// A^q of a symmetric positive definite matrix, through its eigenvalues.
  ///
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where an eigenvalue isn't positive.
  func symmetricPower(_ exponent: Double) throws(NumericsError) -> Matrix {
    let eigen = try SymmetricEigen(self)
    guard eigen.values.allSatisfy({ $0 > 0 }) else { throw .notPositiveDefinite(order: rows) }
    var scaled = eigen.vectors
    for j in 0..<columns {
      let size = pow(eigen.values[j], exponent)
      for i in 0..<rows { scaled[i, j] *= size }
    }
    return scaled.timesTransposed(eigen.vectors)
  }
}
