import RapportNumerics
import RapportScoring

/// What a factor analysis says of a table.
public struct TableFactorFit: Sendable, Encodable {
  /// What was asked.
  public let model: TableFactorModel
  /// The solution, its tests and its indices; `factors` is 0 where no factor stands out from chance.
  public let study: FactorStudy
  /// Which rows it rests on.
  public let rows: UsedRows
  /// Variables that run against the others, turned round for `alpha`, `omega` and `items`.
  public let reversed: [String]
  /// What each variable adds to a sum of all, standardised.
  public let items: ItemAnalysis
  /// How well each number of factors does when variables keep their largest loadings only; `nil` without a solution.
  public let simpleStructure: VerySimpleStructure?
  /// Of the standardised columns: how nearly they depend on one another; infinite where one does.
  public let conditionNumber: Double
  /// Doubts and boundaries, in words.
  public let notes: [String]

  init(
    _ model: TableFactorModel, _ study: FactorStudy, rows: UsedRows, reversed: [String], items: ItemAnalysis,
    simpleStructure: VerySimpleStructure?, notes: [String]
  ) {
    self.model = model
    self.study = study
    self.rows = rows
    self.reversed = reversed
    self.items = items
    self.simpleStructure = simpleStructure
    conditionNumber = ConditionNumber.ofColumns(withEigenvalues: study.eigenvalues)
    let near = ConditionNumber.note(conditionNumber, of: "the columns")
    self.notes = notes + study.notes + (near.map { [$0] } ?? [])
  }

  private enum Key: String, CodingKey {
    case variables, observations, effectiveObservations, rows, eigenvalues, kmo, kmoByVariable, bartlett,
      parallelAnalysis, map
    case verySimpleStructure
    case factors, extraction, rotation, distinctOptima, heywood, loadings, loadingsLow, loadingsHigh
    case communalities, uniquenesses
    case factorCorrelations, chiSquare, degreesOfFreedom, pValue, rmsea, rmseaLow, rmseaHigh, tli, cfi, srmr, bic
    case alpha, alphaStandardError, alphaLow, alphaHigh, guttmanLambda6, averageCorrelation, reversed, items, omega,
      explainedCommonVariance, determinacy, conditionNumber, notes
  }

  /// A variable in the sum of all.
  private struct Item: Encodable {
    let variable: String
    let itemRestCorrelation: Double?
    let alphaIfDropped: Double?
  }

  /// Fits by number of factors, of variables that keep one and two loadings.
  private struct Simple: Encodable {
    let factors: Int?
    let complexity1: [Double?]
    let complexity2: [Double?]

    init(_ structure: VerySimpleStructure) {
      factors = structure.factors(complexity: 1)
      complexity1 = structure.fits[0]
      complexity2 = structure.fits.count > 1 ? structure.fits[1] : []
    }
  }

  /// Encodes what holds for any table, under the keys of the factor study.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(study.variables, forKey: .variables)
    try container.encode(study.observations, forKey: .observations)
    try container.encodeIfPresent(study.effectiveObservations, forKey: .effectiveObservations)
    try container.encode(rows, forKey: .rows)
    try container.encode(study.eigenvalues, forKey: .eigenvalues)
    try container.encodeIfPresent(study.kmo, forKey: .kmo)
    try container.encode(study.kmoByVariable, forKey: .kmoByVariable)
    try container.encodeIfPresent(study.bartlett, forKey: .bartlett)
    try container.encodeIfPresent(study.parallelAnalysis, forKey: .parallelAnalysis)
    try container.encodeIfPresent(study.map, forKey: .map)
    try container.encodeIfPresent(simpleStructure.map(Simple.init), forKey: .verySimpleStructure)
    try container.encode(study.factors, forKey: .factors)
    try container.encodeIfPresent(study.extraction, forKey: .extraction)
    try container.encodeIfPresent(study.rotation, forKey: .rotation)
    try container.encodeIfPresent(study.distinctOptima, forKey: .distinctOptima)
    try container.encode(study.heywood, forKey: .heywood)
    try container.encode(study.loadings, forKey: .loadings)
    if !study.loadingsLow.isEmpty {
      try container.encode(study.loadingsLow, forKey: .loadingsLow)
      try container.encode(study.loadingsHigh, forKey: .loadingsHigh)
    }
    try container.encode(study.communalities, forKey: .communalities)
    try container.encode(study.uniquenesses, forKey: .uniquenesses)
    try container.encode(study.factorCorrelations, forKey: .factorCorrelations)
    try container.encodeIfPresent(study.chiSquare, forKey: .chiSquare)
    try container.encodeIfPresent(study.degreesOfFreedom, forKey: .degreesOfFreedom)
    try container.encodeIfPresent(study.pValue, forKey: .pValue)
    try container.encodeIfPresent(study.rmsea, forKey: .rmsea)
    try container.encodeIfPresent(study.rmseaLow, forKey: .rmseaLow)
    try container.encodeIfPresent(study.rmseaHigh, forKey: .rmseaHigh)
    try container.encodeIfPresent(study.tli, forKey: .tli)
    try container.encodeIfPresent(study.cfi, forKey: .cfi)
    try container.encodeIfPresent(study.srmr, forKey: .srmr)
    try container.encodeIfPresent(study.bic, forKey: .bic)
    try container.encodeIfPresent(study.alpha, forKey: .alpha)
    try container.encodeIfPresent(items.standardizedAlphaStandardError, forKey: .alphaStandardError)
    try container.encodeIfPresent(study.alphaLow, forKey: .alphaLow)
    try container.encodeIfPresent(study.alphaHigh, forKey: .alphaHigh)
    try container.encodeIfPresent(items.guttmanLambda6, forKey: .guttmanLambda6)
    try container.encode(items.averageCorrelation, forKey: .averageCorrelation)
    try container.encode(reversed, forKey: .reversed)
    let own = study.variables.indices.map {
      Item(
        variable: study.variables[$0], itemRestCorrelation: items.itemRestCorrelations[$0],
        alphaIfDropped: items.alphaIfDropped[$0])
    }
    try container.encode(own, forKey: .items)
    try container.encodeIfPresent(study.omega, forKey: .omega)
    try container.encodeIfPresent(study.explainedCommonVariance, forKey: .explainedCommonVariance)
    try container.encode(study.determinacy, forKey: .determinacy)
    // JSON has no infinity.
    if conditionNumber.isFinite { try container.encode(conditionNumber, forKey: .conditionNumber) }
    try container.encode(notes, forKey: .notes)
  }
}
