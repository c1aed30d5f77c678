import Testing

@testable import RapportScoring

@Suite struct SplitHalvesTests {
  @Test func `the fewer units, the more splits`() {
    #expect([0, 1, 30, 60, 61, 100, 599, 600, 5000].map(SplitHalves.count) == [10, 10, 10, 10, 10, 6, 2, 1, 1])
  }
}
