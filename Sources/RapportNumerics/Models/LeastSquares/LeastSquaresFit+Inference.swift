import Glibc

extension LeastSquaresFit {
  /// σ² (X'X)⁻¹ of the kept columns; `nil` without degrees of freedom.
  public var covariance: Matrix? { residualVariance.map { $0 * unscaledCovariance } }

  /// Errors of β by column; `nil` for dependent columns and without degrees of freedom.
  public var standardErrors: [Double?] {
    guard let deviation = residualStandardDeviation else { return byColumn([]) }
    return byColumn(unscaledCovariance.diagonal.map { deviation * $0.squareRoot() })
  }

  /// t = β / error by column; infinite for an exact fit, `nil` where that is 0 / 0 or there is no error.
  public var tStatistics: [Double?] { tStatistics(standardErrors: standardErrors) }

  /// P(|T| ≥ |t|) by column, from the tail itself, so that tiny ones keep their digits.
  public var pValues: [Double?] { pValues(standardErrors: standardErrors) }

  /// β ± t error by column, as wide as residual degrees of freedom say.
  public func confidenceIntervals(level: Double = 0.95) -> [(low: Double, high: Double)?] {
    confidenceIntervals(level: level, standardErrors: standardErrors)
  }

  /// t from other errors, such as ``robustStandardErrors(_:)``.
  public func tStatistics(standardErrors: [Double?]) -> [Double?] {
    zip(coefficients, standardErrors).map { estimate, error in
      guard let estimate, let error, estimate != 0 || error != 0 else { return nil }
      return estimate / error
    }
  }

  /// P(|T| ≥ |t|) from other errors.
  public func pValues(standardErrors: [Double?]) -> [Double?] {
    guard residualDegreesOfFreedom > 0 else { return byColumn([]) }
    let distribution = StudentT(degreesOfFreedom: Double(residualDegreesOfFreedom))
    return tStatistics(standardErrors: standardErrors).map { $0.map(distribution.twoSided) }
  }

  /// β ± t error from other errors.
  public func confidenceIntervals(level: Double = 0.95, standardErrors: [Double?]) -> [(low: Double, high: Double)?] {
    guard let width = tQuantile(level: level) else { return coefficients.map { _ in nil } }
    return zip(coefficients, standardErrors).map { estimate, error in
      guard let estimate, let error else { return nil }
      return (estimate - width * error, estimate + width * error)
    }
  }

  /// How many errors an interval of this level reaches to either side.
  func tQuantile(level: Double) -> Double? {
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    guard residualDegreesOfFreedom > 0 else { return nil }
    return -StudentT(degreesOfFreedom: Double(residualDegreesOfFreedom)).quantile((1 - level) / 2)
  }

  /// Whether the columns besides the intercept explain anything; `nil` without degrees of freedom of either kind.
  public var fTest: RatioTest? {
    RatioTest(
      explained: regressionSumOfSquares, degreesOfFreedom: regressionDegreesOfFreedom, residual: residualSumOfSquares,
      degreesOfFreedom: residualDegreesOfFreedom)
  }

  /// Whether the columns that a smaller model of the same response lacks explain anything.
  ///
  /// - Parameters: `smaller`: a fit of some of these columns, or of combinations of them, to the same rows.
  /// - Returns: `nil` where this model has no more columns, or no residual degrees of freedom.
  public func fTest(against smaller: LeastSquaresFit) -> RatioTest? {
    precondition(rows == smaller.rows, "\(rows.count) and \(smaller.rows.count) rows, expected the same ones")
    return RatioTest(
      explained: max(0, smaller.residualSumOfSquares - residualSumOfSquares),
      degreesOfFreedom: keptColumns.count - smaller.keptColumns.count, residual: residualSumOfSquares,
      degreesOfFreedom: residualDegreesOfFreedom)
  }

  /// The largest log likelihood of normal errors; `nil` for an exact fit, which has no largest.
  ///
  ///     −n/2 (log 2π + log(Σ r²/n) + 1)
  public var logLikelihood: Double? {
    guard residualSumOfSquares > 0 else { return nil }
    let n = Double(residuals.count)
    return -0.5 * n * (log(2 * .pi) + log(residualSumOfSquares / n) + 1)
  }

  /// 2 (coefficients + 1) − 2 log likelihood, the variance counted as R counts it.
  public var akaike: Double? { logLikelihood.map { 2 * Double(keptColumns.count + 1) - 2 * $0 } }

  /// (coefficients + 1) log n − 2 log likelihood.
  public var bayes: Double? {
    logLikelihood.map { Double(keptColumns.count + 1) * log(Double(residuals.count)) - 2 * $0 }
  }
}
