import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct ResampledCorrelationsTests {
  @Test func `the correlations of the rows that were drawn`() throws {
    let rows = FactorInvarianceTests.rows * Matrix.diagonal([1e300, 1, 1e-160, 1, 1, 2, 1])
    let table: [[Double?]] = (0..<rows.rows).map { rows.row($0) }
    let resampled = try #require(ResampledCorrelations(table))
    for unit: UInt64 in 0..<5 {
      var stream = RandomStream(seed: 3, purpose: "resampling test", unit: unit)
      var same = stream
      let drawn = (0..<rows.rows).map { _ in same.integer(below: rows.rows) }
      let expected = try SampleMoments(complete: rows.selecting(rows: drawn)).correlation
      let found = resampled.draw(&stream)
      expectClose(try #require(found).elements, expected.elements, absolute: 1e-13)
    }
  }

  @Test func `gaps and constant columns have no answer`() throws {
    #expect(ResampledCorrelations([[1, 2], [nil, 3], [4, 5]]) == nil)
    #expect(ResampledCorrelations([[1, 2], [1, 3], [1, 5]]) == nil)
    // Of two rows, half the draws repeat one of them.
    let pair = try #require(ResampledCorrelations([[1, 2], [2, 3]]))
    let outcomes = (0..<40).map { unit in
      var stream = RandomStream(seed: 1, purpose: "resampling test", unit: UInt64(unit))
      return pair.draw(&stream)
    }
    #expect(outcomes.contains { $0 == nil } && outcomes.contains { $0 != nil })
    for outcome in outcomes.compactMap({ $0 }) { expectClose(outcome.elements, [1, 1, 1, 1], relative: 1e-14) }
  }
}
