import Glibc

/// How the log likelihood of one chooser's sets, and its slopes, change from a point at which all chances are known.
///
///     ℓ(x + Δ) − ℓ(x) = Σ_sets w (Δᵀz_picked − log Σ_k p_k exp(Δᵀz_k))        z = (unit, x)
///
/// Four Δ share a pass through the sets, one in each lane. Nothing cancels where Δ is small, and with p in hand no largest
/// utility has to be found first.
struct ChoiceChanges {
  /// A number for each of four Δ.
  typealias Lanes = SIMD4<Double>

  private let sets: ChoiceSets
  /// By set; empty for one each.
  private let weights: [Double]
  /// p of every alternative.
  private let shares: [Double]
  /// Σ w z of what was picked: by unit, then column.
  private var picked: [Double]

  init(_ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double]) {
    precondition(sets.isConsistent, "a place in choice sets that isn't there")
    (self.sets, self.weights) = (sets, weights)
    shares = sets.probabilities(units: units, columns: columns)
    var picked = [Double](repeating: 0, count: sets.unitCount + sets.columnCount)
    for set in 0..<sets.count {
      let weight = weights.isEmpty ? 1 : weights[set]
      picked[sets.unit(sets.starts[set])] += weight
      sets.forEachColumn(sets.starts[set]) { picked[sets.unitCount + $0] += weight * $1 }
    }
    self.picked = picked
  }

  /// Takes what was picked as what makes the slopes at x these, by unit, then column.
  mutating func balance(_ slopes: [Double]) {
    let here = at([Lanes](repeating: .zero, count: picked.count)).slopes
    for k in picked.indices { picked[k] += slopes[k] - here[k][0] }
  }

  /// - Parameter changes: Δ by unit, then column.
  /// - Returns: ℓ(x + Δ) − ℓ(x), and the slopes there by unit, then column.
  func at(_ changes: [Lanes]) -> (values: Lanes, slopes: [Lanes]) {
    let (unitCount, denseCount, categoryCount) = (sets.unitCount, sets.denseCount, sets.categoryCount)
    var utilities = sets.itemUnits.map { changes[Int($0)] }
    for item in utilities.indices {
      for c in item * categoryCount..<(item + 1) * categoryCount where sets.itemColumns[c] >= 0 {
        utilities[item] += changes[unitCount + Int(sets.itemColumns[c])]
      }
    }
    var patternUtilities = [Lanes](repeating: .zero, count: sets.patterns.count)
    for pattern in patternUtilities.indices {
      for bit in 0..<sets.flagCount where sets.patterns[pattern] >> bit & 1 == 1 {
        patternUtilities[pattern] += changes[unitCount + denseCount + bit]
      }
    }
    var sums = Sums(
      items: [Lanes](repeating: .zero, count: utilities.count),
      patterns: [Lanes](repeating: .zero, count: patternUtilities.count),
      dense: [Lanes](repeating: .zero, count: denseCount))
    addSets(utilities, patternUtilities, Array(changes[unitCount..<unitCount + denseCount]), &sums)
    var slopes = picked.map { Lanes(repeating: $0) }
    for item in utilities.indices {
      let mass = sums.items[item]
      slopes[Int(sets.itemUnits[item])] -= mass
      for c in item * categoryCount..<(item + 1) * categoryCount where sets.itemColumns[c] >= 0 {
        slopes[unitCount + Int(sets.itemColumns[c])] -= mass
      }
    }
    for d in 0..<denseCount { slopes[unitCount + d] -= sums.dense[d] }
    for pattern in patternUtilities.indices {
      for bit in 0..<sets.flagCount where sets.patterns[pattern] >> bit & 1 == 1 {
        slopes[unitCount + denseCount + bit] -= sums.patterns[pattern]
      }
    }
    var values = sums.value
    for k in changes.indices { values += picked[k] * changes[k] }
    return (values, slopes)
  }

  /// Σ w p over all sets, alone and times what changes; and − Σ w log Σ_k p_k exp(Δᵀz_k).
  private struct Sums {
    var items: [Lanes]
    var patterns: [Lanes]
    var dense: [Lanes]
    var value = Lanes.zero
  }

  /// Goes through the sets once. Places were counted when this was made, so they aren't checked again at each alternative.
  private func addSets(
    _ itemStorage: [Lanes], _ patternStorage: [Lanes], _ denseStorage: [Lanes], _ sums: inout Sums
  ) {
    let denseCount = sets.denseCount
    let (items, flags, dense, known) = (sets.items.span, sets.flags.span, sets.dense.span, shares.span)
    let (itemUtility, patternUtility, denseUtility) = (itemStorage.span, patternStorage.span, denseStorage.span)
    var (itemSumStorage, patternSumStorage, denseSumStorage) = (sums.items, sums.patterns, sums.dense)
    var itemSums = itemSumStorage.mutableSpan
    var patternSums = patternSumStorage.mutableSpan
    var denseSums = denseSumStorage.mutableSpan
    var room = [Lanes](repeating: .zero, count: sets.longest)
    var inHand = room.mutableSpan
    for set in 0..<sets.count {
      let own = sets.starts[set]..<sets.starts[set + 1]
      let first = own.lowerBound
      for r in own {
        var change =
          itemUtility[unchecked: Int(items[unchecked: r])] + patternUtility[unchecked: Int(flags[unchecked: r])]
        for d in 0..<denseCount {
          change += denseUtility[unchecked: d] * Double(dense[unchecked: r &* denseCount &+ d])
        }
        inHand[unchecked: r &- first] = change
      }
      Exponentials.replace(&inHand, count: own.count)
      var total = Lanes.zero
      for r in own {
        let share = inHand[unchecked: r &- first] * known[unchecked: r]
        inHand[unchecked: r &- first] = share
        total += share
      }
      let weight = weights.isEmpty ? 1 : weights[set]
      for lane in 0..<Lanes.scalarCount { sums.value[lane] -= weight * log(total[lane]) }
      let scale = weight / total
      for r in own {
        let share = inHand[unchecked: r &- first] * scale
        itemSums[unchecked: Int(items[unchecked: r])] += share
        patternSums[unchecked: Int(flags[unchecked: r])] += share
        for d in 0..<denseCount {
          denseSums[unchecked: d] += share * Double(dense[unchecked: r &* denseCount &+ d])
        }
      }
    }
    (sums.items, sums.patterns, sums.dense) = (itemSumStorage, patternSumStorage, denseSumStorage)
  }
}
