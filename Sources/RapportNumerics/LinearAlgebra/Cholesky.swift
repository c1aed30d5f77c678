import Glibc

/// The factorization A = L Lᵀ of a symmetric positive definite matrix.
///
/// A and L are n × n; only the lower triangle of A is read. Source: Golub & Van Loan (2013), Matrix Computations, §4.2.
public struct Cholesky: Sendable, Equatable {
  /// L, with zeros above its diagonal.
  public let lower: Matrix

  /// Factors A.
  ///
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` with the first leading minor that isn't positive.
  /// - Complexity: O(n³). The LAPACK routine is `dpotrf`.
  public init(_ a: Matrix) throws(NumericsError) {
    var l = a
    try LAPACK.factorCholesky(&l)
    lower = l.lowerTriangle
  }

  /// A⁻¹ b.
  public func solve(_ b: [Double]) -> [Double] {
    var x = b
    LAPACK.solveTriangular(lower, .lower, &x, columns: 1)
    LAPACK.solveTriangular(lower, .lower, transposed: true, &x, columns: 1)
    return x
  }

  /// A⁻¹ B.
  public func solve(_ b: Matrix) -> Matrix {
    var x = b
    LAPACK.solveTriangular(lower, .lower, &x.elements, columns: b.columns)
    LAPACK.solveTriangular(lower, .lower, transposed: true, &x.elements, columns: b.columns)
    return x
  }

  /// L⁻¹ b, whose squares sum to bᵀ A⁻¹ b.
  public func solveLower(_ b: [Double]) -> [Double] { lower.solveTriangular(.lower, b) }

  /// L⁻¹ B.
  public func solveLower(_ b: Matrix) -> Matrix { lower.solveTriangular(.lower, b) }

  /// L⁻ᵀ b.
  public func solveLowerTransposed(_ b: [Double]) -> [Double] { lower.solveTriangular(.lower, transposed: true, b) }

  /// L⁻ᵀ B.
  public func solveLowerTransposed(_ b: Matrix) -> Matrix { lower.solveTriangular(.lower, transposed: true, b) }

  /// A⁻¹, exactly symmetric. The LAPACK routine is `dpotri`.
  public var inverse: Matrix {
    var result = lower
    LAPACK.invertCholesky(&result)
    result.mirrorLowerTriangle()
    return result
  }

  /// log |A| = 2 Σ log Lᵢᵢ.
  public var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<lower.rows { sum += log(lower[i, i]) }
    return 2 * sum
  }
}
