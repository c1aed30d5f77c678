import Glibc
import Testing

@testable import RapportIngestion

@Suite struct TurnsTests {
  @Test func `turns are taken in order, one at a time`() {
    let turns = Turns()
    // Nothing else guards it: two at a time would lose numbers, or crash.
    nonisolated(unsafe) var seen: [Int] = []
    _ = Parallel.map(500, threads: 4) { number in
      // Threads are given numbers in order and come to their turns in any.
      usleep(UInt32(number * 7919 % 100))
      turns.take(number) { seen.append(number) }
    }
    #expect(seen == Array(0..<500))
  }
}
