import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct PracticeTests {
  /// A manager with check-ins in so many of twelve months, and an interval from `low` to `high`.
  private func manager(_ id: String, months: Double, low: Double, high: Double, partners: [String]) -> ManagerAssessment
  {
    var manager = SampleAssessment.manager(id, health: 50, promises: 0.8, lowest: 0, tier: 1)
    manager.partners = partners
    manager.indicators = [
      "regularity": IndicatorScore(
        score: SampleAssessment.estimated(months / 12, low, high), points: SampleAssessment.estimated(50, 40, 60),
        evidence: ["monthsWithCheckIn": months, "exposedMonths": 12])
    ]
    return manager
  }

  /// Seven managers of P1 who met in 3, 12, 11, 10, 9, 1 and 10 of 12 months, and six of P2 who never met.
  private var managers: [ManagerAssessment] {
    let met = [
      (3.0, 0.1, 0.4), (12, 0.9, 1), (11, 0.7, 1), (10, 0.6, 1), (9, 0.5, 0.95), (1, 0, 0.3), (10, 0.6, 1),
    ]
    return met.enumerated().map {
      manager("A\($0)", months: $1.0, low: $1.1, high: $1.2, partners: ["P1"])
    } + (0..<6).map { manager("B\($0)", months: 0, low: 0, high: 0.2, partners: ["P2"]) }
  }

  // By hand: of A0's six comparable managers four, with 12, 11, 10 and 10 of 12, reach five of six: two in three, so that's
  // the practice. Were one of them at 9, three in six would be no clear majority, and two of three months the practice.
  @Test func `a practice is what most of those with the same partners do, and this one doesn't`() {
    let practices = Practices(managers).practices(of: 0)
    #expect(
      practices == [
        Practice(
          indicator: "regularity", level: 5.0 / 6, isReached: false, count: 3, total: 12, comparable: .samePartners,
          peers: 6, peersReaching: 4)
      ])
    #expect(
      practices.map(Sentences.practice) == [
        "4 of 6 managers who work with the same partners have a check-in in five of six months or more; here it was "
          + "3 of 12 months."
      ])
  }

  @Test func `half and one is no clear majority`() {
    var fewer = managers
    fewer[6] = manager("A6", months: 9, low: 0.5, high: 0.95, partners: ["P1"])
    let practices = Practices(fewer).practices(of: 0)
    #expect(practices.map(\.level) == [2.0 / 3] && practices.map(\.peersReaching) == [5])
    fewer[4] = manager("A4", months: 2, low: 0, high: 0.4, partners: ["P1"])
    fewer[6] = manager("A6", months: 2, low: 0, high: 0.4, partners: ["P1"])
    #expect(Practices(fewer).practices(of: 0).isEmpty)
  }

  @Test func `what HR does stands apart`() throws {
    func practice(_ indicator: String) -> Practice {
      Practice(
        indicator: indicator, level: 0.5, isReached: false, count: 2, total: 9, comparable: .all, peers: 9,
        peersReaching: 7)
    }
    let parts = Sentences.practices(["regularity", "answeredWithinTarget", "alternativesOffered"].map(practice))
    #expect(parts.map(\.heading) == ["What comparable managers do", "What HR does for comparable managers"])
    #expect(parts.map(\.sentences.count) == [1, 2])
    #expect(
      Sentences.practices([practice("alternativesOffered")]).map(\.heading) == ["What HR does for comparable managers"])
    #expect(Sentences.practices([]).isEmpty)
  }

  // A4 met in 9 of 12 months, which is below five of six, but its interval holds that: chance may explain it.
  @Test func `what chance may explain isn't told`() {
    #expect(Practices(managers).practices(of: 4).isEmpty)
  }

  // A1 shares its partner with six; without them, all twelve others are compared with, of whom three come so far.
  @Test func `too few who share a partner are no comparison, and what goes well is told too`() {
    var alone = managers
    alone[1].partners = ["P9"]
    let practices = Practices(alone).practices(of: 1)
    #expect(practices.count == 1 && practices[0].isReached && practices[0].comparable == .all)
    #expect(practices[0].peers == 12 && practices[0].peersReaching == 3)
    #expect(
      practices.map(Sentences.practice) == [
        "Regular check-ins: here 12 of 12 months; 3 of 12 other managers have a check-in in five of six months or more."
      ])
    #expect(Practices(Array(managers.prefix(6))).practices(of: 0).isEmpty)
  }

  @Test func `every practice has words`() {
    for kind in Practices.kinds {
      for level in kind.levels {
        for isReached in [true, false] {
          let text = Sentences.practice(
            Practice(
              indicator: kind.indicator, level: level, isReached: isReached, count: 2, total: 365, comparable: .all,
              peers: 9,
              peersReaching: 1))
          #expect(text.contains("of 9 other managers") && text.hasSuffix("."), "\(kind.indicator): \(text)")
        }
      }
      #expect(kind.levels == kind.levels.sorted(by: >))
    }
  }
}
