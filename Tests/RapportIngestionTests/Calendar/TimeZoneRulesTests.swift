import Testing

@testable import RapportIngestion

@Suite struct TimeZoneRulesTests {
  /// Seconds since 1970 of a date and time, as if in UTC.
  static func seconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Int {
    CivilDate(year: year, month: month, day: day).dayNumber * 86_400 + hour * 3600 + minute * 60
  }

  @Test func `UTC needs no files and never changes`() throws {
    #expect(try TimeZoneRules(named: "UTC") == .utc)
    #expect(TimeZoneRules.utc.utcOffset(at: Self.seconds(2026, 7, 1)) == 0)
    #expect(TimeZoneRules.utc.instant(localSeconds: 12) == 12)
  }

  @Test func `offsets are zones too`() throws {
    #expect(try TimeZoneRules(named: "+02:00").utcOffset(at: 0) == 7200)
    #expect(try TimeZoneRules(named: "-0330").instant(localSeconds: 0) == 12_600)
    #expect(throws: IngestionError.self) { try TimeZoneRules(named: "+2:0") }
  }

  // The European Union: last Sunday of March and of October, at 01:00 UTC. In 2026: 29 March, 25 October.
  @Test func `Berlin in 2026, worked by hand`() throws {
    let berlin = try TimeZoneRules(named: "Europe/Berlin")
    #expect(berlin.utcOffset(at: Self.seconds(2026, 3, 29, 0, 59)) == 3600)
    #expect(berlin.utcOffset(at: Self.seconds(2026, 3, 29, 1, 0)) == 7200)
    #expect(berlin.utcOffset(at: Self.seconds(2026, 10, 25, 0, 59)) == 7200)
    #expect(berlin.utcOffset(at: Self.seconds(2026, 10, 25, 1, 0)) == 3600)
    // 02:30 is skipped in March: told with the offset before, 01:30 UTC, which clocks call 03:30.
    let skipped = berlin.instant(localSeconds: Self.seconds(2026, 3, 29, 2, 30))
    #expect(skipped == Self.seconds(2026, 3, 29, 1, 30))
    #expect(berlin.localSeconds(of: Instant(seconds: skipped)) == Self.seconds(2026, 3, 29, 3, 30))
    #expect(berlin.instant(localSeconds: Self.seconds(2026, 3, 29, 3, 0)) == Self.seconds(2026, 3, 29, 1, 0))
    // 02:30 comes twice in October: the first, 00:30 UTC.
    #expect(berlin.instant(localSeconds: Self.seconds(2026, 10, 25, 2, 30)) == Self.seconds(2026, 10, 25, 0, 30))
    #expect(berlin.instant(localSeconds: Self.seconds(2026, 10, 25, 3, 0)) == Self.seconds(2026, 10, 25, 2, 0))
  }

  // The rule behind the table: 2050's last Sundays are 27 March and 30 October; 2500's are 28 March and 31 October.
  @Test func `the rule goes on for ever`() throws {
    let berlin = try TimeZoneRules(named: "Europe/Berlin")
    for (year, spring, autumn) in [(2050, 27, 30), (2500, 28, 31)] {
      #expect(berlin.utcOffset(at: Self.seconds(year, 3, spring, 1) - 1) == 3600)
      #expect(berlin.utcOffset(at: Self.seconds(year, 3, spring, 1)) == 7200)
      #expect(berlin.utcOffset(at: Self.seconds(year, 10, autumn, 1) - 1) == 7200)
      #expect(berlin.utcOffset(at: Self.seconds(year, 10, autumn, 1)) == 3600)
      #expect(berlin.instant(localSeconds: Self.seconds(year, 7, 1, 12)) == Self.seconds(year, 7, 1, 10))
      #expect(berlin.instant(localSeconds: Self.seconds(year, 12, 1, 12)) == Self.seconds(year, 12, 1, 11))
    }
  }

  @Test func `seasons turn round in the south, and some zones have none`() throws {
    let sydney = try TimeZoneRules(named: "Australia/Sydney")
    #expect(sydney.utcOffset(at: Self.seconds(2030, 1, 1)) == 11 * 3600)
    #expect(sydney.utcOffset(at: Self.seconds(2030, 7, 1)) == 10 * 3600)
    let kolkata = try TimeZoneRules(named: "Asia/Kolkata")
    #expect(kolkata.utcOffset(at: Self.seconds(2060, 1, 1)) == 19_800)
    // St. John's is half an hour off; in 2026 it springs forward on 8 March at 02:00, 05:30 UTC.
    let stJohns = try TimeZoneRules(named: "America/St_Johns")
    #expect(stJohns.utcOffset(at: Self.seconds(2026, 3, 8, 5, 30) - 1) == -12_600)
    #expect(stJohns.utcOffset(at: Self.seconds(2026, 3, 8, 5, 30)) == -9_000)
  }

