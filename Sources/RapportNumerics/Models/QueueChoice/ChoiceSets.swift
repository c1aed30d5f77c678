/// The choices of one chooser: what was picked, and out of what.
///
/// Every item belongs to one unit (whose treatment is asked about) and has categories that don't change; what changes while
/// it waits stands with each alternative of each set. A column of the model is dense (a number per alternative), a flag (a
/// bit per alternative) or a category's level (of the item), numbered in that order:
///
///     0 ..< denseCount                                  dense
///     denseCount ..< denseCount + flagCount             flags, bit b of `patterns[flags]`
///     denseCount + flagCount ..< columnCount            levels of categories
public struct ChoiceSets: Sendable {
  /// Units of this chooser.
  public var unitCount: Int
  /// Columns in all.
  public var columnCount: Int
  /// Numbers per alternative.
  public var denseCount: Int
  /// Bits in use; at most ``mostFlags``.
  public var flagCount: Int
  /// Categories per item.
  public var categoryCount: Int

  /// Each item's unit.
  public var itemUnits: [Int32] = []
  /// Each item's columns, `categoryCount` of them; −1 for a category's reference level.
  public var itemColumns: [Int32] = []

  /// The first alternative of each set, and the end of the last.
  public var starts: [Int] = [0]
  /// The item of each alternative; the first of a set is the one that was picked.
  public var items: [Int32] = []
  /// `denseCount` numbers per alternative.
  public var dense: [Float] = []
  /// The combination of flags of each alternative, as a place in ``patterns``.
  public var flags: [UInt16] = []
  /// The bits of each combination of flags: of up to eight flags all of them, each in the place of its bits; of more those that occur
  /// (``FlagPatterns``).
  public var patterns: [UInt16]
  /// Log sampling weights per alternative; empty where every open item stands in its set.
  public var logWeights: [Float] = []

  /// Flags that fit.
  public static let mostFlags = 16

  /// No sets yet.
  public init(unitCount: Int, denseCount: Int, flagCount: Int, categoryCount: Int, columnCount: Int) {
    precondition(flagCount <= Self.mostFlags, "\(flagCount) flags, at most \(Self.mostFlags) fit")
    patterns = FlagPatterns(flagCount: flagCount).bits
    self.unitCount = unitCount
    self.denseCount = denseCount
    self.flagCount = flagCount
    self.categoryCount = categoryCount
    self.columnCount = columnCount
  }

  /// How many choices there are.
  public var count: Int { starts.count - 1 }

  /// Alternatives of the largest set; at least one.
  var longest: Int { zip(starts, starts.dropFirst()).reduce(1) { max($0, $1.1 - $1.0) } }

  /// A part of so many sets for each effect may speak for the whole, where it's one set in eight at most.
  private static let setsPerEffect = 20
  private static let leastStep = 8

  /// One set in so many is a part that says enough of what all say; `nil` where all are needed.
  var partStep: Int? { partStep(atMost: Self.leastStep) }

  /// The same of the smallest part, but for a bound.
  func partStep(atMost most: Int) -> Int? {
    let step = count / (Self.setsPerEffect * max(1, unitCount + columnCount))
    return step < Self.leastStep ? nil : min(step, most)
  }

  /// The first of every so many sets, with the items that stand in them.
  func every(_ step: Int) -> ChoiceSets {
    var part = ChoiceSets(
      unitCount: unitCount, denseCount: denseCount, flagCount: flagCount, categoryCount: categoryCount,
      columnCount: columnCount)
    part.patterns = patterns
    var places = [Int32](repeating: -1, count: itemUnits.count)
    for set in stride(from: 0, to: count, by: step) {
      let own = starts[set]..<starts[set + 1]
      for item in items[own].map(Int.init) {
        if places[item] < 0 {
          places[item] = Int32(part.itemUnits.count)
          part.itemUnits.append(itemUnits[item])
          part.itemColumns += itemColumns[item * categoryCount..<(item + 1) * categoryCount]
        }
        part.items.append(places[item])
      }
      part.dense += dense[own.lowerBound * denseCount..<own.upperBound * denseCount]
      part.flags += flags[own]
      if !logWeights.isEmpty { part.logWeights += logWeights[own] }
      part.starts.append(part.items.count)
    }
    return part
  }

  /// Weights of such a part, by set, which stands for all.
  func weights(_ all: [Double], every step: Int) -> [Double] {
    stride(from: 0, to: count, by: step).map { Double(step) * (all.isEmpty ? 1 : all[$0]) }
  }

  /// Whether every place that one array names is there in the next. Loops over alternatives count on it.
  var isConsistent: Bool {
    func isWithin(_ places: [Int32], _ count: Int, least: Int32 = 0) -> Bool {
      var (low, high) = (least, Int32(-1))
      for place in places { (low, high) = (min(low, place), max(high, place)) }
      return low >= least && Int(high) < count
    }
    var highestFlags: UInt16 = 0
    for own in flags { highestFlags = max(highestFlags, own) }
    return starts.first == 0 && starts.last == items.count && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }
      && flags.count == items.count && dense.count == items.count * denseCount
      && (logWeights.isEmpty || logWeights.count == items.count)
      && (flags.isEmpty || Int(highestFlags) < patterns.count)
      && isWithin(items, itemUnits.count) && isWithin(itemUnits, unitCount)
      && itemColumns.count == itemUnits.count * categoryCount && isWithin(itemColumns, columnCount, least: -1)
  }

  /// The unit of an alternative.
  @inlinable public func unit(_ alternative: Int) -> Int { Int(itemUnits[Int(items[alternative])]) }

  /// The flags of an alternative, a bit each.
  @inlinable public func bits(_ alternative: Int) -> UInt16 { patterns[Int(flags[alternative])] }

  /// The columns of an alternative that aren't zero, and their values.
  @inlinable @inline(__always)
  public func forEachColumn(_ alternative: Int, _ body: (Int, Double) -> Void) {
    for d in 0..<denseCount { body(d, Double(dense[alternative * denseCount + d])) }
    var bits = bits(alternative)
    while bits != 0 {
      body(denseCount + bits.trailingZeroBitCount, 1)
      bits &= bits - 1
    }
    let item = Int(items[alternative])
    for c in item * categoryCount..<(item + 1) * categoryCount where itemColumns[c] >= 0 {
      body(Int(itemColumns[c]), 1)
    }
  }
}
