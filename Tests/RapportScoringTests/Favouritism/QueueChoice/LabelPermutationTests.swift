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
}
