extension Matrix {
  /// The n × n identity.
  public static func identity(_ n: Int) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { result[i, i] = 1 }
    return result
  }

  /// The square matrix with these values on its diagonal.
  public static func diagonal(_ values: [Double]) -> Matrix {
    var result = Matrix(rows: values.count, columns: values.count)
    for i in values.indices { result[i, i] = values[i] }
    return result
  }

  /// The matrix with these rows, which must be equally long.
  public init(rows lines: [[Double]]) {
    self.init(rows: lines.count, columns: lines.first?.count ?? 0)
    for (i, line) in lines.enumerated() {
      precondition(line.count == columns, "row \(i) has \(line.count) entries, expected \(columns)")
      for j in line.indices { self[i, j] = line[j] }
    }
  }

  /// The matrix with these columns, which must be equally long.
  public init(columns lines: [[Double]]) {
    let rows = lines.first?.count ?? 0
    for (j, line) in lines.enumerated() {
      precondition(line.count == rows, "column \(j) has \(line.count) entries, expected \(rows)")
    }
    self.init(rows: rows, columns: lines.count, elements: lines.flatMap { $0 })
  }

  /// The entries of column `j`.
  @inlinable public func column(_ j: Int) -> [Double] {
    Array(elements[(j * rows)..<((j + 1) * rows)])
  }

  /// The entries of row `i`.
  @inlinable public func row(_ i: Int) -> [Double] {
    (0..<columns).map { self[i, $0] }
  }

  /// The entries (i, i).
  public var diagonal: [Double] {
    (0..<min(rows, columns)).map { self[$0, $0] }
  }

  /// The matrix of these columns, in this order.
  public func selecting(columns wanted: [Int]) -> Matrix {
    var chosen: [Double] = []
    chosen.reserveCapacity(rows * wanted.count)
    for j in wanted { chosen.append(contentsOf: elements[(j * rows)..<((j + 1) * rows)]) }
    return Matrix(rows: rows, columns: wanted.count, elements: chosen)
  }

  /// The matrix of these rows, in this order.
  public func selecting(rows wanted: [Int]) -> Matrix {
    var result = Matrix(rows: wanted.count, columns: columns)
    for j in 0..<columns {
      for (i, source) in wanted.enumerated() { result[i, j] = self[source, j] }
    }
    return result
  }

  /// Rows become columns.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns {
      for i in 0..<rows { result[j, i] = self[i, j] }
    }
    return result
  }

  /// Aᵀ A, exactly symmetric. The BLAS routine is `dsyrk`.
  public var crossProduct: Matrix { LAPACK.crossProduct(self) }

  /// A Aᵀ, exactly symmetric. The BLAS routine is `dsyrk`.
  public var outerCrossProduct: Matrix { LAPACK.crossProduct(self, ofRows: true) }

  /// A B. The BLAS routine is `dgemm`.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    LAPACK.multiply(a, b, to: &c)
    return c
  }

  /// A x. The BLAS routine is `dgemv`.
  public static func * (a: Matrix, x: [Double]) -> [Double] { LAPACK.multiply(a, x) }

  /// α A.
  public static func * (scale: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { scale * $0 })
  }

  /// Aᵀ B, without forming Aᵀ. The BLAS routine is `dgemm`.
  public func transposedTimes(_ b: Matrix) -> Matrix {
    var c = Matrix(rows: columns, columns: b.columns)
    LAPACK.multiply(self, transposedLeft: true, b, to: &c)
    return c
  }

  /// Aᵀ x, without forming Aᵀ. The BLAS routine is `dgemv`.
  public func transposedTimes(_ x: [Double]) -> [Double] { LAPACK.multiply(self, transposed: true, x) }

  /// A Bᵀ, without forming Bᵀ. The BLAS routine is `dgemm`.
  public func timesTransposed(_ b: Matrix) -> Matrix {
    var c = Matrix(rows: rows, columns: b.rows)
    LAPACK.multiply(self, b, transposedRight: true, to: &c)
    return c
  }

  /// C ← C + α A B, in place. The BLAS routine is `dgemm`.
  public mutating func add(_ a: Matrix, times b: Matrix, scale: Double = 1) {
    LAPACK.multiply(a, b, scale: scale, adding: 1, to: &self)
  }

  /// A + B.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "\(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    return Matrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  /// A − B.
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "\(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
    return Matrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 - $1 })
  }

  /// Copies the lower triangle onto the upper one.
  public mutating func mirrorLowerTriangle() {
    precondition(rows == columns, "a symmetric matrix is square, not \(rows) × \(columns)")
    for j in 0..<columns {
      for i in (j + 1)..<max(rows, j + 1) { self[j, i] = self[i, j] }
    }
  }

  /// The lower triangle, with zeros above the diagonal.
  public var lowerTriangle: Matrix {
    var result = self
    for j in 0..<columns {
      for i in 0..<min(j, rows) { result[i, j] = 0 }
    }
    return result
  }

  /// T⁻¹ b, or T⁻ᵀ b, of a triangular T; only that triangle is read. The BLAS routine is `dtrsm`.
  public func solveTriangular(_ triangle: Triangle, transposed: Bool = false, _ b: [Double]) -> [Double] {
    var x = b
    LAPACK.solveTriangular(self, triangle, transposed: transposed, &x, columns: 1)
    return x
  }

  /// T⁻¹ B, or T⁻ᵀ B, of a triangular T; only that triangle is read. The BLAS routine is `dtrsm`.
  public func solveTriangular(_ triangle: Triangle, transposed: Bool = false, _ b: Matrix) -> Matrix {
    var x = b
    LAPACK.solveTriangular(self, triangle, transposed: transposed, &x.elements, columns: b.columns)
    return x
  }

  /// The largest singular value over the smallest; infinite for a matrix without full rank.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where an element isn't finite.
  public func conditionNumber() throws(NumericsError) -> Double {
    let values = try SingularValues(self, vectors: false).values
    guard let largest = values.first, let smallest = values.last else { return 1 }
    return smallest > 0 ? largest / smallest : .infinity
  }
}

/// Σ xᵢ yᵢ, in this order.
@inlinable public func dot(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "\(x.count) and \(y.count) entries")
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}
