extension MixedModelSystem {
  /// From so many contrasts on it doesn't matter how many there are.
  static let manyContrasts = 20
  /// sin² of an angle between effects and fixed columns below which the effects are told by the columns; rounding leaves less.
  private static let told = 1e-9

  /// How many independent differences between a group's levels the fixed columns leave: all that its variance can be told from.
  ///
  ///     rank (I − P_X) Z        eigenvalues of D^−½ (ZᵀZ − ZᵀX (XᵀX)⁻¹ XᵀZ) D^−½: sin² of the angles between Z and X        D = ZᵀZ
  ///
  /// With none, (I − P_X) Z = 0, the restricted likelihood doesn't depend on the variance, and the likelihood, whose residuals
  /// don't either, is largest at zero whatever the responses are. As an intercept is one of the columns, k levels leave k − 1
  /// contrasts at most.
  ///
  /// - Parameters:
  ///   - counts: rows in each level, the diagonal of ZᵀZ; levels without rows don't count.
  ///   - cross: XᵀX in its first p rows and columns, lower triangle.
  ///   - fixedSums: ZᵀX and Zᵀy, p + 1 numbers for each level; asked for only where they are needed.
  /// - Returns: `nil` where there are ``manyContrasts`` or more: k levels lose one to a column at most.
  /// - Complexity: O(p³ + p k² + k³) for k < p + 20 levels, and nothing for more.
  ///
  /// Source: Björck & Golub (1973), Numerical methods for computing angles between linear subspaces, Math. Comput. 27;
  /// Searle, Casella & McCulloch (1992), Variance Components, §6.6, for error contrasts.
  static func contrasts(
    _ counts: [Double], _ cross: Matrix, _ fixedSums: () -> [Double]
  ) throws(NumericsError) -> Int? {
    let p = cross.rows - 1
    let levels = counts.indices.filter { counts[$0] > 0 }
    guard !levels.isEmpty, levels.count < p + manyContrasts else { return nil }
    if p == 0 { return levels.count }
    var products = Matrix(rows: p, columns: p)
    for j in 0..<p { for i in j..<p { products[i, j] = cross[i, j] } }
    let sums = fixedSums()
    var shared = Matrix(rows: p, columns: levels.count)
    for (k, level) in levels.enumerated() {
      let root = counts[level].squareRoot()
      for j in 0..<p { shared[j, k] = sums[level * (p + 1) + j] / root }
    }
    let explained = try Cholesky(products).solveLower(shared).crossProduct
    var rest = Matrix.identity(levels.count)
    for j in levels.indices { for i in levels.indices { rest[i, j] -= explained[i, j] } }
    return try SymmetricEigen(rest, vectors: false).values.count { $0 > told }
  }
}
