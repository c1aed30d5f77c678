/// The factorization A P = Q R by Householder reflections with column pivoting.
///
/// A is m × n. Source: Golub & Van Loan (2013), Matrix Computations, §5.4.2. The LAPACK routine is `dgeqp3`.
public struct QR: Sendable, Equatable {
  /// R on and above the diagonal, the reflectors below.
  let factors: Matrix
  let tau: [Double]
  /// Column `k` of R belongs to column `pivots[k]` of A.
  public let pivots: [Int]
  /// How many diagonal entries of R exceed the tolerance times the first one.
  public let rank: Int

  /// Factors A.
  ///
  /// - Parameters: `tolerance`: relative; columns left with less than this share of the largest column's norm count as
  ///   dependent. The default, max(m, n) ε, is as small as rounding lets it be.
  /// - Complexity: O(m n²)
  public init(_ a: Matrix, tolerance: Double? = nil) {
    var factors = a
    (pivots, tau) = LAPACK.factorQR(&factors)
    self.factors = factors
    let threshold = tolerance ?? Double(max(a.rows, a.columns)) * Double.ulpOfOne
    let diagonal = factors.diagonal.map(abs)
    let largest = diagonal.first ?? 0
    rank = largest > 0 ? diagonal.firstIndex { !($0 > threshold * largest) } ?? diagonal.count : 0
  }

  /// R, min(m, n) × n, with zeros below its diagonal.
  public var upper: Matrix {
    var r = factors.selecting(rows: Array(0..<min(factors.rows, factors.columns)))
    for j in 0..<r.columns {
      for i in (j + 1)..<max(j + 1, r.rows) { r[i, j] = 0 }
    }
    return r
  }

  /// Q's first min(m, n) columns. The LAPACK routine is `dormqr`.
  public var orthogonal: Matrix {
    let smaller = min(factors.rows, factors.columns)
    var q = Matrix(rows: factors.rows, columns: smaller)
    for i in 0..<smaller { q[i, i] = 1 }
    LAPACK.multiplyQ(factors, tau: tau, transposed: false, &q.elements, columns: smaller)
    return q
  }

  /// Qᵀ b, m entries: the first `rank` give the fit, the rest the residual. The LAPACK routine is `dormqr`.
  public func orthogonalTransposedTimes(_ b: [Double]) -> [Double] {
    var result = b
    LAPACK.multiplyQ(factors, tau: tau, transposed: true, &result, columns: 1)
    return result
  }

  /// The x that minimizes |A x − b|, with zeros for dependent columns.
  public func leastSquares(_ b: [Double]) -> [Double] {
    var x = [Double](repeating: 0, count: factors.columns)
    if rank == 0 { return x }
    let leading = (0..<rank).map { $0 }
    let r = factors.selecting(rows: leading).selecting(columns: leading)
    let solution = r.solveTriangular(.upper, Array(orthogonalTransposedTimes(b)[0..<rank]))
    for k in 0..<rank { x[pivots[k]] = solution[k] }
    return x
  }

  /// (Aᵀ A)⁻¹ over the independent columns, n × n in A's order, with NaN in rows and columns of dependent ones.
  public var crossProductInverse: Matrix {
    let leading = (0..<rank).map { $0 }
    let r = factors.selecting(rows: leading).selecting(columns: leading)
    // (RᵀR)⁻¹ = R⁻¹ R⁻ᵀ, formed from R⁻¹ by rows so that it is exactly symmetric.
    let inverse = r.solveTriangular(.upper, .identity(rank)).outerCrossProduct
    var result = Matrix(rows: factors.columns, columns: factors.columns, repeating: .nan)
    for j in 0..<rank {
      for i in 0..<rank { result[pivots[i], pivots[j]] = inverse[i, j] }
    }
    return result
  }
}
