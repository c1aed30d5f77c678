/// How much of the differences between units their evidence tells, and so how far a ranking means anything.
///
///     ρ = B/(B + W)
///
/// over posterior draws of the units' values: B is the variance between units of their posterior means, W the mean of their posterior
/// variances V_i. Where errors are normal and alike this is τ²/(τ² + s²), the share of the variance between unadjusted values
/// that is real (van Houwelingen, Brand & Louis 2000, Empirical Bayes methods for monitoring health care quality; Lingsma et
/// al. 2009). It is that share too where a normal-normal model of unadjusted values is wrong, as of scores that end at a scale's
/// end. Below ½ most of what an ordinal list would show is chance.
///
/// Where errors are known to be too small, φ widens their variances: ρ = max(0, 1 − φ W/(B + W)).
public enum Rankability {
  /// ρ, 0–1; 0 where nothing differs, `nil` with fewer than two units.
  ///
  /// - Parameters:
  ///   - draws: unit by unit, two or more and as many of each
  ///   - errorInflation: φ, how many times as large as they seem the variances of errors are, 1 or more
  public static func share(ofDraws draws: [[Float]], errorInflation: Double = 1) -> Double? {
    precondition(errorInflation >= 1, "errors are widened \(errorInflation) times, expected 1 or more")
    guard draws.count > 1 else { return nil }
    let moments = draws.map { own in
      precondition(
        own.count > 1 && own.count == draws[0].count, "\(own.count) draws, expected \(draws[0].count), two or more")
      return Moments(own.map { Double($0) })
    }
    let within = moments.reduce(0) { $0 + $1.variance! } / Double(draws.count)
    // Means of draws differ by luck in the draws, too.
    let between = max(0, Moments(moments.map(\.mean)).variance! - within / Double(draws[0].count))
    let total = between + within
    guard total > 0 else { return 0 }
    return max(0, 1 - errorInflation * within / total)
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
