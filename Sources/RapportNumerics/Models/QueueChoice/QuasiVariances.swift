/// Variances of single effects that reproduce the variances of all differences between them.
///
///     Var(u_i − u_j) ≈ q_i + q_j
///
/// Effects that are known up to a common constant have no variances of their own; these stand in for them, and hold
/// whatever the constant is. Found by least squares on relative errors, Σ ((q_i + q_j)/V_ij − 1)², by coordinate steps.
/// Source: Firth & de Menezes (2004), Quasi-variances.
public enum QuasiVariances {
  /// The quasi-variances of a covariance matrix (n × n), the largest relative error of a difference's variance, and how the
  /// search ended, `nil` where none was needed.
  ///
  /// Of two effects only the sum is known; each gets half. Of one, its own variance.
  /// - Complexity: O(n²) for each of a few dozen rounds.
  public static func fit(_ covariance: Matrix) -> (
    values: [Double], worstError: Double, record: SearchRecord?
  ) {
    let n = covariance.rows
    precondition(covariance.columns == n, "a covariance matrix is square, this is \(n) × \(covariance.columns)")
    if n < 2 { return ((0..<n).map { covariance[$0, $0] }, 0, nil) }
    var differences = Matrix(rows: n, columns: n)
    for j in 0..<n {
      for i in 0..<n where i != j {
        differences[i, j] = max(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j], 1e-300)
      }
    }
    if n == 2 { return ([differences[0, 1] / 2, differences[0, 1] / 2], 0, nil) }
    // Unweighted least squares has a closed form to start from: Σ_j V_ij = (n − 2) q_i + Σ q.
    let rows = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + differences[$1, i] } }
    let sum = rows.reduce(0, +) / Double(2 * n - 2)
    var q = rows.indices.map { i in
      let smallest = (0..<n).reduce(Double.infinity) { $1 == i ? $0 : min($0, differences[$1, i]) }
      return max((rows[i] - sum) / Double(n - 2), 0.01 * smallest)
    }
    var record = SearchRecord(method: "coordinate steps", stop: .evaluations, evaluations: 0, iterations: 0)
    for round in 1...200 {
      var change = 0.0
      record.iterations = round
      record.evaluations = round
      for i in 0..<n {
        var (numerator, denominator) = (0.0, 0.0)
        for j in 0..<n where j != i {
          let weight = 1 / (differences[j, i] * differences[j, i])
          numerator += weight * (differences[j, i] - q[j])
          denominator += weight
        }
        let next = max(numerator / denominator, 0.01 * q[i])
        change = max(change, abs(next - q[i]) / max(next, q[i]))
        q[i] = next
      }
      if change < 1e-6 {
        record.stop = .tolerance
        break
      }
    }
    var worst = 0.0
    for j in 0..<n {
      for i in 0..<j { worst = max(worst, abs((q[i] + q[j]) / differences[i, j] - 1)) }
    }
    return (q, worst, record)
  }
}
