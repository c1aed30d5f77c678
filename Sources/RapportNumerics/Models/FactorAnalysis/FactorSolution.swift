/// The estimated factors of a correlation matrix.
public struct FactorSolution: Sendable, Equatable {
  public let extraction: FactorExtraction
  /// Λ: rotated pattern loadings, p × m, the largest factor first, column sums positive.
  public let loadings: Matrix
  /// Φ: m × m; the identity after an orthogonal rotation.
  public let factorCorrelations: Matrix
  /// Before rotation: Λᵀ Ψ⁻¹ Λ diagonal for maximum likelihood, principal axes for minimum residuals.
  public let unrotatedLoadings: Matrix
  /// Ψ's diagonal.
  public let uniquenesses: [Double]
  /// Share of each variable's variance that the factors explain.
  public let communalities: [Double]
  /// The minimum of the extraction's discrepancy.
  public let discrepancy: Double
  /// How the extraction was found: the best start's stop, steps and largest derivative by a free parameter, and the
  /// evaluations of all starts.
  public let extractionSearch: SearchRecord
  /// How the rotation was found, in the same way; `nil` without rotation.
  public let rotationSearch: SearchRecord?
  /// Whether a uniqueness stands at its bound: a variable without error, which no test or score should rest on.
  public let isHeywood: Bool
  /// The rotation's criterion, of the rotated loadings; `nil` without rotation.
  public let rotationCriterion: Double?
  /// Different values of the criterion that the starts ended in; 1 means that every start agreed.
  public let distinctOptima: Int
  /// Tests and indices; `nil` when the number of observations isn't known.
  public let fit: FactorFit?

  /// m.
  public var factors: Int { loadings.columns }
  /// Λ Φ: correlations of variables with factors.
  public var structure: Matrix { loadings * factorCorrelations }
  /// Sum of squares of each factor, weighted by its correlations: diag(Φ Λᵀ Λ).
  public var sumsOfSquares: [Double] { (factorCorrelations * loadings.crossProduct).diagonal }

  /// Eigenvalues of R with communalities on its diagonal, largest first: what the factors share out.
  ///
  /// Those of one factor by minimum residuals are the "actual data" of psych's `fa.parallel`.
  public func reducedEigenvalues(_ correlation: Matrix) throws(NumericsError) -> [Double] {
    precondition(correlation.rows == communalities.count, "\(correlation.rows) and \(communalities.count) variables")
    var reduced = correlation
    for j in communalities.indices { reduced[j, j] = communalities[j] }
    return try SymmetricEigen(reduced, vectors: false).values
  }
}
