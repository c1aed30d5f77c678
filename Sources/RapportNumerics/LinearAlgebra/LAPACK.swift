// The only file with C names. One method per routine; each takes column-major storage, checks shapes by precondition,
// asks for its workspace and turns `info` into a thrown error. New routines: a prototype in CLAPACK/clapack.h, a
// method here. Negative `info` means that this file passed a wrong argument, so it traps.

internal import CLAPACK

/// Which triangle of a square matrix holds the factor.
public enum Triangle: Sendable {
  case lower, upper
}

enum LAPACK {
  /// C ← α op(A) op(B) + β C. The BLAS routine is `dgemm`.
  static func multiply(
    _ a: Matrix, transposedLeft transposeA: Bool = false, _ b: Matrix, transposedRight transposeB: Bool = false,
    scale alpha: Double = 1, adding beta: Double = 0, to c: inout Matrix
  ) {
    let m = transposeA ? a.columns : a.rows
    let k = transposeA ? a.rows : a.columns
    let n = transposeB ? b.rows : b.columns
    precondition(k == (transposeB ? b.columns : b.rows), "\(m) × \(k) times \(transposeB ? b.columns : b.rows) × \(n)")
    precondition(c.rows == m && c.columns == n, "result is \(c.rows) × \(c.columns), expected \(m) × \(n)")
    if m == 0 || n == 0 { return }
    if k == 0 {
      for i in c.elements.indices { c.elements[i] *= beta }
      return
    }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    cblas_dgemm(
      CblasColMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, Int32(m),
      Int32(n), Int32(k), alpha, a.elements, Int32(a.rows), b.elements, Int32(b.rows), beta, &c.elements, Int32(m))
  }

  /// The lower triangle of Aᵀ A, or of A Aᵀ, mirrored. The BLAS routine is `dsyrk`.
  static func crossProduct(_ a: Matrix, ofRows: Bool = false) -> Matrix {
    let n = ofRows ? a.rows : a.columns
    let k = ofRows ? a.columns : a.rows
    var c = Matrix(rows: n, columns: n)
    if n == 0 || k == 0 { return c }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    cblas_dsyrk(
      CblasColMajor, CblasLower, ofRows ? CblasNoTrans : CblasTrans, Int32(n), Int32(k), 1, a.elements, Int32(a.rows),
      0, &c.elements, Int32(n))
    c.mirrorLowerTriangle()
    return c
  }

