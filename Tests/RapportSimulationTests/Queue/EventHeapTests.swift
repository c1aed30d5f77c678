import Testing

@testable import RapportSimulation

@Suite struct EventHeapTests {
  @Test func `gives times in order, and equal times in the order of entry`() {
    var heap = EventHeap()
    var draws = Draws(seed: 3, .queue)
    let times = (0..<500).map { _ in draws.below(60) }
    for (i, time) in times.enumerated() { heap.insert(.opening, Int32(i), at: time) }
    let expected = times.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map {
      Int32($0.offset)
    }
    var found: [Int32] = []
    while let entry = heap.popFirst() { found.append(entry.subject) }
    #expect(found == expected)
    #expect(heap.first.map(\.time) == nil)
  }
}
