/// Reliability of a sum of variables.
public enum Reliability {
  /// Cronbach's α of the variables with this covariance matrix; of a correlation matrix, the standardised α.
  ///
  ///     α = p/(p − 1) · (1 − Σ diag / Σ all)
  ///
  /// `nil` with fewer than two variables, or where the sum has no variance. Source: Cronbach (1951), Psychometrika 16,
  /// 297–334.
  public static func alpha(covariance: Matrix) -> Double? {
    let p = Double(covariance.rows)
    let all = covariance.elements.reduce(0, +)
    guard p >= 2, all > 0 else { return nil }
    return p / (p - 1) * (1 - covariance.diagonal.reduce(0, +) / all)
  }

  /// The reliability of a test from the correlation of its two halves: 2r / (1 + r); negative r gives 0.
  ///
  /// Source: Spearman (1910), Brown (1910), British Journal of Psychology 3.
  public static func spearmanBrown(halfCorrelation r: Double) -> Double {
    r <= 0 ? 0 : 2 * r / (1 + r)
  }

  /// Split-half reliability: Spearman–Brown on the correlation of the rows that have both halves, averaged over several
  /// splits, since any one split is half luck.
  ///
  /// A split with fewer than `needed` such rows or a constant half is left out; `nil` without any other.
  public static func splitHalf(_ splits: [(first: [Double?], second: [Double?])], needed: Int = 10) -> Double? {
    let correlations = splits.compactMap { halves -> Double? in
      precondition(
        halves.first.count == halves.second.count,
        "\(halves.first.count) first halves and \(halves.second.count) second ones")
      let both = zip(halves.first, halves.second).compactMap { x, y in x.flatMap { a in y.map { b in [a, b] } } }
      guard both.count >= max(2, needed) else { return nil }
      return try? SampleMoments(complete: Matrix(rows: both)).correlation[0, 1]
    }
    guard !correlations.isEmpty else { return nil }
    return spearmanBrown(halfCorrelation: correlations.reduce(0, +) / Double(correlations.count))
  }

  /// Correlations of what variables measure without error: rᵢⱼ / √(rᵢᵢ rⱼⱼ), cut off at ±1.
  ///
  /// `nil` where a reliability isn't positive. Source: Spearman (1904), American Journal of Psychology 15, 72–101.
  public static func disattenuated(correlation: Matrix, reliabilities: [Double]) -> Matrix? {
    precondition(reliabilities.count == correlation.rows, "\(reliabilities.count) reliabilities")
    guard reliabilities.allSatisfy({ $0 > 0 }) else { return nil }
    var result = correlation
    for j in 0..<result.columns {
      for i in 0..<result.rows where i != j {
        result[i, j] = max(-1, min(1, correlation[i, j] / (reliabilities[i] * reliabilities[j]).squareRoot()))
      }
    }
    return result
  }
}
