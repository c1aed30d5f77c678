import RapportNumerics

/// A model of who comes next, from a table's columns: Cox's model of times to an event, or of choices from queues.
///
/// What `rapport fit cox` and `rapport fit choice` do. Both maximise the partial likelihood of rows that are at risk over
/// (start, stop]. For choices, time is the calendar's, a stratum is who chooses, and each event is a choice among those
/// that wait in the stratum at that moment.
public struct TableHazardModel: Sendable, Equatable {
  /// Which question the rows answer.
  public enum Kind: String, Sendable, Codable {
    /// How soon an event comes.
    case cox
    /// Who is chosen next.
    case choice
  }

  /// Which question the rows answer.
  public var kind: Kind
  /// The column that says when a row comes under observation; `nil`: before anything happens.
  public var start: String?
  /// The column that says when it leaves. Choices may do without: then every stratum is one set to choose from.
  public var stop: String?
  /// The column that says whether the event happens at the stop, or `column=value`.
  public var event: String
  /// What explains the hazard.
  public var fixed = FixedTerms()
  /// Columns whose combinations are compared within only; one element may hold several, separated by commas.
  public var strata: [String] = []
  /// The column, or product of columns, whose levels needn't be independent within; asks for robust errors.
  public var cluster: String?
  /// Groups with normal effects on the log hazard.
  public var random: [String] = []
  /// How events at one moment are treated.
  public var ties = CoxTies.efron
  /// The standard deviation of a normal prior on each coefficient; `nil`: none.
  public var prior: Double?
  /// Of times without offset.
  public var timeZone = TimeZoneRules.utc
  /// How many work; they don't change the result.
  public var threads = 1

  /// A model of this kind and event.
  public init(_ kind: Kind, event: String) {
    self.kind = kind
    self.event = event
  }

  /// Fits the model to the rows in which nothing is missing that it needs.
  ///
  /// - Throws: ``/RapportIngestion/IngestionError``: of kind `usage` for columns, levels or options that don't exist or contradict each
  ///   other, of kind `unusable` for values that can't be used.
  /// - Complexity: see `CoxModel` and `CoxFrailtyModel`.
  public func fit(_ table: Table) throws -> TableHazardFit {
    try checkOptions()
    var frame = try ModelFrame(table)
    let happened = try EventColumn(event, in: &frame)
    if let start { try frame.column(start, for: "--start") }
    if let stop { try frame.column(stop, for: "--stop") }
    let strataNames = try frame.take(groups: strata, for: "--strata")
    let clusterNames = try frame.take(groups: cluster.map { [$0] } ?? [], for: "--cluster")
    if let cluster, clusterNames.count != 1 {
      throw IngestionError(
        .usage,
        "--cluster: found '\(cluster)', expected one column"
          + (clusterNames.isEmpty
            ? "" : "; \(clusterNames.joined(separator: ":")) makes a cluster of every combination that occurs"))
    }
    let randomNames = try frame.take(groups: random, for: "--random")
    let own = [("the event", happened.column)] + (stop.map { [("the stop", $0)] } ?? [])
    try frame.take(fixed, taken: own.map { (option: $0.0, column: $0.1) })
    let times = try Times(start: start, stop: stop, frame: &frame, zone: timeZone)
    try frame.close()
    try times.leaveOutEmptySpans(&frame)
    let isEvent = try happened.values(&frame)
    let terms = try frame.terms()
    let groups = try frame.randomGroups(randomNames)
    let strata = frame.combinations(strataNames)
    if let strata {
      for group in groups where Grouping.crossing(strata, group.grouping).levels.count == strata.levelCount {
        throw IngestionError(
          .usage,
          "--random: '\(group.grouping.name)' is the same throughout each stratum, so that nothing is compared across its "
            + "levels; leave it out")
      }
    }
    guard isEvent.contains(true) else {
      throw IngestionError(
        .unusable,
        "\(table.name): '\(event)' says that no event happened in the \(Figure.count(frame.rows.count, "row")) that can be "
          + "used; a model of hazards needs some")
    }
    var data = SurvivalData(
      exits: times.stops(frame), events: isEvent, entries: times.starts(frame), strata: strata?.codes,
      clusters: clusterNames.first.map { frame.group($0).grouping.codes })
    if times.areNumbers {
      do throws(NumericsError) {
        if let note = Self.note(try data.mergeNearTimes()) { frame.tell(note) }
      } catch {
        throw IngestionError(.unusable, "\(table.name): \(error.description)")
      }
    }
    if kind == .choice, ties != .exact, Self.hasTies(data) {
      frame.tell(
        "several rows of a stratum are chosen at one moment; \(ties == .efron ? "Efron" : "Breslow")'s approximation is "
          + "used, --ties exact is what clogit does")
    }
    do throws(NumericsError) {
      var model = CoxModel()
      model.ties = ties
      model.priorDeviation = prior
      let design = try DesignMatrix(rows: data.count, intercept: false, terms: terms)
      if groups.isEmpty {
        return TableHazardFit(self, try model.fit(data, design: design, threads: threads), frame, strata: strata)
      }
      var frailty = CoxFrailtyModel()
      frailty.cox = model
      let fit = try frailty.fit(data, design: design, groups: groups.map(\.grouping), threads: threads)
      return TableHazardFit(self, fit, groups: groups.map(\.levels), frame, strata: strata)
    } catch {
      throw IngestionError(.unusable, "\(table.name): \(error.description)")
    }
  }

