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
  /// Largest derivative of the discrepancy by a free parameter, at the solution.
  public let largestDerivative: Double
  /// Newton steps of the best start.
  public let iterations: Int
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
}
