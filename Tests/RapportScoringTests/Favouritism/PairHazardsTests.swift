import RapportNumerics
@testable import RapportScoring
import Testing

@Suite struct PairHazardsTests {
  // Five managers with 150 requests each; the last one's are answered at twice the rate of the others.
  @Test func `a doubled rate is found against the partner's usual`() throws {
    var stream = RandomStream(seed: 3, purpose: "pair hazards")
    let asked = (0..<750).map { number -> PartnerChoicesTests.Asked in
      let manager = Int32(number % 5)
      let start = 10 * Double(number)
      let wait = stream.exponential(rate: manager == 4 ? 0.2 : 0.1)
      return .init(
        manager: manager, at: start, end: start + min(wait, 40), topic: Int32(number % 2),
        outcome: wait < 40 ? .answered : .open)
    }
    var history = PartnerChoicesTests.history(asked)
    history.managers = ["a", "b", "c", "d", "e"]
    let hazards = PairHazards(history, options: AssessmentOptions())
    #expect(hazards.unfitted == 0)
    let fast = try #require(hazards.ratio(manager: 4, partner: 0))
    // Four standard errors of log 2: each √(1/150), two of them.
    #expect(fast.ratio > 1.25 && fast.ratio < 3.2 && fast.low > 1)
    let usual = (0..<4).compactMap { hazards.ratio(manager: $0, partner: 0) }
    #expect(usual.count == 4 && usual.allSatisfy { $0.low < 1.1 && $0.high > 0.9 })
    #expect(hazards.ratio(manager: 0, partner: 1) == nil)
  }

  @Test func `one manager alone has nothing to be compared with`() {
    let history = PartnerChoicesTests.history(
      (0..<10).map { .init(manager: 0, at: Double($0), end: Double($0) + 1) })
    let hazards = PairHazards(history, options: AssessmentOptions())
    #expect(hazards.unfitted == 1 && hazards.ratio(manager: 0, partner: 0) == nil)
  }
}
