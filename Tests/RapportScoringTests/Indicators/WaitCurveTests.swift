import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct WaitCurveTests {
  static func curve(_ times: [(time: Double, isEvent: Bool)], limit: Double) -> WaitCurve {
    WaitCurve(KaplanMeier(RiskTable(times)), limit: limit, level: 0.9)
  }

  // By hand (five times, the second and fourth censored): S(1) = 4/5, S(3) = 4/5 · 2/3 = 8/15, S(5) = 0; median 5.
  // Restricted mean to 4: 1 + 4/5 · 2 + 8/15 · 1. The last step that leaves somebody waiting is at 3.
  @Test func `five times, by hand`() {
    let curve = Self.curve([(5, true), (1, true), (2, false), (3, true), (4, false)], limit: 4)
    #expect(curve.median == 5 && curve.answered == 3 && curve.count == 5 && curve.longest == 5)
    #expect(abs((curve.restrictedMean ?? 0) - (1 + 1.6 + 8.0 / 15)) < 1e-12)
    #expect(curve.deepest?.time == 3 && abs((curve.deepest?.survival ?? 0) - 8.0 / 15) < 1e-12)
  }

  // By hand: of four times two end by 2, so the curve is flat at one half from 2 to 7; the median is a time that was seen.
  // All have ended by 9, and after that nothing tells how far the upper limit goes.
  @Test func `exactly one half`() {
    let curve = Self.curve([(1, true), (2, true), (7, true), (9, true)], limit: 10)
    #expect(curve.median == 2 && curve.restrictedMean == 4.75)
    #expect(curve.high == nil && curve.low ?? .infinity <= 2)
  }

  @Test func `no time at all`() {
    let curve = Self.curve([], limit: 4)
    #expect(curve.median == nil && curve.restrictedMean == nil && curve.deepest == nil && curve.longest == nil)
    #expect(curve.low == nil && curve.high == nil)
  }

  @Test func `nobody answered`() {
    let curve = Self.curve([(3, false), (5, false)], limit: 4)
    #expect(curve.median == nil && curve.restrictedMean == 4 && curve.deepest == nil && curve.longest == 5)
  }
}
