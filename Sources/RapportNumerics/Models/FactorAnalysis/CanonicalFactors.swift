/// The one order and sign in which factors are shown.
///
/// Factors come by decreasing sum of squares diag(Φ ΛᵀΛ), and each is turned so that its loadings sum to at least 0.
enum CanonicalFactors {
  static func order(_ loadings: Matrix, _ phi: Matrix) -> (loadings: Matrix, factorCorrelations: Matrix) {
    let sizes = (phi * loadings.crossProduct).diagonal
    // Equal sizes keep their order.
    let order = sizes.indices.sorted { a, b in sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a < b }
    var turned = loadings.selecting(columns: order)
    var correlations = phi.selecting(rows: order).selecting(columns: order)
    for j in order.indices where turned.column(j).reduce(0, +) < 0 {
      for i in 0..<turned.rows { turned[i, j] = -turned[i, j] }
      for k in order.indices where k != j {
        correlations[j, k] = -correlations[j, k]
        correlations[k, j] = -correlations[k, j]
      }
    }
    return (turned, correlations)
  }
}
