import Glibc

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
  /// - Throws: ``NumericsError/invalidInput(_:)`` where a column has fewer than two values, one that isn't finite, or is
  ///   constant, where two columns have fewer than two rows in common, or others determine a column;
  ///   ``NumericsError/didNotConverge(method:iterations:)``.
  /// - Complexity: O(n p²) once, then O(patterns · p³) per step
  ///
  /// Source: Little & Rubin (2002), Statistical Analysis with Missing Data, §11.2; Varadhan & Roland (2008), Scandinavian
  /// Journal of Statistics 35, 335–353 (the extrapolation, their scheme S3).
  public init(
    missing rows: [[Double?]], names: [String] = [], tolerance: Double = 1e-10, maximumIterations: Int = 10_000
  ) throws(NumericsError) {
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
    var estimate = NormalEstimate(
      mean: [Double](repeating: 0, count: p), covariance: Matrix.identity(p), count: Double(used.count))
    var record = SearchRecord(method: "expectation–maximization", stop: .tolerance, evaluations: 0)
    var iterations = 0
    while true {
      guard iterations < maximumIterations else {
        throw .didNotConverge(method: "expectation–maximization of a covariance matrix", iterations: iterations)
      }
      let (once, twice) = try estimate.twoSteps(patterns, names: names)
      record.evaluations += 2
      iterations += 2
      if once.distance(to: estimate) <= tolerance && twice.distance(to: once) <= tolerance {
        estimate = twice
        break
      }
      record.evaluations += 2
      // The leap may leave the positive definite matrices, or end worse; then the plain steps count.
      if let leap = try? estimate.leap(once, twice).step(patterns), let after = try? leap.step(patterns),
        after.distance(to: leap) <= twice.distance(to: once)
      {
        estimate = after
        iterations += 2
      } else {
        estimate = twice
      }
    }
    var covariance = estimate.covariance
    for j in 0..<p {
      for i in 0..<p { covariance[i, j] *= deviations[i] * deviations[j] }
    }
    record.iterations = iterations
    record.gradientNorm = try? estimate.gradient(patterns).reduce(0) { max($0, abs($1)) }
    self.init(
      observations: used.count, scaledMeans: (0..<p).map { start.means[$0] + deviations[$0] * estimate.mean[$0] },
      scaledCovariance: covariance, scale: scale, treatment: .expectationMaximization, search: record,
      smallestPairCount: start.smallestPairCount)
  }
}

/// A normal mean and covariance, on the way to their maximum-likelihood values.
struct NormalEstimate {
  var mean: [Double]
  var covariance: Matrix
  /// Rows.
  var count: Double

  /// One step of expectation–maximization.
  func step(_ patterns: [MissingPattern]) throws(NumericsError) -> NormalEstimate {
    let p = mean.count
    // Sums of x̂ − μ and of its squares, with what is missing added.
    var shift = [Double](repeating: 0, count: p)
    var squares = Matrix(rows: p, columns: p)
    for pattern in patterns { try pattern.addExpectations(mean, covariance, to: &shift, &squares) }
    for j in 0..<p { shift[j] /= count }
    for j in 0..<p {
      for i in 0..<p { squares[i, j] = squares[i, j] / count - shift[i] * shift[j] }
    }
    return NormalEstimate(mean: zip(mean, shift).map { $0 + $1 }, covariance: squares, count: count)
  }

  /// Two steps.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` with the column that others determine, where a step has no answer.
  func twoSteps(
    _ patterns: [MissingPattern], names: [String]
  ) throws(NumericsError) -> (NormalEstimate, NormalEstimate) {
    var last = self
    do {
      let once = try step(patterns)
      last = once
      return (once, try once.step(patterns))
    } catch {
      // On the way there, what is left of a dependent column shrinks without end.
      guard case .notPositiveDefinite = error,
        let dependence = LinearDependence.all(in: last.covariance.correlationFromCovariance, leaving: 1e-6).first
      else { throw error }
      throw .invalidInput(dependence.description(names: names))
    }
  }

  /// The gradient of the log-likelihood of an average row, by the means and then by the covariances i ≤ j.
  ///
  ///     ∂ℓ/∂μ = Σ⁻¹ δ        ∂ℓ/∂Σ = ½ Σ⁻¹ (Σ' + δδᵀ − Σ) Σ⁻¹        twice that off the diagonal
  ///
  /// δ is the change of the mean and Σ' the covariance after one step (Fisher's identity).
  func gradient(_ patterns: [MissingPattern]) throws(NumericsError) -> [Double] {
    let next = try step(patterns)
    let factor = try Cholesky(covariance)
    let p = mean.count
    let shift = (0..<p).map { next.mean[$0] - mean[$0] }
    var excess = next.covariance - covariance
    for j in 0..<p {
      for i in 0..<p { excess[i, j] += shift[i] * shift[j] }
    }
    let curved = factor.solve(factor.solve(excess).transposed)
    var result = factor.solve(shift)
    for j in 0..<p {
      for i in 0...j { result.append(i == j ? curved[i, j] / 2 : curved[i, j]) }
    }
    return result
  }

