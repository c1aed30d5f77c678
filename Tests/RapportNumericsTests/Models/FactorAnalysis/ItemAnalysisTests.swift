import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ItemAnalysisTests {
  // x = 1, 2, 3, 4 and y = 2, 1, 4, 3: variances 5/3, covariance 1, so C sums to 16/3 and r = 0.6. α = 2 (1 − 10/16).
  // λ₆ = 1 − 2 (1 − 0.36) / 3.2. tr C² = 68/9, 1ᵀC²1 = 2 (8/3)² = 128/9, so the bracket is 16/3 · (68/9 + 100/9)
  // − 20/3 · 128/9 = 128/27, Q = 8 · (3/16)³ · 128/27 = 1/4 and the error √(1/4 / 4).
  @Test func `two items, worked by hand`() throws {
    let items = try ItemAnalysis(SampleMoments(complete: Matrix(rows: [[1, 2], [2, 1], [3, 4], [4, 3]])))
    expectClose(items.alpha!, 0.75, relative: 1e-14)
    expectClose(items.standardizedAlpha!, 0.75, relative: 1e-14)
    expectClose(items.alphaStandardError!, 0.25, relative: 1e-13)
    // Two items have one correlation: 2 (1 − r)/((1 + r) √n).
    expectClose(items.standardizedAlphaStandardError!, 0.25, relative: 1e-13)
    expectClose(items.guttmanLambda6!, 0.6, relative: 1e-14)
    expectClose(items.averageCorrelation, 0.6, relative: 1e-14)
    expectClose(items.mean, 2.5, relative: 1e-15)
    expectClose(items.standardDeviation, (16.0 / 3).squareRoot() / 2, relative: 1e-14)
    expectClose(items.itemRestCorrelations.map { $0! }, [0.6, 0.6], relative: 1e-14)
    #expect(items.alphaIfDropped == [nil, nil])
  }

  @Test func `each item's own numbers are those of the scale without it`() throws {
    let rows = (0..<50).map { i in
      var stream = RandomStream(seed: 2, purpose: "item test", unit: UInt64(i))
      let common = stream.normal()
      return (0..<4).map { Double($0 + 1) * (common + stream.normal()) }
    }
    let items = try ItemAnalysis(SampleMoments(complete: Matrix(rows: rows)))
    for j in 0..<4 {
      let rest = rows.map { row in row.indices.filter { $0 != j }.map { row[$0] } }
      let own = try ItemAnalysis(SampleMoments(complete: Matrix(rows: rest)))
      expectClose(items.alphaIfDropped[j]!, own.alpha!, relative: 1e-13)
      let both = try SampleMoments(complete: Matrix(rows: zip(rows, rest).map { [$0[j], $1.reduce(0, +)] }))
      expectClose(items.itemRestCorrelations[j]!, both.correlation[0, 1], relative: 1e-12)
    }
  }

  // Correlations that differ much, and deviations in the ratio of 1 to 4: each α scatters over 1500 tables as its own error
  // says. The other's is off by a tenth and more.
  @Test func `errors of α are what it scatters by`() throws {
    let correlation = Matrix(rows: [[1, 0.9, 0.9, 0], [0.9, 1, 0.9, 0], [0.9, 0.9, 1, 0], [0, 0, 0, 1]])
    let root = try Cholesky(correlation)
    let scales = [4.0, 1, 1, 1]
    var (raw, standardised) = ([Double](), [Double]())
    for table in 0..<1500 {
      var stream = RandomStream(seed: 5, purpose: "errors of alpha", unit: UInt64(table))
      let rows = (0..<200).map { _ in zip(root.lower * (0..<4).map { _ in stream.normal() }, scales).map { $0 * $1 } }
      let moments = try SampleMoments(complete: Matrix(rows: rows))
      raw.append(Reliability.alpha(covariance: moments.covariance)!)
      standardised.append(Reliability.alpha(covariance: moments.correlation)!)
    }
    var covariance = correlation
    for j in 0..<4 { for i in 0..<4 { covariance[i, j] *= scales[i] * scales[j] } }
    let rawError = try ItemAnalysis(correlation: covariance, observations: 200).alphaStandardError!
    let own = try ItemAnalysis(correlation: correlation, observations: 200)
    // The deviation of 1500 draws has an error of 1.8 %, and 200 rows are not quite many.
    expectClose(Moments(raw).standardDeviation!, rawError, relative: 0.06)
    expectClose(Moments(standardised).standardDeviation!, own.standardizedAlphaStandardError!, relative: 0.06)
    #expect(own.alphaStandardError! > 1.1 * own.standardizedAlphaStandardError!)
  }

  @Test func `what isn't defined is absent`() throws {
    func items(_ rows: [[Double]]) throws -> ItemAnalysis {
      try ItemAnalysis(SampleMoments(complete: Matrix(rows: rows)))
    }
    // The third is the sum of the others.
    let sums = try items([[1, 2, 3], [2, 1, 3], [3, 4, 7], [4, 3, 7]])
    #expect(sums.guttmanLambda6 == nil && sums.alpha != nil)
    // The first two add up to nothing.
    let opposed = try items([[1, -1, 0], [2, -2, 1], [3, -3, 5], [4, -4, 2]])
    #expect(opposed.itemRestCorrelations[2] == nil && opposed.alphaIfDropped[2] == nil)
    let nothing = try items([[1, -1], [2, -2], [4, -4]])
    #expect(nothing.alpha == nil && nothing.alphaStandardError == nil && nothing.standardDeviation == 0)
    #expect(throws: NumericsError.invalidInput("1 items; a scale needs at least 2")) {
      try items([[1], [2]])
    }
  }
}
