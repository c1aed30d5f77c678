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
    precondition(sets.isConsistent, "a place in choice sets that isn't there")
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

  /// Σ p over all sets, alone and times what changes.
  private struct Sums {
    /// Numbers of a row: 1, dense columns, flags.
    let itemWidth: Int
    /// Numbers of a row: 1, dense columns.
    let patternWidth: Int
    /// By item, a row each.
    var items: [Double]
    /// By combination of flags, a row each.
    var patterns: [Double]
    /// By dense column and dense column; lower triangle.
    var denseSquares: [Double]

    init(_ sets: ChoiceSets, withHessian: Bool) {
      func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
      itemWidth = withHessian ? 1 + sets.denseCount + sets.flagCount : 1
      patternWidth = 1 + sets.denseCount
      items = zeros(sets.itemUnits.count * itemWidth)
      patterns = zeros((1 << sets.flagCount) * patternWidth)
      denseSquares = zeros(sets.denseCount * sets.denseCount)
    }
  }

  /// Goes through the sets once: log likelihood, Σ p, and − z̄ z̄ᵀ.
  ///
  /// Most of the time of a fit is spent here. Places were counted when the sets were made, so they aren't checked again at
  /// each alternative.
  private mutating func addSets(
    _ sets: ChoiceSets, _ utility: Utility, _ weights: [Double], _ sums: inout Sums, withHessian: Bool
  ) {
    let denseCount = sets.denseCount
    var longest = 0
    for set in 0..<sets.count { longest = max(longest, sets.starts[set + 1] - sets.starts[set]) }
    var shareStorage = [Double](repeating: 0, count: longest)
    var shares = shareStorage.mutableSpan
    let (items, flags, dense, logWeights) = (sets.items.span, sets.flags.span, sets.dense.span, sets.logWeights.span)
    let (itemUtility, patternUtility, denseUtility) = (utility.items.span, utility.patterns.span, utility.dense.span)
    let hasWeights = !sets.logWeights.isEmpty
    var value = 0.0
    var probabilities = [Double](repeating: 0, count: sets.count)
    var means = MeanProducts(
      units: withHessian ? sets.unitCount : 0, columns: withHessian ? sets.columnCount : 0, longest: longest)
    var meanStorage = [Double](repeating: 0, count: means.length)
    var mean = meanStorage.mutableSpan
    var (itemStorage, patternStorage, squareStorage) = (sums.items, sums.patterns, sums.denseSquares)
    var itemSums = itemStorage.mutableSpan
    var patternSums = patternStorage.mutableSpan
    var squares = squareStorage.mutableSpan

    for set in 0..<sets.count {
      let (first, end) = (sets.starts[set], sets.starts[set + 1])
      var largest = -Double.infinity
      for r in first..<end {
        var eta = itemUtility[unchecked: Int(items[unchecked: r])] + patternUtility[unchecked: Int(flags[unchecked: r])]
        for d in 0..<denseCount {
          eta += denseUtility[unchecked: d] * Double(dense[unchecked: r &* denseCount &+ d])
        }
        if hasWeights { eta += Double(logWeights[unchecked: r]) }
        shares[unchecked: r &- first] = eta
        if eta > largest { largest = eta }
      }
      let chosen = shares[0] - largest
      var total = 0.0
      for k in 0..<(end - first) {
        let share = exp(shares[unchecked: k] - largest)
        shares[unchecked: k] = share
        total += share
      }
      let weight = weights.isEmpty ? 1 : weights[set]
      value += weight * (chosen - log(total))
      let scale = 1 / total
      probabilities[set] = exp(chosen) * scale
      for k in 0..<(end - first) { shares[unchecked: k] *= scale }
      if withHessian { means.giveRows(to: sets, first..<end) }
      Self.addShares(
        sets, first..<end, shares.span, weight, &itemSums, &patternSums, &squares, means, &mean,
        withHessian: withHessian)
      if withHessian { means.add(&mean, weight: weight) }
    }
    logLikelihood = value
    picked = probabilities
    (sums.items, sums.patterns, sums.denseSquares) = (itemStorage, patternStorage, squareStorage)
    guard withHessian else { return }
    means.finish()
    (unitBlock, border, columnBlock) = (means.unitBlock, means.border, means.columnBlock)
  }

  /// Σ p of one set, weighted, and its z̄.
  @inline(__always)
  private static func addShares(
    _ sets: ChoiceSets, _ alternatives: Range<Int>, _ shares: borrowing Span<Double>, _ weight: Double,
    _ itemSums: inout MutableSpan<Double>, _ patternSums: inout MutableSpan<Double>,
    _ squares: inout MutableSpan<Double>, _ means: borrowing MeanProducts, _ mean: inout MutableSpan<Double>,
    withHessian: Bool
  ) {
    let (denseCount, categoryCount) = (sets.denseCount, sets.categoryCount)
    let (itemWidth, patternWidth) = (withHessian ? 1 + denseCount + sets.flagCount : 1, 1 + denseCount)
    let (items, flags, dense) = (sets.items.span, sets.flags.span, sets.dense.span)
    let (itemUnits, itemColumns) = (sets.itemUnits.span, sets.itemColumns.span)
    for r in alternatives {
      let share = shares[unchecked: r &- alternatives.lowerBound]
      let p = weight * share
      let (item, pattern) = (Int(items[unchecked: r]), Int(flags[unchecked: r]))
      let (itemRow, patternRow) = (item &* itemWidth, pattern &* patternWidth)
      let row = r &* denseCount
      itemSums[unchecked: itemRow] += p
      patternSums[unchecked: patternRow] += p
      for d in 0..<denseCount {
        let own = Double(dense[unchecked: row &+ d])
        let x = p * own
        patternSums[unchecked: patternRow &+ 1 &+ d] += x
        guard withHessian else { continue }
        mean[unchecked: d] += share * own
        itemSums[unchecked: itemRow &+ 1 &+ d] += x
        for e in 0...d { squares[unchecked: d &* denseCount &+ e] += x * Double(dense[unchecked: row &+ e]) }
      }
      guard withHessian else { continue }
      var bits = pattern
      while bits != 0 {
        let column = denseCount &+ bits.trailingZeroBitCount
        mean[unchecked: column] += share
        itemSums[unchecked: itemRow &+ 1 &+ column] += p
        bits &= bits &- 1
      }
      for c in item &* categoryCount..<(item &+ 1) &* categoryCount {
        let column = Int(itemColumns[unchecked: c])
        if column >= 0 { mean[unchecked: column] += share }
      }
      mean[unchecked: means.row(of: Int(itemUnits[unchecked: item]))] += share
    }
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
    for item in sets.itemUnits.indices {
      let mass = sums.items[item * sums.itemWidth]
      unitGradient[Int(sets.itemUnits[item])] -= mass
      for c in item * sets.categoryCount..<(item + 1) * sets.categoryCount where sets.itemColumns[c] >= 0 {
        columnGradient[Int(sets.itemColumns[c])] -= mass
      }
    }
    for pattern in 0..<(1 << sets.flagCount) {
      let row = pattern * sums.patternWidth
      for d in 0..<sets.denseCount { columnGradient[d] -= sums.patterns[row + 1 + d] }
      for bit in 0..<sets.flagCount where pattern >> bit & 1 == 1 {
        columnGradient[sets.denseCount + bit] -= sums.patterns[row]
      }
    }
  }

  /// Σ p z zᵀ.
  private mutating func addSquares(_ sets: ChoiceSets, _ sums: Sums) {
    let (denseCount, flagCount, categoryCount) = (sets.denseCount, sets.flagCount, sets.categoryCount)
    let changing = denseCount + flagCount
    for item in sets.itemUnits.indices {
      let row = item * sums.itemWidth
      let mass = sums.items[row]
      if mass == 0 { continue }
      let unit = Int(sets.itemUnits[item])
      unitBlock[unit, unit] += mass
      for j in 0..<changing { border[j, unit] += sums.items[row + 1 + j] }
      for c in item * categoryCount..<(item + 1) * categoryCount where sets.itemColumns[c] >= 0 {
        let column = Int(sets.itemColumns[c])
        border[column, unit] += mass
        for j in 0..<changing { columnBlock[column, j] += sums.items[row + 1 + j] }
        for e in item * categoryCount..<(item + 1) * categoryCount {
          let other = Int(sets.itemColumns[e])
          if other >= 0 && other <= column { columnBlock[column, other] += mass }
        }
      }
    }
    for d in 0..<denseCount {
      for e in 0...d { columnBlock[d, e] += sums.denseSquares[d * denseCount + e] }
    }
    for pattern in 0..<(1 << flagCount) {
      let sum = pattern * sums.patternWidth
      let mass = sums.patterns[sum]
      if mass == 0 { continue }
      for bit in 0..<flagCount where pattern >> bit & 1 == 1 {
        let row = denseCount + bit
        for other in 0...bit where pattern >> other & 1 == 1 { columnBlock[row, denseCount + other] += mass }
        for d in 0..<denseCount { columnBlock[row, d] += sums.patterns[sum + 1 + d] }
      }
    }
  }
}
