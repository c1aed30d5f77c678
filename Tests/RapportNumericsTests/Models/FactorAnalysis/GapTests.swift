import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

/// Tests of correlation and numbers of factors where values are missing.
@Suite struct GapTests {
  @Test func `gaps that leave no end to the search are told with what lacks most`() {
    var rows = MissingInformationTests.rows(60, loading: 0.5, variables: 4, missing: 0.4, unit: 9)
    for row in 0..<45 { rows[row][2] = nil }
    let used = rows.filter { row in row.contains { $0 != nil } }
    for (names, column): ([String], String) in [([], "column 3"), (["a", "b", "c", "d"], "'c'")] {
      // A step and its extrapolation take four.
      let error = #expect(throws: NumericsError.self) {
        try SampleMoments(missing: rows, names: names, maximumIterations: 3)
      }
      let told = error?.description ?? ""
      #expect(told.contains("did not converge in 4 iterations: so much is missing"), "\(told)")
      #expect(told.contains("leave out columns that lack much, as \(column), which lacks "), "\(told)")
      #expect(told.hasSuffix(" of \(used.count) values") && !told.contains("allow more"), "\(told)")
    }
  }

  // y is known where x = 0, 1, 2, 3, and r² = (9/4)² / (5/4 · 9/2) = 0.9 there. The likelihood of y given x rests on those
  // four rows alone, so that the test is Bartlett's of four complete rows: −(4 − 1 − 9/6) log(1 − r²).
  @Test func `Bartlett's test of two variables with gaps, worked by hand`() throws {
    let rows: [[Double?]] = [[0, 1], [1, 1], [2, 4], [3, 6], [4, nil], [8, nil]]
    let test = try SphericityTest(SampleMoments(missing: rows, tolerance: 1e-13))
    expectClose(test.chiSquare, -1.5 * log(0.1), relative: 1e-9)
    #expect(test.degreesOfFreedom == 1)
  }

  @Test func `without gaps, what correlations and rows give`() throws {
    let moments = try SampleMoments(
      missing: MissingInformationTests.rows(50, loading: 0.5, variables: 5, missing: 0, unit: 5))
    #expect(try SphericityTest(moments) == SphericityTest(correlation: moments.correlation, observations: 50))
    let analysis = ParallelAnalysis(draws: 20)
    #expect(try analysis.run(moments) == analysis.run(correlation: moments.correlation, observations: 50))
  }

  // Of 150 tests at 5 %, 7.5 reject by chance, give or take 2.7.
  @Test func `Bartlett's test keeps its level where values are missing`() throws {
    var (rejected, wrongly, found) = (0, 0, 0)
    for unit in 0..<150 {
      let moments = try SampleMoments(
        missing: MissingInformationTests.rows(100, loading: 0, variables: 5, missing: 0.3, unit: 1000 + unit),
        tolerance: 1e-6)
      rejected += try SphericityTest(moments).pValue < 0.05 ? 1 : 0
      wrongly += try SphericityTest(correlation: moments.correlation, observations: 100).pValue < 0.05 ? 1 : 0
      guard unit < 30 else { continue }
      let planted = try SampleMoments(
        missing: MissingInformationTests.rows(100, loading: 0.6, variables: 5, missing: 0.3, unit: 2000 + unit),
        tolerance: 1e-6)
      found += try SphericityTest(planted).pValue < 0.05 ? 1 : 0
    }
    #expect((1...16).contains(rejected) && wrongly > 60 && found >= 29, "\(rejected), \(wrongly), \(found)")
  }

  // The tables' gaps are those of the first, so that one set of thresholds serves them all.
  @Test func `parallel analysis finds factors by chance no more often with gaps`() throws {
    let mask = MissingInformationTests.rows(100, loading: 0, variables: 6, missing: 0.25, unit: 3000)
    let first = try SampleMoments(missing: mask, tolerance: 1e-6)
    let analysis = ParallelAnalysis(draws: 200, seed: 7)
    let known = try analysis.run(first).factors.thresholds[0]
    let naive = try analysis.run(correlation: first.correlation, observations: 100).factors.thresholds[0]
    var (above, wrongly) = (0, 0)
    for unit in 0..<150 {
      var stream = RandomStream(seed: 22, purpose: "gap test", unit: UInt64(unit))
      let rows: [[Double?]] = mask.map { row in
        row.map { value in
          let drawn = stream.normal()
          return value == nil ? nil : drawn
        }
      }
      let largest = try ParallelAnalysis.spectra(SampleMoments(missing: rows, tolerance: 1e-5).correlation).reduced[0]
      above += largest > known ? 1 : 0
      wrongly += largest > naive ? 1 : 0
    }
    #expect((1...16).contains(above) && wrongly > 40, "\(above), \(wrongly)")
  }

  @Test func `a planted factor is found in spite of gaps, by as many draws as the work allows`() throws {
    let moments = try SampleMoments(
      missing: MissingInformationTests.rows(120, loading: 0.6, variables: 6, missing: 0.25, unit: 4000), tolerance: 1e-6
    )
    var analysis = ParallelAnalysis(draws: 60, seed: 3)
    let result = try analysis.run(moments)
    #expect(result.factors.count == 1 && result.components.count == 1 && result.draws == 60)
    analysis.threads = 2
    #expect(try analysis.run(moments) == result)
    analysis.workWithGaps = 1
    analysis.fewestDraws = 25
    #expect(try analysis.run(moments).draws == 25)
  }

  @Test func `bootstrap samples have the gaps of their rows`() throws {
    let whole = MissingInformationTests.rows(150, loading: 0.7, variables: 5, missing: 0, unit: 5000)
    let gaps = MissingInformationTests.rows(150, loading: 0.7, variables: 5, missing: 0.3, unit: 5000)
    let analysis = FactorAnalysis(factors: 1)
    func width(_ rows: [[Double?]]) throws -> Double {
      let solution = try analysis.fit(correlation: SampleMoments(missing: rows).correlation)
      let limits = try #require(LoadingBootstrap(draws: 60).run(rows: rows, analysis: analysis, solution: solution))
      for i in 0..<5 {
        #expect(limits.low[i, 0] < solution.loadings[i, 0] && solution.loadings[i, 0] < limits.high[i, 0])
      }
      return zip(limits.high.elements, limits.low.elements).reduce(0) { $0 + $1.0 - $1.1 } / 5
    }
    // With 0.49 of the pairs, errors are larger by a quarter to a half.
    let (complete, incomplete) = (try width(whole), try width(gaps))
    #expect(incomplete > 1.15 * complete, "\(complete), \(incomplete)")
  }
}
