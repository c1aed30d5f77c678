import RapportIngestion
@testable import RapportScoring
import RapportTestSupport
import Testing

@Suite struct GroupComparisonTests {
  /// Managers 0 to 4 are `north`, 5 to 9 `south`; parts as given by manager and partner.
  private static func compare(
    unit: (Int) -> String = { $0 < 5 ? "north" : "south" }, _ parts: (Int) -> [ManagerTreatment.Part]
  ) -> (findings: [GroupFinding], notes: [String]) {
    var history = QueueHistory(partners: 2, managersPerPartner: 5, days: 20).make()
    history.managerAttributes = ["unit": (0..<10).map(unit)]
    let units = (0..<10).map {
      ManagerTreatment.Unit(manager: $0, mean: 0, variance: 1, requests: 30, partners: 2, parts: parts($0))
    }
    return GroupComparison(history, ManagerTreatment(units: units, between: 0), nil, AssessmentOptions()).findings()
  }

  // By hand: partner 0 answers north 0.2 later than south, weights 5 and 5, so h = 2.5; partner 1 the same from another
  // level, weights 10 and 5, h = 10/3. Every partner's own level, 3 apart, cancels, though partner 1 has more of the north.
  @Test func `a partner's own level cancels, by hand`() throws {
    let found = Self.compare { manager in
      let isNorth = manager < 5
      return [
        .init(stratum: 0, mean: isNorth ? 0.2 : 0, weight: 1),
        .init(stratum: 1, mean: 3 + (isNorth ? 0.2 : 0), weight: isNorth ? 2 : 1),
      ]
    }
    #expect(found.notes.isEmpty)
    let north = try #require(found.findings.first { $0.value == "north" })
    let south = try #require(found.findings.first { $0.value == "south" })
    expectClose(north.ratio, 0.8187307530779818, relative: 1e-12)  // exp(−0.2)
    expectClose(south.ratio, 1 / north.ratio, relative: 1e-12)
    #expect(north.managers == 5 && north.requests == 150)
  }

  // h = 5·5/10 at partner 0 and 10·5/15 at partner 1: (2.5 · 0.4 + 10/3 · 0.1)/(2.5 + 10/3) = 8/35.
  @Test func `partners count by what they can compare, by hand`() throws {
    let found = Self.compare { manager in
      let isNorth = manager < 5
      return [
        .init(stratum: 0, mean: isNorth ? 0.4 : 0, weight: 1),
        .init(stratum: 1, mean: isNorth ? 0.1 : 0, weight: isNorth ? 2 : 1),
      ]
    }
    let north = try #require(found.findings.first { $0.value == "north" })
    expectClose(north.ratio, 0.7956694616416928, relative: 1e-12)  // exp(−8/35)
  }

  // Five in the north, four in the south and one abroad.
  @Test func `groups of too few are counted, and the fewest are told`() {
    let found = Self.compare(unit: { $0 < 5 ? "north" : $0 < 9 ? "south" : "abroad" }) { _ in
      [.init(stratum: 0, mean: 0, weight: 1)]
    }
    #expect(found.findings.map(\.value) == ["north"])
    #expect(
      found.notes == [
        "2 groups of managers by unit aren't compared: there have to be 5 managers with 5 requests in a group and as many outside, "
          + "lest single ones be recognized."
      ])
  }

  @Test func `groups that share no partner aren't compared, and it says so`() {
    let found = Self.compare { [.init(stratum: $0 < 5 ? 0 : 1, mean: 0, weight: 1)] }
    #expect(found.findings.isEmpty)
    #expect(
      found.notes == [
        "unit north: hardly any partner answers managers of this group and others; it isn't compared.",
        "unit south: hardly any partner answers managers of this group and others; it isn't compared.",
      ])
  }
}
