import RapportTestSupport
import Testing

@testable import RapportIngestion

/// Several rosters that describe the same people.
@Suite struct RosterMergingTests {
  static func roster(_ text: String, _ name: String) throws -> Roster {
    try Roster(Table(reading: .bytes(Array(text.utf8), name: name)), timeZone: .utc)
  }

  static func history(_ rosters: [Roster]) throws -> History {
    var log = EventLog()
    log.event("2026-03-06 16:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-09 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-06 16:00", .request, "ann", "quin", case: "2")
    log.event("2026-03-09 11:00", .response, "ann", "quin", case: "2")
    return try HistoryTests.history(log) {
      $0.calendars["office"] = WorkingCalendarTests.definition(zone: "UTC")
      $0.rosters = rosters
    }
  }

  // The second file's row of a person was dropped in silence: with one order its attributes were lost, with the other its calendar.
  @Test func `rosters of one party go together field by field, in any order`() throws {
    let whole = [
      try Self.roster(
        "partner,function,site,from,calendar\npat,hr,Oslo,2026-01-01,office\nquin,ld,,,office\nrui,hr,,,\n", "all.csv")
    ]
    let parts = [
      try Self.roster("partner,function,site\nrui,hr,\nquin,ld,\npat,hr,Oslo\n", "functions.csv"),
      try Self.roster("partner,calendar\npat,office\nquin,office\n", "calendars.csv"),
      // What another says already is no contradiction, nor is an empty field.
      try Self.roster("partner,from,calendar,site\npat,2026-01-01,office,\n", "dates.csv"),
    ]
    let expected = try Self.history(whole)
    // Friday 16:00 to Monday 11:00 in office hours: 1 h and 2 h.
    #expect(expected.spells.map(\.workingSeconds) == [10_800, 10_800])
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
      let history = try Self.history(order.map { parts[$0] })
      #expect(history.spells.map(\.workingSeconds) == [10_800, 10_800], "\(order)")
      #expect(history.partnerAttributes == expected.partnerAttributes)
      #expect(history.partnerAttributes == ["function": ["hr", "ld"], "site": ["Oslo", nil]])
      #expect(history.partnerStays == expected.partnerStays && history.dataQuality == expected.dataQuality)
    }
  }

  @Test func `people whom no event names are told once, in one order`() throws {
    let rosters = [
      try Self.roster("manager,unit\nzoe,A\nann,A\ncem,A\n", "a.csv"),
      try Self.roster("manager,level\ncem,1\nbo,2\n", "b.csv"),
    ]
    for order in [rosters, Array(rosters.reversed())] {
      let found = try #require(try Self.history(order).dataQuality.observations["notInEvents"])
      #expect(found.count == 3 && found.examples.map(\.found) == ["manager 'bo'", "manager 'cem'", "manager 'zoe'"])
    }
  }

  @Test(arguments: [
    ("partner,calendar\npat,office\n", "partner,calendar\nquin,office\npat,shift\n", "calendar"),
    ("partner,from\npat,2026-01-01\n", "partner,from\npat,2026-01-02\n", "from"),
    ("partner,until\npat,2026-01-01\n", "partner,until\npat,2026-01-02\n", "until"),
    ("partner,function,site\npat,hr,Oslo\n", "partner,function,site\npat,hr,Rome\n", "site"),
  ])
  func `where two differ of one person, that is said`(_ first: String, _ second: String, _ column: String) throws {
    let rosters = [
      try Self.roster(first, "a.csv"), try Self.roster("partner,note\npat,x\n", "b.csv"),
      try Self.roster(second, "c.csv"),
    ]
    for (order, names) in [(rosters, "a.csv and in c.csv"), (Array(rosters.reversed()), "c.csv and in a.csv")] {
      let error = #expect(throws: IngestionError.self) { try Self.history(order) }
      #expect(error?.kind == .unusable)
      #expect(
        error?.description
          == "partner 'pat' is in \(names), and they differ in '\(column)'; correct one of them, or leave that out of one"
      )
    }
  }

  @Test func `an end in one before the beginning in another is said`() throws {
    let rosters = [
      try Self.roster("manager,until\nann,2026-01-31\n", "a.csv"),
      try Self.roster("manager,from\nann,2026-03-01\n", "b.csv"),
    ]
    let error = #expect(throws: IngestionError.self) { try Roster.merged(rosters) }
    #expect(error?.description.contains("'ann' is in a.csv and in b.csv, and 'until' lies before 'from'") == true)
    // A manager and a partner of one name are two people.
    let apart = [
      try Self.roster("manager,unit\nann,A\n", "a.csv"), try Self.roster("partner,unit\nann,B\n", "b.csv"),
    ]
    #expect(try Roster.merged(apart).map(\.entries.count) == [1, 1])
  }
}
