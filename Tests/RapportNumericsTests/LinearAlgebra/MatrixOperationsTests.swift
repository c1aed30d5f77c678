import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct MatrixOperationsTests {
  static let a = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
  static let b = Matrix(rows: [[1, 0], [0, 1], [2, -1]])

  // By hand: rows (1 2 3) and (4 5 6) against columns (1 0 2) and (0 1 −1).
  @Test func `products, worked by hand`() {
    #expect(Self.a * Self.b == Matrix(rows: [[7, -1], [16, -1]]))
    #expect(Self.a.transposedTimes(Self.a) == Self.a.crossProduct)
    #expect(Self.a.timesTransposed(Self.a) == Self.a.outerCrossProduct)
    #expect(Self.a.outerCrossProduct == Matrix(rows: [[14, 32], [32, 77]]))
    #expect(Self.a * [1, 1, 1] == [6, 15])
    #expect(Self.a.transposedTimes([1, 1]) == [5, 7, 9])
    #expect((2 * Self.a)[1, 2] == 12)
    #expect((Self.a + Self.a - Self.a) == Self.a)
    #expect(dot([1, 2], [3, 4]) == 11)
  }

  @Test func `adds a scaled product in place`() {
    var c = Matrix.identity(2)
    c.add(Self.a, times: Self.b, scale: 2)
    #expect(c == Matrix(rows: [[15, -2], [32, -1]]))
  }

  @Test func `rows, columns, parts`() {
    #expect(Self.a.transposed.transposed == Self.a)
    #expect(Self.a.row(1) == [4, 5, 6])
    #expect(Self.a.column(2) == [3, 6])
    #expect(Self.a.selecting(columns: [2, 0]) == Matrix(rows: [[3, 1], [6, 4]]))
    #expect(Self.a.selecting(rows: [1]) == Matrix(rows: [[4, 5, 6]]))
    #expect(Self.a.diagonal == [1, 5])
    #expect(Matrix(columns: [[1, 4], [2, 5], [3, 6]]) == Self.a)
    #expect(Matrix(rows: [[1, 2], [3, 4]]).lowerTriangle == Matrix(rows: [[1, 0], [3, 4]]))
  }

  @Test func `empty matrices multiply to zeros`() {
    let tall = Matrix(rows: 2, columns: 0)
    #expect(tall * Matrix(rows: 0, columns: 3) == Matrix(rows: 2, columns: 3))
    #expect(tall * [] == [0, 0])
    #expect(tall.crossProduct.elements.isEmpty)
  }

  // By hand: [2 0; 1 4] x = (2, 9) gives (1, 2); its transpose with (4, 8) gives (1, 2).
  @Test func `triangular systems`() {
    let t = Matrix(rows: [[2, 99], [1, 4]])
    #expect(t.solveTriangular(.lower, [2, 9]) == [1, 2])
    #expect(t.solveTriangular(.lower, transposed: true, [4, 8]) == [1, 2])
    #expect(t.solveTriangular(.lower, Matrix(columns: [[2, 9], [4, 10]])) == Matrix(columns: [[1, 2], [2, 2]]))
    #expect(Matrix(rows: [[2, 1], [99, 4]]).solveTriangular(.upper, [4, 8]) == [1, 2])
  }

  @Test func `the BLAS says its name`() {
    #expect(!BLASInformation.name.isEmpty)
  }
}
