import Foundation
import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct NameFormTests {
  private static func composed(_ text: String) -> String {
    Array(text.utf8).withUnsafeBytes { NameForm.composed($0).map { String(decoding: $0, as: UTF8.self) } } ?? text
  }

  // Marks that join, in both orders and several; letters of Hangul; signs that stand for others (Kelvin, Ångström, ohm); and texts
  // that stay. Foundation goes by ICU's tables.
  @Test(arguments: [
    "Mu\u{308}ller", "M\u{fc}ller", "e\u{301}", "\u{1ea1}\u{302}", "a\u{302}\u{323}", "\u{1100}\u{1161}\u{11a8}",
    "\u{212a}im", "\u{212b}", "\u{2126}", "\u{418}\u{306}", "\u{439}", "\u{301}", "x\u{301}\u{301}",
    "\u{4e2d}\u{6587}", "\u{1f469}\u{200d}\u{1f4bb}", "\u{fb01}", "plain", "",
  ])
  func `the form is that of Unicode's annex 15`(_ text: String) {
    let expected = text.precomposedStringWithCanonicalMapping
    #expect(Array(Self.composed(text).utf8) == Array(expected.utf8))
    #expect(Array(text.composed.utf8) == Array(expected.utf8))
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { NameForm.composed($0) == nil } == (Array(expected.utf8) == bytes))
  }

  // Whatever has no byte of 0xCC or more is never looked at: nothing below U+0300 changes.
  @Test func `nothing below the first mark changes`() {
    for value in 0..<0x300 as Range<UInt32> {
      let letter = String(Unicode.Scalar(value)!)
      #expect(Array(letter._nfcCodeUnits) == Array(letter.utf8))
      #expect(Array(letter.utf8).withUnsafeBytes { !NameForm.mayChange($0) })
    }
  }

  @Test func `bytes that aren't UTF-8 stay`() {
    #expect([0x65, 0xCC, 0x81, 0xFF].withUnsafeBytes { NameForm.composed(UnsafeRawBufferPointer($0)) } == nil)
  }

  @Test func `two spellings of a name have one number`() {
    var forms = NameForms()
    func number(_ text: String) -> UInt32 { Array(text.utf8).withUnsafeBytes { forms.number(of: $0) } }
    let (composed, other, apart) = (number("\u{e9}"), number("z\u{e9}"), number("e\u{301}"))
    #expect(composed == apart && other != composed && number("\u{e9}") == composed)
    #expect(forms.withName(apart) { Array($0) } == [0xC3, 0xA9])
    func areOne(_ a: String, _ b: String) -> Bool {
      Array(a.utf8).withUnsafeBytes { a in Array(b.utf8).withUnsafeBytes { forms.areOne(a, $0) } }
    }
    #expect(areOne("a", "a") && areOne("e\u{301}", "\u{e9}") && !areOne("e", "\u{e9}") && !areOne("e\u{301}", ""))
    #expect(!areOne("e\u{301}", "e\u{300}") && !areOne("an", "ann") && !areOne("\u{e9}a", "\u{e9}b"))
    // What follows a letter may join it, in another order too.
    #expect(areOne("a\u{302}\u{323}b", "a\u{323}\u{302}b") && areOne("a\u{323}\u{302}", "\u{1ead}"))
    #expect(areOne("\u{212a}im", "Kim") && !areOne("\u{212a}im", "Kin"))
  }
}

/// People and categories whose names come in both Unicode forms.
@Suite struct TwoFormsTests {
  /// Apart, as exports of some systems write them, one longer than a short name may be; and composed.
  private static let apart = [
    "Mu\u{308}ller", "Bjo\u{308}rn-Ake A\u{30a}stro\u{308}m", "Rene\u{301}e", "Gru\u{308}n", "Pru\u{308}fung",
  ]
  private static let composed = apart.map(\.precomposedStringWithCanonicalMapping)

  private static let header = "timestamp,kind,manager,partner,case,topic,priority,channel"
  /// Rows of two managers and two partners; a case is opened in one form and answered in the other where `mixed`.
  private static func rows(_ range: Range<Int>, in form: (Int) -> [String]) -> [String] {
    range.flatMap { number -> [String] in
      let (name, reply) = (form(number), form(number + 1))
      let day = "2026-01-\(10 + number % 20)T"
      return [
        "\(day)09:00,request,\(name[number % 2]),\(name[2 + number % 2]),c\(number),\(name[4]),\(name[3]),\(name[2])",
        "\(day)10:00,response,\(reply[number % 2]),\(reply[2 + number % 2]),c\(number),,,",
        "\(day)11:\(number < 10 ? "0" : "")\(number),recognition,\(name[number % 2]),\(reply[2 + number % 2]),,,,",
      ]
    }
  }

