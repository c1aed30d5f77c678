import Glibc
@testable import RapportIngestion
@testable import RapportScoring
import RapportTestSupport
import Testing

/// Queues small enough to work out by hand; times are hours since the first event.
@Suite struct PartnerChoicesTests {
  /// A request of a manager to partner 0, answered at `end` unless it has another outcome.
  struct Asked {
    var manager: Int32
    var at: Double
    var end: Double
    var topic: Int32 = 0
    var priority: Int32 = 0
    var outcome = RequestSpell.Outcome.answered
    /// Entry and end on the working clock, where they differ from the hours.
    var clock: (Double, Double)?
    var due: Double?
    var paused: (Double, Double)?
  }

  static func history(_ asked: [Asked]) -> History {
    func instant(_ hours: Double) -> Instant { Instant(milliseconds: Int64(hours * 3_600_000)) }
    var pauses: [RequestPause] = []
    let spells = asked.enumerated().map { number, row -> RequestSpell in
      var spell = RequestSpell(
        request: Int32(number), manager: row.manager, partner: 0, topic: row.topic, priority: row.priority, channel: -1,
        asker: .manager, outcome: row.outcome, isFirst: true, excludedFromWaits: false,
        reopenedWithin30Days: false, opened: instant(row.at), entered: instant(row.at), ended: instant(row.end),
        due: row.due.map(instant) ?? .absent, resolved: .absent, workingSeconds: Int((row.end - row.at) * 3600),
        elapsedSeconds: Int((row.end - row.at) * 3600), pausedSeconds: 0, backlogAtArrival: 0, hourOfWeek: 0,
        openedMonth: Month(year: 2025, month: 1), endedMonth: Month(year: 2025, month: 1))
      let clock = row.clock ?? (row.at, row.end)
      spell.enteredClock = instant(clock.0).milliseconds
      spell.endedClock = instant(clock.1).milliseconds
      if let paused = row.paused {
        spell.pausedSeconds = Int((paused.1 - paused.0) * 3600)
        pauses.append(
          RequestPause(
            request: Int32(number), partner: 0, startClock: instant(paused.0).milliseconds,
            endClock: instant(paused.1).milliseconds))
      }
      return spell
    }
    .sorted { ($0.entered, $0.request) < ($1.entered, $1.request) }
    var history = TimingCohortTests.history(spells)
    history.managers = ["a", "b", "c"]
    history.topics = ["pay", "leave"] + asked.map(\.topic).filter { $0 > 1 }.sorted().map { "topic \($0)" }
    history.priorities = ["normal", "urgent"]
    history.pauses = pauses
    return history
  }

  static func choices(
    _ asked: [Asked], turnedTo: Moment.Rule = .whenFree
  ) -> (choices: PartnerChoices, columns: QueueColumns) {
    let history = history(asked)
    let columns = QueueColumns(history)
    return (choices(history, columns, turnedTo: turnedTo), columns)
  }

  static func choices(_ history: History, _ columns: QueueColumns, turnedTo: Moment.Rule = .whenFree) -> PartnerChoices
  {
    PartnerChoices(
      history, partner: 0, spells: history.spells.indices, pauses: history.pauses[...], columns: columns, seed: 1,
      keepsMoments: true, turnedTo: turnedTo)
  }

  /// Requests and replies of manager 0 that run the queue in: until they are done, nothing is told (twenty quick ones).
  static let warmUp = (0..<20).map { Asked(manager: 0, at: 0.1 * Double($0) + 0.01, end: 0.1 * Double($0) + 0.017) }

  /// The managers of each set's requests, the picked one first; the others in any order.
  static func sets(_ choices: PartnerChoices) -> [(picked: Int32, others: [Int32])] {
    (0..<choices.sets.count).map { set in
      let units = (choices.sets.starts[set]..<choices.sets.starts[set + 1]).map {
        choices.managers[choices.sets.unit($0)]
      }
      return (units[0], units.dropFirst().sorted())
    }
  }

