import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct BayesianDiscoveriesTests {
  // By hand: sorted 0.01, 0.03, 0.08, 0.5 have running means 0.01, 0.02, 0.04, 0.155.
  @Test func `worked by hand`() {
    let found = BayesianDiscoveries(nullProbabilities: [0.5, 0.03, .nan, 0.01, 0.08])
    #expect(found.selected == [3, 1, 4])
    expectClose(found.expectedFalseShare, 0.04, relative: 1e-14)
    #expect(found.qValues[2].isNaN)
    expectClose(found.qValues.filter { !$0.isNaN }, [0.155, 0.02, 0.01, 0.04], relative: 1e-14)
  }

  @Test func `equally certain ones are all in or all out`() {
    // The first two would pass with mean 0.05, all three have 0.2/3.
    #expect(BayesianDiscoveries(nullProbabilities: [0, 0.1, 0.1]).selected == [0])
    #expect(BayesianDiscoveries(nullProbabilities: [0.1, 0, 0.1], rate: 0.07).selected == [1, 0, 2])
    #expect(BayesianDiscoveries(nullProbabilities: [0.2, 0.3]).selected.isEmpty)
    #expect(BayesianDiscoveries(nullProbabilities: []).expectedFalseShare == 0)
  }
}
