/// How squared residuals stand for the variance of each observation, where variances differ.
///
/// Source: MacKinnon & White (1985), Some heteroskedasticity-consistent covariance matrix estimators; Long & Ervin (2000)
/// advise HC3 below 250 observations.
public enum RobustErrors: Sendable, CaseIterable {
  /// r² (White 1980), too small in small samples.
  case hc0
  /// r² n / (n − p).
  case hc1
  /// r² / (1 − h), without bias where variances are equal after all.
  case hc2
  /// r² / (1 − h)², near the jackknife.
  case hc3
}

extension LeastSquaresFit {
  /// The covariance of β in spite of unequal variances, for the kept columns.
  ///
  ///     (X'X)⁻¹ X' diag(ω) X (X'X)⁻¹ = R⁻¹ Q' diag(ω) Q R⁻ᵀ
  ///
  /// - Returns: `nil` without degrees of freedom, and for HC2 and HC3 where an observation alone decides a coefficient
  ///   (its leverage is 1), so that nothing is known of its variance.
  public func robustCovariance(_ kind: RobustErrors = .hc3) -> Matrix? {
    guard residualDegreesOfFreedom > 0 else { return nil }
    let n = residuals.count
    let inflation = (Double(n) / Double(residualDegreesOfFreedom)).squareRoot()
    var weighted = orthogonal
    for (i, h) in leverages.enumerated() {
      if kind == .hc2 || kind == .hc3, 1 - h < Self.leverageSlack { return nil }
      let deviation =
        switch kind {
        case .hc0: residuals[i]
        case .hc1: residuals[i] * inflation
        case .hc2: residuals[i] / (1 - h).squareRoot()
        case .hc3: residuals[i] / (1 - h)
        }
      for j in 0..<weighted.columns { weighted[i, j] *= deviation }
    }
    return inverseTriangle.timesTransposed(weighted).outerCrossProduct
  }

  /// Errors of β in spite of unequal variances, by column.
  public func robustStandardErrors(_ kind: RobustErrors = .hc3) -> [Double?] {
    byColumn(robustCovariance(kind)?.diagonal.map { $0.squareRoot() } ?? [])
  }
}
