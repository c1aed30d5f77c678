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
  /// The log likelihood and its gradient.
  private(set) var slopes = ChoiceSlopes(logLikelihood: 0, picked: [], units: [], columns: [])
  /// Negative Hessian: units × units (lower triangle), columns × units, columns × columns (lower triangle).
  private(set) var unitBlock = Matrix(rows: 0, columns: 0)
  private(set) var border = Matrix(rows: 0, columns: 0)
  private(set) var columnBlock = Matrix(rows: 0, columns: 0)

  /// - Parameter weights: by set; empty for one each.
  init(_ sets: ChoiceSets, units: [Double], columns: [Double], weights: [Double] = []) {
    precondition(sets.isConsistent, "a place in choice sets that isn't there")
    let utility = ChoiceUtility(sets, units: units, columns: columns)
    if sets.flagCount <= SIMD8<Double>.scalarCount {
      add(sets, utility, weights, flags: SIMD8<Double>.self)
    } else {
      add(sets, utility, weights, flags: SIMD16<Double>.self)
    }
  }

  private mutating func add<Flags: SIMD>(
    _ sets: ChoiceSets, _ utility: ChoiceUtility, _ weights: [Double], flags: Flags.Type
  ) where Flags.Scalar == Double {
    var sums = Sums<Flags>(sets)
    addSets(sets, utility, weights, &sums)
    addSquares(sets, sums)
  }

  /// Σ p over all sets, alone and times what changes.
  ///
  /// `Flags` holds a number for each flag; the last are 0 where there are fewer.
  private struct Sums<Flags: SIMD> where Flags.Scalar == Double {
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
      patterns = zeros(sets.patterns.count * width)
      denseSquares = zeros(sets.denseCount * sets.denseCount)
    }
  }

  /// Goes through the sets once: log likelihood, Σ p, and − z̄ z̄ᵀ.
  ///
  /// Most of the time of a fit is spent here. Places were counted when the sets were made, so they aren't checked again at
  /// each alternative.
  private mutating func addSets<Flags: SIMD>(
    _ sets: ChoiceSets, _ utility: ChoiceUtility, _ weights: [Double], _ sums: inout Sums<Flags>
  ) where Flags.Scalar == Double {
    let longest = sets.longest
    var shareStorage = [Double](repeating: 0, count: longest)
    var shares = shareStorage.mutableSpan
    var value = 0.0
    var probabilities = [Double](repeating: 0, count: sets.count)
    var means = MeanProducts(
      units: sets.unitCount, columns: sets.columnCount, longest: longest)
    // What an item's reference levels would add goes to last places, which are nobody's: one for each category, so that
    // additions needn't wait for one another.
    let categories = max(1, sets.categoryCount)
    var meanStorage = [Double](repeating: 0, count: means.length + categories)
    var mean = meanStorage.mutableSpan
    let rows = sets.itemColumns.indices.map { c in
      sets.itemColumns[c] < 0 ? Int32(means.length + c % categories) : sets.itemColumns[c]
    }
    let patterns = sets.patterns.map { bits in
      Flags((0..<Flags.scalarCount).map { bits >> $0 & 1 == 1 ? 1 : 0 })
    }
    var (itemStorage, patternStorage, squareStorage) = (sums.items, sums.patterns, sums.denseSquares)
    var flagStorage = sums.itemFlags
    var itemSums = itemStorage.mutableSpan
    var flagSums = flagStorage.mutableSpan
    var patternSums = patternStorage.mutableSpan
    var squares = squareStorage.mutableSpan

    for set in 0..<sets.count {
      let alternatives = sets.starts[set]..<sets.starts[set + 1]
      let (picked, total) = utility.exponentials(of: set, &shares)
      let weight = weights.isEmpty ? 1 : weights[set]
      value += weight * (picked - log(total))
      let scale = 1 / total
      for k in 0..<alternatives.count { shares[unchecked: k] *= scale }
      probabilities[set] = shares[unchecked: 0]
      means.giveRows(to: sets, alternatives)
      switch sets.denseCount {
      // Loops whose length is known are unrolled.
      case 1:
        Self.addShares(
          sets, alternatives, shares.span, weight, rows.span, patterns.span, &itemSums, &flagSums, &patternSums,
          &squares,
          means, &mean, denseCount: 1)
      case 2:
        Self.addShares(
          sets, alternatives, shares.span, weight, rows.span, patterns.span, &itemSums, &flagSums, &patternSums,
          &squares,
          means, &mean, denseCount: 2)
      default:
        Self.addShares(
          sets, alternatives, shares.span, weight, rows.span, patterns.span, &itemSums, &flagSums, &patternSums,
          &squares,
          means, &mean, denseCount: sets.denseCount)
      }
      means.add(&mean, weight: weight)
    }
    (sums.items, sums.itemFlags) = (itemStorage, flagStorage)
    (sums.patterns, sums.denseSquares) = (patternStorage, squareStorage)
    means.finish()
    (unitBlock, border, columnBlock) = (means.unitBlock, means.border, means.columnBlock)
    let (units, columns) = ChoiceSlopes.gradient(
      sets, weights, items: stride(from: 0, to: sums.items.count, by: sums.width).map { sums.items[$0] },
      patterns: sets.patterns.indices.map { sums.patterns[$0 * sums.width] },
      dense: (0..<sets.denseCount).map { d in
        sets.patterns.indices.reduce(0) { $0 + sums.patterns[$1 * sums.width + 1 + d] }
      })
    slopes = ChoiceSlopes(logLikelihood: value, picked: probabilities, units: units, columns: columns)
  }

  /// Σ p of one set, weighted, and its z̄.
  @inline(__always)
  private static func addShares<Flags: SIMD>(
    _ sets: ChoiceSets, _ alternatives: Range<Int>, _ shares: borrowing Span<Double>, _ weight: Double,
    _ rows: borrowing Span<Int32>, _ patterns: borrowing Span<Flags>, _ itemSums: inout MutableSpan<Double>,
    _ flagSums: inout MutableSpan<Flags>, _ patternSums: inout MutableSpan<Double>,
    _ squares: inout MutableSpan<Double>, _ means: borrowing MeanProducts, _ mean: inout MutableSpan<Double>,
    denseCount: Int
  ) where Flags.Scalar == Double {
    let categoryCount = sets.categoryCount
    let width = 1 + denseCount
    let (items, flags, dense, itemUnits) = (sets.items.span, sets.flags.span, sets.dense.span, sets.itemUnits.span)
    var flagMeans = Flags.zero
    // Of the first two dense columns, in hand.
    var (means1, means2) = (0.0, 0.0)
    var (squares11, squares21, squares22) = (0.0, 0.0, 0.0)
    for r in alternatives {
      let share = shares[unchecked: r &- alternatives.lowerBound]
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
        itemSums[unchecked: itemRow &+ 1 &+ d] += x
        switch d {
        case 0:
          means1 += share * own
          squares11 += x * own
        case 1:
          means2 += share * own
          squares22 += x * own
          squares21 += x * Double(dense[unchecked: row])
        default:
          mean[unchecked: d] += share * own
          for e in 0...d { squares[unchecked: d &* denseCount &+ e] += x * Double(dense[unchecked: row &+ e]) }
        }
      }
      let bits = patterns[unchecked: pattern]
      flagSums[unchecked: item] += p * bits
      flagMeans += share * bits
      for c in item &* categoryCount..<(item &+ 1) &* categoryCount {
        mean[unchecked: Int(rows[unchecked: c])] += share
      }
      mean[unchecked: means.row(of: Int(itemUnits[unchecked: item]))] += share
    }
    if denseCount > 0 {
      mean[unchecked: 0] += means1
      squares[unchecked: 0] += squares11
    }
    if denseCount > 1 {
      mean[unchecked: 1] += means2
      squares[unchecked: denseCount] += squares21
      squares[unchecked: denseCount &+ 1] += squares22
    }
    for bit in 0..<sets.flagCount { mean[unchecked: denseCount &+ bit] = flagMeans[bit] }
  }

  /// Σ p z zᵀ.
  private mutating func addSquares<Flags: SIMD>(_ sets: ChoiceSets, _ sums: Sums<Flags>) where Flags.Scalar == Double {
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
    for (pattern, bits) in sets.patterns.enumerated() {
      let sum = pattern * sums.width
      let mass = sums.patterns[sum]
      if mass == 0 { continue }
      for bit in 0..<flagCount where bits >> bit & 1 == 1 {
        let row = denseCount + bit
        for other in 0...bit where bits >> other & 1 == 1 { columnBlock[row, denseCount + other] += mass }
        for d in 0..<denseCount { columnBlock[row, d] += sums.patterns[sum + 1 + d] }
      }
    }
  }
}