  /// The largest difference of an entry.
  func distance(to other: NormalEstimate) -> Double {
    zip(mean + covariance.elements, other.mean + other.covariance.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Where two steps point to: θ − 2αr + α²v with r the first step, v the change of step, α = −|r| / |v|, at most −1.
  func leap(_ once: NormalEstimate, _ twice: NormalEstimate) -> NormalEstimate {
    let start = mean + covariance.elements
    let first = once.mean + once.covariance.elements
    let second = twice.mean + twice.covariance.elements
    let r = zip(first, start).map { $0 - $1 }
    let v = start.indices.map { second[$0] - 2 * first[$0] + start[$0] }
    let size = dot(v, v)
    let alpha = size > 0 ? min(-1, -(dot(r, r) / size).squareRoot()) : -1
    let end = start.indices.map { start[$0] - 2 * alpha * r[$0] + alpha * alpha * v[$0] }
    let p = mean.count
    return NormalEstimate(
      mean: Array(end[..<p]), covariance: Matrix(rows: p, columns: p, elements: Array(end[p...])), count: count)
  }
}

/// Rows of which the same columns are known, by their sums.
struct MissingPattern {
  let known: [Int]
  let missing: [Int]
  let count: Double
  /// Σ x and Σ x xᵀ of the known columns, standardised.
  let sums: [Double]
  let products: Matrix

  /// The patterns of these rows, in the order of their gaps.
  static func group(_ rows: [[Double?]], means: [Double], deviations: [Double]) -> [MissingPattern] {
    var members: [[Bool]: [Int]] = [:]
    for (i, row) in rows.enumerated() { members[row.map { $0 != nil }, default: []].append(i) }
    let ordered = members.sorted { a, b in a.value[0] < b.value[0] }
    return ordered.map { mask, indices in
      let known = mask.indices.filter { mask[$0] }
      var table = Matrix(rows: indices.count, columns: known.count)
      for (k, j) in known.enumerated() {
        for (i, row) in indices.enumerated() { table[i, k] = (rows[row][j]! - means[j]) / deviations[j] }
      }
      return MissingPattern(
        known: known, missing: mask.indices.filter { !mask[$0] }, count: Double(indices.count),
        sums: known.indices.map { table.column($0).reduce(0, +) }, products: table.crossProduct)
    }
  }

  /// Adds Σ (x̂ − μ) and Σ [(x̂ − μ)(x̂ − μ)ᵀ + C], C the conditional covariance of what is missing.
  func addExpectations(
    _ mean: [Double], _ covariance: Matrix, to shift: inout [Double], _ squares: inout Matrix
  ) throws(NumericsError) {
    let k = known.count
    // About the current mean: Σ (x − μ)(x − μ)ᵀ = Σ x xᵀ − s μᵀ − μ sᵀ + n μ μᵀ.
    let mu = known.map { mean[$0] }
    var centred = products
    for j in 0..<k {
      for i in 0..<k { centred[i, j] += count * mu[i] * mu[j] - sums[i] * mu[j] - mu[i] * sums[j] }
    }
    let first = (0..<k).map { sums[$0] - count * mu[$0] }
    for (i, a) in known.enumerated() {
      shift[a] += first[i]
      for (j, b) in known.enumerated() { squares[a, b] += centred[i, j] }
    }
    guard !missing.isEmpty else { return }
    let rows = covariance.selecting(rows: known)
    let factor = try Cholesky(rows.selecting(columns: known))
    let cross = rows.selecting(columns: missing)
    // B = Σₒₒ⁻¹ Σₒₘ, known × missing.
    let slope = factor.solve(cross)
    let filled = slope.transposedTimes(first)
    let crossProducts = slope.transposedTimes(centred)
    let within = crossProducts * slope
    let explained = slope.transposedTimes(cross)
    for (i, a) in missing.enumerated() {
      shift[a] += filled[i]
      for (j, b) in known.enumerated() {
        squares[a, b] += crossProducts[i, j]
        squares[b, a] += crossProducts[i, j]
      }
      for (j, b) in missing.enumerated() {
        squares[a, b] += within[i, j] + count * (covariance[a, b] - explained[i, j])
      }
    }
  }
}
