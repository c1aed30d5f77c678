/// Whether several samples tend to different values, by ranks, corrected for ties.
///
/// Source: Kruskal & Wallis (1952), Use of ranks in one-criterion variance analysis.
public struct KruskalWallis: Sendable, Equatable {
  /// H; 0 where all values are equal.
  public let statistic: Double
  /// Samples − 1.
  public let degreesOfFreedom: Int
  /// The tail area of χ².
  public let pValue: Double

  /// Compares samples; empty ones are left out.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for fewer than two samples, or a value that is NaN.
  public init(_ samples: [[Double]]) throws(NumericsError) {
    let groups = samples.filter { !$0.isEmpty }
    guard groups.count > 1 else { throw .invalidInput("\(groups.count) samples; comparing needs two") }
    for (index, sample) in samples.enumerated() {
      guard let place = sample.firstIndex(where: \.isNaN) else { continue }
      throw .invalidInput("value \(place) of sample \(index) is NaN, expected a number")
    }
    let all = groups.flatMap { $0 }
    let ranks = Ranks.of(all)
    let n = Double(all.count)
    var sum = 0.0
    var start = 0
    for group in groups {
      let total = ranks[start..<(start + group.count)].reduce(0, +)
      sum += total * total / Double(group.count)
      start += group.count
    }
    let correction = 1 - Ranks.tieCorrection(all) / (n * n * n - n)
    degreesOfFreedom = groups.count - 1
    if correction > 0 {
      statistic = max(0, (12 * sum / (n * (n + 1)) - 3 * (n + 1)) / correction)
      pValue = ChiSquared(degreesOfFreedom: Double(groups.count - 1)).survival(statistic)
    } else {
      statistic = 0
      pValue = 1
    }
  }
}
