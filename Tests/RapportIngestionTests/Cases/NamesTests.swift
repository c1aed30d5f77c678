import RapportTestSupport
import Testing

@testable import RapportIngestion

/// People whom one system names otherwise than another.
@Suite struct NamesTests {
  static func quality(_ log: EventLog) throws -> DataQuality { try HistoryTests.history(log).dataQuality }

  @Test func `letter case and blanks make no other name, ß and its capitals neither`() {
    for (name, folded) in [
      ("BUSCH, LUTZ", "busch, lutz"), (" Busch, \t Lutz ", "busch, lutz"), ("M01", "m01"), ("", ""), (" ", ""),
      ("GROSS, KLAUS", "gross, klaus"), ("Groß,\u{A0}Klaus", "gross, klaus"), ("MÜLLER,  Jörg", "müller, jörg"),
      // One letter and its accent are the letter with it.
      ("Mu\u{308}ller, JÖRG", "müller, jörg"),
    ] {
      #expect(DataQuality.folded(name) == folded)
    }
    // What is ASCII goes another way to the same name.
    for letter in (0...0x7F).map({ String(UnicodeScalar(UInt8($0))) }) {
      let ascii = DataQuality.folded("a\(letter)\(letter)B")
      #expect(DataQuality.folded("a\(letter)\(letter)Bé") == ascii + "é", "\(letter.debugDescription)")
    }
  }

  @Test func `identifiers that differ in letter case or blanks only are told, with both spellings`() throws {
    var log = EventLog()
    let names = ["Busch, Lutz", "BUSCH,  LUTZ", "Groß, Klaus", "GROSS, KLAUS", "Busch, Lutz ", "Vogel, Petra"]
    for (number, name) in names.enumerated() {
      log.event("2026-03-02 09:0\(number)", .request, name, number == 0 ? "PAT" : "pat", case: "\(number)")
    }
    let quality = try Self.quality(log)
    #expect(quality.managers == 6 && quality.partners == 2)
    let found = try #require(quality.observations["furtherSpellings"])
    #expect(found.count == 4 && found.consequence == .used)
    #expect(
      found.examples.map(\.found) == [
        "manager 'Busch, Lutz' and 'BUSCH,  LUTZ'", "manager 'Busch, Lutz ' and 'BUSCH,  LUTZ'",
        "manager 'Groß, Klaus' and 'GROSS, KLAUS'", "partner 'pat' and 'PAT'",
      ])
    var alike = EventLog()
    for number in 0..<6 {
      alike.event("2026-03-02 09:0\(number)", .request, "M\(number)", "m0", case: "\(number)")
    }
    // A manager and a partner of one name aren't one.
    #expect(try Self.quality(alike).observations["furtherSpellings"] == nil)
  }

  /// Requests of managers R0, R1, …, of whom the first so many are named alike in another system and the others C….
  static func log(
    requests: Int = 6, others: Int = 6, shared: Int = 0, of kind: EventKind? = .checkIn, each: Int = 2,
    partner: String = "pat"
  ) -> EventLog {
    var log = EventLog()
    for round in 0..<each {
      for number in 0..<requests {
        log.event("2026-03-0\(round + 1) 09:00", .request, "R\(number)", "pat", case: "\(round) \(number)")
      }
    }
    guard let kind else { return log }
    for round in 0..<each {
      for number in 0..<others {
        log.event(
          "2026-03-0\(round + 1) 10:00", kind, number < shared ? "R\(number)" : "C\(number)", partner, value: 3)
      }
    }
    return log
  }

  @Test func `kinds of events that name hardly any manager in common are told`() throws {
    let found = try #require(try Self.quality(Self.log()).observations["managersApart"])
    #expect(found.count == 12)
    #expect(
      found.examples.map(\.found) == [
        "of 6 managers with requests none has a check-in (requests name 'R0', check-ins 'C0')"
      ])
    let some = try #require(try Self.quality(Self.log(others: 8, shared: 2)).observations["managersApart"])
    #expect(some.count == 10)
    #expect(
      some.examples.map(\.found) == [
        "of 6 managers with requests 2 have a check-in (requests name 'R2', check-ins 'C2')"
      ])
    let named = try Self.quality(Self.log(of: .survey)).observations["managersApart"]
    #expect(named?.examples.first?.found.contains("none has a rating") == true)
  }

  @Test func `a log that may well name managers alike raises no alarm`() throws {
    for log in [
      // One kind alone, the same managers, half of them, fewer than five, a part.
      Self.log(of: nil), Self.log(shared: 6), Self.log(shared: 3), Self.log(others: 4), Self.log(requests: 4),
      Self.log(requests: 9, others: 5, shared: 5),
      // So few events that whom they name is chance.
      Self.log(each: 1),
    ] {
      #expect(try Self.quality(log).observations["managersApart"] == nil)
    }
  }

  // Of ten managers, all with requests, five have commitments and five others trainings.
  @Test func `kinds that few have apart are named alike where a third kind names them all`() throws {
    func log(requests: Int) -> EventLog {
      var log = Self.log(requests: requests, of: nil)
      for number in 0..<20 {
        let kind = number % 2 == 0 ? EventKind.commitment : .training
        log.event("2026-03-03 11:00", kind, "R\(number % 10)", "pat", case: number % 2 == 0 ? "\(number)" : "")
      }
      return log
    }
    #expect(try Self.quality(log(requests: 10)).observations["managersApart"] == nil)
    #expect(try Self.quality(log(requests: 1)).observations["managersApart"]?.count == 10)
  }

  // Of fewer than five anonymous ratings not even that there are some may be told.
  @Test(arguments: [(4, false), (5, true)])
  func `anonymous ratings count where there are five`(_ each: Int, _ isTold: Bool) throws {
    let found = try Self.quality(Self.log(of: .survey, each: each, partner: "")).observations["managersApart"]
    #expect((found != nil) == isTold)
  }
}
