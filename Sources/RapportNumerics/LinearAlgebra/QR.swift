/// The factorization A P = Q R by Householder reflections with column pivoting, of which R is kept.
///
/// A is m × n. Source: Golub & Van Loan (2013), Matrix Computations, §5.4.2. The LAPACK routine is `dgeqp3`.
public struct QR: Sendable, Equatable {
  /// Column `k` of R belongs to column `pivots[k]` of A.
  public let pivots: [Int]
  /// R, min(m, n) × n, with zeros below its diagonal.
  public let upper: Matrix

  /// Factors A.
  ///
  /// - Complexity: O(m n²)
  public init(_ a: Matrix) {
    var factors = a
    pivots = LAPACK.factorQR(&factors)
    var r = factors.selecting(rows: Array(0..<min(factors.rows, factors.columns)))
    for j in 0..<r.columns {
      for i in (j + 1)..<max(j + 1, r.rows) { r[i, j] = 0 }
    }
    upper = r
  }
}