  /// What was done to times near one another.
  private static func note(_ near: SurvivalData.NearTimes) -> String? {
    if near.count == 0 { return nil }
    if near.isRounding {
      return "\(Figure.count(near.count, "time")) no further from another than rounding errors count as equal to it"
    }
    let furthest = Figure.significant(near.furthest, digits: 2)
    let nearest = Figure.significant(near.nearest, digits: 2)
    return
      "\(Figure.count(near.count, "time")) count as equal to an earlier one, up to \(furthest) before: among times that "
      + "aren't all whole numbers, neighbours \(nearest) apart or less (15 billionths of the average time, or of 1 if that is less) are taken for one "
      + "time, as R's survival takes them; count times from a later origin to keep them apart"
  }

  private func checkOptions() throws(IngestionError) {
    func refuse(_ text: String) -> IngestionError { IngestionError(.usage, text) }
    // Its square is computed with.
    if let prior, !(1e-100...1e100).contains(prior) {
      throw refuse("--prior: found \(prior), expected a standard deviation from 1e-100 to 1e100, such as 2.5")
    }
    if kind == .cox, stop == nil { throw refuse("--stop is missing: name the column of times at which rows leave") }
    if start != nil, stop == nil { throw refuse("--start needs --stop: a row is at risk from one to the other") }
    if kind == .choice, stop == nil, strata.isEmpty {
      throw refuse("--strata is missing: without --stop, each of its levels is one set to choose from")
    }
    if cluster != nil, !random.isEmpty {
      throw refuse("--cluster and --random are two answers to one question; give one of them")
    }
    if ties == .exact, cluster != nil || !random.isEmpty {
      throw refuse("--ties exact goes with neither --cluster nor --random; use efron or breslow")
    }
    if fixed.terms.isEmpty, random.isEmpty {
      throw refuse("--fixed is missing: name columns that may explain \(kind == .cox ? "the hazard" : "the choices")")
    }
  }

  /// Whether two events of one stratum have one time.
  private static func hasTies(_ data: SurvivalData) -> Bool {
    struct Moment: Hashable {
      let stratum: Int32
      let time: Double
    }
    var seen: Set<Moment> = []
    for row in 0..<data.count where data.events[row] {
      if !seen.insert(Moment(stratum: data.strata?[row] ?? 0, time: data.exits[row])).inserted { return true }
    }
    return false
  }
}
