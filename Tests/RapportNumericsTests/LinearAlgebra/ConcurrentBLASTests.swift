import RapportNumerics
import Testing

@Suite struct ConcurrentBLASTests {
  // OpenBLAS without locks failed this within a hundredth of the calls.
  @Test func `small systems on several threads at once give what one thread gives`() throws {
    let system = Matrix(rows: [[4, 1, 0, 0.5], [1, 3, 0.2, 0], [0, 0.2, 5, 1], [0.5, 0, 1, 6]])
    let tall = Matrix(rows: 22, columns: 4, elements: (0..<88).map { Double(($0 * 31 + 7) % 17) / 17 })
    @Sendable func work() throws(NumericsError) -> Matrix { tall.timesTransposed(try LU(system).inverse) }
    let expected = try work()
    let mismatches = try parallelMap(count: 8, threads: 8) { _ throws(NumericsError) in
      var count = 0
      for _ in 0..<500 where try work() != expected { count += 1 }
      return count
    }
    #expect(mismatches == [Int](repeating: 0, count: 8))
  }
}