  /// C ← C + α A Aᵀ, the lower triangle of the first `order` rows and columns, over the first `columns` of A. The BLAS
  /// routine is `dsyrk`.
  static func addOuterProducts(_ a: Matrix, columns: Int, order: Int, scale alpha: Double, to c: inout Matrix) {
    precondition(columns <= a.columns && order <= min(a.rows, c.rows, c.columns), "\(order) of \(a.rows) rows")
    if columns == 0 || order == 0 { return }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, Int32(order), Int32(columns), alpha, a.elements, Int32(a.rows), 1,
      &c.elements, Int32(c.rows))
  }

  /// op(A) x. The BLAS routine is `dgemv`.
  static func multiply(_ a: Matrix, transposed: Bool = false, _ x: [Double]) -> [Double] {
    precondition(x.count == (transposed ? a.rows : a.columns), "\(a.rows) × \(a.columns) times \(x.count) entries")
    var y = [Double](repeating: 0, count: transposed ? a.columns : a.rows)
    if a.elements.isEmpty { return y }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    cblas_dgemv(
      CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(a.rows), Int32(a.columns), 1, a.elements,
      Int32(a.rows), x, 1, 0, &y, 1)
    return y
  }

  /// B ← op(T)⁻¹ B for a triangular T of which only the triangle is read. The BLAS routine is `dtrsm`.
  static func solveTriangular(
    _ t: Matrix, _ triangle: Triangle, transposed: Bool = false, unitDiagonal: Bool = false, _ b: inout [Double],
    columns: Int
  ) {
    precondition(t.rows == t.columns, "a triangular matrix is square, not \(t.rows) × \(t.columns)")
    precondition(b.count == t.rows * columns, "right side has \(b.count) entries, expected \(t.rows * columns)")
    if b.isEmpty { return }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    cblas_dtrsm(
      CblasColMajor, CblasLeft, triangle == .lower ? CblasLower : CblasUpper, transposed ? CblasTrans : CblasNoTrans,
      unitDiagonal ? CblasUnit : CblasNonUnit, Int32(t.rows), Int32(columns), 1, t.elements, Int32(t.rows), &b,
      Int32(t.rows))
  }

  /// A ← L with A = L Lᵀ, the lower triangle only. The LAPACK routine is `dpotrf`.
  static func factorCholesky(_ a: inout Matrix) throws(NumericsError) {
    precondition(a.rows == a.columns, "a Cholesky factor needs a square matrix, not \(a.rows) × \(a.columns)")
    if a.rows == 0 { return }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var n = Int32(a.rows)
    var leading = n
    var info: Int32 = 0
    dpotrf_("L", &n, &a.elements, &leading, &info, 1)
    precondition(info >= 0, "dpotrf: argument \(-info)")
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
  }

  /// The lower triangle of A⁻¹ from that of L. The LAPACK routine is `dpotri`.
  static func invertCholesky(_ l: inout Matrix) {
    if l.rows == 0 { return }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var n = Int32(l.rows)
    var leading = n
    var info: Int32 = 0
    dpotri_("L", &n, &l.elements, &leading, &info, 1)
    precondition(info == 0, "dpotri: \(info)")
  }

  /// A P = Q R by Householder reflections, the column of largest remaining norm first; reflectors stay below the
  /// diagonal; pivots from zero. The LAPACK routine is `dgeqp3`.
  static func factorQR(_ a: inout Matrix) -> [Int] {
    let smaller = min(a.rows, a.columns)
    if smaller == 0 { return Array(0..<a.columns) }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var m = Int32(a.rows)
    var n = Int32(a.columns)
    var leading = m
    var info: Int32 = 0
    var pivots = [Int32](repeating: 0, count: a.columns)
    var tau = [Double](repeating: 0, count: smaller)
    var size: Int32 = -1
    var work = [0.0]
    dgeqp3_(&m, &n, &a.elements, &leading, &pivots, &tau, &work, &size, &info)
    size = Int32(work[0])
    work = [Double](repeating: 0, count: Int(size))
    dgeqp3_(&m, &n, &a.elements, &leading, &pivots, &tau, &work, &size, &info)
    precondition(info == 0, "dgeqp3: \(info)")
    return pivots.map { Int($0) - 1 }
  }

  /// Eigenvalues in ascending order and, where wanted, vectors as columns, of the matrix whose lower triangle is read.
  /// The LAPACK routine is `dsyevd`.
  static func symmetricEigen(_ a: Matrix, vectors: Bool) throws(NumericsError) -> (values: [Double], vectors: Matrix) {
    precondition(a.rows == a.columns, "a symmetric matrix is square, not \(a.rows) × \(a.columns)")
    if a.rows == 0 { return ([], a) }
    // LAPACK loops or returns rubbish on NaN.
    guard a.elements.allSatisfy(\.isFinite) else {
      throw .invalidInput("eigenvalues need finite elements; the matrix holds NaN or an infinity")
    }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    // Vectors take the matrix's place.
    var copy = a
    var n = Int32(a.rows)
    var leading = n
    var values = [Double](repeating: 0, count: a.rows)
    var info: Int32 = 0
    var size: Int32 = -1
    var integerSize: Int32 = -1
    var work = [0.0]
    var integerWork: [Int32] = [0]
    func call() {
      dsyevd_(
        vectors ? "V" : "N", "L", &n, &copy.elements, &leading, &values, &work, &size, &integerWork, &integerSize,
        &info,
        1, 1)
    }
    call()
    size = Int32(work[0])
    integerSize = integerWork[0]
    work = [Double](repeating: 0, count: Int(size))
    integerWork = [Int32](repeating: 0, count: Int(integerSize))
    call()
    precondition(info >= 0, "dsyevd: argument \(-info)")
    if info > 0 { throw .failed(routine: "dsyevd", info: Int(info)) }
    return (values, vectors ? copy : Matrix(rows: a.rows, columns: 0))
  }

  /// A = U diag(s) Vᵀ, thin, s descending; with `vectors` off U and Vᵀ are empty. The LAPACK routine is `dgesdd`.
  static func singularValues(
    _ a: Matrix, vectors: Bool
  ) throws(NumericsError) -> (left: Matrix, values: [Double], rightTransposed: Matrix) {
    let smaller = min(a.rows, a.columns)
    if smaller == 0 {
      return (Matrix(rows: a.rows, columns: 0), [], Matrix(rows: 0, columns: a.columns))
    }
    guard a.elements.allSatisfy(\.isFinite) else {
      throw .invalidInput("singular values need finite elements; the matrix holds NaN or an infinity")
    }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var copy = a.elements
    var m = Int32(a.rows)
    var n = Int32(a.columns)
    var leading = m
    var values = [Double](repeating: 0, count: smaller)
    var u = Matrix(rows: vectors ? a.rows : 1, columns: vectors ? smaller : 1)
    var vt = Matrix(rows: vectors ? smaller : 1, columns: vectors ? a.columns : 1)
    var leadingU = Int32(u.rows)
    var leadingVT = Int32(vt.rows)
    var integerWork = [Int32](repeating: 0, count: 8 * smaller)
    var info: Int32 = 0
    var size: Int32 = -1
    var work = [0.0]
    let job = vectors ? "S" : "N"
    dgesdd_(
      job, &m, &n, &copy, &leading, &values, &u.elements, &leadingU, &vt.elements, &leadingVT, &work, &size,
      &integerWork, &info, 1)
    size = Int32(work[0])
    work = [Double](repeating: 0, count: Int(size))
    dgesdd_(
      job, &m, &n, &copy, &leading, &values, &u.elements, &leadingU, &vt.elements, &leadingVT, &work, &size,
      &integerWork, &info, 1)
    precondition(info >= 0, "dgesdd: argument \(-info)")
    if info > 0 { throw .failed(routine: "dgesdd", info: Int(info)) }
    return vectors
      ? (u, values, vt) : (Matrix(rows: a.rows, columns: 0), values, Matrix(rows: 0, columns: a.columns))
  }

  /// P A = L U with partial pivoting, in place; row exchanges as LAPACK counts them. The LAPACK routine is `dgetrf`.
  static func factorLU(_ a: inout Matrix) throws(NumericsError) -> [Int32] {
    precondition(a.rows == a.columns, "a linear system needs a square matrix, not \(a.rows) × \(a.columns)")
    if a.rows == 0 { return [] }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var m = Int32(a.rows)
    var n = m
    var leading = m
    var info: Int32 = 0
    var pivots = [Int32](repeating: 0, count: a.rows)
    dgetrf_(&m, &n, &a.elements, &leading, &pivots, &info)
    precondition(info >= 0, "dgetrf: argument \(-info)")
    if info > 0 { throw .singular(order: Int(info)) }
    return pivots
  }

  /// B ← op(A)⁻¹ B from A's LU. The LAPACK routine is `dgetrs`.
  static func solveLU(_ lu: Matrix, pivots: [Int32], transposed: Bool, _ b: inout [Double], columns: Int) {
    precondition(b.count == lu.rows * columns, "right side has \(b.count) entries, expected \(lu.rows * columns)")
    if b.isEmpty { return }
    BLASInformation.enter()
    defer { BLASInformation.leave() }
    var n = Int32(lu.rows)
    var leading = n
    var leadingB = n
    var sides = Int32(columns)
    var info: Int32 = 0
    dgetrs_(transposed ? "T" : "N", &n, &sides, lu.elements, &leading, pivots, &b, &leadingB, &info, 1)
    precondition(info == 0, "dgetrs: \(info)")
  }
}
