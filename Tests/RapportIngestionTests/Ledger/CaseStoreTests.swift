import RapportTestSupport
import Testing

@testable import RapportIngestion

/// The short way, held against the long: a ``CaseStore`` with rows taken as they stand, and a ``LedgerBuilder`` with every
/// row read field by field.
@Suite struct CaseStoreTests {
  /// A builder behind readers that know no short way.
  struct LongWay: ChunkSink {
    var builder: LedgerBuilder
    mutating func add(_ event: RawEvent) { builder.add(event) }
    mutating func add(_ row: RawCase) { builder.add(row) }
  }

  static func expectSame(
    _ log: [UInt8], _ options: ReadingOptions, _ comment: String, name: String = "in.csv"
  ) throws {
    let zone = options.timeZone
    let long = try readEvents(
      [.bytes(log, name: name)], options: options, makeSink: { LongWay(builder: LedgerBuilder(timeZone: zone)) },
      finish: { (sink: consuming LongWay) in sink.builder.finish() })
    var expected = Ledger.empty
    for part in long.parts { expected.merge(part) }
    expected.rejects = long.rejects
    let store = CaseStore(timeZone: zone)
    let short = try readEvents(
      [.bytes(log, name: name)], options: options, makeSink: { CaseStoreWriter(store) },
      finish: { writer in writer.finish() })
    var found = try store.finish(short.parts, threads: options.threads)
    found.rejects = short.rejects
    #expect(found == expected, "\(comment)")
    #expect(found.fileBytes(threads: 3) == expected.fileBytes(), "\(comment)")
    #expect(short.refusedRows == long.refusedRows, "\(comment)")
    #expect(short.statistics.rows == long.statistics.rows, "\(comment)")
    #expect(short.statistics.timesWithOffset == long.statistics.timesWithOffset, "\(comment)")
    #expect(short.statistics.timesWithoutOffset == long.statistics.timesWithoutOffset, "\(comment)")
  }

  static let columns = [
    "timestamp", "kind", "manager", "partner", "actor", "case", "topic", "priority", "channel", "due", "value",
    "recorded_at", "id", "note",
  ]
  static let kinds = EventKind.allCases.map(\.rawValue) + ["request", "response", "resolution", "nonsense", ""]
  static let names = [
    "m1", "m2", "p1", "p2", "m1", "", " m1", "p1\t", "\"m1\"", "\"a \"\"b\"\"\"", "a\"b", "exactly-15-byte",
    "exactly-16-bytes", "a name that is longer than any key may be", "m\u{1}", "m\u{1}\u{1}", "!",
    // Short and long, composed and not.
    "\u{e9}t\u{e9}", "e\u{301}te\u{301}", "\u{434}\u{43e}\u{441}\u{442}\u{43e}\u{439}\u{43d}\u{44b}\u{439}",
    "\u{434}\u{43e}\u{441}\u{442}\u{43e}\u{438}\u{306}\u{43d}\u{44b}\u{438}\u{306}",
  ]
  static let times = [
    "2026-01-05T09:00:00", "2026-01-05T09:00:01", "2026-01-05 09:00:00", "2026-02-05T09:00:00Z", "2026-01-05T09:00",
    "2026-01-05", "2026-03-29T01:30:00", "2026-10-25T01:30:00", "2026-01-05T24:00:00", "2026-01-05T23:59:60",
    "2026-01-05T09:00:00.5", "2026-01-05T09:00:00+01:00", "1767571200", "2027-01-05T09:00:00", "2026-02-30T09:00:00",
    "2026-01-05T09:0a:00", "2026-01-05T09:00:00x", "2026-01-05X09:00:00", "\"2026-01-05T09:00:00\"",
    " 2026-01-05T09:00:00", "", "1960-01-05T09:00:00", "1900-01-01",
    "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}T00:00:00",
  ]

  /// Rows of every shape; few cases, names and times, so that everything meets everything.
  static func log(_ generator: inout FieldScannerTests.Generator, rows: Int, oddShare: Double) -> [UInt8] {
    func pick(_ values: [String], _ usual: Int) -> String {
      Double.random(in: 0..<1, using: &generator) < oddShare
        ? values.randomElement(using: &generator)! : values[Int.random(in: 0..<usual, using: &generator)]
    }
    let order = columns.shuffled(using: &generator)
    var text = order.joined(separator: ",") + "\n"
    for row in 0..<rows {
      let kind = pick(kinds, EventKind.allCases.count)
      let number = Int.random(in: 0..<max(1, rows / 4), using: &generator)
      var fields: [String] = []
      for column in order {
        switch column {
        case "timestamp": fields.append(pick(times, 4))
        case "kind": fields.append(kind)
        case "manager": fields.append(pick(names, 2))
        case "partner": fields.append(pick(["p1", "p2"] + names, 2))
        case "actor": fields.append(pick(["", "manager", "partner", "nobody", "Partner", " manager"], 3))
        case "case":
          fields.append(
            pick(["c\(number)", "case-\(number)-with-a-key-of-many-bytes", "", " c1", "\"c2\"", "c\u{1}"], 2))
        case "topic", "priority", "channel": fields.append(pick(["x", "y", "", "protected", "\"a, b\"", " x"], 4))
        case "due", "recorded_at": fields.append(pick(["", ""] + times, 3))
        case "value": fields.append(pick(["4", "1", "", "0", "9", "true", "3.25", " 4", "\"4\"", "x"], 3))
        case "id": fields.append(pick(["", "id\(row % 50)", "id\(row)", "\"id1\"", " id1"], 3))
        default: fields.append(pick(["", "a note", "\"quoted\"", "\"over\ntwo lines\"", "5\" disk"], 2))
        }
      }
      if Double.random(in: 0..<1, using: &generator) < oddShare / 10 { fields.removeLast() }
      if Double.random(in: 0..<1, using: &generator) < oddShare / 10 { fields.append("more") }
      text += fields.joined(separator: ",") + (Int.random(in: 0..<10, using: &generator) == 0 ? "\r\n" : "\n")
    }
    var bytes = Array(text.utf8)
    if oddShare > 0.2 { bytes[bytes.count / 2] = 0xFF }
    return bytes
  }

