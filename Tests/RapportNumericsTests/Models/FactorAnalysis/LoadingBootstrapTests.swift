import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

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

  // √0.64 = tanh(log 3), so the estimate is log 3 on the scale of ω. Two draws at log 3 + 0.3 and log 3 − 0.1 have mean
  // log 3 + 0.1 and deviation √0.08; five rows make that √(0.08 · 5/4) = √0.1, and t with 4 degrees of freedom is 2.13185 at
  // 95 %. The centre is 2 log 3 − (log 3 + 0.1): the draws' bias of 0.1 is taken off, not added.
  @Test func `limits of ω are centred off the bias, worked by hand`() throws {
    let draws = [tanh(log(3) + 0.3), tanh(log(3) - 0.1)].map { $0 * $0 }
    let limits = try #require(LoadingBootstrap().limits(.omega, 0.64, draws, rows: 5))
    let reach = 2.131846786326649 * 0.1.squareRoot()
    for (found, end) in [(limits.low, -reach), (limits.high, reach)] {
      let root = tanh(log(3) - 0.1 + end)
      expectClose(found, root * root, relative: 1e-12)
    }
    #expect(limits.draws == 2)
    expectClose(limits.standardError, (draws[0] - draws[1]) / 2.0.squareRoot(), relative: 1e-12)
    // Never below nothing.
    let low = try #require(LoadingBootstrap().limits(.omega, 0.01, [0, 0.3], rows: 5))
    #expect(low.low == 0 && low.high < 1)
  }

  // −log(1 − 3/4) = log 4; draws at log 4 ± 0.2 have deviation √0.08 and no bias. α may be negative.
  @Test func `limits of α, worked by hand`() throws {
    let draws = [0.2, -0.2].map { 1 - exp(-(log(4) + $0)) }
    let limits = try #require(LoadingBootstrap().limits(.alpha, 0.75, draws, rows: 5))
    let reach = 2.131846786326649 * 0.1.squareRoot()
    expectClose(limits.low, 1 - 0.25 * exp(reach), relative: 1e-12)
    expectClose(limits.high, 1 - 0.25 * exp(-reach), relative: 1e-12)
    let negative = try #require(LoadingBootstrap().limits(.alpha, -0.5, [-0.4, -0.6], rows: 50))
    #expect(negative.low < -0.5 && negative.high > -0.5 && negative.high < 0)
    #expect(LoadingBootstrap().limits(.alpha, 0.75, [nil, 0.7, 0.8], rows: 5) == nil)
    #expect(LoadingBootstrap().limits(.alpha, nil, draws, rows: 5) == nil)
  }

  // g₁g₂ = 0.6, g₁g₃ = 0.6 and g₂g₃ = 0.1 ask for g₁ = √3.6: the first factor would be the general one. A draw like that
  // counts with the bound that it is kept to.
  @Test func `a general factor at its bound counts in draws, and is no solution by itself`() throws {
    let phi = Matrix(rows: [[1, 0.6, 0.6], [0.6, 1, 0.1], [0.6, 0.1, 1]])
    let lambda = Matrix(rows: (0..<9).map { i in (0..<3).map { $0 == i / 3 ? 0.7 : 0 } })
    var correlation = (lambda * phi).timesTransposed(lambda)
    for i in 0..<9 { correlation[i, i] = 1 }
    let strict = try SchmidLeiman(correlation: correlation, loadings: lambda, factorCorrelations: phi)
    let bounded = try SchmidLeiman(
      correlation: correlation, loadings: lambda, factorCorrelations: phi, allowsBound: true)
    #expect(strict.omegaHierarchical == nil && bounded.isAtBound && strict.omegaTotal == bounded.omegaTotal)
    let general = try #require(bounded.omegaHierarchical)
    #expect(general > 0.3 && general < bounded.omegaTotal)
    expectClose(bounded.secondOrder[0], 0.995.squareRoot(), relative: 1e-12)
  }

  /// How many of so many tables' 90 % intervals hold the truth: of α, of ω total and hierarchical.
  ///
  /// Eight variables of two factors that correlate at 0.3, so that ω has a hierarchical part; or four of one factor, where
  /// both ω are one.
  static func coverage(
    factors: Int, rows count: Int, missing: Double, tables: Int, draws: Int
  ) throws -> (held: [Int], tables: Int) {
    let strength = [0.8, 0.7, 0.6, 0.5]
    let lambda = Matrix(
      rows: factors == 1 ? strength.map { [$0] } : strength.map { [$0, 0] } + strength.map { [0, $0] })
    let phi = factors == 1 ? Matrix.identity(1) : Matrix(rows: [[1, 0.3], [0.3, 1]])
    let p = lambda.rows
    var planted = (lambda * phi).timesTransposed(lambda)
    for i in 0..<p { planted[i, i] = 1 }
    let general = try SchmidLeiman(correlation: planted, loadings: lambda, factorCorrelations: phi)
    let truth = [
      Reliability.alpha(covariance: planted)!, general.omegaTotal, general.omegaHierarchical!,
    ]
    let root = try Cholesky(planted)
    var held = [0, 0, 0]
    var used = 0
    for table in 0..<tables {
      var stream = RandomStream(seed: 41, purpose: "reliability coverage \(missing)", unit: UInt64(table))
      let rows = (0..<count).map { _ -> [Double?] in
        let normals = (0..<p).map { _ in stream.normal() }
        let values = root.lower * normals
        return values.map { stream.uniform() < missing ? nil : $0 }
      }
      let analysis = FactorAnalysis(factors: factors)
      guard
        let solution = try? analysis.fit(correlation: SampleMoments(missing: rows, tolerance: 1e-6).correlation)
      else { continue }
      let bootstrap = LoadingBootstrap(draws: draws, seed: UInt64(table), threads: 2)
      guard let limits = bootstrap.run(rows: rows, analysis: analysis, solution: solution) else { continue }
      used += 1
      for (k, limit) in [limits.alpha, limits.omegaTotal, limits.omegaHierarchical].enumerated() {
        if let limit, limit.low <= truth[k], truth[k] <= limit.high { held[k] += 1 }
      }
    }
    return (held, used)
  }

  // Of 30 intervals 27 should hold; fewer than 22 would by chance once in 130. The larger tables below need a release build.
  @Test func `limits of α and ω hold the truth of one factor`() throws {
    let (held, tables) = try Self.coverage(factors: 1, rows: 60, missing: 0, tables: 30, draws: 30)
    #expect(tables == 30 && held.allSatisfy { (22...30).contains($0) }, "\(held) of \(tables)")
  }

  static let isOptimized: Bool = {
    #if DEBUG
      false
    #else
      true
    #endif
  }()

  // Of 200 intervals of α and ω total 180 should hold: from 168 to 192 with twice the binomial error and what 100 draws leave
  // out. With 60 rows a third of the draws have a variable without error of its own, with gaps three quarters, and ω
  // hierarchical, which is off by a third of itself then, is held less often.
  @Test(
    .enabled(if: isOptimized, "half an hour in a debug build; swift test -c release"),
    arguments: [(60, 0.0), (60, 0.2), (150, 0.0), (150, 0.2)])
  func `limits of α and ω hold the truth of two factors, with gaps too`(rows: Int, missing: Double) throws {
    let (held, tables) = try Self.coverage(factors: 2, rows: rows, missing: missing, tables: 200, draws: 100)
    #expect(tables >= 195)
    let share = held.map { Double($0) / Double(tables) }
    #expect((0.84...0.96).contains(share[0]) && (0.84...0.96).contains(share[1]), "\(share)")
    #expect(share[2] >= (rows == 60 ? 0.75 : 0.87) && share[2] <= 0.97, "\(share)")
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
