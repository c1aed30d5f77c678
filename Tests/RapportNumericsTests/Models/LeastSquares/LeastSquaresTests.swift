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

  @Test func `the later of dependent columns is left out`() throws {
    let line = [0.1, 0.7, 0.4, 0.9, 0.3]
    let x = Matrix(columns: [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], line, line.map { 1 - 3 * $0 }, [1, 0, 2, 0, 5]])
    let fit = try LeastSquares().fit(predictors: x, response: [1, 3, 5, 7, 2])
    #expect(fit.keptColumns == [1, 2, 4])
    // More columns than observations: as many as there are observations have a coefficient, and the fit is exact.
    let wide = try LeastSquares().fit(predictors: Matrix(rows: [[1, 2, 3], [1, 5, 8]]), response: [1, 3])
    #expect(wide.keptColumns == [0, 1])
    #expect(wide.residuals == [0, 0])
  }

  @Test func `an exact fit has no residuals at all`() throws {
    let x = [0.1, 0.2, 0.3, 0.7]
    let fit = try LeastSquares().fit(powers: 0...1, of: x, response: [3, 3, 3, 3])
    #expect(fit.coefficients == [3, 0])
    #expect(fit.residuals == [0, 0, 0, 0])
    #expect(fit.residualSumOfSquares == 0)
    #expect(fit.rSquared == nil)
    #expect(fit.fRatio == nil)
    #expect(fit.logLikelihood == nil)
    #expect(fit.tStatistics == [.infinity, nil])
    #expect(fit.pValues == [0, nil])
  }

  // Units are a choice: other powers of two change nothing but exponents.
  @Test func `any scale gives the same digits`() throws {
    let x = [[1, 1, 1, 1, 1], [0.3, 1.7, 2.9, 3.1, 4.4]]
    let y = [1.2, 0.7, 3.3, 4.1, 3.9]
    let plain = try LeastSquares().fit(predictors: Matrix(columns: x), response: y)
    for exponent in [-400, 3, 400] {
      let factor = Double(sign: .plus, exponent: exponent, significand: 1)
      let scaled = try LeastSquares().fit(
        predictors: Matrix(columns: [x[0], x[1].map { $0 * factor }]), response: y.map { $0 * factor })
      #expect(scaled.coefficients[1] == plain.coefficients[1])
      #expect(scaled.coefficients[0] == plain.coefficients[0].map { $0 * factor })
      #expect(scaled.residuals == plain.residuals.map { $0 * factor })
      #expect(scaled.rSquared == plain.rSquared)
    }
  }

  @Test func `terms with gaps use the rows without`() throws {
    let kind = try DesignTerm.Category(name: "kind", optionalValues: ["b", "c", nil, "a", "c", "b", "c"])
    #expect(kind.codes == [1, 2, -1, 0, 2, 1, 2])
    // The only row of `a`, the reference, has no response.
    let fit = try LeastSquares().fit(
      terms: [.category(kind), .number(name: "x", values: [0, 1, 5, 2, .nan, 1, 0])],
      response: [1, 5, 9, .nan, 6, 2, 4])
    #expect(fit.rows == [0, 1, 5, 6])
    #expect(fit.names == ["(Intercept)", "kind=c", "x"])
    expectClose(fit.coefficients.compactMap { $0 }, [1, 3, 1], relative: 1e-15)
    #expect(throws: NumericsError.invalidInput("'x' has 1 values, expected 2")) {
      try LeastSquares().fit(terms: [.number(name: "x", values: [1])], response: [1, 2])
    }
    #expect(throws: NumericsError.self) {
      try LeastSquares().fit(terms: [.number(name: "x", values: [.nan, 1])], response: [1, .nan])
    }
  }

  // By hand: two centred columns with correlation r have eigenvalues 1 ± r, so √((1 + r)/(1 − r)); here r = 0.8: 3.
  @Test func `the condition number, worked by hand`() throws {
    let (a, b) = ([1.0, -1, 0, 0], [0.8, -0.8, 0.6, -0.6])
    let fit = try LeastSquares().fit(
      terms: [.number(name: "a", values: a.map { 1000 * $0 + 7 }), .number(name: "b", values: b)],
      response: [1, 2, 4, 3])
    // Lengths √2 and √2; their product is 1.6/2 = 0.8.
    expectClose(try fit.conditionNumber(), 3, relative: 1e-12)
    #expect(
      try LeastSquares().fit(terms: [.number(name: "a", values: a)], response: [1, 2, 4, 3]).conditionNumber() == 1)
    let close = try LeastSquares().fit(
      terms: [.number(name: "a", values: a), .number(name: "b", values: [1, -1, 1e-9, -1e-9])], response: [1, 2, 4, 3])
    // r = 1/√(1 + 10⁻¹⁸): 2 · 10⁹.
    expectClose(try close.conditionNumber(), 2e9, relative: 1e-6)
  }
}
