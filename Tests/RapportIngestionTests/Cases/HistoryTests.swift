import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct HistoryTests {
  static func history(
    _ log: EventLog, asOf: String? = nil, _ change: (inout HistoryOptions) -> Void = { _ in }
  ) throws -> History {
    var options = HistoryOptions(runStart: EventLog.instant("2027-01-01"))
    options.asOf = asOf.map { EventLog.instant($0) }
    change(&options)
    return try log.ledger.history(options)
  }

  static func at(_ text: String) -> Instant { EventLog.instant(text) }

  /// A row of Ann's case 1.
  struct Row {
    var time: String
    var kind: EventKind
    var partner: String
    var actor: Party?

    init(_ time: String, _ kind: EventKind, _ partner: String = "pat", by actor: Party? = nil) {
      (self.time, self.kind, self.partner, self.actor) = (time, kind, partner, actor)
    }
  }

  /// What rows tell in their order, and turned round.
  static func bothWays(_ rows: [Row]) throws -> [History] {
    try [rows, Array(rows.reversed())].map { rows in
      var log = EventLog()
      for row in rows { log.event(row.time, row.kind, "ann", row.partner, case: "1", by: row.actor) }
      return try history(log)
    }
  }

  // MARK: Requests

  // By hand: asked Monday 09:00, answered 11:30 = 9,000 s; resolved Tuesday; as of the resolution.
  @Test func `one request, answered`() throws {
    var log = EventLog()
    log.event(
      "2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2026-03-02 12:00", topic: "pay", priority: "high",
      channel: "mail")
    log.event("2026-03-02 11:30", .response, "ann", "pat", case: "1")
    log.event("2026-03-03 09:00", .resolution, "ann", "pat", case: "1")
    let history = try Self.history(log)
    let spell = try #require(history.spells.first)
    #expect(history.spells.count == 1)
    #expect(history.managers == ["ann"] && history.partners == ["pat"])
    #expect(history.topics == ["pay"] && history.priorities == ["high"] && history.channels == ["mail"])
    #expect([spell.manager, spell.partner, spell.topic, spell.priority, spell.channel] == [0, 0, 0, 0, 0])
    #expect(spell.outcome == .answered && spell.asker == .manager && spell.isFirst)
    #expect(spell.workingSeconds == 9_000 && spell.elapsedSeconds == 9_000 && spell.pausedSeconds == 0)
    #expect(spell.due == Self.at("2026-03-02 12:00") && spell.resolved == Self.at("2026-03-03 09:00"))
    #expect(spell.hourOfWeek == 9 && spell.openedMonth == Month(year: 2026, month: 3))
    #expect(history.asOf == Self.at("2026-03-03 09:00") && history.firstEvent == Self.at("2026-03-02 09:00"))
    #expect(history.dataQuality.requests.total == 1 && history.dataQuality.requests.answered == 1)
    #expect(history.dataQuality.eventsUsed == 3 && history.dataQuality.rowsRead == 3)
    #expect(history.kinds == [.request, .response, .resolution])
    #expect(!history.hasWorkingCalendar)
  }

  // By hand: the last event is on 2 March; 45 days later is 16 April, one more is told.
  @Test func `an as-of long after the last event is told, and one in the future refused`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 12:00", .response, "ann", "pat", case: "1")
    let note = "No event in the last 46 days before the moment that this is about"
    for (asOf, isTold) in [("2026-03-02 12:00", false), ("2026-04-17 11:59", false), ("2026-04-17 12:00", true)] {
      let quality = try Self.history(log, asOf: asOf).dataQuality
      #expect(quality.notes.contains { $0.hasPrefix(note) } == isTold, "\(asOf)")
    }
    // Of events after as-of, the last one up to it counts.
    log.event("2026-09-01", .request, "ann", "pat", case: "2")
    #expect(try Self.history(log, asOf: "2026-08-01").silenceNote?.hasPrefix("No event in the last 151 days") == true)
    #expect(try Self.history(log).silenceNote == nil)
    // The run started on 1 January 2027.
    #expect(try Self.history(log, asOf: "2027-01-02").asOf == Self.at("2027-01-02"))
    let error = #expect(throws: IngestionError.self) { try Self.history(log, asOf: "2027-01-03") }
    #expect(error?.kind == .usage && error?.description.hasPrefix("--as-of lies in the future") == true)
  }

  @Test func `an open request is censored at as-of`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .request, "bob", "pat", case: "2")
    log.event("2026-03-02 12:00", .response, "bob", "pat", case: "2")
    let history = try Self.history(log)
    #expect(history.spells.map(\.outcome) == [.open, .answered])
    #expect(history.spells[0].workingSeconds == 3 * 3600 && history.spells[0].ended == history.asOf)
    // Ann's request was open when Bob's arrived.
    #expect(history.spells.map(\.backlogAtArrival) == [0, 1])
    // An earlier moment: both open, and the response is yet to come.
    let earlier = try Self.history(log, asOf: "2026-03-02 11:00")
    #expect(earlier.spells.map(\.outcome) == [.open, .open])
    #expect(earlier.dataQuality.observations["afterAsOf"]?.count == 1)
    // Earlier still: Bob's request isn't known.
    let first = try Self.history(log, asOf: "2026-03-02 09:30")
    #expect(first.spells.count == 1 && first.dataQuality.observations["afterAsOf"]?.count == 2)
    // Later: waits go on.
    #expect(try Self.history(log, asOf: "2026-03-03 09:00").spells[0].workingSeconds == 86_400)
  }

  @Test func `events after the start of the run don't move as-of`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2030-01-01")
    log.event("2026-03-04 09:00", .absence, "ann", due: "2030-01-01")
    #expect(try Self.history(log).asOf == Self.at("2026-03-04 09:00"))
    let early = try Self.history(log) { $0.runStart = Self.at("2026-03-03") }
    #expect(early.asOf == Self.at("2026-03-03"))
  }

  // The partner asks: only the manager's response answers.
  @Test func `a request of the partner is answered by the manager`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", by: .partner)
    log.event("2026-03-02 10:00", .response, "ann", "pat", case: "1", by: .partner)
    log.event("2026-03-02 12:00", .response, "ann", "pat", case: "1", by: .manager)
    log.event("2026-03-02 13:00", .response, "ann", "pat", case: "1", by: .manager)
    let spell = try #require(try Self.history(log).spells.first)
    #expect(spell.asker == .partner && spell.outcome == .answered && spell.workingSeconds == 3 * 3600)
  }

  // Pat holds it 2 h, Quin 3 h until the answer.
  @Test func `a reassignment ends one spell and opens the next`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 11:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 14:00", .response, "ann", "quin", case: "1")
    let history = try Self.history(log)
    #expect(history.spells.map(\.outcome) == [.reassigned, .answered])
    #expect(history.spells.map(\.partner) == [0, 1])
    #expect(history.spells.map(\.workingSeconds) == [7_200, 10_800])
    #expect(history.spells.map(\.isFirst) == [true, false])
    #expect(history.spells[0].request == history.spells[1].request)
    #expect(history.spells[1].opened == Self.at("2026-03-02 09:00"))
    #expect(history.spells[1].entered == Self.at("2026-03-02 11:00"))
    #expect(history.dataQuality.requests.total == 1 && history.dataQuality.requests.reassigned == 1)
    #expect(history.dataQuality.requests.answered == 1)
  }

  @Test func `who answers without a reassignment has the case`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 14:00", .response, "ann", "quin", case: "1")
    let history = try Self.history(log)
    #expect(history.spells.count == 1 && history.partners[Int(history.spells[0].partner)] == "quin")
  }

  // Since when it was Quin's isn't known, unless a row says that it was passed on; a request that named nobody was nobody else's.
  @Test func `an answer by somebody else than the partner asked is told`() throws {
    let seconds = ["2026-03-02 09:00:01", "2026-03-02 11:00:01", "2026-03-02 14:00:01"]
    for times in [seconds, ["2026-03-02", "2026-03-03", "2026-03-04"]] {
      for isPassedOn in [false, true] {
        var rows = [Row(times[0], .request), Row(times[2], .response, "quin")]
        if isPassedOn { rows.append(Row(times[1], .reassign, "quin")) }
        for history in try Self.bothWays(rows) {
          let found = history.dataQuality.observations["answeredByOther"]
          #expect(history.spells.last?.answeredByOther == !isPassedOn && history.spells.count == (isPassedOn ? 2 : 1))
          #expect(history.spells.last.map { history.partners[Int($0.partner)] } == "quin")
          #expect(found?.count == (isPassedOn ? nil : 1))
          #expect(isPassedOn || found?.examples == [.init("request '1'")])
          #expect(isPassedOn || found?.advice.contains("Export the reassignment") == true)
        }
      }
    }
    var log = EventLog()
    log.row(case: "1", "ann", opened: "2026-03-02 09:00")
    log.event("2026-03-02 14:00", .response, "ann", "quin", case: "1")
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "2", by: .partner)
    log.event("2026-03-02 14:00", .response, "ann", "quin", case: "2", by: .manager)
    #expect(try Self.history(log).dataQuality.observations["answeredByOther"] == nil)
  }

  // The name that sorts first had it: Pat got all of Quin's requests on whose day of answer Pat had added a note.
  @Test(arguments: ["2026-03-04 14:00:07", "2026-03-04"])
  func `of partners' answers at one instant that of whose request it is counts`(_ time: String) throws {
    func told(_ rows: [Row]) throws -> [History] {
      try Self.bothWays(rows + [Row(time, .response), Row(time, .response, "quin"), Row(time, .response, "roy")])
    }
    for partner in ["pat", "quin", "roy"] {
      for history in try told([Row("2026-03-02", .request, partner)]) {
        let spell = history.spells[0]
        #expect(history.spells.count == 1 && history.partners[Int(spell.partner)] == partner && !spell.answeredByOther)
        #expect(spell.outcome == .answered && spell.ended == Self.at(time))
        #expect(history.dataQuality.duplicates == 0 && history.dataQuality.eventsUsed == 4)
      }
    }
    for history in try told([Row("2026-03-02", .request), Row("2026-03-03", .reassign, "roy")]) {
      #expect(history.spells.map { history.partners[Int($0.partner)] } == ["pat", "roy"])
      #expect(history.spells.map(\.outcome) == [.reassigned, .answered])
      #expect(history.dataQuality.observations["answeredByOther"] == nil)
    }
    // Of others the one who sorts first.
    for history in try told([Row("2026-03-02", .request, "sue")]) {
      #expect(history.partners[Int(history.spells[0].partner)] == "pat" && history.spells[0].answeredByOther)
    }
  }

  // A mapping that calls everybody a manager left all requests open, and all rows were called used.
  @Test func `a response by the one who asked, or after the withdrawal, answers nothing and is told`() throws {
    func told(_ steps: [(EventKind, Party)], asker: Party = .manager) throws -> DataQuality {
      var log = EventLog()
      log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", by: asker)
      for (hour, step) in steps.enumerated() {
        log.event("2026-03-02 1\(hour):00", step.0, "ann", "pat", case: "1", by: step.1)
      }
      let quality = try Self.history(log).dataQuality
      #expect(quality.rowsRead == quality.eventsUsed + quality.eventsLeftOut)
      return quality
    }
    for asker in Party.allCases {
      let quality = try told([(.response, asker)], asker: asker)
      #expect(quality.requests.open == 1 && quality.eventsUsed == 1 && quality.kinds["response"] == nil)
      let found = try #require(quality.observations["answersNothing"])
      #expect(found.count == 1 && found.consequence == .leftOut && found.examples == [.init("request '1'")])
    }
    // The remark of who asked, the answer, another remark and the answer's sequel.
    let talk = try told([(.response, .manager), (.response, .partner), (.response, .manager), (.response, .partner)])
    #expect(talk.requests.answered == 1 && talk.kinds["response"] == 2)
    #expect(talk.observations["answersNothing"]?.count == 2)
    let late = try told([(.withdraw, .manager), (.response, .partner)])
    #expect(late.requests.withdrawn == 1 && late.observations["answersNothing"]?.count == 1 && late.eventsUsed == 2)
    #expect(try told([(.response, .partner)]).observations["answersNothing"] == nil)
  }

  @Test func `steps of a request that is over are told`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-02 11:00", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 12:00", .resume, "ann", "pat", case: "1")
    log.event("2026-03-02 13:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 14:00", .withdraw, "ann", "quin", case: "1")
    log.event("2026-03-02 15:00", .resolution, "ann", "quin", case: "1")
    let history = try Self.history(log)
    let found = try #require(history.dataQuality.observations["stepsAfterEnd"])
    #expect(found.count == 4 && found.consequence == .used && found.examples == [.init("request '1'")])
    #expect(history.dataQuality.eventsUsed == 7 && history.spells.count == 1 && history.spells[0].outcome == .answered)
  }

  // 09:00 asked, paused 10:00–11:00, and again from 12:00 until answered at 13:00: 4 h less 2 h.
  @Test func `pauses stop the clock`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 10:30", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 11:00", .resume, "ann", "pat", case: "1")
    log.event("2026-03-02 12:00", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 13:00", .response, "ann", "pat", case: "1")
    let history = try Self.history(log)
    let spell = history.spells[0]
    #expect(spell.workingSeconds == 7_200 && spell.pausedSeconds == 7_200 && spell.elapsedSeconds == 14_400)
    #expect(history.dataQuality.observations["pausedShare"]?.count == 1)
    #expect(history.dataQuality.observations["pausedShare"]?.advice.contains("50.0 %") == true)
    #expect(history.dataQuality.observations["repeatedSteps"]?.count == 1)
  }

  // Minutes and dates give a short pause and its end one stamp. It never ended: the clock stood still until the answer.
  @Test(arguments: ["", " 10:00", " 10:00:07"])
  func `a pause and its end at one instant take turns by whether the clock runs`(_ time: String) throws {
    func day(_ day: Int) -> String { "2026-03-0\(day)\(time)" }
    let short = [Row(day(2), .request), Row(day(3), .pause), Row(day(3), .resume), Row(day(5), .response)]
    // Both sides write down both.
    let twice = short + [Row(day(3), .pause, by: .manager), Row(day(3), .resume, by: .manager)]
    for history in try Self.bothWays(short) + Self.bothWays(twice) {
      #expect(history.spells[0].workingSeconds == 3 * 86_400 && history.spells[0].pausedSeconds == 0)
      #expect(history.dataQuality.observations["repeatedSteps"] == nil)
    }
    // Paused on the 3rd, again on the 4th, until the 6th.
    let again = [
      Row(day(2), .request), Row(day(3), .pause), Row(day(4), .resume), Row(day(4), .pause), Row(day(6), .resume),
      Row(day(7), .response),
    ]
    for history in try Self.bothWays(again) {
      #expect(history.spells[0].workingSeconds == 2 * 86_400 && history.spells[0].pausedSeconds == 3 * 86_400)
      #expect(history.dataQuality.observations["repeatedSteps"] == nil)
    }
    // A pause before the request never was.
    let early = [Row(day(1), .pause)] + short
    for history in try Self.bothWays(early) {
      #expect(history.spells[0].pausedSeconds == 0 && history.dataQuality.observations["outOfOrder"]?.count == 1)
    }
  }

  @Test func `a pause goes on over a reassignment`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 11:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 12:00", .resume, "ann", "quin", case: "1")
    log.event("2026-03-02 13:00", .withdraw, "ann", "quin", case: "1")
    let history = try Self.history(log)
    #expect(history.spells.map(\.outcome) == [.reassigned, .withdrawn])
    #expect(history.spells.map(\.workingSeconds) == [3_600, 3_600])
    #expect(history.spells.map(\.pausedSeconds) == [3_600, 3_600])
    #expect(history.dataQuality.requests.withdrawn == 1)
  }

  @Test func `a reopening within 30 days is remembered`() throws {
    var log = EventLog()
    for (key, day) in [("1", "2026-03-31 10:00"), ("2", "2026-04-15 10:00")] {
      log.event("2026-03-02 09:00", .request, "ann", "pat", case: key)
      log.event("2026-03-02 10:00", .response, "ann", "pat", case: key)
      log.event("2026-03-02 11:00", .resolution, "ann", "pat", case: key)
      log.event(day, .reopen, "ann", "pat", case: key)
    }
    let history = try Self.history(log)
    #expect(history.spells.filter(\.reopenedWithin30Days).count == 1)
    #expect(history.spells.allSatisfy { $0.resolved == Self.at("2026-03-02 11:00") })
  }

  // Reopened 48 days after it was resolved, and resolved again on that day: it lasts since then. Reopened on the day on which it
  // was resolved, or ten days later, it didn't last.
  @Test(arguments: ["", " 10:00:07"])
  func `a resolution and a reopening at one instant take turns by whether it was resolved`(_ time: String) throws {
    func told(_ steps: [(String, EventKind)]) throws -> [RequestSpell] {
      let rows = [Row("2026-03-02" + time, .request), Row("2026-03-02" + time, .response)]
      return try Self.bothWays(rows + steps.map { Row($0.0 + time, $0.1) }).map { $0.spells[0] }
    }
    for spell in try told([("2026-03-03", .resolution), ("2026-04-20", .reopen), ("2026-04-20", .resolution)]) {
      #expect(!spell.reopenedWithin30Days && spell.resolved == Self.at("2026-04-20" + time))
    }
    for spell in try told([("2026-03-03", .resolution), ("2026-03-13", .reopen), ("2026-03-13", .resolution)]) {
      #expect(spell.reopenedWithin30Days && spell.resolved == Self.at("2026-03-03" + time))
    }
    for spell in try told([("2026-03-03", .resolution), ("2026-03-03", .reopen)]) {
      #expect(spell.reopenedWithin30Days && spell.resolved == Self.at("2026-03-03" + time))
    }
  }

  @Test func `impossible orders are counted and left out`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 08:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-02 07:00", .resolution, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .response, "ann", "pat", case: "orphan")
    log.event("2026-03-02 10:00", .reopen, "ann", "pat", case: "orphan")
    let history = try Self.history(log)
    #expect(history.spells.count == 1)
    #expect(history.spells[0].outcome == .open && history.spells[0].excludedFromWaits)
    let seen = history.dataQuality.observations
    #expect(seen["negativeWait"]?.count == 1 && seen["outOfOrder"]?.count == 1)
    #expect(seen["orphanResponse"]?.count == 1 && seen["orphanReopen"]?.count == 1)
    #expect(seen["orphanResponse"]?.examples == [.init("request 'orphan'")])
    #expect(seen["negativeWait"]?.examples == [.init("request '1'")])
    #expect(history.dataQuality.eventsUsed == 1)
  }

  @Test func `rows name the last partner only, which is told unless steps say who had them before`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", "pat", opened: "2026-03-02 09:00", responded: "2026-03-02 10:00")
    log.row(case: "2", "bob", "pat", opened: "2026-03-02 09:00")
    // One partner: nobody to pass it on to.
    #expect(try Self.history(log).dataQuality.observations["lastPartnerOnly"] == nil)
    log.row(case: "3", "bob", "kim", opened: "2026-03-02 09:00")
    #expect(try Self.history(log).dataQuality.observations["lastPartnerOnly"]?.count == 3)
    log.event("2026-03-02 12:00", .reassign, "bob", "pat", case: "3")
    let history = try Self.history(log)
    #expect(history.dataQuality.requests.reassigned == 1 && history.dataQuality.requests.tabular == 3)
    #expect(history.dataQuality.observations["lastPartnerOnly"] == nil)
  }

  @Test func `case tables: open without a partner is unassigned, answered is responder unknown`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", opened: "2026-03-02 09:00")
    log.row(case: "2", "ann", opened: "2026-03-02 09:00", responded: "2026-03-02 10:00")
    log.row(
      case: "3", "ann", "pat", opened: "2026-03-02 09:00", responded: "2026-03-02 12:00",
      resolved: "2026-03-03 09:00", due: "2026-03-02 17:00")
    log.row(case: "4", "ann", "pat", opened: "2026-03-02 09:00", withdrawn: "2026-03-02 13:00")
    log.row(case: "5", "ann", "pat", opened: "2026-03-02 09:00", excluded: true)
    log.row(case: "3", "zoe", "pat", opened: "2026-03-05 09:00")
    let history = try Self.history(log)
    let requests = history.dataQuality.requests
    #expect(requests.total == 5 && requests.answered == 2 && requests.withdrawn == 1)
    #expect(requests.open == 2 && requests.unassigned == 1 && requests.tabular == 5)
    #expect(history.dataQuality.observations["responderUnknown"]?.count == 1)
    #expect(history.dataQuality.observations["excludedFromWaits"]?.count == 1)
    #expect(history.dataQuality.rejected == ["caseRepeats": 1])
    #expect(history.dataQuality.rowsRead == 6)
    #expect(history.spells.prefix(2).allSatisfy { $0.partner == -1 })
    let three = try #require(history.spells.first { $0.due.isPresent })
    #expect(three.workingSeconds == 3 * 3600 && three.outcome == .answered)
    // Row 5's end isn't known, so it stands in nobody's queue.
    #expect(history.spells.allSatisfy { $0.backlogAtArrival == 0 })
  }

  // Two answers of a service desk lay before their requests: the time was removed, and 'responded' was mapped.
  @Test func `to map answers is advised only where none was read`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", "pat", opened: "2026-03-02 09:00", resolved: "2026-03-03 09:00")
    let told = "Resolved, but without a usable time of an answer, and not withdrawn; they count as open."
    func advice() throws -> String? {
      try Self.history(log).dataQuality.observations["resolvedWithoutResponse"]?.advice
    }
    #expect(
      try advice() == "\(told) If a resolution is an answer in your system, map its time to 'responded' as well.")
    log.row(case: "2", "ann", "pat", opened: "2026-03-02 09:00", responded: "2026-03-02 10:00")
    #expect(try advice() == told)
  }

  @Test func `a case table and an event log may tell of one case together`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", "pat", opened: "2026-03-02 09:00")
    log.event("2026-03-02 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-02 12:00", .request, "ann", "pat", case: "2")
    let history = try Self.history(log)
    #expect(history.spells.map(\.outcome) == [.answered, .open])
    #expect(history.dataQuality.requests.total == 2)
  }

  // MARK: Working time

  // Asked Friday 16:00, answered Monday 11:00 by Pat, who works 09:00–17:00 and is away on Monday until 10:00: 1 + 1 h.
  @Test func `working time follows calendars, rosters and absences`() throws {
    var log = EventLog()
    log.event("2026-03-06 16:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-09 00:00", .absence, "ann", "pat", by: .partner, due: "2026-03-09 10:00")
    log.event("2026-03-09 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-06 16:00", .request, "ann", "quin", case: "2")
    log.event("2026-03-09 11:00", .response, "ann", "quin", case: "2")
    var quin = Roster.Entry(id: "quin")
    quin.calendar = "early"
    quin.attributes = ["function": "ld"]
    let history = try Self.history(log) {
      $0.calendars["office"] = WorkingCalendarTests.definition(zone: "UTC")
      $0.calendars["early"] = WorkingCalendarTests.definition(["06:00-12:00"], zone: "UTC")
      $0.defaultCalendar = "office"
      $0.rosters = [Roster(party: .partner, entries: [quin, Roster.Entry(id: "unknown")])]
    }
    #expect(history.hasWorkingCalendar)
    #expect(history.spells.map(\.workingSeconds) == [7_200, 5 * 3600])
    #expect(history.spells.map(\.elapsedSeconds) == [67 * 3600, 67 * 3600])
    #expect(history.partnerAttributes["function"] == [nil, "ld"])
    #expect(history.dataQuality.observations["notInEvents"]?.count == 1)
  }

  // Rosters that contradicted the events passed in silence: Pat left in March and answers in April, Ann joins in May.
  @Test func `what a roster says that the events contradict is told, with names`() throws {
    var log = EventLog()
    log.event("2026-03-31 16:00", .request, "ann", "pat", case: "1")
    log.event("2026-04-02 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-04-03 11:00", .checkIn, "bob.stone", "pat")
    log.event("2026-05-02 11:00", .checkIn, "ann", "quin")
    log.event("2026-06-02 11:00", .checkIn, "bob.stone", "roy")
    // How many anonymous ratings there are of one manager isn't told.
    log.event("2026-03-05", .survey, "ann", value: 4)
    var (ann, pat) = (Roster.Entry(id: "ann"), Roster.Entry(id: "pat"))
    ann.from = Self.at("2026-05-01")
    pat.until = Self.at("2026-04-01")
    let quality = try Self.history(log) {
      $0.rosters = [
        Roster(party: .manager, entries: [ann, Roster.Entry(id: "bob.stnoe"), Roster.Entry(id: "zoe")]),
        Roster(party: .partner, entries: [pat, Roster.Entry(id: "quin")]),
      ]
    }.dataQuality
    let outside = try #require(quality.observations["outsideRole"])
    // Ann's request of March; Pat's answer and check-in of April.
    #expect(outside.count == 3 && outside.consequence == .used)
    #expect(outside.examples.map(\.found) == ["partner 'pat': 2 after 'until'", "manager 'ann': 1 before 'from'"])
    #expect(quality.observations["notInRoster"]?.count == 2)
    #expect(
      quality.observations["notInRoster"]?.examples.map(\.found)
        == ["manager 'bob.stone' (in the roster: 'bob.stnoe')", "partner 'roy'"])
    #expect(
      quality.observations["notInEvents"]?.examples.map(\.found)
        == ["manager 'bob.stnoe' (in the events: 'bob.stone')", "manager 'zoe'"])
    // Nobody is missing in a roster that isn't there.
    let without = try Self.history(log).dataQuality.observations
    #expect(without["notInRoster"] == nil && without["outsideRole"] == nil)
  }

  // Of two partners who both take a weekend, the one without a calendar looked many times as slow, and nothing said why.
  @Test func `partners without a calendar among others with one are told, and calendars that nobody uses`() throws {
    var log = EventLog()
    log.event("2026-03-06 16:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-09 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-06 16:00", .request, "ann", "quin", case: "2")
    log.event("2026-03-09 11:00", .response, "ann", "quin", case: "2")
    // Roy answers no request, so that his hours don't matter.
    log.event("2026-03-09 11:00", .checkIn, "ann", "roy")
    func history(_ own: [(Party, String)], common: Bool = false) throws -> History {
      try Self.history(log) {
        $0.calendars["office"] = WorkingCalendarTests.definition(zone: "UTC")
        if common { $0.defaultCalendar = "office" }
        $0.rosters = own.map { party, name in
          var entry = Roster.Entry(id: name)
          entry.calendar = "office"
          return Roster(party: party, entries: [entry])
        }
      }
    }
    let mixed = try history([(.partner, "pat")])
    #expect(mixed.calendarGaps.count == 1 && mixed.calendarNote == nil)
    #expect(
      mixed.calendarGaps.first?.hasPrefix(
        "1 partner has no calendar (quin) though others have: every hour counts for this one, so this one's waits don't compare with "
          + "the others'.") == true)
    #expect(mixed.dataQuality.observations["partnersWithoutCalendar"]?.examples.map(\.found) == ["'quin'"])
    #expect(mixed.dataQuality.notes.allSatisfy { !$0.contains("calendar") })
    // Managers have a calendar, and nobody whose hours waits are told in.
    let managersOnly = try history([(.manager, "ann")])
    #expect(managersOnly.dataQuality.observations["partnersWithoutCalendar"]?.count == 2)
    for whole in [
      try history([(.partner, "pat"), (.partner, "quin")]), try history([(.partner, "pat")], common: true),
    ] {
      #expect(whole.calendarGaps.isEmpty && whole.dataQuality.observations["partnersWithoutCalendar"] == nil)
    }
    let unused = try history([])
    #expect(unused.calendarNote == History.noCalendar)
    #expect(
      unused.calendarGaps.first?.hasPrefix(
        "Calendar 'office' is defined in the configuration and used by nobody whom an event names.") == true)
    #expect(unused.dataQuality.notes.contains(unused.calendarGaps[0]))
  }

  @Test func `a calendar that isn't defined is named`() throws {
    var log = EventLog()
    log.event("2026-03-06 16:00", .request, "ann", "pat", case: "1")
    let error = #expect(throws: IngestionError.self) {
      try Self.history(log) {
        $0.calendars["office"] = WorkingCalendarTests.definition()
        $0.defaultCalendar = "ofice"
      }
    }
    #expect(error?.kind == .configuration && error?.description.contains("did you mean 'office'?") == true)
  }

  // MARK: Promises, feedback, conflicts

  // A due time with last year's number made half of all promises broken ones, and nothing said so.
  @Test func `a promise due before it was made has no due time, and is told`() throws {
    var log = EventLog()
    for (key, due) in [("1", "2025-03-05"), ("2", "2026-03-02 08:59"), ("3", "2026-03-02 09:00")] {
      log.event("2026-03-02 09:00", .commitment, "ann", "pat", case: key, due: due)
      log.event("2026-03-04 09:00", .fulfilment, "ann", "pat", case: key, by: .manager)
    }
    log.event("2026-03-02 09:00", .goal, "ann", "pat", case: "4", due: "2025-12-31")
    // Moved to before it was made, then to a day that can be.
    log.event("2026-03-02 09:00", .commitment, "ann", "pat", case: "5", due: "2026-03-20")
    log.event("2026-03-03", .renegotiation, "ann", "pat", case: "5", due: "2025-03-25")
    log.event("2026-03-04", .renegotiation, "ann", "pat", case: "5", due: "2026-03-25")
    let history = try Self.history(log, asOf: "2026-04-01")
    let due = history.promises.filter { $0.family == .commitment }.map(\.due)
    #expect(due.count { !$0.isPresent } == 2)
    #expect(Set(due) == [.absent, Self.at("2026-03-02 09:00"), Self.at("2026-03-25")])
    #expect(history.promises.filter { !$0.due.isPresent }.allSatisfy { !$0.firstDue.isPresent })
    #expect(history.promises.first { $0.family == .goal }?.due == .absent)
    let found = try #require(history.dataQuality.observations["dueBeforePromise"])
    #expect(found.count == 4 && found.consequence == .valueRemoved)
    #expect(Set(found.examples.map(\.found)) == ["commitment '1'", "commitment '2'", "commitment '5'", "goal '4'"])
  }

  @Test func `promises: kept, late, released, renegotiated, open`() throws {
    var log = EventLog()
    log.event("2026-03-02", .commitment, "ann", "pat", case: "1", due: "2026-03-10")
    log.event("2026-03-09", .fulfilment, "ann", "pat", case: "1", by: .manager)
    log.event("2026-03-02", .commitment, "ann", "pat", case: "2", due: "2026-03-10")
    log.event("2026-03-05", .renegotiation, "ann", "pat", case: "2", due: "2026-04-10")
    log.event("2026-04-11", .fulfilment, "ann", "pat", case: "2", by: .partner)
    log.event("2026-03-02", .commitment, "ann", "pat", case: "3", by: .manager, due: "2026-03-10")
    log.event("2026-03-04", .release, "ann", "pat", case: "3")
    log.event("2026-03-02", .goal, "ann", "pat", case: "1", due: "2026-06-01")
    log.event("2026-03-02", .fulfilment, "ann", "pat", case: "9")
    let history = try Self.history(log)
    #expect(history.promises.count == 4)
    let kept = try #require(history.promises.first { $0.kept == Self.at("2026-03-09") })
    #expect(kept.promiser == .partner && !kept.selfConfirmed && kept.knownMonth == Month(year: 2026, month: 3))
    let late = try #require(history.promises.first { $0.renegotiations == 1 })
    #expect(late.firstDue == Self.at("2026-03-10") && late.due == Self.at("2026-04-10"))
    #expect(late.selfConfirmed && late.knownMonth == Month(year: 2026, month: 4))
    let released = try #require(history.promises.first { $0.released.isPresent })
    #expect(released.promiser == .manager && !released.kept.isPresent)
    let goal = try #require(history.promises.first { $0.family == .goal })
    #expect(goal.knownMonth == nil && !goal.kept.isPresent)
    #expect(history.dataQuality.observations["selfConfirmed"]?.count == 1)
    #expect(history.dataQuality.observations["orphanFulfilment"]?.count == 1)
  }

  // By hand: due 10 March. Let go on the 10th it counts as released; on the 11th it was missed already, known in March; on
  // the 12th after moving the date to 20 March in time, released again; after being kept, kept.
  @Test func `a release after the due time leaves the promise missed`() throws {
    var log = EventLog()
    for (key, release) in [("1", "2026-03-10"), ("2", "2026-04-11"), ("3", "2026-03-12"), ("4", "2026-03-09")] {
      log.event("2026-03-02", .commitment, "ann", "pat", case: key, due: "2026-03-10")
      log.event(release, .release, "ann", "pat", case: key)
    }
    log.event("2026-03-05", .renegotiation, "ann", "pat", case: "3", due: "2026-03-20")
    log.event("2026-03-05", .fulfilment, "ann", "pat", case: "4", by: .manager)
    log.event("2026-05-01", .checkIn, "ann", "pat", value: 30)
    let promises = try Self.history(log).promises
    #expect(promises.count == 4)
    let released = promises.filter { $0.released.isPresent }
    #expect(released.map(\.released).sorted() == [Self.at("2026-03-10"), Self.at("2026-03-12")])
    let missed = try #require(promises.first { !$0.released.isPresent && !$0.kept.isPresent })
    #expect(missed.knownMonth == Month(year: 2026, month: 3) && missed.due == Self.at("2026-03-10"))
    #expect(promises.contains { $0.kept == Self.at("2026-03-05") && !$0.released.isPresent })
  }

  @Test func `feedback and conflicts`() throws {
    var log = EventLog()
    log.event("2026-03-02", .feedback, "ann", "pat", case: "1")
    log.event("2026-03-12", .followUp, "ann", "pat", case: "1")
    log.event("2026-03-02", .feedback, "ann", "pat", case: "2", by: .partner)
    log.event("2026-03-02", .conflict, "ann", "pat", case: "1")
    log.event("2026-03-05", .settlement, "ann", "pat", case: "1")
    log.event("2026-03-08", .conflict, "ann", "pat", case: "1")
    for (day, kind) in [("02", EventKind.conflict), ("05", .settlement), ("08", .conflict), ("09", .settlement)] {
      log.event("2026-03-\(day)", kind, "ann", "pat", case: "2")
    }
    let history = try Self.history(log)
    #expect(history.feedback.count == 2)
    #expect(history.feedback.first { $0.giver == .manager }?.followedUp == Self.at("2026-03-12"))
    #expect(history.feedback.first { $0.giver == .partner }?.followedUp.isPresent == false)
    // Both were settled on the 5th and raised again on the 8th; one was settled once more.
    #expect(history.conflicts.count == 2)
    #expect(history.conflicts.allSatisfy { $0.settled == Self.at("2026-03-05") && $0.reopened })
    #expect(history.conflicts.count(where: \.isOver) == 1)
  }

  // Settled on the 5th: raised again and settled on the 8th it is over, raised again on the 5th it isn't, and both times it was
  // raised again. Raised and settled on one day it was raised once.
  @Test(arguments: ["", " 10:00:07"])
  func `a settlement and a new conflict at one instant take turns by whether it was settled`(_ time: String) throws {
    let days: [(steps: [(String, EventKind)], settled: String, reopened: Bool, isOver: Bool)] = [
      ([("05", .settlement), ("08", .conflict), ("08", .settlement)], "05", true, true),
      ([("05", .settlement), ("05", .conflict)], "05", true, false),
      ([("02", .settlement)], "02", false, true),
    ]
    for (steps, settled, reopened, isOver) in days {
      let rows = [Row("2026-03-02" + time, .conflict)] + steps.map { Row("2026-03-\($0.0)\(time)", $0.1) }
      for history in try Self.bothWays(rows) {
        let conflict = try #require(history.conflicts.first)
        #expect(history.conflicts.count == 1 && conflict.settled == Self.at("2026-03-\(settled)\(time)"))
        #expect(conflict.reopened == reopened && conflict.isOver == isOver)
      }
    }
  }

  // MARK: Contacts

  @Test func `contacts keep value and actor; protected ones are only counted`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .checkIn, "ann", "pat", value: 30)
    log.event("2026-03-03 09:00", .escalation, "ann", channel: "protected")
    log.event("2026-03-04 09:00", .survey, "ann", value: 4.5)
    log.event("2026-03-05 09:00", .concern, "ann", "pat")
    log.event("2026-03-06 09:00", .decision, "ann", "pat", value: 1, id: 77)
    log.event("2026-03-06 10:00", .decision, "ann", "pat", value: 0, id: 77)
    let history = try Self.history(log)
    #expect(history.contacts.map(\.kind) == [.survey, .checkIn, .decision])
    #expect(history.contacts.map(\.thousandths) == [4_500, 30_000, 1_000])
    #expect(history.contacts[1].actor == .partner && history.contacts[1].partner == 0)
    #expect(history.kinds == [.checkIn, .survey, .decision])
    #expect(history.dataQuality.kinds == ["check_in": 1, "decision": 1])
    #expect(history.dataQuality.duplicates == 1)
  }

  // How many were said in protection was `escalation 6` less the escalations of all managers, and how many anonymous ratings are set
  // aside `survey 59` less all that are used.
  @Test func `confidential events are told together, in whole groups, and subtraction gives no more`() throws {
    for count in 0...11 {
      var log = EventLog()
      log.event("2026-03-01 09:00", .escalation, "ann", "pat")
      log.event("2026-03-01 10:00", .survey, "ann", "pat", value: 4)
      for n in 0..<count {
        switch n % 3 {
        case 0: log.event("2026-03-02 \(10 + n):00", .concern, "ann", "pat")
        case 1: log.event("2026-03-02 \(10 + n):00", .escalation, "ann", "pat", channel: "protected")
        default: log.event("2026-03-02 \(10 + n):00", .survey, "ann", value: 4)
        }
      }
      let quality = try Self.history(log, asOf: "2026-04-01").dataQuality
      #expect(quality.kinds == ["escalation": 1, "survey": 1])
      #expect(quality.confidential == count / 5 * 5)
      #expect(quality.eventsUsed == 2 + quality.confidential && quality.rowsRead == quality.eventsUsed)
      // As of a moment before, within and after: nothing that is told of them moves.
      for moment in ["2026-03-01 11:00", "2026-03-02 12:30", "2026-03-03"] {
        let earlier = try Self.history(log, asOf: moment).dataQuality
        #expect(earlier.observations["afterAsOf"] == nil && earlier.confidential == quality.confidential)
        #expect(earlier.rowsRead == quality.rowsRead && earlier.eventsUsed == quality.eventsUsed)
      }
    }
  }

  // Of 216 anonymous ratings by day 149 were merged as duplicates, and nothing said so. Here three of one day, two of them alike.
  @Test func `rows without a case that repeat another are told, with the cure`() throws {
    var log = EventLog()
    for (value, id) in [(4, 7), (4, 7), (5, 8)] as [(Double, UInt64)] {
      log.event("2026-03-02", .survey, "ann", value: value, id: id)
    }
    // A step that is read twice is a duplicate, and no such row.
    for _ in 0..<2 { log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1") }
    let quality = try Self.history(log).dataQuality
    let found = try #require(quality.observations["repeatedWithoutCase"])
    #expect(quality.duplicates == 2 && found.count == 1 && found.consequence == .merged)
    #expect(found.advice.contains("give each row an id"))
    #expect(quality.rowsRead == quality.duplicates + quality.eventsUsed && quality.eventsLeftOut == 0)
  }

  // The request was Pat's until Tuesday and Quin's from then on; whoever held it then is escalated about.
  @Test func `an escalation about a request is about who held it`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-03 09:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 10:00", .escalation, "ann", case: "1")
    log.event("2026-03-02 10:00", .escalation, "ann", case: "1")
    log.event("2026-03-04 10:00", .escalation, "ann", case: "1")
    log.event("2026-03-04 11:00", .escalation, "ann", case: "unknown")
    log.event("2026-03-04 12:00", .escalation, "ann")
    log.row(case: "2", "bob", "rob", opened: "2026-03-02 09:00")
    log.event("2026-03-04 13:00", .escalation, "bob", case: "2")
    let history = try Self.history(log)
    let partners = history.contacts.map { $0.partner < 0 ? "" : history.partners[Int($0.partner)] }
    #expect(partners == ["", "", "pat", "quin", "rob"])
    #expect(history.dataQuality.duplicates == 1)
  }

  // The earliest counts, whoever held it; what the partner passes up itself says nothing of who asked for it to be hurried.
  @Test func `a request is escalated by its manager, and from the first time on`() throws {
    var log = EventLog()
    for (key, hour) in [("1", "09"), ("2", "10"), ("3", "11")] {
      log.event("2026-03-02 \(hour):00", .request, "ann", "pat", case: key)
    }
    log.event("2026-03-05 10:00", .escalation, "ann", case: "2")
    log.event("2026-03-04 10:00", .escalation, "ann", case: "2")
    log.event("2026-03-03 10:00", .escalation, "ann", case: "3", by: .partner)
    let history = try Self.history(log)
    let second = try #require(history.spells.first { $0.opened == Self.at("2026-03-02 10:00") })
    #expect(history.escalations == [second.request: Self.at("2026-03-04 10:00")])
  }

  // MARK: Exposure

  // By hand: Ann's roster begins on 10 March; data end on 20 April; she is away from 1 April 00:00 to 6 April 00:00.
  // March: 10–31 = 22 days. April: 20 − 5 = 15. Pat: from the first event on 2 March: 30 and 20. Their first event
  // together is on 15 March: 17 and 15.
  @Test func `exposure counts days less absences`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "bob", "pat", case: "1")
    log.event("2026-03-15 09:00", .request, "ann", "pat", case: "2")
    log.event("2026-04-01", .absence, "ann", due: "2026-04-06")
    log.event("2026-04-20 09:00", .response, "ann", "pat", case: "2")
    var ann = Roster.Entry(id: "ann")
    ann.from = Self.at("2026-03-10")
    let history = try Self.history(log) { $0.rosters = [Roster(party: .manager, entries: [ann])] }
    #expect(history.months == Month(year: 2026, month: 3)...Month(year: 2026, month: 4))
    #expect(history.exposure.managerDays == [[22, 15], [30, 20]])
    #expect(history.exposure.partnerDays == [[30, 20]])
    #expect(
      history.exposure.pairs == [
        Exposure.PairExposure(manager: 0, partner: 0, daysByMonth: [17, 15]),
        Exposure.PairExposure(manager: 1, partner: 0, daysByMonth: [30, 20]),
      ])
    #expect(history.dataQuality.observations["managersWithOnePartner"]?.count == 2)
  }

  // A roster's `until` of 10 March is the beginning of 11 March: the last day at work is the tenth.
  @Test func `nobody is exposed on the day after they left`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-20 09:00", .response, "ann", "pat", case: "1")
    var ann = Roster.Entry(id: "ann")
    ann.until = Self.at("2026-03-11")
    let history = try Self.history(log) { $0.rosters = [Roster(party: .manager, entries: [ann])] }
    #expect(history.exposure.managerDays == [[9]] && history.exposure.pairs[0].daysByMonth == [9])
    #expect(
      history.managerStays == [
        Stay(from: .absent, until: Instant(milliseconds: Self.at("2026-03-11").milliseconds - 1))
      ])
    // During a day counts as that day.
    ann.until = Self.at("2026-03-10 15:00")
    let midday = try Self.history(log) { $0.rosters = [Roster(party: .manager, entries: [ann])] }
    #expect(midday.exposure.managerDays == [[9]])
  }

  // MARK: Data quality

  @Test func `bulk closing is seen, unless times are dates`() throws {
    for time in ["15:30", "00:00"] {
      var log = EventLog()
      for request in 0..<7 {
        log.event("2026-03-02 \(time)", .request, "m\(request % 2)", "pat", case: "\(request)")
        log.event("2026-03-05 \(time):0\(request)", .response, "m\(request % 2)", "pat", case: "\(request)")
      }
      log.event("2026-03-05 16:30", .request, "m0", "pat", case: "x")
      let quality = try Self.history(log).dataQuality
      if time == "15:30" {
        #expect(quality.observations["bulkClosing"]?.count == 7)
        #expect(quality.observations["bulkClosing"]?.examples == [.init("pat, 2026-03-05 15:30: 7")])
        #expect(quality.observations["dayResolution"] == nil)
      } else {
        #expect(quality.observations["bulkClosing"] == nil)
        #expect(quality.observations["dayResolution"]?.count == 8)
      }
    }
  }

  @Test func `a date long before all others is pointed out`() throws {
    for (first, expected) in [("1970-01-01", 1), ("2025-12-01", nil)] as [(String, Int?)] {
      var log = EventLog()
      log.event(first, .checkIn, "ann", "pat")
      for day in 10..<29 {
        for hour in 0..<6 { log.event("2026-03-\(day) 1\(hour):00", .checkIn, "ann", "pat") }
      }
      #expect(try Self.history(log).dataQuality.observations["lonelyTimes"]?.count == expected)
    }
  }

  @Test func `refused rows are reported with places and cures`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", recorded: "2026-03-04")
    var ledger = log.ledger
    ledger.rejects.add(.badTime, at: Rejects.Place(file: "a.csv", line: 7, found: "timestamp '31.2.'"))
    ledger.rejects.add(.selfRequest, count: 2)
    let quality = try ledger.history(HistoryOptions(runStart: Self.at("2027-01-01"))).dataQuality
    #expect(quality.rowsRead == 4 && quality.rejected == ["badTime": 1, "selfRequest": 2])
    #expect(quality.rejections["badTime"]?.examples == [.init(input: 1, line: 7, found: "timestamp '31.2.'")])
    #expect(quality.observations["lateEntry"]?.count == 1)
  }

  @Test func `a percentage is rounded half up`() {
    #expect(DataQuality.percent(1, of: 3) == "33.3 %")
    #expect(DataQuality.percent(1, of: 2000) == "0.1 %")
    #expect(DataQuality.percent(2, of: 2) == "100.0 %")
    #expect(DataQuality.percent(0, of: 0) == "0.0 %")
  }

  @Test func `whether stamps tell seconds`() throws {
    func tellsSeconds(_ times: [String]) throws -> Bool {
      var log = EventLog()
      log.event("2026-03-02 08:00:01", .checkIn, "ann", "pat")
      for (k, time) in times.enumerated() { log.event(time, k == 0 ? .request : .response, "ann", "pat", case: "1") }
      return try log.ledger.history(HistoryOptions(runStart: Self.at("2027-01-01"))).tellsSeconds
    }
    #expect(try !tellsSeconds(["2026-03-02 09:00", "2026-03-02 12:01"]))
    #expect(try tellsSeconds(["2026-03-02 09:00", "2026-03-02 12:01:30"]))
    #expect(try tellsSeconds([]))
  }

  // MARK: As a whole

  @Test func `an empty ledger has no history`() {
    let error = #expect(throws: IngestionError.self) {
      try Ledger.empty.history(HistoryOptions(runStart: Self.at("2027-01-01")))
    }
    #expect(error?.kind == .unusable)
  }

  @Test func `a saved ledger isn't scored before its last event`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 12:00", .response, "ann", "pat", case: "1")
    let saved = try Ledger(fileBytes: log.ledger.fileBytes(), path: "saved")
    var options = HistoryOptions(runStart: Self.at("2027-01-01"))
    options.asOf = Self.at("2026-03-02 10:00")
    let error = #expect(throws: IngestionError.self) { try saved.history(options) }
    #expect(error?.description.contains("score the events themselves") == true)
    #expect(error?.description.hasPrefix("saved: a saved ledger") == true)
    #expect(error?.description.contains("which is of 2026-03-02 12:00 (UTC)") == true)
    options.asOf = Self.at("2026-03-02 12:00")
    #expect(try saved.history(options).spells.count == 1)
  }

  /// Random requests of a few people: reassigned, paused, withdrawn, answered, with many equal times.
  static func randomLog(_ seed: UInt64, requests: Int) -> EventLog {
    var log = EventLog()
    var state = seed
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let kinds: [EventKind] = [.response, .response, .pause, .resume, .reassign, .withdraw, .resolution, .reopen]
    for request in 0..<requests {
      let (manager, day) = ("m\(random(5))", 2 + random(20))
      log.event("2026-03-\(day) 09:\(random(6))0", .request, manager, "p\(random(3))", case: "\(request)")
      for _ in 0..<random(6) {
        log.event(
          "2026-03-\(day + random(5)) \(10 + random(8)):00", kinds[random(8)], manager, "p\(random(3))",
          case: "\(request)")
      }
    }
    return log
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `spells join, times add up, and queues agree with counting`(_ seed: UInt64) throws {
    let history = try Self.history(Self.randomLog(seed, requests: 400))
    let requests = history.dataQuality.requests
    #expect(requests.total == 400)
    #expect(requests.answered + requests.open + requests.withdrawn == requests.total)
    for spell in history.spells {
      #expect(spell.workingSeconds + spell.pausedSeconds == spell.elapsedSeconds)
      #expect(spell.ended >= spell.entered && spell.entered >= spell.opened)
      let queue = history.spells.count {
        $0.partner == spell.partner && $0.entered < spell.entered && $0.ended > spell.entered
      }
      #expect(Int(spell.backlogAtArrival) == queue)
    }
    for spells in Dictionary(grouping: history.spells, by: \.request).values {
      let ordered = spells.sorted { ($0.entered, $0.isFirst ? 0 : 1) < ($1.entered, $1.isFirst ? 0 : 1) }
      #expect(ordered.count { $0.isFirst } == 1 && ordered[0].isFirst && ordered[0].entered == ordered[0].opened)
      #expect(ordered.count { $0.outcome != .reassigned } == 1)
      #expect(Set(ordered.map(\.ended)).isSuperset(of: ordered.dropFirst().map(\.entered)))
    }
  }

  @Test func `the first few cases are examples, however they are counted`() {
    var (whole, low, high) = (HistoryTally.empty, HistoryTally.empty, HistoryTally.empty)
    for row in [7, 3, 9, 3, 1, 8, 2, 6] as [Int32] {
      whole.note(.excluded, SeenCase(table: 0, row: row))
      if row < 5 {
        low.note(.excluded, SeenCase(table: 0, row: row))
      } else {
        high.note(.excluded, SeenCase(table: 0, row: row))
      }
    }
    #expect(whole.examples[.excluded]?.map(\.row) == [1, 2, 3, 6, 7])
    expectMergeLaws([whole, low, high, .empty])
    high.merge(low)
    #expect(high.examples == whole.examples)
  }

  @Test func `many steps of one case come in order`() throws {
    var log = EventLog()
    log.event("2026-03-02 00:00", .request, "ann", "pat", case: "1")
    for hour in (0..<20).reversed() {
      log.event("2026-03-03 \(hour):00", .pause, "ann", "pat", case: "1")
      log.event("2026-03-03 \(hour):30", .resume, "ann", "pat", case: "1")
    }
    log.event("2026-03-04 00:00", .response, "ann", "pat", case: "1")
    let spell = try Self.history(log).spells[0]
    #expect(spell.pausedSeconds == 20 * 1800 && spell.workingSeconds == 2 * 86_400 - 36_000)
  }

  // At one instant a clock that stands still runs on before it stops, a case changes hands before it is answered, and an answer
  // counts before a withdrawal.
  @Test func `steps of one instant come in the order that makes sense`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 10:00", .pause, "ann", "pat", case: "1")
    for kind in [EventKind.withdraw, .resolution, .response, .reassign, .pause, .resume] {
      log.event("2026-03-02 11:00", kind, "ann", "quin", case: "1")
    }
    let history = try Self.history(log)
    #expect(history.spells.map(\.outcome) == [.reassigned, .answered])
    #expect(history.spells.map(\.pausedSeconds) == [3_600, 0])
    #expect(history.spells[1].resolved == Self.at("2026-03-02 11:00"))
  }

  @Test func `threads can't change anything`() throws {
    let ledger = LedgerTests.merged(LedgerTests.parts(2, seed: 5))
    var options = HistoryOptions(runStart: Self.at("2027-01-01"))
    let one = try ledger.history(options)
    for threads in [2, 7] {
      options.threads = threads
      let other = try ledger.history(options)
      #expect(String(describing: other.spells) == String(describing: one.spells))
      #expect(other.dataQuality == one.dataQuality && other.exposure == one.exposure)
    }
  }
}
