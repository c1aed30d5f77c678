import Testing

@testable import RapportIngestion

@Suite struct UniformOrderTests {
  static let hard: [[UInt64]] = [
    [], [7], [7, 7], [.max, 0], [UInt64](repeating: 5, count: 1000), Array((0..<1000).reversed()),
    (0..<1000).map { $0 << 54 }, (0..<3000).map { $0 % 2 == 0 ? .max - $0 : $0 },
  ]

  @Test func `sorts as sorting by comparison does, spread evenly or not`() {
    var generator = FieldScannerTests.Generator(state: 4)
    var lists = Self.hard
    for count in [10, 100, 5000] {
      lists.append((0..<count).map { _ in generator.next() })
      lists.append((0..<count).map { _ in generator.next() & 0xFF << 40 })
    }
    for hashes in lists {
      let expected = hashes.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
      #expect(UniformOrder.sorted(hashes.count, sharedBits: 0) { hashes[$0] }.map { Int($0.index) } == expected)
      // As in a shard, where leading bits are the same in all.
      let shard = hashes.map { $0 >> 4 | 0xB << 60 }
      let order = shard.indices.sorted { (shard[$0], $0) < (shard[$1], $1) }
      #expect(UniformOrder.sorted(shard.count, sharedBits: 4) { shard[$0] }.map { Int($0.index) } == order)
    }
  }
}
