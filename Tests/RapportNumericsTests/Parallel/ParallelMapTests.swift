import RapportNumerics
import Testing

@Suite struct ParallelMapTests {
  @Test(arguments: [0, 1, 2, 7, 100]) func `keeps the order on any number of threads`(count: Int) {
    for threads in [1, 2, 5] {
      #expect(parallelMap(count: count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }
  }

  struct Failure: Error, Equatable {
    var index: Int
  }

  @Test func `throws what the smallest failing index throws`() {
    for threads in [1, 3] {
      #expect(throws: Failure(index: 4)) {
        _ = try parallelMap(count: 20, threads: threads) { index throws(Failure) -> Int in
          if index >= 4 { throw Failure(index: index) }
          return index
        }
      }
    }
  }

  @Test func `two pieces of work keep their places`() {
    for threads in [1, 2, 3] {
      let (count, text) = concurrently(threads: threads, { 7 }, { "seven" })
      #expect(count == 7 && text == "seven")
    }
  }
}
