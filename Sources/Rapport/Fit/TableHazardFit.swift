import RapportNumerics

/// What a model of hazards or choices says of a table.
public struct TableHazardFit: Sendable, Encodable {
  /// The variance of a group's effects on the log hazard.
  public typealias Variance = TableMixedFit.Variance
  /// A log hazard or odds ratio, with its interval of 95 %.
  public struct Coefficient: Sendable, Equatable, Codable {
    public let name: String
    public let estimate: Double
    /// From the inverse information.
    public let standardError: Double
    /// As R's coxph has it; with clusters only. Intervals from few clusters are wider than it says.
    public let robustStandardError: Double?
    /// Of Student's distribution, one less than there are clusters; `nil` without them, and intervals are normal ones.
    public let degreesOfFreedom: Double?
    /// `nil`, as the test is, where the coefficient runs to infinity, or isn't told once others have.
    public let low: Double?
    public let high: Double?
    public let pValue: Double?

    init(_ term: CoxFit.Coefficient, _ interval: CoefficientInterval?) {
      (name, estimate, standardError) = (term.name, term.estimate, term.standardError)
      robustStandardError = term.robustStandardError
      degreesOfFreedom = interval?.degreesOfFreedom
      (low, high, pValue) = (interval?.low, interval?.high, interval?.pValue)
    }
  }
  /// How far one level's log hazard lies from the average.
  public typealias Effect = TableMixedFit.Effect

  /// What was asked.
  public let model: TableHazardModel
  /// Log hazard ratios in the order of the terms, dependent columns left out.
  public let coefficients: [Coefficient]
  /// Columns left out because they depend on earlier ones, or don't vary within any risk set.
  public let dropped: [String]
  /// Columns whose coefficients run to infinity, or aren't told once others have.
  public let diverging: [String]
  /// The partial likelihood's logarithm at the estimates; with random effects, after integrating them out.
  public let logLikelihood: Double
  /// The same at coefficients of zero without random effects.
  public let nullLogLikelihood: Double
  /// Of all coefficients together; `nil` with a prior or random effects, and with clusters, which it knows nothing of.
  public let likelihoodRatioTest: ChiSquaredTest?
  /// With clusters in its place: Wald's with robust errors, as intervals have them; `nil` too where a coefficient runs to infinity.
  public let waldTest: RatioTest?
  /// How many events happened.
  public let events: Int
  /// Rows that the model rests on.
  public let observations: Int
  /// Which rows they are.
  public let rows: UsedRows
  /// How many strata they lie in.
  public let strata: Int
  /// How many clusters robust errors rest on; `nil` without `--cluster`.
  public let clusters: Int?
  /// How events at one moment were treated.
  public let ties: CoxTies
  /// How often the larger predicted hazard has its event first, random effects included; `nil` for choices, with exact ties,
  /// or without pairs.
  public let concordance: Double?
  /// In the order of `--random`; `nil` without.
  public let variances: [Variance]?
  /// By group in the order of `--random`, then by level; `nil` without.
  public let effects: [Effect]?
  /// Of the columns, centred within each risk set and of length 1: how nearly they depend on one another.
  public let conditionNumber: Double
  /// How the coefficients, or with random effects the variances, were found.
  public let search: SearchRecord
  /// Doubts and boundaries, in words.
  public let notes: [String]

  init(_ model: TableHazardModel, _ fit: CoxFit, _ frame: ModelFrame, strata: Grouping?) {
    self.model = model
    coefficients = zip(fit.coefficients, fit.intervals()).map { term, interval in
      Coefficient(term, fit.diverging.contains(term.name) ? nil : interval)
    }
    dropped = fit.dropped
    diverging = fit.diverging
    logLikelihood = fit.logLikelihood
    nullLogLikelihood = fit.nullLogLikelihood
    likelihoodRatioTest = model.prior == nil && fit.clusters == nil ? fit.likelihoodRatioTest : nil
    waldTest = model.prior == nil && fit.diverging.isEmpty ? fit.clusterTest : nil
    events = fit.events
    observations = fit.observations
    rows = frame.usedRows
    self.strata = strata?.levelCount ?? 1
    clusters = fit.clusters
    ties = model.ties
    concordance = model.kind == .cox && model.ties != .exact ? fit.concordance().value : nil
    variances = nil
    effects = nil
    conditionNumber = fit.conditionNumber
    search = fit.search
    var notes = frame.notes + fit.notes
    if let clusters, let name = model.cluster, let note = Self.note(ofClusters: clusters, name) { notes.append(note) }
    self.notes = notes
  }

