import Glibc

/// Linear regression by Householder QR, refined to the accuracy of its input.
///
///     minimize Σ (yᵢ − xᵢ'β)²
///
/// Columns are first scaled by powers of two. After QR, residual and coefficients are refined together with residuals in
/// doubled precision, so that the result is that of exact arithmetic on the given doubles unless the columns are dependent
/// to working precision. Source: Björck (1967), Iterative refinement of linear least squares solutions.
public struct LeastSquares: Sendable {
  /// Whether the columns contain an intercept, so that R² is about the mean; `nil`: found out.
  public var hasIntercept: Bool?
  /// Columns left with less than this share of their length count as dependent.
  public var tolerance = 1e-14

  /// The model with its defaults.
  public init() {}

  /// Fits β.
  ///
  /// - Parameters: `predictors` with a row for each observation, and their `response`.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined values or no observation.
  /// - Complexity: O(observations · predictors²)
  public func fit(predictors x: Matrix, response y: [Double]) throws(NumericsError) -> LeastSquaresFit {
    precondition(x.rows == y.count, "\(x.rows) rows of predictors and \(y.count) responses")
    guard !y.isEmpty, y.allSatisfy(\.isFinite), x.elements.allSatisfy(\.isFinite) else {
      throw .invalidInput("a regression needs observations, without gaps; leave incomplete rows out")
    }
    var scaled = x
    var scales = [Double](repeating: 1, count: x.columns)
    for j in 0..<x.columns {
      let column = x.column(j)
      let largest = column.map(abs).max() ?? 0
      if largest > 0 { scales[j] = scalbn(1, -Int32(ilogb(largest))) }
      for i in 0..<x.rows { scaled[i, j] = x[i, j] * scales[j] }
    }
    let factor = QR(scaled, tolerance: tolerance)
    let kept = factor.pivots[..<factor.rank].sorted()
    let reduced = kept.count == x.columns ? scaled : scaled.selecting(columns: kept)
    let solved = Refinement(reduced, y).solution
    var coefficients = [Double?](repeating: nil, count: x.columns)
    for (position, column) in kept.enumerated() {
      coefficients[column] = solved.coefficients[position] * scales[column]
    }
    let residuals = solved.residuals
    var residualSquares = 0.0
    for r in residuals { residualSquares += r * r }
    let intercept = hasIntercept ?? Self.holdsConstant(reduced)
    let totalSquares = intercept ? Moments(y).sumOfSquares : dot(y, y)
    let fitted = zip(y, residuals).map { $0 - $1 }
    let regressionSquares = intercept ? Moments(fitted).sumOfSquares : dot(fitted, fitted)
    var covariance = QR(reduced, tolerance: 0).crossProductInverse
    for i in 0..<covariance.rows {
      for j in 0..<covariance.columns { covariance[i, j] *= scales[kept[i]] * scales[kept[j]] }
    }
    return LeastSquaresFit(
      coefficients: coefficients, unscaledCovariance: covariance, keptColumns: kept, residuals: residuals,
      fitted: fitted, residualSumOfSquares: residualSquares, regressionSumOfSquares: regressionSquares,
      totalSumOfSquares: totalSquares, hasIntercept: intercept)
  }

  /// Whether some combination of columns is constant: the residual of 1 on them vanishes.
  private static func holdsConstant(_ x: Matrix) -> Bool {
    for j in 0..<x.columns where x.column(j).allSatisfy({ $0 == x[0, j] && $0 != 0 }) { return true }
    if x.columns == 0 { return false }
    let ones = [Double](repeating: 1, count: x.rows)
    let projected = QR(x, tolerance: 0).orthogonal
    let inside = projected * projected.transposedTimes(ones)
    return zip(ones, inside).allSatisfy { abs($0 - $1) < 1e-9 }
  }
}

/// What a regression found.
public struct LeastSquaresFit: Sendable, Equatable {
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

  /// Observations − kept columns.
  public var residualDegreesOfFreedom: Int { residuals.count - keptColumns.count }

  /// Kept columns, without the intercept.
  public var regressionDegreesOfFreedom: Int { keptColumns.count - (hasIntercept ? 1 : 0) }

  /// The residuals' standard deviation; `nil` without degrees of freedom.
  public var residualStandardDeviation: Double? {
    residualDegreesOfFreedom > 0 ? (residualSumOfSquares / Double(residualDegreesOfFreedom)).squareRoot() : nil
  }

  /// Errors of β by column; `nil` for dependent columns and without degrees of freedom.
  public var standardErrors: [Double?] {
    var result = [Double?](repeating: nil, count: coefficients.count)
    guard let deviation = residualStandardDeviation else { return result }
    for (position, column) in keptColumns.enumerated() {
      result[column] = deviation * unscaledCovariance[position, position].squareRoot()
    }
    return result
  }

  /// 1 − residual / total sum of squares; `nil` where the response doesn't vary.
  public var rSquared: Double? { totalSumOfSquares > 0 ? 1 - residualSumOfSquares / totalSumOfSquares : nil }

  /// The mean square of the regression over that of the residuals; infinite for an exact fit.
  public var fRatio: Double? {
    guard regressionDegreesOfFreedom > 0, residualDegreesOfFreedom > 0 else { return nil }
    return regressionSumOfSquares / Double(regressionDegreesOfFreedom)
      / (residualSumOfSquares / Double(residualDegreesOfFreedom))
  }
}
