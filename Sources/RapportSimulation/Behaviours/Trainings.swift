import Glibc
import RapportIngestion

/// Trainings and coaching that HR and L&D arrange.
struct Trainings: Interaction {
  let behaviour = Behaviour.training
  static let perMonth = 0.35
  static let slope = 0.5

  /// Most come from L&D.
  private func rate(_ pair: Pair, in organisation: Organisation) -> Double {
    let pairs = organisation.managers[pair.manager].pairs
    let weights = pairs.map { organisation.pairs[$0].isLearning ? 3.0 : 1.0 }
    return Trainings.perMonth * organisation.settings.activity * (pair.isLearning ? 3 : 1) / weights.reduce(0, +)
  }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .training, pair.manager, pair.partner)
    let moments = organisation.moments(
      rate(pair, in: organisation), slope: Trainings.slope, .development, of: pair, &draws)
    for moment in moments {
      log.append(SimulatedEvent(.training, at: moment, actor: .partner, manager: pair.manager, partner: pair.partner))
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    let level = pair.traits[LatentTrait.development.rawValue]
    return [
      ExpectedRate(.training, by: .partner, perMonth: rate(pair, in: organisation) * exp(Trainings.slope * level))
    ]
  }

  /// developmentActions: per quarter of 91.3 days.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    ["developmentActions": 3 * pairs.reduce(0) { $0 + rates($1, in: organisation)[0].perMonth }]
  }
}

/// Concerns raised about a manager's team, protected and never attributed.
struct Concerns: Interaction {
  let behaviour = Behaviour.concerns
  static let perMonth = 0.03

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    guard pair.place == 0 else { return }
    var draws = Draws(seed: organisation.settings.seed, .concerns, pair.manager)
    for moment in organisation.moments(Concerns.perMonth * organisation.settings.activity, of: pair, &draws) {
      log.append(SimulatedEvent(.concern, at: moment, actor: nil, manager: pair.manager, partner: nil))
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] { [] }
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] { [:] }
}
