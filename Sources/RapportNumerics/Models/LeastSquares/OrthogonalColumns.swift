/// A = Q R of the columns that don't depend on those before, by modified Gram–Schmidt in doubled precision.
///
///     q_k r_kk = a_k − Σ_{j<k} q_j r_jk        r_jk = q_j'(a_k − Σ_{i<j} q_i r_ik)
///
/// Q loses orthogonality like κ(A) ε², with κ of columns of equal length: Filip's powers up to the tenth, for which
/// κ = 5·10⁹ there and 2·10¹⁵ as they stand, keep 22 digits. Reflections in plain precision would keep six, so
/// neither refinement nor pivots are needed here. Source: Björck (1967), Solving linear least squares problems by
/// Gram–Schmidt orthogonalization.
struct OrthogonalColumns {
  /// Which columns were kept, ascending.
  private(set) var kept: [Int] = []
  /// Q by column.
  private(set) var columns: [DoubledVector] = []
  /// Column `k` holds r₀ₖ … rₖₖ.
  private var triangle: [[Doubled]] = []

  /// Orthogonalizes.
  ///
  /// - Parameters: `tolerance`: a column with at most this share of its length left depends on those before.
  /// - Complexity: O(rows · columns²), each step some twenty operations
  init(_ given: [DoubledVector], tolerance: Double) {
    for (index, column) in given.enumerated() {
      var (components, remainder) = projected(column)
      let length = remainder.sumOfSquares.squareRoot()
      guard length.high > tolerance * column.sumOfSquares.high.squareRoot() else { continue }
      remainder.divide(by: length)
      components.append(length)
      kept.append(index)
      columns.append(remainder)
      triangle.append(components)
    }
  }

  /// What of b lies along each q, and what is left of it.
  func projected(_ b: DoubledVector) -> (components: [Doubled], remainder: DoubledVector) {
    var remainder = b
    var components: [Doubled] = []
    for q in columns {
      let component = q.dot(remainder)
      remainder.subtract(component, times: q)
      components.append(component)
    }
    return (components, remainder)
  }

  /// The same, where a remainder that is all rounding counts as none, so that an exact fit is one.
  func fitted(_ b: DoubledVector) -> (components: [Doubled], remainder: DoubledVector) {
    let (components, remainder) = projected(b)
    let isNoise = remainder.sumOfSquares.high <= Self.noise * Self.noise * b.sumOfSquares.high
    return (components, isNoise ? DoubledVector([Double](repeating: 0, count: b.count)) : remainder)
  }

  /// ε² = 10⁻³², with what products of large coefficients and columns add to it.
  private static let noise = 1e-28

  /// R⁻¹ c.
  func solve(_ c: [Doubled]) -> [Doubled] {
    var x = c
    for k in x.indices.reversed() {
      x[k] = x[k] / triangle[k][k]
      for i in 0..<k { x[i] = x[i] - triangle[k][i] * x[k] }
    }
    return x
  }

  /// R⁻¹ by column, with zeros below the diagonal.
  var inverseTriangle: [[Doubled]] {
    columns.indices.map { k in
      solve(columns.indices.map { Doubled($0 == k ? 1 : 0) })
    }
  }

  /// Whether the vector of ones is a combination of the columns.
  func spansConstant(rows: Int, tolerance: Double) -> Bool {
    let ones = DoubledVector([Double](repeating: 1, count: rows))
    let left = projected(ones).remainder.sumOfSquares.high
    return left <= tolerance * tolerance * Double(rows)
  }
}
