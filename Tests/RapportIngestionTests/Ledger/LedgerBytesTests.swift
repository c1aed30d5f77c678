import Testing

@testable import RapportIngestion

@Suite struct LedgerBytesTests {
  static let columns: [[Int64]] = [
    [], [0], [5, 5, 5], [.max], [.max, .max], [.max, 5], [.min, .max - 1], [.min, .max, .max - 1], [.min, .min],
    [0, 255], [0, 255, .max], [0, 254, .max], [1000, 5000, 1_000_000], [1000, 5000, 1_000_000, .max],
    [-3000, 999, 1001],
    [0, 0xFFFF_FFFF], [0, 0xFFFF_FFFF, .max], Array(0..<10_000), (0..<10_000).map { $0 % 7 == 0 ? .max : $0 * 1000 },
  ]

  @Test(arguments: columns)
  func `numbers come back as they were packed`(_ column: [Int64]) {
    var writer = LedgerWriter()
    writer.beginSection()
    writer.write(packed: column)
    writer.write(UInt32(77))
    writer.endSection()
    var reader = LedgerReader(writer.bytes[16...])
    #expect(reader.packed(of: Int64.self) == column)
    #expect(reader.number(UInt32.self) == 77 && reader.isAtEnd)
  }

  @Test func `times of a column cost no more than their range needs`() {
    var writer = LedgerWriter()
    writer.beginSection()
    writer.pack(4096) { 1_767_571_200_000 + Int64($0) * 1000 }
    writer.endSection()
    // Two bytes each, in whole seconds; header of the section and of the block.
    #expect(writer.bytes.count == 16 + 11 + 2 * 4096)
  }

  @Test(arguments: [0, 1, 3, 50])
  func `pieces that threads write are the whole in order`(_ count: Int) {
    func bytes(_ threads: Int) -> [UInt8] {
      var writer = LedgerWriter()
      writer.beginSection()
      writer.write(UInt32(77))
      // Longer than a block, so that blocks end within pieces.
      writer.write(pieces: count, threads: threads) { piece, writer in
        writer.pack(30_000) { Int64(piece * $0) }
        writer.write("\(piece)")
      }
      writer.write(UInt32(78))
      writer.endSection()
      return writer.bytes
    }
    let expected = bytes(1)
    for threads in 2...4 { #expect(bytes(threads) == expected) }
  }

  @Test func `a number that doesn't fit its type is damage`() {
    var writer = LedgerWriter()
    writer.beginSection()
    writer.write(packed: [Int64(1), 300])
    writer.endSection()
    var reader = LedgerReader(writer.bytes[16...])
    #expect(reader.packed(of: UInt8.self) == nil)
  }
}
