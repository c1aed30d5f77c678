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
  /// Negative Hessian: units × units (lower triangle), columns × units, columns × columns (lower triangle).
  private(set) var unitBlock = Matrix(rows: 0, columns: 0)
  private(set) var border = Matrix(rows: 0, columns: 0)
  private(set) var columnBlock = Matrix(rows: 0, columns: 0)

  /// - Parameter weights: by set; empty for one each.
  init(_ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double] = []) {
    precondition(sets.isConsistent, "a place in choice sets that isn't there")
    unitGradient = [Double](repeating: 0, count: sets.unitCount)
    columnGradient = [Double](repeating: 0, count: sets.columnCount)
    var sums = Sums(sets)
    let utility = ChoiceUtility(sets, units: units, columns: columns)
    addSets(sets, utility, weights, &sums)
    addPicked(sets, weights)
    subtractExpected(sets, sums)
    addSquares(sets, sums)
  }

  /// Σ p over all sets, alone and times what changes.
  private struct Sums {
    /// Numbers of a row: 1, dense columns.
    let width: Int
    /// By item, a row each, and its flags.
    var items: [Double]
    var itemFlags: [Flags]
    /// By combination of flags, a row each.
    var patterns: [Double]
    /// By dense column and dense column; lower triangle.
    var denseSquares: [Double]

    init(_ sets: ChoiceSets) {
      func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
      width = 1 + sets.denseCount
      items = zeros(sets.itemUnits.count * width)
      itemFlags = [Flags](repeating: .zero, count: sets.itemUnits.count)
      patterns = zeros((1 << sets.flagCount) * width)
      denseSquares = zeros(sets.denseCount * sets.denseCount)
    }
  }

  /// Goes through the sets once: log likelihood, Σ p, and − z̄ z̄ᵀ.
  ///
  /// Most of the time of a fit is spent here. Places were counted when the sets were made, so they aren't checked again at
  /// each alternative.
  private mutating func addSets(
    _ sets: ChoiceSets, _ utility: ChoiceUtility, _ weights: [Double], _ sums: inout Sums
  ) {
    let longest = sets.room(alternatives: 0)
    var shareStorage = [Double](repeating: 0, count: max(longest, Self.block))
    var shares = shareStorage.mutableSpan
    var pickedStorage = [Double](repeating: 0, count: Self.block)
    var picked = pickedStorage.mutableSpan
    var value = 0.0
    var probabilities = [Double](repeating: 0, count: sets.count)
    var means = MeanProducts(
      units: sets.unitCount, columns: sets.columnCount, longest: longest)
    // What an item's reference levels would add goes to the last place, which is nobody's.
    var meanStorage = [Double](repeating: 0, count: means.length + 1)
    var mean = meanStorage.mutableSpan
    let rows = sets.itemColumns.map { $0 < 0 ? Int32(means.length) : $0 }
    let patterns = (0..<(1 << sets.flagCount)).map { pattern in
      Flags((0..<Flags.scalarCount).map { pattern >> $0 & 1 == 1 ? 1 : 0 })
    }
    var (itemStorage, patternStorage, squareStorage) = (sums.items, sums.patterns, sums.denseSquares)
    var flagStorage = sums.itemFlags
    var itemSums = itemStorage.mutableSpan
    var flagSums = flagStorage.mutableSpan
    var patternSums = patternStorage.mutableSpan
    var squares = squareStorage.mutableSpan

    var next = 0
    while next < sets.count {
      let block = sets.block(from: next, alternatives: Self.block)
      next = block.upperBound
      utility.exponentials(of: block, &shares, picked: &picked)
      let before = sets.starts[block.lowerBound]
      for set in block {
        let alternatives = sets.starts[set]..<sets.starts[set + 1]
        var total = 0.0
        for r in alternatives { total += shares[unchecked: r &- before] }
        let weight = weights.isEmpty ? 1 : weights[set]
        value += weight * (picked[set - block.lowerBound] - log(total))
        let scale = 1 / total
        for r in alternatives { shares[unchecked: r &- before] *= scale }
        probabilities[set] = shares[alternatives.lowerBound - before]
        means.giveRows(to: sets, alternatives)
        Self.addShares(
          sets, alternatives, shares.span, before, weight, rows.span, patterns.span, &itemSums, &flagSums, &patternSums,
          &squares, means, &mean)
        means.add(&mean, weight: weight)
      }
    }
    logLikelihood = value
    self.picked = probabilities
    (sums.items, sums.itemFlags) = (itemStorage, flagStorage)
    (sums.patterns, sums.denseSquares) = (patternStorage, squareStorage)
    means.finish()
    (unitBlock, border, columnBlock) = (means.unitBlock, means.border, means.columnBlock)
  }

  /// A number for each flag; the last are 0 where there are fewer.
  private typealias Flags = SIMD8<Double>

  /// So many alternatives are in hand at once, or one set.
  private static let block = 1024

  /// Σ p of one set, weighted, and its z̄; shares stand behind those of `before` alternatives.
  @inline(__always)
  private static func addShares(
    _ sets: ChoiceSets, _ alternatives: Range<Int>, _ shares: borrowing Span<Double>, _ before: Int, _ weight: Double,
    _ rows: borrowing Span<Int32>, _ patterns: borrowing Span<Flags>, _ itemSums: inout MutableSpan<Double>,
    _ flagSums: inout MutableSpan<Flags>, _ patternSums: inout MutableSpan<Double>,
    _ squares: inout MutableSpan<Double>, _ means: borrowing MeanProducts, _ mean: inout MutableSpan<Double>
  ) {
    let (denseCount, categoryCount) = (sets.denseCount, sets.categoryCount)
    let width = 1 + denseCount
    let (items, flags, dense, itemUnits) = (sets.items.span, sets.flags.span, sets.dense.span, sets.itemUnits.span)
    var flagMeans = Flags.zero
    for r in alternatives {
      let share = shares[unchecked: r &- before]
      let p = weight * share
      let (item, pattern) = (Int(items[unchecked: r]), Int(flags[unchecked: r]))
      let (itemRow, patternRow) = (item &* width, pattern &* width)
      let row = r &* denseCount
      itemSums[unchecked: itemRow] += p
      patternSums[unchecked: patternRow] += p
      for d in 0..<denseCount {
        let own = Double(dense[unchecked: row &+ d])
        let x = p * own
        patternSums[unchecked: patternRow &+ 1 &+ d] += x
        mean[unchecked: d] += share * own
        itemSums[unchecked: itemRow &+ 1 &+ d] += x
        for e in 0...d { squares[unchecked: d &* denseCount &+ e] += x * Double(dense[unchecked: row &+ e]) }
      }
      let bits = patterns[unchecked: pattern]
      flagSums[unchecked: item] += p * bits
      flagMeans += share * bits
      for c in item &* categoryCount..<(item &+ 1) &* categoryCount {
        mean[unchecked: Int(rows[unchecked: c])] += share
      }
      mean[unchecked: means.row(of: Int(itemUnits[unchecked: item]))] += share
    }
    for bit in 0..<sets.flagCount { mean[unchecked: denseCount &+ bit] = flagMeans[bit] }
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
      let mass = sums.items[item * sums.width]
      unitGradient[Int(sets.itemUnits[item])] -= mass
      for c in item * sets.categoryCount..<(item + 1) * sets.categoryCount where sets.itemColumns[c] >= 0 {
        columnGradient[Int(sets.itemColumns[c])] -= mass
      }
    }
    for pattern in 0..<(1 << sets.flagCount) {
      let row = pattern * sums.width
      for d in 0..<sets.denseCount { columnGradient[d] -= sums.patterns[row + 1 + d] }
      for bit in 0..<sets.flagCount where pattern >> bit & 1 == 1 {
        columnGradient[sets.denseCount + bit] -= sums.patterns[row]
      }
    }
  }

  /// Σ p z zᵀ.
  private mutating func addSquares(_ sets: ChoiceSets, _ sums: Sums) {
    let (denseCount, flagCount, categoryCount) = (sets.denseCount, sets.flagCount, sets.categoryCount)
    for item in sets.itemUnits.indices {
      let row = item * sums.width
      let mass = sums.items[row]
      if mass == 0 { continue }
      let unit = Int(sets.itemUnits[item])
      unitBlock[unit, unit] += mass
      for d in 0..<denseCount { border[d, unit] += sums.items[row + 1 + d] }
      for bit in 0..<flagCount { border[denseCount + bit, unit] += sums.itemFlags[item][bit] }
      for c in item * categoryCount..<(item + 1) * categoryCount where sets.itemColumns[c] >= 0 {
        let column = Int(sets.itemColumns[c])
        border[column, unit] += mass
        for d in 0..<denseCount { columnBlock[column, d] += sums.items[row + 1 + d] }
        for bit in 0..<flagCount { columnBlock[column, denseCount + bit] += sums.itemFlags[item][bit] }
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
      let sum = pattern * sums.width
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
