import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct OptimizationTests {
  static func rosenbrock(_ x: [Double], _ gradient: inout [Double]?) -> Double {
    let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
    if gradient != nil { gradient = [-2 * a - 400 * x[0] * b, 200 * b] }
    return a * a + 100 * b * b
  }

  @Test func `BOBYQA and L-BFGS find Rosenbrock's minimum at (1, 1)`() throws {
    for method in [BoundedSearch.Method.bobyqa, .lbfgs] {
      let search = BoundedSearch(method: method, lower: [-5, -5], upper: [5, 5])
      let minimum = try search.minimize(from: [-1.2, 1], Self.rosenbrock)
      #expect(minimum.record.converged, "\(minimum.record)")
      expectClose(minimum.point, [1, 1], absolute: 1e-5)
      #expect(minimum.record.evaluations > 10)
      #expect((minimum.record.gradientNorm != nil) == (method == .lbfgs))
    }
  }

  @Test func `a minimum on the bound is found there`() throws {
    let search = BoundedSearch(method: .bobyqa, lower: [2, -.infinity], upper: [.infinity, .infinity])
    let minimum = try search.minimize(from: [7, 3]) { x, _ in x[0] * x[0] + x[1] * x[1] }
    #expect(minimum.point[0] == 2)
    expectClose(minimum.point[1], 0, absolute: 1e-6)
  }

  @Test func `a search that runs out says so`() throws {
    var search = BoundedSearch(method: .bobyqa, lower: [-5, -5], upper: [5, 5])
    search.maximumEvaluations = 8
    let minimum = try search.minimize(from: [-1.2, 1], Self.rosenbrock)
    #expect(minimum.record.stop == .evaluations)
    #expect(!minimum.record.converged)
    search.initialStep = [0.1, 0.1]
    search.valueTolerance = 0.5
    search.maximumEvaluations = 1000
    #expect(try search.minimize(from: [0.9, 0.8], Self.rosenbrock).record.converged)
  }

  @Test func `an undefined start is refused, an empty one is done`() throws {
    let search = BoundedSearch(method: .bobyqa, lower: [0, 0], upper: [1, 1])
    #expect(throws: NumericsError.self) { try search.minimize(from: [0, 0]) { _, _ in .nan } }
    let nothing = BoundedSearch(method: .bobyqa, lower: [], upper: [])
    #expect(try nothing.minimize(from: []) { _, _ in 3 }.value == 3)
  }

  @Test func `Newton finds minima and knows when it hasn't`() throws {
    // f = x⁴ + y² − 4x: the minimum is at x = 1, y = 0. At the start the Hessian is singular.
    let minimum = try Newton().minimize(from: [0, 5]) { x in
      Newton.Derivatives(
        value: pow(x[0], 4) + x[1] * x[1] - 4 * x[0], gradient: [4 * pow(x[0], 3) - 4, 2 * x[1]],
        hessian: Matrix(rows: [[12 * x[0] * x[0], 0], [0, 2]]))
    }
    expectClose(minimum.point, [1, 0], absolute: 1e-8)
    #expect(minimum.record.converged)
    // f = −x has no minimum.
    #expect(throws: NumericsError.self) {
      try Newton().minimize(from: [0]) {
        Newton.Derivatives(value: -$0[0], gradient: [-1], hessian: Matrix(rows: 1, columns: 1))
      }
    }
    #expect(throws: NumericsError.self) {
      try Newton().minimize(from: [0]) { _ in
        Newton.Derivatives(value: .nan, gradient: [0], hessian: Matrix.identity(1))
      }
    }
  }

  @Test func `Brent's minimum`() {
    let inside = BrentMinimum().minimize(in: 0...10) { ($0 - 3) * ($0 - 3) + 1 }
    expectClose(inside.point, [3], absolute: 1e-7)
    #expect(inside.record.converged)
    #expect(BrentMinimum().minimize(in: 1...2) { $0 }.point == [1])
    // −sin x + 0.1 = 0 where the cosine is negative, the lower of two.
    expectClose(
      BrentMinimum().minimize(in: -4...4) { cos($0) + 0.1 * $0 }.point[0], -Double.pi - asin(0.1), absolute: 1e-6)
    var short = BrentMinimum()
    short.maximumEvaluations = 3
    #expect(!short.minimize(in: 0...10) { ($0 - 3) * ($0 - 3) }.record.converged)
  }

  @Test func `Brent's root`() throws {
    expectClose(try BrentRoot().solve(in: 0...2) { $0 * $0 - 2 }, 2.0.squareRoot(), relative: 4e-16)
    expectClose(try BrentRoot().solve(in: -10...10) { exp($0) - 5 }, log(5), relative: 1e-15)
    #expect(try BrentRoot().solve(in: 0...1) { $0 } == 0)
    #expect(try BrentRoot().solve(in: -1...0) { $0 } == 0)
    #expect(throws: NumericsError.self) { try BrentRoot().solve(in: 1...2) { $0 } }
    var short = BrentRoot()
    short.maximumEvaluations = 2
    #expect(throws: NumericsError.self) { try short.solve(in: -10...10) { exp($0) - 5 } }
  }
}
