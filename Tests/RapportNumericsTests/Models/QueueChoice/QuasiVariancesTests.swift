@testable import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct QuasiVariancesTests {
  // Independent effects with a common error: that error is in no difference.
  @Test func `a common error is taken off exactly`() {
    let own = [0.5, 1, 2, 0.1]
    var covariance = Matrix(rows: 4, columns: 4, repeating: 7)
    for i in 0..<4 { covariance[i, i] += own[i] }
    let (values, worst, record) = QuasiVariances.fit(covariance)
    #expect(record?.converged == true)
    for i in 0..<4 { expectClose(values[i], own[i], relative: 1e-5) }
    #expect(worst < 1e-5)
  }

  // Effects against a reference level (its variance 0, its covariances 0) with variances 1/n_i + 1/n_0: q = 1/n.
  @Test func `treatment contrasts of a one-way layout`() {
    let n = [10.0, 20, 5, 40]
    var covariance = Matrix(rows: 4, columns: 4)
    for i in 1..<4 { for j in 1..<4 { covariance[i, j] = 1 / n[0] + (i == j ? 1 / n[i] : 0) } }
    let (values, _, _) = QuasiVariances.fit(covariance)
    for i in 0..<4 { expectClose(values[i], 1 / n[i], relative: 1e-4) }
  }

  @Test func `of two only the sum is known`() {
    let (values, worst, _) = QuasiVariances.fit(Matrix(rows: [[3, 1], [1, 2]]))
    #expect(values == [1.5, 1.5] && worst == 0)
    #expect(QuasiVariances.fit(Matrix(rows: [[4]])).values == [4])
  }
}
