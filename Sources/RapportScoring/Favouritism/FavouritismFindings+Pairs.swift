import Glibc
import RapportIngestion
import RapportNumerics

extension FavouritismFindings {
  /// Largest local false sign rate of a signal of its own, besides its s-value.
  public static let largestOwnRate = 0.2

  /// Every pair that can be compared with another of the same partner, by manager and partner.
  static func pairFindings(
    in history: History, _ choices: QueueChoices, _ timing: TimingModel?, _ hazards: PairHazards,
    _ options: AssessmentOptions
  ) -> [PairFinding] {
    let units = choices.pairs.map { pair in
      TreatmentFamily.Unit(
        mean: -pair.effect.estimate, variance: pair.effect.standardError * pair.effect.standardError,
        requests: pair.requests)
    }
    let posteriors = choices.pairs.map { pair in
      TreatmentPosterior(
        mean: -pair.effect.mean, low: -pair.effect.high, high: -pair.effect.low,
        localFalseSignRate: pair.effect.localFalseSignRate)
    }
    let family = TreatmentFamily(
      units, posteriors, nullShare: choices.nullShare, largestOwnRate: largestOwnRate, interval: options.interval)
    let z = Normal.standard.quantile(0.5 + options.interval / 2)
    let unplaced = UnplacedPairs(choices, interval: options.interval)
    let ownLevels = OwnLevels(history)
    var result: [PairFinding] = []
    for (index, (pair, judged)) in zip(choices.pairs, family.judged).enumerated() {
      let own = timing?.pair(manager: pair.manager, partner: pair.partner)
      let hazard = hazards.ratio(manager: pair.manager, partner: pair.partner)
      let levels = ownLevels.pair(manager: pair.manager, partner: pair.partner)
      result.append(
        fromChoices(
          pair, at: index, judged, own, hazard,
          isByDay: timing?.byDay.holds(manager: pair.manager, partner: pair.partner) ?? false, choices, unplaced,
          ownLevels: levels, history, z: z, options))
    }
    let known = Set(choices.pairs.map { $0.manager * history.partners.count + $0.partner })
    if let timing {
      let rest = timing.pairs.filter {
        $0.estimate != nil && !known.contains($0.manager * history.partners.count + $0.partner)
      }
      result += fromTiming(rest, timing, hazards, choices, history, z: z, options)
    }
    return result.sorted { ($0.manager, $0.partner) < ($1.manager, $1.partner) }
  }

