@testable import RapportNumerics
import Testing

@Suite struct ChoiceSetsTests {
  @Test func `places that aren't there are noticed`() {
    let whole = ChoiceSetsFixture.random(
      sets: 20, units: [0, 0.5], columns: ChoiceSetsFixture.columns, seed: 3, weighted: true)
    #expect(whole.isConsistent)
    func changed(_ change: (inout ChoiceSets) -> Void) -> ChoiceSets {
      var sets = whole
      change(&sets)
      return sets
    }
    let broken = [
      changed { $0.items[5] = Int32($0.itemUnits.count) }, changed { $0.items[5] = -1 },
      changed { $0.itemUnits[3] = 2 }, changed { $0.itemColumns[3] = 8 }, changed { $0.itemColumns[3] = -2 },
      changed { $0.flags[0] = 8 }, changed { $0.dense.removeLast() }, changed { $0.logWeights.removeLast() },
      changed { $0.starts[2] = $0.starts[1] }, changed { $0.starts[$0.starts.count - 1] += 1 },
    ]
    for (index, sets) in broken.enumerated() { #expect(!sets.isConsistent, "change \(index)") }
  }

  // Of nine flags or more no combination is known at first, that of no flag neither.
  @Test func `flags of a combination that isn't known are noticed`() {
    var sets = ChoiceSets(unitCount: 2, denseCount: 0, flagCount: 9, categoryCount: 0, columnCount: 9)
    #expect(sets.patterns.isEmpty && sets.isConsistent)
    (sets.itemUnits, sets.items, sets.flags, sets.starts) = ([0, 1], [0, 1], [0, 0], [0, 2])
    #expect(!sets.isConsistent)
    sets.patterns = [0]
    #expect(sets.isConsistent)
  }

  /// An alternative's unit, its columns, and its weight.
  private static func row(_ sets: ChoiceSets, _ alternative: Int) -> [Double] {
    var row = [Double](repeating: 0, count: sets.unitCount + sets.columnCount)
    row[sets.unit(alternative)] = 1
    sets.forEachColumn(alternative) { row[sets.unitCount + $0] += $1 }
    return row + [Double(sets.logWeights[alternative])]
  }

  @Test(arguments: ChoiceSetsFixture.shapes)
  func `a part has the columns of the sets it's of`(_ denseCount: Int, _ flagCount: Int) {
    let sets = ChoiceSetsFixture.random(
      sets: 50, units: ChoiceSetsFixture.units(5, seed: 71), columns: ChoiceSetsFixture.effects(denseCount, flagCount),
      seed: 72, weighted: true, denseCount: denseCount, flagCount: flagCount)
    let part = sets.every(3)
    #expect(part.isConsistent && part.count == 17 && part.patterns == sets.patterns)
    for (k, set) in stride(from: 0, to: 50, by: 3).enumerated() {
      let (own, whole) = (part.starts[k]..<part.starts[k + 1], sets.starts[set]..<sets.starts[set + 1])
      #expect(own.map { Self.row(part, $0) } == whole.map { Self.row(sets, $0) }, "set \(set)")
    }
  }
}
