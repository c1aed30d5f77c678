/// How much of the differences between units their evidence tells, and so how far a ranking means anything.
///
///     ρ = B/T
///
/// over posterior draws of the units' values: B is the variance between units of their posterior means, T the mean over draws of the
/// variance between units in that draw. T − B = W is the mean of the units' posterior variances, but for what moves all of them alike
/// from draw to draw, which doesn't tell them apart less. Where errors are normal and alike this is τ²/(τ² + s²), the share of the variance between unadjusted values
/// that is real (van Houwelingen, Brand & Louis 2000, Empirical Bayes methods for monitoring health care quality; Lingsma et
/// al. 2009). It is that share too where a normal-normal model of unadjusted values is wrong, as of scores that end at a scale's
/// end. Below ½ most of what an ordinal list would show is chance.
///
/// Where errors are known to be too small, φ widens their variances: ρ = max(0, 1 − φ W/T).
public enum Rankability {
  /// ρ, 0–1; 0 where nothing differs, `nil` with fewer than two units.
  ///
  /// - Parameters:
  ///   - draws: unit by unit, two or more and as many of each
  ///   - errorInflation: φ, how many times as large as they seem the variances of errors are, 1 or more
  public static func share(ofDraws draws: [[Float]], errorInflation: Double = 1) -> Double? {
    precondition(errorInflation >= 1, "errors are widened \(errorInflation) times, expected 1 or more")
    guard draws.count > 1 else { return nil }
    let count = draws[0].count
    var means: [Double] = []
    // By draw: sums over units of values, and of their squares, less the first unit's so that nothing cancels.
    var (sums, squares) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let center = Double(draws[0].first ?? 0)
    for own in draws {
      precondition(own.count > 1 && own.count == count, "\(own.count) draws, expected \(count), two or more")
      var sum = 0.0
      for i in 0..<count {
        let value = Double(own[i]) - center
        sum += value
        sums[i] += value
        squares[i] += value * value
      }
      means.append(sum / Double(count))
    }
    let units = Double(draws.count)
    let deviations = sums.indices.reduce(0) { $0 + max(0, squares[$1] - sums[$1] * sums[$1] / units) }
    let total = deviations / (units - 1) / Double(count)
    guard total > 0 else { return 0 }
    // Means of draws differ by luck in the draws, too: their variance is B + W/count.
    let within = max(0, total - Moments(means).variance!) * Double(count) / Double(count - 1)
    return max(0, 1 - errorInflation * within / max(total, within))
  }

  /// What ρ of n equal units stays below in 19 of 20 samples where errors are alike and τ² is that of moments: 1 − (n − 1)/Q, where
  /// Cochran's Q is χ² with n − 1 degrees of freedom.
  ///
  /// - Parameter unitCount: n, two or more
  public static func chanceLimit(unitCount: Int) -> Double {
    let degrees = Double(unitCount - 1)
    return 1 - degrees / ChiSquared(degreesOfFreedom: degrees).quantile(0.95)
  }
}
