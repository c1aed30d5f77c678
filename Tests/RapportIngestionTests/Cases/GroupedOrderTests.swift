import Testing

@testable import RapportIngestion

@Suite struct GroupedOrderTests {
  private struct Element: Equatable, Sendable {
    var group: Int
    var milliseconds: Int64
    var number: Int
  }

  /// Elements in lists, times drawn by `time`.
  private static func lists(_ time: (inout FieldScannerTests.Generator) -> Int64) -> [[Element]] {
    var generator = FieldScannerTests.Generator(state: 1)
    return (0..<4).map { list in
      (0..<(list == 2 ? 0 : 500)).map { i in
        Element(
          // None is of the third.
          group: [0, 1, 3].randomElement(using: &generator)!, milliseconds: time(&generator), number: 1000 * list + i)
      }
    }
  }

  // Spread evenly, crowded, all alike, and at both ends of what a number holds.
  @Test func `by group, then time, and as they come`() {
    let ends: [Int64] = [.min, -1, 0, .max]
    let all: [[[Element]]] = [
      Self.lists { .random(in: -1_000_000...1_000_000, using: &$0) }, Self.lists { .random(in: 0..<3, using: &$0) },
      Self.lists { _ in 5 }, Self.lists { ends.randomElement(using: &$0)! }, [], [[]],
    ]
    for lists in all {
      let flat = lists.flatMap { $0 }
      let want = flat.indices.sorted {
        (flat[$0].group, flat[$0].milliseconds, $0) < (flat[$1].group, flat[$1].milliseconds, $1)
      }.map { flat[$0] }
      for threads in [1, 2, 3] {
        let got = GroupedOrder.sorted(
          lists, groups: 4, threads: threads, group: { $0.group },
          time: { Instant(milliseconds: $0.milliseconds) },
          finish: { own, group in
            for i in own.indices { own[i].number = own[i].group == group ? own[i].number : -1 }
          })
        #expect(got == want)
      }
    }
  }
}
