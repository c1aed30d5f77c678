import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct MethodDesignTests {
  static func composite(_ weights: [String: Double] = [:]) throws -> Composite {
    try #require(Composite(Indicator.allCases, domainWeights: weights))
  }

  @Test func `inputs are shared out over factors`() throws {
    let design = MethodDesign(try Self.composite(), MethodSettings())
    #expect(design.inputCount == 9 + 2 + 40)
    #expect(design.groups.count == MethodFactor.allCases.count)
    #expect(design.groups.flatMap { $0 } == Array(0..<design.inputCount))
    #expect(2 * design.inputCount <= SobolSequence.largestDimension)
  }

  // By hand: all domains but the first at ½ keep their weight; the first one's is halved, then all add to 1:
  // (½)/(8 + ½) = 1/17 and 2/17.
  @Test func `weights move by a ratio`() throws {
    let design = MethodDesign(try Self.composite(), MethodSettings())
    var u = [Double](repeating: 0.5, count: design.inputCount)
    u[0] = 0
    let weights = design.point(u).weights
    expectClose(weights[0], 1.0 / 17, relative: 1e-14)
    for weight in weights.dropFirst() { expectClose(weight, 2.0 / 17, relative: 1e-14) }
    let silent = try Self.composite(["voice": 0])
    #expect(MethodDesign(silent, MethodSettings()).point(u).weights.last == 0)
  }

  // At 1 every input stands at its upper end. Shares end at 1 and can't go on: 0.4 moves up to 0.46, 1 stays. Evenness ends
  // at a factor of 1. A survey's 4.5 moves up by a tenth of 2.5.
  @Test func `goalposts stay within what an indicator can be`() throws {
    let design = MethodDesign(try Self.composite(), MethodSettings())
    func ends(_ u: Double, _ indicator: Indicator) -> (start: Double, end: Double) {
      let point = design.point([Double](repeating: u, count: design.inputCount))
      let start = point.starts[indicator.index]
      return (start, start + 1 / point.slopes[indicator.index])
    }
    for (u, indicator, start, end) in [
      (1.0, Indicator.answeredWithinTarget, 0.1, 1.0), (0, .answeredWithinTarget, -0.1, 0.9),
      (0, .regularity, 0, 0.9), (1, .regularity, 0.1, 1), (1, .evenness, 0.1, 1), (0, .escalationRate, -0.1, 0.9),
      (1, .escalationRate, 0.1, 1), (1, .surveyScore, 0.1, 1.1), (0, .typicalWait, -0.1, 0.9),
    ] {
      let found = ends(u, indicator)
      expectClose(found.start, start, absolute: 1e-12)
      expectClose(found.end, end, absolute: 1e-12)
    }
  }

  @Test func `nothing varied is as configured`() throws {
    let composite = try Self.composite(["voice": 3])
    let design = MethodDesign(composite, .nothing)
    for u in [0.0, 0.3, 1] {
      let point = design.point([Double](repeating: u, count: design.inputCount))
      #expect(point.weights == composite.weights && point.exponent == 0 && !point.isGeometricWithin)
      #expect(point.starts.allSatisfy { $0 == 0 } && point.slopes.allSatisfy { $0 == 1 })
    }
  }
}
