import RapportTestSupport
import Testing

@testable import RapportIngestion

/// What is said in protection: nothing that is kept or told of it tells who it was.
@Suite struct ProtectedEventsTests {
  private static let header = "timestamp,kind,manager,partner,actor,case,channel,due,value,recorded_at,id\n"

  private static func ledger(
    _ text: String, named name: String = "in.csv", _ change: (inout ReadingOptions) -> Void = { _ in }
  ) throws -> Ledger {
    var options = ReadingFixture.options { $0.maximumBadShare = 1 }
    change(&options)
    var ledger = try ingest([.bytes(Array(text.utf8), name: name)], options: options).ledger
    // The input's own hash tells of all of it.
    ledger.inputs = []
    return ledger
  }

  // A candidate's row beside a ledger, and "1 duplicate merged" for the true manager alone.
  @Test(arguments: ["concern", "escalation"]) func `a ledger doesn't tell who said it`(_ kind: String) throws {
    let ledgers = try ["M05,P1,,", "M07,P1,,", "M05,,partner,R1", "M99,P3,,R77"].map { who in
      let fields = who.split(separator: ",", omittingEmptySubsequences: false)
      return try Self.ledger(
        Self.header + "2026-04-02T11:13:05Z,\(kind),\(fields[0]),\(fields[1]),\(fields[2]),\(fields[3]),protected,,,,\n"
      )
    }
    for ledger in ledgers {
      #expect(ledger == ledgers[0] && ledger.fileBytes() == ledgers[0].fileBytes())
      var both = ledgers[0]
      both.merge(ledger)
      #expect(both.duplicateRows == 1 && both.contacts.count == 1)
    }
    // Another moment is another event, and so is one of another kind.
    let other = kind == "concern" ? "escalation" : "concern"
    for row in ["2026-04-02T11:13:06Z,\(kind)", "2026-04-02T11:13:05Z,\(other)"] {
      var both = ledgers[0]
      both.merge(try Self.ledger(Self.header + "\(row),M05,P1,,,protected,,,,\n"))
      #expect(both.duplicateRows == 0 && both.contacts.count == 2)
    }
  }

  @Test func `ids tell two of one moment apart; without them they are one, which is told`() throws {
    func ledger(_ ids: [String]) throws -> Ledger {
      try Self.ledger(
        Self.header
          + ids.enumerated().map { "2026-04-02,concern,M\($0),,,,,,,,\($1)\n" }.joined()
          + "2026-04-02,check_in,M1,P1,,,,,,,\n")
    }
    #expect(try ledger(["e1", "e2", "e1"]).contacts.count == 3)
    let merged = try ledger(["", ""])
    #expect(merged.contacts.count == 2 && merged.repeatedContactRows == 1)
    let options = HistoryOptions(runStart: ReadingFixture.runStart)
    #expect(try merged.history(options).dataQuality.observations["repeatedWithoutCase"]?.count == 1)
  }

  // `Protected` with a capital counted against the manager, and nothing said so.
  @Test func `capitals and blanks take no protection away`() throws {
    for channel in ["protected", "Protected", "PROTECTED", " protected", "Protected ", "\" Protected\t\""] {
      let ledger = try Self.ledger(Self.header + "2026-04-02,escalation,M05,P1,,,\(channel),,,,\n")
      #expect(ledger.contacts.map(\.isProtected) == [true], "\(channel)")
      #expect(ledger.names.allSatisfy { $0.count == 0 })
    }
    for channel in ["", "protecte", "protected2", "unprotected", "0rotected", "pro tected", "p", "   "] {
      let ledger = try Self.ledger(Self.header + "2026-04-02,escalation,M05,P1,,,\(channel),,,,\n")
      #expect(ledger.contacts.map(\.isProtected) == [false], "\(channel)")
    }
    let line = #"{"timestamp": "2026-04-02", "kind": "escalation", "manager": "M05", "channel": " Protected "}"#
    #expect(try Self.ledger(line + "\n", named: "in.ndjson").contacts.map(\.isProtected) == [true])
  }

  @Test func `a profile's own word for it protects as well`() throws {
    let profile = Profile(name: "own", values: ["channel": ["Vertraulich": "protected"]])
    let text = Self.header + "2026-04-02,escalation,M05,P1,,,Vertraulich,,,,\n2026-04-03,escalation,M05,P1,,,mail,,,,\n"
    let ledger = try Self.ledger(text) { $0.profile = profile }
    #expect(ledger.contacts.sorted { $0.instant < $1.instant }.map(\.isProtected) == [true, false])
  }

  // `input 1, line 702: actor 'anna.meier'` stood in files and on the page.
  @Test func `messages tell the place of what is refused and not what stands there`() throws {
    let rows = [
      "2026-04-02,escalation,anna,,anna.meier,,Protected,,,,", "2026-04-02,escalation,anna,anna,,,protected,,,,",
      "2026-04-02,concern,anna,anna,,,,,,,", "2026-04-02,concern,anna,,,,,anna,,,", "anna,concern,anna,,,,,,,,",
      "2026-04-02,concern,anna,,,,,,,anna,",
    ]
    let text = Self.header + rows.joined(separator: "\n") + "\n"
    let (kept, rejects, outcome) = try ReadingFixture.read(text) { $0.rejectsFile = "-" }
    #expect(kept.count == 1 && rejects.refusedRows == 3 && rejects.leftOutRows == 2)
    #expect(rejects.entries.values.reduce(0) { $0 + $1.count } == 6)
    for (reason, entry) in rejects.entries {
      #expect(entry.places.allSatisfy { $0.found.isEmpty && $0.line > 1 }, "\(reason)")
    }
    // The file of refused rows is there for the rows themselves.
    #expect(outcome.refusedRows.map { String(decoding: $0.text, as: UTF8.self) } == Array(rows.prefix(5)))
    #expect(outcome.refusedRows.allSatisfy { $0.found.isEmpty })
    // Of other rows it is told as ever, also of one that follows.
    let plain = text + "2026-04-02,escalation,bob,,bob.lee,,mail,,,,\n"
    let found = try ReadingFixture.read(plain).rejects.entries[.badActor]?.places.map(\.found)
    #expect(found == ["", "actor 'bob.lee'"])
  }

  @Test func `nobody acts in a concern, so that no actor is wrong`() throws {
    let (rows, rejects, _) = try ReadingFixture.read(Self.header + "2026-04-02,concern,anna,,anna.meier,,,,,,\n")
    #expect(rows.map(\.actor) == [nil] && rejects == .empty)
  }
}
