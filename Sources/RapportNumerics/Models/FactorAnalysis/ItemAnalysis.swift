/// What each item adds to a scale: the classical analysis of a sum of items.
///
///     α = p/(p − 1) · (1 − tr C / 1ᵀC1)                    λ₆ = 1 − Σ (1 − R²ⱼ) / 1ᵀR1
///     r̄ = (1ᵀR1 − p) / (p (p − 1))                         item–rest rⱼ = cor(xⱼ, Σ_{k≠j} xₖ)
///     Q = 2p²/((p − 1)² (1ᵀC1)³) · [1ᵀC1 (tr C² + (tr C)²) − 2 tr C · 1ᵀC²1],  se(α) = √(Q/n)
///
/// α of the standardised items loses something by the deviations being estimated as well, c = R1:
///
///     Q = 2p⁴/((p − 1)² (1ᵀR1)⁴) · [(1ᵀR1)² − 2 Σ cⱼ³ + Σ cᵢ cⱼ rᵢⱼ²]
///
/// from rᵢⱼ's part zᵢ zⱼ − rᵢⱼ (zᵢ² + zⱼ²)/2 of one row. Both are one where all correlations are alike.
///
/// C covariances and R correlations of p items in n rows; R²ⱼ the squared multiple correlation of an item with the
/// others. Items aren't reversed: orient them before. The scale is the mean of the items.
///
/// Source: Cronbach (1951), Psychometrika 16, 297–334; Guttman (1945), Psychometrika 10, 255–282 (λ₆); Duhachek & Iacobucci
/// (2004), Journal of Applied Psychology 89, 792–808 (the error, of van Zyl, Neudecker & Nel 2000); Hsu (1949), The limiting
/// distribution of functions of sample means (rows' parts of correlations). Conventions of psych's `alpha`.
public struct ItemAnalysis: Sendable, Equatable {
  /// α; `nil` where the sum has no variance.
  public let alpha: Double?
  /// α of the standardised items.
  public let standardizedAlpha: Double?
  /// The large-sample standard error of α; `nil` without α, or a number of rows.
  public let alphaStandardError: Double?
  /// Likewise, of α of the standardised items.
  public let standardizedAlphaStandardError: Double?
  /// λ₆; `nil` where an item is determined by the others.
  public let guttmanLambda6: Double?
  /// r̄.
  public let averageCorrelation: Double
  /// Of the scale.
  public let mean: Double
  /// Of the scale.
  public let standardDeviation: Double
  /// Each item with the sum of the others; `nil` where that sum is constant.
  public let itemRestCorrelations: [Double?]
  /// α of the other items; `nil` where it isn't defined, as with two items.
  public let alphaIfDropped: [Double?]

  /// - Throws: ``NumericsError/invalidInput(_:)`` with fewer than two items.
  public init(_ moments: SampleMoments) throws(NumericsError) {
    try self.init(
      covariance: moments.covariance, correlation: moments.correlation, means: moments.means,
      observations: moments.observations)
  }

  /// Of items standardised to mean 0 and variance 1.
  ///
  /// - Parameter observations: complete rows that the correlations rest on; `nil` where values are missing, since the error
  ///   of α isn't known then.
  /// - Throws: ``NumericsError/invalidInput(_:)`` with fewer than two items.
  public init(correlation: Matrix, observations: Int?) throws(NumericsError) {
    try self.init(
      covariance: correlation, correlation: correlation, means: [Double](repeating: 0, count: correlation.rows),
      observations: observations)
  }

  private init(
    covariance: Matrix, correlation: Matrix, means: [Double], observations: Int?
  ) throws(NumericsError) {
    let p = means.count
    guard p >= 2 else { throw .invalidInput("\(p) items; a scale needs at least 2") }
    let count = Double(p)
    let rows = (0..<p).map { covariance.row($0).reduce(0, +) }
    let total = rows.reduce(0, +)
    let trace = covariance.diagonal.reduce(0, +)
    alpha = Reliability.alpha(covariance: covariance)
    standardizedAlpha = Reliability.alpha(covariance: correlation)
    let shared = correlation.elements.reduce(0, +)
    averageCorrelation = (shared - count) / (count * (count - 1))
    let squares = dot(covariance.elements, covariance.elements)
    if alpha != nil, let observations {
      // 1ᵀC²1 is the sum of squared row sums.
      let bracket = total * (squares + trace * trace) - 2 * trace * dot(rows, rows)
      let q = 2 * count * count / ((count - 1) * (count - 1) * total * total * total) * bracket
      alphaStandardError = (max(0, q) / Double(observations)).squareRoot()
    } else {
      alphaStandardError = nil
    }
    if standardizedAlpha != nil, let observations {
      let sums = (0..<p).map { correlation.row($0).reduce(0, +) }
      var bracket = shared * shared
      for j in 0..<p {
        bracket -= 2 * sums[j] * sums[j] * sums[j]
        for i in 0..<p { bracket += sums[i] * sums[j] * correlation[i, j] * correlation[i, j] }
      }
      let ratio = count * count / ((count - 1) * shared * shared)
      standardizedAlphaStandardError = ratio * (2 * max(0, bracket) / Double(observations)).squareRoot()
    } else {
      standardizedAlphaStandardError = nil
    }
    let adequacy = try? SamplingAdequacy(correlation: correlation)
    let isRegular = LinearDependence.all(in: correlation).isEmpty
    guttmanLambda6 = adequacy.flatMap { adequacy in
      isRegular && shared > 0
        ? 1 - adequacy.squaredMultipleCorrelations.reduce(0) { $0 + (1 - $1) } / shared : nil
    }
    mean = means.reduce(0, +) / count
    standardDeviation = max(0, total).squareRoot() / count
    itemRestCorrelations = (0..<p).map { j in
      let own = covariance[j, j]
      let rest = total - 2 * rows[j] + own
      return rest > 1e-12 * trace ? (rows[j] - own) / (own * rest).squareRoot() : nil
    }
    alphaIfDropped = (0..<p).map { j in
      let others = (0..<p).filter { $0 != j }
      return Reliability.alpha(covariance: covariance.selecting(rows: others).selecting(columns: others))
    }
  }
}
