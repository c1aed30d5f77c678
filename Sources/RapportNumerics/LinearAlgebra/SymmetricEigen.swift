/// Eigenvalues and eigenvectors of a symmetric matrix, largest first.
///
///     A = V diag(λ) Vᵀ
///
/// Each vector has length one; its entry of largest magnitude (the first of ties within 1e-8) is positive, so that
/// vectors of simple eigenvalues don't depend on the BLAS. The LAPACK routine is `dsyevd`.
public struct SymmetricEigen: Sendable, Equatable {
  /// λ, descending.
  public let values: [Double]
  /// V: column `k` belongs to `values[k]`. Without columns when vectors weren't asked for.
  public let vectors: Matrix

  /// Reads A's lower triangle.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where an element isn't finite, ``NumericsError/failed(routine:info:)``
  ///   when LAPACK finds no solution.
  /// - Complexity: O(n³)
  public init(_ a: Matrix, vectors wanted: Bool = true) throws(NumericsError) {
    let ascending = try LAPACK.symmetricEigen(a, vectors: wanted)
    values = ascending.values.reversed()
    var descending = ascending.vectors.selecting(columns: wanted ? Array((0..<a.rows).reversed()) : [])
    descending.makeSignsCanonical()
    vectors = descending
  }
}

extension Matrix {
  /// Turns each column so that its entry of largest magnitude (the first of ties within 1e-8) is positive.
  public mutating func makeSignsCanonical() {
    for j in 0..<columns {
      var largest = 0
      for i in 0..<rows where abs(self[i, j]) > abs(self[largest, j]) * (1 + 1e-8) { largest = i }
      if rows > 0 && self[largest, j] < 0 {
        for i in 0..<rows { self[i, j] = -self[i, j] }
      }
    }
  }
}
