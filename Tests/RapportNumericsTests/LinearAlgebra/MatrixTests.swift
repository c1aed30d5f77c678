import RapportNumerics
import Testing

@Suite struct MatrixTests {
  @Test func `stores columns one after the other`() {
    let matrix = Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4])
    #expect(matrix[1, 0] == 2)
    #expect(matrix[0, 1] == 3)
  }
}
