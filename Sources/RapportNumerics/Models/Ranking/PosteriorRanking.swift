/// Where each unit stands among all, with what isn't known about it: ranks over posterior draws.
///
/// Rank 1 is the highest value. Equal values share the mean of their ranks. Source: Laird & Louis (1989), Empirical Bayes
/// ranking methods; Lingsma, Eijkemans & Steyerberg (2009), Incorporating natural variation into IVF clinic league tables.
public struct PosteriorRanking: Sendable, Equatable {
  /// E(rank) by unit.
  public let expectedRanks: [Double]
  /// The percentile of the expected rank, 0–100, the highest unit nearest 100: 100 (n − E(rank) + ½)/n.
  public let percentiles: [Double]
  /// The rank's limit towards the top, which (1 − level)/2 of the draws lie beyond at most.
  public let lowerRanks: [Double]
  /// The rank's limit towards the bottom.
  public let upperRanks: [Double]
  /// The probability of being among the n/10 highest (at least one); of equal values that reach across their end each has its
  /// share of the places.
  public let probabilityHighestTenth: [Double]
  /// The probability of being among the n/10 lowest (at least one), likewise.
  public let probabilityLowestTenth: [Double]

  /// The probability of a rank above the middle one, (n + 1)/2; draws that stand on it, or share ranks across it, count half:
  /// where most stand at a scale's end, nobody there is above the others.
  public let probabilityAboveMiddle: [Double]

  /// Up to so many units, limits of ranks are exact; beyond, to n/1000, and beyond 10,000 units to n/200.
  private static let exactUnits = 1000

  /// Bins that ranks of so many units fall into; memory for them is bounded.
  static func bins(unitCount: Int) -> Int { min(unitCount, max(200, min(exactUnits, 10_000_000 / max(1, unitCount)))) }

  /// How far apart limits of ranks lie, in places: 1 where they are exact.
  public static func step(unitCount: Int) -> Double {
    Double(max(1, unitCount)) / Double(max(1, bins(unitCount: unitCount)))
  }

  /// Ranks units over draws.
  ///
  /// - Parameters:
  ///   - unitCount: n.
  ///   - draws: how many; with 1,000 a probability's error is at most 0.016.
  ///   - level: of rank intervals.
  ///   - threads: how many work at once; the result doesn't depend on it.
  ///   - draw: writes draw `index` of all units; it may be called from any thread, so give each draw its own
  ///     ``RandomStream`` with `index` as unit.
  /// - Complexity: O(draws · n log n) time; at most 10⁷ counters, or 200 n, a thread.
  public init(
    unitCount: Int, draws: Int, level: Double = 0.9, threads: Int = 1,
    draw: @Sendable (_ index: Int, _ values: inout [Double]) -> Void
  ) {
    precondition(draws > 0, "\(draws) draws, expected at least one")
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    let workers = max(1, min(threads, draws))
    let parts = parallelMap(count: workers, threads: workers) { worker in
      var counts = Counts(unitCount: unitCount)
      var values = [Double](repeating: 0, count: unitCount)
      var sorter = DescendingOrder()
      for index in stride(from: worker, to: draws, by: workers) {
        draw(index, &values)
        counts.add(values, sorter.sorted(values))
      }
      return counts
    }
    var counts = parts[0]
    for part in parts.dropFirst() { counts.merge(part) }
    let n = Double(unitCount)
    let all = Double(draws)
    expectedRanks = counts.doubledRanks.map { Double($0) / (2 * all) }
    percentiles = expectedRanks.map { 100 * (n - $0 + 0.5) / n }
    probabilityHighestTenth = counts.highest.map { Double($0) / (Double(Counts.place) * all) }
    probabilityLowestTenth = counts.lowest.map { Double($0) / (Double(Counts.place) * all) }
    probabilityAboveMiddle = counts.doubledAbove.map { Double($0) / (2 * all) }
    let tail = (1 - level) / 2 * all
    lowerRanks = (0..<unitCount).map { counts.quantile(unit: $0, above: tail, fromBelow: true) }
    upperRanks = (0..<unitCount).map { counts.quantile(unit: $0, above: tail, fromBelow: false) }
  }

  /// Whole numbers only, so that the order of draws changes nothing.
  struct Counts: Sendable {
    /// A whole place: thirds and the like lose next to nothing.
    static let place = 1 << 30

    let unitCount: Int
    let bins: Int
    let tenth: Int
    /// Twice the sum of ranks, since shared ranks end in ½.
    var doubledRanks: [Int]
    /// Shares of places among the highest and the lowest, a whole one being ``place``.
    var highest: [Int]
    var lowest: [Int]
    /// Twice the number of draws above the middle, since those on it count half.
    var doubledAbove: [Int32]
    /// How often each unit's rank fell into each bin.
    var histogram: [Int32]

    init(unitCount: Int) {
      self.unitCount = unitCount
      bins = PosteriorRanking.bins(unitCount: unitCount)
      tenth = max(1, (unitCount + 5) / 10)
      doubledRanks = [Int](repeating: 0, count: unitCount)
      highest = doubledRanks
      lowest = doubledRanks
      doubledAbove = [Int32](repeating: 0, count: unitCount)
      histogram = [Int32](repeating: 0, count: unitCount * bins)
    }

    /// Counts one draw, whose units stand in descending order.
    mutating func add(_ values: [Double], _ order: [Int32]) {
      var first = 0
      while first < order.count {
        var last = first
        while last + 1 < order.count && values[Int(order[last + 1])] == values[Int(order[first])] { last += 1 }
        // Ranks first + 1 … last + 1 share their mean, half of this.
        let doubled = first + last + 2
        let size = last - first + 1
        let high = max(0, min(last + 1, tenth) - first) * Self.place / size
        let low = max(0, last + 1 - max(first, unitCount - tenth)) * Self.place / size
        let above: Int32 = 2 * (last + 1) < unitCount + 1 ? 2 : 2 * (first + 1) <= unitCount + 1 ? 1 : 0
        for position in first...last {
          let unit = Int(order[position])
          doubledRanks[unit] += doubled
          highest[unit] += high
          lowest[unit] += low
          doubledAbove[unit] += above
          histogram[unit * bins + (doubled / 2 - 1) * bins / unitCount] += 1
        }
        first = last + 1
      }
    }

    mutating func merge(_ other: Counts) {
      for unit in 0..<unitCount {
        doubledRanks[unit] += other.doubledRanks[unit]
        highest[unit] += other.highest[unit]
        lowest[unit] += other.lowest[unit]
        doubledAbove[unit] += other.doubledAbove[unit]
      }
      for index in histogram.indices { histogram[index] += other.histogram[index] }
    }

    /// The rank beyond which, from one end, more than `tail` draws lie.
    func quantile(unit: Int, above tail: Double, fromBelow: Bool) -> Double {
      var seen = 0.0
      for step in 0..<bins {
        let bin = fromBelow ? step : bins - 1 - step
        seen += Double(histogram[unit * bins + bin])
        if seen > tail {
          let firstRank = (bin * unitCount + bins - 1) / bins + 1
          let lastRank = ((bin + 1) * unitCount + bins - 1) / bins
          return Double(fromBelow ? firstRank : lastRank)
        }
      }
      return Double(fromBelow ? unitCount : 1)
    }
  }
}
