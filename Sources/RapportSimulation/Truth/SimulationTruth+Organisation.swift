import Glibc
import RapportIngestion

extension SimulationTruth {
  /// The truth of an organisation: formulas of its behaviours, and a reference run of its queues.
  init(_ organisation: Organisation) {
    let settings = organisation.settings
    let hasQueues = settings.behaviours.contains(.requests)
    let reference = hasQueues && settings.referenceRequests > 0 ? ReferenceRun(organisation) : nil
    let interactions = Interactions.active(settings)

    self.settings = settings
    managers = organisation.managers.enumerated().map { m, manager in
      let pairs = manager.pairs.map { organisation.pairs[$0] }
      var indicators: [String: Double] = [:]
      for interaction in interactions {
        indicators.merge(interaction.truth(pairs, in: organisation)) { _, new in new }
      }
      indicators.merge(SimulationTruth.rates(manager, pairs, interactions, organisation)) { _, new in new }
      if hasQueues {
        indicators["resolvedForGood"] = SimulationTruth.resolvedForGood(pairs)
      }
      if let reference {
        indicators["typicalWait"] = reference.medianWaits[m]
        indicators["answeredWithinTarget"] = reference.withinTarget[m]
        indicators["adjustedResponseRatio"] = reference.managerEffects[m].map { exp($0) }
        indicators["predictability"] = reference.residualSpread[m].map { exp($0) }
        indicators["evenness"] = reference.evenness(manager.pairs)
      }
      return ManagerTruth(id: manager.id, general: manager.general, trend: manager.trend, indicators: indicators)
    }

    // Odds relative to the partner's pairs' geometric mean.
    var sums = [Double](repeating: 0, count: organisation.partners.count)
    var counts = sums
    for pair in organisation.pairs {
      sums[pair.partner] += pair.readiness
      counts[pair.partner] += 1
    }
    pairs = organisation.pairs.enumerated().map { code, pair in
      PairTruth(
        manager: organisation.managers[pair.manager].id, partner: organisation.partners[pair.partner].id,
        planted: hasQueues ? pair.favour : 1,
        choiceRatio: exp(pair.readiness - sums[pair.partner] / counts[pair.partner]),
        timingRatio: reference?.pairEffects[code].map { exp($0) })
    }
    pairs.sort { ($0.manager, $0.partner) < ($1.manager, $1.partner) }
    partners = organisation.partners.enumerated().map { p, partner in
      PartnerTruth(id: partner.id, discipline: partner.discipline, medianWait: reference?.partnerMedianWaits[p] ?? nil)
    }
  }

  /// Indicators that compare how often things happen: escalationRate, initiativeBalance, creditGiven.
  private static func rates(
    _ manager: Manager, _ pairs: [Pair], _ interactions: [any Interaction], _ organisation: Organisation
  ) -> [String: Double] {
    let settings = organisation.settings
    var expected = pairs.flatMap { pair in interactions.flatMap { $0.rates(pair, in: organisation) } }
    let hasQueues = settings.behaviours.contains(.requests)
    let asked = hasQueues ? settings.requestsPerMonth * manager.volume : 0
    expected.append(ExpectedRate(.request, by: .manager, perMonth: asked))
    func perMonth(_ kinds: Set<EventKind>, by actor: Party? = nil) -> Double {
      expected.reduce(0) { $0 + (kinds.contains($1.kind) && (actor ?? $1.actor) == $1.actor ? $1.perMonth : 0) }
    }

    var rates: [String: Double] = [:]
    if settings.behaviours.contains(.escalations) && hasQueues {
      let escalations =
        asked
        * shareWeighted(pairs) {
          Requests.escalationProbability($0.traits[LatentTrait.calm.rawValue])
        }
      rates["escalationRate"] = 100 * escalations / asked
    }
    let initiatives: Set<EventKind> = [.request, .feedback, .checkIn, .recognition]
    let byManager = perMonth(initiatives, by: .manager)
    let byPartner = perMonth(initiatives, by: .partner)
    if byManager > 0 && byPartner > 0 {
      rates["initiativeBalance"] = 1 - abs(byManager - byPartner) / (byManager + byPartner)
    }
    let interactionKinds: Set<EventKind> = [
      .request, .commitment, .goal, .feedback, .conflict, .checkIn, .decision, .objection, .alternative,
    ]
    let together = perMonth(interactionKinds)
    if settings.behaviours.contains(.recognition) && together > 0 {
      let given = pairs.reduce(0) { sum, pair in
        let rates = Recognitions().rates(pair, in: organisation)
        return sum + Recognitions.counted(byPartner: rates[0].perMonth, byManager: rates[1].perMonth)
      }
      rates["creditGiven"] = 100 * given / together
    }
    return rates
  }

  /// The chance that a resolution isn't undone within 30 days: some that come back come too late to count.
  private static func resolvedForGood(_ pairs: [Pair]) -> Double {
    shareWeighted(pairs) { Requests.lastingProbability($0.traits[LatentTrait.lasting.rawValue]) }
  }
}

extension ReferenceRun {
  /// exp of the mean distance of a manager's pairs from comparable requests, weighted by their requests.
  func evenness(_ pairs: Range<Int>) -> Double? {
    var sum = 0.0
    var weight = 0.0
    for pair in pairs {
      guard let effect = pairEffects[pair] else { continue }
      sum += Double(pairRequests[pair]) * abs(effect)
      weight += Double(pairRequests[pair])
    }
    return weight > 0 ? exp(sum / weight) : nil
  }
}
