import RapportTestSupport
import Testing

@testable import RapportIngestion

/// Case numbers of two systems that collide: one number, openings by different managers.
@Suite struct SharedCasesTests {
  typealias Row = (kind: EventKind, case: Int, manager: Int, hour: Int, actor: Party)

  static let kinds: [EventKind] = [.request, .response, .commitment, .conflict, .reassign]

  static func add(_ row: Row, to log: inout EventLog) {
    log.event(
      "2026-03-02 0\(row.hour):00", row.kind, "m\(row.manager)", "p\(row.manager)", case: "c\(row.case)", by: row.actor)
  }

  /// Rows of few cases, managers and moments, so that everything meets everything.
  static func rows(_ generator: inout FieldScannerTests.Generator) -> [Row] {
    (0..<Int.random(in: 1...60, using: &generator)).map { _ in
      (
        kinds.randomElement(using: &generator)!, Int.random(in: 0..<6, using: &generator),
        // Mostly one manager to a case.
        Int.random(in: 0..<10, using: &generator) == 0 ? 1 : 0, Int.random(in: 1...3, using: &generator),
        Bool.random(using: &generator) ? Party.manager : .partner
      )
    }
  }

  static func merged(_ ledgers: [Ledger]) -> Ledger {
    var result = Ledger.empty
    for ledger in ledgers { result.merge(ledger) }
    return result
  }

  /// The shared cases of a ledger, as in `request c1`.
  static func shared(_ ledger: Ledger) -> Set<String> { cases(ledger, where: \.isShared) }

  static func cases(_ ledger: Ledger, where isMeant: (CaseRow) -> Bool) -> Set<String> {
    var found: Set<String> = []
    for family in CaseFamily.allCases {
      let table = ledger.tables[Int(family.rawValue)]
      for row in table.rows.indices where isMeant(table.rows[row]) {
        found.insert("\(family) \(table.withKey(of: row) { String(decoding: $0, as: UTF8.self) })")
      }
    }
    return found
  }

