import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

/// What mustn't change an answer, and gradients against differences.
@Suite struct FactorInvarianceTests {
  /// 160 rows of seven variables with two factors that correlate.
  static let rows: Matrix = {
    let planted = [[0.8, 0], [0.7, 0.1], [0.6, 0], [0.7, -0.1], [0, 0.8], [0.1, 0.65], [0, 0.6]]
    return Matrix(
      rows: (0..<160).map { i in
        var stream = RandomStream(seed: 12, purpose: "factor invariance", unit: UInt64(i))
        let first = stream.normal()
        let factors = [first, 0.4 * first + 0.84.squareRoot() * stream.normal()]
        return planted.map { dot($0, factors) + 0.6 * stream.normal() }
      })
  }()

  struct Method: Sendable, CustomTestStringConvertible {
    var extraction: FactorExtraction
    var rotation: FactorRotation
    var testDescription: String { "\(extraction.rawValue) \(rotation)" }

    func solve(_ rows: Matrix) throws -> FactorSolution {
      try FactorAnalysis(factors: 2, extraction: extraction, rotation: rotation).fit(
        correlation: SampleMoments(complete: rows).correlation, observations: rows.rows)
    }
  }

  static let methods = FactorExtraction.allCases.flatMap { extraction in
    [FactorRotation.none, .varimax, .promax(), .oblimin(), .oblimin(normalized: true)].map {
      Method(extraction: extraction, rotation: $0)
    }
  }

  /// Expects `other` to be `one` with variable `order[k]` in place k, times its sign.
  private func expectSame(
    _ other: FactorSolution, as one: FactorSolution, order: [Int] = Array(0..<7),
    signs: [Double] = [1, 1, 1, 1, 1, 1, 1]
  ) {
    let expected = one.loadings.selecting(rows: order).scalingRows(by: signs)
    let aligned = Congruence.aligned(other.loadings, to: expected)
    expectClose(aligned.elements, expected.elements, absolute: 2e-6)
    expectClose(other.uniquenesses, order.map { one.uniquenesses[$0] }, absolute: 1e-7)
    let (found, wanted) = (other.factorCorrelations.elements.map(abs), one.factorCorrelations.elements.map(abs))
    expectClose(found, wanted, absolute: 2e-6)
    expectClose(other.discrepancy, one.discrepancy, relative: 1e-9)
    expectClose(other.fit!.chiSquare, one.fit!.chiSquare, relative: 1e-7)
    expectClose(other.fit!.rmsea!, one.fit!.rmsea!, absolute: 1e-7)
    #expect(other.extractionSearch.converged && other.rotationSearch?.converged ?? true)
  }

  @Test(arguments: methods) func `the order of rows`(method: Method) throws {
    let shuffled = Self.rows.selecting(rows: (0..<160).map { ($0 * 77 + 5) % 160 })
    expectSame(try method.solve(shuffled), as: try method.solve(Self.rows))
  }

  @Test(arguments: methods) func `the order of columns`(method: Method) throws {
    let order = [6, 2, 4, 0, 5, 1, 3]
    expectSame(
      try method.solve(Self.rows.selecting(columns: order)), as: try method.solve(Self.rows), order: order)
  }

  @Test(arguments: methods) func `reversed columns turn their loadings`(method: Method) throws {
    let signs = [1.0, -1, 1, 1, -1, 1, -1]
    let turned = Self.rows * Matrix.diagonal(signs)
    expectSame(try method.solve(turned), as: try method.solve(Self.rows), signs: signs)
  }

  @Test(arguments: methods) func `units of columns, near the ends of the range of numbers too`(method: Method) throws {
    let scaled = Self.rows * Matrix.diagonal([1e-160, 3, 1e300, 0.01, 1e-300, 1e9, 7e150])
    expectSame(try method.solve(scaled), as: try method.solve(Self.rows))
  }

  @Test func `units of columns with gaps`() throws {
    let scales = [1e-170, 3, 1e300, 0.01, 1e-300, 1e9, 7e150]
    func moments(_ scales: [Double]) throws -> SampleMoments {
      try SampleMoments(
        missing: (0..<160).map { i in (0..<7).map { j in (i + 3 * j) % 11 == 0 ? nil : scales[j] * Self.rows[i, j] } })
    }
    let (plain, scaled) = (try moments([1, 1, 1, 1, 1, 1, 1]), try moments(scales))
    expectClose(scaled.correlation.elements, plain.correlation.elements, absolute: 1e-9)
    expectClose(scaled.means, zip(plain.means, scales).map { $0 * $1 }, relative: 1e-7)
    expectClose(scaled.deviations, zip(plain.deviations, scales).map { $0 * $1 }, relative: 1e-9)
    #expect(scaled.covariance[0, 0] == 0 && scaled.covariance[2, 2] == .infinity)
  }

  // MARK: Gradients

  /// Central differences of a function of several variables; the error is about step².
  private func differences(at x: [Double], step: Double = 1e-5, _ f: ([Double]) throws -> Double) rethrows -> [Double] {
    try x.indices.map { i in
      var (above, below) = (x, x)
      above[i] += step
      below[i] -= step
      return (try f(above) - f(below)) / (2 * step)
    }
  }

