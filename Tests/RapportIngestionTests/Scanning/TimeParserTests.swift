import Testing

@testable import RapportIngestion

@Suite struct TimeParserTests {
  static func parse(_ text: String, _ formats: [String] = [], zone: TimeZoneRules = .utc) -> Int64? {
    var parser = TimeParser(formats: formats.map { TimeFormat($0)! }, zone: zone)
    return parse(text, by: &parser)
  }

  static func parse(_ text: String, by parser: inout TimeParser) -> Int64? {
    let fixed = FixedBytes(text)
    return withExtendedLifetime(fixed) { parser.instant(fixed.bytes)?.milliseconds }
  }

  /// 2026-01-05T00:00Z: 20,458 days.
  static let day: Int64 = 20_458 * 86_400_000
  static let hour: Int64 = 3_600_000

  static let contractForms: [(String, Int64)] = [
    ("2026-01-05", 1_767_571_200_000), ("2026-01-05T09:30", 1_767_605_400_000),
    ("2026-01-05 09:00:01", 1_767_603_601_000),
    ("2026-01-05T09:00:01.25", 1_767_603_601_250), ("2026-01-05T09:00:01,123987Z", 1_767_603_601_123),
    ("2026-01-05T09:00Z", 1_767_603_600_000), ("2026-01-05T09:00:00+01:00", 1_767_600_000_000),
    ("2026-01-05T09:00:00-0330", 1_767_616_200_000), ("2026-01-05T09:00+05", 1_767_585_600_000),
    ("2026-01-05 09:00:00 +01:00", 1_767_600_000_000), ("2026-01-05t09:00z", 1_767_603_600_000),
    ("2026-01-05T24:00", 1_767_657_600_000), ("2026-01-05T09:00:60", 1_767_603_660_000),
    ("1767571200", 1_767_571_200_000), ("1767571200.5", 1_767_571_200_500), ("1767571200000", 1_767_571_200_000),
    ("99999999999", 99_999_999_999_000),
    ("100000000000", 100_000_000_000), ("-1", -1000), ("0", 0), ("2024-02-29", 1_709_164_800_000),
  ]

  @Test(arguments: contractForms)
  func `every form of the contract`(_ text: String, _ expected: Int64) {
    #expect(Self.parse(text) == expected)
  }

  @Test(arguments: [
    "", "x", "2026-13-05", "2026-00-05", "2026-02-29", "2026-01-32", "2026-1-5", "2026-01-05T", "2026-01-05T9:00",
    "2026-01-05T25:00", "2026-01-05T24:01", "2026-01-05T09:60", "2026-01-05T09:00:61", "2026-01-05T09:00:00.",
    "2026-01-05T09:00+", "2026-01-05T09:00+1", "2026-01-05T09:00+01:60", "2026-01-05T09:00+01:00x", "2026-01-05x",
    "2026/01/05", "05/01/2026", "12345678901234567", "12a", "1.", ".5", "-", "1e9", "2026-01-05T09:00 ", "26-01-05",
  ])
  func `what isn't a time`(_ text: String) {
    #expect(Self.parse(text) == nil)
  }

  // Of events: databases' and spreadsheets' dates for "none", days that spreadsheets number, and what lies just on either side.
  @Test(arguments: [
    ("0001-01-01T00:00:00", false), ("0001-01-01", false), ("1900-01-01", false), ("1969-12-31T23:59:59Z", false),
    ("1970-01-01T00:00:00Z", true), ("46027.46", false), ("46027", false), ("0", false), ("-1", false),
    ("99999999", false), ("100000000", true), ("1767571200", true), ("1767571200000", true), ("2026-01-05", true),
  ])
  func `no event lies before 1970, nor is a spreadsheet's day a second`(_ text: String, _ isRead: Bool) {
    var parser = TimeParser(zone: .utc, isOfEvents: true)
    let fixed = FixedBytes(text)
    withExtendedLifetime(fixed) {
      #expect((parser.instant(fixed.bytes) != nil) == isRead)
      if let start = fixed.bytes.baseAddress, parser.plainInstant(start, count: fixed.bytes.count) != nil {
        #expect(isRead)
      }
    }
    #expect(isRead || TimeHint.sentence(for: text) != nil)
  }

  @Test func `hints say what such times are`() {
    #expect(TimeHint.sentence(for: "46027.46") == "Spreadsheets number days so; export times as text, in ISO 8601.")
    #expect(TimeHint.sentence(for: "5") == "A number below 100,000,000 isn't taken for Unix seconds.")
    #expect(TimeHint.sentence(for: "1.72E+09")?.hasPrefix("Spreadsheets write long numbers so") == true)
    #expect(TimeHint.sentence(for: "NaN") == nil && TimeHint.sentence(for: "12345678901234567") == nil)
    #expect(TimeHint.sentence(for: "0001-01-01")?.hasPrefix("No event is taken to lie before 1970") == true)
  }

