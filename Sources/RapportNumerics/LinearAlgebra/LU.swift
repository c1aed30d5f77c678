import Glibc

/// The factorization P A = L U of a square matrix with partial pivoting.
///
/// Source: Golub & Van Loan (2013), Matrix Computations, §3.4. The LAPACK routine is `dgetrf`.
public struct LU: Sendable, Equatable {
  let factors: Matrix
  let pivots: [Int32]

  /// Factors A.
  ///
  /// - Throws: ``NumericsError/singular(order:)`` with the first column, from one, whose pivot is zero.
  /// - Complexity: O(n³)
  public init(_ a: Matrix) throws(NumericsError) {
    var factors = a
    pivots = try LAPACK.factorLU(&factors)
    self.factors = factors
  }

  /// A⁻¹ b, or A⁻ᵀ b.
  public func solve(_ b: [Double], transposed: Bool = false) -> [Double] {
    var x = b
    LAPACK.solveLU(factors, pivots: pivots, transposed: transposed, &x, columns: 1)
    return x
  }

  /// A⁻¹ B, or A⁻ᵀ B.
  public func solve(_ b: Matrix, transposed: Bool = false) -> Matrix {
    var x = b
    LAPACK.solveLU(factors, pivots: pivots, transposed: transposed, &x.elements, columns: b.columns)
    return x
  }

  /// A⁻¹.
  public var inverse: Matrix { solve(Matrix.identity(factors.rows)) }

  /// log |det A|, and its sign.
  public var logDeterminant: (logMagnitude: Double, sign: Double) {
    var sum = 0.0
    var sign = 1.0
    for i in 0..<factors.rows {
      sum += log(abs(factors[i, i]))
      if factors[i, i] < 0 { sign = -sign }
      if Int(pivots[i]) != i + 1 { sign = -sign }
    }
    return (sum, sign)
  }
}
