import Testing

@testable import RapportNumerics

@Suite struct SmallInverseTests {
  // By hand: [[0, 2], [1, 3]] has no pivot in its corner; its inverse is [[−3/2, 1], [1/2, 0]].
  @Test func `two rows, by hand`() throws {
    let inverse = try Matrix(rows: [[0, 2], [1, 3]]).smallInverse()
    #expect(inverse == Matrix(rows: [[-1.5, 1], [0.5, 0]]))
  }

  @Test(arguments: [1, 2, 5, 12]) func `agrees with LAPACK's`(_ size: Int) throws {
    var stream = RandomStream(seed: UInt64(size), purpose: "small inverse of any matrix")
    let a = Matrix(rows: size, columns: size, elements: (0..<size * size).map { _ in stream.normal() })
    let expected = try LU(a).inverse
    for (got, expected) in zip(try a.smallInverse().elements, expected.elements) {
      #expect(abs(got - expected) < 1e-11 * (1 + abs(expected)))
    }
  }

  @Test func `without an inverse the column is named`() {
    #expect(throws: NumericsError.singular(order: 2)) { try Matrix(rows: [[1, 2], [2, 4]]).smallInverse() }
  }
}