  // By hand, in hours from 5 January on: London's 29 March 2026 has 23, its 25 October 25; 6 March ends after 61 days.
  static let dates: [(text: String, zone: String, formats: [String], hours: Int)] = [
    ("2026-03-06", "UTC", [], 61 * 24), ("2026-03-29", "Europe/London", [], 84 * 24 - 1),
    ("2026-10-25", "Europe/London", [], 294 * 24), ("06/03/2026", "UTC", ["d/m/Y"], 61 * 24),
    ("6-Mar-26", "UTC", ["d/m/Y", "d-b-y"], 61 * 24), ("2026-03-06", "UTC", ["d/m/Y H:M"], 61 * 24),
    // A date by the clocks of Kabul, 4:30 ahead.
    ("06/03/2026+04:30", "UTC", ["d/m/Yz"], 61 * 24 - 4),
    // In Beirut clocks skip the midnight that begins 29 March 2026.
    ("2026-03-28", "Asia/Beirut", [], 83 * 24 - 2), ("2026-03-29", "Asia/Beirut", [], 84 * 24 - 3),
  ]

  @Test(arguments: dates)
  func `a date alone is due until its day ends, and an absence lasts as long`(
    _ text: String, _ zone: String, _ formats: [String], _ hours: Int
  ) throws {
    var parser = TimeParser(
      formats: formats.map { TimeFormat($0)! }, zone: try TimeZoneRules(named: zone), isOfEvents: true)
    let end = Self.day + Int64(hours) * Self.hour - (text.hasSuffix("04:30") ? Self.hour / 2 : 0)
    let fixed = FixedBytes(text)
    withExtendedLifetime(fixed) {
      #expect(parser.due(fixed.bytes, of: .absence)?.milliseconds == end)
      #expect(parser.due(fixed.bytes, of: .commitment)?.milliseconds == end - 1)
      // Each is one time that was read.
      #expect(parser.withOffset + parser.withoutOffset == 2)
      #expect(parser.end(fixed.bytes)?.isDay == true)
    }
  }

  static let moments: [(text: String, formats: [String])] = [
    ("2026-03-06T00:00", []), ("2026-03-06 10:00", []), ("2026-03-06T10:00:00Z", []), ("1772755200", []),
    ("06/03/2026 00:00", ["d/m/Y H:M"]), ("06/03/2026 12 AM", ["d/m/Y I p"]), ("2026-03-06T00:00", ["d/m/Y"]),
  ]

  @Test(arguments: moments)
  func `with a time of day it is due at that moment`(_ text: String, _ formats: [String]) {
    for kind in [EventKind.absence, .request] {
      var parser = TimeParser(formats: formats.map { TimeFormat($0)! }, zone: .utc)
      let fixed = FixedBytes(text)
      withExtendedLifetime(fixed) {
        #expect(parser.due(fixed.bytes, of: kind) != nil)
        #expect(parser.due(fixed.bytes, of: kind) == parser.instant(fixed.bytes))
        #expect(parser.end(fixed.bytes)?.isDay == false)
      }
    }
  }

