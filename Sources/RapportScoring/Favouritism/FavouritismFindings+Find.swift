import Glibc
import RapportIngestion
import RapportNumerics

extension FavouritismFindings {
  /// Reads the findings of every level off the timing model.
  ///
  /// Pairs, partners, managers and groups are a family each: false discoveries are controlled within it.
  ///
  /// - Parameters: `timing`: as ``TimingModel/fit(_:options:)`` gives it, with the reason where there is no model.
  ///
  /// Source: METHODS.md §6, §14.4. Differs: until queue choices are modelled, verdicts rest on the timing model.
  public static func find(
    in history: History, timing: TimingModel?, reason: String? = nil, options: AssessmentOptions
  ) -> FavouritismFindings {
    var findings = FavouritismFindings()
    guard let timing else {
      if let reason { findings.notes.append(reason) }
      return findings
    }
    findings.timing = timing.summary
    findings.notes.append(
      "Findings rest on the timing model only: they compare how long requests waited, not which open request was picked. Work that takes longer by its nature, and is not marked as such by topic or priority, looks like slower treatment."
    )
    let pairFamily = TreatmentFamily(
      pairs: timing, prior: timing.managerVariance + timing.pairVariance, interval: options.interval)
    findings.pairs = pairs(in: history, timing, pairFamily, options)
    findings.partners = partners(in: history, timing, findings.pairs, options)
    let managerFamily = TreatmentFamily(managers: timing, prior: timing.managerVariance, interval: options.interval)
    findings.managers = managers(in: history, timing, managerFamily, options)
    findings.notes += [pairFamily.note("pairs"), managerFamily.note("managers")].compactMap { $0 }
    findings.groups = GroupComparison(history, timing, options).findings()
    let alone = timing.pairs.count - findings.pairs.count
    if alone > 0 {
      findings.notes.append(
        "\(alone) of \(timing.pairs.count) pairs are not listed: nobody else's requests to the same partner, or too few, are there to compare them with."
      )
    }
    let single = Dictionary(grouping: timing.pairs, by: \.manager).count { $0.value.count == 1 }
    if single > 0 {
      findings.notes.append(
        "\(single) managers have one partner only: whether it is the manager or the pair that is answered sooner or later can't be told for them."
      )
    }
    return findings
  }

  /// Fewest requests of a pair, or a manager, that is judged.
  static let fewestRequests = 20

  private static func pairs(
    in history: History, _ timing: TimingModel, _ family: TreatmentFamily, _ options: AssessmentOptions
  ) -> [PairFinding] {
    let comparable = timing.pairs.filter { $0.estimate != nil }
    let z = Normal.standard.quantile(0.5 + options.interval / 2)
    let sigma = timing.residualVariance.squareRoot()
    return zip(comparable, family.judged).map { pair, judged in
      let names = (history.managers[pair.manager], history.partners[pair.partner])
      let spread = pair.effect.variance.squareRoot()
      let error = (pair.estimateVariance ?? 0).squareRoot()
      let unmeasured = eValue(pair.estimate ?? 0, error, residualDeviation: sigma)
      return PairFinding(
        manager: names.0, partner: names.1, ratio: judged.posterior.ratio.ratio, low: judged.posterior.ratio.low,
        high: judged.posterior.ratio.high, localFalseSignRate: judged.posterior.localFalseSignRate,
        sValue: judged.sValue, verdict: judged.verdict, method: "timing", estimate: judged.estimate,
        timing: .fromLog(pair.effect.mean, pair.effect.mean - z * spread, pair.effect.mean + z * spread),
        requests: pair.effect.requests, answered: pair.effect.answered,
        eValue: unmeasured.point, eValueOfLimit: unmeasured.limit,
        minimumDetectableRatio: exp(min(20, detectable * error)),
        // Tens of thousands of pairs would repeat it; the model's summary has it for all of them.
        adjustedFor: judged.verdict == .signal ? timing.summary.adjustedFor : [],
        notAdjustedFor: judged.verdict == .signal ? notAdjustedFor : [],
        statement: Wording.sentence(
          "\(names.1) answers \(names.0)", judged, than: "comparable requests of \(names.1)'s other managers",
          requests: pair.effect.requests, interval: options.interval))
    }
  }

