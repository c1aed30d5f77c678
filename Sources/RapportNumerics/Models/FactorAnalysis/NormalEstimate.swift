import Glibc

/// A normal mean and covariance, on the way to their maximum-likelihood values.
struct NormalEstimate: Sendable, Equatable {
  var mean: [Double]
  var covariance: Matrix
  /// Rows.
  var count: Double

  /// Mean 0, no correlation.
  static func independent(columns p: Int, count: Double) -> NormalEstimate {
    NormalEstimate(mean: [Double](repeating: 0, count: p), covariance: Matrix.identity(p), count: count)
  }

  /// The estimate at which expectation–maximization from this one comes to rest.
  ///
  /// - Parameters:
  ///   - names: of the columns, for messages.
  ///   - tolerance: largest change of a mean or covariance in a step that ends the search.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where others determine a column;
  ///   ``NumericsError/didNotConverge(method:iterations:)``.
  func maximised(
    _ patterns: [MissingPattern], names: [String] = [], tolerance: Double, maximumIterations: Int
  ) throws(NumericsError) -> (estimate: NormalEstimate, record: SearchRecord) {
    var estimate = self
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
        record.iterations = iterations
        return (twice, record)
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
  }

  /// One step of expectation–maximization.
  func step(_ patterns: [MissingPattern]) throws(NumericsError) -> NormalEstimate {
    let p = mean.count
    // Sums of x̂ − μ and of its squares, with what is missing added.
    var shift = [Double](repeating: 0, count: p)
    var squares = [Double](repeating: 0, count: p * p)
    var failure: Int?
    mean.withUnsafeBufferPointer { mean in
      covariance.elements.withUnsafeBufferPointer { covariance in
        shift.withUnsafeMutableBufferPointer { shift in
          squares.withUnsafeMutableBufferPointer { squares in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: MissingPattern.workSpace(p)) { work in
              for pattern in patterns {
                failure = pattern.addExpectations(
                  mean.baseAddress!, covariance.baseAddress!, columns: p, to: shift.baseAddress!,
                  squares.baseAddress!, work: work.baseAddress!)
                if failure != nil { return }
              }
              for j in 0..<p { shift[j] /= count }
              for j in 0..<p {
                for i in 0..<p { squares[i + j * p] = squares[i + j * p] / count - shift[i] * shift[j] }
              }
            }
          }
        }
      }
    }
    if let failure { throw .notPositiveDefinite(order: failure) }
    return NormalEstimate(
      mean: zip(mean, shift).map { $0 + $1 }, covariance: Matrix(rows: p, columns: p, elements: squares), count: count)
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
