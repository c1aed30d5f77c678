import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct LedgerTests {
  /// Rows of every kind, with duplicates, second steps and ties, in an order that `seed` shuffles over `parts` ledgers.
  static func parts(_ count: Int, seed: UInt64) -> [Ledger] {
    var logs = (0..<count).map { _ in EventLog() }
    var rows: [(inout EventLog) -> Void] = []
    for (index, kind) in EventKind.allCases.enumerated() {
      let day = String(10 + index % 19)
      rows.append {
        $0.event(
          "2026-03-\(day) 09:00", kind, "m\(index % 3)", "p\(index % 2)", case: "case \(index % 4)",
          due: "2026-04-\(day)", value: 3, topic: "t\(index % 2)", priority: "high", channel: "mail",
          recorded: "2026-04-01", id: UInt64(100 + index))
      }
      // The same again, and the same event as told by someone else.
      rows.append(rows[rows.count - 1])
      rows.append {
        $0.event(
          "2026-03-\(day) 09:00", kind, "m\((index + 1) % 3)", "p\((index + 1) % 2)", case: "case \(index % 4)",
          value: 2, id: UInt64(100 + index))
      }
      // The same kind again in the same case, later and by the other side.
      rows.append {
        $0.event(
          "2026-03-\(day) 10:00", kind, "m0", "p1", case: "case \(index % 4)", by: .partner, id: UInt64(200 + index))
      }
    }
    for row in 0..<6 {
      rows.append {
        $0.row(
          case: "row \(row % 4)", "m\(row % 2)", row % 3 == 0 ? "" : "p0", opened: "2026-03-0\(row + 1) 08:00",
          responded: "2026-03-08", withdrawn: row == 2 ? "2026-03-09" : nil, topic: "t1", excluded: row == 5)
      }
    }
    // The first of them again, answered later and by another.
    rows.append { $0.row(case: "row 0", "m0", "p1", opened: "2026-03-01 08:00", responded: "2026-03-09", topic: "t2") }
    rows.append { $0.row(case: "case 0", "m0", "p0", opened: "2026-03-01", resolved: "2026-03-20") }
    var state = seed
    for index in rows.indices.reversed() {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      rows.swapAt(index, Int(state >> 33) % (index + 1))
    }
    for (index, row) in rows.enumerated() { row(&logs[index % count]) }
    var ledgers = logs.map(\.ledger)
    for index in ledgers.indices {
      ledgers[index].rejects.add(.badTime, at: Rejects.Place(file: "events.csv", line: 10 + index))
    }
    return ledgers
  }

  static func merged(_ ledgers: [Ledger]) -> Ledger {
    var result = Ledger.empty
    for ledger in ledgers { result.merge(ledger) }
    return result
  }

  @Test func `merges as a commutative monoid`() {
    expectMergeLaws(Self.parts(4, seed: 1) + [.empty])
  }

  @Test func `any number of parts in any order gives the same bits`() {
    var whole = Self.merged(Self.parts(1, seed: 1))
    whole.rejects = .empty
    for seed in 2...6 as ClosedRange<UInt64> {
      var ledger = Self.merged(Self.parts(Int(seed), seed: seed).reversed())
      ledger.rejects = .empty
      #expect(ledger == whole)
      #expect(ledger.fileBytes() == whole.fileBytes())
    }
  }

  // By hand: 30 kinds × 4 rows. The second row of each kind repeats the first, and so does the third, whose kind, actor
  // and time (with a case) or id (without) are the same, but for the response, which is another partner's. Of the case table's rows 0 and 4 are two requests, and so are 1 and 5.
  @Test func `counts duplicates, repeated cases and superseded rows`() {
    let ledger = Self.merged(Self.parts(3, seed: 9))
    let kinds = EventKind.allCases.count
    #expect(ledger.rowCount == 4 * kinds + 8)
    #expect(ledger.duplicateRows == 2 * kinds - 1)
    #expect(ledger.repeatedCaseRows == 2 && ledger.supersededRows == 1)
    #expect(ledger.counts.lateEntries == 2 * kinds)
  }

  @Test func `a request stays within 48 bytes beside its key`() {
    #expect(MemoryLayout<CaseRow>.stride == 48)
    #expect(MemoryLayout<CaseStep>.stride <= 32)
    #expect(MemoryLayout<ContactRow>.stride <= 48)
  }

  @Test func `of two tellings of one step the one that sorts first counts`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "zoe", "p", case: "1")
    log.event("2026-03-02 09:00", .request, "ann", "q", case: "1")
    let history = try log.ledger.history(HistoryOptions(runStart: EventLog.instant("2026-04-01")))
    #expect(history.managers[Int(history.spells[0].manager)] == "ann")
    #expect(log.ledger.duplicateRows == 1)
  }

  // Whose answer counts depends on rows that may come later, so each partner's is kept, once.
  @Test(arguments: ["2026-03-04 14:00:07", "2026-03-04"])
  func `partners' answers at one moment are all kept, in any order and packing`(_ time: String) throws {
    var rows: [(inout EventLog) -> Void] = [
      { $0.event("2026-03-02", .request, "ann", "pat", case: "1") },
      { $0.event("2026-03-03", .reassign, "ann", "quin", case: "1") },
    ]
    for partner in ["roy", "pat", "quin", "pat"] {
      rows.append { $0.event(time, .response, "ann", partner, case: "1") }
    }
    let parts = rows.map { row -> Ledger in
      var log = EventLog()
      row(&log)
      return log.ledger
    }
    expectMergeLaws(parts)
    for order in [rows, Array(rows.reversed()), Array(rows[3...] + rows[..<3])] {
      var log = EventLog()
      for row in order { row(&log) }
      #expect(log.ledger == Self.merged(parts) && log.ledger == Self.merged(parts.reversed()))
      #expect(log.ledger.fileBytes() == Self.merged(parts).fileBytes())
      #expect(try Ledger(fileBytes: log.ledger.fileBytes(), path: "saved") == log.ledger)
      #expect(log.ledger.duplicateRows == 1)
      let history = try log.ledger.history(HistoryOptions(runStart: EventLog.instant("2026-04-01")))
      #expect(history.spells.map { history.partners[Int($0.partner)] } == ["pat", "quin"])
    }
  }

  @Test func `that rows of one id differ is known in every order of merging`() throws {
    let rows = [
      ("09:00", "ann", "mail"), ("09:00", "ann", "protected"), ("10:00", "ann", "mail"), ("09:00", "bob", "mail"),
    ]
    let parts = rows.map { time, manager, channel -> Ledger in
      var log = EventLog()
      log.event("2026-03-02 \(time)", .escalation, manager, "pat", channel: channel, id: 7)
      return log.ledger
    }
    // Once more the first is the same event; what another differs in is another's.
    #expect(Self.merged([parts[0], parts[0]]).sharedIDs == 0)
    #expect(Self.merged([parts[0], parts[2]]).sharedIDs == 1 && Self.merged([parts[0], parts[3]]).sharedIDs == 1)
    expectMergeLaws(parts)
    let all = Self.merged(parts)
    #expect(Self.merged(parts.reversed()) == all)
    #expect(try Ledger(fileBytes: all.fileBytes(), path: "x.ledger") == all)
  }

  // Each pair of tellings differs in one more field; what sorts first has the earlier text, the value before none.
  @Test func `ties are decided field by field`() throws {
    typealias Telling = (inout EventLog) -> Void
    let time = "2026-03-02 09:00"
    let ties: [(Telling, Telling)] = [
      (
        { $0.event(time, .request, "ann", "pat", case: "1", topic: "a") },
        { $0.event(time, .request, "ann", "pat", case: "1", topic: "b") }
      ),
      (
        { $0.event(time, .request, "ann", "pat", case: "1", priority: "a") },
        { $0.event(time, .request, "ann", "pat", case: "1") }
      ),
      (
        { $0.event(time, .request, "ann", "pat", case: "1", due: "2026-03-03") },
        { $0.event(time, .request, "ann", "pat", case: "1") }
      ),
      (
        { $0.event(time, .followUp, "ann", "pat", case: "1") }, { $0.event(time, .followUp, "ann", "quin", case: "1") }
      ),
      ({ $0.event(time, .checkIn, "ann", "pat", value: 1, id: 7) }, { $0.event(time, .checkIn, "bob", "pat", id: 7) }),
      ({ $0.event(time, .checkIn, "ann", "pat", id: 7) }, { $0.event(time, .checkIn, "ann", "quin", id: 7) }),
      (
        { $0.event(time, .checkIn, "ann", "pat", by: .manager, id: 7) },
        { $0.event(time, .checkIn, "ann", "pat", by: .partner, id: 7) }
      ),
      ({ $0.event(time, .checkIn, "ann", "pat", id: 7) }, { $0.event(time, .checkIn, "ann", "pat", value: 1, id: 7) }),
      (
        { $0.event(time, .absence, "ann", due: "2026-03-03", id: 7) },
        { $0.event(time, .absence, "ann", due: "2026-03-04", id: 7) }
      ),
      (
        { $0.event(time, .escalation, "ann", id: 7) },
        { $0.event(time, .escalation, "ann", channel: "protected", id: 7) }
      ),
      (
        { $0.row(case: "1", "ann", "pat", opened: time, topic: "a") },
        { $0.row(case: "1", "ann", "pat", opened: time, topic: "b") }
      ),
      (
        { $0.row(case: "1", "ann", "pat", opened: time, withdrawn: "2026-03-03") },
        { $0.row(case: "1", "ann", "pat", opened: time) }
      ),
      (
        { $0.row(case: "1", "ann", "pat", opened: time) },
        { $0.row(case: "1", "ann", "pat", opened: time, excluded: true) }
      ),
    ]
    for (first, second) in ties {
      var (alone, forwards, backwards, other) = (EventLog(), EventLog(), EventLog(), EventLog())
      first(&alone)
      first(&forwards)
      second(&forwards)
      second(&backwards)
      first(&backwards)
      second(&other)
      #expect(forwards.ledger == backwards.ledger)
      #expect(Self.merged([alone.ledger, other.ledger]) == forwards.ledger)
      #expect(Self.merged([other.ledger, alone.ledger]) == forwards.ledger)
      #expect(forwards.ledger.tables == alone.ledger.tables || forwards.ledger.names != alone.ledger.names)
      #expect(forwards.ledger.duplicateRows + forwards.ledger.supersededRows == 1)
    }
  }

  @Test func `many cases and people merge as few do`() {
    var (whole, odd, even) = (EventLog(), EventLog(), EventLog())
    for row in 0..<600 {
      let kinds: [EventKind] = [.request, .response, .commitment, .checkIn]
      func add(to log: inout EventLog) {
        log.event(
          "2026-03-02 09:00", kinds[row % 4], "manager \(row % 97)", "partner \(row % 83)", case: "case \(row / 4)",
          topic: "topic \(row % 71)", id: UInt64(row))
      }
      add(to: &whole)
      if row % 2 == 0 { add(to: &even) } else { add(to: &odd) }
    }
    #expect(Self.merged([odd.ledger, even.ledger]) == whole.ledger)
    #expect(whole.ledger.caseCount == 300 && whole.builder.rowCount == 600)
  }

  @Test func `two time zones are an error that says so`() throws {
    var ledger = EventLog(zone: try TimeZoneRules(named: "Europe/London")).ledger
    let other = EventLog(zone: try TimeZoneRules(named: "America/New_York")).ledger
    let error = #expect(throws: IngestionError.self) { try ledger.add(other) }
    #expect(error?.kind == .unusable)
    #expect(error?.description.contains("'Europe/London' and 'America/New_York'") == true)
  }

  @Test func `two survey scales are an error that says so, and a ledger without ratings fits any`() throws {
    func ledger(_ kind: EventKind, _ scale: ClosedRange<Double>) throws -> Ledger {
      let row = "2026-01-05T09:00:00,\(kind.rawValue),m\(scale.upperBound),p,\(kind == .survey ? "4" : "")\n"
      let input = InputSource.bytes(Array("timestamp,kind,manager,partner,value\n\(row)".utf8), name: "in.csv")
      return try ingest([input], options: ReadingFixture.options { $0.surveyScale = scale }).ledger
    }
    var five = try ledger(.survey, 1...5)
    #expect(five.surveyScale == 1...5)
    let ten = try ledger(.survey, 1...10)
    let error = #expect(throws: IngestionError.self) { try five.add(ten) }
    #expect(error?.kind == .unusable)
    #expect(error?.description.contains("'1-5' and '1-10'; ingest one of them again with --survey-scale") == true)
    let unrated = try ledger(.recognition, 1...7)
    #expect(unrated.surveyScale == nil && five != ten)
    expectMergeLaws([.empty, five, unrated])
    try five.add(unrated)
    #expect(five.surveyScale == 1...5)
    // Kept by the file, with ends that aren't whole as well.
    for rated in [ten, unrated, try ledger(.survey, -2.5...4.5)] {
      let again = try Ledger(fileBytes: rated.fileBytes(), path: "x")
      #expect(again == rated && again.surveyScale == rated.surveyScale)
    }
  }

  @Test func `the same input counts once`() throws {
    var (a, b) = (EventLog().ledger, EventLog().ledger)
    try a.remember(input: "AB12", named: "jan.csv")
    try b.remember(input: "cd34", named: "feb.csv")
    let error = #expect(throws: IngestionError.self) { try a.remember(input: "ab12", named: "copy.csv") }
    let told = "copy.csv: this input was read before, from 'jan.csv' (SHA-256 ab12…)"
    #expect(error?.description.hasPrefix(told) == true)
    try a.add(b)
    #expect(a.inputs == ["ab12", "cd34"])
    let again = #expect(throws: IngestionError.self) { try a.add(b) }
    #expect(again?.kind == .unusable)
    // Of a saved ledger the file is named, of an input that is read its name.
    var saved = try Ledger(fileBytes: b.fileBytes(), path: "in/2026.ledger")
    #expect(saved.loadedFrom == ["in/2026.ledger"])
    let both = #expect(throws: IngestionError.self) { try saved.add(b) }
    #expect(
      both?.description
        == "the input with SHA-256 cd34… is both in ledger 'in/2026.ledger' and in 'feb.csv'; an input counts once: leave one of them out"
    )
  }

  @Test func `one name in two Unicode forms is one person`() throws {
    var log = EventLog()
    // One letter, decomposed and composed: one text.
    log.event("2026-03-02 09:00", .request, "e\u{301}", "p", case: "1")
    log.event("2026-03-02 09:00", .request, "\u{e9}", "p", case: "2")
    #expect(log.ledger.names[NameSpace.manager.rawValue].bytes == Array("\u{e9}".utf8))
    let history = try log.ledger.history(HistoryOptions(runStart: EventLog.instant("2026-04-01")))
    #expect(history.managers == ["\u{e9}"] && history.spells.map(\.manager) == [0, 0])
  }
}
