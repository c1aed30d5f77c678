/// Correlations of bootstrap samples of a table with gaps: rows are drawn with the gaps that they have.
///
/// A sample enters by the sums of its patterns of gaps; the search starts from the whole table's estimate, near which a
/// sample's lies.
struct ResampledGaps: Sendable {
  private struct Row: Sendable {
    var pattern: Int
    /// Standardised, in the order of the pattern's known columns.
    var values: [Double]
  }

  private let rows: [Row]
  private let known: [[Int]]
  private let missing: [[Int]]
  private let start: NormalEstimate

  /// - Parameter moments: the table's own.
  init(_ table: [[Double?]], _ moments: SampleMoments) {
    let used = table.filter { row in row.contains { $0 != nil } }
    let (means, deviations) = (moments.means, moments.deviations)
    var places: [[Bool]: Int] = [:]
    var known: [[Int]] = []
    var missing: [[Int]] = []
    rows = used.map { row in
      let mask = row.map { $0 != nil }
      let place = places[mask] ?? known.count
      if place == known.count {
        places[mask] = place
        known.append(mask.indices.filter { mask[$0] })
        missing.append(mask.indices.filter { !mask[$0] })
      }
      return Row(pattern: place, values: known[place].map { (row[$0]! - means[$0]) / deviations[$0] })
    }
    self.known = known
    self.missing = missing
    start = NormalEstimate(
      mean: [Double](repeating: 0, count: means.count), covariance: moments.correlation, count: Double(used.count))
  }

  /// The correlations of as many rows as the table has, drawn with replacement; `nil` where they have none.
  func draw(_ stream: inout RandomStream) -> Matrix? {
    var drawn = [[Int]](repeating: [], count: known.count)
    for _ in rows.indices {
      let row = stream.integer(below: rows.count)
      drawn[rows[row].pattern].append(row)
    }
    let patterns = drawn.indices.filter { !drawn[$0].isEmpty }.map { place in
      let members = drawn[place]
      var values: [Double] = []
      values.reserveCapacity(members.count * known[place].count)
      for k in known[place].indices { for row in members { values.append(rows[row].values[k]) } }
      let table = Matrix(rows: members.count, columns: known[place].count, elements: values)
      return MissingPattern(
        known: known[place], missing: missing[place], count: Double(members.count),
        sums: known[place].indices.map { table.column($0).reduce(0, +) }, products: table.crossProduct)
    }
    let sample = IncompleteSample(patterns: patterns, estimate: start)
    guard sample.pairCounts.allSatisfy({ $0 >= 2 }),
      let (estimate, _) = try? start.maximised(
        patterns, tolerance: GapDraws.tolerance(rows: start.count), maximumIterations: 1000),
      // In units of the whole table's variance: below this only rounding is left.
      estimate.covariance.diagonal.allSatisfy({ $0 > 1e-12 })
    else { return nil }
    return estimate.covariance.correlationFromCovariance
  }
}
