/// The exact distribution of a sum of whole scores over all ways to choose, or to sign, them.
///
/// By the shift algorithm of Streitberg & Röhmel (1986), Exact distributions for permutation and rank tests: one score
/// after the other is added to a table of how many ways there are to each sum. Counts are doubles, exact up to 2⁵³ ways and
/// to fifteen digits beyond.
///
/// - Complexity: O(scores · chosen · largest sum)
public struct PermutationDistribution: Sendable {
  /// Ways to each sum, from `lowest` on.
  let ways: [Double]
  let lowest: Int
  /// How many ways there are in all.
  public let total: Double

  /// Sums of `count` of the scores.
  public init(choosing count: Int, of scores: [Int]) {
    precondition(count >= 0 && count <= scores.count, "choosing \(count) of \(scores.count)")
    // Shifted, so that the smallest is zero.
    let base = scores.min() ?? 0
    let shifted = scores.map { $0 - base }
    let largest = shifted.sorted().suffix(count).reduce(0, +)
    var table = [[Double]](repeating: [Double](repeating: 0, count: largest + 1), count: count + 1)
    table[0][0] = 1
    for (seen, score) in shifted.enumerated() {
      for chosen in stride(from: min(count, seen + 1), to: 0, by: -1) where score <= largest {
        for sum in stride(from: largest, through: score, by: -1) {
          table[chosen][sum] += table[chosen - 1][sum - score]
        }
      }
    }
    ways = table[count]
    lowest = base * count
    total = ways.reduce(0, +)
  }

  /// Sums of the positive ones among the scores, 0 or more each, when every sign is equally likely.
  public init(signing scores: [Int]) {
    let largest = scores.reduce(0, +)
    var table = [Double](repeating: 0, count: largest + 1)
    table[0] = 1
    for score in scores {
      precondition(score >= 0, "score is \(score), expected 0 or more")
      if score == 0 {
        for sum in table.indices { table[sum] *= 2 }
      } else {
        for sum in stride(from: largest, through: score, by: -1) { table[sum] += table[sum - score] }
      }
    }
    ways = table
    lowest = 0
    total = table.reduce(0, +)
  }

  /// P(sum ≤ s).
  public func cumulative(_ s: Int) -> Double { share { $0 <= s } }

  /// P(sum ≥ s).
  public func survival(_ s: Int) -> Double { share { $0 >= s } }

  /// The mean of the distribution.
  public var mean: Double {
    var sum = 0.0
    for (index, count) in ways.enumerated() { sum += count * Double(lowest + index) }
    return sum / total
  }

  /// P(|sum − mean| ≥ |s − mean|).
  public func twoSided(_ s: Int) -> Double {
    let center = mean
    let distance = abs(Double(s) - center) * (1 - 1e-12)
    return share { abs(Double($0) - center) >= distance }
  }

  private func share(_ isCounted: (Int) -> Bool) -> Double {
    var sum = 0.0
    for (index, count) in ways.enumerated() where isCounted(lowest + index) { sum += count }
    return sum / total
  }
}
