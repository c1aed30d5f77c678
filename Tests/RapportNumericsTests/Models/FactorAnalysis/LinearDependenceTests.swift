import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LinearDependenceTests {
  // a, b and c uncorrelated with variance 1, d = a + b + c with variance 3: d correlates at 1/√3 with each, and that is β.
  @Test func `a sum of others, worked by hand`() throws {
    let r = 1 / 3.0.squareRoot()
    var correlation = Matrix.identity(4)
    for i in 0..<3 { (correlation[i, 3], correlation[3, i]) = (r, r) }
    let found = LinearDependence.all(in: correlation)
    #expect(found.count == 1 && found[0].variable == 3 && found[0].others == [0, 1, 2])
    expectClose(found[0].coefficients, [r, r, r], relative: 1e-14)
    expectClose(found[0].unexplained, 0, absolute: 1e-15)
    #expect(
      found[0].description(names: ["a", "b", "c", "d"])
        == "'d' is determined by 'a', 'b' and 'c': correlations are singular, and have no likelihood and no fit; "
        + "leave one of them out")
    #expect(found[0].description(names: []).hasPrefix("column 4 is determined by column 1, column 2 and column 3:"))
  }

  @Test func `what doesn't matter isn't named, and several are found`() {
    // a, b; c = −a; d = b; e stands by itself.
    var r = Matrix.identity(5)
    (r[0, 2], r[2, 0], r[1, 3], r[3, 1]) = (-1, -1, 1, 1)
    let found = LinearDependence.all(in: r)
    #expect(found.map(\.variable) == [2, 3] && found.map(\.others) == [[0], [1]])
    let names = ["a", "b", "c", "d", "e"]
    #expect(found[0].description(names: names).hasPrefix("'c' repeats 'a' with the opposite sign:"))
    for p in [0, 3] { #expect(LinearDependence.all(in: Matrix.identity(p)).isEmpty) }
  }

  // b = 0.999 a + noise: 1 − 0.999² = 0.001999 of its variance is left.
  @Test func `a share that is left is told`() {
    let r = FactorNumberTests.equicorrelation(2, 0.999)
    #expect(LinearDependence.all(in: r).isEmpty)
    let found = LinearDependence.all(in: r, leaving: 0.005)
    expectClose(found.map(\.unexplained), [0.001999], relative: 1e-10)
    #expect(
      found[0].description(names: ["a", "b"])
        == "'b' is determined by 'a' but for 0.2 % of its variance; leave one of them out")
  }

  // a goes with b and with c at 0.9, so b and c must go together: −0.9 can't be. 1 − R² of c is |R| / (1 − 0.81)
  // = (1 − 3 · 0.81 − 2 · 0.729) / 0.19 = −15.2.
  @Test func `impossible correlations are told apart`() throws {
    let r = Matrix(rows: [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    let found = LinearDependence.all(in: r)
    #expect(found.count == 1)
    expectClose(found[0].unexplained, -2.888 / 0.19, relative: 1e-12)
    let text = "no data can have these correlations: 'a' and 'b' would explain more than all of 'c'; "
    #expect(found[0].description(names: ["a", "b", "c"]).hasPrefix(text))
    #expect(throws: NumericsError.self) { try FactorAnalysis(factors: 1).fit(correlation: r) }
  }

  @Test func `long lists are cut short`() throws {
    let rows = (0..<40).map { i in
      var stream = RandomStream(seed: 3, purpose: "dependence test", unit: UInt64(i))
      let x = (0..<9).map { _ in stream.normal() }
      return x + [x.reduce(0, +)]
    }
    let r = try SampleMoments(complete: Matrix(rows: rows)).correlation
    let found = LinearDependence.all(in: r)
    #expect(found.map(\.variable) == [9] && found[0].others.count == 9)
    #expect(found[0].description(names: []).contains("column 5 and 4 more: correlations are singular"))
  }
}
