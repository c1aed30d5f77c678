import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct WorkingCalendarTests {
  static let weekdays = ["mon", "tue", "wed", "thu", "fri"]

  static func definition(_ ranges: [String] = ["09:00-17:00"], zone: String = "Europe/London", holidays: [String] = [])
    -> CalendarDefinition
  {
    CalendarDefinition(
      timezone: zone, hours: Dictionary(uniqueKeysWithValues: weekdays.map { ($0, ranges) }), holidays: holidays)
  }

  static func calendar(_ definition: CalendarDefinition) throws -> WorkingCalendar {
    try WorkingCalendar(
      definition, named: "office",
      days: CivilDate(year: 2026, month: 1, day: 1)...CivilDate(year: 2026, month: 12, day: 31))
  }

  static let london = try! TimeZoneRules(named: "Europe/London")
  static func at(_ text: String) -> Instant { EventLog.instant(text, zone: london) }

  // By hand. 2026-03-02 is a Monday. Within a day 10:00–12:30 = 2.5 h; from Friday 16:00 over the weekend to Monday
  // 10:00 = 1 + 1 h; a request of Saturday counts from Monday 09:00 on.
  @Test func `counts hours of work only`() throws {
    let calendar = try Self.calendar(Self.definition())
    #expect(calendar.workingSeconds(from: Self.at("2026-03-02 10:00"), to: Self.at("2026-03-02 12:30")) == 9_000)
    #expect(calendar.workingSeconds(from: Self.at("2026-03-06 16:00"), to: Self.at("2026-03-09 10:00")) == 7_200)
    #expect(calendar.workingSeconds(from: Self.at("2026-03-07 12:00"), to: Self.at("2026-03-09 09:00:30")) == 30)
    #expect(calendar.workingSeconds(from: Self.at("2026-03-07 12:00"), to: Self.at("2026-03-08 12:00")) == 0)
    #expect(calendar.workingSeconds(from: Self.at("2026-03-09 10:00"), to: Self.at("2026-03-06 16:00")) == 0)
    #expect(calendar.opening(notBefore: Self.at("2026-03-07 12:00")) == Self.at("2026-03-09 09:00"))
    #expect(calendar.opening(notBefore: Self.at("2026-03-09 11:00")) == Self.at("2026-03-09 11:00"))
    #expect(calendar.opening(notBefore: Self.at("2027-03-09 11:00")) == nil)
  }

  @Test func `drops fractions after subtraction`() throws {
    let calendar = try Self.calendar(Self.definition())
    #expect(calendar.workingSeconds(from: Self.at("2026-03-02 10:00:00.9"), to: Self.at("2026-03-02 10:00:02.8")) == 1)
  }

  // Clocks go forward at 01:00 on 2026-03-29 and back at 02:00 on 2026-10-25: around the clock those days have 23 and
  // 25 hours; office hours keep their length, and begin an hour earlier or later in UTC.
  @Test func `follows clocks that change`() throws {
    let sundays = CalendarDefinition(timezone: "Europe/London", hours: ["sun": ["00:00-24:00"]])
    let round = try Self.calendar(sundays)
    #expect(round.workingSeconds(from: Self.at("2026-03-28"), to: Self.at("2026-03-31")) == 23 * 3600)
    #expect(round.workingSeconds(from: Self.at("2026-10-24"), to: Self.at("2026-10-27")) == 25 * 3600)
    let office = try Self.calendar(Self.definition())
    #expect(office.workingSeconds(from: Self.at("2026-03-27 16:00"), to: Self.at("2026-03-30 10:00")) == 7_200)
    #expect(office.opening(notBefore: EventLog.instant("2026-03-30 00:00")) == EventLog.instant("2026-03-30 08:00"))
    // A range within the hour that is skipped has no length.
    let night = try Self.calendar(CalendarDefinition(timezone: "Europe/London", hours: ["sun": ["01:00-02:00"]]))
    #expect(night.workingSeconds(from: Self.at("2026-03-28"), to: Self.at("2026-03-31")) == 0)
  }

  @Test func `knows lunch and holidays`() throws {
    let calendar = try Self.calendar(
      Self.definition(["13:00-17:00", "09:00-12:00"], holidays: ["2026-04-03", "2026-04-06"]))
    #expect(calendar.workingSeconds(from: Self.at("2026-03-02 11:00"), to: Self.at("2026-03-02 14:00")) == 7_200)
    // Thursday before Easter 16:00 to Tuesday after 10:00: an hour each.
    #expect(calendar.workingSeconds(from: Self.at("2026-04-02 16:00"), to: Self.at("2026-04-07 10:00")) == 7_200)
  }

  @Test func `absences are no working time`() throws {
    let calendar = try Self.calendar(Self.definition())
    let horizon = Self.at("2026-01-01")..<Self.at("2026-12-31")
    let absent = calendar.without(
      [
        Self.at("2026-03-03 10:00")..<Self.at("2026-03-04 12:00"),
        Self.at("2026-03-03 09:30")..<Self.at("2026-03-03 11:00"),
      ], horizon: horizon)
    // Monday 8 h, Tuesday 09:00–09:30, Wednesday 12:00–17:00, Thursday and Friday 8 h each.
    #expect(
      absent.workingSeconds(from: Self.at("2026-03-02"), to: Self.at("2026-03-07")) == 8 * 3600 * 3 + 1800 + 18_000)
    #expect(calendar.without([], horizon: horizon) == calendar)
    let round = WorkingCalendar.always.without(
      [Self.at("2026-03-03")..<Self.at("2026-03-05")], horizon: horizon)
    #expect(round.workingSeconds(from: Self.at("2026-03-02"), to: Self.at("2026-03-06")) == 2 * 86_400)
  }

  // The sum over every minute of a fortnight with lunch, a holiday, an absence and a change of clocks.
  @Test func `agrees with counting minute by minute`() throws {
    let definition = Self.definition(["09:00-12:00", "12:30-17:15"], holidays: ["2026-03-25"])
    let absence = Self.at("2026-03-31 11:00")..<Self.at("2026-04-01 13:00")
    let calendar = try Self.calendar(definition).without(
      [absence], horizon: Self.at("2026-01-01")..<Self.at("2026-12-31"))
    let start = Self.at("2026-03-20")
    var worked = 0
    for minute in 0..<(14 * 24 * 60) {
      let now = Instant(milliseconds: start.milliseconds + Int64(minute) * 60_000)
      if minute % 97 == 0 { #expect(calendar.workingSeconds(from: start, to: now) == worked * 60) }
      let date = Self.london.date(of: now)
      let ofDay = (Self.london.localSeconds(of: now) % 86_400) / 60
      let isOpen = (540..<720).contains(ofDay) || (750..<1035).contains(ofDay)
      if date.weekday < 5, isOpen, date != CivilDate(year: 2026, month: 3, day: 25), !absence.contains(now) {
        worked += 1
      }
    }
  }

  @Test(arguments: [
    (CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["22:00-06:00"]]), "split hours over midnight"),
    (CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["9-17"]]), "'9-17' isn't a range"),
    (CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["09:00-25:00"]]), "isn't a range"),
    (CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["09:00-12:00", "11:00-13:00"]]), "overlap"),
    (CalendarDefinition(timezone: "Europe/London", hours: ["monday": ["09:00-12:00"]]), "'monday' isn't a day"),
    (CalendarDefinition(timezone: "Europe/London", hours: [:]), "no working hours"),
    (
      CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["09:00-12:00"]], holidays: ["2026-02-30"]),
      "'2026-02-30' isn't a date"
    ),
    (CalendarDefinition(timezone: "Europe/Lundon", hours: ["mon": ["09:00-12:00"]]), "Europe/London"),
  ])
  func `says what is wrong with a calendar`(_ definition: CalendarDefinition, _ message: String) {
    let error = #expect(throws: IngestionError.self) { try Self.calendar(definition) }
    #expect(error?.kind == .configuration)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
