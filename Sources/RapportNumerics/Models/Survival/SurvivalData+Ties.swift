extension SurvivalData {
  /// Times nearer to each other than this, absolutely or beside the mean time, are one time: √(2⁻⁵²).
  public static let timeTolerance = 0x1p-26

  /// Makes times equal that differ by rounding alone, so that they are ties.
  ///
  ///     t₍ₖ₊₁₎ − t₍ₖ₎ ≤ tolerance · max(1, mean |t|)        t₍ₖ₎: entries and exits in order, each once
  ///
  /// Times computed by division seldom come out equal; whether two count as one changes the likelihood. Each run of such
  /// times gets its earliest. Whole numbers are exact and stay as they are. Source: `aeqSurv` of R's survival (Therneau),
  /// which differs in the last point.
  /// - Returns: how many distinct times went into others.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where a row's exit would fall on its entry, with the row counted from one.
  /// - Complexity: O(n log n)
  public mutating func mergeNearTimes(tolerance: Double = timeTolerance) throws(NumericsError) -> Int {
    var times = exits
    if let entries { times += entries.filter(\.isFinite) }
    guard times.contains(where: { $0 != $0.rounded() }) else { return 0 }
    times.sort()
    var distinct: [Double] = []
    for time in times where distinct.last != time { distinct.append(time) }
    let mean = distinct.reduce(0) { $0 + abs($1) / Double(distinct.count) }
    let nearest = tolerance * max(1, mean)
    var first: [Double] = []
    for (k, time) in distinct.enumerated() where k == 0 || time - distinct[k - 1] > nearest { first.append(time) }
    if first.count == distinct.count { return 0 }
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
    return distinct.count - first.count
  }
}
