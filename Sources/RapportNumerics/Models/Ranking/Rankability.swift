/// How much of the differences between units is real, and so how far a ranking means anything.
///
///     ρ = τ² / (τ² + median s²)
///
/// τ² is the variance between units and s² the error variance of each, both on the unshrunken scale. Below ½ most of what
/// an ordinal list would show is chance. Source: van Houwelingen, Brand & Louis (2000), Empirical Bayes methods for
/// monitoring health care quality; Lingsma et al. (2009).
public enum Rankability {
  /// ρ, 0–1; `nil` without units, or when both variances are zero.
  public static func share(betweenVariance: Double, errorVariances: [Double]) -> Double? {
    precondition(betweenVariance >= 0, "the variance between units is \(betweenVariance), expected 0 or more")
    let sorted = errorVariances.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    let total = betweenVariance + median
    return total > 0 ? betweenVariance / total : nil
  }
}
