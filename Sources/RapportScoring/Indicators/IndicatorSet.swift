import RapportIngestion
import RapportNumerics

/// Every indicator that the input can measure, at one level.
///
/// A new indicator is a case of ``Indicator``, a goalpost, a function that gathers its evidence, and a line here.
struct IndicatorSet: Sendable {
  let level: Level
  /// In the order of ``Indicator``.
  let indicators: [IndicatorPosteriors]

  init(_ history: History, _ timing: TimingModel?, _ level: Level, options: AssessmentOptions) {
    self.level = level
    let evidence = Self.evidence(history, timing, level, options: options)
    indicators = parallelMap(count: evidence.count, threads: options.threads) { IndicatorPosteriors(evidence[$0]) }
  }

  /// The evidence of each measurable indicator, before any borrowing.
  static func evidence(
    _ history: History, _ timing: TimingModel?, _ level: Level, options: AssessmentOptions
  ) -> [IndicatorEvidence] {
    let waits = Waits(history, level, options: options)
    let scale = options.surveyScaleLow...options.surveyScaleHigh
    let gather: [@Sendable () -> IndicatorEvidence?] = [
      { TimingIndicators.adjustedResponseRatio(timing, level) },
      { Responsiveness.answeredWithinTarget(history, level) },
      { Responsiveness.typicalWait(history, waits, level) },
      { Responsiveness.resolvedForGood(history, level) },
      { TimingIndicators.predictability(timing, level) },
      { TimingIndicators.evenness(timing, level) },
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
    return parallelMap(count: gather.count, threads: options.threads) { gather[$0]() }.compactMap { $0 }
  }
}
