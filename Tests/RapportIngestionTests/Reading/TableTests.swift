import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct TableTests {
  static func table(_ text: String) throws -> Table {
    try Table(reading: .bytes(Array(text.utf8), name: "t.csv"))
  }

  @Test func `CSV, NDJSON and packed tables`() throws {
    let table = try Self.table("\u{FEFF}\"a\";b\n1;\"x;\"\"y\"\"\"\n\n2;\n")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["1", "x;\"y\""], ["2", ""]])
    #expect(table.lines == [2, 4])
    #expect(try table.column("b") == ["x;\"y\"", ""])
    let declared = try Self.table("sep=;\na,b;c\n1;2\n")
    #expect(declared.header == ["a,b", "c"] && declared.lines == [3] && declared.headerLine == 2)
    let json = try Self.table("{\"a\":1,\"b\":\"x\"}\n\n{\"b\":null,\"a\":-2.5e3}")
    #expect(json.rows == [["1", "x"], ["-2.5e3", ""]])
    #expect(json.lines == [1, 3])
    let packed = try Table(reading: .bytes(Packing.gzip(Array("a\n1\n".utf8)), name: "t.csv.gz"))
    #expect(packed.rows == [["1"]])
  }

  @Test func `a key that comes late is a column like any other`() throws {
    var text = (0..<1500).map { "{\"manager\":\"m\($0)\"}\n" }.joined()
    text += "{\"manager\":\"last\",\"unit\":\"Sales\"}\n"
    for pack in [{ $0 }, Packing.gzip] as [([UInt8]) -> [UInt8]] {
      let table = try Table(reading: .bytes(pack(Array(text.utf8)), name: "t.ndjson"))
      #expect(table.header == ["manager", "unit"])
      #expect(table.rows.first == ["m0", ""] && table.rows.last == ["last", "Sales"])
    }
  }

  @Test(arguments: [
    ("", "nothing in it"), ("a,a\n", "twice"), ("a,b\n1\n", "t.csv:2: 1 fields"),
    ("a,b\n1,\"x\"y\n", "quotes of column"),
    ("{\"a\":1}\n{\"a\":[1]}\n", "t.csv:2"), ("sep=;\n\na;a\n", "t.csv:3: the header names 'a' twice"),
  ])
  func `tables that can't be read`(_ text: String, _ words: String) {
    let error = #expect(throws: IngestionError.self) { try Self.table(text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `a missing column names the nearest`() throws {
    let table = Table(name: "t", header: ["Reaction", "Days"], rows: [])
    let error = #expect(throws: IngestionError.self) { try table.column("reactions") }
    #expect(error?.description.contains("did you mean 'Reaction'") == true)
  }

  @Test func `a row that isn't as long as the header is told`() {
    let table = Table(name: "t", header: ["a", "b"], rows: [["1", "2"], ["3"]])
    let error = #expect(throws: IngestionError.self) { try table.column("a") }
    #expect(error?.kind == .unusable && error?.description == "t:3: 1 fields, expected 2")
  }

  @Test func `bytes that aren't UTF-8`() {
    let error = #expect(throws: IngestionError.self) {
      try Table(reading: .bytes(Array("a\n".utf8) + [0xFF] + Array("\n".utf8), name: "t.csv"))
    }
    #expect(error?.description.contains("isn't UTF-8") == true)
  }
}

@Suite struct RosterReadingTests {
  static func roster(_ text: String) throws -> Roster { try Roster(TableTests.table(text), timeZone: .utc) }

  @Test func `managers and partners with dates, calendars and attributes`() throws {
    let roster = try Self.roster("manager,unit,from,until,level\nann,Sales,2026-01-01,2026-06-30,\nbob,,,,3\n")
    #expect(roster.party == .manager)
    #expect(roster.entries.map(\.id) == ["ann", "bob"])
    #expect(roster.entries[0].attributes == ["unit": "Sales"])
    #expect(TimeZoneRules.utc.date(of: roster.entries[0].until) == CivilDate(year: 2026, month: 7, day: 1))
    #expect(roster.entries[1].from == .absent)
    #expect(roster.entries[1].attributes == ["level": "3"])
    let partners = try Self.roster("partner,function,calendar\nkim,hr,office\n")
    #expect(partners.party == .partner)
    #expect(partners.entries[0].calendar == "office")
    #expect(partners.entries[0].attributes == ["function": "hr"])
  }

  @Test func `reads files`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("partner\nkim\n".utf8), to: "p.csv")
    #expect(try Roster(contentsOf: path, timeZone: .utc).entries == [Roster.Entry(id: "kim")])
    #expect(throws: IngestionError.self) { try Roster(contentsOf: folder.path + "/none.csv", timeZone: .utc) }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "needs a column"), ("Manager\nx\n", "nearest: 'Manager'"), ("manager,partner\na,b\n", "two files"),
    ("sep=,\n\nmanager,partner\na,b\n", "t.csv:3: "), ("\nunit\nSales\n", "t.csv:2: a roster needs a column"),
    ("manager\n", "no rows"), ("manager,unit\n,x\n", "t.csv:2: column 'manager' is empty"),
    ("manager\na\na\n", "'a' stands in line 2 already"), ("manager,from\na,soon\n", "'soon' isn't a date"),
    ("manager,from,until\na,2026-02-01,2026-01-01\n", "before 'from'"),
  ])
  func `rosters that can't be`(_ text: String, _ words: String) {
    let error = #expect(throws: IngestionError.self) { try Self.roster(text) }
    #expect(error?.kind == .unusable)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
