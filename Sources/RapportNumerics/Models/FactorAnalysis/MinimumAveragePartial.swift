/// Velicer's minimum average partial: components are real as long as taking them out lowers the partial correlations.
///
///     MAP(m) = Σ_{i≠j} r*ᵢⱼ² / (p (p − 1))        r* partial correlations given the first m components
///
/// A variable that correlates with no other may be a component by itself; nothing is left of it then, and the mean is that of
/// the other pairs.
///
/// Source: Velicer (1976), Psychometrika 41, 321–327.
public struct MinimumAveragePartial: Sendable, Equatable {
  /// MAP(1), MAP(2), …
  public let values: [Double]
  /// MAP(0): the mean squared correlation.
  public let withoutComponents: Double
  /// The m with the smallest value; 0 where no component lowers it.
  public let factors: Int

  /// - Parameter limit: the largest m that is tried; at most p − 2, since the last partial correlations are ±1.
  /// - Throws: as ``SymmetricEigen``.
  public init(correlation: Matrix, limit: Int? = nil) throws(NumericsError) {
    let p = correlation.rows
    let eigen = try SymmetricEigen(correlation)
    func average(_ a: Matrix) -> Double {
      var sum = 0.0
      let left = (0..<p).filter { a[$0, $0] > 1e-12 }
      for j in left {
        for i in left where i != j { sum += a[i, j] * a[i, j] / (a[i, i] * a[j, j]) }
      }
      return left.count < 2 ? 0 : sum / Double(left.count * (left.count - 1))
    }
    withoutComponents = average(correlation)
    var rest = correlation
    var values: [Double] = []
    for m in 0..<max(0, min(limit ?? p, p - 2)) {
      for j in 0..<p {
        for i in 0..<p { rest[i, j] -= eigen.values[m] * eigen.vectors[i, m] * eigen.vectors[j, m] }
      }
      values.append(average(rest))
    }
    self.values = values
    var best = 0
    for m in values.indices where values[m] < (best == 0 ? withoutComponents : values[best - 1]) { best = m + 1 }
    factors = best
  }
}
