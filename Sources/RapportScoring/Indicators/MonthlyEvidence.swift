import RapportIngestion
import RapportNumerics

/// What the input says about one indicator, gathered by unit and month in one walk of its events, so that what some of the
/// months say needs no other.
struct MonthlyEvidence: Sendable {
  /// Of all months.
  let whole: IndicatorEvidence
  private let part: @Sendable (MonthSelection) -> IndicatorEvidence?

  /// `nil` where all months together say nothing.
  ///
  /// - Parameters:
  ///   - details: raw counts that a reader is told of all months besides, and of parts not.
  ///   - part: what began in some of the months says, its outcomes as they are known now; `nil` where nothing did.
  init?(
    _ months: ClosedRange<Month>, details: [(name: String, values: [Double?])] = [],
    _ part: @escaping @Sendable (MonthSelection) -> IndicatorEvidence?
  ) {
    guard var whole = part(MonthSelection(months)) else { return nil }
    whole.details += details
    self.whole = whole
    self.part = part
  }

  /// What isn't known of parts, since the timing model is fitted to all months together.
  init?(ofWhole evidence: IndicatorEvidence?) {
    guard let evidence else { return nil }
    whole = evidence
    part = { _ in nil }
  }

  /// Of what began in these months; `nil` where nothing did.
  func evidence(_ months: MonthSelection) -> IndicatorEvidence? { part(months) }
}

/// What the input says about every indicator of a level's units, by month.
struct MonthlyIndicators: Sendable {
  let level: Level
  /// What was read of too few managers to say something of all, at their own level; it isn't measured.
  let uncovered: [(indicator: Indicator, coverage: Coverage)]
  private let evidence: [MonthlyEvidence]

  init(_ history: History, _ timing: TimingModel?, _ level: Level, options: AssessmentOptions) {
    self.level = level
    let gatherers = IndicatorSet.gatherers(history, timing, level, options: options)
    let gathered = parallelMap(count: gatherers.count, threads: options.threads) { gatherers[$0]() }.compactMap { $0 }
    guard level.kind == .manager else {
      (evidence, uncovered) = (gathered, [])
      return
    }
    let coverages = gathered.map { Coverage($0.whole) }
    evidence = zip(gathered, coverages).filter(\.1.isEnough).map(\.0)
    uncovered = zip(gathered, coverages).filter { !$1.isEnough }.map { ($0.whole.indicator, $1) }
  }

  /// Indicators of all months.
  func whole(threads: Int) -> IndicatorSet { IndicatorSet(level, evidence.map(\.whole), threads: threads) }

  /// Indicators of what began in these months, without the timing model.
  func part(_ months: MonthSelection, threads: Int) -> IndicatorSet {
    IndicatorSet(level, evidence.compactMap { $0.evidence(months) }, threads: threads)
  }
}
