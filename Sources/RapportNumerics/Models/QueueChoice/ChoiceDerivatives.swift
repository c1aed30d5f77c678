import Glibc

/// The log likelihood of one chooser's sets, its gradient and its Hessian.
///
///     P(i) = exp(η_i) / Σ_k exp(η_k)        η = u_unit + xᵀβ + log weight
///
/// The negative Hessian is an arrow: a units × units block, a border of columns by units, and a small block of columns,
///
///     Σ_sets [ Σ_k p_k z_k z_kᵀ − z̄ z̄ᵀ ]        z = (unit, x)
///
/// The first sum needs no work per pair of columns and alternative: what an item has for good is summed over its sets first.
/// Source: McFadden (1974), Conditional logit analysis of qualitative choice behavior.
struct ChoiceDerivatives {
  private(set) var logLikelihood = 0.0
  /// P of what was picked, by set.
  private(set) var picked: [Double] = []
  /// By unit, and by column.
  private(set) var unitGradient: [Double]
  private(set) var columnGradient: [Double]
  /// Negative Hessian: units × units (lower triangle), columns × units, columns × columns (lower triangle). Empty when
  /// not asked for.
  private(set) var unitBlock = Matrix(rows: 0, columns: 0)
  private(set) var border = Matrix(rows: 0, columns: 0)
  private(set) var columnBlock = Matrix(rows: 0, columns: 0)

