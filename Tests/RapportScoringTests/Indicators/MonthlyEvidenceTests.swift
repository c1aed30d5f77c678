import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

/// What tables by unit and month say of some months, beside what the events of those months say when they are walked.
@Suite struct MonthlyEvidenceTests {
  /// Fourteen months with every kind of event, of which the last isn't over and the fifth is empty; steps of a case often come
  /// in a later month than it began. gil is there in the last three months only, and hal has nothing but an early decision.
  private static func randomLog(_ seed: UInt64) -> EventLog {
    var log = EventLog()
    var stream = RandomStream(seed: seed, purpose: "monthly evidence test")
    let start = CivilDate(year: 2025, month: 1, day: 1).dayNumber
    // Lengths of check-ins are told from some month on.
    let firstTimed = stream.integer(below: 10)
    var number = 0
    func time(_ day: Double) -> String {
      let date = CivilDate(dayNumber: start + Int(day)).components
      func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
      let minute = Int((day - day.rounded(.down)) * 1440)
      return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(minute / 60)):\(two(minute % 60))"
    }
    /// A step so many days after another, unless it would come after the end.
    func step(_ kind: EventKind, _ day: Double, _ manager: String, _ partner: String, _ key: String, by: Party? = nil) {
      if day < 404 { log.event(time(day), kind, manager, partner, case: key, by: by) }
    }
    log.event("2025-01-02", .decision, "hal", "pat", value: 1)
    for month in 0..<14 where month != 4 {
      for (m, manager) in ["ann", "bob", "cyd", "dee", "eve", "fay", "gil"].enumerated() {
        guard manager != "gil" || month > 10, stream.uniform() < 0.8 else { continue }
        let good = 0.9 - 0.1 * Double(m)
        for partner in ["pat", "quin", "rob"] where stream.uniform() < 0.7 {
          func day() -> Double { min(30.4 * (Double(month) + stream.uniform()), 403.9) }
          func isGood() -> Bool { stream.uniform() < good }
          func key() -> String {
            number += 1
            return "\(number)"
          }
          for _ in 0..<stream.integer(below: 4) {
            let (opened, request) = (day(), key())
            let isByPartner = stream.uniform() < 0.2
            log.event(
              time(opened), .request, manager, partner, case: request, by: isByPartner ? .partner : .manager,
              due: stream.uniform() < 0.7 ? time(opened + 2) : nil)
            var (end, holder) = (opened + 20 * stream.uniform() * stream.uniform(), partner)
            if stream.uniform() < 0.3 {
              holder = ["pat", "quin", "rob"][stream.integer(below: 3)]
              step(.reassign, end, manager, holder, request)
              end += 10 * stream.uniform()
            }
            switch stream.integer(below: 5) {
            case 0: step(.withdraw, end, manager, holder, request)
            case 1: break
            default:
              step(.response, end, manager, holder, request)
              step(.resolution, end + 1, manager, holder, request)
              if !isGood() { step(.reopen, end + 3, manager, holder, request) }
            }
            if !isGood() { step(.escalation, end, manager, stream.uniform() < 0.5 ? holder : "", "") }
          }
          for promiser in Party.allCases where stream.uniform() < 0.6 {
            let (made, promise) = (day(), key())
            log.event(time(made), .commitment, manager, partner, case: promise, by: promiser, due: time(made + 10))
            if isGood() {
              step(.fulfilment, made + 18 * stream.uniform(), manager, partner, promise, by: promiser.other)
            }
          }
          for (kind, end) in [(EventKind.feedback, EventKind.followUp), (.conflict, .settlement)] {
            let (opened, pair) = (day(), key())
            log.event(time(opened), kind, manager, partner, case: pair)
            if isGood() { step(end, opened + 40 * stream.uniform(), manager, partner, pair) }
          }
          let (set, goal) = (day(), key())
          log.event(time(set), .goal, manager, partner, case: goal, due: time(set + 25))
          if isGood() { step(.goalMet, set + 40 * stream.uniform(), manager, partner, goal) }
          if isGood() {
            log.event(
              time(day()), .checkIn, manager, partner, by: stream.uniform() < 0.5 ? .manager : .partner,
              value: month >= firstTimed ? 15 + 30 * stream.uniform().rounded() : nil)
          }
          log.event(time(day()), .checkInCancelled, manager, partner)
          if isGood() { log.event(time(day()), .decision, manager, partner, value: isGood() ? 1 : 0) }
          for _ in 0..<stream.integer(below: 3) {
            let objected = day()
            log.event(time(objected), .objection, manager, partner)
            if isGood() { step(.alternative, objected + 45 * stream.uniform(), manager, partner, "") }
          }
          // Around the end of a month, where weeks lie in two.
          for party in Party.allCases where isGood() {
            let recognised = min(30.4 * Double(month + 1) + 4 * stream.uniform() - 2, 403.9)
            log.event(time(recognised), .recognition, manager, partner, by: party)
          }
          if isGood() { log.event(time(day()), .training, manager, stream.uniform() < 0.5 ? partner : "") }
          for party in Party.allCases where stream.uniform() < 0.5 {
            log.event(time(day()), .survey, manager, partner, by: party, value: Double(1 + stream.integer(below: 5)))
          }
        }
        let wave = 30.4 * Double(month)
        for n in 0..<stream.integer(below: 9) {
          log.event(time(wave + Double(n)), .surveyInvitation, manager)
          log.event(
            time(min(wave + 28 * stream.uniform(), 403.9)), .survey, manager,
            value: Double(1 + stream.integer(below: 5)))
        }
      }
    }
    return log
  }

  /// The history of what began in these months, its outcomes as they are known at the end.
  ///
  /// - Parameter byWeeks: whether what a pair gives credit for in a week belongs to the month of the first.
  private static func part(of history: History, _ selection: MonthSelection, byWeeks: Bool = false) -> History {
    var part = history
    part.spells.removeAll { !selection.contains($0.openedMonth) }
    part.promises.removeAll { !selection.contains($0.madeMonth) }
    part.feedback.removeAll { !selection.contains($0.givenMonth) }
    part.conflicts.removeAll { !selection.contains($0.openedMonth) }
    let months = byWeeks ? Self.weeks(of: history.contacts, history.timeZone) : Self.months(of: history.contacts)
    part.contacts = history.contacts.indices.filter { selection.contains(months[$0]) }.map { history.contacts[$0] }
    func within(_ days: [UInt8]) -> [UInt8] {
      zip(history.months, days).map { selection.contains($0) ? $1 : 0 }
    }
    part.exposure.managerDays = history.exposure.managerDays.map(within)
    return part
  }

  /// To a manager, an alternative belongs to the month of the oldest objection of the last 30 days, whosever, that waits for one.
  private static func months(of contacts: [Contact]) -> [Month] {
    var months = contacts.map(\.month)
    var answered = Set<Int>()
    func isOfPartner(_ i: Int) -> Bool { contacts[i].partner >= 0 && contacts[i].actor != .manager }
    let order = contacts.indices.sorted { contacts[$0].instant < contacts[$1].instant }
    for alternative in order where contacts[alternative].kind == .alternative && isOfPartner(alternative) {
      let own = contacts[alternative]
      let waiting = order.first {
        let row = contacts[$0]
        let days = Double(own.instant.seconds(since: row.instant)) / 86_400
        return row.kind == .objection && isOfPartner($0) && !answered.contains($0) && row.manager == own.manager
          && (0...30).contains(days)
      }
      guard let waiting else { continue }
      answered.insert(waiting)
      months[alternative] = months[waiting]
    }
    return months
  }

  /// Each pair's recognitions of a week in the month of the first; all else in its own.
  private static func weeks(of contacts: [Contact], _ zone: TimeZoneRules) -> [Month] {
    var months = Self.months(of: contacts)
    func monday(_ i: Int) -> Int {
      let date = zone.date(of: contacts[i].instant)
      return date.dayNumber - date.weekday
    }
    for i in contacts.indices where contacts[i].kind == .recognition {
      let week = contacts.indices.filter {
        contacts[$0].kind == .recognition && contacts[$0].manager == contacts[i].manager
          && contacts[$0].partner == contacts[i].partner && monday($0) == monday(i)
      }
      months[i] = week.map { contacts[$0].month }.min()!
    }
    return months
  }

  private func text(_ evidence: IndicatorEvidence) -> String {
    "\(evidence.measure) \(evidence.counts) \(String(describing: evidence.clustering)) "
      + "\(evidence.suppressed.sorted { $0.key < $1.key })"
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func `parts are what a walk of their events says`(seed: UInt64) throws {
    let history = try history(Self.randomLog(seed), asOf: "2026-02-10")
    let (months, level) = (history.months, history.level(.manager))
    #expect(months.count == 14 && history.monthsOver == 13)
    let monthly = MonthlyIndicators(history, nil, level, options: quick)
    var stream = RandomStream(seed: seed, purpose: "monthly evidence test, halves")
    var selections = FactorStudySettings.halves(months)!.map { MonthSelection(months, $0) } + [MonthSelection(months)]
    for _ in 0..<4 { selections += MonthSelection.randomHalves(months, &stream) }
    selections += SplitHalves.months(history, units: level.count, seed: seed).prefix(2).flatMap { $0 }
    // One month, the empty one, and none.
    for place in [2, 4, 99] {
      let month = months.lowerBound.advanced(by: place)
      selections.append(MonthSelection(months, month...month))
    }
    var (compared, silent) = (Set<Indicator>(), 0)
    for selection in selections {
      let part = Self.part(of: history, selection)
      let credit = CreditGiven.evidence(Self.part(of: history, selection, byWeeks: true), level)?.whole
      let walked = IndicatorSet(part, nil, level, options: quick).indicators.map(\.evidence)
        .compactMap { $0.indicator == .creditGiven ? credit : $0 }
      let read = monthly.part(selection, threads: 1).indicators.map(\.evidence)
      #expect(read.map(\.indicator) == walked.map(\.indicator))
      for (own, expected) in zip(read, walked) {
        #expect(text(own) == text(expected), "\(own.indicator)")
        // Of a part a reader is told less.
        for (name, values) in own.details { #expect(values == expected.detail(name), "\(own.indicator) \(name)") }
        #expect(own.details.count >= 2)
        compared.insert(own.indicator)
      }
      silent += compared.count - read.count
    }
    // All but those of the timing model; and some months say nothing of some.
    #expect(compared.count == Indicator.allCases.count - 3 && silent > 0)
    // gil has nothing in the first half.
    let gil = try #require(history.managers.firstIndex(of: "gil"))
    #expect(monthly.part(selections[0], threads: 1).indicators.allSatisfy { $0.evidence.counts[gil] == 0 })
    #expect(monthly.whole(threads: 1).indicators.contains { $0.evidence.counts[gil] > 0 })
  }

  // Below managers nobody asks for parts, and what isn't kept by month for other reasons isn't kept.
  @Test func `pairs and partners are told of all months`() throws {
    let history = try history(Self.randomLog(4), asOf: "2026-02-10")
    for kind in [Level.Kind.pair, .partner] {
      let level = history.level(kind)
      var counts = level.counts(history)
      for month in history.months { counts.add(1, month) }
      #expect(counts.counts(MonthSelection(history.months))[1] == 14)
      #expect(counts.places(MonthSelection(history.months)) == [0])
    }
  }

  @Test func `packed waits`() {
    func wait(_ seconds: Int, _ isAnswered: Bool) -> Wait {
      Wait(seconds: seconds, month: Month(index: 0), unit: 0, isAnswered: isAnswered)
    }
    let waits = [(0, 0), (1, 119_999), (86_400, 35), (1 << 40, 7)].flatMap { seconds, place in
      [false, true].map { (wait(seconds, $0), place) }
    }
    let packed = waits.map { PackedWait($0, place: $1) }
    for (own, (wait, place)) in zip(packed, waits) {
      #expect(own.seconds == Double(wait.seconds) && own.place == place && own.isAnswered == wait.isAnswered)
    }
    #expect(PackedWait.sorted(packed.reversed().map(\.bits)[...]).map(\.bits) == packed.map(\.bits))
  }
}