  private static func managers(
    in history: History, _ timing: TimingModel, _ family: TreatmentFamily, _ options: AssessmentOptions
  ) -> [ManagerFinding] {
    let partners = Dictionary(grouping: timing.pairs, by: \.manager).mapValues(\.count)
    let units = timing.managerEstimates.indices.compactMap { code in
      timing.managerEstimates[code] == nil ? nil : timing.managers[code].map { (code, $0) }
    }
    return zip(units, family.judged).map { unit, judged in
      let name = history.managers[unit.0]
      let count = partners[unit.0] ?? 0
      return ManagerFinding(
        manager: name, partners: count, requests: unit.1.requests, ratio: judged.posterior.ratio.ratio,
        low: judged.posterior.ratio.low, high: judged.posterior.ratio.high,
        localFalseSignRate: judged.posterior.localFalseSignRate, sValue: judged.sValue, verdict: judged.verdict,
        note: count == 1 ? "one partner only: manager and pair can't be told apart" : nil,
        statement: Wording.sentence(
          "\(name) is answered", judged,
          than: "comparable requests of other managers, across \(Wording.count(count, "partner"))",
          requests: unit.1.requests, interval: options.interval))
    }
  }

  private static func partners(
    in history: History, _ timing: TimingModel, _ pairs: [PairFinding], _ options: AssessmentOptions
  ) -> [PartnerFinding] {
    let byPartner = Dictionary(grouping: timing.pairs, by: \.partner)
    let signals = Dictionary(grouping: pairs.filter { $0.verdict == .signal }, by: \.partner).mapValues(\.count)
    let codes = byPartner.keys.sorted()
    let evenness = codes.map { code in
      Evenness((byPartner[code] ?? []).filter { $0.effect.requests >= 5 }, interval: options.interval)
    }
    let tested = evenness.indices.filter { evenness[$0] != nil }
    let adjusted = MultipleTests(tested.map { evenness[$0]!.pValue }).benjaminiHochberg()
    let q = Dictionary(uniqueKeysWithValues: zip(tested, adjusted))
    return codes.enumerated().map { index, code in
      let name = history.partners[code]
      let requests = timing.partners[code]?.requests ?? 0
      let count = byPartner[code]?.count ?? 0
      guard let evenness = evenness[index] else {
        return PartnerFinding(
          partner: name, managers: count, requests: requests, verdict: .insufficientEvidence,
          signals: signals[name] ?? 0,
          statement: "\(name): fewer than 3 managers with 5 requests, too few to say how evenly they are answered.")
      }
      let verdict: FavouritismVerdict =
        q[index]! < 0.05 && evenness.medianRatio >= 1.25
        ? .signal : evenness.high <= 1.25 ? .noMaterialDifference : .insufficientEvidence
      return PartnerFinding(
        partner: name, managers: count, requests: requests, medianRatio: evenness.medianRatio, low: evenness.low,
        high: evenness.high, pValue: evenness.pValue, qValue: q[index]!, verdict: verdict, signals: signals[name] ?? 0,
        statement: Wording.evenness(name, evenness, verdict, managers: count, interval: options.interval))
    }
  }

  /// z of 95 % two-sided and of 80 % power: 1.96 + 0.84.
  static let detectable = Normal.standard.quantile(0.975) + Normal.standard.quantile(0.8)

  /// How strong an unmeasured cause would have to be to explain a difference in log waits away; by way of the risk ratio
  /// near a difference in standard deviations of the residual.
  private static func eValue(_ difference: Double, _ error: Double, residualDeviation: Double) -> EValue {
    guard residualDeviation > 0 else { return EValue(ratio: 1, low: 1, high: 1) }
    let risk = EValue.riskRatio(
      standardizedDifference: (difference / residualDeviation).clamped(to: -20...20),
      standardError: min(20, error / residualDeviation))
    return EValue(ratio: risk.ratio, low: risk.low, high: risk.high)
  }

  /// What the timing model can't see.
  static let notAdjustedFor = [
    "effort that topic and priority don't show", "which requests were open at the same time",
    "urgency agreed outside the log",
  ]
}
