import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FactorizationTests {
  // By hand: [4 2; 2 5] = L Lᵀ with L = [2 0; 1 2]; determinant 16; inverse [5 −2; −2 4] / 16.
  static let small = Matrix(rows: [[4, 2], [2, 5]])

  /// n × n, positive definite, badly but not hopelessly conditioned.
  static func hilbert(_ n: Int) -> Matrix {
    Matrix(rows: (0..<n).map { i in (0..<n).map { 1 / Double(i + $0 + 1) } })
  }

  @Test func `Cholesky, worked by hand`() throws {
    let factor = try Cholesky(Self.small)
    #expect(factor.lower == Matrix(rows: [[2, 0], [1, 2]]))
    expectClose(factor.logDeterminant, 2.772588722239781, relative: 1e-15)
    expectClose(factor.inverse.elements, [0.3125, -0.125, -0.125, 0.25], relative: 1e-15)
    expectClose(factor.solve([8, 9]), [1.375, 1.25], relative: 1e-15)
    expectClose(factor.solveLower([2, 3]), [1, 1], relative: 1e-15)
    expectClose(factor.solveLowerTransposed([3, 4]), [0.5, 2], relative: 1e-15)
    expectClose((Self.small * factor.solve(Matrix.identity(2))).elements, [1, 0, 0, 1], absolute: 1e-15)
  }

  @Test func `Cholesky names the minor that isn't positive`() {
    #expect(throws: NumericsError.notPositiveDefinite(order: 2)) { try Cholesky(Matrix(rows: [[1, 2], [2, 1]])) }
  }

  @Test func `Cholesky of nothing`() throws {
    let factor = try Cholesky(Matrix(rows: 0, columns: 0))
    #expect(factor.logDeterminant == 0)
    #expect(factor.solve([]).isEmpty)
    #expect(factor.inverse.elements.isEmpty)
  }

  // By hand: the longer column, of length √14, comes first; the other has 6/√14 along it and √(4 − 36/14) across.
  @Test func `QR keeps what columns are to each other`() {
    let x = Matrix(columns: [[1, 1, 1, 1], [0, 1, 2, 3]])
    let factor = QR(x)
    #expect(factor.pivots == [1, 0])
    let root = 14.0.squareRoot()
    expectClose(
      factor.upper.elements.map(abs), [root, 0, 6 / root, (4 - 36.0 / 14).squareRoot()], relative: 1e-14,
      absolute: 1e-15)
    // (A P)ᵀ A P = Rᵀ R, Q being orthogonal.
    expectClose(
      factor.upper.crossProduct.elements, x.selecting(columns: factor.pivots).crossProduct.elements, relative: 1e-14)
    let dependent = QR(Matrix(columns: [[1, 2, 3], [2, 4, 6]]))
    #expect(dependent.pivots == [1, 0])
    expectClose(dependent.upper[1, 1], 0, absolute: 1e-15)
    #expect(QR(Matrix(rows: 3, columns: 0)).upper.elements.isEmpty)
  }

  // By hand: [2 1; 1 2] has eigenvalues 3 and 1 with vectors (1, 1)/√2 and (1, −1)/√2.
  @Test func `symmetric eigenvalues descend, vectors have canonical signs`() throws {
    let eigen = try SymmetricEigen(Matrix(rows: [[2, 1], [1, 2]]))
    expectClose(eigen.values, [3, 1], relative: 1e-15)
    let half = 0.5.squareRoot()
    expectClose(eigen.vectors.elements, [half, half, half, -half], relative: 1e-14)
    let onlyValues = try SymmetricEigen(Self.hilbert(6), vectors: false)
    #expect(onlyValues.vectors.columns == 0)
    // Hilbert(6): largest eigenvalue 1.6188998589243391 (Fettis & Caslin 1967).
    expectClose(onlyValues.values[0], 1.6188998589243391, relative: 1e-14)
    let all = try SymmetricEigen(Self.hilbert(6))
    let rebuilt = all.vectors * Matrix.diagonal(all.values) * all.vectors.transposed
    expectClose(rebuilt.elements, Self.hilbert(6).elements, absolute: 1e-14)
  }

  @Test func `values that aren't finite are refused`() {
    let bad = Matrix(rows: [[1, .nan], [.nan, 1]])
    #expect(throws: NumericsError.self) { try SymmetricEigen(bad) }
    #expect(throws: NumericsError.self) { try SingularValues(bad) }
  }

  @Test func `singular values rebuild the matrix`() throws {
    let a = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
    let decomposed = try SingularValues(a)
    let rebuilt = decomposed.left * Matrix.diagonal(decomposed.values) * decomposed.rightTransposed
    expectClose(rebuilt.elements, a.elements, absolute: 1e-14)
    #expect(decomposed.values[0] > decomposed.values[1])
    // By hand: the squares sum to 91, their product is det(A Aᵀ) = 14·77 − 32² = 54.
    expectClose(decomposed.values.reduce(0) { $0 + $1 * $1 }, 91, relative: 1e-14)
    expectClose(decomposed.values.reduce(1) { $0 * $1 * $1 }, 54, relative: 1e-13)
    #expect(try SingularValues(Matrix(rows: 2, columns: 0)).values.isEmpty)
  }

  @Test func `condition number`() throws {
    expectClose(try Matrix.diagonal([10, 2, 5]).conditionNumber(), 5, relative: 1e-14)
    #expect(try Matrix(rows: [[1, 0], [0, 0]]).conditionNumber() == .infinity)
  }

  // By hand: [0 2; 3 4] needs a row exchange; determinant −6; inverse [−4 2; 3 0] / 6.
  @Test func `LU solves, both ways`() throws {
    let factor = try LU(Matrix(rows: [[0, 2], [3, 4]]))
    expectClose(factor.inverse.elements, [-2.0 / 3, 0.5, 1.0 / 3, 0], absolute: 1e-15)
    expectClose(factor.solve([2, 7]), [1, 1], relative: 1e-15)
    expectClose(factor.solve([3, 6], transposed: true), [1, 1], relative: 1e-15)
    #expect(factor.logDeterminant.sign == -1)
    expectClose(factor.logDeterminant.logMagnitude, 1.791759469228055, relative: 1e-15)
    #expect(throws: NumericsError.singular(order: 2)) { try LU(Matrix(rows: [[1, 2], [2, 4]])) }
  }
}
