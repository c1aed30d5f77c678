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
    items = sets.itemUnits.indices.map { item in
      var sum = units.isEmpty ? 0 : units[Int(sets.itemUnits[item])]
      for c in item * categories..<(item + 1) * categories where sets.itemColumns[c] >= 0 {
        sum += columns[Int(sets.itemColumns[c])]
      }
      return sum
    }
    dense = Array(columns.prefix(sets.denseCount))
    patterns = (0..<(1 << sets.flagCount)).map { pattern in
      var sum = 0.0
      for bit in 0..<sets.flagCount where pattern >> bit & 1 == 1 { sum += columns[sets.denseCount + bit] }
      return sum
    }
  }

  /// exp(η) of alternatives of whole sets, each set's divided by the largest of it.
  ///
  /// Places aren't checked again: what calls this has looked whether the sets are consistent.
  ///
  /// - Parameters:
  ///   - range: the sets
  ///   - powers: by alternative, beginning with the range's first
  ///   - picked: by set, beginning with the range's first: η of what was picked less the largest of its set
  func exponentials(of range: Range<Int>, _ powers: inout MutableSpan<Double>, picked: inout MutableSpan<Double>) {
    let (alternatives, flags, numbers, logWeights) =
      (sets.items.span, sets.flags.span, sets.dense.span, sets.logWeights.span)
    let (items, patterns, dense) = (items.span, patterns.span, dense.span)
    let denseCount = sets.denseCount
    let first = sets.starts[range.lowerBound]
    let end = sets.starts[range.upperBound]
    for r in first..<end {
      var eta = items[unchecked: Int(alternatives[unchecked: r])] + patterns[unchecked: Int(flags[unchecked: r])]
      for d in 0..<denseCount { eta += dense[unchecked: d] * Double(numbers[unchecked: r &* denseCount &+ d]) }
      if !logWeights.isEmpty { eta += Double(logWeights[unchecked: r]) }
      powers[unchecked: r &- first] = eta
    }
    for set in range {
      let own = sets.starts[set] - first..<sets.starts[set + 1] - first
      var largest = -Double.infinity
      for k in own where powers[unchecked: k] > largest { largest = powers[unchecked: k] }
      for k in own { powers[unchecked: k] -= largest }
      picked[set - range.lowerBound] = powers[own.lowerBound]
    }
    Exponentials.replace(&powers, count: end - first)
  }
}

extension ChoiceSets {
  /// Sets from one on that have no more than so many alternatives together; one at least, and none behind the last.
  func block(from set: Int, alternatives: Int) -> Range<Int> {
    var end = set + 1
    while end < count && starts[end + 1] - starts[set] <= alternatives { end += 1 }
    return set..<end
  }

  /// Room that a block of sets needs.
  func room(alternatives: Int) -> Int {
    zip(starts, starts.dropFirst()).reduce(alternatives) { max($0, $1.1 - $1.0) }
  }
}
