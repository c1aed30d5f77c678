extension LeastSquaresFit {
  /// By how much each coefficient's variance exceeds that with uncorrelated columns, by column.
  ///
  ///     VIF_j = [(X'X)⁻¹]_jj Σ (x_j − x̄_j)²
  ///
  /// With an intercept it is the diagonal of the inverse correlation of the columns, otherwise of their cosines. `nil` for a
  /// constant beside others, which has no spread to inflate.
  public var varianceInflation: [Double?] {
    byColumn(
      zip(unscaledCovariance.diagonal, columnSumsOfSquares).map { variance, squares in
        squares > 0 ? variance * squares : .nan
      })
  }

  /// How nearly the kept columns depend on one another: the largest singular value over the smallest of columns of length 1,
  /// centred where there is an intercept, which is left out itself.
  ///
  /// - Throws: ``NumericsError/failed(routine:info:)`` where the eigenvalues can't be found.
  ///
  /// Source: Belsley, Kuh & Welsch (1980), Regression Diagnostics, §3.2.
  public func conditionNumber() throws(NumericsError) -> Double {
    let spread = columnSumsOfSquares.indices.filter { columnSumsOfSquares[$0] > 0 }
    guard spread.count > 1 else { return 1 }
    var inverse = unscaledCovariance.selecting(rows: spread).selecting(columns: spread)
    for (i, a) in spread.enumerated() {
      for (j, b) in spread.enumerated() {
        inverse[i, j] *= columnSumsOfSquares[a].squareRoot() * columnSumsOfSquares[b].squareRoot()
      }
    }
    let values = try SymmetricEigen(inverse).values
    // No eigenvalue of the correlations themselves exceeds their order.
    let low = max(values.min() ?? 1, 1 / Double(spread.count))
    return ((values.max() ?? 1) / low).squareRoot()
  }

  /// Σ (r_t − r_{t−1})² / Σ r²: near 2 for residuals in an order that doesn't matter. `nil` for an exact fit.
  ///
  /// Source: Durbin & Watson (1950), Testing for serial correlation in least squares regression.
  public var durbinWatson: Double? {
    guard residualSumOfSquares > 0 else { return nil }
    var sum = DoubledSum()
    for (before, after) in zip(residuals, residuals.dropFirst()) { sum.add(after - before, times: after - before) }
    return sum.value.high / residualSumOfSquares
  }

  /// Whether squared residuals depend on the columns: n R² of their regression, χ² where variances are equal.
  ///
  /// - Returns: `nil` without an intercept, or where squared residuals don't vary.
  ///
  /// Source: Breusch & Pagan (1979), studentized by Koenker (1981), so that errors needn't be normal.
  public var breuschPagan: ChiSquaredTest? {
    let squares = residuals.map { $0 * $0 }
    let moments = Moments(squares)
    guard hasIntercept, regressionDegreesOfFreedom > 0, moments.sumOfSquares > 0 else { return nil }
    let components = orthogonal.transposedTimes(squares.map { ($0 - moments.mean) - moments.remainder })
    return ChiSquaredTest(
      statistic: Double(residuals.count) * dot(components, components) / moments.sumOfSquares,
      degreesOfFreedom: regressionDegreesOfFreedom)
  }
}
