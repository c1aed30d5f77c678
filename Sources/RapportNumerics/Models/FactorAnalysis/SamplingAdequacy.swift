/// How much of the correlation between variables is shared by more than two of them (Kaiser–Meyer–Olkin).
///
///     KMO = Σ r² / (Σ r² + Σ q²)        r correlations, q partial correlations given all others, i ≠ j
///
/// Near 1 where factors explain the correlations, 0.5 and less where pairs stand by themselves, and undefined where there
/// are no correlations to explain.
/// Source: Kaiser & Rice (1974), Little Jiffy, Mark IV.
public struct SamplingAdequacy: Sendable, Equatable {
  /// `nil` where no variable correlates with another.
  public let overall: Double?
  /// `nil` for a variable that correlates with no other.
  public let byVariable: [Double?]
  /// Squared multiple correlation of each variable with all others: 1 − 1 / (R⁻¹)ⱼⱼ.
  public let squaredMultipleCorrelations: [Double]

  /// - Parameter names: of the variables, for messages; they are numbered without.
  /// - Throws: ``NumericsError/invalidInput(_:)`` with what depends on what where variables are dependent.
  public init(correlation: Matrix, names: [String] = []) throws(NumericsError) {
    let inverse = try LinearDependence.factor(correlation, names: names).inverse
    let p = correlation.rows
    squaredMultipleCorrelations = inverse.diagonal.map { 1 - 1 / $0 }
    var simple = [Double](repeating: 0, count: p)
    var partial = simple
    for j in 0..<p {
      for i in 0..<p where i != j {
        simple[j] += correlation[i, j] * correlation[i, j]
        partial[j] += inverse[i, j] * inverse[i, j] / (inverse[i, i] * inverse[j, j])
      }
    }
    byVariable = (0..<p).map { Self.share(simple[$0], partial[$0], of: p - 1) }
    overall = Self.share(simple.reduce(0, +), partial.reduce(0, +), of: p * (p - 1))
  }

  /// Σ r² / (Σ r² + Σ q²); `nil` where both are rounding, as of columns of a factorial design.
  private static func share(_ simple: Double, _ partial: Double, of pairs: Int) -> Double? {
    let rounding = 1e-14
    return simple + partial > rounding * rounding * Double(pairs) ? simple / (simple + partial) : nil
  }
}
