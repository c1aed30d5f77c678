/// Distribution-free limits of a median, from order statistics.
///
/// The narrowest symmetric pair that covers at least the level; `nil` where not even the extremes do, or a value is NaN. Source: Conover
/// (1999), Practical Nonparametric Statistics, §3.2.
public struct MedianInterval: Sendable, Equatable {
  /// The lower limit, one of the values.
  public let low: Double
  /// The upper limit, one of the values.
  public let high: Double
  /// What the pair covers, at least the level.
  public let coverage: Double

  /// Limits from these values.
  public init?(_ values: [Double], level: Double = 0.9) {
    if values.contains(where: \.isNaN) { return nil }
    let n = values.count
    let coin = Binomial(trials: n, probability: 0.5)
    let tail = (1 - level) / 2
    // The k-th smallest and largest miss the median with probability P(B ≤ k − 1) each.
    var k = 0
    while k + 1 <= (n + 1) / 2 && coin.cumulative(k) <= tail { k += 1 }
    if k == 0 { return nil }
    let sorted = values.sorted()
    low = sorted[k - 1]
    high = sorted[n - k]
    coverage = 1 - 2 * coin.cumulative(k - 1)
  }
}
