import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FactorNumberTests {
  static func equicorrelation(_ p: Int, _ r: Double) -> Matrix {
    var result = Matrix(rows: p, columns: p, repeating: r)
    for i in 0..<p { result[i, i] = 1 }
    return result
  }

  // The inverse of [[1, r], [r, 1]] has off-diagonal −r/(1 − r²), so the "partial" correlation is r itself: half is shared.
  @Test func `KMO of two variables is one half`() throws {
    let adequacy = try SamplingAdequacy(correlation: Self.equicorrelation(2, 0.6))
    expectClose(try #require(adequacy.overall), 0.5, relative: 1e-14)
    expectClose(adequacy.byVariable.compactMap(\.self), [0.5, 0.5], relative: 1e-14)
    expectClose(adequacy.squaredMultipleCorrelations, [0.36, 0.36], relative: 1e-14)
  }

  @Test func `without correlations there is no KMO`() throws {
    var identity = Matrix.identity(4)
    let none = try SamplingAdequacy(correlation: identity)
    #expect(none.overall == nil && none.byVariable == [nil, nil, nil, nil])
    expectClose(none.squaredMultipleCorrelations, [0, 0, 0, 0], absolute: 0)
    // What rounding leaves of them is no correlation either.
    (identity[0, 1], identity[1, 0]) = (1e-16, 1e-16)
    let rounded = try SamplingAdequacy(correlation: identity)
    #expect(rounded.overall == nil && rounded.byVariable == [nil, nil, nil, nil])
    (identity[0, 1], identity[1, 0]) = (1e-6, 1e-6)
    expectClose(try #require(SamplingAdequacy(correlation: identity).overall), 0.5, relative: 1e-9)
  }

  // The fourth variable by itself changes nothing for the others: three that correlate at 0.6.
  @Test func `KMO and minimum average partial beside a variable that correlates with no other`() throws {
    let three = Self.equicorrelation(3, 0.6)
    var r = Matrix.identity(4)
    for i in 0..<3 {
      for j in 0..<3 { r[i, j] = three[i, j] }
    }
    let (own, all) = (try SamplingAdequacy(correlation: three), try SamplingAdequacy(correlation: r))
    expectClose(try #require(all.overall), try #require(own.overall), relative: 1e-14)
    #expect(all.byVariable[3] == nil && all.byVariable.compactMap(\.self).count == 3)
    // The first component leaves partial correlations of −½ in 6 of 12 pairs; the second is the fourth variable, and leaves
    // those 6 pairs.
    let partial = try MinimumAveragePartial(correlation: r)
    expectClose(partial.withoutComponents, 0.18, relative: 1e-12)
    expectClose(partial.values, [0.125, 0.25], relative: 1e-9)
    #expect(partial.factors == 1)
    let none = try MinimumAveragePartial(correlation: Matrix.identity(5))
    #expect(none.factors == 0 && none.values == [0, 0, 0])
  }

  // |R| = 1 − r², so χ² = −(n − 1 − 9/6) log(1 − r²) with one degree of freedom.
  @Test func `Bartlett's test of two variables, worked by hand`() throws {
    let test = try SphericityTest(correlation: Self.equicorrelation(2, 0.5), observations: 40)
    expectClose(test.chiSquare, -(39 - 1.5) * log(0.75), relative: 1e-14)
    expectClose(test.determinant, 0.75, relative: 1e-14)
    #expect(test.degreesOfFreedom == 1)
    expectClose(test.pValue, erfc((test.chiSquare / 2).squareRoot()), relative: 1e-10)
  }

  // Equal correlations r: without components the mean square is r²; the first component takes 1/√p each, and what is left
  // is proportional to I − 11ᵀ/p, whose correlations are −1/(p − 1).
  @Test func `minimum average partial of equal correlations, worked by hand`() throws {
    let map = try MinimumAveragePartial(correlation: Self.equicorrelation(5, 0.6))
    expectClose(map.withoutComponents, 0.36, relative: 1e-14)
    expectClose(map.values[0], 1.0 / 16, relative: 1e-12)
    #expect(map.factors == 1 && map.values.count == 3)
    let nothing = try MinimumAveragePartial(correlation: Matrix.identity(4))
    #expect(nothing.factors == 0 && nothing.withoutComponents == 0)
  }

  @Test func `random eigenvalues sum to the number of variables, and threads don't show`() throws {
    let r = Self.equicorrelation(6, 0.4)
    let one = try ParallelAnalysis(draws: 200, seed: 3, threads: 1).run(correlation: r, observations: 60)
    let three = try ParallelAnalysis(draws: 200, seed: 3, threads: 3).run(correlation: r, observations: 60)
    #expect(one == three)
    expectClose(one.components.means.reduce(0, +), 6, relative: 1e-12)
    #expect(one.components.count == 1 && one.factors.count == 1)
    let other = try ParallelAnalysis(draws: 200, seed: 4).run(correlation: r, observations: 60)
    #expect(other != one)
  }

  // For two independent variables the eigenvalues are 1 ± |r|, and E r² = 1/(n − 1), so the mean of |r| is below √(1/19).
  @Test func `random correlations of two variables have the right size`() throws {
    let result = try ParallelAnalysis(draws: 4000, seed: 1).run(
      correlation: Matrix.identity(2), observations: 20)
    // E|r| = Γ((n−1)/2) / (√π Γ(n/2)) for n − 2 degrees of freedom: Γ(9.5)/(√π Γ(10)).
    let expected = exp(lgamma(9.5) - lgamma(10)) / Double.pi.squareRoot()
    expectClose(result.components.means[0] - 1, expected, absolute: 5 * 0.14 / 4000.0.squareRoot())
  }

  @Test func `parallel analysis needs more observations than variables`() {
    #expect(throws: NumericsError.self) {
      try ParallelAnalysis(draws: 10).run(correlation: Matrix.identity(5), observations: 5)
    }
  }

  @Test func `every eigenvalue may exceed chance only up to the first that fails`() {
    let comparison = ParallelAnalysis.Comparison(
      eigenvalues: [3, 1, 1.2], thresholds: [1.5, 1.1, 0.9], means: [1.2, 1, 0.8])
    #expect(comparison.count == 1)
  }

  // c = a + b: what depends on what is said by name, or by place where names aren't known.
  @Test func `dependent variables are named`() throws {
    let half = 0.5.squareRoot()
    let r = Matrix(rows: [[1, 0, half, 0], [0, 1, half, 0], [half, half, 1, 0], [0, 0, 0, 1]])
    let names = ["a", "b", "c", "d"]
    let named =
      "'c' is determined by 'a' and 'b': correlations are singular, and have no likelihood and no fit; "
      + "leave one of them out"
    let placed = "column 3 is determined by column 1 and column 2"
    #expect(throws: NumericsError.invalidInput(named)) { try SamplingAdequacy(correlation: r, names: names) }
    #expect(throws: NumericsError.invalidInput(named)) {
      try ParallelAnalysis(draws: 5).run(correlation: r, observations: 50, names: names)
    }
    do {
      _ = try SamplingAdequacy(correlation: r)
      Issue.record("a singular matrix has an adequacy")
    } catch {
      #expect(error.description.hasPrefix(placed), "\(error)")
    }
  }
}
