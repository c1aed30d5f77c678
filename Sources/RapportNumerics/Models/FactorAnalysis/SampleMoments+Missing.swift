extension SampleMoments {
  /// Moments of rows with gaps: the maximum-likelihood normal mean and covariance, values missing at random.
  ///
  ///     E: x̂ₘ = μₘ + Σₘₒ Σₒₒ⁻¹ (xₒ − μₒ),  covariance of what is missing Σₘₘ − Σₘₒ Σₒₒ⁻¹ Σₒₘ
  ///     M: μ, Σ from the completed sums
  ///
  /// Steps are accelerated by squared extrapolation. Rows with the same gaps enter through their sums and cross-products
  /// only, so that a step costs what the patterns cost, not the rows. Columns are standardised inside; the answer is in
  /// the columns' own units. Rows without any value are left out. Without gaps this is ``init(complete:names:)``.
  ///
  /// - Parameters:
  ///   - names: of the columns, for messages.
  ///   - tolerance: largest change of a standardised mean or covariance in a step that ends the search.
  ///   - maximumIterations: EM slows down as more is missing; 10,000 steps are a second's work for 20 columns.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where rows differ in length, a column has fewer than two values, one that isn't
  ///   finite, or is constant, where two columns have fewer than two rows in common, others determine a column, or so much is
  ///   missing that the search finds no end.
  /// - Complexity: O(n p²) once, then O(patterns · p³) per step
  ///
  /// Source: Little & Rubin (2002), Statistical Analysis with Missing Data, §11.2; Varadhan & Roland (2008), Scandinavian
  /// Journal of Statistics 35, 335–353 (the extrapolation, their scheme S3).
  public init(
    missing rows: [[Double?]], names: [String] = [], tolerance: Double = 1e-10, maximumIterations: Int = 10_000
  ) throws(NumericsError) {
    try Self.requireSameLength(rows)
    let used = rows.filter { row in row.contains { $0 != nil } }
    guard used.contains(where: { $0.contains { $0 == nil } }) else {
      try self.init(complete: Matrix(rows: used.map { $0.compactMap { $0 } }), names: names)
      return
    }
    let p = used.first?.count ?? 0
    let scale = try ColumnScale((0..<p).map { j in used.compactMap { $0[j] } }, names: names)
    let scaled = used.map { row in row.indices.map { j in row[j].map { scale.scaled($0, column: j) } } }
    // Pairwise moments check the input, and standardise it.
    let start = try SampleMoments(pairwise: scaled, names: names)
    let deviations = start.deviations
    let patterns = MissingPattern.group(scaled, means: start.means, deviations: deviations)
    let (estimate, found): (NormalEstimate, SearchRecord)
    do throws(NumericsError) {
      (estimate, found) = try NormalEstimate.independent(columns: p, count: Double(used.count)).maximised(
        patterns, names: names, tolerance: tolerance, maximumIterations: maximumIterations)
    } catch {
      throw Self.cured(error, used, names: names)
    }
    var record = found
    record.gradientNorm = try? estimate.gradient(patterns).reduce(0) { max($0, abs($1)) }
    var covariance = estimate.covariance
    for j in 0..<p {
      for i in 0..<p { covariance[i, j] *= deviations[i] * deviations[j] }
    }
    self.init(
      observations: used.count, scaledMeans: (0..<p).map { start.means[$0] + deviations[$0] * estimate.mean[$0] },
      scaledCovariance: covariance, scale: scale, treatment: .expectationMaximization, search: record,
      smallestPairCount: start.smallestPairCount, incomplete: IncompleteSample(patterns: patterns, estimate: estimate))
  }

  /// The error, with what cures it where the search found no end.
  private static func cured(_ error: NumericsError, _ rows: [[Double?]], names: [String]) -> NumericsError {
    guard case .didNotConverge(let method, let iterations) = error else { return error }
    let missing = (0..<(rows.first?.count ?? 0)).map { j in rows.count { $0[j] == nil } }
    guard let most = missing.max(), let column = missing.firstIndex(of: most) else { return error }
    return .invalidInput(
      "\(method) did not converge in \(iterations) iterations: so much is missing that it hardly says how columns "
        + "correlate; leave out columns that lack much, as \(columnName(column, names)), which lacks \(most) of "
        + "\(rows.count) values")
  }
}