  @Test func `the short way gives what the long way gives`() throws {
    for seed in 0..<40 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let rows = Int.random(in: 1...600, using: &generator)
      let log = Self.log(&generator, rows: rows, oddShare: [0, 0.02, 0.1, 0.4][Int(seed) % 4])
      let zone = try TimeZoneRules(named: seed % 2 == 0 ? "Europe/London" : "UTC")
      for (threads, chunkBytes) in [(1, 1 << 18), (3, 900)] {
        let options = ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = chunkBytes
          $0.timeZone = zone
          $0.maximumBadShare = 1
          $0.rejectsFile = "/dev/null"
        }
        try Self.expectSame(log, options, "seed \(seed), \(threads) threads")
      }
    }
  }

  /// The rows of a log as lines of JSON; some in other shapes than the usual one, some wrong.
  static func json(_ log: [UInt8], _ generator: inout FieldScannerTests.Generator, oddShare: Double) -> [UInt8] {
    let lines = String(decoding: log, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    func quoted(_ text: String) -> String {
      "\"" + text.unicodeScalars.map { $0.value < 0x20 ? "\\t" : $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
    }
    var text = ""
    for (number, row) in lines.dropFirst().enumerated() {
      var members = zip(lines[0], row).map { key, value in
        let isNumber = key == "value" && Double(value) != nil && !value.contains(" ")
        return (key: key, value: isNumber ? value : value.isEmpty && number % 2 == 0 ? "null" : quoted(value))
      }
      func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < share * oddShare }
      if number > 0 {
        if happens(0.2) { members.shuffle(using: &generator) }
        if happens(0.2) { members.removeAll { $0.value == "null" } }
        if happens(0.1) { members.append(members.randomElement(using: &generator)!) }
        if happens(0.1) { members.append(("more", "{\"a\":[1,2]}")) }
        if happens(0.1), !members.isEmpty { members[0].value = "[]" }
      }
      let gap = happens(0.3) ? " " : ""
      var line = "{" + members.map { quoted($0.key) + ":" + gap + $0.value }.joined(separator: "," + gap) + "}"
      if number > 0, happens(0.1) { line.removeLast() }
      text += line + (happens(0.1) ? "\r\n" : happens(0.05) ? "\n\n" : "\n")
    }
    return Array(text.utf8)
  }

  @Test func `lines of JSON give what the long way gives`() throws {
    for seed in 0..<40 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let oddShare = [0, 0.05, 0.3, 1][Int(seed) % 4]
      let log = Self.log(&generator, rows: Int.random(in: 2...500, using: &generator), oddShare: oddShare / 4)
      var lines = Self.json(log, &generator, oddShare: oddShare)
      if oddShare == 1 { lines[lines.count / 2] = 0xFF }
      for (threads, chunkBytes) in [(1, 1 << 18), (3, 1500)] {
        let options = ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = chunkBytes
          $0.maximumBadShare = 1
          $0.rejectsFile = "/dev/null"
        }
        try Self.expectSame(lines, options, "seed \(seed), \(threads) threads", name: "in.ndjson")
      }
    }
  }

  @Test func `case tables and more cases than a first index holds`() throws {
    var table = "case,manager,partner,opened,responded\n"
    for row in 0..<300 { table += "c\(row % 280),m\(row % 7),p\(row % 5),2026-01-05T09:00:00,2026-01-06T09:00:00\n" }
    try Self.expectSame(Array(table.utf8), ReadingFixture.options { $0.maximumBadShare = 1 }, "a table")
    var log = "timestamp,kind,manager,partner,case\n"
    for row in 0..<20_000 {
      let kind = row % 3 == 0 ? "request" : row % 3 == 1 ? "response" : "resolution"
      log += "2026-01-05T09:00:0\(row % 10),\(kind),m\(row % 700),p\(row % 30),c\(row * 7919 % 9000)\n"
    }
    try Self.expectSame(Array(log.utf8), ReadingFixture.options { $0.threads = 2 }, "many cases")
    // Blocks of each shard are filled several times over; every tenth row is one that was there before.
    log = "timestamp,kind,manager,partner,case,channel,value,id\n"
    for row in 0..<40_000 {
      let number = row % 10 == 9 ? row / 2 : row
      log += "2026-01-05T09:00:0\(number % 10),"
      log += number % 3 == 0 ? "survey_invitation" : number % 3 == 1 ? "recognition" : "escalation"
      log += ",m\(number % 700),p\(number % 30),\(number % 6 == 2 ? "c\(number)" : ""),"
      log += "\(number % 4 == 0 ? "protected" : "email"),4,id\(number)\n"
    }
    try Self.expectSame(Array(log.utf8), ReadingFixture.options { $0.threads = 2 }, "many events without a case")
  }

  // Rows point to where their keys end by 32 bits.
  @Test func `more keys than a table holds are told with what to do`() throws {
    try CaseTable.check(keyBytes: 4_294_967_295, of: .request)
    let error = #expect(throws: IngestionError.self) { try CaseTable.check(keyBytes: 4_294_967_296, of: .request) }
    #expect(error?.kind == .unusable)
    #expect(error?.description.contains("all 'request' cases take 4096 MiB, and a ledger holds 4095 MiB") == true)
  }
}
