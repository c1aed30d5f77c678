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

  /// How many of so many tables' 90 % intervals hold the truth: of α, of ω total and hierarchical.
  ///
  /// Eight variables of two factors that correlate at 0.3, so that ω has a hierarchical part; 200 rows.
  static func coverage(missing: Double, tables: Int, draws: Int) throws -> (held: [Int], tables: Int) {
    let strength = [0.8, 0.7, 0.6, 0.5]
    let lambda = Matrix(rows: strength.map { [$0, 0] } + strength.map { [0, $0] })
    let phi = Matrix(rows: [[1, 0.3], [0.3, 1]])
    var planted = (lambda * phi).timesTransposed(lambda)
    for i in 0..<8 { planted[i, i] = 1 }
    let general = try SchmidLeiman(correlation: planted, loadings: lambda, factorCorrelations: phi)
    let truth = [
      Reliability.alpha(covariance: planted)!, general.omegaTotal, general.omegaHierarchical!,
    ]
    let root = try Cholesky(planted)
    var held = [0, 0, 0]
    var used = 0
    for table in 0..<tables {
      var stream = RandomStream(seed: 41, purpose: "reliability coverage \(missing)", unit: UInt64(table))
      let rows = (0..<200).map { _ -> [Double?] in
        let normals = (0..<8).map { _ in stream.normal() }
        let values = root.lower * normals
        return values.map { stream.uniform() < missing ? nil : $0 }
      }
      let analysis = FactorAnalysis(factors: 2)
      let solution = try analysis.fit(correlation: SampleMoments(missing: rows, tolerance: 1e-6).correlation)
      let bootstrap = LoadingBootstrap(draws: draws, seed: UInt64(table), threads: 2)
      guard let limits = bootstrap.run(rows: rows, analysis: analysis, solution: solution) else { continue }
      used += 1
      for (k, limit) in [limits.alpha, limits.omegaTotal, limits.omegaHierarchical].enumerated() {
        if let limit, limit.low <= truth[k], truth[k] <= limit.high { held[k] += 1 }
      }
    }
    return (held, used)
  }

  // Of 40 intervals 36 should hold; fewer than 31 would by chance once in 200.
  @Test(arguments: [0.0, 0.2]) func `limits of α and ω hold the truth, with gaps too`(missing: Double) throws {
    let (held, tables) = try Self.coverage(missing: missing, tables: 40, draws: 80)
    #expect(tables == 40 && held.allSatisfy { $0 >= 31 }, "\(held) of \(tables)")
  }

  // α and ω of a draw are those of the matrices of which they are defined, whichever rotation turned the factors.
  @Test func `limits of α and ω don't depend on how factors are turned, nor on the variables' direction`() throws {
    let rows = Self.rows(Self.planted, count: 150)
    let correlation = try SampleMoments(missing: rows).correlation
    func limits(
      _ rotation: FactorRotation, _ rows: [[Double?]], _ correlation: Matrix
    ) throws -> LoadingBootstrap.Result {
      let analysis = FactorAnalysis(factors: 2, rotation: rotation)
      let solution = try analysis.fit(correlation: correlation)
      return try #require(
        LoadingBootstrap(draws: 30).run(
          rows: rows, analysis: analysis, solution: solution,
          orientation: VariableOrientation(correlation: correlation)))
    }
    let own = try limits(.oblimin(), rows, correlation)
    let other = try limits(.varimax, rows, correlation)
    expectClose(own.omegaTotal!.low, other.omegaTotal!.low, relative: 1e-6)
    #expect(own.alpha == other.alpha)
    #expect(own.omegaTotal!.low < own.omegaTotal!.high && own.omegaTotal!.standardError > 0)
    let turned = rows.map { row in row.enumerated().map { $0 == 1 ? $1.map { -$0 } : $1 } }
    let round = try limits(.oblimin(), turned, SampleMoments(missing: turned).correlation)
    expectClose(round.alpha!.low, own.alpha!.low, relative: 1e-10)
    expectClose(round.omegaTotal!.high, own.omegaTotal!.high, relative: 1e-6)
    expectClose(round.omegaHierarchical!.high, own.omegaHierarchical!.high, relative: 1e-4)
  }
}
