import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FactorAnalysisTests {
  /// Λ Φ Λᵀ with ones on the diagonal.
  static func model(_ loadings: Matrix, _ phi: Matrix) -> Matrix {
    var r = (loadings * phi).timesTransposed(loadings)
    for i in 0..<r.rows { r[i, i] = 1 }
    return r
  }

  // Correlations of 0.02 among five: F₀ = −log|R| is about 10 · 0.02², so that c₀F₀ is 0.2 with 50 rows, on 10 degrees of
  // freedom, and 20 with 5000. TLI came out as −4, CFI as −3.7.
  @Test func `where independent variables fit as well as chance, there is neither TLI nor CFI`() throws {
    let r = FactorNumberTests.equicorrelation(5, 0.02)
    let loadings = Matrix(rows: [[0.1], [0.1], [0.1], [0.1], [0.1]])
    func fit(_ rows: Int) throws -> FactorFit {
      try FactorFit(
        correlation: r, loadings: loadings, factorCorrelations: Matrix.identity(1), observations: rows)
    }
    let (few, many) = (try fit(50), try fit(5000))
    #expect(few.nullChiSquare < 10 && few.tli == nil && few.cfi == nil && few.pValue != nil && few.rmsea != nil)
    #expect(many.nullChiSquare > 10 && many.tli != nil)
    let misfit = many.nullChiSquare - 10
    expectClose(try #require(many.cfi), (misfit - (many.chiSquare - 5)) / misfit, relative: 1e-12)
  }

  // Three variables, one factor: r₁₂ = λ₁λ₂ and so on, so λ₁² = r₁₂ r₁₃ / r₂₃ = 0.72 · 0.63 / 0.56 = 0.81.
  @Test(arguments: FactorExtraction.allCases)
  func `three variables and one factor, worked by hand`(extraction: FactorExtraction) throws {
    let r = Matrix(rows: [[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]])
    let solution = try FactorAnalysis(factors: 1, extraction: extraction).fit(correlation: r, observations: 100)
    expectClose(solution.loadings.column(0), [0.9, 0.8, 0.7], relative: 1e-7)
    expectClose(solution.uniquenesses, [0.19, 0.36, 0.51], relative: 1e-6)
    expectClose(solution.communalities, [0.81, 0.64, 0.49], relative: 1e-6)
    expectClose(solution.discrepancy, 0, absolute: 1e-13)
    // R with communalities on its diagonal is λλᵀ, and Σ λ² = 0.81 + 0.64 + 0.49.
    expectClose(try solution.reducedEigenvalues(r), [1.94, 0, 0], absolute: 1e-6)
    #expect(!solution.isHeywood && solution.distinctOptima == 1 && solution.rotationCriterion == nil)
    // No degree of freedom is left, so nothing is tested.
    let fit = try #require(solution.fit)
    #expect(fit.degreesOfFreedom == 0 && fit.pValue == nil && fit.rmsea == nil && fit.tli == nil && fit.bic == nil)
  }

  @Test(arguments: FactorExtraction.allCases)
  func `exact two-factor data come back exactly, in few Newton steps`(extraction: FactorExtraction) throws {
    let planted = Matrix(rows: [[0.8, 0], [0.7, 0], [0.6, 0], [0.75, 0], [0, 0.9], [0, 0.65], [0, 0.5]])
    let phi = Matrix(rows: [[1, 0.4], [0.4, 1]])
    let r = Self.model(planted, phi)
    let solution = try FactorAnalysis(factors: 2, extraction: extraction).fit(correlation: r, observations: 200)
    let search = solution.extractionSearch
    #expect(search.stop == .gradient && search.gradientNorm! < 1e-9 && search.iterations! <= 25)
    #expect(search.evaluations > search.iterations! && solution.rotationSearch!.converged)
    // A perfect cluster structure makes quartimin zero.
    expectClose(solution.loadings.elements, planted.elements, absolute: 1e-5)
    expectClose(solution.factorCorrelations[0, 1], 0.4, absolute: 1e-5)
    expectClose(solution.rotationCriterion!, 0, absolute: 1e-9)
    expectClose(solution.structure[4, 0], 0.36, absolute: 1e-5)
    let fit = try #require(solution.fit)
    #expect(fit.degreesOfFreedom == 8)
    expectClose(fit.chiSquare, 0, absolute: 1e-9)
    expectClose(fit.pValue!, 1, relative: 1e-9)
    #expect(fit.rmsea! == 0 && fit.rmseaLow! == 0 && fit.srmr < 1e-6)
  }

  // λ₁² would be 0.9 · 0.9 / 0.3 = 2.7: more than all of the variable.
  @Test(arguments: FactorExtraction.allCases)
  func `an impossible communality is a Heywood case at the bound`(extraction: FactorExtraction) throws {
    let r = Matrix(rows: [[1, 0.8, 0.8, 0.5], [0.8, 1, 0.4, 0.4], [0.8, 0.4, 1, 0.4], [0.5, 0.4, 0.4, 1]])
    let solution = try FactorAnalysis(factors: 1, extraction: extraction).fit(correlation: r)
    #expect(solution.isHeywood)
    expectClose(solution.uniquenesses[0], 0.005, relative: 1e-9)
    #expect(solution.fit == nil)
  }

  @Test func `what can't be identified or factored is refused`() {
    let r = FactorNumberTests.equicorrelation(4, 0.5)
    #expect(throws: NumericsError.invalidInput("4 variables can identify at most 1 factors, not 2")) {
      try FactorAnalysis(factors: 2).fit(correlation: r)
    }
    #expect(throws: NumericsError.invalidInput("0 factors; at least 1 is needed")) {
      try FactorAnalysis(factors: 0).fit(correlation: r)
    }
    let fewRows = "3 observations of 4 variables: factors need more observations than variables; leave variables out"
    #expect(throws: NumericsError.invalidInput(fewRows)) {
      try FactorAnalysis(factors: 1).fit(correlation: r, observations: 3)
    }
  }

  @Test func `what isn't a correlation matrix is refused by name`() {
    func message(_ change: (inout Matrix) -> Void) -> String {
      var r = FactorNumberTests.equicorrelation(4, 0.5)
      change(&r)
      let error = #expect(throws: NumericsError.self) {
        try FactorAnalysis(factors: 1).fit(correlation: r, names: ["a", "b", "c", "d"])
      }
      return error?.description ?? ""
    }
    let undefined = "the correlation of 'b' with 'c' isn't a finite number; leave constant columns out"
    #expect(message { $0[1, 2] = .nan } == undefined)
    #expect(message { $0[3, 3] = 4 } == "'d' has 4.0 on the diagonal, expected 1; scale covariances to correlations")
    #expect(message { $0[0, 1] = 0.4 } == "the correlation of 'a' with 'b' is 0.4 in one place and 0.5 in the other")
    #expect(message { ($0[0, 1], $0[1, 0]) = (1, 1) }.hasPrefix("'b' repeats 'a': correlations are singular"))
  }

  // ((p − m)² − (p + m)) / 2: p = 6 gives 9, 4, 0 for 1, 2, 3 factors.
  @Test func `degrees of freedom and Ledermann's bound, worked by hand`() {
    #expect((1...3).map { FactorAnalysis.degreesOfFreedom(variables: 6, factors: $0) } == [9, 4, 0])
    #expect([2, 3, 4, 5, 6, 9].map { FactorAnalysis.largestNumberOfFactors(variables: $0) } == [0, 1, 1, 2, 3, 5])
  }

  @Test func `the order of variables doesn't matter`() throws {
    let planted = Matrix(rows: [[0.8, 0.1], [0.7, 0], [0.6, 0.2], [0.1, 0.9], [0, 0.65], [0.2, 0.5], [0.3, 0.4]])
    var r = Self.model(planted, Matrix.identity(2))
    // A little noise, so that the minimum isn't zero.
    r[0, 1] += 0.03
    r[1, 0] += 0.03
    let order = [6, 2, 4, 0, 5, 1, 3]
    let one = try FactorAnalysis(factors: 2).fit(correlation: r)
    let other = try FactorAnalysis(factors: 2).fit(correlation: r.selecting(rows: order).selecting(columns: order))
    expectClose(other.loadings.elements, one.loadings.selecting(rows: order).elements, absolute: 1e-6)
  }
}
