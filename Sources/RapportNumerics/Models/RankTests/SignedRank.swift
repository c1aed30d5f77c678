/// Whether differences are centered at zero: Wilcoxon's signed-rank test.
///
/// V is the sum of the ranks of |d| over positive d; zeros are left out. Source: Wilcoxon (1945); Hollander & Wolfe (1999),
/// §3.1.
public struct SignedRank: Sendable, Equatable {
  /// V.
  public let statistic: Double
  /// The differences that aren't zero.
  public let differences: [Double]

  /// Of these differences, none NaN.
  public init(_ all: [Double]) {
    checkNumbers(all, "difference")
    differences = all.filter { $0 != 0 }
    let ranks = Ranks.of(differences.map(abs))
    var sum = 0.0
    for (rank, difference) in zip(ranks, differences) where difference > 0 { sum += rank }
    statistic = sum
  }

  /// Tail areas by counting all signs; two-sided, twice the smaller.
  public func exact() -> (twoSided: Double, greater: Double, less: Double) {
    let scores = Ranks.of(differences.map(abs)).map { Int(2 * $0) }
    let distribution = PermutationDistribution(signing: scores)
    let sum = Int(2 * statistic)
    let (greater, less) = (distribution.survival(sum), distribution.cumulative(sum))
    return (min(1, 2 * min(greater, less)), greater, less)
  }

  /// The median of the means of all pairs, with exact limits by counting (Tukey 1949); `nil` without differences.
  ///
  /// - Complexity: O(n² log n)
  public func center(level: Double = 0.95) -> (estimate: Double, low: Double, high: Double)? {
    if differences.isEmpty { return nil }
    var means: [Double] = []
    for i in differences.indices {
      for j in 0...i { means.append(0.5 * (differences[i] + differences[j])) }
    }
    means.sort()
    let ranks = PermutationDistribution(signing: Array(1...differences.count))
    var v = 0
    while ranks.cumulative(v) < (1 - level) / 2 * (1 - 1e-12) { v += 1 }
    v = max(1, v)
    return (SampleQuantile.of(sorted: means, 0.5), means[v - 1], means[means.count - v])
  }
}
