import Glibc
@testable import RapportNumerics

/// Choice sets made up for tests.
enum ChoiceSetsFixture {
  /// Sets of two items, of units 0 and 1, without columns; unit 0 is picked `first` times, unit 1 `second` times.
  static func contest(_ first: Int, _ second: Int) -> ChoiceSets {
    var sets = ChoiceSets(unitCount: 2, denseCount: 0, flagCount: 0, categoryCount: 0, columnCount: 0)
    sets.itemUnits = [0, 1]
    for k in 0..<(first + second) {
      sets.items += k < first ? [0, 1] : [1, 0]
      sets.flags += [0, 0]
      sets.starts.append(sets.items.count)
    }
    return sets
  }

  /// Random queues: two dense columns, three flags (the first marks the first item), two categories of three and two levels.
  ///
  /// Picks follow the model with the given effects.
  static func random(
    sets count: Int, units: [Double], columns: [Double], seed: UInt64, length: Int = 8, weighted: Bool = false
  ) -> ChoiceSets {
    var sets = ChoiceSets(unitCount: units.count, denseCount: 2, flagCount: 3, categoryCount: 2, columnCount: 8)
    var stream = RandomStream(seed: seed, purpose: "choice sets")
    for _ in 0..<count {
      let size = 2 + stream.integer(below: length - 1)
      var rows: [(item: Int32, dense: [Float], flags: UInt16, weight: Float)] = []
      for place in 0..<size {
        sets.itemUnits.append(Int32(stream.integer(below: units.count)))
        let topic = stream.integer(below: 3)
        let priority = stream.integer(below: 2)
        sets.itemColumns += [topic == 0 ? -1 : Int32(4 + topic), priority == 0 ? -1 : 7]
        let flags = UInt16(
          (place == 0 ? 1 : 0) | (stream.integer(below: 2) << 1) | (stream.integer(below: 4) == 0 ? 4 : 0))
        rows.append(
          (
            Int32(sets.itemUnits.count - 1), [Float(stream.uniform() * 3), Float(stream.normal())], flags,
            weighted ? Float(stream.uniform()) : 0
          ))
      }
      let odds = rows.map { row -> Double in
        let item = Int(row.item)
        var eta = units[Int(sets.itemUnits[item])] + Double(row.weight)
        for d in 0..<2 { eta += columns[d] * Double(row.dense[d]) }
        for bit in 0..<3 where row.flags >> bit & 1 == 1 { eta += columns[2 + bit] }
        for c in 0..<2 where sets.itemColumns[2 * item + c] >= 0 { eta += columns[Int(sets.itemColumns[2 * item + c])] }
        return exp(eta)
      }
      rows.swapAt(0, stream.category(weights: odds))
      for row in rows {
        sets.items.append(row.item)
        sets.dense += row.dense
        sets.flags.append(row.flags)
        if weighted { sets.logWeights.append(row.weight) }
      }
      sets.starts.append(sets.items.count)
    }
    return sets
  }

  /// The sets of `a`, then those of `b`, whose items are others.
  static func joined(_ a: ChoiceSets, _ b: ChoiceSets) -> ChoiceSets {
    var sets = a
    let (offset, end) = (Int32(sets.itemUnits.count), sets.items.count)
    sets.itemUnits += b.itemUnits
    sets.itemColumns += b.itemColumns
    sets.items += b.items.map { $0 + offset }
    sets.dense += b.dense
    sets.flags += b.flags
    sets.logWeights += b.logWeights
    sets.starts += b.starts.dropFirst().map { $0 + end }
    return sets
  }

  static let columns = [0.8, -0.3, 0.5, 0.2, -0.6, 0.4, -0.5, 0.7]

  static func units(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "units")
    return (0..<count).map { _ in 0.4 * stream.normal() }
  }
}

extension ChoiceSets {
  /// The same sets of so many units.
  func with(unitCount: Int) -> ChoiceSets {
    var sets = self
    sets.unitCount = unitCount
    return sets
  }

  /// How many sets a unit stands in.
  func count(withUnit unit: Int) -> Int {
    (0..<count).count { set in (starts[set]..<starts[set + 1]).contains { self.unit($0) == unit } }
  }
}
