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

  /// Random queues: dense columns, flags (the first marks the first item), two categories of three and two levels.
  ///
  /// Picks follow the model with the given effects.
  static func random(
    sets count: Int, units: [Double], columns: [Double], seed: UInt64, length: Int = 8, weighted: Bool = false,
    denseCount: Int = 2, flagCount: Int = 3
  ) -> ChoiceSets {
    let levels = denseCount + flagCount
    var sets = ChoiceSets(
      unitCount: units.count, denseCount: denseCount, flagCount: flagCount, categoryCount: 2, columnCount: levels + 3)
    var patterns = FlagPatterns(flagCount: flagCount)
    var stream = RandomStream(seed: seed, purpose: "choice sets")
    for _ in 0..<count {
      let size = 2 + stream.integer(below: length - 1)
      var rows: [(item: Int32, dense: [Float], flags: UInt16, weight: Float)] = []
      for place in 0..<size {
        sets.itemUnits.append(Int32(stream.integer(below: units.count)))
        let topic = stream.integer(below: 3)
        let priority = stream.integer(below: 2)
        sets.itemColumns += [topic == 0 ? -1 : Int32(levels - 1 + topic), priority == 0 ? -1 : Int32(levels + 2)]
        var flags: UInt16 = 0
        for bit in 0..<flagCount {
          let isSet =
            switch bit {
            case 0: place == 0
            case 1: stream.integer(below: 2) == 1
            case 2: stream.integer(below: 4) == 0
            default: stream.integer(below: 3) == 0
            }
          if isSet { flags |= 1 << bit }
        }
        let dense = (0..<denseCount).map { $0 == 0 ? Float(stream.uniform() * 3) : Float(stream.normal()) }
        rows.append((Int32(sets.itemUnits.count - 1), dense, flags, weighted ? Float(stream.uniform()) : 0))
      }
      let odds = rows.map { row -> Double in
        let item = Int(row.item)
        var eta = units[Int(sets.itemUnits[item])] + Double(row.weight)
        for d in 0..<denseCount { eta += columns[d] * Double(row.dense[d]) }
        for bit in 0..<flagCount where row.flags >> bit & 1 == 1 { eta += columns[denseCount + bit] }
        for c in 0..<2 where sets.itemColumns[2 * item + c] >= 0 { eta += columns[Int(sets.itemColumns[2 * item + c])] }
        return exp(eta)
      }
      rows.swapAt(0, stream.category(weights: odds))
      for row in rows {
        sets.items.append(row.item)
        sets.dense += row.dense
        sets.flags.append(patterns.number(of: row.flags))
        if weighted { sets.logWeights.append(row.weight) }
      }
      sets.starts.append(sets.items.count)
    }
    sets.patterns = patterns.bits
    return sets
  }

  /// The sets of `a`, then those of `b`, whose items are others.
  static func joined(_ a: ChoiceSets, _ b: ChoiceSets) -> ChoiceSets {
    precondition(a.patterns == b.patterns, "numbers that stand for other flags")
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

  /// Effects of two dense columns, three flags and three levels.
  static let columns = effects(2, 3)

  /// Effects of so many dense columns and flags, and of three levels.
  static func effects(_ denseCount: Int, _ flagCount: Int) -> [Double] {
    let dense = [0.8, -0.3, 0.2, -0.5, 0.4]
    let flags = [0.5, 0.2, -0.6, 0.3, -0.4, 0.1, 0.6, -0.2, 0.4, -0.5, 0.7]
    let levels = [0.4, -0.5, 0.7]
    return Array(dense.prefix(denseCount)) + Array(flags.prefix(flagCount)) + levels
  }

  /// Dense columns and flags: loops of their own length and others, each flag combination in its place and numbered ones.
  static let shapes = [(0, 3), (1, 9), (2, 3), (3, 9), (4, 8), (5, 11)]

  /// Σ w log P of what was picked, alternative by alternative, by what ``ChoiceSets/forEachColumn(_:_:)`` gives.
  static func logLikelihood(
    _ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double] = []
  ) -> Double {
    (0..<sets.count).reduce(0.0) { sum, set -> Double in
      let utilities = (sets.starts[set]..<sets.starts[set + 1]).map { r -> Double in
        var utility = units[sets.unit(r)] + (sets.logWeights.isEmpty ? 0 : Double(sets.logWeights[r]))
        sets.forEachColumn(r) { utility += columns[$0] * $1 }
        return utility
      }
      let total = utilities.reduce(0.0) { $0 + exp($1 - utilities[0]) }
      return sum - (weights.isEmpty ? 1 : weights[set]) * log(total)
    }
  }

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
