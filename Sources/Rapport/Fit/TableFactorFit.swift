import RapportScoring

/// What a factor analysis says of a table.
public struct TableFactorFit: Sendable, Encodable {
  /// What was asked.
  public let model: TableFactorModel
  /// The solution, its tests and its indices; `factors` is 0 where no factor stands out from chance.
  public let study: FactorStudy
  /// Which rows it rests on.
  public let rows: UsedRows
  /// Doubts and boundaries, in words.
  public let notes: [String]

  init(_ model: TableFactorModel, _ study: FactorStudy, rows: UsedRows, notes: [String]) {
    self.model = model
    self.study = study
    self.rows = rows
    self.notes = notes + study.notes
  }

  private enum Key: String, CodingKey {
    case variables, observations, rows, eigenvalues, kmo, kmoByVariable, bartlett, parallelAnalysis, map
    case factors, extraction, rotation, distinctOptima, heywood, loadings, communalities, uniquenesses
    case factorCorrelations, chiSquare, degreesOfFreedom, pValue, rmsea, rmseaLow, rmseaHigh, tli, cfi, srmr, bic
    case alpha, omega, explainedCommonVariance, determinacy, notes
  }

  /// Encodes what holds for any table, under the keys of the factor study.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(study.variables, forKey: .variables)
    try container.encode(study.observations, forKey: .observations)
    try container.encode(rows, forKey: .rows)
    try container.encode(study.eigenvalues, forKey: .eigenvalues)
    try container.encodeIfPresent(study.kmo, forKey: .kmo)
    try container.encode(study.kmoByVariable, forKey: .kmoByVariable)
    try container.encodeIfPresent(study.bartlett, forKey: .bartlett)
    try container.encodeIfPresent(study.parallelAnalysis, forKey: .parallelAnalysis)
    try container.encodeIfPresent(study.map, forKey: .map)
    try container.encode(study.factors, forKey: .factors)
    try container.encodeIfPresent(study.extraction, forKey: .extraction)
    try container.encodeIfPresent(study.rotation, forKey: .rotation)
    try container.encodeIfPresent(study.distinctOptima, forKey: .distinctOptima)
    try container.encode(study.heywood, forKey: .heywood)
    try container.encode(study.loadings, forKey: .loadings)
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
    try container.encodeIfPresent(study.omega, forKey: .omega)
    try container.encodeIfPresent(study.explainedCommonVariance, forKey: .explainedCommonVariance)
    try container.encode(study.determinacy, forKey: .determinacy)
    try container.encode(notes, forKey: .notes)
  }
}
