import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FactorScoresTests {
  static let loadings = Matrix(rows: [[0.8, 0], [0.7, 0.1], [0.6, 0], [0, 0.9], [0.1, 0.65], [0, 0.5]])
  static let phi = Matrix(rows: [[1, 0.3], [0.3, 1]])
  static var correlation: Matrix { FactorAnalysisTests.model(loadings, phi) }

  // One factor: ρ² = s / (1 + s) with s = Σ λ²/ψ; λ = 0.9, 0.8, 0.7 gives s = 0.81/0.19 + 0.64/0.36 + 0.49/0.51.
  @Test func `determinacy of one factor, worked by hand`() throws {
    let single = Matrix(rows: [[0.9], [0.8], [0.7]])
    let r = FactorAnalysisTests.model(single, Matrix.identity(1))
    let scores = try FactorScores(.regression, correlation: r, loadings: single, factorCorrelations: Matrix.identity(1))
    let s = 0.81 / 0.19 + 0.64 / 0.36 + 0.49 / 0.51
    expectClose(scores.determinacy, [(s / (1 + s)).squareRoot()], relative: 1e-12)
    expectClose(scores.guttman, [2 * s / (1 + s) - 1], relative: 1e-12)
    // Weights are λ/ψ over 1 + s.
    expectClose(scores.weights.column(0), [0.9 / 0.19, 0.8 / 0.36, 0.7 / 0.51].map { $0 / (1 + s) }, relative: 1e-12)
  }

  @Test func `Bartlett's weights are unbiased: WᵀΛ is the identity`() throws {
    let scores = try FactorScores(
      .bartlett, correlation: Self.correlation, loadings: Self.loadings, factorCorrelations: Self.phi)
    expectClose(scores.weights.transposedTimes(Self.loadings).elements, [1, 0, 0, 1], absolute: 1e-12)
  }

  @Test func `ten Berge's scores have the factors' correlations: WᵀRW is Φ`() throws {
    let scores = try FactorScores(
      .tenBerge, correlation: Self.correlation, loadings: Self.loadings, factorCorrelations: Self.phi)
    let covariance = scores.weights.transposedTimes(Self.correlation * scores.weights)
    expectClose(covariance.elements, Self.phi.elements, absolute: 1e-12)
  }

  @Test func `Anderson and Rubin's scores are uncorrelated: WᵀRW is the identity`() throws {
    let r = FactorAnalysisTests.model(Self.loadings, Matrix.identity(2))
    let scores = try FactorScores(
      .andersonRubin, correlation: r, loadings: Self.loadings, factorCorrelations: Matrix.identity(2))
    expectClose(scores.weights.transposedTimes(r * scores.weights).elements, [1, 0, 0, 1], absolute: 1e-12)
    #expect(throws: NumericsError.self) {
      try FactorScores(
        .andersonRubin, correlation: Self.correlation, loadings: Self.loadings, factorCorrelations: Self.phi)
    }
  }

  @Test func `scores are weighted standardised values`() throws {
    let scores = try FactorScores(
      .regression, correlation: Self.correlation, loadings: Self.loadings, factorCorrelations: Self.phi)
    let rows = Matrix(rows: [[3, 5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 5]])
    let result = scores.scores(
      rows, means: [Double](repeating: 5, count: 6), deviations: [2, 1, 1, 1, 1, 1])
    expectClose(result.row(0), scores.weights.row(0).map { -$0 }, relative: 1e-14)
    expectClose(result.row(1), [0, 0], absolute: 1e-15)
  }

  @Test func `dependent variables have no scores`() {
    #expect(throws: NumericsError.self) {
      try FactorScores(
        .regression, correlation: FactorNumberTests.equicorrelation(6, 1), loadings: Self.loadings,
        factorCorrelations: Self.phi)
    }
    #expect(throws: NumericsError.self) {
      try FactorScores(
        .tenBerge, correlation: Self.correlation, loadings: Self.loadings,
        factorCorrelations: FactorNumberTests.equicorrelation(2, 1))
    }
  }
}
