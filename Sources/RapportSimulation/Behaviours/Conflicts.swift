import Glibc
import RapportIngestion

/// Conflicts, and how long they take to settle.
struct Conflicts: Interaction {
  let behaviour = Behaviour.conflicts
  static let perMonth = 0.3
  /// Log days to settlement: median, change per standard deviation, spread; a share never settles.
  static func medianDays(_ level: Double) -> Double { 14 * exp(-0.5 * level) }
  static let spread = 0.8
  static let never = 0.06
  /// Raised again after it was settled.
  static func reopenedProbability(_ level: Double) -> Double { logistic(-2.2 - 0.6 * level) }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .conflicts, pair.manager, pair.partner)
    for moment in organisation.moments(organisation.rate(Conflicts.perMonth, pair), of: pair, &draws) {
      let number = log.newCase(.conflict)
      func event(_ kind: EventKind, at time: Int, by actor: Party) -> SimulatedEvent {
        var event = SimulatedEvent(kind, at: time, actor: actor, manager: pair.manager, partner: pair.partner)
        event.caseNumber = number
        return event
      }
      let raiser: Party = draws.chance(0.65) ? .manager : .partner
      log.append(event(.conflict, at: moment, by: raiser))
      let level = pair.level(.settlement, at: moment, in: organisation.span)
      if draws.chance(Conflicts.never) { continue }
      let days = max(0.05, Conflicts.medianDays(level) * draws.logNormal(Conflicts.spread))
      let due = moment + max(3600, Int(days * 86_400))
      let settled = max(organisation.clock.nearestWorking(due) ?? due, moment + 1800)
      log.append(event(.settlement, at: settled, by: raiser.other))
      guard draws.chance(Conflicts.reopenedProbability(level)) else { continue }
      let again = settled + 86_400 + Int(draws.exponential() * 15 * 86_400)
      log.append(event(.conflict, at: organisation.clock.nextWorking(again) ?? again, by: raiser))
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    [ExpectedRate(.conflict, by: .manager, perMonth: organisation.rate(Conflicts.perMonth, pair))]
  }

  /// settlementTime: the median of the mixture over pairs, in seconds.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    let median = mixtureMedian(low: log(0.01), high: log(10_000)) { x in
      shareWeighted(pairs) {
        let center = log(Conflicts.medianDays($0.traits[LatentTrait.settlement.rawValue]))
        return (1 - Conflicts.never) * normalDistribution((x - center) / Conflicts.spread)
      }
    }
    return median.map { ["settlementTime": exp($0) * 86_400] } ?? [:]
  }
}
