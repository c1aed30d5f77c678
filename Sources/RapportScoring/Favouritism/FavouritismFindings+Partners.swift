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
          (compared[partner.partner] ?? []).map(Self.unit), pValue: partner.evennessPValue, interval: options.interval)
        : nil
    }
    let tested = evenness.indices.filter { evenness[$0] != nil }
    let adjusted = MultipleTests(tested.map { evenness[$0]!.pValue }).benjaminiHochberg()
    let q = Dictionary(uniqueKeysWithValues: zip(tested, adjusted))
    let apart = tested.map { index in
      let partner = choices.partners[index].partner
      return Apart(
        evenness[index]!,
        compared[partner]!.map { byPair[[history.managers[$0.manager], history.partners[partner]]] },
        units: compared[partner]!.map(Self.unit), interval: options.interval)
    }
    let spread = SharedSpread(apart.map(\.others))
    let ratios = parallelMap(count: tested.count, threads: options.threads) { place in
      spread.medianRatio(
        place, interval: options.interval, seed: options.seed, unit: UInt64(choices.partners[tested[place]].partner))
    }
    let found = Dictionary(uniqueKeysWithValues: zip(tested, zip(apart, ratios)))
    let verdicts = Dictionary(
      uniqueKeysWithValues: tested.map { index in
        let (apart, shrunken) = found[index]!
        return (
          index,
          verdict(
            evenness[index]!, shrunken: shrunken.ratio, anyApart: !apart.findings.isEmpty, qValue: q[index]!)
        )
      })
    // Differences are told of partners that were chosen for being uneven: at a level that is the share of these (Benjamini & Bogomolov 2014).
    let few = tested.filter { evenness[$0]!.count < Evenness.fewestForTypical }
    let chosen = few.count { verdicts[$0] == .signal }
    let level = TreatmentFamily.largestRate * Double(chosen) / Double(max(1, few.count))
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
      let (apart, shrunken) = found[index]!
      let verdict = verdicts[index]!
      let told = told(evenness, apart, shrunken: shrunken, verdict)
      // Of a few managers no two are typical; that none differs by much is told of all of them.
      let isTypical = evenness.count >= Evenness.fewestForTypical || verdict == .noMaterialDifference
      return PartnerFinding(
        partner: name, managers: managers, requests: requests, medianRatio: isTypical ? told.ratio : nil,
        low: isTypical ? told.low : nil, high: isTypical ? told.high : nil,
        apart: verdict == .signal && isTypical ? apart.findings.map(\.manager) : [],
        couldShow: isTypical ? evenness.couldShow : nil,
        pValue: evenness.pValue, qValue: q[index]!, gini: waiting?.gini, giniByChance: waiting?.giniByChance,
        theil: waiting?.theil, verdict: verdict, signals: signals[name] ?? 0,
        statement: Wording.evenness(
          Wording.named("Partner", name), evenness, told, verdict, apart: apart.findings,
          signals: verdict == .signal && isTypical ? apart.signalsBesides : signals[name] ?? 0,
          differences: isTypical
            ? [] : differences(compared[partner.partner] ?? [], level: level, history, options),
          managers: own.count, interval: options.interval))
    }
  }

  /// The clear differences between two of a partner's few managers, in words; of those with the requests that a verdict needs.
  private static func differences(
    _ compared: [QueueChoices.Pair], level: Double, _ history: History, _ options: AssessmentOptions
  ) -> [String] {
    let pairs = compared.filter { $0.requests >= TreatmentFamily.fewestRequests }
    let found = PairDifferences(
      QueueChoices.logOdds(pairs), errors: QueueChoices.differenceErrors(pairs), groups: [Array(pairs.indices)],
      level: level, interval: options.interval)
    return found.clear.map {
      Wording.difference(
        history.managers[pairs[$0.more].manager], history.managers[pairs[$0.less].manager], $0.ratio,
        interval: options.interval)
    }
  }

  private static func unit(_ pair: QueueChoices.Pair) -> Evenness.Unit {
    (mean: pair.effect.estimate, variance: pair.effect.standardError * pair.effect.standardError)
  }

  /// Managers who stand apart from a partner's others, so that no ratio of any two says what is typical.
  ///
  /// The one that ``Evenness/outlier`` tells, with those whose own pairs are signals, a third of all at most, where nothing tells the others
  /// apart: Q's interval of theirs reaches 1. Where it doesn't, the outlier alone. Of fourteen who are treated alike and one who is favoured, "of any two, one is
  /// typically picked 1.29 times as readily" held the truth, 1.00, in none of 121 simulated cases.
  private struct Apart {
    /// Of their pairs.
    var findings: [PairFinding] = []
    /// How many of the others' pairs are signals too.
    let signalsBesides: Int
    let others: [Evenness.Unit]
    /// The others' median ratio, nothing shrunken; `nil` where they are too few.
    let plain: RatioInterval?

    /// - Parameter pairs: findings of `units`
    init(_ evenness: Evenness, _ pairs: [PairFinding?], units: [Evenness.Unit], interval: Double) {
      let outlier = evenness.outlier.map { pairs[$0] == nil ? [] : [$0] } ?? []
      let signals = pairs.indices.filter { pairs[$0]?.verdict == .signal }
      let together = pairs.indices.filter { signals.contains($0) || outlier.contains($0) }
      let rest = Evenness(Self.others(units, without: together), pValue: 1, interval: interval)
      let isRestEven = 3 * together.count <= units.count && rest.map { $0.verdict.lowerBound <= 1 } ?? false
      let members = isRestEven ? together : outlier
      findings = members.compactMap { pairs[$0] }
      signalsBesides = signals.count { !members.contains($0) }
      others = members.isEmpty ? evenness.others : Self.others(units, without: members)
      plain = Evenness(others, pValue: 1, interval: interval).map {
        RatioInterval(ratio: $0.medianRatio, low: $0.low, high: $0.high)
      }
    }

    private static func others(_ units: [Evenness.Unit], without members: [Int]) -> [Evenness.Unit] {
      units.indices.filter { !members.contains($0) }.map { units[$0] }
    }
  }

  /// The median ratio that is told of a partner: of signals, which are chosen for being large, as all partners' together have it, of
  /// no material difference the plain one, which says so. Elsewhere, and of those beside whom others stand apart, the interval holds
  /// both, so that even treatment isn't left out by what others are like.
  private static func told(
    _ evenness: Evenness, _ apart: Apart, shrunken: RatioInterval, _ verdict: FavouritismVerdict
  ) -> RatioInterval {
    let plain = RatioInterval(ratio: evenness.medianRatio, low: evenness.low, high: evenness.high)
    func both(_ plain: RatioInterval) -> RatioInterval {
      RatioInterval(ratio: shrunken.ratio, low: min(shrunken.low, plain.low), high: max(shrunken.high, plain.high))
    }
    switch verdict {
    case .signal: return apart.findings.isEmpty ? shrunken : apart.plain.map(both) ?? shrunken
    case .noMaterialDifference: return plain
    case .insufficientEvidence: return both(apart.plain ?? plain)
    }
  }

  /// What a partner's evenness says.
  ///
  /// The permutation test and the interval answer the same question by different means; a signal has both. Where the interval
  /// reaches 1.00, even treatment is among what the data allow, whatever the test says. Nor is a signal what among even partners
  /// looks like luck, unless one manager stands apart. And even is said only of those whose data would most likely have shown a
  /// difference that matters. The level of the intervals that are shown changes nothing here.
  ///
  /// - Parameters: `shrunken`: the median ratio as all partners' together have it; `anyApart`: whether a manager stands apart
  static func verdict(
    _ evenness: Evenness, shrunken: Double, anyApart: Bool, qValue: Double
  ) -> FavouritismVerdict {
    let (limits, ratio) = (evenness.verdict, evenness.medianRatio)
    let isMaterial = ratio >= RatioInterval.material && (shrunken >= RatioInterval.material || anyApart)
    if qValue < 0.05 && isMaterial && limits.lowerBound > 1 { return .signal }
    let isEven = limits.upperBound <= RatioInterval.material
    return isEven && evenness.couldShow ? .noMaterialDifference : .insufficientEvidence
  }
}
