import Foundation
import RapportSimulation
import Testing

@Suite struct SimulationSettingsTests {
  @Test func `what a file leaves out keeps its default`() throws {
    let settings = try JSONDecoder().decode(
      SimulationSettings.self, from: Data(#"{"managers": 7, "discipline": "batching", "startDate": "2023-01-01"}"#.utf8)
    )
    var expected = SimulationSettings()
    expected.managers = 7
    expected.discipline = .batching
    expected.startDate = "2023-01-01"
    #expect(settings == expected)
  }

  @Test func `survives JSON`() throws {
    var settings = SimulationSettings()
    settings.events = 5000
    settings.domainSpreads = ["responsiveness": 0]
    settings.groupDifferences = [GroupDifference(attribute: "gender", value: "woman", factor: 0.8)]
    settings.behaviours = [.requests, .goals]
    (settings.volumeSpread, settings.homeShare) = (0.2, 0.4)
    #expect(try JSONDecoder().decode(SimulationSettings.self, from: JSONEncoder().encode(settings)) == settings)
  }

  @Test(arguments: [
    ("managers", "0"), ("partners", "0"), ("months", "601"), ("requestsPerMonth", "0"), ("traitSpread", "4"),
    ("favouredShare", "1.5"), ("startDate", "\"2024-02-30\""), ("dayEndsHour", "9"), ("turnover", "0.6"),
    ("domainSpreads", "{\"luck\": 1}"), ("behaviours", "[]"), ("events", "10"), ("confounding", "-1"),
    ("volumeSpread", "4"), ("homeShare", "1"), ("startDate", "\"1970-01-01\""), ("startDate", "\"9999-06-01\""),
  ])
  func `a value out of range is refused by name`(_ name: String, _ value: String) throws {
    let settings = try JSONDecoder().decode(SimulationSettings.self, from: Data("{\"\(name)\": \(value)}".utf8))
    #expect {
      try simulate(settings)
    } throws: { ($0 as? SimulationError)?.description.hasPrefix(name) == true }
  }
}
