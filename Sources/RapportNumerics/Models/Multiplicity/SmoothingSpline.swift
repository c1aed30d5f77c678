import Glibc

/// A natural cubic smoothing spline through values at given places: it minimizes Σ (y − f)² + α ∫ f″².
///
///     ŷ = (I + α K)⁻¹ y        K = Q R⁻¹ Qᵀ        tr (I + α K)⁻¹ = degrees of freedom
///
/// Q (n × (n − 2)) holds second divided differences, R the inner products of the hats between them. Straight lines pass
/// unchanged. Source: Green & Silverman (1994), Nonparametric Regression and Generalized Linear Models, §2.1.2, §2.3.3.
struct SmoothingSpline: Sendable {
  /// (I + α K)⁻¹.
  private let smoother: Matrix

  /// - Parameters: `places` ascending, at least three; `degreesOfFreedom` between 2, a line, and as many as places.
  /// - Complexity: O(n³)
  init(places x: [Double], degreesOfFreedom: Double) throws(NumericsError) {
    let n = x.count
    precondition(n > 2, "\(n) places, expected at least three")
    precondition(
      degreesOfFreedom > 2 && degreesOfFreedom < Double(n), "\(degreesOfFreedom) degrees of freedom for \(n) places")
    var q = Matrix(rows: n, columns: n - 2)
    var r = Matrix(rows: n - 2, columns: n - 2)
    for j in 0..<(n - 2) {
      let (left, right) = (x[j + 1] - x[j], x[j + 2] - x[j + 1])
      q[j, j] = 1 / left
      q[j + 1, j] = -1 / left - 1 / right
      q[j + 2, j] = 1 / right
      r[j, j] = (left + right) / 3
      if j + 1 < n - 2 {
        r[j, j + 1] = right / 6
        r[j + 1, j] = right / 6
      }
    }
    let eigen = try SymmetricEigen(q * Cholesky(r).solve(q.transposed))
    // Lines have no curvature: the last two are zero but for rounding.
    let values = eigen.values.enumerated().map { $0 < n - 2 ? $1 : 0 }
    func freedom(_ logAlpha: Double) -> Double { values.reduce(0) { $0 + 1 / (1 + exp(logAlpha) * $1) } }
    // At these ends the trace is n and 2 to rounding.
    let alpha = exp(
      try BrentRoot().solve(in: (-log(values[0]) - 40)...(-log(values[n - 3]) + 40)) { freedom($0) - degreesOfFreedom })
    var scaled = eigen.vectors
    for j in 0..<n {
      for i in 0..<n { scaled[i, j] /= 1 + alpha * values[j] }
    }
    smoother = scaled.timesTransposed(eigen.vectors)
  }

  /// ŷ at the places.
  func fitted(_ y: [Double]) -> [Double] { smoother * y }
}
