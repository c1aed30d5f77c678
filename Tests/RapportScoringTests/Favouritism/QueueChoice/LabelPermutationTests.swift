import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct LabelPermutationTests {
  // T of so many managers is about χ². What 99 draws of it call impossible happens less than once in a million, which 900
  // further ones wouldn't show; what happens once in ten thousand isn't called so.
  @Test(arguments: [1.0, 3, 10, 28])
  func `what chance can't bring is told from the first permutations`(degrees: Double) {
    let chance = ChiSquared(degreesOfFreedom: degrees)
    let (rare, never) = (chance.quantile(1 - 1e-4), chance.quantile(1 - 1e-6))
    var told = 0
    for seed in UInt64(0)..<100 {
      var stream = RandomStream(seed: seed, purpose: "permutations")
      let others = (0..<99).map { _ in stream.gamma(shape: degrees / 2, rate: 0.5) }
      #expect(!LabelPermutation.isImpossible(rare, among: others), "seed \(seed)")
      #expect(!LabelPermutation.isImpossible(never, among: others), "seed \(seed)")
      if LabelPermutation.isImpossible(10 * never, among: others) { told += 1 }
    }
    #expect(told == 100)
    #expect(!LabelPermutation.isImpossible(1e9, among: [2, 2, 2]))
    #expect(!LabelPermutation.isImpossible(0.1, among: [1, 2, 3]))
  }

  // T of ten units that are expected often, and in 9 of 999 draws 120 more, none of them among the first 99: by these chance can't bring
  // it. All are drawn where a unit is seldom expected.
  @Test func `what comes seldom isn't told from the first permutations`() {
    func drawn(isSteady: Bool) -> (p: Double, draws: Int) {
      var stream = RandomStream(seed: 3, purpose: "permutations")
      var draws = 0
      let p = LabelPermutation.pValue(of: 115, isSteady: isSteady) {
        draws += 1
        return stream.gamma(shape: 5, rate: 0.5) + (draws % 111 == 110 ? 120 : 0)
      }
      return (p, draws)
    }
    let (first, all) = (drawn(isSteady: true), drawn(isSteady: false))
    #expect(first.draws == 99 && first.p == 0.001, "\(first)")
    #expect(all.draws == 999 && all.p == 0.01, "\(all)")
    #expect(LabelPermutation.isSteady([1, 7, 0]) && !LabelPermutation.isSteady([0.9, 7]))
  }

  // Sixty partners with six managers each, who treat everybody alike while managers differ in what they ask for and when. Columns that
  // were fitted together with managers' effects took part of what differs by chance: 28 % of p-values lay below 0.05 then.
  @Test func `partners who treat everybody alike are told uneven as often as p says`() {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.secondPartnerShare, queue.days) = (60, 6, 0, 100)
    let choices = QueueChoices(queue.make(), options: AssessmentOptions())
    let p = choices.partners.filter { $0.reason == nil }.map(\.evennessPValue)
    #expect(p.count == 60)
    // Of 60 p-values 3 and 15 are expected; 8 and 24 or more come once in a hundred times.
    #expect(p.count { $0 <= 0.05 } < 8)
    #expect(p.count { $0 <= 0.25 } < 24)
  }
}