  /// Fewer are few: where clusters are unlike, intervals may need more than degrees of freedom (Cameron & Miller 2015, §VI).
  private static let manyClusters = 20

  /// What few clusters do, in words.
  private static func note(ofClusters count: Int, _ name: String) -> String? {
    guard count < manyClusters else { return nil }
    return
      "'\(name)' makes only \(count) clusters: robust errors from so few are rough and come out too small. Intervals and "
      + "p-values are wider than these errors say, and still may be too short where clusters are of unequal sizes or a term "
      + "differs between a few of them only"
  }

  init(
    _ model: TableHazardModel, _ fit: CoxFrailtyFit, groups: [[String]], _ frame: ModelFrame, strata: Grouping?
  ) {
    self.model = model
    coefficients = zip(fit.coefficients, fit.intervals()).map { Coefficient($0, $1) }
    dropped = fit.plain.dropped
    diverging = []
    logLikelihood = fit.integratedLogLikelihood
    nullLogLikelihood = fit.plain.nullLogLikelihood
    likelihoodRatioTest = nil
    waldTest = nil
    events = fit.plain.events
    observations = fit.plain.observations
    rows = frame.usedRows
    self.strata = strata?.levelCount ?? 1
    clusters = nil
    ties = model.ties
    concordance = model.kind == .cox && model.ties != .exact ? fit.concordance().value : nil
    variances = fit.components.map { Variance(group: $0.group, variance: $0.variance, levels: $0.levels) }
    effects = zip(fit.components, groups).enumerated().flatMap { index, group in
      group.1.enumerated().map { level, name in
        Effect(
          group: group.0.group, level: name, estimate: fit.effects[index][level],
          standardDeviation: fit.effectDeviations[index][level])
      }
    }
    conditionNumber = fit.plain.conditionNumber
    search = fit.search
    notes = frame.notes + fit.notes
  }

  /// A Wald test as its keys are called.
  private struct Wald: Encodable {
    let statistic: Double
    let degreesOfFreedom: Int
    let denominatorDegreesOfFreedom: Int
    let pValue: Double

    init(_ test: RatioTest) {
      (statistic, pValue) = (test.ratio, test.pValue)
      (degreesOfFreedom, denominatorDegreesOfFreedom) = (test.numerator, test.denominator)
    }
  }

  private enum Key: String, CodingKey {
    case coefficients, dropped, diverging, logLikelihood, nullLogLikelihood, likelihoodRatioTest, waldTest, events
    case observations
    case rows, strata, clusters, ties, concordance, variances, effects, search, conditionNumber, notes
  }

  /// Encodes everything but the question.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(coefficients, forKey: .coefficients)
    try container.encode(dropped, forKey: .dropped)
    try container.encode(diverging, forKey: .diverging)
    try container.encode(logLikelihood, forKey: .logLikelihood)
    try container.encode(nullLogLikelihood, forKey: .nullLogLikelihood)
    try container.encodeIfPresent(likelihoodRatioTest, forKey: .likelihoodRatioTest)
    try container.encodeIfPresent(waldTest.map(Wald.init), forKey: .waldTest)
    try container.encode(events, forKey: .events)
    try container.encode(observations, forKey: .observations)
    try container.encode(rows, forKey: .rows)
    try container.encode(strata, forKey: .strata)
    try container.encodeIfPresent(clusters, forKey: .clusters)
    try container.encode(ties, forKey: .ties)
    try container.encodeIfPresent(concordance, forKey: .concordance)
    try container.encodeIfPresent(variances, forKey: .variances)
    try container.encodeIfPresent(effects, forKey: .effects)
    try container.encode(search, forKey: .search)
    try container.encode(conditionNumber, forKey: .conditionNumber)
    try container.encode(notes, forKey: .notes)
  }
}
