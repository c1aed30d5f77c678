import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LoadingBootstrapTests {
  static func rows(_ loadings: [[Double]], count: Int, gaps: Bool = false) -> [[Double?]] {
    var stream = RandomStream(seed: 8, purpose: "bootstrap test")
    return (0..<count).map { i in
      let factors = loadings[0].map { _ in stream.normal() }
      return loadings.enumerated().map { j, row in
        let value = dot(row, factors) + (1 - dot(row, row)).squareRoot() * stream.normal()
        return gaps && i % 10 == 0 && j == 0 ? nil : value
      }
    }
  }

  static let planted = [[0.8, 0], [0.7, 0], [0.75, 0], [0, 0.8], [0, 0.7], [0, 0.6]]

  @Test(arguments: [FactorRotation.none, .varimax, .promax(), .oblimin()])
  func `limits hold the loadings, tightly, without swaps or flips`(rotation: FactorRotation) throws {
    let rows = Self.rows(Self.planted, count: 300)
    let analysis = FactorAnalysis(factors: 2, rotation: rotation)
    let solution = try analysis.fit(correlation: SampleMoments(missing: rows).correlation)
    let limits = try #require(LoadingBootstrap(draws: 60).run(rows: rows, analysis: analysis, solution: solution))
    #expect(limits.draws + limits.failedDraws == 60)
    for k in solution.loadings.elements.indices {
      let found = solution.loadings.elements[k]
      #expect(limits.low.elements[k] <= found + 0.02 && found - 0.02 <= limits.high.elements[k])
      // A swap or a flip among draws would stretch them to about 0.8 and more.
      if rotation != .none { #expect(limits.high.elements[k] - limits.low.elements[k] < 0.45) }
    }
  }

  @Test func `threads don't show, and gaps are allowed`() throws {
    let rows = Self.rows(Self.planted, count: 120, gaps: true)
    let analysis = FactorAnalysis(factors: 2)
    let solution = try analysis.fit(correlation: SampleMoments(missing: rows).correlation)
    let one = LoadingBootstrap(draws: 20, threads: 1).run(rows: rows, analysis: analysis, solution: solution)
    let three = LoadingBootstrap(draws: 20, threads: 3).run(rows: rows, analysis: analysis, solution: solution)
    #expect(one != nil && one == three)
  }

  // Four rows of four variables: nearly every draw repeats a row and is singular.
  @Test func `too few rows have no limits`() throws {
    let rows: [[Double?]] = Self.rows([[0.8], [0.7], [0.75], [0.6]], count: 4)
    let analysis = FactorAnalysis(factors: 1)
    let r = FactorNumberTests.equicorrelation(4, 0.5)
    let solution = try analysis.fit(correlation: r)
    #expect(LoadingBootstrap(draws: 20).run(rows: rows, analysis: analysis, solution: solution) == nil)
  }
}
