import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LeastSquaresTests {
  // By hand: through (0, 1), (1, 3), (2, 4): slope 3/2, intercept 7/6; residuals −1/6, 1/3, −1/6; Σ r² = 1/6.
  @Test func `a line, worked by hand`() throws {
    let x = Matrix(columns: [[1, 1, 1], [0, 1, 2]])
    let fit = try LeastSquares().fit(predictors: x, response: [1, 3, 4])
    expectClose(fit.coefficients.compactMap { $0 }, [7.0 / 6, 1.5], relative: 1e-15)
    expectClose(fit.residuals, [-1.0 / 6, 1.0 / 3, -1.0 / 6], relative: 1e-14)
    expectClose(fit.residualSumOfSquares, 1.0 / 6, relative: 1e-14)
    #expect(fit.hasIntercept)
    #expect(fit.residualDegreesOfFreedom == 1)
    // (X'X)⁻¹ has 1/2 for the slope: error √(1/6 · 1/2).
    expectClose(try #require(fit.standardErrors[1]), (1.0 / 12).squareRoot(), relative: 1e-14)
    expectClose(try #require(fit.rSquared), 27.0 / 28, relative: 1e-14)
    expectClose(try #require(fit.fRatio), 27, relative: 1e-12)
  }

  @Test func `dependent columns have no coefficient`() throws {
    let x = Matrix(columns: [[1, 1, 1, 1], [0, 1, 2, 3], [2, 3, 4, 5]])
    let fit = try LeastSquares().fit(predictors: x, response: [1, 3, 5, 7])
    #expect(fit.coefficients.filter { $0 == nil }.count == 1)
    #expect(fit.standardErrors.filter { $0 == nil }.count == 1)
    expectClose(fit.fitted, [1, 3, 5, 7], absolute: 1e-13)
    // Indicators of all groups hold a constant, without an intercept of their own.
    let groups = Matrix(columns: [[1, 1, 0, 0], [0, 0, 1, 1]])
    #expect(try LeastSquares().fit(predictors: groups, response: [1, 3, 5, 7]).hasIntercept)
  }

  @Test func `edges`() throws {
    let exact = try LeastSquares().fit(predictors: Matrix(columns: [[1, 1], [0, 1]]), response: [1, 2])
    #expect(exact.residualStandardDeviation == nil)
    #expect(exact.fRatio == nil)
    #expect(exact.standardErrors == [nil, nil])
    #expect(try LeastSquares().fit(predictors: Matrix(columns: [[1, 1]]), response: [2, 2]).rSquared == nil)
    #expect(throws: NumericsError.self) {
      try LeastSquares().fit(predictors: Matrix(columns: [[1, .nan]]), response: [1, 2])
    }
    #expect(throws: NumericsError.self) {
      try LeastSquares().fit(predictors: Matrix(rows: 0, columns: 1), response: [])
    }
  }

  @Test func `NIST's linear regressions`() throws {
    guard let reference = ReferenceCase("E02-nist-linear-more") else { return }
    for (name, degrees) in [
      ("Pontius", Array(0...2)), ("NoInt2", [1]), ("Filip", Array(0...10)), ("Wampler2", Array(0...5)),
      ("Wampler5", Array(0...5)),
    ] {
      let table = reference.table("\(name).csv")
      let x = table.numbers("x")
      let columns = degrees.map { degree in x.map { pow($0, Double(degree)) } }
      let fit = try LeastSquares().fit(predictors: Matrix(columns: columns), response: table.numbers("y"))
      let id = name.lowercased()
      reference.check(fit: id, "coef", got: fit.coefficients.map { $0 ?? .nan })
      reference.check(fit: id, "coef_se", got: fit.standardErrors.map { $0 ?? .nan })
      reference.check(fit: id, "residual_sd", got: try #require(fit.residualStandardDeviation))
      reference.check(fit: id, "r_squared", got: try #require(fit.rSquared))
      reference.check(fit: id, "ss_regression", got: fit.regressionSumOfSquares)
      reference.check(fit: id, "ss_residual", got: fit.residualSumOfSquares)
      reference.check(fit: id, "df_regression", got: Double(fit.regressionDegreesOfFreedom))
      reference.check(fit: id, "df_residual", got: Double(fit.residualDegreesOfFreedom))
      reference.check(fit: id, "F", got: try #require(fit.fRatio))
    }
  }
}
