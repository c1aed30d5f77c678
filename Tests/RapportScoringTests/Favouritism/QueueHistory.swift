import Glibc
@testable import RapportIngestion
import RapportNumerics

/// A small organisation whose requests wait in queues, made without a log: the truth about favouritism is known.
///
/// Each partner serves one request at a time and picks the next by weight
///
///     exp(urgency · priority − size · service + favour of the pair) · (1 + waiting hours)^patience
///
/// Managers differ in how urgent their requests are, in their topics (whose service takes longer or shorter) and in
/// the hours at which they ask, on purpose: a comparison that doesn't adjust for that finds favour where there is none.
struct QueueHistory {
  var partners = 6
  var managersPerPartner = 12
  /// Managers also ask the next partner, with this share of their requests.
  var secondPartnerShare = 0.3
  var days = 240
  /// Requests a day and partner.
  var perDay = 9.0
  var load = 0.85
  var urgency = 1.0
  var size = 0.0
  var patience = 1.0
  /// Each partner's own discipline varies by this much.
  var disciplineSpread = 0.3
  /// By manager and partner: how much more readily, on the log scale.
  var favours: [[Int]: Double] = [:]
  /// Every manager with this remainder by 2 is favoured by that much, everywhere.
  var groupFavour = 0.0
  var seed: UInt64 = 1

  struct Request {
    var arrival: Double
    var manager: Int
    var topic: Int
    var priority: Int
    var service: Double
    var answered = Double.infinity
    var started = false
  }

  func make() -> History {
    var spells: [RequestSpell] = []
    let managers = partners * managersPerPartner
    let end = Double(days) * 24
    for partner in 0..<partners {
      var stream = RandomStream(seed: seed, purpose: "queue history", unit: UInt64(partner))
      let urgency = urgency + disciplineSpread * stream.normal()
      let patience = max(0, patience + disciplineSpread * stream.normal())
      let topicHours = [0.4, 1.0, 2.2, 0.7]
      let meanHours = 24 * load / perDay
      var requests: [Request] = []
      var time = 0.0
      while true {
        time += stream.exponential(rate: perDay / 24)
        if time >= end { break }
        var manager = partner * managersPerPartner + stream.integer(below: managersPerPartner)
        if stream.uniform() < secondPartnerShare { manager = (manager + managersPerPartner) % managers }
        // Managers differ in urgency, in topics, and in hours.
        let isUrgent = stream.uniform() < 0.1 + 0.5 * Double(manager % 5) / 4
        let topic = stream.uniform() < 0.55 ? manager % 4 : stream.integer(below: 4)
        let arrival = floor(time / 24) * 24 + (manager % 3 == 0 ? 8 + 3 * stream.uniform() : 8 + 9 * stream.uniform())
        let service = meanHours * topicHours[topic] / 1.075 * exp(0.5 * stream.normal() - 0.125)
        requests.append(
          Request(arrival: arrival, manager: manager, topic: topic, priority: isUrgent ? 1 : 0, service: service))
      }
      requests.sort { ($0.arrival, $0.manager, $0.service) < ($1.arrival, $1.manager, $1.service) }
      serve(&requests, partner: partner, urgency: urgency, patience: patience, &stream)
      for (index, request) in requests.enumerated() where request.arrival < end {
        let backlog = requests[..<index].count { $0.answered > request.arrival }
        spells.append(spell(request, partner: partner, number: spells.count, backlog: backlog, end: end))
      }
    }
    return history(spells, managers: managers, end: end)
  }

  private func serve(
    _ requests: inout [Request], partner: Int, urgency: Double, patience: Double, _ stream: inout RandomStream
  ) {
    var clock = 0.0
    var open: [Int] = []
    var next = 0
    while next < requests.count || !open.isEmpty {
      if open.isEmpty { clock = max(clock, requests[next].arrival) }
      while next < requests.count && requests[next].arrival <= clock {
        open.append(next)
        next += 1
      }
      let scores = open.map { index -> Double in
        let request = requests[index]
        let favour =
          (favours[[request.manager, partner]] ?? 0) + (request.manager % 2 == 0 ? groupFavour : 0)
        return urgency * Double(request.priority) - size * log(request.service) + favour
          + patience * log(1 + clock - request.arrival)
      }
      let largest = scores.max()!
      let pick = stream.category(weights: scores.map { exp($0 - largest) })
      let index = open.remove(at: pick)
      clock += requests[index].service
      requests[index].answered = clock
    }
  }

  private func spell(_ request: Request, partner: Int, number: Int, backlog: Int, end: Double) -> RequestSpell {
    let isAnswered = request.answered <= end
    let start = Instant(seconds: Int(request.arrival * 3600))
    let stop = Instant(seconds: Int(min(request.answered, end) * 3600))
    let month = Month(year: 2025, month: 1).advanced(by: Int(request.arrival / 24 / 30))
    var spell = RequestSpell(
      request: Int32(number), manager: Int32(request.manager), partner: Int32(partner), topic: Int32(request.topic),
      priority: Int32(request.priority), channel: -1, asker: .manager, outcome: isAnswered ? .answered : .open,
      isFirst: true, excludedFromWaits: false, reopenedWithin30Days: false, opened: start,
      entered: start, ended: stop, due: Instant(seconds: Int(request.arrival * 3600) + 86_400), resolved: .absent,
      workingSeconds: stop.seconds(since: start),
      elapsedSeconds: stop.seconds(since: start), pausedSeconds: 0, backlogAtArrival: Int32(backlog),
      hourOfWeek: Int16(Int(request.arrival) % 168), openedMonth: month, endedMonth: month)
    (spell.enteredClock, spell.endedClock) = (start.milliseconds, stop.milliseconds)
    return spell
  }

  private func history(_ spells: [RequestSpell], managers: Int, end: Double) -> History {
    let months = Month(year: 2025, month: 1)...Month(year: 2025, month: 1).advanced(by: days / 30)
    return History(
      asOf: Instant(seconds: Int(end * 3600)), firstEvent: Instant(seconds: 0),
      timeZone: TimeZoneRules(name: "UTC", fixedOffset: 0), months: months,
      managers: (0..<managers).map { "m\(1000 + $0)" }, partners: (0..<partners).map { "p\(100 + $0)" },
      topics: ["absence", "contract", "dispute", "pay"], priorities: ["normal", "urgent"], channels: [],
      spells: spells, promises: [], feedback: [], conflicts: [], contacts: [],
      exposure: Exposure(managerDays: [], partnerDays: [], pairs: []), kinds: [.request, .response],
      hasWorkingCalendar: false,
      managerAttributes: ["site": (0..<managers).map { $0 % 2 == 0 ? "north" : "south" }], partnerAttributes: [:],
      dataQuality: DataQuality())
  }
}
