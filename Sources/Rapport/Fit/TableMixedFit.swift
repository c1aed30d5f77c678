import RapportNumerics

/// What a linear mixed model says of a table.
public struct TableMixedFit: Sendable, Encodable {
  /// The variance of a group's effects, or of what is left.
  public struct Variance: Sendable, Equatable, Codable {
    /// As in `manager:partner`; `residual` is last.
    public let group: String
    public let variance: Double
    /// How many levels it rests on; `nil` for the residual.
    public let levels: Int?
  }
  /// How far one level of a group lies from the average.
  public struct Effect: Sendable, Equatable, Codable {
    public let group: String
    public let level: String
    /// The mean of its posterior, drawn towards zero.
    public let estimate: Double
    /// Of its posterior, given the coefficients and variances.
    public let standardDeviation: Double
  }

  /// What was asked.
  public let model: TableMixedModel
  /// Coefficients in the order of the terms, dependent columns left out.
  public let fixed: [LinearMixedModelFit.Coefficient]
  /// Columns left out because they depend on earlier ones.
  public let dropped: [String]
  /// In the order of `--random`, then `residual`.
  public let variances: [Variance]
  /// Maximised, restricted or not.
  public let logLikelihood: Double
  /// −2 log-likelihood where it is restricted; `nil` otherwise.
  public let remlCriterion: Double?
  /// −2 log-likelihood plus twice the number of coefficients and variances.
  public let akaike: Double
  /// Rows that the model rests on.
  public let observations: Int
  /// Which rows they are.
  public let rows: UsedRows
  /// By group in the order of `--random`, then by level.
  public let effects: [Effect]
  /// How variances were found.
  public let search: SearchRecord
  /// Of the fixed columns, centred and of length 1: how nearly they depend on one another.
  public let conditionNumber: Double
  /// Doubts and boundaries, in words.
  public let notes: [String]

  init(
    _ model: TableMixedModel, _ fit: LinearMixedModelFit, groups: [(grouping: Grouping, levels: [String])],
    _ frame: ModelFrame
  ) {
    self.model = model
    fixed = fit.coefficients
    dropped = fit.dropped
    variances =
      fit.components.map { Variance(group: $0.group, variance: $0.variance, levels: $0.levels) } + [
        Variance(group: "residual", variance: fit.residualVariance, levels: nil)
      ]
    logLikelihood = fit.logLikelihood
    remlCriterion = model.criterion == .restricted ? fit.deviance : nil
    akaike = fit.akaike
    observations = frame.rows.count
    rows = frame.usedRows
    effects = groups.enumerated().flatMap { index, group in
      zip(group.levels, zip(fit.effects[index], fit.conditionalDeviations(group: index))).map { level, found in
        Effect(group: group.grouping.name, level: level, estimate: found.0, standardDeviation: found.1)
      }
    }
    search = fit.search
    conditionNumber = fit.conditionNumber
    notes = frame.notes + fit.notes
  }

  private enum Key: String, CodingKey {
    case fixed, dropped, variances, logLikelihood, remlCriterion, akaike, observations, rows, effects, search,
      conditionNumber, weights, notes
  }

  /// Encodes everything but the question, of which only the weights' column is named.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(fixed, forKey: .fixed)
    try container.encode(dropped, forKey: .dropped)
    try container.encode(variances, forKey: .variances)
    try container.encode(logLikelihood, forKey: .logLikelihood)
    try container.encodeIfPresent(remlCriterion, forKey: .remlCriterion)
    try container.encode(akaike, forKey: .akaike)
    try container.encode(observations, forKey: .observations)
    try container.encode(rows, forKey: .rows)
    try container.encode(effects, forKey: .effects)
    try container.encode(search, forKey: .search)
    try container.encode(conditionNumber, forKey: .conditionNumber)
    try container.encodeIfPresent(model.weights, forKey: .weights)
    try container.encode(notes, forKey: .notes)
  }
}
