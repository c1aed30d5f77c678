/// Correlation matrices of bootstrap samples of a table without gaps.
///
///     C = Σ w z zᵀ / n − m mᵀ,  m = Σ w z / n,  r = C scaled to ones on its diagonal
///
/// z rows standardised by the whole table, w how often a row was drawn, n × p. Only drawn rows enter the cross-product, each
/// times √w, so that a sample costs two thirds of the table's p² n / 2 multiplications.
struct ResampledCorrelations: Sendable {
  /// p × n: a row of the table is a column here, so that a drawn one is copied in one piece.
  private let standardised: Matrix

  /// `nil` where a value is missing, or the table has no moments.
  init?(_ rows: [[Double?]]) {
    let complete = rows.map { $0.compactMap { $0 } }
    guard zip(rows, complete).allSatisfy({ $0.count == $1.count }),
      let moments = try? SampleMoments(complete: Matrix(rows: complete))
    else { return nil }
    let deviations = moments.deviations
    var table = Matrix(rows: deviations.count, columns: rows.count)
    for (i, row) in complete.enumerated() {
      for (j, value) in row.enumerated() { table[j, i] = (value - moments.means[j]) / deviations[j] }
    }
    standardised = table
  }

  /// The correlations of as many rows as the table has, drawn with replacement; `nil` where a column is constant in them.
  func draw(_ stream: inout RandomStream) -> Matrix? {
    let (p, n) = (standardised.rows, standardised.columns)
    var counts = [Int](repeating: 0, count: n)
    for _ in 0..<n { counts[stream.integer(below: n)] += 1 }
    let drawn = (0..<n).filter { counts[$0] > 0 }
    let roots = drawn.map { Double(counts[$0]).squareRoot() }
    let elements = [Double](unsafeUninitializedCapacity: p * drawn.count) { buffer, count in
      standardised.elements.withUnsafeBufferPointer { all in
        for (k, i) in drawn.enumerated() {
          for j in 0..<p { buffer[k * p + j] = roots[k] * all[i * p + j] }
        }
      }
      count = p * drawn.count
    }
    let table = Matrix(rows: p, columns: drawn.count, elements: elements)
    let means = (table * roots).map { $0 / Double(n) }
    var covariance = (1 / Double(n)) * table.outerCrossProduct
    for j in means.indices {
      for i in means.indices { covariance[i, j] -= means[i] * means[j] }
      // In units of the whole table's variance: below this only rounding is left.
      guard covariance[j, j] > 1e-12 else { return nil }
    }
    return covariance.correlationFromCovariance
  }
}
