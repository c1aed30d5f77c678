import Foundation
import RapportIngestion
import Testing

@Suite struct CalendarDefinitionTests {
  @Test func `holidays may be left out`() throws {
    let text = #"{"timezone": "Europe/London", "hours": {"mon": ["09:00-17:00"]}}"#
    let definition = try JSONDecoder().decode(CalendarDefinition.self, from: Data(text.utf8))
    #expect(definition == CalendarDefinition(timezone: "Europe/London", hours: ["mon": ["09:00-17:00"]]))
    let again = try JSONDecoder().decode(CalendarDefinition.self, from: JSONEncoder().encode(definition))
    #expect(again == definition)
  }

  @Test func `months are written with two digits`() {
    #expect(Month(year: 2026, month: 3).description == "2026-03")
    #expect(Month(year: 2026, month: 12).description == "2026-12")
    #expect(Month(year: 2026, month: 12).advanced(by: 1) == Month(year: 2027, month: 1))
    #expect(Month(year: 2026, month: 3).distance(to: Month(year: 2027, month: 1)) == 10)
  }
}
