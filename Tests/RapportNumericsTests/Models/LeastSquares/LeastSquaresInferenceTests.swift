import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LeastSquaresInferenceTests {
  static let columns = [
    [1, 1, 1, 1, 1, 1, 1, 1], [0.5, 1.5, 2, 3.5, 4, 5.5, 6, 9], [1, 0, 2, 1, 5, 3, 2, 4],
  ]
  static let response = [1.2, 1.9, 3.7, 3.1, 7.4, 6.2, 5.5, 9.9]

  static func fit(without row: Int? = nil, columns kept: [Int] = [0, 1, 2]) throws -> LeastSquaresFit {
    let rows = response.indices.filter { $0 != row }
    return try LeastSquares().fit(
      predictors: Matrix(columns: kept.map { j in rows.map { columns[j][$0] } }), response: rows.map { response[$0] })
  }

  // By hand: (0, 1), (1, 3), (2, 4), as in LeastSquaresTests: β₁ = 3/2, error √(1/12), one degree of freedom, for which
  // T is Cauchy: P(|T| > t) = 2/π arctan(1/t). Σ r² = 1/6.
  @Test func `a line's inference, worked by hand`() throws {
    let fit = try LeastSquares().fit(powers: 0...1, of: [0, 1, 2], response: [1, 3, 4])
    #expect(fit.names == ["(Intercept)", "x"])
    let t = 1.5 * 12.0.squareRoot()
    expectClose(try #require(fit.tStatistics[1]), t, relative: 1e-14)
    expectClose(try #require(fit.pValues[1]), 2 / .pi * atan(1 / t), relative: 1e-13)
    let width = tan(.pi * 0.45) / 12.0.squareRoot()
    let interval = try #require(fit.confidenceIntervals(level: 0.9)[1])
    expectClose([interval.low, interval.high], [1.5 - width, 1.5 + width], relative: 1e-13)
    // F = t², and the adjusted R² is 1 − (1/28) 2.
    let test = try #require(fit.fTest)
    expectClose([test.ratio, test.pValue], [27, 2 / .pi * atan(1 / t)], relative: 1e-13)
    expectClose(try #require(fit.adjustedRSquared), 26.0 / 28, relative: 1e-14)
    let likelihood = -1.5 * (log(2 * .pi / 18) + 1)
    expectClose(try #require(fit.logLikelihood), likelihood, relative: 1e-14)
    expectClose(try #require(fit.akaike), 6 - 2 * likelihood, relative: 1e-14)
    expectClose(try #require(fit.bayes), 3 * log(3.0) - 2 * likelihood, relative: 1e-14)
    // Leverages 1/3 + d²/2; residuals −1/6, 1/3, −1/6, whose differences are ½ and −½.
    expectClose(fit.leverages, [5.0 / 6, 1.0 / 3, 5.0 / 6], relative: 1e-14)
    expectClose(try #require(fit.durbinWatson), 3, relative: 1e-13)
    // The middle one: s² = (1/9)/(1/6 · 2/3) = 1, and D = 1 · (1/3)/(2/3)/2.
    expectClose(try #require(fit.standardizedResiduals[1]), 1, relative: 1e-13)
    expectClose(try #require(fit.cooksDistances[1]), 0.25, relative: 1e-13)
    // One degree of freedom leaves none without the observation.
    #expect(fit.studentizedResiduals == [nil, nil, nil])
    // Slope = Σ d r / 2 with d = −1, 0, 1, so its HC0 variance is (1/36 + 1/36)/4; HC1 · 3, HC2 · 6, HC3 · 36.
    for (kind, factor) in [(RobustErrors.hc0, 1.0), (.hc1, 3), (.hc2, 6), (.hc3, 36)] {
      expectClose(try #require(fit.robustStandardErrors(kind)[1]), (factor / 72).squareRoot(), relative: 1e-13)
    }
    // At 3: 7/6 + 9/2, with leverage 1/3 + 4/2, on which the response's own variance comes.
    let prediction = try #require(fit.prediction([1, 3]))
    expectClose(
      [prediction.value, prediction.standardError, prediction.deviation],
      [17.0 / 3, (7.0 / 18).squareRoot(), (10.0 / 18).squareRoot()], relative: 1e-14)
    expectClose(prediction.confidence.high, 17.0 / 3 + tan(.pi * 0.475) * (7.0 / 18).squareRoot(), relative: 1e-13)
    expectClose(prediction.limits.low, 17.0 / 3 - tan(.pi * 0.475) * (10.0 / 18).squareRoot(), relative: 1e-12)
  }

  // Squares of residuals 1/36, 4/36, 1/36 don't lie on any slope.
  @Test func `Breusch and Pagan, worked by hand`() throws {
    let even = try LeastSquares().fit(powers: 0...1, of: [0, 1, 2], response: [1, 3, 4])
    expectClose(try #require(even.breuschPagan).statistic, 0, absolute: 1e-25)
    // Residuals ±1 at 0, ±3 at 1 have squares 1, 1, 9, 9, all of them on a line: n R² = 4.
    let uneven = try LeastSquares().fit(powers: 0...1, of: [0, 0, 1, 1], response: [1, -1, 3, -3])
    let test = try #require(uneven.breuschPagan)
    expectClose([test.statistic, test.pValue], [4, 0.04550026389635839], relative: 1e-12)
    #expect(test.degreesOfFreedom == 1)
    #expect(try LeastSquares().fit(powers: 1...1, of: [1, 2, 3], response: [1, 2, 4]).breuschPagan == nil)
  }

  @Test func `leaving an observation out does what its influence says`() throws {
    let fit = try Self.fit()
    let variance = try #require(fit.residualVariance)
    for row in Self.response.indices {
      let other = try Self.fit(without: row)
      let x = Self.columns.map { $0[row] }
      let prediction = try #require(other.prediction(x))
      // The residual without the observation is r/(1 − h), over its deviation the studentized one.
      let left = Self.response[row] - prediction.value
      expectClose(fit.residuals[row] / (1 - fit.leverages[row]), left, relative: 1e-11)
      expectClose(try #require(fit.studentizedResiduals[row]), left / prediction.deviation, relative: 1e-11)
      var moved = 0.0
      for i in Self.response.indices {
        let before = fit.fitted[i]
        let after = try #require(other.prediction(Self.columns.map { $0[i] })).value
        moved += (before - after) * (before - after)
      }
      expectClose(try #require(fit.cooksDistances[row]), moved / (3 * variance), relative: 1e-10)
    }
    // Leverages sum to the coefficients.
    expectClose(fit.leverages.reduce(0, +), 3, relative: 1e-14)
  }

  @Test func `inflation is 1 over what other columns leave`() throws {
    let inflation = try Self.fit().varianceInflation
    #expect(inflation[0] == nil)
    for (column, other) in [(1, 2), (2, 1)] {
      let share = try #require(
        LeastSquares().fit(
          predictors: Matrix(columns: [Self.columns[0], Self.columns[other]]), response: Self.columns[column]
        ).rSquared)
      expectClose(try #require(inflation[column]), 1 / (1 - share), relative: 1e-13)
    }
  }

  @Test func `one column more: F is t squared`() throws {
    let large = try Self.fit()
    let test = try #require(large.fTest(against: Self.fit(columns: [0, 1])))
    let t = try #require(large.tStatistics[2])
    expectClose([test.ratio, test.pValue], [t * t, try #require(large.pValues[2])], relative: 1e-12)
    #expect(test.numerator == 1 && test.denominator == 5)
    #expect(try Self.fit(columns: [0, 1]).fTest(against: large) == nil)
    // Against the mean alone it is the test of the whole.
    expectClose(
      try #require(large.fTest(against: Self.fit(columns: [0]))).ratio, try #require(large.fRatio), relative: 1e-12)
  }

  @Test func `equal variances: robust covariance has the form of the other`() throws {
    // Residuals all of size 1, at right angles to the columns: Σ ω x x' is X'X.
    let fit = try LeastSquares().fit(
      predictors: Matrix(columns: [[1, 1, 1, 1], [-1, -1, 1, 1]]), response: [1, -1, 1, -1])
    let robust = try #require(fit.robustCovariance(.hc1))
    expectClose(robust.elements, try #require(fit.covariance).elements, relative: 1e-14, absolute: 1e-16)
    let intervals = fit.confidenceIntervals(standardErrors: fit.robustStandardErrors(.hc1))
    expectClose(try #require(intervals[1]).high, try #require(fit.confidenceIntervals()[1]).high, relative: 1e-14)
  }

  @Test func `edges`() throws {
    // The last observation has an indicator of its own.
    let alone = try LeastSquares().fit(
      predictors: Matrix(columns: [[1, 1, 1, 1], [0, 0, 0, 1]]), response: [1, 2, 4, 9])
    #expect(alone.robustCovariance(.hc3) == nil)
    #expect(alone.robustStandardErrors(.hc2) == [nil, nil])
    #expect(alone.robustCovariance(.hc0) != nil)
    #expect(alone.cooksDistances[3] == nil)
    let exact = try LeastSquares().fit(powers: 0...1, of: [0, 1], response: [1, 3])
    #expect(exact.pValues == [nil, nil])
    #expect(exact.confidenceIntervals().allSatisfy { $0 == nil })
    #expect(exact.covariance == nil)
    #expect(exact.robustCovariance() == nil)
    #expect(exact.adjustedRSquared == nil)
    #expect(exact.prediction([1, 2]) == nil)
    #expect(exact.durbinWatson == nil)
    #expect(exact.akaike == nil && exact.bayes == nil)
    // Tails are computed themselves: a p-value far below what 1 − P could tell.
    let steep = try LeastSquares().fit(
      powers: 0...1, of: [0, 1, 2, 3, 4, 5, 6, 7], response: [0, 1, 2, 3, 4, 5, 6, 7.001])
    let p = try #require(steep.pValues[1])
    #expect(p > 0 && p < 1e-20)
  }
}
