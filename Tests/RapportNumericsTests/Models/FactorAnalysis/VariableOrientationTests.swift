import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct VariableOrientationTests {
  static func correlation(_ signs: [Double]) -> Matrix {
    var r = FactorNumberTests.equicorrelation(signs.count, 0.4)
    for j in signs.indices {
      for i in signs.indices { r[i, j] *= signs[i] * signs[j] }
    }
    return r
  }

  @Test func `the fewer are turned round, and of as many those that don't go with the first`() throws {
    #expect(try VariableOrientation(correlation: Self.correlation([1, -1, 1, 1])).reversed == [1])
    #expect(try VariableOrientation(correlation: Self.correlation([-1, -1, 1, -1])).reversed == [2])
    #expect(try VariableOrientation(correlation: Self.correlation([-1, 1, 1, -1])).reversed == [1, 2])
    #expect(try VariableOrientation(correlation: Matrix.identity(3)).reversed.isEmpty)
  }

  // Two correlated factors, the second's variables partly turned round: what rests on oriented variables stays.
  @Test func `turning variables round changes neither α nor ω`() throws {
    let loadings = Matrix(columns: [[0.8, 0.7, 0.6, 0, 0, 0], [0, 0, 0, 0.8, 0.7, 0.6]])
    let phi = FactorNumberTests.equicorrelation(2, 0.5)
    var r = (loadings * phi).timesTransposed(loadings)
    for i in 0..<6 { r[i, i] = 1 }
    let plain = try SchmidLeiman(correlation: r, loadings: loadings, factorCorrelations: phi)
    let alpha = try #require(Reliability.alpha(covariance: r))
    for signs in [[1.0, 1, 1, -1, -1, -1], [1, -1, 1, -1, 1, 1], [-1, -1, -1, -1, -1, 1]] {
      let turned = Matrix.diagonal(signs) * r * Matrix.diagonal(signs)
      let orientation = try VariableOrientation(correlation: turned)
      let own = orientation.applied(to: Matrix.diagonal(signs) * loadings, factorCorrelations: phi)
      let found = try SchmidLeiman(
        correlation: orientation.applied(to: turned), loadings: own.loadings, factorCorrelations: own.factorCorrelations
      )
      expectClose(found.omegaTotal, plain.omegaTotal, relative: 1e-12)
      expectClose(try #require(found.omegaHierarchical), try #require(plain.omegaHierarchical), relative: 1e-12)
      expectClose(
        try #require(Reliability.alpha(covariance: orientation.applied(to: turned))), alpha, relative: 1e-12)
    }
  }
}
