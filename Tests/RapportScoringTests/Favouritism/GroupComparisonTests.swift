import Glibc
import RapportIngestion
@testable import RapportScoring
import RapportTestSupport
import Testing

@Suite struct GroupComparisonTests {
  /// Managers 0 to 4 are `north`, 5 to 9 `south`; parts as given by manager and partner.
  private static func compare(
    unit: (Int) -> String = { $0 < 5 ? "north" : "south" }, isFromChoices: Bool = true,
    _ parts: (Int) -> [ManagerTreatment.Part], change: (inout History) -> Void = { _ in }
  ) -> (findings: [GroupFinding], notes: [String]) {
    var history = QueueHistory(partners: 2, managersPerPartner: 5, days: 20).make()
    history.managerAttributes = ["unit": (0..<10).map(unit)]
    change(&history)
    let units = (0..<10).map {
      ManagerTreatment.Unit(manager: $0, mean: 0, variance: 1, requests: 30, partners: 2, parts: parts($0))
    }
    return GroupComparison(
      history, ManagerTreatment(units: units, between: 0, isFromChoices: isFromChoices), nil, AssessmentOptions()
    ).findings()
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

  // North is answered 1.5 later on the log scale, managers differing by hundredths. Of picks that is a signal; of waits alone nobody
  // can say why, and groups say what managers do.
  @Test(arguments: [true, false]) func `groups are signals by queue choices only`(_ isFromChoices: Bool) throws {
    let found = Self.compare(isFromChoices: isFromChoices) { manager in
      [.init(stratum: 0, mean: (manager < 5 ? 1.5 : 0) + 0.01 * Double(manager), weight: 1)]
    }
    let north = try #require(found.findings.first { $0.value == "north" })
    #expect(north.qValue < 0.001 && north.ratio < 0.25)
    #expect(found.findings.allSatisfy { ($0.verdict == .signal) == isFromChoices })
    #expect(
      north.statement.hasSuffix(isFromChoices ? "worth looking into." : "timing model only)."), "\(north.statement)")
    #expect(isFromChoices || north.statement.hasPrefix("Whether managers with unit north are answered sooner"))
  }

  /// Twenty requests of each manager whose target has passed, of which so many were answered within it; none of a manager with `nil`.
  private static func within(_ onTime: [Int?]) -> (inout History) -> Void {
    { history in
      let first = history.spells[0]
      history.spells = onTime.enumerated().flatMap { manager, count in
        (0..<(count == nil ? 0 : 20)).map { request in
          var spell = first
          (spell.manager, spell.outcome) = (Int32(manager), .answered)
          spell.due = spell.opened.advanced(days: 1)
          spell.ended = spell.opened.advanced(days: request < count! ? 1 : 2)
          return spell
        }
      }
    }
  }

  // 50 of 100 within target in the north, 75 of 100 in the south: 2/3. By the delta method, with squared deviations of the managers'
  // counts of 40 and 2 in all: variances of the mean counts 40/5² and 2/5², of their logarithms 1.6/10² and 0.08/15², times 5/4 for
  // five managers; 2.1318 is Student's 95 % point on four degrees of freedom. Of 999 samples the deviation is sure to some 3 %.
  @Test func `shares within target have an interval, by hand`() throws {
    let found = Self.compare(
      { _ in [.init(stratum: 0, mean: 0, weight: 1)] },
      change: Self.within([10, 12, 14, 8, 6, 16, 15, 14, 15, 15]))
    let north = try #require(found.findings.first { $0.value == "north" }?.withinTargetRatio)
    let south = try #require(found.findings.first { $0.value == "south" }?.withinTargetRatio)
    expectClose(north.ratio, 2.0 / 3, relative: 1e-12)
    expectClose(south.ratio, 1.5, relative: 1e-12)
    let reach = 2.1318 * (1.25 * (1.6 / 100 + 0.08 / 225)).squareRoot()
    expectClose(log(north.ratio / north.low), reach, relative: 0.1)
    expectClose(log(north.high / north.ratio), reach, relative: 0.1)
    expectClose(log(south.high / south.ratio), reach, relative: 0.1)
  }

  // Four managers with a target are too few to be told; where one of five has all that is within it, a third of the samples (4/5)⁵ lack
  // it and have no logarithm.
  @Test func `shares within target that nothing supports aren't told`() {
    for onTime in [
      [nil, 12, 14, 8, 6, 16, 15, 14, 15, 15], [0, 0, 0, 0, 6, 16, 15, 14, 15, 15],
      [0, 0, 0, 0, 0, 16, 15, 14, 15, 15],
    ] as [[Int?]] {
      let found = Self.compare({ _ in [.init(stratum: 0, mean: 0, weight: 1)] }, change: Self.within(onTime))
      #expect(found.findings.count == 2 && found.findings.allSatisfy { $0.withinTargetRatio == nil })
    }
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
