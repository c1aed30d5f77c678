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
    let byPair = Dictionary(uniqueKeysWithValues: pairs.map { ([$0.manager, $0.partner], $0) })
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
    let spread = SharedSpread(tested.map { evenness[$0]!.others })
    let ratios = parallelMap(count: tested.count, threads: options.threads) { place in
      spread.medianRatio(
        place, interval: options.interval, seed: options.seed, unit: UInt64(choices.partners[tested[place]].partner))
    }
    let shrunken = Dictionary(uniqueKeysWithValues: zip(tested, ratios))
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
      let verdict = verdict(evenness, shrunken: shrunken[index]!.ratio, qValue: q[index]!)
      let told = told(evenness, shrunken: shrunken[index]!, verdict)
      let outlier = evenness.outlier.flatMap {
        byPair[[history.managers[compared[partner.partner]![$0].manager], name]]
      }
      return PartnerFinding(
        partner: name, managers: managers, requests: requests, medianRatio: told.ratio, low: told.low, high: told.high,
        couldShow: evenness.couldShow, pValue: evenness.pValue, qValue: q[index]!, gini: waiting?.gini,
        giniByChance: waiting?.giniByChance, theil: waiting?.theil, verdict: verdict, signals: signals[name] ?? 0,
        statement: Wording.evenness(
          Wording.named("Partner", name), evenness, told, verdict, outlier: outlier, managers: own.count,
          interval: options.interval))
    }
  }

  /// The median ratio that is told of a partner: of signals, which are chosen for being large, as all partners' together have it, of
  /// no material difference the plain one, which says so. Elsewhere the interval holds both, so that even treatment isn't left out by
  /// what others are like.
  private static func told(_ evenness: Evenness, shrunken: RatioInterval, _ verdict: FavouritismVerdict)
    -> RatioInterval
  {
    let plain = RatioInterval(ratio: evenness.medianRatio, low: evenness.low, high: evenness.high)
    switch verdict {
    case .signal: return shrunken
    case .noMaterialDifference: return plain
    case .insufficientEvidence:
      return RatioInterval(
        ratio: shrunken.ratio, low: min(shrunken.low, plain.low), high: max(shrunken.high, plain.high))
    }
  }

  /// What a partner's evenness says.
  ///
  /// The permutation test and the interval answer the same question by different means; a signal has both. Where the interval
  /// reaches 1.00, even treatment is among what the data allow, whatever the test says. Nor is a signal what among even partners
  /// looks like luck, unless one manager stands apart. And even is said only of those whose data would most likely have shown a
  /// difference that matters. The level of the intervals that are shown changes nothing here.
  ///
  /// - Parameter shrunken: the median ratio as all partners' together have it.
  static func verdict(_ evenness: Evenness, shrunken: Double, qValue: Double) -> FavouritismVerdict {
    let (limits, ratio) = (evenness.verdict, evenness.medianRatio)
    let isMaterial = ratio >= RatioInterval.material && (shrunken >= RatioInterval.material || evenness.outlier != nil)
    if qValue < 0.05 && isMaterial && limits.lowerBound > 1 { return .signal }
    let isEven = limits.upperBound <= RatioInterval.material
    return isEven && evenness.couldShow ? .noMaterialDifference : .insufficientEvidence
  }
}