  @Test(arguments: FactorExtraction.allCases, [1, 2, 3])
  func `the discrepancy's gradient and Hessian are its derivatives`(
    extraction: FactorExtraction, factors: Int
  ) throws {
    let r = try SampleMoments(complete: Self.rows).correlation
    let theta = extraction.scale([0.3, 0.5, 0.62, 0.44, 0.35, 0.55, 0.71])
    let here = try extraction.discrepancy(r, factors: factors, at: theta)
    let slope = try differences(at: theta) { try extraction.discrepancy(r, factors: factors, at: $0).value }
    expectClose(here.gradient, slope, absolute: 1e-8)
    for i in 0..<7 {
      let curve = try differences(at: theta) { try extraction.discrepancy(r, factors: factors, at: $0).gradient[i] }
      expectClose(here.hessian.row(i), curve, absolute: 1e-7)
    }
  }

  static let turn = Matrix(columns: [[0.8, 0.6, 0], [0, 0.8, 0.6], [0.6, 0, 0.8]])

  @Test func `oblimin's gradient is the criterion's derivative by T`() throws {
    let oblimin = Oblimin(normalized: false, starts: 0, seed: 0)
    let here = try oblimin.position(FactorRotationTests.loadings, Self.turn)
    let slope = try differences(at: Self.turn.elements) {
      try oblimin.position(FactorRotationTests.loadings, Matrix(rows: 3, columns: 3, elements: $0)).value
    }
    expectClose(here.gradient.elements, slope, absolute: 1e-8)
  }

  @Test func `a rotation that is cut short says so, with the gradient where it stands`() throws {
    let oblimin = Oblimin(normalized: false, starts: 0, seed: 0)
    let (end, record) = try oblimin.settle(
      FactorRotationTests.loadings, from: Self.turn, tolerance: 1e-9, maximumSteps: 2)
    #expect(record.stop == .evaluations && !record.converged && record.iterations == 2 && record.evaluations > 2)
    // Along the unit spheres of T's columns.
    let slope = try differences(at: end.turn.elements) { elements in
      var turn = Matrix(rows: 3, columns: 3, elements: elements)
      for j in 0..<3 {
        let length = dot(turn.column(j), turn.column(j)).squareRoot()
        for i in 0..<3 { turn[i, j] /= length }
      }
      return try oblimin.position(FactorRotationTests.loadings, turn).value
    }
    expectClose(record.gradientNorm!, slope.map(abs).max()!, absolute: 1e-8)
    let (_, whole) = try oblimin.settle(
      FactorRotationTests.loadings, from: Self.turn, tolerance: 1e-9, maximumSteps: 5000)
    #expect(whole.converged && whole.gradientNorm! < 1e-7)
  }

  @Test func `varimax's slope is the criterion's derivative by the angle`() {
    let loadings = FactorRotationTests.loadings
    let (x, y) = (loadings.column(0), loadings.column(1))
    func criterion(_ angle: Double) -> Double {
      let turned = [
        x.indices.map { cos(angle) * x[$0] + sin(angle) * y[$0] },
        x.indices.map { cos(angle) * y[$0] - sin(angle) * x[$0] },
      ]
      return turned.reduce(0) { sum, column in
        let squares = column.map { $0 * $0 }
        let total = squares.reduce(0, +)
        return sum + dot(squares, squares) - total * total / Double(column.count)
      }
    }
    let (up, across) = Varimax.slopes(x, y)
    expectClose(up, differences(at: [0]) { criterion($0[0]) }[0], absolute: 1e-9)
    // The second derivative of (across cos 4θ + up sin 4θ) / 4 is −4 across.
    let curve = (criterion(1e-4) + criterion(-1e-4) - 2 * criterion(0)) / 1e-8
    expectClose(-4 * across, curve, absolute: 1e-6)
    let end = Varimax(starts: 3, seed: 1).rotate(loadings)
    #expect(end.record.stop == .tolerance && end.record.gradientNorm! < 1e-11 && end.record.evaluations > 3)
  }

  @Test func `expectation–maximization's gradient is that of the likelihood`() throws {
    let gaps: [[Double?]] = (0..<30).map { i in (0..<3).map { j in (i + 2 * j) % 5 == 0 ? nil : Self.rows[i, j] } }
    let patterns = MissingPattern.group(gaps, means: [0, 0, 0], deviations: [1, 1, 1])
    // Means, then covariances i ≤ j column by column.
    let point = [0.1, -0.2, 0.05, 1.1, 0.5, 0.9, 0.3, 0.4, 1.2]
    func estimate(_ x: [Double]) -> NormalEstimate {
      NormalEstimate(
        mean: Array(x[..<3]),
        covariance: Matrix(rows: [[x[3], x[4], x[6]], [x[4], x[5], x[7]], [x[6], x[7], x[8]]]), count: 30)
    }
    func likelihood(_ x: [Double]) throws -> Double {
      let normal = estimate(x)
      return try gaps.reduce(0) { sum, row in
        let known = row.indices.filter { row[$0] != nil }
        let factor = try Cholesky(normal.covariance.selecting(rows: known).selecting(columns: known))
        let away = factor.solveLower(known.map { row[$0]! - normal.mean[$0] })
        return sum - (factor.logDeterminant + dot(away, away)) / 2
      } / 30
    }
    let slope = try differences(at: point, likelihood)
    expectClose(try estimate(point).gradient(patterns), slope, absolute: 1e-8)
  }
}
