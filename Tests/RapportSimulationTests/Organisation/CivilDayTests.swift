import Testing

@testable import RapportSimulation

@Suite struct CivilDayTests {
  // 2000-02-29 is day 11 016: 30 years of 365 days, 7 leap days (1972 … 1996), 31 + 28 days.
  @Test func `counts days from 1970, worked by hand`() {
    #expect(CivilDay(year: 1970, month: 1, day: 1).number == 0)
    #expect(CivilDay(year: 2000, month: 2, day: 29).number == 30 * 365 + 7 + 31 + 28)
    #expect(CivilDay(year: 1969, month: 12, day: 31).number == -1)
  }

  @Test func `year, month and day come back from the number`() {
    for number in stride(from: -200_000, through: 200_000, by: 37) {
      let day = CivilDay(number: number)
      let (year, month, date) = day.parts
      #expect(CivilDay(year: year, month: month, day: date) == day)
    }
  }

  @Test func `reads what it writes and nothing else`() {
    #expect(CivilDay("2024-07-01")?.description == "2024-07-01")
    for text in ["2024-7-1", "2024-02-30", "2024-13-01", "01.07.2024", "", "2024-07-01T00:00"] {
      #expect(CivilDay(text) == nil)
    }
  }

  // 1970-01-01 was a Thursday; 2024-07-01 a Monday.
  @Test func `weekdays from Monday`() {
    #expect(CivilDay(number: 0).weekday == 3)
    #expect(CivilDay(year: 2024, month: 7, day: 1).weekday == 0)
    #expect(CivilDay(number: -4).weekday == 6)
  }

  @Test func `months are added over years`() {
    #expect(CivilDay(year: 2024, month: 11, day: 5).addingMonths(3).description == "2025-02-05")
    #expect(CivilDay(year: 2025, month: 7, day: 1).addingMonths(-12).description == "2024-07-01")
  }
}
