/// Centers and spreads that a few wild values don't move. No value may be NaN.
public enum RobustLocation {
  /// The median of |x − median|, times 1.4826, so that it estimates a normal distribution's deviation.
  public static func medianAbsoluteDeviation(_ values: [Double]) -> Double {
    let center = SampleQuantile.median(values)
    return 1.4826 * SampleQuantile.median(values.map { abs($0 - center) })
  }

  /// The mean without the lowest and highest share of values, each rounded down to whole values.
  public static func trimmedMean(_ values: [Double], share: Double) -> Double {
    precondition(share >= 0 && share < 0.5, "share is \(share), expected 0 ≤ share < ½")
    checkNumbers(values)
    let sorted = values.sorted()
    let cut = Int(share * Double(sorted.count))
    return Moments(Array(sorted[cut..<(sorted.count - cut)])).mean
  }

  /// The mean with the lowest and highest share of values moved to the nearest kept ones.
  public static func winsorizedMean(_ values: [Double], share: Double) -> Double {
    precondition(share >= 0 && share < 0.5, "share is \(share), expected 0 ≤ share < ½")
    checkNumbers(values)
    let sorted = values.sorted()
    let cut = Int(share * Double(sorted.count))
    if cut == 0 { return Moments(values).mean }
    return Moments(sorted.map { $0.clamped(to: sorted[cut]...sorted[sorted.count - 1 - cut]) }).mean
  }

  /// The median of the means of all pairs, each value with itself too (Hodges & Lehmann 1963).
  ///
  /// - Complexity: O(n²)
  public static func hodgesLehmann(_ values: [Double]) -> Double {
    checkNumbers(values)
    var means: [Double] = []
    means.reserveCapacity(values.count * (values.count + 1) / 2)
    for i in values.indices {
      for j in 0...i { means.append(0.5 * (values[i] + values[j])) }
    }
    return SampleQuantile.median(means)
  }
}
