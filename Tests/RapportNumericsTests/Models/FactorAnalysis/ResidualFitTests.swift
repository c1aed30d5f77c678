import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ResidualFitTests {
  // Loadings of 1/2 make every correlation 1/4. One of six is 0.35 instead: residual 0.1, twice, so s = 0.02; Σ r² off the
  // diagonal is 10 · 0.0625 + 2 · 0.1225 = 0.87. Four variables and one factor leave two degrees of freedom.
  @Test func `one residual, worked by hand`() throws {
    var r = FactorNumberTests.equicorrelation(4, 0.25)
    (r[0, 1], r[1, 0]) = (0.35, 0.35)
    let fit = try FactorFit(
      correlation: r, loadings: Matrix(rows: 4, columns: 1, repeating: 0.5), factorCorrelations: Matrix.identity(1),
      observations: 100)
    let residuals = fit.residuals
    expectClose(residuals.sumOfSquares, 0.02, relative: 1e-13)
    expectClose(residuals.rootMeanSquare, (0.02 / 12).squareRoot(), relative: 1e-13)
    expectClose(residuals.standardizedRootMeanSquare, (0.02 / 20).squareRoot(), relative: 1e-13)
    #expect(fit.srmr == residuals.standardizedRootMeanSquare)
    expectClose(residuals.correctedRootMeanSquare!, (0.02 / 4).squareRoot(), relative: 1e-13)
    expectClose(residuals.empiricalChiSquare, 2, relative: 1e-13)
    expectClose(residuals.empiricalBIC!, 2 - 2 * log(100), relative: 1e-13)
    expectClose(residuals.offDiagonalFit!, 1 - 0.02 / 0.87, relative: 1e-13)
    expectClose(fit.bic! - fit.sabic!, 2 * log(102.0 / 24) - 2 * log(100), relative: 1e-12)
  }

  @Test func `nothing to reproduce, nothing left to free`() throws {
    let none = try FactorFit(
      correlation: Matrix.identity(3), loadings: Matrix(rows: 3, columns: 1), factorCorrelations: Matrix.identity(1),
      observations: 50)
    #expect(none.residuals.offDiagonalFit == nil && none.residuals.sumOfSquares == 0)
    #expect(none.residuals.correctedRootMeanSquare == nil && none.residuals.empiricalBIC == nil && none.sabic == nil)
  }
}