  private static func json(_ rows: [String], escaped: Bool) -> String {
    let keys = header.split(separator: ",")
    return rows.map { row in
      let fields = zip(keys, row.split(separator: ",", omittingEmptySubsequences: false)).map { key, value in
        let letters = value.unicodeScalars.map {
          escaped && $0.value >= 0x80 ? "\\u" + String(format: "%04x", $0.value) : String($0)
        }
        return "\"\(key)\":\"\(letters.joined())\""
      }
      return "{\(fields.joined(separator: ","))}\n"
    }.joined()
  }

  private static func ledger(
    _ texts: [String], _ name: String = "in.csv", threads: Int = 1, chunkBytes: Int = 1 << 18
  ) throws -> Ledger {
    let inputs = texts.enumerated().map { InputSource.bytes(Array($1.utf8), name: "\($0)\(name)") }
    var ledger = try ingest(
      inputs,
      options: ReadingFixture.options {
        $0.threads = threads
        $0.chunkBytes = chunkBytes
      }
    ).ledger
    ledger.forgetInputs()
    return ledger
  }

  private static func csv(_ rows: [String]) -> String { ([header] + rows).joined(separator: "\n") + "\n" }

  @Test func `events in either form, in CSV and NDJSON, on any threads, give one ledger`() throws {
    let plain = Self.rows(0..<60) { _ in Self.composed }
    let expected = try Self.ledger([Self.csv(plain)])
    let managers = expected.names[NameSpace.manager.rawValue].strings
    #expect(managers.map { Array($0.utf8) } == [Self.composed[1], Self.composed[0]].map { Array($0.utf8) })
    #expect(expected.names[NameSpace.topic.rawValue].count == 1 && expected.parties.count == 4)
    let apart = Self.rows(0..<60) { _ in Self.apart }
    let mixed = Self.rows(0..<60) { $0 % 3 == 0 ? Self.apart : Self.composed }
    for (threads, chunkBytes) in [(1, 1 << 18), (2, 300), (5, 1000)] {
      for rows in [plain, apart, mixed] {
        let found = try Self.ledger([Self.csv(rows)], threads: threads, chunkBytes: chunkBytes)
        #expect(found.isTheSame(as: expected), "\(threads) threads")
        for escaped in [false, true] {
          let found = try Self.ledger(
            [Self.json(rows, escaped: escaped)], "in.ndjson", threads: threads, chunkBytes: chunkBytes)
          #expect(found.isTheSame(as: expected), "\(threads) threads, escaped: \(escaped)")
        }
      }
    }
    // Told apart by thread and chunk nowhere: to the last byte.
    let bytes = try Self.ledger([Self.csv(mixed)]).fileBytes()
    #expect(try Self.ledger([Self.csv(mixed)], threads: 4, chunkBytes: 200).fileBytes(threads: 3) == bytes)
  }

  @Test func `ledgers of both forms merge to that of either`() throws {
    let expected = try Self.ledger([Self.csv(Self.rows(0..<40) { _ in Self.composed })])
    let first = try Self.ledger([Self.csv(Self.rows(0..<25) { _ in Self.apart })])
    let second = try Self.ledger([Self.csv(Self.rows(25..<40) { _ in Self.composed })])
    let saved = [first, second].map { $0.fileBytes() }
    var merged = Ledger.empty
    for bytes in saved.reversed() { try merged.add(Ledger(fileBytes: bytes, path: "x.ledger")) }
    #expect(merged.isTheSame(as: expected))
    let history = try merged.history(HistoryOptions(runStart: ReadingFixture.runStart))
    #expect(history.managers.count == 2 && history.partners.count == 2 && history.topics.count == 1)
  }

  @Test func `a case table tells one request in both forms`() throws {
    let (a, b) = (Self.apart, Self.composed)
    let table = [
      "case,manager,partner,opened,responded,topic,priority",
      "1,\(a[0]),\(a[2]),2026-01-05T09:00,,\(a[4]),\(a[3])",
      "1,\(b[0]),\(b[2]),2026-01-05T09:00,2026-01-06T09:00,\(b[4]),\(b[3])",
      "2,\(b[0]),\(a[2]),2026-01-07T09:00,2026-01-08T09:00,\(a[4]),\(b[3])",
      "3,\(a[0]),\(b[2]),2026-01-08T09:00,,\(a[4]),\(b[3])",
      // Another manager's: refused, in whichever form, and told once.
      "3,\(a[1]),\(b[2]),2026-01-09T09:00,,,", "3,\(b[1]),\(b[2]),2026-01-09T09:00,,,", "",
    ].joined(separator: "\n")
    for (threads, chunkBytes) in [(1, 1 << 18), (3, 100)] {
      let result = try ingest(
        [.bytes(Array(table.utf8), name: "in.csv")],
        options: ReadingFixture.options {
          ($0.threads, $0.chunkBytes, $0.maximumBadShare) = (threads, chunkBytes, 1)
        })
      let ledger = result.ledger
      #expect(ledger.caseCount == 3 && ledger.supersededRows == 2 && ledger.repeatedCaseRows == 1)
      #expect(result.repeatedCases.map(\.description) == ["in.csv:6"])
      let history = try ledger.history(HistoryOptions(runStart: ReadingFixture.runStart))
      #expect(history.managers == [b[0]] && history.partners == [b[2]])
      #expect(history.topics.map { Array($0.utf8) } == [Array(b[4].utf8)] && history.priorities.count == 1)
      #expect(history.spells.count == 3 && history.spells.filter { $0.outcome == .answered }.count == 2)
    }
  }

