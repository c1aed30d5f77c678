import Glibc
import RapportIngestion

/// Regular one-to-one meetings: planned by HR with fixed cadence, held or not.
struct CheckIns: Interaction {
  let behaviour = Behaviour.checkIns

  /// Planned meetings a month: twice with the home partner, every other month with L&D, none with others.
  static func planned(_ pair: Pair) -> Double { pair.place == 0 ? 2 : pair.isLearning ? 0.5 : 0 }
  static func heldProbability(_ level: Double) -> Double { logistic(0.2 + 0.9 * level) }
  /// Median minutes, their log spread, and the step to which they are rounded.
  static func medianMinutes(_ level: Double) -> Double { 28 * exp(0.3 * level) }
  static let spread = 0.4
  static let step = 5

  func play(_ code: Int, _ pair: Pair, in organisation: Organisation, into log: inout EventLog) {
    let planned = CheckIns.planned(pair) * min(1, organisation.settings.activity)
    guard planned > 0 else { return }
    var draws = Draws(seed: organisation.settings.seed, .checkIns, pair.manager, pair.partner)
    let clock = organisation.managers[pair.manager].clock
    for month in 0..<organisation.settings.months {
      let first = organisation.days.lowerBound.addingMonths(month).dayNumber
      let next = organisation.days.lowerBound.addingMonths(month + 1).dayNumber
      // Whole slots, and one more with the remaining probability; each in its own part of the month.
      let count = Int(planned.rounded(.down)) + (draws.chance(planned - planned.rounded(.down)) ? 1 : 0)
      for slot in 0..<count {
        let part = Double(next - first) / Double(count)
        let day = first + Int((Double(slot) + draws.uniform(0.2, 0.8)) * part)
        let time = clock.dayStart + draws.below(clock.daySeconds / 900) * 900
        // Moved out of weekends and absences within the month; skipped where the month has no day left.
        guard let opening = clock.nextWorking(day * 86_400), opening < next * 86_400 else { continue }
        play(pair, at: opening / 86_400 * 86_400 + time, organisation, &draws, &log)
      }
    }
  }

  /// One planned meeting.
  private func play(
    _ pair: Pair, at moment: Int, _ organisation: Organisation, _ draws: inout Draws, _ log: inout EventLog
  ) {
    let held = draws.chance(CheckIns.heldProbability(pair.level(.regularity, at: moment, in: organisation.span)))
    let minutes =
      CheckIns.medianMinutes(pair.level(.conversation, at: moment, in: organisation.span))
      * draws.logNormal(CheckIns.spread)
    if held {
      var event = SimulatedEvent(.checkIn, at: moment, actor: .partner, manager: pair.manager, partner: pair.partner)
      event.value = Int16(min(240, max(CheckIns.step, Int((minutes / 5).rounded()) * CheckIns.step)))
      if draws.chance(organisation.settings.lateEntryShare) {
        event.recordedOffset = Int32(86_400 * (2 + draws.below(12)) + 3600)
      }
      log.append(event)
    } else if draws.chance(0.5) {
      let actor: Party = draws.chance(0.5) ? .manager : .partner
      log.append(
        SimulatedEvent(
          .checkInCancelled, at: moment - 3600 * (1 + draws.below(4)), actor: actor, manager: pair.manager,
          partner: pair.partner))
    }
  }

  func rates(_ pair: Pair, in organisation: Organisation) -> [ExpectedRate] {
    let planned = CheckIns.planned(pair) * min(1, organisation.settings.activity)
    let held = CheckIns.heldProbability(pair.traits[LatentTrait.regularity.rawValue])
    return [ExpectedRate(.checkIn, by: .partner, perMonth: planned * held)]
  }

  /// regularity: the probability that a month has a check-in with anyone, 1 − Π (1 − held) over a month's slots;
  /// oneToOneTime: that its minutes reach 30, from the exact distribution of the rounded minutes.
  func truth(_ pairs: [Pair], in organisation: Organisation) -> [String: Double] {
    let activity = min(1, organisation.settings.activity)
    // minutes[k]: probability that the month's minutes are k steps, the last for 30 and more.
    let enough = 30 / CheckIns.step
    var none = 1.0
    var minutes = [1.0] + [Double](repeating: 0, count: enough)
    for pair in pairs where CheckIns.planned(pair) > 0 {
      let held = CheckIns.heldProbability(pair.traits[LatentTrait.regularity.rawValue])
      let median = CheckIns.medianMinutes(pair.traits[LatentTrait.conversation.rawValue])
      func below(_ limit: Double) -> Double { normalDistribution(log(limit / median) / CheckIns.spread) }
      var one = [Double](repeating: 0, count: enough + 1)
      for k in 1..<enough {
        one[k] = below((Double(k) + 0.5) * 5) - (k == 1 ? 0 : below((Double(k) - 0.5) * 5))
      }
      one[enough] = 1 - one.reduce(0, +)
      // Slots of a month: whole ones, and one with the remaining probability.
      var remaining = CheckIns.planned(pair) * activity
      while remaining > 1e-9 {
        let happens = min(1, remaining) * held
        none *= 1 - happens
        var next = [Double](repeating: 0, count: enough + 1)
        for (k, probability) in minutes.enumerated() {
          next[k] += probability * (1 - happens)
          for (j, step) in one.enumerated() { next[min(enough, k + j)] += probability * happens * step }
        }
        minutes = next
        remaining -= 1
      }
    }
    return none == 1 ? [:] : ["regularity": 1 - none, "oneToOneTime": minutes[enough]]
  }
}
