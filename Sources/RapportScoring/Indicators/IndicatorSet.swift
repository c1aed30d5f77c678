import RapportIngestion
import RapportNumerics

/// Every indicator that the input can measure, at one level.
///
/// A new indicator is a case of ``Indicator``, a goalpost, a function that gathers its evidence, and a line here.
struct IndicatorSet: Sendable {
  let level: Level
  /// In the order of ``Indicator``.
  let indicators: [IndicatorPosteriors]

  private init(_ level: Level, _ indicators: [IndicatorPosteriors]) {
    (self.level, self.indicators) = (level, indicators)
  }

  /// What is measured once some indicators aren't.
  func without(_ indicators: Set<Indicator>) -> IndicatorSet {
    IndicatorSet(level, self.indicators.filter { !indicators.contains($0.indicator) })
  }

  init(_ level: Level, _ evidence: [IndicatorEvidence], threads: Int) {
    self.level = level
    let telling = evidence.filter(\.tellsAny)
    indicators = parallelMap(count: telling.count, threads: threads) { IndicatorPosteriors(telling[$0]) }
  }

  /// Of all months; what was gathered by month is let go, indicator by indicator.
  init(_ history: History, _ timing: TimingModel?, _ level: Level, options: AssessmentOptions) {
    let gatherers = Self.gatherers(history, timing, level, options: options)
    let evidence = parallelMap(count: gatherers.count, threads: options.threads) { gatherers[$0]()?.whole }
    self.init(level, evidence.compactMap { $0 }, threads: options.threads)
  }

  /// What gathers the evidence of each indicator, before any borrowing; they give `nil` where it can't be measured.
  static func gatherers(
    _ history: History, _ timing: TimingModel?, _ level: Level, options: AssessmentOptions
  ) -> [@Sendable () -> MonthlyEvidence?] {
    let waits = SortedWaits(history, level, options: options)
    let scale = options.surveyScale
    return [
      { MonthlyEvidence(ofWhole: TimingIndicators.adjustedResponseRatio(timing, level)) },
      { Responsiveness.answeredWithinTarget(history, level) },
      { Responsiveness.typicalWait(waits) },
      { Responsiveness.resolvedForGood(history, level) },
      { MonthlyEvidence(ofWhole: TimingIndicators.predictability(timing, level)) },
      { MonthlyEvidence(ofWhole: TimingIndicators.evenness(timing, level)) },
      { CheckInRegularity.evidence(history, level) },
      { FollowThrough.keptOnTime(history, level, family: .commitment, indicator: .promisesKeptOnTime) },
      { FollowThrough.slippage(history, level) },
      { Communication.initiativeBalance(history, level) },
      { Communication.oneToOneTime(history, level) },
      { Communication.loopClosure(history, level) },
      { ConflictHandling.settlementTime(history, level) },
      { ConflictHandling.escalationRate(history, level) },
      { Alignment.jointDecisions(history, level) },
      { FollowThrough.keptOnTime(history, level, family: .goal, indicator: .goalsMetOnTime) },
      { Alignment.alternativesOffered(history, level) },
      { CreditGiven.evidence(history, level) },
      { DevelopmentActions.evidence(history, level) },
      { Voice.surveyScore(history, level, scale: scale) },
    ]
  }
}
