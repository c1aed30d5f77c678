/// η of alternatives: what it takes from an item for good, from each combination of flags, and from dense columns.
///
///     η = u_unit + xᵀβ + log weight
struct ChoiceUtility {
  private let sets: ChoiceSets
  private var items: [Double]
  private var patterns: [Double]
  private var dense: [Double]

  /// - Parameters:
  ///   - units: u; empty if all units are treated alike
  ///   - columns: β
  init(_ sets: ChoiceSets, units: [Double], columns: [Double]) {
    self.sets = sets
    let categories = sets.categoryCount
    let (itemUnits, itemColumns) = (sets.itemUnits.span, sets.itemColumns.span)
    let (units, levels) = ((units.isEmpty ? [Double](repeating: 0, count: sets.unitCount) : units).span, columns.span)
    items = [Double](unsafeUninitializedCapacity: itemUnits.count) { items, count in
      for item in 0..<itemUnits.count {
        var sum = units[unchecked: Int(itemUnits[unchecked: item])]
        for c in item &* categories..<(item &+ 1) &* categories {
          let column = Int(itemColumns[unchecked: c])
          if column >= 0 { sum += levels[unchecked: column] }
        }
        items[item] = sum
      }
      count = itemUnits.count
    }
    dense = Array(columns.prefix(sets.denseCount))
    patterns = sets.patterns.map { bits in
      var sum = 0.0
      for bit in 0..<sets.flagCount where bits >> bit & 1 == 1 { sum += columns[sets.denseCount + bit] }
      return sum
    }
  }

  /// exp(η) of a set's alternatives, divided by the largest of it.
  ///
  /// Places aren't checked again: what calls this has looked whether the sets are consistent.
  ///
  /// - Parameters:
  ///   - powers: by alternative, from a place on
  /// - Returns: η of what was picked less the largest, and what all add up to.
  @inline(__always)
  func exponentials(of set: Int, _ powers: inout MutableSpan<Double>, from place: Int = 0) -> (
    picked: Double, total: Double
  ) {
    switch sets.denseCount {
    // Loops whose length is known are unrolled.
    case 1: exponentials(of: set, &powers, from: place, denseCount: 1)
    case 2: exponentials(of: set, &powers, from: place, denseCount: 2)
    case 3: exponentials(of: set, &powers, from: place, denseCount: 3)
    case 4: exponentials(of: set, &powers, from: place, denseCount: 4)
    default: exponentials(of: set, &powers, from: place, denseCount: sets.denseCount)
    }
  }

  @inline(__always)
  private func exponentials(
    of set: Int, _ powers: inout MutableSpan<Double>, from place: Int, denseCount: Int
  ) -> (picked: Double, total: Double) {
    let (alternatives, flags, numbers, logWeights) =
      (sets.items.span, sets.flags.span, sets.dense.span, sets.logWeights.span)
    let (items, patterns, dense) = (items.span, patterns.span, dense.span)
    let own = sets.starts[set]..<sets.starts[set + 1]
    precondition(place >= 0 && place + own.count <= powers.count, "room for \(powers.count) alternatives")
    let shift = place &- own.lowerBound
    for r in own {
      var eta = items[unchecked: Int(alternatives[unchecked: r])] + patterns[unchecked: Int(flags[unchecked: r])]
      for d in 0..<denseCount { eta += dense[unchecked: d] * Double(numbers[unchecked: r &* denseCount &+ d]) }
      powers[unchecked: r &+ shift] = eta
    }
    if !logWeights.isEmpty { for r in own { powers[unchecked: r &+ shift] += Double(logWeights[unchecked: r]) } }
    let picked = powers[unchecked: place]
    let (largest, total) = Exponentials.relate(&powers, place..<place + own.count)
    return (picked - largest, total)
  }
}