  /// A pair whose queue choices can be told.
  ///
  /// - Parameters: `index`: its position among all; `own`, `hazard`: what the timing and the Cox model have of it; `isByDay`: whether
  ///   most of its times are dates; `unplaced`: where too few pairs show what is usual; `ownLevels`: what can't be told from the manager
  private static func fromChoices(
    _ pair: QueueChoices.Pair, at index: Int, _ whole: TreatmentFamily.Judged, _ own: TimingModel.PairEffect?,
    _ hazard: RatioInterval?, isByDay: Bool, _ choices: QueueChoices, _ unplaced: UnplacedPairs?,
    ownLevels: OwnLevels.Pair?, _ history: History, z: Double, _ options: AssessmentOptions
  ) -> PairFinding {
    var judged = whole
    // Ratios of times that are dates say more about the calendar than about anybody.
    let timing = isByDay ? nil : own
    let cox = isByDay ? nil : hazard
    if let unplaced {
      // Against a usual treatment that nobody knows there is no verdict, no sign is false or true, and the ratio may be that to any of
      // the others.
      judged.verdict = .insufficientEvidence
      judged.sValue = nil
      judged.estimate = unplaced.widened(judged.estimate, pair: index)
    }
    let names = (history.managers[pair.manager], history.partners[pair.partner])
    let partner = Wording.named("Partner", names.1)
    let told = "\(partner) answers \(Wording.named("Manager", names.0))"
    func risk(_ ratio: Double) -> Double { EValue.riskRatio(commonHazardRatio: ratio) }
    let shown = judged.shown
    let isPlaced = unplaced == nil
    let unmeasured = isPlaced ? EValue(ratio: risk(shown.ratio), low: risk(shown.low), high: risk(shown.high)) : nil
    let beside = timing.map { interval($0.effect.mean, $0.effect.variance, z: z) }
    let isSignal = judged.verdict == .signal
    let further =
      judged.verdict == .insufficientEvidence && isPlaced && ownLevels == nil
      ? furtherChoices(pair.choices, standardError: pair.plainError) : nil
    let withoutOne = pair.estimateWithoutOne.map { exp($0.clamped(to: -20...20)) }
    var statement = Wording.sentence(
      told, judged, than: "comparable open requests of \(partner)'s other managers",
      basis: "\(Wording.picks(pair.record)); "
        + Wording.passedOver(
          pair, isFavoured: pair.restsOnOne ? pair.effect.estimate >= 0 : shown.ratio >= 1,
          comparableBy: choices.columns.comparableBy),
      interval: options.interval)
    if judged.verdict == .insufficientEvidence {
      if pair.requests < TreatmentFamily.fewestRequests {
        statement += " \(Wording.lacking(requests: pair.requests))"
      } else if let unplaced {
        statement += " \(Wording.unplaced(unplaced.count))"
      } else if pair.restsOnOne, let ratio = withoutOne {
        statement += " \(Wording.restsOnOne(judged.estimate.ratio, without: ratio))"
      } else if let further {
        statement += " \(Wording.further(further))"
      }
      if let ownLevels, pair.requests >= TreatmentFamily.fewestRequests {
        statement += " \(Wording.ownLevels(ownLevels, manager: names.0, partner: names.1))"
      }
    }
    if let unplaced {
      let differences = unplaced.clear(pair: index).map { difference in
        Wording.difference(
          history.managers[choices.pairs[difference.more].manager],
          history.managers[choices.pairs[difference.less].manager], difference.ratio, interval: options.interval)
      }
      statement += Wording.differences(differences)
    }
    if isSignal {
      statement += Wording.unsure(judged.posterior.localFalseSignRate, endsAtOne: shown.low == 1 || shown.high == 1)
      let waits = Wording.waits(beside: shown, timing: beside, cox: cox, interval: options.interval)
      statement += waits.map { " \($0)" } ?? ""
      if let atReply = pair.estimateAtReply, (atReply > 0) != (pair.effect.estimate > 0) {
        statement += " With replies taken as picked when they were sent it looks the other way."
      }
    }
    return PairFinding(
      manager: names.0, partner: names.1, ratio: shown.ratio, low: shown.low, high: shown.high,
      localFalseSignRate: isPlaced ? judged.posterior.localFalseSignRate : nil,
      sValue: judged.sValue, choices: pair.choices, record: pair.record, overtakes: pair.overtakes,
      overtaken: pair.overtaken,
      verdict: judged.verdict, method: "choice", estimate: judged.estimate, timing: beside,
      timingDifference: timing?.difference.map { interval($0.mean, $0.variance, z: z) }, cox: cox,
      requests: pair.requests,
      answered: own?.effect.answered ?? pair.choices, eValue: unmeasured?.point, eValueOfLimit: unmeasured?.limit,
      minimumDetectableRatio: isPlaced ? exp(min(20, detectable * pair.plainError)) : nil, furtherChoices: further,
      // Tens of thousands of pairs would repeat it; the model's summary has it for all of them.
      adjustedFor: isSignal ? choices.columns.adjustedFor : [],
      notAdjustedFor: isSignal ? choices.columns.notAdjustedFor : [],
      ratioWithoutOneRequest: isPlaced ? withoutOne : nil,
      ratioAtReply: isPlaced ? pair.estimateAtReply.map { exp(min(20, max(-20, $0))) } : nil, statement: statement)
  }

