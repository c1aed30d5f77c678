import Glibc
import RapportIngestion

/// What HR asks of managers; the manager answers.
struct PartnerRequests: Interaction {
  let behaviour = Behaviour.partnerRequests
  static let perMonth = 1.5
  /// Log of the rate per standard deviation of HR's initiative.
  static let initiativeSlope = 0.4
  /// Median working hours to an answer at level 0, its log spread, and its log change per standard deviation.
  static let medianHours = 6.0
  static let spread = 0.9
  static let slope = -0.4

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    let settings = organisation.settings
    var draws = Draws(seed: settings.seed, .partnerRequests, pair.manager, pair.partner)
    let clock = organisation.managers[pair.manager].clock
    let moments = organisation.moments(
      organisation.rate(PartnerRequests.perMonth, pair), slope: PartnerRequests.initiativeSlope, .initiative,
      of: pair, &draws)
    for moment in moments {
      let number = log.newCase(.request)
      func event(_ kind: EventKind, at time: Int, by actor: Party) -> SimulatedEvent {
        var event = SimulatedEvent(kind, at: time, actor: actor, manager: pair.manager, partner: pair.partner)
        event.caseNumber = number
        return event
      }
      var asked = event(.request, at: moment, by: .partner)
      let topic = draws.index(RequestCategory.topicShare)
      let priority = draws.index(RequestCategory.priorityShare)
      asked.topic = UInt8(topic + 1)
      asked.priority = UInt8(priority + 1)
      asked.channel = UInt8(draws.index(RequestCategory.channelShare) + 1)
      let worked = clock.worked(at: moment)
      let target =
        organisation.clock.worked(at: moment)
        + Int(RequestCategory.targetDays[priority] * Double(clock.daySeconds))
      asked.dueOffset = Int32((organisation.clock.wall(worked: target) ?? moment + 864_000) - moment)
      log.append(asked)
      let level = pair.level(.managerReadiness, at: moment, in: organisation.span)
      let delay =
        PartnerRequests.medianHours * 3600 * exp(PartnerRequests.slope * level)
        * draws.logNormal(PartnerRequests.spread)
      // Three in a hundred are never answered.
      if draws.chance(0.03) { continue }
      if let answered = clock.wall(worked: worked + max(60, Int(delay))) {
        log.append(event(.response, at: answered, by: .manager))
      }
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    let level = pair.traits[LatentTrait.initiative.rawValue]
    return [
      ExpectedRate(
        .request, by: .partner,
        perMonth: organisation.rate(PartnerRequests.perMonth, pair) * exp(PartnerRequests.initiativeSlope * level))
    ]
  }

  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] { [:] }
}
