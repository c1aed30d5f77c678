import RapportIngestion
import Testing

@testable import RapportSimulation

@Suite struct CivilDateTextTests {
  @Test func `reads what it writes and nothing else`() {
    #expect(CivilDate("2024-07-01")?.text == "2024-07-01")
    #expect(CivilDate("2024-07-01") == CivilDate(year: 2024, month: 7, day: 1))
    for text in ["2024-7-1", "2024-02-30", "2024-13-01", "01.07.2024", "", "2024-07-01T00:00"] {
      #expect(CivilDate(text) == nil)
    }
  }

  @Test func `months are added over years`() {
    #expect(CivilDate(year: 2024, month: 11, day: 5).addingMonths(3).text == "2025-02-05")
    #expect(CivilDate(year: 2025, month: 7, day: 1).addingMonths(-12).text == "2024-07-01")
  }
}