  // What must come out is told by the rows alone: the cases that openings, or rows, of more than one manager name.
  @Test func `whatever the order and the parts, a case is shared where openings name different managers`() throws {
    var (sharedInAll, othersInAll) = (0, 0)
    for seed in 0..<200 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let rows = Self.rows(&generator)
      var managers: [String: Set<Int>] = [:]
      var named: [String: Set<Int>] = [:]
      for row in rows {
        named["\(row.kind.family!) c\(row.case)", default: []].insert(row.manager)
        if row.kind.slot == .opened {
          managers["\(row.kind.family!) c\(row.case)", default: []].insert(row.manager)
        }
      }
      let expected = Set(managers.filter { $0.value.count > 1 }.keys)
      sharedInAll += expected.count

      var whole = EventLog()
      for row in rows { Self.add(row, to: &whole) }
      #expect(Self.shared(whole.ledger) == expected, "seed \(seed)")
      let others = Self.cases(whole.ledger, where: \.namesOthers)
      #expect(others == Set(named.filter { $0.value.count > 1 }.keys) && others.isSuperset(of: expected))
      othersInAll += others.count
      var parts = (0..<Int.random(in: 1...5, using: &generator)).map { _ in EventLog() }
      for row in rows.shuffled(using: &generator) {
        Self.add(row, to: &parts[Int.random(in: 0..<parts.count, using: &generator)])
      }
      let ledgers = parts.map(\.ledger)
      #expect(Self.merged(ledgers.shuffled(using: &generator)) == whole.ledger, "seed \(seed)")
      if let last = ledgers.last {
        var right = Self.merged(Array(ledgers.dropFirst()))
        right.merge(ledgers[0])
        var left = last
        left.merge(Self.merged(Array(ledgers.dropLast())))
        #expect(left == right, "seed \(seed)")
      }

      // The store that reads files, by one thread and by several.
      let text =
        "timestamp,kind,manager,partner,actor,case\n"
        + rows.shuffled(using: &generator).map {
          "2026-03-02T0\($0.hour):00:00,\($0.kind.rawValue),m\($0.manager),p\($0.manager),\($0.actor),c\($0.case)\n"
        }.joined()
      for (threads, chunkBytes) in [(1, 1 << 18), (3, 200)] {
        let options = ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = chunkBytes
        }
        let read = try ingest([.bytes(Array(text.utf8), name: "in.csv")], options: options).ledger
        #expect(read.tables == whole.ledger.tables, "seed \(seed), \(threads) threads")
      }
      #expect(try Ledger(fileBytes: whole.ledger.fileBytes(), path: "x").tables == whole.ledger.tables)
    }
    #expect(sharedInAll > 100 && othersInAll > sharedInAll + 100)
  }

  /// No row is lost: each is merged, or one event, which is used or left out.
  static func quality(_ log: EventLog) throws -> DataQuality {
    let quality = try HistoryTests.history(log).dataQuality
    #expect(quality.rowsRead == quality.duplicates + quality.eventsUsed + quality.eventsLeftOut)
    return quality
  }

  static func request(_ manager: String, _ time: String, in log: inout EventLog) {
    log.event(time, .request, manager, "p", case: "C1")
  }

  // By hand: ann's request and bob's have number C1; the earlier counts, and the only event that is used is that one.
  @Test func `the later opening is left out, and it's said why`() throws {
    for (first, second) in [("ann", "bob"), ("bob", "ann")] {
      var log = EventLog()
      Self.request(first, "2026-03-02 09:00", in: &log)
      Self.request(second, "2026-03-03 09:00", in: &log)
      let quality = try Self.quality(log)
      #expect(quality.eventsUsed == 1 && quality.eventsLeftOut == 1 && quality.duplicates == 0)
      #expect(
        quality.observations["caseShared"]
          == .init(
            count: 1, .leftOut, examples: [.init("request 'C1'")],
            advice:
              "One case number stands for cases of two managers; only the first opening counts, and steps of both count "
              + "as its own. Give each system's cases a prefix of their own."))
      #expect(quality.observations["repeatedSteps"] == nil)
      #expect(log.ledger.sharedCaseOpenings == 1)
    }
  }

  // In one second they were one row's repetition to the ledger; of what is merged, an exact repetition stays a duplicate.
  @Test func `in the same second they are no duplicates`() throws {
    var log = EventLog()
    Self.request("ann", "2026-03-02 09:00", in: &log)
    Self.request("bob", "2026-03-02 09:00", in: &log)
    var quality = try Self.quality(log)
    #expect(quality.observations["caseShared"]?.count == 1 && quality.duplicates == 0 && quality.eventsUsed == 1)
    Self.request("ann", "2026-03-02 09:00", in: &log)
    quality = try Self.quality(log)
    #expect(quality.observations["caseShared"]?.count == 1 && quality.duplicates == 1)
    #expect(log.ledger.sharedCaseOpenings == 1)
  }

  @Test func `other kinds of cases likewise, and a conflict isn't reopened by another's`() throws {
    for kind in [EventKind.commitment, .feedback, .conflict, .goal] {
      for hour in ["09", "10"] {
        var log = EventLog()
        log.event("2026-03-02 09:00", kind, "ann", "p", case: "C1")
        log.event("2026-03-02 \(hour):00", kind, "bob", "p", case: "C1")
        log.event("2026-03-02 11:00", .request, "cem", "p", case: "C1")
        let quality = try Self.quality(log)
        #expect(quality.observations["caseShared"]?.count == 1, "\(kind) at \(hour)")
        #expect(quality.observations["repeatedSteps"] == nil && quality.eventsUsed == 2 && quality.duplicates == 0)
        #expect(log.ledger.sharedCaseOpenings == 1)
      }
    }
    var log = EventLog()
    log.event("2026-03-02 09:00", .conflict, "ann", "p", case: "C1")
    log.event("2026-03-02 10:00", .settlement, "ann", "p", case: "C1")
    log.event("2026-03-02 11:00", .conflict, "bob", "p", case: "C1")
    let conflict = try #require(try HistoryTests.history(log).conflicts.first)
    #expect(!conflict.reopened && conflict.isOver)
  }

  // By hand: ann's request is answered in bob's name, as where the numbers of bob's system were read without his requests. It passed
  // in silence, and at one moment as a duplicate.
  @Test func `a step that names another manager than the opening is told, whichever comes first`() throws {
    for rows in [[0, 1], [1, 0]] {
      var log = EventLog()
      for row in rows {
        log.event(
          row == 0 ? "2026-03-02 09:00" : "2026-03-02 10:00", row == 0 ? .request : .response, row == 0 ? "ann" : "bob",
          "p", case: "C1")
      }
      let quality = try Self.quality(log)
      #expect(
        quality.observations["stepsOfOthers"]
          == .init(
            count: 1, .used, examples: [.init("request 'C1'")],
            advice:
              "Cases with steps that name another manager than the opening does; all steps count for the one who opened the case. "
              + "Where a team's manager changed meanwhile, that is as it should be. Where two systems give their cases the same "
              + "numbers, steps of one system count for cases of the other, and those of one moment merge as duplicates: give each "
              + "system's cases a prefix of their own."))
      #expect(quality.eventsUsed == 2 && quality.observations["caseShared"] == nil)
    }
    var log = EventLog()
    Self.request("ann", "2026-03-02 09:00", in: &log)
    log.event("2026-03-02 10:00", .response, "ann", "p", case: "C1")
    #expect(try Self.quality(log).observations["stepsOfOthers"] == nil)
    log.event("2026-03-02 10:00", .response, "bob", "p", case: "C1")
    let quality = try Self.quality(log)
    #expect(quality.duplicates == 1 && quality.observations["stepsOfOthers"]?.count == 1)
  }

  @Test func `steps that name others in other kinds of cases, and of requests that a case table opens`() throws {
    for (kind, step) in [
      (EventKind.commitment, EventKind.fulfilment), (.commitment, .renegotiation), (.commitment, .release),
      (.feedback, .followUp), (.conflict, .settlement), (.goal, .goalMet), (.request, .reassign), (.request, .pause),
      (.request, .resolution),
    ] {
      var log = EventLog()
      log.event("2026-03-02 09:00", kind, "ann", "p", case: "C1")
      log.event("2026-03-02 11:00", step, "bob", "p", case: "C1")
      let quality = try Self.quality(log)
      #expect(quality.observations["stepsOfOthers"]?.count == 1, "\(step)")
    }
    for (manager, count) in [("ann", 0), ("bob", 1)] {
      var log = EventLog()
      log.row(case: "C1", "ann", "p", opened: "2026-03-02 09:00")
      log.event("2026-03-02 10:00", .response, manager, "p", case: "C1")
      let quality = try HistoryTests.history(log).dataQuality
      #expect((quality.observations["stepsOfOthers"]?.count ?? 0) == count, "\(manager)")
    }
  }

  // Which of two managers is whose isn't known where nothing opens the case; whose steps lie after as-of may not be told.
  @Test func `steps of cases that nothing opens, and those after as-of, aren't told as others'`() throws {
    var log = EventLog()
    Self.request("ann", "2026-01-05 09:00", in: &log)
    log.event("2026-01-06 09:00", .response, "ann", "p", case: "C2")
    log.event("2026-01-06 10:00", .resolution, "bob", "p", case: "C2")
    #expect(try Self.quality(log).observations["stepsOfOthers"] == nil)
    log.event("2026-03-02 10:00", .response, "bob", "p", case: "C1")
    for (moment, count) in [("2026-02-01", 0), ("2026-03-03", 1)] {
      let quality = try HistoryTests.history(log) { $0.asOf = HistoryTests.at(moment) }.dataQuality
      #expect((quality.observations["stepsOfOthers"]?.count ?? 0) == count)
    }
  }

  @Test func `one manager's opening told twice, by another partner or after passing on, is no collision`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "p", case: "C1")
    log.event("2026-03-02 10:00", .reassign, "ann", "q", case: "C1")
    log.event("2026-03-02 11:00", .request, "ann", "q", case: "C1")
    log.event("2026-03-02 12:00", .response, "bob", "q", case: "C1")
    let quality = try Self.quality(log)
    #expect(quality.observations["caseShared"] == nil && quality.observations["repeatedSteps"]?.count == 1)
    #expect(log.ledger.sharedCaseOpenings == 0)
  }

  @Test func `what another manager opens after as-of isn't looked at`() throws {
    var log = EventLog()
    log.event("2026-01-05 09:00", .request, "ann", "p", case: "C1")
    log.event("2026-03-02 09:00", .request, "bob", "p", case: "C1")
    log.event("2026-01-05 09:00", .request, "ann", "p", case: "C2")
    log.row(case: "C2", "bob", "p", opened: "2026-03-02 09:00")
    let ledger = log.ledger
    for (moment, count) in [("2026-02-01", 0), ("2026-03-02 09:00", 2), ("2026-04-01", 2)] {
      let asOf = try #require(Instant(parsing: moment, in: .utc))
      #expect(ledger.sharedCases(asOf: asOf).openings == count)
      if count == 0 { try ledger.checkSharedCases(maximumBadShare: 0, asOf: asOf, inputs: ["a.csv"]) }
    }
    #expect(ledger.sharedCaseOpenings == 2 && ledger.caseCount == 2)
    var table = EventLog()
    table.row(case: "C1", "ann", "p", opened: "2026-01-05 09:00")
    table.row(case: "C1", "bob", "p", opened: "2026-03-02 09:00")
    let before = try #require(Instant(parsing: "2026-02-01", in: .utc))
    try table.ledger.checkSharedCases(maximumBadShare: 0, asOf: before, inputs: ["t.csv"])
    #expect(throws: IngestionError.self) {
      try table.ledger.checkSharedCases(maximumBadShare: 0, inputs: ["t.csv"])
    }
  }

  // A fifth was allowed to be refused when the ledger was made; one number of two managers more doesn't judge them again.
  @Test func `rows that a ledger was allowed to refuse are judged once`() throws {
    var log = EventLog()
    for number in 1...8 { log.event("2026-01-05 09:00", .request, "ann", "p", case: "C\(number)") }
    log.event("2026-03-02 09:00", .request, "bob", "p", case: "C1")
    var ledger = log.ledger
    ledger.rejects.add(.badTime, count: 2)
    try ledger.checkSharedCases(maximumBadShare: 0.1, judged: 2, inputs: ["a.ledger"])
    #expect(throws: IngestionError.self) {
      try ledger.checkSharedCases(maximumBadShare: 0.1, inputs: ["a.csv"])
    }
  }

  @Test func `an event log's request and a case table's`() throws {
    for (manager, shared) in [("ann", 0), ("bob", 1)] {
      var log = EventLog()
      log.event("2026-03-02 09:00", .request, "ann", "p", case: "C1")
      log.row(case: "C1", manager, "p", opened: "2026-03-02 10:00", responded: "2026-03-02 12:00")
      let quality = try HistoryTests.history(log).dataQuality
      #expect((quality.observations["caseShared"]?.count ?? 0) == shared)
      #expect(log.ledger.sharedCaseOpenings == shared)
    }
  }

  // By hand: 2 of 8 openings don't count, 25 %; with one refused row, 3 of 9 rows, 33.3 %.
  @Test func `more of them than may be refused are an error with the cure`() throws {
    var log = EventLog()
    for number in 0..<6 { log.event("2026-03-02 09:00", .request, "ann", "p", case: "C\(number)") }
    for number in 0..<2 { log.event("2026-03-02 10:00", .request, "bob", "p", case: "C\(number)") }
    var ledger = log.ledger
    try ledger.checkSharedCases(maximumBadShare: 0.25, inputs: ["a.csv", "b.csv"])
    let error = #expect(throws: IngestionError.self) {
      try ledger.checkSharedCases(maximumBadShare: 0.2, inputs: ["a.csv", "b.csv"])
    }
    #expect(error?.kind == .unusable)
    let message = error?.description ?? ""
    #expect(
      message.hasPrefix(
        "a.csv, b.csv: 2 of 8 rows (25.0 %) can't be used, more than --max-bad allows (20 %): case shared 2 "),
      "\(message)")
    #expect(message.contains("request 'C0'; request 'C1'") || message.contains("request 'C1'; request 'C0'"))
    #expect(message.contains("Give each system's cases a prefix of their own. --max-bad P% raises the limit"))
    ledger.rejects.add(.badTime, count: 1)
    let more = #expect(throws: IngestionError.self) {
      try ledger.checkSharedCases(maximumBadShare: 0.3, inputs: ["a.csv"])
    }
    #expect(more?.description.contains("3 of 9 rows (33.3 %)") == true)
    #expect(more?.description.contains(", refused 1. One case number") == true, "\(more?.description ?? "")")
  }
}
