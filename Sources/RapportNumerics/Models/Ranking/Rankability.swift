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
/// Where errors are known to be too small, φ widens them. With T = B + W unadjusted values err by s_i² = T V_i/(T − V_i); what wider errors
/// explain is taken from τ², which was T, by the restricted likelihood's equation, and ρ falls as the units' reliabilities do:
///
///     ρ = B/(B + W) · Σ r_i(φ)/Σ r_i(1)        r_i = τ²/(τ² + φ s_i²)
///     τ² = max(0, T − (φ − 1) Σ w_i² s_i² / Σ w_i²)        w_i = 1/(τ² + φ s_i²)
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
    if errorInflation == 1 { return between / total }
    // A unit known no better than all of them has no s² and no weight.
    let errors = moments.compactMap { $0.variance! < total ? total * $0.variance! / (total - $0.variance!) : nil }
    let real = realVariance(total, errors, errorInflation)
    guard real > 0 else { return 0 }
    let reliabilities = errors.reduce(0) { $0 + real / (real + errorInflation * $1) }
    return between / total * reliabilities / errors.reduce(0) { $0 + total / (total + $1) }
  }

  /// τ², by bisection: what the right side of its equation gives falls as τ² rises.
  private static func realVariance(_ total: Double, _ errors: [Double], _ inflation: Double) -> Double {
    func given(_ real: Double) -> Double {
      var (weights, sum) = (0.0, 0.0)
      for error in errors {
        let root = 1 / (real + inflation * error)
        weights += root * root
        sum += root * root * error
      }
      return total - (inflation - 1) * sum / weights
    }
    guard !errors.isEmpty else { return 0 }
    var (low, high) = (0.0, total)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if given(middle) > middle { low = middle } else { high = middle }
    }
    return high < 1e-9 * total ? 0 : low
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
