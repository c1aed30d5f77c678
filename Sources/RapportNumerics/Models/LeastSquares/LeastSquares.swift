import Glibc

/// Linear regression, as exact arithmetic on the given numbers would have it.
///
///     minimize Σ (yᵢ − xᵢ'β)²        X = Q R    β = R⁻¹ Q'y    (X'X)⁻¹ = R⁻¹ R⁻ᵀ
///
/// X is orthogonalized in doubled precision, and everything is rounded once, at the end: coefficients, residuals, sums of
/// squares and errors are right to the last digit or two unless columns are dependent to 14 digits. What rounding has
/// done to the numbers before they came here can't be repaired: powers of x belong into
/// ``fit(powers:of:response:)``, which makes them in doubled precision. Source: Björck (1967), Solving linear least
/// squares problems by Gram–Schmidt orthogonalization.
public struct LeastSquares: Sendable {
  /// Whether the columns contain an intercept, so that R² is about the mean; `nil`: found out.
  public var hasIntercept: Bool?
  /// Columns left with at most this share of their length by those before count as dependent on them.
  public var tolerance = 1e-14

  /// The model with its defaults.
  public init() {}

  /// Fits β.
  ///
  /// - Parameters: `predictors` with a row for each observation, and their `response`.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined values or no observation.
  /// - Complexity: O(observations · predictors²), some twenty operations each
  public func fit(predictors x: Matrix, response y: [Double]) throws(NumericsError) -> LeastSquaresFit {
    try fit((0..<x.columns).map { DoubledVector(x.column($0)) }, rows: x.rows, names: nil, y)
  }

  /// Fits β to the columns of a design, made dense, and remembers their names.
  public func fit(_ design: DesignMatrix, response y: [Double]) throws(NumericsError) -> LeastSquaresFit {
    let x = design.dense
    return try fit((0..<x.columns).map { DoubledVector(x.column($0)) }, rows: x.rows, names: design.names, y)
  }

  /// Fits β to terms with gaps: only rows in which nothing is missing are used.
  ///
  /// Numbers are missing where they are NaN, categories where their code is ``DesignTerm/Category/missing``. A category
  /// keeps the levels that occur in the rows used.
  public func fit(
    terms: [DesignTerm], intercept: Bool = true, response y: [Double]
  ) throws(NumericsError) -> LeastSquaresFit {
    for term in terms { try term.checkCount(rows: y.count) }
    let rows = y.indices.filter { row in !y[row].isNaN && !terms.contains { $0.isMissing(row: row) } }
    let design = try DesignMatrix(
      rows: rows.count, intercept: intercept, terms: terms.map { $0.selecting(rows: rows) })
    var result = try fit(design, response: rows.map { y[$0] })
    result.rows = rows
    return result
  }

  /// Fits a polynomial, its powers exact to 31 digits.
  ///
  ///     y = Σ_d β_d x^d
  ///
  /// - Parameters: `powers`: those that have a coefficient, ascending; `0...2` is a parabola, `1...1` a line through 0.
  public func fit(
    powers: ClosedRange<Int>, of x: [Double], response y: [Double]
  ) throws(NumericsError) -> LeastSquaresFit {
    precondition(powers.lowerBound >= 0, "powers start at \(powers.lowerBound), expected 0 or more")
    let columns = powers.map { n in DoubledVector(x.map { Doubled($0).power(n) }) }
    let names = powers.map { $0 == 0 ? "(Intercept)" : $0 == 1 ? "x" : "x^\($0)" }
    return try fit(columns, rows: x.count, names: names, y)
  }

  private func fit(
    _ given: [DoubledVector], rows: Int, names: [String]?, _ y: [Double]
  ) throws(NumericsError) -> LeastSquaresFit {
    precondition(rows == y.count, "\(rows) rows of predictors and \(y.count) responses")
    guard !y.isEmpty, y.allSatisfy(\.isFinite), given.allSatisfy({ $0.high.allSatisfy(\.isFinite) }) else {
      throw .invalidInput("a regression needs observations, without gaps; leave incomplete rows out")
    }
    // Powers of two cost no digit, and keep products within range.
    let columns = given.map { Scaled($0) }
    let response = Scaled(DoubledVector(y))
    let basis = OrthogonalColumns(columns.map(\.vector), tolerance: tolerance)
    let (components, residuals) = basis.fitted(response.vector)
    let intercept = hasIntercept ?? basis.spansConstant(rows: rows, tolerance: tolerance)
    func squares(_ vector: DoubledVector) -> Double {
      let sum = intercept ? vector.centredSumOfSquares : vector.sumOfSquares
      return scalbn(sum.high, 2 * response.exponent)
    }

    let kept = basis.kept
    var coefficients = [Double?](repeating: nil, count: columns.count)
    for (column, value) in zip(kept, basis.solve(components)) {
      coefficients[column] = scalbn(value.high, response.exponent - columns[column].exponent)
    }
    let inverse = basis.inverseTriangle
    var triangle = Matrix(rows: kept.count, columns: kept.count)
    var covariance = triangle
    for (i, column) in kept.enumerated() {
      for j in i..<kept.count { triangle[i, j] = scalbn(inverse[j][i].high, -columns[column].exponent) }
      for j in 0...i {
        var sum = DoubledSum()
        for k in i..<kept.count { sum.add(inverse[k][i], times: inverse[k][j]) }
        covariance[i, j] = scalbn(sum.value.high, -columns[column].exponent - columns[kept[j]].exponent)
      }
    }
    covariance.mirrorLowerTriangle()

    let fitted = response.vector - residuals
    return LeastSquaresFit(
      names: names, rows: Array(y.indices), coefficients: coefficients, unscaledCovariance: covariance,
      keptColumns: kept, residuals: response.unscaled(residuals), fitted: response.unscaled(fitted),
      residualSumOfSquares: scalbn(residuals.sumOfSquares.high, 2 * response.exponent),
      regressionSumOfSquares: squares(fitted), totalSumOfSquares: squares(response.vector), hasIntercept: intercept,
      columnSumsOfSquares: kept.map { columns[$0].sumOfSquares(centred: intercept) },
      orthogonal: Matrix(rows: rows, columns: kept.count, elements: basis.columns.flatMap(\.high)),
      inverseTriangle: triangle)
  }

  /// A vector divided by the power of two that brings its largest entry into 1 … 2.
  private struct Scaled {
    var vector: DoubledVector
    let exponent: Int

    init(_ given: DoubledVector) {
      let largest = given.high.reduce(0) { max($0, abs($1)) }
      exponent = largest > 0 ? Int(ilogb(largest)) : 0
      vector = given
      vector.scale(byPowerOfTwo: -exponent)
    }

    /// Another vector on this one's scale, as it was.
    func unscaled(_ other: DoubledVector) -> [Double] { other.high.map { scalbn($0, exponent) } }

    func sumOfSquares(centred: Bool) -> Double {
      scalbn((centred ? vector.centredSumOfSquares : vector.sumOfSquares).high, 2 * exponent)
    }
  }
}
