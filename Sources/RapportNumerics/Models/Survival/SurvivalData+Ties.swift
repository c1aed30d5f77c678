extension SurvivalData {
  /// What ``mergeNearTimes(tolerance:)`` did.
  public struct NearTimes: Sendable, Equatable {
    /// Distinct times that went into others.
    public var count = 0
    /// By how much the one that moved most did.
    public var furthest = 0.0
    /// Neighbours so far apart or nearer were made one.
    public var nearest = 0.0
    /// Of the distinct times, their signs left out.
    public var meanTime = 0.0

    /// Whether sums and quotients of times may differ by so much through rounding: by some four thousand of its steps.
    public var isRounding: Bool { furthest <= 0x1p-40 * max(1, meanTime) }
  }

  /// Times nearer to each other than this, absolutely or beside the mean time, are one time: √(2⁻⁵²).
  public static let timeTolerance = 0x1p-26

  /// Makes times equal that differ by rounding alone, so that they are ties.
  ///
  ///     t₍ₖ₊₁₎ − t₍ₖ₎ ≤ tolerance · max(1, mean |t|)        t₍ₖ₎: entries and exits in order, each once
  ///
  /// Times computed by division seldom come out equal; whether two count as one changes the likelihood. Each run of such
  /// times gets its earliest. Whole numbers are exact and stay as they are. Source: `aeqSurv` of R's survival (Therneau),
  /// which differs in the last point.
  /// Of late times that aren't whole, such as seconds since 1970 with fractions, this makes more equal than rounding does:
  /// near 10⁹ whatever is 15 or less apart.
  ///
  /// - Returns: how many distinct times went into others, and by how much the one that moved most did.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where a row's exit would fall on its entry, with the row counted from one.
  /// - Complexity: O(n log n)
  public mutating func mergeNearTimes(tolerance: Double = timeTolerance) throws(NumericsError) -> NearTimes {
    var times = exits
    if let entries { times += entries.filter(\.isFinite) }
    guard times.contains(where: { $0 != $0.rounded() }) else { return NearTimes() }
    times.sort()
    var distinct: [Double] = []
    for time in times where distinct.last != time { distinct.append(time) }
    let mean = distinct.reduce(0) { $0 + abs($1) / Double(distinct.count) }
    let nearest = tolerance * max(1, mean)
    var first: [Double] = []
    for (k, time) in distinct.enumerated() where k == 0 || time - distinct[k - 1] > nearest { first.append(time) }
    if first.count == distinct.count { return NearTimes() }
    /// The last kept time at or before this one.
    func merged(_ time: Double) -> Double {
      var (low, high) = (0, first.count)
      while low < high {
        let middle = (low + high) / 2
        if first[middle] <= time { low = middle + 1 } else { high = middle }
      }
      return low > 0 ? first[low - 1] : time
    }
    for row in 0..<count {
      let exit = merged(exits[row])
      if let entry = entries?[row] {
        let start = merged(entry)
        guard start < exit else {
          throw .invalidInput(
            "row \(row + 1) enters at \(entry) and leaves at \(exits[row]), which is one time but for rounding")
        }
        entries![row] = start
      }
      exits[row] = exit
    }
    let furthest = distinct.reduce(0) { max($0, $1 - merged($1)) }
    return NearTimes(count: distinct.count - first.count, furthest: furthest, nearest: nearest, meanTime: mean)
  }
}
