import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct SampleMomentsTests {
  // x = 1, 2, 3 has mean 2 and variance 1; y = 2, 2, 5 has mean 3 and variance 3; Σ (x − 2)(y − 3) = 3, so covariance 3/2
  // and correlation 1.5/√3 = 0.866.
  @Test func `complete rows, worked by hand`() throws {
    let moments = try SampleMoments(complete: Matrix(rows: [[1, 2], [2, 2], [3, 5]]))
    #expect(moments.means == [2, 3])
    expectClose(moments.covariance.elements, [1, 1.5, 1.5, 3], relative: 1e-15)
    expectClose(moments.correlation[0, 1], 1.5 / 3.0.squareRoot(), relative: 1e-15)
    #expect(moments.treatment == .complete && moments.observations == 3 && moments.smallestPairCount == 3)
  }

  @Test func `a large mean costs no digits`() throws {
    let small = try SampleMoments(complete: Matrix(rows: [[1, 2], [2, 2], [3, 5], [7, 1]]))
    let large = try SampleMoments(
      complete: Matrix(rows: [[1, 2], [2, 2], [3, 5], [7, 1]].map { $0.map { $0 + 1e9 } }))
    expectClose(large.covariance.elements, small.covariance.elements, relative: 1e-12)
  }

  @Test func `what can't have moments is refused`() {
    #expect(throws: NumericsError.self) { try SampleMoments(complete: Matrix(rows: [[1, 2]])) }
    #expect(throws: NumericsError.self) { try SampleMoments(complete: Matrix(rows: [[1, .nan], [2, 3]])) }
    #expect(throws: NumericsError.invalidInput("column 2 is constant; leave it out")) {
      try SampleMoments(complete: Matrix(rows: [[1, 4], [2, 4], [3, 4]]))
    }
    #expect(throws: NumericsError.invalidInput("column 1 has 1 values; at least 2 are needed")) {
      try SampleMoments(missing: [[1, 2], [nil, 3], [nil, 5]])
    }
    #expect(throws: NumericsError.invalidInput("columns 1 and 2 have 1 rows in common; at least 2 are needed")) {
      try SampleMoments(pairwise: [[1, nil], [2, 4], [nil, 5]])
    }
    #expect(throws: NumericsError.self) { try SampleMoments(pairwise: [[1, 5], [1, 6], [2, nil]]) }
    let ragged: [[Double?]] = [[1, 2, 3], [2, nil, 1], [4, 1]]
    let refusal = NumericsError.invalidInput("row 3 has 2 values, expected 3 as in row 1")
    #expect(throws: refusal) { try SampleMoments(missing: ragged) }
    #expect(throws: refusal) { try SampleMoments(pairwise: ragged) }
    #expect(throws: NumericsError.self) { try SampleMoments(missing: [[1, 2], [2, 1], [3]]) }
  }

  // Halves and doubles are exact, so a unit of 2¹⁰⁰⁰ or 2⁻¹⁰⁰⁰ changes no digit.
  @Test func `values near the ends of the range of numbers`() throws {
    let rows = [[1.0, 2, 7], [2, 2, 1], [3, 5, 4]]
    let plain = try SampleMoments(complete: Matrix(rows: rows))
    let units = [-1000, 0, 1000].map { Double(sign: .plus, exponent: $0, significand: 1) }
    let scaled = try SampleMoments(complete: Matrix(rows: rows) * Matrix.diagonal(units))
    #expect(scaled.correlation == plain.correlation)
    #expect(scaled.means == zip(plain.means, units).map { $0 * $1 })
    #expect(scaled.deviations == zip(plain.deviations, units).map { $0 * $1 })
    // Variances beyond the range are 0 or infinite.
    #expect(scaled.covariance.diagonal == [0, plain.covariance[1, 1], .infinity])
    for gap in [0, 1] {
      var gaps: [[Double?]] = rows
      gaps[gap][1] = nil
      let units: [[Double?]] = gaps.map { row in row.indices.map { j in row[j].map { $0 * units[j] } } }
      #expect(try SampleMoments(pairwise: units).correlation == SampleMoments(pairwise: gaps).correlation)
    }
  }

  @Test func `columns are named, and what ails them is told`() {
    func message(_ rows: [[Double?]]) -> String {
      #expect(throws: NumericsError.self) { try SampleMoments(missing: rows, names: ["a", "b"]) }?.description ?? ""
    }
    let varies = "'b' varies by less than 1e-12 of its size, which may be rounding; subtract its mean, or leave it out"
    // Without a gap, and with one.
    for a: Double? in [3, nil] {
      #expect(message([[1, 4e-160], [2, 4e-160], [a, 4e-160]]) == "'b' is constant; leave it out")
      #expect(message([[1, 1e20], [2, 1e20.nextUp], [a, 1e20]]) == varies)
      let infinite = "'b' has inf as value 1, which isn't a finite number; leave it out"
      #expect(message([[1, .infinity], [2, 3], [a, 8]]) == infinite)
    }
    #expect(message([[1, nil], [2, 4], [nil, 5]]) == "'a' and 'b' have 1 rows in common; at least 2 are needed")
  }

  // What is missing of d = a + b is filled in ever more exactly, and its own variance shrinks without end.
  @Test func `a sum of others with gaps is named`() throws {
    let rows: [[Double?]] = (0..<60).map { i in
      var stream = RandomStream(seed: 6, purpose: "dependent gaps test", unit: UInt64(i))
      let (a, b) = (stream.normal(), stream.normal())
      return [a, i % 7 == 0 ? nil : b, i % 5 == 0 ? nil : a + b]
    }
    let error = #expect(throws: NumericsError.self) {
      let moments = try SampleMoments(missing: rows, names: ["a", "b", "d"])
      _ = try FactorAnalysis(factors: 1).fit(correlation: moments.correlation, names: ["a", "b", "d"])
    }
    #expect(error?.description.hasPrefix("'d' is determined by 'a' and 'b'") == true, "\(error?.description ?? "")")
  }

  // Rows 1–3 have both: x 1, 2, 3 and y 2, 2, 5, correlation 1.5/√3 as above. y has mean (2 + 2 + 5 + 3)/4 = 3.
  @Test func `pairwise, worked by hand`() throws {
    let moments = try SampleMoments(pairwise: [[1, 2], [2, 2], [3, 5], [nil, 3], [nil, nil]])
    expectClose(moments.correlation[1, 0], 1.5 / 3.0.squareRoot(), relative: 1e-14)
    expectClose(moments.means, [2, 3], relative: 1e-15)
    #expect(moments.observations == 4 && moments.smallestPairCount == 3 && moments.treatment == .pairwise)
  }

  // Anderson (1957): when only y has gaps, the likelihood factors. The rows with both give y = a + b x; then
  // mean y = ȳ + b (mean of all x − x̄) and var y = s_yy + b² (variance of all x − s_xx), all with divisor n.
  // x = 0, 1, 2, 3, 4, 8 and y = 1, 1, 4, 6 for the first four: x̄ = 1.5, ȳ = 3, s_xx = 5/4, s_xy = 9/4, b = 9/5,
  // s_yy = 4.5; all x have mean 3 and variance (94 − 54)/6 = 20/3.
  @Test func `expectation–maximization reaches the closed form of one gap`() throws {
    let rows: [[Double?]] = [[0, 1], [1, 1], [2, 4], [3, 6], [4, nil], [8, nil]]
    let moments = try SampleMoments(missing: rows, tolerance: 1e-13)
    let slope = 9.0 / 5
    expectClose(moments.means, [3, 3 + slope * 1.5], relative: 1e-10)
    let variance = 20.0 / 3
    expectClose(moments.covariance[0, 0], variance, relative: 1e-10)
    expectClose(moments.covariance[0, 1], slope * variance, relative: 1e-10)
    expectClose(moments.covariance[1, 1], 4.5 + slope * slope * (variance - 1.25), relative: 1e-10)
    #expect(moments.treatment == .expectationMaximization)
    let search = try #require(moments.search)
    #expect(search.converged && search.iterations! > 1 && search.evaluations >= search.iterations!)
    #expect(search.gradientNorm! < 1e-9)
    #expect(moments.observations == 6 && moments.smallestPairCount == 4)
  }

  @Test func `without gaps, the moments of complete rows`() throws {
    let rows: [[Double?]] = [[1, 2], [2, 2], [3, 5], [nil, nil]]
    let moments = try SampleMoments(missing: rows)
    #expect(moments == (try SampleMoments(complete: Matrix(rows: [[1, 2], [2, 2], [3, 5]]))))
  }

  // Each pair of three columns is measured together in a tenth of the rows: an independent EM without extrapolation (numpy)
  // needed 370 steps on data of this design.
  @Test func `heavy gaps still converge, to a stationary point`() throws {
    var stream = RandomStream(seed: 4, purpose: "heavy gaps test")
    let rows: [[Double?]] = (0..<600).map { i in
      let f = stream.normal()
      let x = (0..<3).map { _ in 0.8 * f + 0.6 * stream.normal() }
      if i % 10 < 7 { return (0..<3).map { $0 == i % 3 ? x[$0] : nil } }
      return (0..<3).map { $0 == i % 3 ? nil : x[$0] }
    }
    let moments = try SampleMoments(missing: rows, tolerance: 1e-12)
    #expect(moments.search!.iterations! < 250 && moments.search!.gradientNorm! < 1e-9)
    for (i, j) in [(1, 0), (2, 0), (2, 1)] { #expect(abs(moments.correlation[i, j] - 0.64) < 0.15) }
    // A start's end is a start's stationary point: the same from rows in another order.
    let reversed = try SampleMoments(missing: rows.reversed(), tolerance: 1e-12)
    expectClose(moments.covariance.elements, reversed.covariance.elements, relative: 1e-9)
  }

  @Test func `too few steps are an error, not an answer`() {
    let rows: [[Double?]] = [[0, 1], [1, 1], [2, 4], [3, 6], [4, nil], [8, nil]]
    #expect(throws: NumericsError.self) { try SampleMoments(missing: rows, maximumIterations: 2) }
  }

  // Values that go missing by what is measured beside them: rows that remain are a biased sample, EM isn't.
  @Test func `values missing at random leave the correlation unbiased`() throws {
    var stream = RandomStream(seed: 1, purpose: "missing at random test")
    var full: [[Double]] = []
    var gaps: [[Double?]] = []
    for _ in 0..<4000 {
      let x = stream.normal()
      let y = 0.8 * x + 0.6 * stream.normal()
      full.append([x, y])
      gaps.append([x, x > 0.3 ? nil : y])
    }
    let complete = try SampleMoments(complete: Matrix(rows: full))
    let estimated = try SampleMoments(missing: gaps)
    let remaining = try SampleMoments(pairwise: gaps)
    #expect(abs(estimated.correlation[0, 1] - complete.correlation[0, 1]) < 0.03)
    #expect(abs(remaining.correlation[0, 1] - complete.correlation[0, 1]) > 0.1)
  }
}
