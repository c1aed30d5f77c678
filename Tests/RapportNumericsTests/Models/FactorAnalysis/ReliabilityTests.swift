import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ReliabilityTests {
  // Three variables, variance 1, covariances 0.5: α = 3/2 · (1 − 3/6) = 0.75.
  @Test func `alpha, worked by hand`() {
    expectClose(Reliability.alpha(covariance: FactorNumberTests.equicorrelation(3, 0.5))!, 0.75, relative: 1e-15)
    #expect(Reliability.alpha(covariance: Matrix.identity(1)) == nil)
    #expect(Reliability.alpha(covariance: FactorNumberTests.equicorrelation(2, -1)) == nil)
  }

  @Test func `halves and attenuation, worked by hand`() {
    expectClose(Reliability.spearmanBrown(halfCorrelation: 0.5), 2.0 / 3, relative: 1e-15)
    #expect(Reliability.spearmanBrown(halfCorrelation: -0.2) == 0)
    // x = 1, 2, 3 and y = 2, 2, 5 correlate at √3/2; the fourth row lacks a half.
    let r = 3.0.squareRoot() / 2
    let halves: (first: [Double?], second: [Double?]) = ([1, 2, 3, nil], [2, 2, 5, 1])
    expectClose(Reliability.splitHalf([halves], needed: 3)!, 2 * r / (1 + r), relative: 1e-14)
    #expect(Reliability.splitHalf([halves], needed: 4) == nil)
    let constant: (first: [Double?], second: [Double?]) = ([1, 1, 1], [2, 2, 5])
    #expect(Reliability.splitHalf([constant], needed: 3) == nil)
    // Correlations are averaged before they are stepped up; a split that has none is left out.
    let opposite: (first: [Double?], second: [Double?]) = ([1, 2, 3, nil], [-2, -2, -5, 1])
    expectClose(
      Reliability.splitHalf([halves, constant, opposite, halves], needed: 3)!, 2 * (r / 3) / (1 + r / 3),
      relative: 1e-14)
    let corrected = Reliability.disattenuated(
      correlation: FactorNumberTests.equicorrelation(2, 0.3), reliabilities: [0.5, 0.72])
    expectClose(corrected!.elements, [1, 0.5, 0.5, 1], relative: 1e-14)
    #expect(
      Reliability.disattenuated(
        correlation: FactorNumberTests.equicorrelation(2, 0.9), reliabilities: [0.5, 0.5])![0, 1] == 1)
    #expect(
      Reliability.disattenuated(correlation: Matrix.identity(2), reliabilities: [0, 0.5]) == nil)
  }

  // One factor λ = 0.8, 0.7, 0.6: V = 3 + 2 (0.56 + 0.48 + 0.42) = 5.92 and (Σ λ)² = 4.41, so both ω are 4.41/5.92.
  @Test func `omega of one factor, worked by hand`() throws {
    let loadings = Matrix(rows: [[0.8], [0.7], [0.6]])
    let parts = try SchmidLeiman(
      correlation: FactorAnalysisTests.model(loadings, Matrix.identity(1)), loadings: loadings,
      factorCorrelations: Matrix.identity(1))
    expectClose(parts.omegaTotal, 4.41 / 5.92, relative: 1e-14)
    expectClose(parts.omegaHierarchical!, 4.41 / 5.92, relative: 1e-14)
    expectClose(parts.explainedCommonVariance!, 1, relative: 1e-14)
  }

  // Two factors that correlate at 0.25: each loads √0.25 = 0.5 on the general one, so variables load 0.8 · 0.5 = 0.4.
  @Test func `a general factor above two, worked by hand`() throws {
    let loadings = Matrix(rows: [[0.8, 0], [0.8, 0], [0, 0.8], [0, 0.8]])
    let phi = Matrix(rows: [[1, 0.25], [0.25, 1]])
    let r = FactorAnalysisTests.model(loadings, phi)
    let parts = try SchmidLeiman(correlation: r, loadings: loadings, factorCorrelations: phi)
    expectClose(parts.generalLoadings, [0.4, 0.4, 0.4, 0.4], relative: 1e-14)
    expectClose(parts.groupLoadings[0, 0], 0.8 * 0.75.squareRoot(), relative: 1e-14)
    // V = 4 + 2 · 2 · 0.64/… : pairs within 0.64 twice each, across 0.16 eight times: 4 + 4 · 0.64 + 8 · 0.16 = 7.84.
    expectClose(parts.omegaHierarchical!, 1.6 * 1.6 / (4 + 4 * 0.64 + 8 * 0.16), relative: 1e-14)
    expectClose(parts.explainedCommonVariance!, 4 * 0.16 / (4 * 0.64), relative: 1e-14)
    let opposed = Matrix(rows: [[1, -0.25], [-0.25, 1]])
    let none = try SchmidLeiman(
      correlation: FactorAnalysisTests.model(loadings, opposed), loadings: loadings, factorCorrelations: opposed)
    #expect(none.omegaHierarchical == nil && none.explainedCommonVariance == nil && none.generalLoadings.isEmpty)
  }

  // A factor fitted to correlations of nothing may be any: ω_h of 0.04 and of 1e-3 were told of the same factors.
  @Test(arguments: [0, 1e-16, -3e-12]) func `uncorrelated factors have no general one`(noise: Double) throws {
    for m in [2, 3, 4] {
      var loadings = Matrix(rows: 3 * m, columns: m)
      for i in 0..<(3 * m) { loadings[i, i / 3] = 0.7 }
      var phi = Matrix.identity(m)
      (phi[0, 1], phi[1, 0]) = (noise, noise)
      let parts = try SchmidLeiman(
        correlation: FactorAnalysisTests.model(loadings, phi), loadings: loadings, factorCorrelations: phi)
      #expect(parts.omegaHierarchical == nil && parts.explainedCommonVariance == nil && parts.secondOrder.isEmpty)
      // Each three have V = 3 + 6 · 0.49, of which 3 · 0.51 is their own.
      expectClose(parts.omegaTotal, (5.94 - 1.53) / 5.94, relative: 1e-10)
    }
  }

  @Test func `where nothing is common, no share of it is general`() throws {
    let parts = try SchmidLeiman(
      correlation: Matrix.identity(3), loadings: Matrix(rows: 3, columns: 1), factorCorrelations: Matrix.identity(1))
    #expect(parts.explainedCommonVariance == nil && parts.omegaTotal == 0)
  }

  // Factor correlations of exactly one general factor g = 0.9, 0.8, 0.7.
  @Test func `a general factor above three`() throws {
    let g = Matrix(rows: [[0.9], [0.8], [0.7]])
    let phi = FactorAnalysisTests.model(g, Matrix.identity(1))
    var loadings = Matrix(rows: 9, columns: 3)
    for i in 0..<9 { loadings[i, i / 3] = 0.7 }
    let parts = try SchmidLeiman(
      correlation: FactorAnalysisTests.model(loadings, phi), loadings: loadings, factorCorrelations: phi)
    expectClose(parts.secondOrder, [0.9, 0.8, 0.7], relative: 1e-6)
    expectClose(parts.generalLoadings[8], 0.49, relative: 1e-6)
  }
}
