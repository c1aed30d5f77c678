import RapportIngestion
import RapportNumerics

extension FavouritismFindings {
  /// Fewest requests of a pair that counts towards its partner's evenness.
  static let fewestForEvenness = 5

  /// How evenly each partner answers different managers.
  static func partnerFindings(
    in history: History, _ choices: QueueChoices, _ timing: TimingModel?, _ pairs: [PairFinding],
    _ options: AssessmentOptions
  ) -> [PartnerFinding] {
    let byPartner = Dictionary(grouping: choices.pairs, by: \.partner)
    let ofTiming = Dictionary(grouping: timing?.pairs ?? [], by: \.partner)
    let signals = Dictionary(grouping: pairs.filter { $0.verdict == .signal }, by: \.partner).mapValues(\.count)
    let compared = byPartner.mapValues { $0.filter { $0.requests >= fewestForEvenness } }
    let evenness = choices.partners.map { partner in
      partner.obstacle == nil && partner.converged
        ? Evenness(
          (compared[partner.partner] ?? []).map {
            (mean: $0.effect.estimate, variance: $0.effect.standardError * $0.effect.standardError)
          }, pValue: partner.evennessPValue, interval: options.interval) : nil
    }
    let tested = evenness.indices.filter { evenness[$0] != nil }
    let adjusted = MultipleTests(tested.map { evenness[$0]!.pValue }).benjaminiHochberg()
    let q = Dictionary(uniqueKeysWithValues: zip(tested, adjusted))
    return choices.partners.enumerated().map { index, partner in
      let name = history.partners[partner.partner]
      let own = byPartner[partner.partner] ?? []
      // Without queues the managers and requests are those of the timing model.
      let timed = own.isEmpty ? ofTiming[partner.partner] ?? [] : []
      let managers = own.count + timed.count
      let requests = own.reduce(0) { $0 + $1.requests } + timed.reduce(0) { $0 + $1.effect.requests }
      let waiting = timing?.inequality.partners[partner.partner]
      guard let evenness = evenness[index] else {
        return PartnerFinding(
          partner: name, managers: managers, requests: requests, gini: waiting?.gini,
          giniByChance: waiting?.giniByChance, theil: waiting?.theil, verdict: .insufficientEvidence,
          signals: signals[name] ?? 0,
          statement: Wording.unevenness(Wording.named("Partner", name), untold: partner.reason))
      }
      let verdict = verdict(evenness, qValue: q[index]!)
      let outlier = evenness.outlier.map { outlier in
        (manager: history.managers[compared[partner.partner]![outlier.unit].manager], medianRatio: outlier.medianRatio)
      }
      return PartnerFinding(
        partner: name, managers: managers, requests: requests, medianRatio: evenness.medianRatio, low: evenness.low,
        high: evenness.high, couldShow: evenness.couldShow, pValue: evenness.pValue, qValue: q[index]!,
        gini: waiting?.gini,
        giniByChance: waiting?.giniByChance, theil: waiting?.theil, verdict: verdict, signals: signals[name] ?? 0,
        statement: Wording.evenness(
          Wording.named("Partner", name), evenness, verdict, outlier: outlier, managers: own.count,
          interval: options.interval))
    }
  }

  /// What a partner's evenness says.
  ///
  /// The permutation test and the interval answer the same question by different means; a signal has both. Where the interval
  /// reaches 1.00, even treatment is among what the data allow, whatever the test says. And even is said only of those whose
  /// data would most likely have shown a difference that matters. The level of the intervals that are shown changes nothing here.
  static func verdict(_ evenness: Evenness, qValue: Double) -> FavouritismVerdict {
    let (limits, ratio) = (evenness.verdict, evenness.medianRatio)
    if qValue < 0.05 && ratio >= RatioInterval.material && limits.lowerBound > 1 { return .signal }
    let isEven = limits.upperBound <= RatioInterval.material
    return isEven && evenness.couldShow ? .noMaterialDifference : .insufficientEvidence
  }
}