  /// A normal effect on log waits as a ratio.
  private static func interval(_ mean: Double, _ variance: Double, z: Double) -> RatioInterval {
    let spread = z * variance.squareRoot()
    return .fromLog(mean, mean - spread, mean + spread)
  }

  /// How many more choices would show a ratio of 1.25 with 80 % power, if they say as much as those that there are.
  ///
  ///     n ((1.96 + 0.84) s / log 1.25)² − n
  ///
  /// - Returns: `nil` without any choice; 0 where there are enough.
  static func furtherChoices(_ choices: Int, standardError: Double) -> Int? {
    guard choices > 0 else { return nil }
    let ratio = detectable * standardError / Glibc.log(RatioInterval.material)
    return max(0, Int(min(1e12, (Double(choices) * (ratio * ratio - 1)).rounded(.up))))
  }

  /// Pairs of which queue choices say nothing: the timing model's figures, unless most times are dates, and no verdict.
  private static func fromTiming(
    _ pairs: [TimingModel.PairEffect], _ timing: TimingModel, _ hazards: PairHazards,
    _ choices: QueueChoices, _ history: History, z: Double,
    _ options: AssessmentOptions
  ) -> [PairFinding] {
    let partners = Dictionary(uniqueKeysWithValues: choices.partners.map { ($0.partner, $0) })
    let sigma = timing.residualVariance.squareRoot()
    return pairs.map { pair in
      let names = (history.managers[pair.manager], history.partners[pair.partner])
      let shown =
        timing.byDay.holds(manager: pair.manager, partner: pair.partner)
        ? nil : interval(pair.effect.mean, pair.effect.variance, z: z)
      let obstacle = partners[pair.partner]?.obstacle(of: pair.manager) ?? .noChoice
      var finding = PairFinding(
        manager: names.0, partner: names.1, verdict: .insufficientEvidence, method: "timing",
        requests: pair.effect.requests, answered: pair.effect.answered, adjustedFor: [], notAdjustedFor: [],
        obstacle: obstacle,
        statement: Wording.untold(
          "\(Wording.named("Partner", names.1)) answers \(Wording.named("Manager", names.0))", shown,
          obstacle: obstacle, requests: pair.effect.requests,
          interval: options.interval))
      guard let shown else { return finding }
      let (mean, deviation) = (pair.effect.mean, pair.effect.variance.squareRoot())
      let unmeasured = eValue(shown, residualDeviation: sigma)
      (finding.ratio, finding.low, finding.high) = (shown.ratio, shown.low, shown.high)
      finding.localFalseSignRate = deviation > 0 ? Normal.standard.survival(abs(mean) / deviation) : 0.5
      finding.estimate = interval(pair.estimate!, pair.estimateVariance ?? 0, z: z)
      finding.timing = shown
      finding.timingDifference = pair.difference.map { interval($0.mean, $0.variance, z: z) }
      finding.cox = hazards.ratio(manager: pair.manager, partner: pair.partner)
      (finding.eValue, finding.eValueOfLimit) = (unmeasured.point, unmeasured.limit)
      finding.minimumDetectableRatio = exp(min(20, detectable * (pair.estimateVariance ?? 0).squareRoot()))
      return finding
    }
  }

  /// How strong an unmeasured cause would have to be to explain a ratio of waits away; by way of the risk ratio near a
  /// difference in standard deviations of the residual.
  private static func eValue(_ ratio: RatioInterval, residualDeviation: Double) -> EValue {
    guard residualDeviation > 0 else { return EValue(ratio: 1, low: 1, high: 1) }
    func risk(_ ratio: Double) -> Double {
      let difference = (Glibc.log(ratio) / residualDeviation).clamped(to: -20...20)
      return EValue.riskRatio(standardizedDifference: difference, standardError: 0).ratio
    }
    return EValue(ratio: risk(ratio.ratio), low: risk(ratio.low), high: risk(ratio.high))
  }
}
