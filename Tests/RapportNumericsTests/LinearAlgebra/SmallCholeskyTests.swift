import RapportNumerics
import Testing

@Suite struct SmallCholeskyTests {
  // By hand: A = [[4, 2], [2, 5]] has L = [[2, 0], [1, 2]]; A⁻¹ = [[5, −2], [−2, 4]]/16.
  @Test func `two rows, by hand`() {
    let factor = SmallCholesky([4, 2, 2, 5], size: 2)
    #expect(factor.lower[0] == 2 && factor.lower[2] == 1 && factor.lower[3] == 2)
    let inverse = factor.inverse()
    for (got, expected) in zip(inverse, [5.0 / 16, -2.0 / 16, -2.0 / 16, 4.0 / 16]) {
      #expect(abs(got - expected) < 1e-15)
    }
    #expect(factor.solve([8, 9]).map { ($0 * 1e12).rounded() / 1e12 } == [1.375, 1.25])
    // L⁻ᵀ (2, 4) = ((2 − 1 · 2)/2, 4/2).
    var x = [2.0, 4.0]
    factor.solveTransposed(&x)
    #expect(x == [0, 2])
  }

  @Test(arguments: [1, 3, 8, 20])
  func `agrees with LAPACK's factor`(_ size: Int) throws {
    var stream = RandomStream(seed: UInt64(size), purpose: "small Cholesky")
    var a = Matrix(rows: size, columns: size, repeating: 0)
    for i in 0..<size { for j in 0..<size { a[i, j] = stream.normal() } }
    var product = a.crossProduct
    for i in 0..<size { product[i, i] += 0.1 }
    let entries = (0..<size).flatMap { i in (0..<size).map { product[i, $0] } }
    let right = (0..<size).map { _ in stream.normal() }
    let expected = try Cholesky(product).solve(right)
    for (got, expected) in zip(SmallCholesky(entries, size: size).solve(right), expected) {
      #expect(abs(got - expected) < 1e-10 * (1 + abs(expected)))
    }
  }

  @Test(arguments: [1, 2, 9, 20])
  func `the inverse is the solution for each unit vector, and many right sides are solved as one by one`(_ size: Int) {
    var stream = RandomStream(seed: UInt64(size), purpose: "small inverse")
    var a = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<i { a[i * size + j] = 0.1 * stream.normal() }
      a[i * size + i] = 4 + stream.uniform()
    }
    let factor = SmallCholesky(a, size: size)
    let inverse = factor.inverse()
    for j in 0..<size {
      let column = factor.solve((0..<size).map { $0 == j ? 1 : 0 })
      for i in 0..<size { #expect(abs(inverse[i * size + j] - column[i]) < 1e-15) }
    }
    let right = (0..<size * 3).map { _ in stream.normal() }
    var together = right
    together.withUnsafeMutableBufferPointer { factor.solveTransposed($0, columns: 3) }
    for c in 0..<3 {
      var one = (0..<size).map { right[$0 * 3 + c] }
      factor.solveTransposed(&one)
      #expect((0..<size).map { together[$0 * 3 + c] } == one)
    }
  }
}
