/// What a regression found.
public struct LeastSquaresFit: Sendable, Equatable {
  /// The columns' names, where they came with names.
  public let names: [String]?
  /// Which rows of the input were used, ascending; residuals and all else by observation follow them.
  public internal(set) var rows: [Int]
  /// β by column; `nil` for a column that depends on those before.
  public let coefficients: [Double?]
  /// (X'X)⁻¹ of the kept columns.
  public let unscaledCovariance: Matrix
  /// The columns that were kept, ascending.
  public let keptColumns: [Int]
  /// y − Xβ.
  public let residuals: [Double]
  /// Xβ.
  public let fitted: [Double]
  /// Σ of squared residuals.
  public let residualSumOfSquares: Double
  /// Σ of squared fitted values, about their mean where there is an intercept.
  public let regressionSumOfSquares: Double
  /// Σ y², about the mean where there is an intercept.
  public let totalSumOfSquares: Double
  /// Whether sums of squares are about the mean.
  public let hasIntercept: Bool
  /// Σ x² by kept column, about the mean where there is an intercept.
  let columnSumsOfSquares: [Double]
  /// Q of X = Q R, observations × kept columns.
  let orthogonal: Matrix
  /// R⁻¹, so that a row of R⁻¹ Q' says how a coefficient moves with each response.
  let inverseTriangle: Matrix

  /// Observations − kept columns.
  public var residualDegreesOfFreedom: Int { residuals.count - keptColumns.count }

  /// Kept columns, without the intercept.
  public var regressionDegreesOfFreedom: Int { keptColumns.count - (hasIntercept ? 1 : 0) }

  /// σ², the residuals' variance; `nil` without degrees of freedom.
  public var residualVariance: Double? {
    residualDegreesOfFreedom > 0 ? residualSumOfSquares / Double(residualDegreesOfFreedom) : nil
  }

  /// σ, the residuals' standard deviation; `nil` without degrees of freedom.
  public var residualStandardDeviation: Double? { residualVariance?.squareRoot() }

  /// The share of the total sum of squares that the regression has; `nil` where the response doesn't vary.
  public var rSquared: Double? { totalSumOfSquares > 0 ? regressionSumOfSquares / totalSumOfSquares : nil }

  /// The same for variances, so that a column without effect doesn't raise it: 1 − (1 − R²) total / residual degrees
  /// of freedom. `nil` without residual degrees of freedom.
  public var adjustedRSquared: Double? {
    guard let rSquared, residualDegreesOfFreedom > 0 else { return nil }
    // 1 − (1 − R²) (d + r)/d = (R² (d + r) − r)/d, where a small R² keeps its digits.
    let regression = Double(regressionDegreesOfFreedom)
    let residual = Double(residualDegreesOfFreedom)
    return (rSquared * (residual + regression) - regression) / residual
  }

  /// The mean square of the regression over that of the residuals; infinite for an exact fit.
  public var fRatio: Double? { fTest?.ratio }

  /// Values by kept column as values by column.
  func byColumn(_ values: [Double]) -> [Double?] {
    var result = [Double?](repeating: nil, count: coefficients.count)
    for (column, value) in zip(keptColumns, values) where !value.isNaN { result[column] = value }
    return result
  }
}
