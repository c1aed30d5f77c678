import RapportSimulation
import Testing

@Suite struct SimulateTests {
  static let small: SimulationSettings = {
    var settings = SimulationSettings()
    settings.managers = 12
    settings.partners = 4
    settings.months = 6
    settings.referenceRequests = 60
    return settings
  }()

  @Test func `the same settings give the same bytes, another seed others`() throws {
    let first = try simulate(Self.small)
    let again = try simulate(Self.small)
    #expect(first.eventsCSV() == again.eventsCSV())
    #expect(first.truth == again.truth)
    var other = Self.small
    other.seed = 2
    #expect(try simulate(other).eventsCSV() != first.eventsCSV())
  }

  @Test func `rows stand in the order of time and name only what was asked for`() throws {
    var settings = Self.small
    settings.behaviours = [.checkIns, .decisions]
    let lines = try simulate(settings).eventsCSV().split(separator: "\n").dropFirst()
    #expect(lines.count > 50)
    let times = lines.map { $0.prefix(19) }
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    let kinds = Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false)[1] })
    #expect(kinds == ["check_in", "check_in_cancelled", "decision"])
  }

  @Test func `reaches the number of events that was asked for within a tenth`() throws {
    var settings = SimulationSettings()
    settings.events = 20_000
    settings.referenceRequests = 0
    let organisation = try simulate(settings)
    #expect(abs(Double(organisation.eventCount) / 20_000 - 1) < 0.1)
    // The ratio of managers to partners stays.
    let ratio = Double(organisation.truth.managers.count) / Double(organisation.truth.partners.count)
    #expect(abs(ratio - 10) < 1.5)
  }

  @Test func `a setting out of range is named with its range`() {
    var settings = SimulationSettings()
    settings.utilisation = 1.2
    #expect(throws: SimulationError(.settings, "utilisation is 1.2; expected above 0, below 0.97")) {
      try simulate(settings)
    }
    settings = SimulationSettings()
    settings.groupDifferences = [GroupDifference(attribute: "location", value: "moon", factor: 2)]
    #expect(throws: SimulationError(.settings, "groupDifferences.location is 'moon'; expected north, south, remote")) {
      try simulate(settings)
    }
  }
}
