/// A general factor above correlated factors, and what share of a sum is common and general.
///
///     Φ ≈ g gᵀ + diag(1 − g²)        general loadings Λg, group loadings Λ diag(√(1 − g²))
///     ωₜ = (V − Σ ψ) / V             ω_h = (Σ Λg)² / V             ECV = Σ (Λg)² / Σ h²
///
/// V is the sum of the correlation matrix. With three factors g is exact, with two it is √φ for both, with one the
/// factor is the general one. Above uncorrelated factors, as those of `none` and `varimax`, there is no general one.
/// Variables aren't reversed: orient them before.
///
/// Source: Schmid & Leiman (1957), Psychometrika 22, 53–61; McDonald (1999), Test Theory, ch. 6; Zinbarg, Revelle, Yovel
/// & Li (2005), Psychometrika 70, 123–133.
public struct SchmidLeiman: Sendable, Equatable {
  /// ωₜ: share of the sum's variance that any common factor explains.
  public let omegaTotal: Double
  /// ω_h: share that the general factor explains; `nil` without one, as above uncorrelated factors.
  public let omegaHierarchical: Double?
  /// Share of the common variance that is general; `nil` without a general factor, or anything common.
  public let explainedCommonVariance: Double?
  /// g: loadings of the factors on the general factor; empty without one.
  public let secondOrder: [Double]
  /// Λg: loadings of the variables on the general factor; empty without one.
  public let generalLoadings: [Double]
  /// What is left to the factors, p × m; without columns where there is no general factor.
  public let groupLoadings: Matrix
  /// Whether a factor would be the general one itself, and g is what the smallest uniqueness allows.
  let isAtBound: Bool
  /// Uniquenesses of the factors below the general one, of three or more; empty otherwise.
  let factorUniquenesses: [Double]

  /// - Throws: as ``FactorAnalysis/fit(correlation:observations:gaps:names:)`` where factor correlations can't be decomposed.
  public init(correlation: Matrix, loadings: Matrix, factorCorrelations phi: Matrix) throws(NumericsError) {
    try self.init(correlation: correlation, loadings: loadings, factorCorrelations: phi, allowsBound: false)
  }

  /// - Parameters:
  ///   - allowsBound: whether a factor that would be the general one itself is kept to the bound, rather than there being
  ///     none.
  ///   - start: uniquenesses of the factors from which the only search starts; usual and random ones without.
  init(
    correlation: Matrix, loadings: Matrix, factorCorrelations phi: Matrix, allowsBound: Bool,
    from start: [Double]? = nil
  ) throws(NumericsError) {
    let p = loadings.rows
    let m = loadings.columns
    let total = correlation.elements.reduce(0, +)
    let communalities = (loadings * phi).timesTransposed(loadings).diagonal
    omegaTotal = Self.omegaTotal(correlation, loadings, phi)
    let found = try Self.secondOrder(phi, from: start)
    factorUniquenesses = found?.uniquenesses ?? []
    isAtBound = found?.isAtBound ?? false
    guard let g = found?.loadings, allowsBound || !isAtBound else {
      (omegaHierarchical, explainedCommonVariance, secondOrder, generalLoadings) = (nil, nil, [], [])
      groupLoadings = Matrix(rows: p, columns: 0)
      return
    }
    secondOrder = g
    let general = loadings * g
    generalLoadings = general
    var group = loadings
    for j in 0..<m {
      for i in 0..<p { group[i, j] *= max(0, 1 - g[j] * g[j]).squareRoot() }
    }
    groupLoadings = group
    let sum = general.reduce(0, +)
    omegaHierarchical = sum * sum / total
    // Nothing is common where no variable loads on anything.
    let common = communalities.reduce(0, +)
    explainedCommonVariance = common > 0 ? dot(general, general) / common : nil
  }

  /// ωₜ alone, which needs no general factor.
  static func omegaTotal(_ correlation: Matrix, _ loadings: Matrix, _ phi: Matrix) -> Double {
    let total = correlation.elements.reduce(0, +)
    let communalities = (loadings * phi).timesTransposed(loadings).diagonal
    return (total - communalities.reduce(0) { $0 + (1 - $1) }) / total
  }

  /// What the factors below the general one say of it.
  private struct SecondOrder {
    var loadings: [Double]
    var uniquenesses: [Double] = []
    var isAtBound = false
  }

  /// Below it a correlation of factors is rounding: what would be fitted is nothing, and g could be anything.
  private static let smallestCorrelation = 1e-8

  /// g, and whether a factor stands at its bound; `nil` where two factors correlate negatively, or none with another.
  private static func secondOrder(_ phi: Matrix, from start: [Double]?) throws(NumericsError) -> SecondOrder? {
    switch phi.rows {
    case 1:
      return SecondOrder(loadings: [1])
    case 2:
      guard phi[0, 1] > smallestCorrelation else { return nil }
      return SecondOrder(loadings: [phi[0, 1].squareRoot(), phi[0, 1].squareRoot()])
    default:
      guard (0..<phi.rows).contains(where: { j in (0..<j).contains { abs(phi[$0, j]) > smallestCorrelation } }) else {
        return nil
      }
      let solution = try FactorAnalysis(factors: 1, extraction: .minimumResiduals, rotation: .none).fit(
        correlation: phi, observations: nil, names: [], from: start?.count == phi.rows ? start : nil)
      // At the bound of a uniqueness the loading itself may lie beyond 1.
      let largest = (1 - FactorExtraction.smallestUniqueness).squareRoot()
      let loadings = solution.loadings.column(0)
      return SecondOrder(
        loadings: solution.isHeywood ? loadings.map { min($0, largest) } : loadings,
        uniquenesses: solution.uniquenesses, isAtBound: solution.isHeywood)
    }
  }
}
