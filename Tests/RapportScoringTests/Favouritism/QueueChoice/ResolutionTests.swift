import RapportTestSupport
import Testing

@testable import RapportIngestion
@testable import RapportScoring

/// Times and stamps of one manager that tell no order, while the partner's other ones do.
@Suite struct ResolutionTests {
  typealias Asked = PartnerChoicesTests.Asked

  /// A hundred replies to manager 0, so that a few ties are few among the partner's.
  private static let long = (0..<100).map {
    Asked(manager: 0, at: 0.04 * Double($0) + 0.01, end: 0.04 * Double($0) + 0.017)
  }

  private static func hours(_ choices: PartnerChoices) -> [Double] {
    choices.moments.map { Double($0.raw) / 3_600_000 }
  }

  // Of n requests so many are more than one in twenty: 0.05² = 0.0025 for two of two; P(X ≥ 4) = 0.016 and P(X ≥ 3) = 0.075 of twenty;
  // P(X ≥ 8) = 0.011 and P(X ≥ 7) = 0.03 of sixty. One of one has 0.05.
  @Test(arguments: [(2, 2, 1), (20, 4, 3), (60, 8, 7)])
  func `more than one in twenty, beyond chance`(_ requests: Int, _ many: Int, _ few: Int) {
    #expect(Resolution.isTooMany(many, of: requests) && !Resolution.isTooMany(few, of: requests))
    #expect(!Resolution.isTooMany(0, of: requests) && !Resolution.isTooMany(0, of: 0))
    #expect(!Resolution.isTooMany(1, of: 1))
  }

