import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct VerySimpleStructureTests {
  @Test func `the largest loadings of a row stay, the first of equals`() {
    let loadings = Matrix(rows: [[0.8, -0.1, 0.3], [0.2, -0.5, 0.5], [0, 0.1, 0.4]])
    #expect(
      VerySimpleStructure.simplified(loadings, complexity: 1)
        == Matrix(rows: [[0.8, 0, 0], [0, -0.5, 0], [0, 0, 0.4]]))
    #expect(
      VerySimpleStructure.simplified(loadings, complexity: 2)
        == Matrix(rows: [[0.8, 0, 0.3], [0, -0.5, 0.5], [0, 0.1, 0.4]]))
    #expect(VerySimpleStructure.simplified(loadings, complexity: 3) == loadings)
  }

  // Two uncorrelated clusters are simple already: only uniquenesses remain, 1 − Σ ψ² / Σ r².
  @Test func `two clusters, worked by hand`() throws {
    let planted = Matrix(rows: [[0.8, 0], [0.7, 0], [0.6, 0], [0.75, 0], [0, 0.9], [0, 0.65], [0, 0.5]])
    let r = FactorAnalysisTests.model(planted, Matrix.identity(2))
    let structure = try VerySimpleStructure(correlation: r, limit: 5)
    let left = planted.outerCrossProduct.diagonal.reduce(0) { $0 + (1 - $1) * (1 - $1) }
    let expected = 1 - left / dot(r.elements, r.elements)
    expectClose(try #require(structure.fits[0][1]), expected, absolute: 1e-6)
    expectClose(try #require(structure.fits[1][1]), expected, absolute: 1e-6)
    #expect(structure.fits[1][0] == nil, "one factor has no second loading")
    // Seven variables identify three factors.
    #expect(structure.fits[0][3] == nil && structure.fits[0][4] == nil)
    #expect(structure.factors(complexity: 1) == 2 && structure.factors(complexity: 3) == nil)
  }
}
