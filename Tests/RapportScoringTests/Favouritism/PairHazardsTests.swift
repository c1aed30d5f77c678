import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

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
    // Four standard errors: √(1/150 + 1/600) of the logarithm.
    #expect(fast.ratio > 1.39 && fast.ratio < 2.88 && fast.low > 1)
    let usual = (0..<4).compactMap { hazards.ratio(manager: $0, partner: 0) }
    // The others' mean holds the fast one: 2^(−1/4) = 0.84, within four such errors.
    #expect(usual.count == 4 && usual.allSatisfy { $0.ratio > 0.58 && $0.ratio < 1.21 })
    // Against the mean of the others with weights alike, b_i − Σ_(j≠i) b_j/4, logarithms add up to 0, whatever luck does; weights
    // here are alike within a few hundredths. Held against what is usual, 1, they would add up to log 2 = 0.69.
    expectClose(([fast] + usual).reduce(0) { $0 + log($1.ratio) }, 0, absolute: 0.05)
    #expect(hazards.ratio(manager: 0, partner: 1) == nil)
  }

  // The manager with most of the requests is answered at twice the rate of four others. By precision alone that one was what all are
  // held against: 1 itself, the others one half. Against the others' mean it is 2, and they 2^(−1/4) = 0.84. Four standard errors:
  // √(1/1000 + 1/400) for the first, √(1/100 + …) for the others.
  @Test func `who has most of the requests isn't the measure of the others`() throws {
    var stream = RandomStream(seed: 4, purpose: "pair hazards")
    let asked = (0..<1400).map { number -> PartnerChoicesTests.Asked in
      let manager = Int32(number % 14 < 10 ? 0 : number % 14 - 9)
      let start = 10 * Double(number)
      let wait = stream.exponential(rate: manager == 0 ? 0.2 : 0.1)
      return .init(manager: manager, at: start, end: start + wait, topic: 0, outcome: .answered)
    }
    var history = PartnerChoicesTests.history(asked)
    history.managers = ["a", "b", "c", "d", "e"]
    let hazards = PairHazards(history, options: AssessmentOptions())
    let first = try #require(hazards.ratio(manager: 0, partner: 0))
    #expect(first.ratio > 1.56 && first.ratio < 2.56 && first.low > 1.4, "\(first)")
    for manager in 1..<5 {
      let other = try #require(hazards.ratio(manager: manager, partner: 0))
      #expect(other.ratio > 0.56 && other.ratio < 1.27, "\(other)")
    }
  }

  @Test func `one manager alone has nothing to be compared with`() {
    let history = PartnerChoicesTests.history(
      (0..<10).map { .init(manager: 0, at: Double($0), end: Double($0) + 1) })
    let hazards = PairHazards(history, options: AssessmentOptions())
    #expect(hazards.unfitted == 1 && hazards.ratio(manager: 0, partner: 0) == nil)
  }
}
