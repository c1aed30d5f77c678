import Glibc
import RapportIngestion

/// How a promise ends: with chance 1 − never it is kept at made + r (due − made), log r normal.
///
///     log r ~ N(−spread · margin, spread²)        P(kept by due) = (1 − never) Φ(margin)
///
/// Renegotiation moves the due time to `extension` times the lead before r is applied, so that it changes no
/// chance of keeping the due time in force, and lengthens what was promised first.
struct PromiseModel: Sendable {
  var never = 0.05
  var spread = 0.5
  var margin = 1.0
  /// Change of the margin per standard deviation of the trait.
  var slope = 0.55
  var released = 0.04
  var renegotiated = 0.1
  static let extended = 1.5

  func keptProbability(_ level: Double) -> Double { (1 - never) * normalDistribution(margin + slope * level) }

  /// P(log(actual / first promised) ≤ x), never-kept ones staying above every x.
  func slippageDistribution(_ x: Double, level: Double) -> Double {
    let z = x / spread + margin + slope * level
    let late = normalDistribution(z - log(PromiseModel.extended) / spread)
    return (1 - never) * ((1 - renegotiated) * normalDistribution(z) + renegotiated * late)
  }

  /// One promise's course, logged.
  func play(
    family: CaseFamily, promiser: Party, confirmer: Party, made: Int, lead: Double, level: Double, pair: Pair,
    organisation: Organisation, draws: inout Draws, log: inout EventLog, lateEntry: Int32 = 0
  ) {
    let clock = organisation.clock
    guard let firstDue = clock.endOfDay(made + Int(lead * 86_400)) else { return }
    let number = log.newCase(family)
    func event(_ kind: EventKind, at time: Int, by actor: Party) -> SimulatedEvent {
      var event = SimulatedEvent(kind, at: time, actor: actor, manager: pair.manager, partner: pair.partner)
      event.caseNumber = number
      return event
    }
    var opening = event(family == .goal ? .goal : .commitment, at: made, by: promiser)
    opening.dueOffset = Int32(firstDue - made)
    opening.recordedOffset = lateEntry
    log.append(opening)

    var due = firstDue
    let isCommitment = family == .commitment
    if isCommitment && draws.chance(released) {
      let moment = made + Int(draws.uniform(0.2, 0.9) * Double(firstDue - made))
      log.append(event(.release, at: clock.nextWorking(moment) ?? moment, by: promiser))
      return
    }
    let isKept = !draws.chance(never)
    let ratio = exp(-spread * (margin + slope * level) + spread * draws.normal())
    if isCommitment && draws.chance(renegotiated) {
      let moment = made + Int(0.6 * Double(firstDue - made))
      due = clock.endOfDay(made + Int(PromiseModel.extended * Double(firstDue - made))) ?? due
      // What is done before the talk about a later date needs no such talk.
      if !isKept || made + Int(ratio * Double(due - made)) > moment + 7 * 86_400 {
        var talk = event(.renegotiation, at: clock.nextWorking(moment) ?? moment, by: promiser)
        talk.dueOffset = Int32(due - talk.time)
        log.append(talk)
      } else {
        due = firstDue
      }
    }
    guard isKept else { return }
    // Confirmed at the nearest working moment on the same side of the due time, so that nothing is shifted on average.
    var moment = made + max(1800, Int(ratio * Double(due - made)))
    let isLate = moment > due
    moment = clock.nearestWorking(moment) ?? moment
    if isLate && moment <= due { moment = (clock.nextWorking(due + 1) ?? due) + draws.below(3600) }
    if !isLate { moment = min(max(moment, made + 1800), due) }
    log.append(event(family == .goal ? .goalMet : .fulfilment, at: moment, by: confirmer))
  }
}

/// The median of a mixture of distribution functions, by bisection; `nil` where less than half is ever reached.
func mixtureMedian(low: Double, high: Double, _ distribution: (Double) -> Double) -> Double? {
  guard distribution(high) > 0.5 else { return nil }
  var (low, high) = (low, high)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if distribution(middle) < 0.5 { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
