import Glibc
import RapportIngestion

/// Promises of either side to the other.
struct Commitments: Interaction {
  let behaviour = Behaviour.commitments
  static let model = PromiseModel()
  /// A month, by HR and by the manager.
  static let byPartner = 1.0
  static let byManager = 0.7
  /// The share that the promiser confirms.
  static let selfConfirmed = 0.12

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    let settings = organisation.settings
    var draws = Draws(seed: settings.seed, .commitments, pair.manager, pair.partner)
    for (promiser, perMonth, trait) in [
      (Party.partner, Commitments.byPartner, LatentTrait.partnerPromises),
      (.manager, Commitments.byManager, .managerPromises),
    ] {
      for made in organisation.moments(organisation.rate(perMonth, pair), of: pair, &draws) {
        let confirmer = draws.chance(Commitments.selfConfirmed) ? promiser : promiser.other
        let lead = 12 * draws.logNormal(0.5)
        let late: Int32 = draws.chance(settings.lateEntryShare) ? Int32(86_400 * (2 + draws.below(6))) : 0
        Commitments.model.play(
          family: .commitment, promiser: promiser, confirmer: confirmer, made: made, lead: lead,
          level: pair.level(trait, at: made, in: organisation.span), pair: pair, organisation: organisation,
          draws: &draws, log: &log, lateEntry: late)
      }
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    [
      ExpectedRate(.commitment, by: .partner, perMonth: organisation.rate(Commitments.byPartner, pair)),
      ExpectedRate(.commitment, by: .manager, perMonth: organisation.rate(Commitments.byManager, pair)),
    ]
  }

  /// promisesKeptOnTime of both sides together and of each; slippage: the median of the mixture over sides and pairs.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    let model = Commitments.model
    let whole = Commitments.byPartner + Commitments.byManager
    func mixed(_ value: (Double) -> Double) -> (partner: Double, manager: Double, both: Double) {
      let partner = shareWeighted(pairs) { value($0.traits[LatentTrait.partnerPromises.rawValue]) }
      let manager = shareWeighted(pairs) { value($0.traits[LatentTrait.managerPromises.rawValue]) }
      return (partner, manager, (Commitments.byPartner * partner + Commitments.byManager * manager) / whole)
    }
    let kept = mixed(model.keptProbability)
    var truth = [
      "promisesKeptOnTime": kept.both, "promisesKeptOnTimeByPartner": kept.partner,
      "promisesKeptOnTimeByManager": kept.manager,
    ]
    truth["slippage"] = mixtureMedian(low: -6, high: 6) { x in
      mixed { model.slippageDistribution(x, level: $0) }.both
    }
    return truth
  }
}

/// Goals agreed for a quarter or so.
struct Goals: Interaction {
  let behaviour = Behaviour.goals
  static let model = PromiseModel(never: 0.08, spread: 0.35, margin: 0.7, slope: 0.6)
  static let perMonth = 0.4

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .goals, pair.manager, pair.partner)
    for made in organisation.moments(organisation.rate(Goals.perMonth, pair), of: pair, &draws) {
      Goals.model.play(
        family: .goal, promiser: .partner, confirmer: draws.chance(0.7) ? .manager : .partner, made: made,
        lead: draws.uniform(40, 100), level: pair.level(.goals, at: made, in: organisation.span), pair: pair,
        organisation: organisation, draws: &draws, log: &log)
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    [ExpectedRate(.goal, by: .partner, perMonth: organisation.rate(Goals.perMonth, pair))]
  }

  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    ["goalsMetOnTime": shareWeighted(pairs) { Goals.model.keptProbability($0.traits[LatentTrait.goals.rawValue]) }]
  }
}