  @Test func `what requests have in common is what the log tells of them`() {
    func columns(topic: Int32, priority: Int32, due: Double? = nil) -> QueueColumns {
      QueueColumns(
        Self.history([
          Asked(manager: 0, at: 1, end: 2, due: due),
          Asked(manager: 1, at: 1, end: 3, topic: topic, priority: priority),
        ]))
    }
    let cases: [(columns: QueueColumns, common: [String], untold: [String])] = [
      (
        columns(topic: 1, priority: 1), ["topic", "priority"],
        ["effort that topic and priority don't show", "urgency agreed outside the log"]
      ),
      (columns(topic: 1, priority: 0), ["topic"], ["effort that topic doesn't show", "how urgent a request is"]),
      (
        columns(topic: 0, priority: 1), ["priority"],
        ["effort that priority doesn't show", "urgency agreed outside the log"]
      ),
      (columns(topic: 0, priority: 0), [], ["how much work a request is", "how urgent a request is"]),
      (
        columns(topic: 0, priority: 0, due: 4), [], ["how much work a request is", "urgency agreed outside the log"]
      ),
    ]
    for (columns, common, untold) in cases {
      #expect(columns.comparableBy == common && columns.notAdjustedFor == untold)
    }
  }

  // a (10.0), b (10.1) and c (10.2) wait while another of a's is worked on until 11. Then b is picked, over a's older
  // one of the same kind; at 12 c, at 13 a, who is alone by then. A request of c at 11.5 wasn't there at 11.
  @Test func `what was open when the partner turned to a request`() {
    let (choices, columns) = Self.choices(
      Self.warmUp + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 10, end: 13), Asked(manager: 1, at: 10.1, end: 12),
        Asked(manager: 2, at: 10.2, end: 12.5, topic: 1), Asked(manager: 2, at: 11.5, end: 14),
      ])
    let sets = Self.sets(choices)
    #expect(choices.obstacle == nil && choices.replies == 25 && choices.tied == 0)
    #expect(sets.count == 3)
    #expect(sets[0] == (1, [0, 2]))
    // At 12 b's reply is out; c's second request came at 11.5.
    #expect(sets[1] == (2, [0, 2]))
    #expect(sets[2] == (0, [2]))
    #expect(choices.moments.map(\.raw) == [11, 12, 12.5].map { Int64($0 * 3_600_000) })
    // One choice each in queues with another's request; all four stood in one.
    #expect(choices.choices == [1, 1, 1])
    #expect(choices.requests == [1, 1, 2])
    // b's pick passed a's older request of topic and priority over; c's was of another topic.
    #expect(choices.overtakes == [0, 1, 0] && choices.overtaken == [1, 0, 0])
    // The picked request of the first set: 0.9 hours old, not the oldest, and not the topic's or priority's oldest.
    #expect(columns.dense == [.logWorkingWait, .logLengthIfOldest, .logLengthIfNewest])
    #expect(abs(choices.sets.dense[0] - 0.6418539) < 1e-6)
    func flags(_ alternative: Int) -> Set<QueueColumns.Flag> {
      Set(columns.flags.indices.filter { choices.sets.bits(alternative) >> $0 & 1 == 1 }.map { columns.flags[$0] })
    }
    #expect(flags(0) == [.sameTopic])
    let oldest = (0..<3).first { choices.managers[choices.sets.unit($0)] == 0 }!
    #expect(flags(oldest) == [.oldest, .oldestOfTopic, .sameTopic, .sameManager])
  }

  // At 12 b's is picked, the newest; a's, the oldest, has no target. c's is due at 14 and was passed on to this partner at
  // 11.5; b's is due at 13 and was escalated at 11; c's second, due at 11.8, is overdue.
  @Test func `rules of order that have nothing to do with persons are told, each where the log knows it`() throws {
    var history = Self.history(
      Self.warmUp + [
        Asked(manager: 0, at: 9.5, end: 12), Asked(manager: 0, at: 10, end: 99, outcome: .open),
        Asked(manager: 2, at: 10.1, end: 99, outcome: .open, due: 14), Asked(manager: 2, at: 10.2, end: 98, due: 11.8),
        Asked(manager: 1, at: 10.5, end: 13, due: 13),
      ])
    let passedOn = try #require(history.spells.firstIndex { $0.due == Instant(milliseconds: 14 * 3_600_000) })
    history.spells[passedOn].entered = Instant(milliseconds: Int64(11.5 * 3_600_000))
    history.spells[passedOn].enteredClock = Int64(11.5 * 3_600_000)
    history.spells.sort { ($0.entered, $0.request) < ($1.entered, $1.request) }
    let escalated = try #require(history.spells.first { $0.due == Instant(milliseconds: 13 * 3_600_000) })
    history.escalations = [escalated.request: Instant(milliseconds: 11 * 3_600_000)]
    let columns = QueueColumns(history)
    #expect(
      columns.dense == [
        .logWorkingWait, .logElapsedWait, .logTimeToTarget, .daysToTarget, .logLengthIfOldest, .logLengthIfNewest,
      ])
    #expect(
      columns.flags == [
        .oldest, .newest, .longestHere, .earliestTarget, .withoutTarget, .overdue, .escalated, .sameManager,
      ])
    let choices = Self.choices(history, columns)
    let sets = choices.sets
    // From the set at 12 on: what each open request is, by its target.
    let set = try #require((0..<sets.count).first { choices.moments[$0].raw == 12 * 3_600_000 })
    var told: [Double?: (flags: Set<QueueColumns.Flag>, toTarget: [Float], length: [Float])] = [:]
    for alternative in sets.starts[set]..<sets.starts[set + 1] {
      let spell = history.spells[Int(choices.spells[Int(sets.items[alternative])])]
      let due = spell.due.isPresent ? Double(spell.due.milliseconds) / 3_600_000 : nil
      told[due] = (
        Set(columns.flags.indices.filter { sets.bits(alternative) >> $0 & 1 == 1 }.map { columns.flags[$0] }),
        Array(sets.dense[alternative * 6 + 2..<alternative * 6 + 4]),
        Array(sets.dense[alternative * 6 + 4..<alternative * 6 + 6])
      )
    }
    let withoutTarget = try #require(told[Double?.none])
    #expect(withoutTarget.flags == [.oldest, .longestHere, .withoutTarget, .sameManager])
    #expect(withoutTarget.toTarget == [0, 0])
    #expect(told[14]?.flags == [])
    #expect(told[11.8]?.flags == [.earliestTarget, .overdue])
    #expect(told[13]?.flags == [.newest, .escalated])
    for (due, hours) in [(14, 2), (11.8, -0.2), (13, 1)] {
      let expected = hours < 0 ? -log(1 - hours) : log(1 + hours)
      expectClose(try #require(told[due]).toTarget.map(Double.init), [expected, hours / 24], absolute: 1e-6)
    }
    // Four are open.
    let length = Float(log(0.4))
    #expect(withoutTarget.length == [length, 0] && told[14]?.length == [0, 0] && told[13]?.length == [0, length])
    #expect(columns.adjustedFor.contains("how soon each was due, and being past the target"))
    #expect(columns.adjustedFor.contains("being escalated"))
  }

  // The same requests: when b's reply was sent at 12, c's second had come in at 11.5.
  @Test func `when a reply was sent more was open than when it was begun`() {
    let asked =
      Self.warmUp + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 10, end: 13), Asked(manager: 1, at: 10.1, end: 12),
        Asked(manager: 2, at: 10.2, end: 12.5, topic: 1), Asked(manager: 2, at: 11.5, end: 14),
      ]
    let sets = Self.sets(Self.choices(asked, turnedTo: .whenSent).choices)
    #expect(sets.count == 4)
    #expect(sets[0] == (0, [0, 1, 2]))
    #expect(sets[1] == (1, [0, 2, 2]))
  }

  @Test func `an idle partner turns to a request when it comes in`() {
    let (choices, _) = Self.choices(
      Self.warmUp + [
        Asked(manager: 1, at: 20, end: 30, paused: (20.5, 29)), Asked(manager: 2, at: 25, end: 26),
        Asked(manager: 0, at: 25.5, end: 31),
      ])
    // c's request came at 25, while b's was paused and a's hadn't come: no choice. At 26 b's is still paused; it was
    // picked all the same, so it was there, and a's beside it.
    let sets = Self.sets(choices)
    #expect(sets.count == 1 && sets[0] == (1, [0]))
  }

  // The partner's working day ends at hour 20 and the next begins at hour 40; requests at hours 30 and 34 fall to that opening,
  // and so does the choice of the first of them. By then c's target of hour 38 has passed, though b's came in before it.
  @Test func `out of hours the queue at the next opening counts`() {
    let night = Instant(milliseconds: 20 * 3_600_000)..<Instant(milliseconds: 40 * 3_600_000)
    var history = Self.history(
      Self.warmUp + [
        Asked(manager: 1, at: 30, end: 41, clock: (20, 21)),
        Asked(manager: 2, at: 34, end: 42, clock: (20, 22), due: 38),
      ])
    history.hasWorkingCalendar = true
    history.partnerCalendars = [
      WorkingCalendar.always.without([night], horizon: Instant(milliseconds: 0)..<Instant(milliseconds: 99 * 3_600_000))
    ]
    let columns = QueueColumns(history)
    let choices = Self.choices(history, columns)
    let sets = Self.sets(choices)
    #expect(sets.count == 1 && sets[0] == (1, [2]))
    #expect(choices.moments.map(\.raw) == [40 * 3_600_000] && choices.moments.map(\.clock) == [20 * 3_600_000])
    // b's has waited for ten hours of the clock, and c's for six; neither for a working one.
    #expect(Array(columns.dense.prefix(4)) == [.logWorkingWait, .logElapsedWait, .logTimeToTarget, .daysToTarget])
    let two = log(0.2)
    let expected: [Double] = [0, log(11), 0, 0, two, 0, 0, log(7), -log(3), -2.0 / 24, 0, two]
    expectClose(choices.sets.dense.map(Double.init), expected, absolute: 1e-6)
    #expect(choices.sets.items.indices.map { choices.sets.bits($0) & columns.bit(.overdue) != 0 } == [false, true])
  }

  // The reply to b's is of the night itself: it was begun then, before c's came in.
  @Test func `a reply of the night was begun at night`() {
    let (choices, _) = Self.choices(
      Self.warmUp + [
        Asked(manager: 0, at: 28, end: 31, clock: (20, 20)), Asked(manager: 1, at: 30, end: 32, clock: (20, 20)),
        Asked(manager: 2, at: 30.5, end: 42, clock: (20, 22)), Asked(manager: 0, at: 31.5, end: 43, clock: (20, 23)),
      ])
    let sets = Self.sets(choices)
    #expect(choices.moments.map(\.raw) == [31, 32].map { Int64($0 * 3_600_000) })
    #expect(sets.count == 2 && sets[0] == (1, [2]) && sets[1] == (2, [0]))
  }

  @Test func `replies with one stamp are a batch, and too many of them an obstacle`() {
    let batch = [
      Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 1, at: 10, end: 12), Asked(manager: 2, at: 10.1, end: 12),
      Asked(manager: 0, at: 10.2, end: 13), Asked(manager: 1, at: 10.3, end: 14),
    ]
    let (choices, _) = Self.choices(Self.warmUp + batch)
    #expect(choices.tied == 2 && choices.obstacle == .resolution && choices.sets.count == 0)
    // Among fifty replies two are few: the batch is no set, the rest are.
    let long = (0..<50).map { Asked(manager: 0, at: 0.04 * Double($0) + 0.01, end: 0.04 * Double($0) + 0.017) }
    let (few, _) = Self.choices(long + batch)
    #expect(few.obstacle == nil && few.tied == 2)
    let sets = Self.sets(few)
    #expect(sets.count == 1 && sets[0] == (0, [1]))
  }

  @Test func `withdrawn, passed on and still open requests stood in the queue`() {
    let (choices, _) = Self.choices(
      Self.warmUp + [
        Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 1, at: 10, end: 11.2, outcome: .withdrawn),
        Asked(manager: 2, at: 10, end: 99, outcome: .open), Asked(manager: 0, at: 10.5, end: 12),
        Asked(manager: 1, at: 10.6, end: 12.5, outcome: .reassigned), Asked(manager: 0, at: 12.2, end: 13),
      ])
    let sets = Self.sets(choices)
    #expect(sets.count == 2)
    #expect(sets[0] == (0, [1, 1, 2]))
    // The partner passed b's second on at 12.5, and turned to a's last then.
    #expect(sets[1] == (0, [2]))
    #expect(choices.moments[1].raw == Int64(12.5 * 3_600_000))
    #expect(choices.requests == [2, 2, 1])
  }

  @Test func `a partner with one manager has no choices to tell`() {
    let (choices, _) = Self.choices(
      (0..<10).map { Asked(manager: 0, at: Double($0), end: Double($0) + 1.5) })
    #expect(choices.obstacle == .noQueue && choices.sets.count == 0)
  }

  @Test func `days without times tell no order`() {
    let (choices, _) = Self.choices(
      (0..<40).map { Asked(manager: $0 % 3, at: 24 * Double($0 / 4), end: 24 * Double($0 / 3 + 2)) })
    #expect(choices.obstacle == .resolution)
  }

  // 300 open requests, of which half stay; the weights stand for what was left out.
  @Test func `very long queues are sampled, each request weighted by what it stands for`() {
    let (choices, columns) = Self.choices(
      Self.warmUp + [Asked(manager: 0, at: 9.5, end: 11)]
        + (0..<300).map {
          Asked(
            manager: 1 + $0 % 2, at: 10 + 0.001 * Double($0), end: $0 == 150 ? 12 : 99,
            outcome: $0 == 150 ? .answered : .open)
        })
    #expect(choices.sampledSets == 1 && choices.sets.count == 1)
    let size = choices.sets.items.count
    // The oldest of all, which is the oldest of topic and priority too, the newest, and a hundred of the other 298.
    #expect(size == 102)
    let weights = choices.sets.logWeights
    let total = weights.reduce(0) { $0 + exp(Double($1)) }
    #expect(abs(total - 300) < 1e-3)
    let special = (0..<size).filter { choices.sets.bits($0) & 1 == 1 }
    #expect(special.count == 1 && weights[special[0]] == 0 && columns.flags[0] == .oldest)
    #expect(Set(choices.sets.items).count == size)
  }

  // 300 managers with an open request each, of whom 200 aren't in the sample.
  @Test func `queues in which a request stood are counted whole`() {
    let open = (0..<300).map { (number: Int) -> Asked in
      let isPicked = number == 150
      return Asked(
        manager: 1 + Int32(number), at: 10 + 0.001 * Double(number), end: isPicked ? 12 : 99,
        outcome: isPicked ? .answered : .open)
    }
    let (choices, columns) = Self.choices(Self.warmUp + [Asked(manager: 0, at: 9.5, end: 11)] + open)
    #expect(choices.sampledSets == 1 && choices.sets.items.count == 102)
    let zeros = [Double](repeating: 0, count: columns.names.count)
    let records = PickRecord.all(
      choices.sets, queues: choices.queues, picks: choices.choices, chances: choices.sets.probabilities(columns: zeros))
    #expect(choices.managers.count == 301)
    #expect(records.dropFirst().allSatisfy { $0.queues == 1 } && records[0].queues == 0)
    #expect(records.count { $0.expected > 0 } == 102)
    #expect(records.firstIndex { $0.picks == 1 } == 151)
  }

  // As above, but each request has a topic of its own, and is thus the oldest of its topic.
  @Test func `very long queues are sampled where every request is one of a kind`() {
    let (choices, _) = Self.choices(
      Self.warmUp + [Asked(manager: 0, at: 9.5, end: 11)]
        + (0..<300).map {
          Asked(
            manager: 1 + $0 % 2, at: 10 + 0.001 * Double($0), end: $0 == 150 ? 12 : 99, topic: 2 + $0,
            outcome: $0 == 150 ? .answered : .open)
        })
    #expect(choices.sampledSets == 1 && choices.sets.count == 1)
    // The oldest and the newest of all, and a hundred of the other 298.
    #expect(choices.sets.items.count == 102)
    let weights = choices.sets.logWeights
    #expect(weights.count == 102 && weights.count { $0 == 0 } == 2)
    #expect(abs(weights.reduce(0) { $0 + exp(Double($1)) } - 300) < 1e-3)
    #expect(Set(choices.sets.items).count == 102)
  }

  // 150 topics of one request each, the first 150; then 150 more of one topic, one of which is picked.
  @Test func `those that are oldest of many kinds and the rest are sampled apart`() {
    let (choices, columns) = Self.choices(
      Self.warmUp + [Asked(manager: 0, at: 9.5, end: 11)]
        + (0..<300).map {
          Asked(
            manager: 1 + $0 % 2, at: 10 + 0.001 * Double($0), end: $0 == 250 ? 12 : 99, topic: $0 < 150 ? 2 + $0 : 151,
            outcome: $0 == 250 ? .answered : .open)
        })
    let sets = choices.sets
    let bit = columns.bit(.oldestOfTopic)
    let ofKinds = sets.items.indices.filter { sets.bits($0) & bit != 0 }
    let rest = sets.items.indices.filter { sets.bits($0) & bit == 0 }
    // The oldest of all and a hundred of the other 149; the newest of all and a hundred of the other 149.
    #expect(ofKinds.count == 101 && rest.count == 101 && rest.contains(0))
    func total(_ places: [Int]) -> Double { places.reduce(0) { $0 + exp(Double(sets.logWeights[$1])) } }
    #expect(abs(total(ofKinds) - 150) < 1e-3 && abs(total(rest) - 150) < 1e-3)
  }

  // 300 open requests, all of one manager but one, who seldom is in the sample.
  @Test(arguments: [20, 60, 140, 200, 260])
  func `picks are counted where the queue was mixed, whatever its sample shows`(_ other: Int) {
    let open = (0..<300).map { (number: Int) -> Asked in
      let isPicked = number == 150
      return Asked(
        manager: number == other ? 2 : 1, at: 10 + 0.001 * Double(number), end: isPicked ? 12 : 99,
        outcome: isPicked ? .answered : .open)
    }
    let (choices, columns) = Self.choices(Self.warmUp + [Asked(manager: 0, at: 9.5, end: 11)] + open)
    let zeros = [Double](repeating: 0, count: columns.names.count)
    let chances = choices.sets.probabilities(columns: zeros)
    let records = PickRecord.all(choices.sets, queues: choices.queues, picks: choices.choices, chances: chances)
    #expect(choices.sampledSets == 1 && records.map(\.queues) == [0, 1, 1])
    #expect(records.map(\.picks) == [0, 1, 0])
    #expect(abs(records[1].expected + records[2].expected - 1) < 1e-12 && records[1].expected > 0.9)
  }
}
