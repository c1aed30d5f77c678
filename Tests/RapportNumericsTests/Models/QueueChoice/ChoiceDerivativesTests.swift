import Glibc
@testable import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ChoiceDerivativesTests {
  /// Sets of a shape, a point near the effects that they follow, and weights; every other shape without weights.
  private static func example(
    sets count: Int, _ denseCount: Int, _ flagCount: Int
  ) -> (sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double]) {
    let (units, columns) = (ChoiceSetsFixture.units(5, seed: 1), ChoiceSetsFixture.effects(denseCount, flagCount))
    let weighted = denseCount % 2 == 1
    let sets = ChoiceSetsFixture.random(
      sets: count, units: units, columns: columns, seed: 2, weighted: weighted, denseCount: denseCount,
      flagCount: flagCount)
    return (
      sets, units.map { $0 + 0.1 }, columns.map { 0.9 * $0 },
      weighted ? (0..<count).map { 1 - 0.6 * Double($0) / Double(count) } : []
    )
  }

  // Differences over h = 10⁻³ leave out h²/6 of the third derivative and h²/3 of the fourth: in 40 sets some 10⁻⁵ each. Rounding of
  // ℓ, some 10⁻¹³, becomes 10⁻¹⁰ in the first and 10⁻⁷ in the second.
  @Test(arguments: ChoiceSetsFixture.shapes)
  func `derivatives are those of the likelihood`(_ denseCount: Int, _ flagCount: Int) {
    let (sets, units, columns, weights) = Self.example(sets: 40, denseCount, flagCount)
    #expect(sets.isConsistent && (flagCount <= 8) == (sets.patterns.count == 1 << flagCount))
    func plain(_ point: [Double]) -> Double {
      ChoiceSetsFixture.logLikelihood(
        sets, units: Array(point[..<5]), columns: Array(point[5...]), weights: weights)
    }
    let point = units + columns
    let here = ChoiceDerivatives(sets, units: units, columns: columns, weights: weights)
    expectClose(here.slopes.logLikelihood, plain(point), relative: 1e-12)
    let gradient = here.slopes.units + here.slopes.columns
    var (block, small) = (here.unitBlock, here.columnBlock)
    block.mirrorLowerTriangle()
    small.mirrorLowerTriangle()
    /// The negative Hessian, row i not before column j.
    func curvature(_ i: Int, _ j: Int) -> Double {
      i < 5 ? block[i, j] : j < 5 ? here.border[i - 5, j] : small[i - 5, j - 5]
    }
    let h = 1e-3
    /// ℓ with steps along two coordinates, which may be the same.
    func moved(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var there = point
      there[i] += a * h
      there[j] += b * h
      return plain(there)
    }
    for i in point.indices {
      expectClose(gradient[i], (moved(i, 1, i, 0) - moved(i, -1, i, 0)) / (2 * h), absolute: 2e-4)
      for j in 0...i {
        let difference = moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)
        expectClose(curvature(i, j), -difference / (4 * h * h), absolute: 1e-3)
      }
    }
  }

  // The same value, chances and slopes from the pass for slopes alone.
  @Test(arguments: ChoiceSetsFixture.shapes)
  func `slopes by themselves are those beside the curvature`(_ denseCount: Int, _ flagCount: Int) {
    let (sets, units, columns, weights) = Self.example(sets: 200, denseCount, flagCount)
    let whole = ChoiceDerivatives(sets, units: units, columns: columns, weights: weights).slopes
    let alone = ChoiceSlopes(sets, units: units, columns: columns, weights: weights)
    expectClose(
      alone.logLikelihood, ChoiceSetsFixture.logLikelihood(sets, units: units, columns: columns, weights: weights),
      relative: 1e-12)
    expectClose(alone.logLikelihood, whole.logLikelihood, relative: 1e-13)
    expectClose(alone.picked, whole.picked, relative: 1e-13)
    expectClose(alone.units, whole.units, absolute: 1e-10)
    expectClose(alone.columns, whole.columns, absolute: 1e-10)
  }
}
