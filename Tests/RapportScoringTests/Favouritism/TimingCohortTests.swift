import Glibc
@testable import RapportIngestion
@testable import RapportScoring
import Testing

@Suite struct TimingCohortTests {
  /// A request from a manager that was opened `age` days before as-of (day 100) and stood for `hours`.
  static func spell(
    age: Double, hours: Double, _ outcome: RequestSpell.Outcome, partner: Int32 = 0, asker: Party = .manager,
    excluded: Bool = false, working: Double? = nil
  ) -> RequestSpell {
    let start = Instant(seconds: Int((100 - age) * 86_400))
    let stop = Instant(seconds: Int((100 - age) * 86_400 + hours * 3600))
    return RequestSpell(
      request: 0, manager: 0, partner: partner, topic: -1, priority: -1, channel: -1, asker: asker, outcome: outcome,
      isFirst: true, excludedFromWaits: excluded, reopenedWithin30Days: false, opened: start, entered: start,
      ended: stop, due: .absent, resolved: .absent, workingSeconds: Int((working ?? hours) * 3600),
      elapsedSeconds: Int(hours * 3600), pausedSeconds: 0, backlogAtArrival: 0, hourOfWeek: 0,
      openedMonth: Month(year: 2025, month: 1), endedMonth: Month(year: 2025, month: 1))
  }

  static func history(_ spells: [RequestSpell], hasWorkingCalendar: Bool = false) -> History {
    History(
      asOf: Instant(seconds: 100 * 86_400), firstEvent: Instant(seconds: 0),
      timeZone: TimeZoneRules(name: "UTC", fixedOffset: 0),
      months: Month(year: 2025, month: 1)...Month(year: 2025, month: 4), managers: ["m"], partners: ["p"], topics: [],
      priorities: [], channels: [], spells: spells, promises: [], feedback: [], conflicts: [], contacts: [],
      exposure: Exposure(managerDays: [], partnerDays: [], pairs: []), kinds: [.request],
      hasWorkingCalendar: hasWorkingCalendar, managerAttributes: [:], partnerAttributes: [:], dataQuality: DataQuality()
    )
  }

  // With L = 30 days: answered in 2 hours, log 7200; in 10 seconds, floor log 60; after 40 days, log L; open, log L.
  @Test func `responses by hand`() {
    let cohort = TimingCohort(
      Self.history([
        Self.spell(age: 90, hours: 2, .answered), Self.spell(age: 90, hours: 10.0 / 3600, .answered),
        Self.spell(age: 90, hours: 40 * 24, .answered), Self.spell(age: 50, hours: 50 * 24, .open),
        Self.spell(age: 60, hours: 40 * 24, .withdrawn),
      ]), followUpDays: 30)
    let limit = log(30 * 86_400.0)
    #expect(cohort.responses == [log(7200), log(60), limit, limit, limit])
    #expect(cohort.answered == [true, true, false, false, false])
    #expect(cohort.leftOut.isEmpty && cohort.total == 5)
    #expect(cohort.limitSeconds == 30 * 86_400)
  }

  @Test func `what is left out is counted by reason`() {
    let cohort = TimingCohort(
      Self.history([
        Self.spell(age: 10, hours: 2, .answered), Self.spell(age: 50, hours: 2, .answered, partner: -1),
        Self.spell(age: 50, hours: 2, .answered, excluded: true), Self.spell(age: 50, hours: 2, .withdrawn),
        Self.spell(age: 50, hours: 2, .reassigned), Self.spell(age: 50, hours: 2, .answered, asker: .partner),
        Self.spell(age: 30, hours: 3, .answered),
      ]), followUpDays: 30)
    #expect(
      cohort.leftOut == [
        "tooRecent": 1, "partnerUnknown": 1, "impossibleTime": 1, "withdrawn": 1, "reassigned": 1,
      ])
    // The partner's own request doesn't count at all; the one exactly 30 days old does.
    #expect(cohort.total == 6 && cohort.spells == [6])
  }

  // Under a calendar, a spell of 10 days that held 80 working hours: a third of the clock's 240. So 30 days are 240 hours,
  // and an answer after 250 working hours counts as unanswered.
  @Test func `the limit follows the calendar`() {
    let cohort = TimingCohort(
      Self.history(
        [
          Self.spell(age: 90, hours: 240, .answered, working: 80),
          Self.spell(age: 90, hours: 750, .answered, working: 250),
        ], hasWorkingCalendar: true), followUpDays: 30)
    #expect(cohort.limitSeconds == 240 * 3600)
    #expect(cohort.answered == [true, false])
    #expect(cohort.responses == [log(80 * 3600), log(240 * 3600)])
    // Nothing stood for a week: 40 of 168 hours.
    let brief = TimingCohort(
      Self.history([Self.spell(age: 90, hours: 5, .answered, working: 5)], hasWorkingCalendar: true), followUpDays: 7)
    #expect(brief.limitSeconds == 40 * 3600)
  }

  @Test func `arrival and backlog bands by hand`() {
    // Monday 00:00, 07:00, 12:59, 15:00, 18:00, 23:00; Friday 12:00 and 13:00; Saturday.
    #expect(
      [0, 7, 12, 15, 18, 23, 108, 109, 120].map { ArrivalBand.code(hourOfWeek: $0) } == [0, 1, 2, 3, 4, 5, 2, 6, 7])
    #expect([0, 1, 2, 3, 6, 7, 510, 511, 100_000].map { BacklogBand.code($0) } == [0, 1, 1, 2, 2, 3, 8, 9, 9])
    #expect(ArrivalBand.names.count == 8 && BacklogBand.names.count == 10)
  }
}

@Suite struct PooledCategoryTests {
  // a has 40 answered, b 30, c 29, none 35, d only unanswered.
  @Test func `rare levels stand together`() {
    let counts: [(Int32, Int, Bool)] = [(0, 40, true), (1, 30, true), (2, 29, true), (-1, 35, true), (3, 50, false)]
    let codes = counts.flatMap { Array(repeating: $0.0, count: $0.1) }
    let answered = counts.flatMap { Array(repeating: $0.2, count: $0.1) }
    let category = PooledCategory(name: "topic", names: ["a", "b", "c", "d"], codes: codes, answered: answered)
    #expect(category.levels == ["a", "b", "(none)", "(other)"])
    #expect(category.pooled == 2)
    #expect([0, 40, 70, 99, 134].map { category.codes[$0] } == [0, 1, 3, 2, 3])
  }

  @Test func `no more than 50 levels of their own`() {
    let codes = (0..<60).flatMap { Array(repeating: Int32($0), count: 30 + ($0 < 55 ? 1 : 0)) }
    let category = PooledCategory(
      name: "topic", names: (0..<60).map { "t\($0)" }, codes: codes, answered: codes.map { _ in true })
    #expect(category.levels.count == 51 && category.levels.last == "(other)")
    #expect(category.pooled == 10)
    // The commonest stay; of equals the first.
    #expect(category.levels[49] == "t49")
  }
}
