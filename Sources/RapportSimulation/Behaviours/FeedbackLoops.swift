import RapportIngestion

/// Feedback of either side, and whether the other follows it up.
struct FeedbackLoops: Interaction {
  let behaviour = Behaviour.feedback
  static let byManager = 0.5
  static let byPartner = 0.3
  static func followedUpProbability(_ level: Double) -> Double { logistic(0.6 + 0.9 * level) }

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    var draws = Draws(seed: organisation.settings.seed, .feedback, pair.manager, pair.partner)
    for (giver, perMonth) in [(Party.manager, FeedbackLoops.byManager), (.partner, FeedbackLoops.byPartner)] {
      for given in organisation.moments(organisation.rate(perMonth, pair), of: pair, &draws) {
        let number = log.newCase(.feedback)
        var feedback = SimulatedEvent(.feedback, at: given, actor: giver, manager: pair.manager, partner: pair.partner)
        feedback.caseNumber = number
        log.append(feedback)
        let level = pair.level(.loopClosure, at: given, in: organisation.span)
        guard draws.chance(FeedbackLoops.followedUpProbability(level)) else { continue }
        // Within 50 days, most within a fortnight.
        let later = given + 7200 + Int(min(draws.exponential() * 12, 50) * 86_400)
        var followUp = SimulatedEvent(
          .followUp, at: organisation.clock.nextWorking(later) ?? later, actor: giver.other, manager: pair.manager,
          partner: pair.partner)
        followUp.caseNumber = number
        log.append(followUp)
      }
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    [
      ExpectedRate(.feedback, by: .manager, perMonth: organisation.rate(FeedbackLoops.byManager, pair)),
      ExpectedRate(.feedback, by: .partner, perMonth: organisation.rate(FeedbackLoops.byPartner, pair)),
    ]
  }

  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    [
      "loopClosure": shareWeighted(pairs) {
        FeedbackLoops.followedUpProbability($0.traits[LatentTrait.loopClosure.rawValue])
      }
    ]
  }
}
