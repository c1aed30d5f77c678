import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct WaitCurveTests {
  static func curve(_ times: [(time: Double, isEvent: Bool)], limit: Double) -> WaitCurve {
    WaitCurve(KaplanMeier(RiskTable(times)), limit: limit, level: 0.9)
  }

  // By hand (five times, the second and fourth censored): S(1) = 4/5, S(3) = 4/5 · 2/3 = 8/15, S(5) = 0; median 5.
  // Restricted mean to 4: 1 + 4/5 · 2 + 8/15 · 1. Where the fifth isn't answered either, the curve ends at its last step, at 3.
  @Test func `five times, by hand`() {
    let curve = Self.curve([(5, true), (1, true), (2, false), (3, true), (4, false)], limit: 4)
    #expect(curve.median == 5 && curve.answered == 3 && curve.count == 5 && curve.longest == 5)
    #expect(abs((curve.restrictedMean ?? 0) - (1 + 1.6 + 8.0 / 15)) < 1e-12)
    #expect(curve.deepest == nil)
    let above = Self.curve([(5, false), (1, true), (2, false), (3, true), (4, false)], limit: 4)
    #expect(above.median == nil && above.deepest?.time == 3)
    expectClose(above.deepest?.survival ?? 0, 8.0 / 15, relative: 1e-12)
  }

  // A curve of a part of the months is that of its waits, all but for limits and mean: to the bit.
  @Test func `curves from packed waits`() throws {
    var stream = RandomStream(seed: 7, purpose: "waits")
    for (count, answeredShare) in [(0, 1.0), (1, 1), (1, 0), (40, 0.9), (40, 0.3), (40, 0), (3000, 0.7), (3000, 0.2)] {
      let waits = (0..<count).map { _ in
        PackedWait(
          Wait(
            seconds: stream.integer(below: 2 * count + 1), month: Month(index: 0), unit: 0,
            isAnswered: stream.uniform() < answeredShare), place: stream.integer(below: 3))
      }
      let sorted = PackedWait.sorted(waits.map(\.bits)[...])
      let curve = KaplanMeier(RiskTable(sorted.map { ($0.seconds, $0.isAnswered) }))
      let (lean, whole) = (WaitCurve(sorted), WaitCurve(curve, limit: 1000, level: 0.9))
      #expect(lean.count == whole.count && lean.answered == whole.answered && lean.longest == whole.longest)
      for (a, b) in [(lean.middle, whole.middle), (lean.deepest, whole.deepest)] {
        #expect(a?.time == b?.time && a?.survival == b?.survival && a?.variance == b?.variance)
      }
      #expect(lean.low == nil && lean.restrictedMean == nil)
      let shares = FallingShares(sorted)
      for share in [0, 0.03, 0.34, 0.5, 0.66, 0.97] {
        #expect(shares.time(downTo: share) == curve.firstIndex(downTo: share).map { curve.table.times[$0] })
      }
      let isSelected = [true, false, true]
      #expect(
        PackedWait.selected(sorted, isSelected).map(\.bits) == sorted.filter { isSelected[$0.place] }.map(\.bits))
    }
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
