import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct PartnerFunctionTests {
  @Test(arguments: [
    ("hr", PartnerFunction.humanResources), ("HR", .humanResources), ("Human Resources", .humanResources),
    ("HR Business-Partner", .humanResources), ("People & Culture", .humanResources), ("ld", .learningAndDevelopment),
    ("LD", .learningAndDevelopment), ("L&D", .learningAndDevelopment), ("L & D", .learningAndDevelopment),
    ("Learning and Development", .learningAndDevelopment), ("LEARNING & DEVELOPMENT", .learningAndDevelopment),
    ("Learning", .learningAndDevelopment), ("Payroll", nil), ("", nil), ("1", nil), ("hrld", nil),
  ])
  func `functions by the words that rosters have for them`(_ text: String, _ expected: PartnerFunction?) {
    #expect(PartnerFunction(text) == expected)
  }

  @Test func `other words are told, the most frequent first`() throws {
    var log = EventLog()
    let functions = ["Payroll", "hr", "L&D", "Mobility", "Payroll", nil]
    var entries: [Roster.Entry] = []
    for (number, function) in functions.enumerated() {
      log.event("2026-03-02 09:0\(number)", .checkIn, "ann", "p\(number)")
      var entry = Roster.Entry(id: "p\(number)")
      if let function { entry.attributes["function"] = function }
      entries.append(entry)
    }
    let roster = Roster(party: .partner, entries: entries)
    let history = try HistoryTests.history(log) { $0.rosters = [roster] }
    #expect(history.partnerFunctions == [nil, .humanResources, .learningAndDevelopment, nil, nil, nil])
    let found = try #require(history.dataQuality.observations["unknownFunction"])
    #expect(found.count == 3 && found.consequence == .used)
    #expect(found.examples.map(\.found) == ["function 'Payroll': 2 partners", "function 'Mobility': 1 partner"])
    let understood = Roster(party: .partner, entries: [entries[1], entries[2]])
    let known = try HistoryTests.history(log) { $0.rosters = [understood] }
    #expect(known.dataQuality.observations["unknownFunction"] == nil)
    let none = try HistoryTests.history(log)
    #expect(none.partnerFunctions == nil && none.dataQuality.observations["unknownFunction"] == nil)
  }
}
