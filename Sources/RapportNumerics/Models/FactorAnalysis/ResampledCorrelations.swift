/// Correlation matrices of bootstrap samples of a table without gaps.
///
///     C = Σ w z zᵀ / n − m mᵀ,  m = Σ w z / n,  r = C scaled to ones on its diagonal
///
/// z rows standardised by the whole table, w how often a row was drawn, n × p. Only drawn rows enter the cross-product, each
/// times √w, so that a sample costs two thirds of the table's p² n / 2 multiplications.
struct ResampledCorrelations: Sendable {
  private let standardised: Matrix

  /// `nil` where a value is missing, or the table has no moments.
  init?(_ rows: [[Double?]]) {
    let complete = rows.map { $0.compactMap { $0 } }
    guard zip(rows, complete).allSatisfy({ $0.count == $1.count }) else { return nil }
    var table = Matrix(rows: complete)
    guard let moments = try? SampleMoments(complete: table) else { return nil }
    let deviations = moments.deviations
    for j in 0..<table.columns {
      for i in 0..<table.rows { table[i, j] = (table[i, j] - moments.means[j]) / deviations[j] }
    }
    standardised = table
  }

  /// The correlations of as many rows as the table has, drawn with replacement; `nil` where a column is constant in them.
  func draw(_ stream: inout RandomStream) -> Matrix? {
    let n = standardised.rows
    var counts = [Int](repeating: 0, count: n)
    for _ in 0..<n { counts[stream.integer(below: n)] += 1 }
    let drawn = (0..<n).filter { counts[$0] > 0 }
    let roots = drawn.map { Double(counts[$0]).squareRoot() }
    var elements: [Double] = []
    elements.reserveCapacity(drawn.count * standardised.columns)
    for j in 0..<standardised.columns {
      let column = standardised.elements[(j * n)..<((j + 1) * n)]
      for (k, i) in drawn.enumerated() { elements.append(roots[k] * column[j * n + i]) }
    }
    let table = Matrix(rows: drawn.count, columns: standardised.columns, elements: elements)
    let means = table.transposedTimes(roots).map { $0 / Double(n) }
    var covariance = (1 / Double(n)) * table.crossProduct
    for j in means.indices {
      for i in means.indices { covariance[i, j] -= means[i] * means[j] }
      // In units of the whole table's variance: below this only rounding is left.
      guard covariance[j, j] > 1e-12 else { return nil }
    }
    return covariance.correlationFromCovariance
  }
}
