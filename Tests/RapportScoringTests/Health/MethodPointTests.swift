import Glibc
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct MethodPointTests {
  static func point(
    weights: [Double], exponent: Double = 0, isGeometricWithin: Bool = false, starts: [Double] = [],
    slopes: [Double] = []
  ) -> MethodPoint {
    MethodPoint(
      weights: weights, exponent: exponent, isGeometricWithin: isGeometricWithin, starts: starts, slopes: slopes)
  }

  // By hand: of 25 and 100 the arithmetic mean is 62.5, the geometric 50, the harmonic 2/(1/25 + 1/100) = 40; with weights
  // ¾ and ¼ the geometric is 25 · 4^¼ = 25 √2.
  @Test(arguments: [(1.0, 62.5), (0, 50), (-1, 40), (1e-12, 50)]) func `power means`(_ exponent: Double, _ mean: Double)
  {
    let point = Self.point(weights: [0.5, 0.5], exponent: exponent)
    expectClose(point.powerMean([log(25), log(100)]), mean, relative: 1e-11)
  }

  @Test func `weights count`() {
    expectClose(
      Self.point(weights: [0.75, 0.25]).powerMean([log(25), log(100)]), 25 * 2.0.squareRoot(), relative: 1e-14)
  }

  // Two indicators of one domain with 4 and 25 points: their arithmetic mean is 14.5, their geometric 10.
  @Test func `means inside a domain`() throws {
    let composite = try #require(Composite([.promisesKeptOnTime, .slippage], domainWeights: [:]))
    let positions = [3.0 / 99, 24.0 / 99]
    for (isGeometric, health) in [(false, 14.5), (true, 10)] {
      let point = Self.point(weights: [1], isGeometricWithin: isGeometric, starts: [0, 0], slopes: [1, 1])
      expectClose(composite.health(positions: positions, point), health, relative: 1e-13)
    }
  }

  // Points from 0.1 to 0.9 of the way between the fixed goalposts: halfway stays halfway, both ends are reached earlier.
  @Test func `moved goalposts`() {
    let point = Self.point(weights: [1], starts: [0.1], slopes: [1 / 0.8])
    expectClose(point.points(0, position: 0.5), 50.5, relative: 1e-14)
    #expect(point.points(0, position: 0.1) == 1 && point.points(0, position: -3) == 1)
    #expect(point.points(0, position: 0.95) == 100)
    expectClose(point.points(0, position: 0.3), 1 + 99 * 0.25, relative: 1e-14)
  }

  @Test func `caps hold whatever the way`() throws {
    let composite = try #require(Composite([.adjustedResponseRatio, .evenness], domainWeights: [:]))
    let point = Self.point(weights: [0.5, 0.5], exponent: 1, starts: [0, 0], slopes: [1, 1])
    // Evenness at 1 point: at most 50, where the arithmetic mean is 50.5.
    #expect(composite.health(positions: [1, 0], point) == Health.capLowest)
  }
}
