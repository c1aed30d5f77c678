import RapportIngestion

/// Decisions, made jointly or by one side.
struct Decisions: Interaction {
  let behaviour = Behaviour.decisions
  static let perMonth = 1.2
  static func jointProbability(_ level: Double) -> Double { logistic(0.4 + 0.9 * level) }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .decisions, pair.manager, pair.partner)
    for moment in organisation.moments(organisation.rate(Decisions.perMonth, pair), of: pair, &draws) {
      var decision = SimulatedEvent(
        .decision, at: moment, actor: .partner, manager: pair.manager, partner: pair.partner)
      let level = pair.level(.jointDecisions, at: moment, in: organisation.span)
      decision.value = draws.chance(Decisions.jointProbability(level)) ? 1 : 0
      log.append(decision)
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    [ExpectedRate(.decision, by: .partner, perMonth: organisation.rate(Decisions.perMonth, pair))]
  }

  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    [
      "jointDecisions": shareWeighted(pairs) {
        Decisions.jointProbability($0.traits[LatentTrait.jointDecisions.rawValue])
      }
    ]
  }
}

/// HR's objections, and whether it offers another way.
struct Objections: Interaction {
  let behaviour = Behaviour.objections
  static let perMonth = 0.5
  static func alternativeProbability(_ level: Double) -> Double { logistic(0.3 + 0.9 * level) }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .objections, pair.manager, pair.partner)
    for moment in organisation.moments(organisation.rate(Objections.perMonth, pair), of: pair, &draws) {
      log.append(SimulatedEvent(.objection, at: moment, actor: .partner, manager: pair.manager, partner: pair.partner))
      let level = pair.level(.alternatives, at: moment, in: organisation.span)
      guard draws.chance(Objections.alternativeProbability(level)) else { continue }
      let later = moment + 3600 + Int(min(draws.exponential() * 2, 20) * 86_400)
      log.append(
        SimulatedEvent(
          .alternative, at: organisation.clock.nextWorking(later) ?? later, actor: .partner, manager: pair.manager,
          partner: pair.partner))
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    let perMonth = organisation.rate(Objections.perMonth, pair)
    let chance = Objections.alternativeProbability(pair.traits[LatentTrait.alternatives.rawValue])
    return [
      ExpectedRate(.objection, by: .partner, perMonth: perMonth),
      ExpectedRate(.alternative, by: .partner, perMonth: perMonth * chance),
    ]
  }

  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    [
      "alternativesOffered": shareWeighted(pairs) {
        Objections.alternativeProbability($0.traits[LatentTrait.alternatives.rawValue])
      }
    ]
  }
}
