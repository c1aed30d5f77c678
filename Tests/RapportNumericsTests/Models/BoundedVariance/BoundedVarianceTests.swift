import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct BoundedVarianceTests {
  static let bounded = BoundedVariance(bound: 2.5)

  static func variance(_ deviations: [Double]) -> Double {
    bounded.variance(deviations.map { $0 * $0 }, weights: deviations.map { _ in 1 })
  }

  // P(|z| < 2.5) = 0.98758067, φ(2.5) = 0.01752830: 0.98758067 − 5 · 0.01752830 + 6.25 · 0.01241933 = 0.97755998.
  @Test func `what a normal's square counts for, worked by hand`() {
    expectClose(Self.bounded.expectedSquare, 0.97755998, absolute: 1e-7)
  }

  // Nothing is beyond the bound: the mean square over κ. Of 19 at ±1 and one at 20, 6.25 v for the latter: 19 + 6.25 v = 20 κ v,
  // v = 19/(20 κ − 6.25), whatever it lies at.
  @Test func `worked by hand`() {
    let kappa = Self.bounded.expectedSquare
    expectClose(Self.variance([1, -1, 2, -2]), 2.5 / kappa, relative: 1e-14)
    let most = (0..<19).map { $0 % 2 == 0 ? 1.0 : -1 }
    for wild in [20.0, -20, 1e3] {
      expectClose(Self.variance(most + [wild]), 19 / (20 * kappa - 6.25), relative: 1e-14)
    }
    // Half the weight, half the counting: 19 + 3.125 v = 19.5 κ v.
    let weighted = Self.bounded.variance((most + [20]).map { $0 * $0 }, weights: most.map { _ in 1 } + [0.5])
    expectClose(weighted, 19 / (19.5 * kappa - 3.125), relative: 1e-14)
  }

  @Test func `edges`() {
    #expect(Self.variance([]) == 0)
    #expect(Self.variance([0, 0]) == 0)
    // More than κ/c² = 0.156 of them at 0 less than all: 9 of 10 at 0 leave nothing, 4 of 5 do.
    #expect(Self.variance([0, 0, 0, 0, 0, 0, 0, 0, 0, 7]) == 0)
    expectClose(Self.variance([0, 0, 0, 0, 7]), 49 / (5 * Self.bounded.expectedSquare), relative: 1e-14)
  }

  // Squares of a scale are a scale of squares, and the equation holds.
  @Test func `goes with the unit of what is measured`() {
    var stream = RandomStream(seed: 5, purpose: "bounded variance")
    let values = (0..<300).map { _ in stream.normal() * exp(stream.normal()) }
    let v = Self.variance(values)
    expectClose(Self.variance(values.map { 1000 * $0 }), 1e6 * v, relative: 1e-12)
    let sum = values.reduce(0) { $0 + min($1 * $1 / v, 6.25) }
    expectClose(sum, 300 * Self.bounded.expectedSquare, relative: 1e-12)
  }

  @Test func `estimates a normal's variance`() {
    var stream = RandomStream(seed: 6, purpose: "bounded variance")
    let values = (0..<200_000).map { _ in 3 * stream.normal() }
    // √(2/200,000) is 0.0032.
    expectClose(Self.variance(values), 9, relative: 0.012)
  }

  // The mean while nothing is beyond the bound. 0, 1, 2 and 100 within ±2.5: −μ + 1 − μ + 2 − μ + 2.5 = 0, μ = 5.5/3.
  @Test func `centers, worked by hand`() {
    #expect(Self.bounded.center([1, 2, 6], deviation: 2) == 3)
    expectClose(Self.bounded.center([0, 1, 2, 100], deviation: 1), 5.5 / 3, relative: 1e-8)
    #expect(Self.bounded.center([7], deviation: 0) == 7)
    #expect(Self.bounded.center([], deviation: 1) == 0)
    #expect(Self.bounded.center([-10, 10], deviation: 1) == 0)
  }
}