  @Test func `what isn't a time is due never`() {
    for text in ["", "soon", "2026-02-30", "1960-01-01"] {
      var parser = TimeParser(zone: .utc, isOfEvents: true)
      let fixed = FixedBytes(text)
      withExtendedLifetime(fixed) { #expect(parser.due(fixed.bytes, of: .goal) == nil) }
    }
  }

  static let foreignForms: [(String, String, Int64)] = [
    ("5/1/2026 09:30", "d/m/Y H:M", 1_767_605_400_000),
    ("05/01/2026 9:30", "%d/%m/%Y %H:%M", 1_767_605_400_000),
    ("1/5/26 9:05 PM", "m/d/y I:M p", 1_767_647_100_000), ("05-Jan-2026 12:00 am", "d-b-Y I:M p", 1_767_571_200_000),
    ("2026.01.05 09:00:00.5 +0100", "Y.m.d H:M:S.f z", 1_767_600_000_500),
    ("20260105T0900", "YmdTHM", 1_767_603_600_000),
    ("2026-01-05", "d/m/Y H:M", 1_767_571_200_000),
  ]

  @Test(arguments: foreignForms)
  func `a profile's own formats, then the contract's`(_ text: String, _ format: String, _ expected: Int64) {
    #expect(Self.parse(text, [format]) == expected)
  }

  @Test(arguments: [
    "29/2/2026 10:00", "5/13/2026 10:00", "5/1/2026 24:00", "5/1/2026 10:00 x", "5/1/2026", "5/1/26 10:00",
  ])
  func `what isn't a time of a format`(_ text: String) {
    #expect(Self.parse(text, ["d/m/Y H:M"]) == nil)
  }

  @Test(arguments: ["", "Y-m", "Y-m-d H I", "Y y m d", "d/m/Y q", "d/m/Y I:M", "Y-m-b-d"])
  func `formats that can't be`(_ format: String) {
    #expect(TimeFormat(format) == nil)
  }

  // In Berlin 2026-01-05 is UTC+1; the two 02:30 of 25 October are told by the first, UTC+2; 02:30 of 29 March is
  // skipped and told with UTC+1.
  @Test func `times without offset are in the zone`() throws {
    let berlin = try TimeZoneRules(named: "Europe/Berlin")
    #expect(Self.parse("2026-01-05T09:00", zone: berlin) == Self.day + 8 * Self.hour)
    #expect(Self.parse("2026-01-05T09:00Z", zone: berlin) == Self.day + 9 * Self.hour)
    #expect(Self.parse("2026-10-25T02:30", zone: berlin) == Self.parse("2026-10-25T00:30Z"))
    #expect(Self.parse("2026-03-29T02:30", zone: berlin) == Self.parse("2026-03-29T01:30Z"))
    #expect(Self.parse("5/7/2026 09:00", ["d/m/Y H:M"], zone: berlin) == Self.parse("2026-07-05T07:00Z"))
    // The cache of the last span must not outlive it.
    var parser = TimeParser(zone: berlin)
    var last: Int64?
    for text in ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T02:59", "2026-10-25T03:00", "2026-01-01T00:00"] {
      last = Self.parse(text, by: &parser)
      #expect(last == Self.parse(text, zone: berlin))
    }
    #expect(parser.withoutOffset == 5)
  }
}

@Suite struct FixedPointTests {
  static func thousandths(_ text: String) -> Int32? {
    let fixed = FixedBytes(text)
    return withExtendedLifetime(fixed) { FixedPoint.thousandths(fixed.bytes) }
  }

  @Test(arguments: [
    ("4", 4000), ("-2.5", -2500), ("12,75", 12_750), ("0.0005", 1), ("0.0004999", 0), ("+1", 1000), ("true", 1000),
    ("false", 0), ("2147483", 2_147_483_000), (".5", 500), ("3.", 3000), ("-0.0005", -1),
  ])
  func `thousandths, worked by hand`(_ text: String, _ expected: Int32) {
    #expect(Self.thousandths(text) == expected)
  }

  @Test(arguments: [
    "", "-", ".", "x", "1e3", "1 000", "2147484", "99999999999999999999", "1.2.3", "NaN", "True", "truth", "falsehood",
  ])
  func `what isn't a number`(_ text: String) {
    #expect(Self.thousandths(text) == nil)
  }

  @Test func `the plain form is read as every form is, or not at all`() throws {
    var generator = FieldScannerTests.Generator(state: 6)
    let starts = [
      "2026-01-05T09:30:59", "2026-01-05 23:59:59Z", "2024-02-29T00:00:00z", "2025-02-29T00:00:00",
      "2026-03-29T01:30:00",
      "2026-10-25T01:30:00", "2026-12-31T12:00:00", "0001-01-01T00:00:00", "2026-01-05T24:00:00", "2026-01-05T09:00:60",
    ]
    let alphabet = Array("0123456789:-TZ z\u{0}/;".utf8) + [0x80, 0xFF]
    var plainCount = 0
    for zone in ["UTC", "Europe/London"] {
      // One parser for all, so that the dates it keeps are those of other texts.
      var plain = TimeParser(zone: try TimeZoneRules(named: zone))
      for round in 0..<8000 {
        var text = Array(starts[round % starts.count].utf8)
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
          text[Int.random(in: 0..<text.count, using: &generator)] = alphabet.randomElement(using: &generator)!
        }
        var long = TimeParser(zone: try TimeZoneRules(named: "UTC"))
        if zone != "UTC" { long = TimeParser(zone: try Self.london.get()) }
        let padded = text + [UInt8](repeating: 0x35, count: 16)
        let found = padded.withUnsafeBytes { plain.plainInstant($0.baseAddress!, count: text.count) }
        guard let found else { continue }
        plainCount += 1
        let expected = padded.withUnsafeBytes { long.instant(UnsafeRawBufferPointer(rebasing: $0[..<text.count])) }
        #expect(found == expected, "\(String(decoding: text, as: UTF8.self))")
      }
      #expect(plain.withOffset > 0 && plain.withoutOffset > 0)
    }
    #expect(plainCount > 4000)
  }

  private static let london = Result { try TimeZoneRules(named: "Europe/London") }
}