  @Test func `local times name instants and back, outside of gaps`() throws {
    for name in ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"] {
      let zone = try TimeZoneRules(named: name)
      for step in stride(from: 0, to: 4_102_444_800, by: 86_400 * 7 + 5_417) {
        let local = zone.localSeconds(of: Instant(seconds: step))
        let back = zone.instant(localSeconds: local)
        // In an overlap the first of two instants is meant, at most a day earlier.
        #expect(zone.localSeconds(of: Instant(seconds: back)) == local)
        #expect(back <= step)
        let span = zone.localSpan(at: local)
        #expect(span.range.contains(local))
        #expect(zone.localSpan(at: span.range.upperBound - 1).offset == span.offset)
      }
    }
  }

  @Test func `months and hours of the week are local`() throws {
    let london = try TimeZoneRules(named: "Europe/London")
    // 2026-06-30T23:30Z is 00:30 on Wednesday 1 July in London.
    let instant = Instant(seconds: Self.seconds(2026, 6, 30, 23, 30))
    #expect(london.month(of: instant) == Month(year: 2026, month: 7))
    #expect(london.hourOfWeek(of: instant) == 48)
    #expect(london.start(of: Month(year: 2026, month: 7)) == Instant(seconds: Self.seconds(2026, 6, 30, 23)))
    #expect(TimeZoneRules.utc.date(of: Instant(milliseconds: -1)).dayNumber == -1)
  }

  @Test(arguments: [("Europe/Berln", "Europe/Berlin"), ("europe/london", "Europe/London"), ("UTCC", "UTC")])
  func `a misspelt name is answered with the nearest`(_ name: String, _ nearest: String) {
    let error = #expect(throws: IngestionError.self) { try TimeZoneRules(named: name) }
    #expect(error?.kind == .configuration)
    #expect(error?.description.contains("did you mean '\(nearest)'") == true)
  }

  @Test(arguments: ["../../../etc/passwd", "/etc/passwd", "", "Europe", "tzdata.zi"])
  func `names that are no zones`(_ name: String) {
    #expect(throws: IngestionError.self) { try TimeZoneRules(named: name) }
  }

  @Test func `damaged files are no zones`() throws {
    let bytes = try FileBytes.read("\(TimeZoneFile.folder)/Europe/Paris")
    #expect(TimeZoneFile.parse(bytes, name: "Europe/Paris") != nil)
    for length in 0..<200 { #expect(TimeZoneFile.parse(Array(bytes.prefix(length)), name: "x") == nil) }
  }
}

@Suite struct TimeZoneRuleTests {
  @Test func `reads every form of the rule`() throws {
    #expect(TimeZoneRule("UTC0".utf8)?.offset == 0)
    #expect(TimeZoneRule("<+0330>-3:30".utf8)?.offset == 12_600)
    let julian = try #require(TimeZoneRule("AAA3BBB,J60/0,300/25:30".utf8))
    #expect(julian.offset == -10_800)
    // Day J60 is 1 March, in leap years too; day 300 (from 0) of 2024 is 27 October, a quarter past a day on.
    #expect(julian.summer?.start.localSeconds(in: 2024) == TimeZoneRulesTests.seconds(2024, 3, 1))
    #expect(julian.summer?.start.localSeconds(in: 2023) == TimeZoneRulesTests.seconds(2023, 3, 1))
    #expect(julian.summer?.end.localSeconds(in: 2024) == TimeZoneRulesTests.seconds(2024, 10, 27, 25, 30))
    let late = try #require(TimeZoneRule("IST-2IDT,M3.4.4/26,M10.5.0".utf8))
    #expect(late.summer?.offset == 10_800)
    #expect(late.summer?.start.seconds == 26 * 3600)
  }

  @Test(arguments: ["", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "-1"])
  func `refuses what isn't a rule`(_ text: String) {
    #expect(TimeZoneRule(text.utf8) == nil)
  }
}