  @Test(arguments: [true, false])
  func `a roster in the other form is of the same people`(_ isApart: Bool) throws {
    let (events, roster) = isApart ? (Self.apart, Self.composed) : (Self.composed, Self.apart)
    let ledger = try Self.ledger([Self.csv(Self.rows(0..<10) { _ in events })])
    func table(_ party: String, _ names: ArraySlice<String>) throws -> Roster {
      let text = "\(party),ort\n" + names.map { "\($0),\(roster[3])\n" }.joined()
      return try Roster(Table(reading: .bytes(Array(text.utf8), name: "roster.csv")), timeZone: .utc)
    }
    var options = HistoryOptions(runStart: ReadingFixture.runStart)
    options.rosters = [try table("manager", roster[..<2]), try table("partner", roster[2..<4])]
    let history = try ledger.history(options)
    let observations = history.dataQuality.observations
    #expect(observations["notInRoster"] == nil && observations["notInEvents"] == nil)
    let place = Array(Self.composed[3].utf8)
    #expect(history.managerAttributes["ort"]?.map { $0.map { Array($0.utf8) } } == [place, place])
    // Given by a program, an entry is of the same person too; and one that no event names is told composed.
    #expect(Array(Roster.Entry(id: Self.apart[0]).id.utf8) == Array(Self.composed[0].utf8))
  }

  // In a short name and in a long one; met first in such a row, and after both forms have come by themselves.
  @Test func `one name in two forms as manager and partner is a row between nobody`() throws {
    for name in [0, 1] {
      let (a, b) = (Self.apart[name], Self.composed[name])
      let own = ["2026-01-05T09:00,request,\(a),\(b),x1,,,", "2026-01-05T09:00,recognition,\(b),\(a),,,,"]
      let others = ["2026-01-06T09:00,request,\(a),pat,c1,,,", "2026-01-06T10:00,request,ann,\(b),c2,,,"]
      for rows in [own + others, others + own + others] {
        let ledger = try Self.ledger([Self.csv(rows)])
        #expect(ledger.rejects.count(of: .selfRequest) == 2 && ledger.caseCount == 2)
        #expect(ledger.names[NameSpace.manager.rawValue].count == 2)
        let lines = try Self.ledger([Self.json(rows, escaped: false)], "in.ndjson")
        #expect(lines.rejects.count(of: .selfRequest) == 2)
      }
      let table = "case,manager,partner,opened\n1,\(a),\(b),2026-01-05\n2,\(a),pat,2026-01-05\n"
      #expect(try Self.ledger([table]).rejects.count(of: .selfRequest) == 1)
    }
  }

  @Test func `words of a profile are found in either form`() throws {
    let profile = Profile(
      name: "t", nulls: ["ungekla\u{308}rt"], values: ["priority": ["h\u{f6}chste": "high", "niedrig": "low"]])
    for (high, none) in [("h\u{f6}chste", "ungekl\u{e4}rt"), ("ho\u{308}chste", "ungekla\u{308}rt")] {
      let text = "timestamp,kind,manager,partner,case,topic,priority\n2026-01-05,request,m,p,1,\(none),\(high)\n"
      let (rows, _, _) = try ReadingFixture.read(text.utf8, ReadingFixture.options { $0.profile = profile })
      #expect(rows.map(\.priority) == ["high"] && rows.map(\.topic) == [""])
    }
  }

  // Case numbers are keys: compared byte by byte, as escalations that name them.
  @Test func `case numbers are told apart by their bytes`() throws {
    let rows = ["2026-01-05T09:00,request,m,p,e\u{301},,,", "2026-01-05T09:00,request,m,p,\u{e9},,,"]
    #expect(try Self.ledger([Self.csv(rows)]).caseCount == 2)
  }
}

extension Ledger {
  /// Whether it holds the same but for the fingerprints of rows without `id`, which are of their bytes.
  fileprivate func isTheSame(as other: Ledger) -> Bool {
    var (a, b) = (self, other)
    for index in a.contacts.indices { a.contacts[index].fingerprint = Fingerprint(high: 0, low: 0) }
    for index in b.contacts.indices { b.contacts[index].fingerprint = Fingerprint(high: 0, low: 0) }
    func key(_ row: ContactRow) -> (Int64, UInt32) { (row.instant.milliseconds, row.parties) }
    a.contacts.sort { key($0) < key($1) }
    b.contacts.sort { key($0) < key($1) }
    return a == b
  }
}
