import RapportNumerics

/// What a linear mixed model says of a table.
public struct TableMixedFit: Sendable, Encodable {
  /// A fixed effect, with its interval of 95 %: so many standard errors on both sides as Student's distribution says.
  public struct Fixed: Sendable, Equatable, Codable {
    public let name: String
    public let estimate: Double
    public let standardError: Double
    /// Satterthwaite's; `nil` where they can't be told, and the interval is a normal one.
    public let degreesOfFreedom: Double?
    public let low: Double
    public let high: Double
  }
  /// The variance of a group's effects, or of what is left.
  public struct Variance: Sendable, Equatable, Codable {
    /// As in `manager:partner`; `residual` is last.
    public let group: String
    public let variance: Double
    /// How many levels it rests on; `nil` for the residual.
    public let levels: Int?
    /// The profile interval of 95 %; `nil` where it wasn't asked for, or can't be found.
    public let low: Double?
    public let high: Double?

    init(group: String, variance: Double, levels: Int?, low: Double? = nil, high: Double? = nil) {
      (self.group, self.variance, self.levels, self.low, self.high) = (group, variance, levels, low, high)
    }
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
  public let fixed: [Fixed]
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
    var notes = frame.notes + fit.notes
    let freedoms = (try? fit.degreesOfFreedom()) ?? nil
    if freedoms == nil {
      notes.append(
        "degrees of freedom of the fixed terms can't be told: their intervals are normal ones, and may be too short")
    }
    for component in fit.components {
      let note = ModelFrame.note(
        ofLevels: component.levels, component.group, variance: component.variance, freedoms: freedoms)
      if let note { notes.append(note) }
      if let contrasts = component.contrasts, contrasts < component.levels - 1 {
        notes.append(
          "fixed columns tell the levels of '\(component.group)' apart but for \(Figure.count(contrasts, "difference")) of "
            + "\(Figure.count(component.levels - 1)): its variance rests on \(contrasts == 1 ? "this one" : "these")"
            + (contrasts < 4 ? " and is hardly known" : ""))
      }
    }
    fixed = fit.coefficients.enumerated().map { k, term in
      let d = freedoms?[k]
      let quantile =
        d.map { StudentT(degreesOfFreedom: $0).quantile(0.975) } ?? Normal.standard.quantile(0.975)
      let reach = quantile * term.standardError
      return Fixed(
        name: term.name, estimate: term.estimate, standardError: term.standardError, degreesOfFreedom: d,
        low: term.estimate - reach, high: term.estimate + reach)
    }
    dropped = fit.dropped
    var profile: [LinearMixedModelFit.Interval]?
    if model.intervals ?? (frame.rows.count <= TableMixedModel.mostProfiled ? .profile : .omitted) == .profile {
      do throws(NumericsError) {
        profile = try fit.profileIntervals(level: 0.95)
      } catch {
        var reason = error.description
        // There is no option for more of them.
        if case .didNotConverge(let method, let iterations) = error {
          reason = "\(method) did not converge in \(Figure.count(iterations, "step"))"
        }
        notes.append("no profile intervals of the variances: \(reason)")
      }
    } else if model.intervals == nil {
      notes.append(
        "no profile intervals of the variances, for the time that they take with more than "
          + "\(Figure.count(TableMixedModel.mostProfiled, "row")); --intervals profile gives them")
    }
    // Of standard deviations: their squares are those of variances.
    let ends = profile?.map { (low: $0.low * $0.low, high: $0.high * $0.high) }
    var parts = fit.components.map { (group: $0.group, variance: $0.variance, levels: Int?.some($0.levels)) }
    parts.append((group: "residual", variance: fit.residualVariance, levels: nil))
    variances = parts.enumerated().map { index, part in
      Variance(
        group: part.group, variance: part.variance, levels: part.levels, low: ends?[index].low, high: ends?[index].high)
    }
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
    self.notes = notes
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