  /// - Parameter weights: by set; empty for one each.
  init(_ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double] = [], withHessian: Bool) {
    unitGradient = [Double](repeating: 0, count: sets.unitCount)
    columnGradient = [Double](repeating: 0, count: sets.columnCount)
    var sums = Sums(sets, withHessian: withHessian)
    let utility = Utility(sets, units: units, columns: columns)
    addSets(sets, utility, weights, &sums, withHessian: withHessian)
    addPicked(sets, weights)
    subtractExpected(sets, sums)
    if withHessian { addSquares(sets, sums) }
  }

  /// What η takes from an item for good, and from each combination of flags.
  private struct Utility {
    var items: [Double]
    var patterns: [Double]
    var dense: [Double]

    init(_ sets: ChoiceSets, units: [Double], columns: [Double]) {
      let categories = sets.categoryCount
      items = sets.itemUnits.indices.map { item in
        var sum = units[Int(sets.itemUnits[item])]
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
  }

  /// Σ p over all sets: per item (alone, and times what changes), per combination of flags, of dense columns.
  private struct Sums {
    var items: [Double]
    /// By item, then dense column, then flag.
    var changing: [Double]
    var patterns: [Double]
    /// By combination of flags, then dense column.
    var patternDense: [Double]
    var dense: [Double]
    var denseSquares: [Double]

    init(_ sets: ChoiceSets, withHessian: Bool) {
      func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
      let patternCount = 1 << sets.flagCount
      items = zeros(sets.itemUnits.count)
      changing = zeros(withHessian ? sets.itemUnits.count * (sets.denseCount + sets.flagCount) : 0)
      patterns = zeros(patternCount)
      patternDense = zeros(patternCount * sets.denseCount)
      dense = zeros(sets.denseCount)
      denseSquares = zeros(sets.denseCount * sets.denseCount)
    }
  }

  /// Goes through the sets once: log likelihood, Σ p, and − z̄ z̄ᵀ.
  private mutating func addSets(
    _ sets: ChoiceSets, _ utility: Utility, _ weights: [Double], _ sums: inout Sums, withHessian: Bool
  ) {
    let (denseCount, categoryCount) = (sets.denseCount, sets.categoryCount)
    let changing = denseCount + sets.flagCount
    var longest = 0
    for set in 0..<sets.count { longest = max(longest, sets.starts[set + 1] - sets.starts[set]) }
    var shareStorage = [Double](repeating: 0, count: longest)
    let (items, flags, dense) = (sets.items.span, sets.flags.span, sets.dense.span)
    let (itemUnits, itemColumns) = (sets.itemUnits.span, sets.itemColumns.span)
    let (itemUtility, patternUtility, denseUtility) = (utility.items.span, utility.patterns.span, utility.dense.span)
    var shares = shareStorage.mutableSpan
    var (itemStorage, changingStorage, patternStorage) = (sums.items, sums.changing, sums.patterns)
    var (patternDenseStorage, denseStorage, squareStorage) = (sums.patternDense, sums.dense, sums.denseSquares)
    var itemSums = itemStorage.mutableSpan
    var changingSums = changingStorage.mutableSpan
    var patternSums = patternStorage.mutableSpan
    var patternDense = patternDenseStorage.mutableSpan
    var denseSums = denseStorage.mutableSpan
    var denseSquares = squareStorage.mutableSpan
    let hasWeights = !sets.logWeights.isEmpty
    var value = 0.0
    var probabilities = [Double](repeating: 0, count: sets.count)
    var means = MeanProducts(
      units: withHessian ? sets.unitCount : 0, columns: withHessian ? sets.columnCount : 0, longest: longest)
    var meanStorage = [Double](repeating: 0, count: means.length)
    var mean = meanStorage.mutableSpan

    for set in 0..<sets.count {
      let (first, end) = (sets.starts[set], sets.starts[set + 1])
      var largest = -Double.infinity
      for r in first..<end {
        var eta = itemUtility[Int(items[r])] + patternUtility[Int(flags[r])]
        for d in 0..<denseCount { eta += denseUtility[d] * Double(dense[r * denseCount + d]) }
        if hasWeights { eta += Double(sets.logWeights[r]) }
        shares[r - first] = eta
        largest = max(largest, eta)
      }
      let chosen = shares[0] - largest
      var total = 0.0
      for k in 0..<(end - first) {
        let share = exp(shares[k] - largest)
        shares[k] = share
        total += share
      }
      let weight = weights.isEmpty ? 1 : weights[set]
      value += weight * (chosen - log(total))
      let scale = 1 / total
      probabilities[set] = exp(chosen) * scale

      if withHessian { means.giveRows(to: sets, first..<end) }
      for r in first..<end {
        let p = shares[r - first] * scale
        let weighted = weight * p
        let item = Int(items[r])
        let pattern = Int(flags[r])
        itemSums[item] += weighted
        patternSums[pattern] += weighted
        for d in 0..<denseCount {
          let own = Double(dense[r * denseCount + d])
          let x = weighted * own
          denseSums[d] += x
          guard withHessian else { continue }
          patternDense[pattern * denseCount + d] += x
          changingSums[item * changing + d] += x
          mean[d] += p * own
          for e in 0...d { denseSquares[d * denseCount + e] += x * Double(dense[r * denseCount + e]) }
        }
        guard withHessian else { continue }
        var bits = pattern
        while bits != 0 {
          let bit = bits.trailingZeroBitCount
          changingSums[item * changing + denseCount + bit] += weighted
          mean[denseCount + bit] += p
          bits &= bits - 1
        }
        for c in item * categoryCount..<(item + 1) * categoryCount {
          let column = Int(itemColumns[c])
          if column >= 0 { mean[column] += p }
        }
        mean[means.row(of: Int(itemUnits[item]))] += p
      }
      if withHessian { means.add(&mean, weight: weight) }
    }
    logLikelihood = value
    picked = probabilities
    (sums.items, sums.changing, sums.patterns) = (itemStorage, changingStorage, patternStorage)
    (sums.patternDense, sums.dense, sums.denseSquares) = (patternDenseStorage, denseStorage, squareStorage)
    guard withHessian else { return }
    means.finish()
    (unitBlock, border, columnBlock) = (means.unitBlock, means.border, means.columnBlock)
  }

  /// Σ z of what was picked.
  private mutating func addPicked(_ sets: ChoiceSets, _ weights: [Double]) {
    for set in 0..<sets.count {
      let weight = weights.isEmpty ? 1 : weights[set]
      let first = sets.starts[set]
      unitGradient[sets.unit(first)] += weight
      sets.forEachColumn(first) { columnGradient[$0] += weight * $1 }
    }
  }

  /// − Σ p z.
  private mutating func subtractExpected(_ sets: ChoiceSets, _ sums: Sums) {
    for (item, mass) in sums.items.enumerated() {
      unitGradient[Int(sets.itemUnits[item])] -= mass
      for c in item * sets.categoryCount..<(item + 1) * sets.categoryCount where sets.itemColumns[c] >= 0 {
        columnGradient[Int(sets.itemColumns[c])] -= mass
      }
    }
    for d in 0..<sets.denseCount { columnGradient[d] -= sums.dense[d] }
    for (pattern, mass) in sums.patterns.enumerated() {
      for bit in 0..<sets.flagCount where pattern >> bit & 1 == 1 { columnGradient[sets.denseCount + bit] -= mass }
    }
  }

  /// Σ p z zᵀ.
  private mutating func addSquares(_ sets: ChoiceSets, _ sums: Sums) {
    let (denseCount, flagCount, categoryCount) = (sets.denseCount, sets.flagCount, sets.categoryCount)
    let changing = denseCount + flagCount
    for (item, mass) in sums.items.enumerated() where mass != 0 {
      let unit = Int(sets.itemUnits[item])
      unitBlock[unit, unit] += mass
      for j in 0..<changing { border[j, unit] += sums.changing[item * changing + j] }
      for c in item * categoryCount..<(item + 1) * categoryCount where sets.itemColumns[c] >= 0 {
        let column = Int(sets.itemColumns[c])
        border[column, unit] += mass
        for j in 0..<changing { columnBlock[column, j] += sums.changing[item * changing + j] }
        for e in item * categoryCount..<(item + 1) * categoryCount {
          let other = Int(sets.itemColumns[e])
          if other >= 0 && other <= column { columnBlock[column, other] += mass }
        }
      }
    }
    for d in 0..<denseCount {
      for e in 0...d { columnBlock[d, e] += sums.denseSquares[d * denseCount + e] }
    }
    for (pattern, mass) in sums.patterns.enumerated() where mass != 0 {
      for bit in 0..<flagCount where pattern >> bit & 1 == 1 {
        let row = denseCount + bit
        for other in 0...bit where pattern >> other & 1 == 1 { columnBlock[row, denseCount + other] += mass }
        for d in 0..<denseCount { columnBlock[row, d] += sums.patternDense[pattern * denseCount + d] }
      }
    }
  }
}
