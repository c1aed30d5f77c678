import Glibc

/// The log likelihood of one chooser's sets and its gradient, a third of the work of ``ChoiceDerivatives``.
///
/// Σ p is taken by item, by combination of flags and times dense columns; what an item has for good is counted once at the end.
struct ChoiceSlopes {
  private(set) var logLikelihood = 0.0
  /// P of what was picked, by set.
  private(set) var picked: [Double]
  private(set) var units: [Double]
  private(set) var columns: [Double]

  /// - Parameters:
  ///   - sets: consistent, which isn't looked at again with each pass
  ///   - weights: by set; empty for one each
  init(_ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double]) {
    var masses = Masses(sets)
    (logLikelihood, picked) = masses.add(sets, ChoiceUtility(sets, units: units, columns: columns), weights)
    (self.units, self.columns) = Self.gradient(
      sets, weights, items: masses.items, patterns: masses.patterns, dense: masses.dense)
  }

  init(logLikelihood: Double, picked: [Double], units: [Double], columns: [Double]) {
    (self.logLikelihood, self.picked, self.units, self.columns) = (logLikelihood, picked, units, columns)
  }

  /// Σ z of what was picked, less Σ p z.
  ///
  /// - Parameters: Σ p by item, by combination of flags, and times each dense column; all weighted.
  static func gradient(
    _ sets: ChoiceSets, _ weights: [Double], items: [Double], patterns: [Double], dense: [Double]
  ) -> (units: [Double], columns: [Double]) {
    var leftStorage = items
    var columnStorage = [Double](repeating: 0, count: sets.columnCount)
    var unitStorage = [Double](repeating: 0, count: sets.unitCount)
    var flags = patterns
    let (denseCount, categoryCount, numbers) = (sets.denseCount, sets.categoryCount, sets.dense.span)
    // Beginning with Σ p z, of which what was picked is taken away.
    for d in 0..<denseCount { columnStorage[d] = dense[d] }
    var left = leftStorage.mutableSpan
    var columns = columnStorage.mutableSpan
    var units = unitStorage.mutableSpan
    for set in 0..<sets.count {
      let (weight, first) = (weights.isEmpty ? 1 : weights[set], sets.starts[set])
      left[unchecked: Int(sets.items[first])] -= weight
      flags[Int(sets.flags[first])] -= weight
      for d in 0..<denseCount { columns[unchecked: d] -= weight * Double(numbers[unchecked: first &* denseCount &+ d]) }
    }
    for (pattern, mass) in flags.enumerated() {
      for bit in 0..<sets.flagCount where sets.patterns[pattern] >> bit & 1 == 1 { columns[denseCount + bit] += mass }
    }
    let (itemUnits, itemColumns) = (sets.itemUnits.span, sets.itemColumns.span)
    for item in 0..<itemUnits.count {
      let mass = left[unchecked: item]
      units[unchecked: Int(itemUnits[unchecked: item])] += mass
      for c in item &* categoryCount..<(item &+ 1) &* categoryCount {
        let column = Int(itemColumns[unchecked: c])
        if column >= 0 { columns[unchecked: column] += mass }
      }
    }
    return (unitStorage.map { -$0 }, columnStorage.map { -$0 })
  }

  /// Σ w p by item, by combination of flags, and times each dense column.
  private struct Masses {
    var items: [Double]
    /// Four lanes each, so that an addition needn't wait for the last one.
    private var lanes: [Double]
    var dense: [Double]

    init(_ sets: ChoiceSets) {
      items = [Double](repeating: 0, count: sets.itemUnits.count)
      lanes = [Double](repeating: 0, count: 4 * sets.patterns.count)
      dense = [Double](repeating: 0, count: sets.denseCount)
    }

    var patterns: [Double] {
      (0..<lanes.count / 4).map { pattern in lanes[4 * pattern..<4 * (pattern + 1)].reduce(0, +) }
    }

    /// Adds all sets.
    mutating func add(
      _ sets: ChoiceSets, _ utility: ChoiceUtility, _ weights: [Double]
    ) -> (logLikelihood: Double, picked: [Double]) {
      switch sets.denseCount {
      // Loops whose length is known are unrolled.
      case 1: add(sets, utility, weights, denseCount: 1)
      case 2: add(sets, utility, weights, denseCount: 2)
      default: add(sets, utility, weights, denseCount: sets.denseCount)
      }
    }

    @inline(__always)
    private mutating func add(
      _ sets: ChoiceSets, _ utility: ChoiceUtility, _ weights: [Double], denseCount: Int
    ) -> (logLikelihood: Double, picked: [Double]) {
      let (places, flags, numbers) = (sets.items.span, sets.flags.span, sets.dense.span)
      var (itemStorage, laneStorage, denseStorage) = (items, lanes, dense)
      var itemSums = itemStorage.mutableSpan
      var laneSums = laneStorage.mutableSpan
      var denseSums = denseStorage.mutableSpan
      var probabilities = [Double](repeating: 0, count: sets.count)
      var value = 0.0
      var room = [Double](repeating: 0, count: sets.longest)
      var shares = room.mutableSpan
      for set in 0..<sets.count {
        let own = sets.starts[set]..<sets.starts[set + 1]
        let (picked, total) = utility.exponentials(of: set, &shares)
        let weight = weights.isEmpty ? 1 : weights[set]
        value += weight * (picked - log(total))
        probabilities[set] = shares[unchecked: 0] * (1 / total)
        let scale = weight / total
        var (first, second) = (0.0, 0.0)
        for r in own {
          let p = scale * shares[unchecked: r &- own.lowerBound]
          itemSums[unchecked: Int(places[unchecked: r])] += p
          laneSums[unchecked: Int(flags[unchecked: r]) &* 4 &+ (r & 3)] += p
          if denseCount > 0 { first += p * Double(numbers[unchecked: r &* denseCount]) }
          if denseCount > 1 { second += p * Double(numbers[unchecked: r &* denseCount &+ 1]) }
          if denseCount > 2 {
            for d in 2..<denseCount { denseSums[unchecked: d] += p * Double(numbers[unchecked: r &* denseCount &+ d]) }
          }
        }
        if denseCount > 0 { denseSums[0] += first }
        if denseCount > 1 { denseSums[1] += second }
      }
      (items, lanes, dense) = (itemStorage, laneStorage, denseStorage)
      return (value, probabilities)
    }
  }
}
