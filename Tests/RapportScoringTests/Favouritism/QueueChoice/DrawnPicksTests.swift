import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct DrawnPicksTests {
  /// A partner's picks from queues in which every manager has one request, and asks again once it is answered; manager 0 is picked
  /// `favour` times as readily.
  private static func closedLoop(managers: Int, picks: Int, favour: Double, seed: UInt64) -> ChoiceSets {
    var stream = RandomStream(seed: seed, purpose: "closed loop")
    var sets = ChoiceSets(unitCount: managers, denseCount: 0, flagCount: 0, categoryCount: 0, columnCount: 0)
    sets.itemUnits = (0..<managers).map { Int32($0) }
    var open = sets.itemUnits
    for _ in 0..<picks {
      let drawn = stream.uniform() * (Double(managers - 1) + favour)
      let picked = drawn < favour ? 0 : min(managers - 1, 1 + Int(drawn - favour))
      sets.items.append(open[picked])
      sets.items += open.indices.filter { $0 != picked }.map { open[$0] }
      sets.starts.append(sets.items.count)
      open[picked] = Int32(sets.itemUnits.count)
      sets.itemUnits.append(Int32(picked))
    }
    return sets
  }

  private static func pValue(managers: Int, picks: Int = 60, favour: Double = 1, seed: UInt64) -> Double {
    let sets = closedLoop(managers: managers, picks: picks, favour: favour, seed: seed)
    let chances = [Double](repeating: 1 / Double(managers), count: sets.items.count)
    return DrawnPicks(sets, chances: chances, weights: [], seed: 1, unit: seed).pValue
  }

  // Of 200 p-values 10 and 50 are expected below 0.05 and 0.25, with standard deviations of 3 and 6. Exchanged names had 25 to 31 of
  // 200 below 0.05.
  @Test(arguments: [3, 4, 10])
  func `who has one request at a time isn't told to be treated unevenly`(_ managers: Int) {
    let p = (0..<200 as Range<UInt64>).map { Self.pValue(managers: managers, seed: $0) }
    #expect((1...20).contains(p.count { $0 <= 0.05 }), "\(p.count { $0 <= 0.05 })")
    #expect((30...70).contains(p.count { $0 <= 0.25 }), "\(p.count { $0 <= 0.25 })")
  }

  // What isn't drawn because chance can't bring it lies far beyond all that is drawn: 10,000 draws of ten units' T, about χ²₁₀.
  @Test func `what needn't be drawn is out of reach`() {
    var stream = RandomStream(seed: 2, purpose: "drawn picks")
    for units in [2, 10, 40] {
      let largest = (0..<10_000).map { _ in stream.gamma(shape: Double(units) / 2, rate: 0.5) }.max()!
      #expect(!DrawnPicks.isImpossible(1.5 * largest, units: units))
      #expect(DrawnPicks.isImpossible(20 * largest, units: units))
    }
    #expect(Self.pValue(managers: 4, picks: 400, favour: 20, seed: 3) == 0.001)
    #expect(!DrawnPicks.isImpossible(0, units: 0))
  }

  // A manager whose one request is picked against a chance of 0.009: as often as that T is as large, since 110 of it are that pick's. The
  // formula for T of managers who are expected often said one in 1,000. Of 999 draws 9 are expected, with a standard deviation of 3.
  @Test func `who is seldom expected isn't told by formula`() {
    var sets = ChoiceSets(unitCount: 3, denseCount: 0, flagCount: 0, categoryCount: 0, columnCount: 0)
    var chances: [Double] = []
    func add(_ alternatives: [(unit: Int32, chance: Double)]) {
      for (unit, chance) in alternatives {
        sets.items.append(Int32(sets.itemUnits.count))
        sets.itemUnits.append(unit)
        chances.append(chance)
      }
      sets.starts.append(sets.items.count)
    }
    for pick in 0..<400 as Range<Int32> { add([(pick % 2, 0.5), (1 - pick % 2, 0.5)]) }
    add([(2, 0.009), (0, 0.4955), (1, 0.4955)])
    for seed in 0..<5 as Range<UInt64> {
      let p = DrawnPicks(sets, chances: chances, weights: [], seed: seed, unit: 1).pValue
      #expect(p > 0.0015 && p < 0.021, "\(p)")
    }
    // All others' picks go to one of two, which no draw of the seldom one's pick makes up for.
    for _ in 0..<400 { add([(0, 0.5), (1, 0.5)]) }
    #expect(DrawnPicks(sets, chances: chances, weights: [], seed: 1, unit: 1).pValue == 0.001)
  }

  @Test func `favour is found, and weights count`() {
    #expect((0..<20 as Range<UInt64>).allSatisfy { Self.pValue(managers: 4, picks: 200, favour: 4, seed: $0) <= 0.01 })
    // Sets that weigh nothing say nothing.
    let sets = Self.closedLoop(managers: 4, picks: 200, favour: 4, seed: 1)
    let chances = [Double](repeating: 0.25, count: sets.items.count)
    let none = DrawnPicks(sets, chances: chances, weights: [Double](repeating: 0, count: sets.count), seed: 1, unit: 1)
    #expect(none.pValue == 1)
  }
}