  // b's four requests are closed by twos, 4 of 110 replies. They would stand in a's queues of 11 and 14 as passed over, and never be picked.
  @Test func `a manager whose replies are tied leaves the queues`() {
    let (choices, _) = PartnerChoicesTests.choices(
      Self.long + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 9.6, end: 11.5),
        Asked(manager: 1, at: 10, end: 12), Asked(manager: 1, at: 10.1, end: 12),
        Asked(manager: 0, at: 10.2, end: 13), Asked(manager: 2, at: 10.3, end: 14),
        Asked(manager: 0, at: 13.5, end: 15), Asked(manager: 1, at: 13.6, end: 16),
        Asked(manager: 1, at: 13.7, end: 16), Asked(manager: 2, at: 13.8, end: 17),
      ])
    #expect(choices.obstacle == nil && choices.replies == 110 && choices.tied == 4)
    #expect(choices.isUntold == [false, true, false] && choices.untoldManagers == [1])
    let sets = PartnerChoicesTests.sets(choices)
    #expect(sets.count == 3)
    #expect(sets.allSatisfy { $0.picked == 0 } && sets.map(\.others) == [[0, 2], [2], [2]])
    // The partner was free at 12, when b's were closed.
    expectClose(Self.hours(choices), [11, 12, 14], absolute: 1e-9)
    #expect(choices.choices == [3, 0, 0] && choices.queues == [3, 0, 3] && choices.requests == [3, 0, 2])
    #expect(choices.overtakes == [0, 0, 0] && choices.overtaken == [0, 0, 0])
  }

  // b's two requests carry the day alone: they came some time of the day, and would have waited since midnight.
  @Test func `a manager whose requests carry the day alone leaves the queues`() {
    let day = [
      Asked(manager: 0, at: 32, end: 34), Asked(manager: 2, at: 33.1, end: 35), Asked(manager: 1, at: 24, end: 36),
      Asked(manager: 0, at: 33.5, end: 37), Asked(manager: 2, at: 35.5, end: 38), Asked(manager: 1, at: 48, end: 60),
      Asked(manager: 0, at: 56, end: 58),
    ]
    let (choices, _) = PartnerChoicesTests.choices(Self.long + day)
    #expect(choices.obstacle == nil && choices.isUntold == [false, true, false] && choices.tied == 0)
    let sets = PartnerChoicesTests.sets(choices)
    #expect(sets.count == 2 && sets[0] == (2, [0]) && sets[1] == (0, [2]))
    // At 36 b's reply was out: c's second of 35.5 stood beside a's by then.
    expectClose(Self.hours(choices), [34, 36], absolute: 1e-9)
    #expect(choices.choices == [1, 0, 1] && choices.requests == [1, 0, 2])
    // Without c nobody is left beside a, and that isn't for want of a queue.
    let (two, _) = PartnerChoicesTests.choices(Self.long + day.filter { $0.manager < 2 })
    #expect(two.obstacle == .resolution)
  }

  // The same dates, exported as midnights of UTC, where the report's zone is two hours ahead: they are 02:00.
  @Test func `midnights of UTC are dates in every zone`() {
    let asked = (0..<2).map { Asked(manager: 1, at: 24 * Double($0 + 1), end: 24 * Double($0 + 1) + 12) }
    var history = PartnerChoicesTests.history(Self.long + asked + [Asked(manager: 2, at: 33.21, end: 35)])
    history.timeZone = TimeZoneRules(name: "+02:00", fixedOffset: 7200)
    #expect(PartnerChoicesTests.choices(history, QueueColumns(history)).isUntold == [false, true, false])
  }

  // In Tokyo midnight of UTC is nine o'clock: of 48 requests written by the hour, from nine to two, eight came then, which is more than
  // chance would bring of dates. Replies lie 66 minutes apart, so that hours are fine enough.
  @Test func `nine o'clock in Tokyo is an hour like others`() {
    let replies = (0..<100).map { Asked(manager: 0, at: 1.1 * Double($0) + 0.3, end: 1.1 * Double($0) + 0.71) }
    let history = PartnerChoicesTests.history(replies)
    let resolution = Resolution(history, Array(history.spells.indices))
    func isCoarse(_ hours: [Double]) -> Bool {
      let own = PartnerChoicesTests.history(hours.map { Asked(manager: 1, at: $0, end: $0 + 0.5) }).spells
      return resolution.areTooCoarse(own, TimeZoneRules(name: "Asia/Tokyo", fixedOffset: 32_400))
    }
    let hours = (0..<48).map { 24 * Double($0 / 6) + Double($0 % 6) }
    #expect(Resolution.isTooMany(8, of: 48) && !isCoarse(hours))
    #expect(isCoarse((0..<8).map { 24 * Double($0) }))
    // Eight dates among times by the minute are dates.
    #expect(isCoarse(hours.map { $0.truncatingRemainder(dividingBy: 24) == 0 ? $0 : $0 + 0.35 }))
  }

  // Requests at full hours among replies some minutes apart; the same time of day, at ten past, is a time like another.
  @Test(arguments: [(0.0, true), (1.0 / 6, false)])
  func `full hours are coarse among replies minutes apart`(_ past: Double, _ isCoarse: Bool) {
    let asked = (0..<5).map { Asked(manager: 1, at: 24 * Double($0) + 33 + past, end: 24 * Double($0) + 34.3) }
    let (choices, _) = PartnerChoicesTests.choices(
      Self.long + asked + [Asked(manager: 2, at: 33.21, end: 35)])
    #expect(choices.isUntold == [false, isCoarse, false])
  }

  // One mail of b's with three matters, answered at once, is one pick; three tied replies otherwise, of which none is a choice.
  @Test func `what came at once and ended at once is one item and one pick`() {
    let mail = Asked(manager: 1, at: 10, end: 12)
    let (choices, _) = PartnerChoicesTests.choices(
      Self.long + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 9.6, end: 11.2), mail, mail, mail,
        Asked(manager: 2, at: 10.1, end: 13), Asked(manager: 0, at: 10.2, end: 14),
      ])
    #expect(choices.obstacle == nil && choices.tied == 0 && choices.replies == 105)
    #expect(choices.isUntold == [false, false, false] && choices.spells.count == 105)
    let sets = PartnerChoicesTests.sets(choices)
    #expect(sets.count == 3 && sets[0] == (0, [0, 1, 2]) && sets[1] == (1, [0, 2]) && sets[2] == (2, [0]))
    #expect(choices.choices == [1, 1, 1] && choices.queues == [3, 2, 3] && choices.requests == [2, 1, 1])
  }

  // Which of its matters made a mail be picked isn't known where one is urgent, due or escalated and the others aren't.
  @Test(arguments: ["alike", "topic", "priority", "target", "escalation"])
  func `a bundle whose requests differ leaves the queues`(_ differs: String) throws {
    var second = Asked(manager: 1, at: 10, end: 12)
    if differs == "topic" { second.topic = 1 }
    if differs == "priority" { second.priority = 1 }
    if differs == "target" { second.due = 13 }
    var history = PartnerChoicesTests.history(
      Self.long + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 9.6, end: 11.2), Asked(manager: 1, at: 10, end: 12),
        second, Asked(manager: 2, at: 10.1, end: 13), Asked(manager: 0, at: 10.2, end: 14),
      ])
    if differs == "escalation" {
      let last = try #require(history.spells.last { $0.manager == 1 })
      history.escalations = [last.request: Instant(milliseconds: 10 * 3_600_000)]
    }
    let choices = PartnerChoicesTests.choices(history, QueueColumns(history))
    let sets = PartnerChoicesTests.sets(choices)
    if differs == "alike" {
      #expect(choices.mixedBundles == 0 && choices.requests == [2, 1, 1])
      #expect(sets.count == 3 && sets[1] == (1, [0, 2]))
    } else {
      // The partner's time went into it: c's was picked at 12, not at 11.2.
      #expect(choices.mixedBundles == 1 && choices.requests == [2, 0, 1] && choices.obstacle == nil)
      #expect(sets.count == 2 && sets[0] == (0, [0, 2]) && sets[1] == (2, [0]))
      expectClose(Array(Self.hours(choices).suffix(1)), [12], absolute: 1e-9)
    }
  }

  // It had been put to another: since when it stood here isn't known. Alone, and in a mail.
  @Test(arguments: [1, 2])
  func `what the partner answered for another leaves the queues`(_ matters: Int) throws {
    var asked = Self.long + [Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 9.6, end: 11.2)]
    for _ in 0..<matters { asked.append(Asked(manager: 1, at: 10, end: 12)) }
    asked += [Asked(manager: 2, at: 10.1, end: 13), Asked(manager: 0, at: 10.2, end: 14)]
    var history = PartnerChoicesTests.history(asked)
    let last = try #require(history.spells.lastIndex { $0.manager == 1 })
    history.spells[last].answeredByOther = true
    let choices = PartnerChoicesTests.choices(history, QueueColumns(history))
    let sets = PartnerChoicesTests.sets(choices)
    #expect(choices.othersRequests == 1 && choices.mixedBundles == 0)
    #expect(choices.requests == [2, 0, 1] && choices.obstacle == nil)
    // The partner's time went into it: c's was picked at 12, not at 11.2.
    #expect(sets.count == 2 && sets[0] == (0, [0, 2]) && sets[1] == (2, [0]))
    expectClose(Array(Self.hours(choices).suffix(1)), [12], absolute: 1e-9)
  }

  @Test func `requests that partners answered for others are told`() {
    let (findings, _) = Self.changed { spells, own in
      let answered = own.filter { spells[$0].outcome == .answered }
      for index in answered.prefix(3) { spells[index].answeredByOther = true }
    }
    let told = "Answered by somebody else than the partner asked, without a row that passes it on: 3 requests. "
    #expect(findings.notes.contains { $0.hasPrefix(told) })
  }

  // What came at once but was answered one by one waited one by one.
  @Test func `what ended apart is no bundle`() {
    let (choices, _) = PartnerChoicesTests.choices(
      Self.long + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 1, at: 10, end: 12), Asked(manager: 1, at: 10, end: 12.5),
        Asked(manager: 2, at: 10.1, end: 13),
      ])
    #expect(PartnerChoicesTests.sets(choices).map(\.others) == [[1, 2], [2]])
    #expect(choices.requests == [0, 2, 1])
  }

  /// A history, and one pair's place in it, whose requests are changed.
  private static func changed(
    _ change: (inout [RequestSpell], [Int]) -> Void
  ) -> (findings: FavouritismFindings, history: History) {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.days) = (3, 12, 150)
    var history = queue.make()
    let own = history.spells.indices.filter { history.spells[$0].manager == 1 && history.spells[$0].partner == 0 }
    change(&history.spells, own)
    history.spells.sort { ($0.partner, $0.entered, $0.request) < ($1.partner, $1.entered, $1.request) }
    let options = AssessmentOptions()
    let (timing, reason) = TimingModel.fit(history, options: options)
    return (
      FavouritismFindings.find(
        in: history, choices: QueueChoices(history, options: options), timing: timing, reason: reason, options: options
      ), history
    )
  }

  /// What is found where a pair's times or stamps tell no order.
  private static func expectUntold(_ findings: FavouritismFindings, _ history: History) throws -> PairFinding {
    let pair = try #require(findings.pairs.first { $0.manager == "m1001" && $0.partner == "p100" })
    #expect(pair.obstacle == .resolution && pair.method == "timing" && pair.verdict == .insufficientEvidence)
    #expect(pair.choices == nil && pair.sValue == nil && pair.requests >= 20)
    #expect(pair.statement.contains("times are too coarse, or too many replies share a stamp"))
    // The partner's others are judged, its own twelve and the next partner's, and what is missing is counted.
    #expect(findings.choice?.partners == 3 && findings.choice?.obstacles == [:])
    #expect(findings.pairs.count { $0.partner == "p100" && $0.method == "choice" } == 23)
    #expect(findings.notes.contains { $0.hasPrefix("1 pair of partners whose order of picks can be told: ") })
    let evidence = QueueEvidence(
      history, findings: findings, manager: "m1001", partner: "p100", options: AssessmentOptions())
    #expect(evidence.obstacle == .resolution && evidence.choices.isEmpty)
    return pair
  }

  // Every other reply to the pair goes out with the next: none of them is a pick, and all had stood in the others' queues.
  @Test func `a pair whose replies are tied has no verdict`() throws {
    let (findings, history) = Self.changed { spells, own in
      let answered = own.filter { spells[$0].outcome == .answered }.sorted { spells[$0].ended < spells[$1].ended }
      for k in stride(from: 0, to: answered.count - 1, by: 2) {
        let later = spells[answered[k + 1]]
        spells[answered[k]].ended = later.ended
        spells[answered[k]].endedClock = later.endedClock
        spells[answered[k]].workingSeconds = later.ended.seconds(since: spells[answered[k]].entered)
      }
    }
    let pair = try Self.expectUntold(findings, history)
    #expect(pair.ratio != nil && pair.timing != nil && pair.statement.contains("(by waits alone "))
  }

  // The pair's requests carry the day alone, as if all had come at midnight.
  @Test func `a pair whose requests carry the day alone has no verdict`() throws {
    let (findings, history) = Self.changed { spells, own in
      for index in own {
        let midnight = spells[index].entered.milliseconds / 86_400_000 * 86_400_000
        spells[index].opened = Instant(milliseconds: midnight)
        (spells[index].entered, spells[index].enteredClock) = (spells[index].opened, midnight)
        spells[index].workingSeconds = spells[index].ended.seconds(since: spells[index].entered)
      }
    }
    let pair = try Self.expectUntold(findings, history)
    // Its waits count from midnight, so that it would look put off: "by waits alone 0.71×".
    #expect(pair.shown == nil && pair.estimate == nil && pair.timing == nil && pair.timingDifference == nil)
    #expect(
      pair.cox == nil && pair.localFalseSignRate == nil && pair.eValue == nil && pair.minimumDetectableRatio == nil)
    #expect(
      pair.statement.hasSuffix(
        "; most times are dates without a time of day, so waits don't tell it either (\(pair.requests) requests)."),
      "\(pair.statement)")
    #expect(findings.pairs.count { $0.partner == "p100" && $0.timing != nil } > 15)
  }

  // What was picked before what can be told of requests that came at their hours, though answers carry the day alone; waits can't.
  @Test func `a pair whose answers carry the day alone has choices, and no figures of waits`() throws {
    let (findings, _) = Self.changed { spells, own in
      var days: Set<Int64> = []
      for index in own where spells[index].outcome == .answered {
        let day = spells[index].ended.milliseconds / 86_400_000 + 1
        // Two answers of one day would be tied.
        guard days.insert(day).inserted else { continue }
        (spells[index].ended, spells[index].endedClock) = (Instant(milliseconds: day * 86_400_000), day * 86_400_000)
        spells[index].workingSeconds = spells[index].ended.seconds(since: spells[index].entered)
      }
    }
    let pair = try #require(findings.pairs.first { $0.manager == "m1001" && $0.partner == "p100" })
    #expect(pair.method == "choice" && pair.ratio != nil && pair.localFalseSignRate != nil && pair.answered > 0)
    #expect(pair.timing == nil && pair.timingDifference == nil && pair.cox == nil)
    #expect(findings.pairs.count { $0.partner == "p100" && $0.timing != nil } > 15)
  }
}
