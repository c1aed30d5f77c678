import RapportIngestion
import Testing

@Suite struct CivilDateTests {
  // 1970-01-01 is day 0, a Thursday. 2000-02-29: 30 years × 365 + 7 leap days (1972 … 1996) = 10,957 days to
  // 2000-01-01, then 31 + 28.
  @Test func `days, worked by hand`() {
    #expect(CivilDate(year: 1970, month: 1, day: 1).dayNumber == 0)
    #expect(CivilDate(dayNumber: 0).weekday == 3)
    #expect(CivilDate(year: 2000, month: 2, day: 29).dayNumber == 10_957 + 31 + 28)
    #expect(CivilDate(year: 1969, month: 12, day: 31).dayNumber == -1)
    #expect(CivilDate(dayNumber: -1).weekday == 2)
  }

  @Test func `a date and its day number name each other`() {
    var expected = CivilDate(year: 1899, month: 12, day: 31)
    for year in 1900...2101 {
      for month in 1...12 {
        for day in 1...CivilDate.days(inMonth: month, of: year) {
          let date = CivilDate(year: year, month: month, day: day)
          #expect(date.dayNumber == expected.dayNumber + 1)
          #expect(date.components == (year, month, day))
          expected = date
        }
      }
    }
  }

  @Test func `a month is the one that holds the day`() {
    #expect(CivilDate(year: 2026, month: 11, day: 30).month == Month(year: 2026, month: 11))
  }
}
