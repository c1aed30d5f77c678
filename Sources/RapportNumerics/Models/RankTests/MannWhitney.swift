/// Whether values of one sample tend to be larger than those of another.
///
/// W is the number of pairs in which the first is larger, ties counting half. Source: Mann & Whitney (1947); Hollander &
/// Wolfe (1999), Nonparametric Statistical Methods, §4.1.
public struct MannWhitney: Sendable, Equatable {
  /// W.
  public let statistic: Double
  /// W over the number of pairs: the probability that the first is larger.
  public let probabilityLarger: Double
  let x: [Double]
  let y: [Double]

  /// Compares two samples, neither empty and without NaN.
  public init(_ x: [Double], _ y: [Double]) {
    precondition(!x.isEmpty && !y.isEmpty, "samples of \(x.count) and \(y.count) values")
    checkNumbers(x, "value of the first sample")
    checkNumbers(y, "value of the second sample")
    self.x = x
    self.y = y
    let ranks = Ranks.of(x + y)
    let n = Double(x.count)
    statistic = ranks[..<x.count].reduce(0, +) - n * (n + 1) / 2
    probabilityLarger = statistic / (n * Double(y.count))
  }

  /// Tail areas given the ranks, ties and all, by counting every division.
  ///
  /// Two-sided, without ties, twice the smaller tail, as R has it; with ties the sums at least as far from their mean.
  public func exact() -> (twoSided: Double, greater: Double, less: Double) {
    // Twice the ranks are whole numbers.
    let scores = Ranks.of(x + y).map { Int(2 * $0) }
    let distribution = PermutationDistribution(choosing: x.count, of: scores)
    let sum = scores[..<x.count].reduce(0, +)
    let (greater, less) = (distribution.survival(sum), distribution.cumulative(sum))
    let hasTies = Ranks.tieCorrection(x + y) > 0
    return (hasTies ? distribution.twoSided(sum) : min(1, 2 * min(greater, less)), greater, less)
  }

  /// The two-sided tail area by the normal approximation, with corrections for ties and continuity; 1 where all are equal.
  public func approximate() -> Double {
    let (m, n) = (Double(x.count), Double(y.count))
    let total = m + n
    let ties = Ranks.tieCorrection(x + y)
    let variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)))
    if !(variance > 0) { return 1 }
    let distance = max(0, abs(statistic - m * n / 2) - 0.5)
    return 2 * Normal.standard.survival(distance / variance.squareRoot())
  }

  /// The median of all differences, with exact limits by counting (Hodges & Lehmann 1963; Bauer 1972).
  ///
  /// - Complexity: O(m n log m n)
  public func shift(level: Double = 0.95) -> (estimate: Double, low: Double, high: Double) {
    let differences = x.flatMap { a in y.map { a - $0 } }.sorted()
    let ranks = PermutationDistribution(choosing: x.count, of: Array(1...(x.count + y.count)))
    let base = x.count * (x.count + 1) / 2
    let tail = (1 - level) / 2
    // The smallest w with P(W ≤ w) ≥ tail, at least one.
    var w = 0
    while ranks.cumulative(base + w) < tail * (1 - 1e-12) { w += 1 }
    w = max(1, w)
    return (SampleQuantile.of(sorted: differences, 0.5), differences[w - 1], differences[differences.count - w])
  }
}
