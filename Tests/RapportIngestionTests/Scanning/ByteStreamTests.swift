import Testing

@testable import RapportIngestion

@Suite struct ByteStreamTests {
  /// Bytes that come a few at a time, as from a slow pipe.
  private final class Drip: ByteStream {
    private var rest: ArraySlice<UInt8>
    private let step: Int

    init(_ bytes: [UInt8], step: Int) {
      rest = bytes[...]
      self.step = step
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
      let taken = rest.prefix(min(step, buffer.count))
      buffer.copyBytes(from: taken)
      rest = rest.dropFirst(taken.count)
      return taken.count
    }
  }

  /// What packed bytes unpack to, `step` of them at a time, into `room` bytes at a time.
  static func unpacked(_ bytes: [UInt8], step: Int, room: Int) throws -> [UInt8] {
    let stream = Compression(magic: bytes).unpacked(Drip(bytes, step: step), name: "x")
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
    defer { block.deallocate() }
    var text: [UInt8] = []
    while true {
      let count = try stream.read(into: block)
      if count == 0 { return text }
      text += block[..<count]
    }
  }

  @Test func `gzip members with any header, in blocks of any size`() throws {
    var generator = FieldScannerTests.Generator(state: 1)
    for seed in 0..<10 {
      var packed: [UInt8] = []
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // Empty, short, longer than the window; of repeated words, and of bytes that can't be packed.
        let count = [0, Int.random(in: 1...300, using: &generator), 70_000].randomElement(using: &generator)!
        let words = Bool.random(using: &generator)
        let part = (0..<count).map { words ? UInt8($0 % 251 % 17 + 97) : UInt8.random(in: 0...255, using: &generator) }
        packed += Packing.gzip(
          part, level: Int32.random(in: 0...9, using: &generator),
          headerBytes: [nil, 0, 5, 1000].randomElement(using: &generator)!)
        text += part
      }
      for (step, room) in [
        (1, 1000), (3, 1 << 16), (Int.random(in: 1...5000, using: &generator), 77), (1 << 20, 1 << 18),
      ] {
        #expect(try Self.unpacked(packed, step: step, room: room) == text, "seed \(seed), \(step), \(room)")
      }
    }
  }

  // Tapes and copies in blocks leave zeros behind the last member.
  @Test func `zeros behind the last gzip member are padding`() throws {
    let text = Array((0..<2000).map { "row \($0)\n" }.joined().utf8)
    let packed = Packing.gzip(text)
    for count in [1, 2, 511, 512, 1 << 18] {
      let padded = packed + packed + [UInt8](repeating: 0, count: count)
      for (step, room) in [(1 << 20, 1 << 18), (1000, 77), (packed.count, text.count)] {
        #expect(try Self.unpacked(padded, step: step, room: room) == text + text, "\(count), \(step), \(room)")
      }
    }
  }

  @Test func `whatever is wrong with a gzip stream is said`() throws {
    let text = Array((0..<2000).map { "row \($0)\n" }.joined().utf8)
    let packed = Packing.gzip(text, level: 6, headerBytes: 20)
    func message(_ bytes: [UInt8]) -> String {
      let error = #expect(throws: IngestionError.self) { try Self.unpacked(bytes, step: 1000, room: 1 << 16) }
      #expect(error?.kind == .noInput)
      return error?.description ?? ""
    }
    // Cut off in the header, in the data, in the trailer, and behind another member.
    for count in [5, 15, packed.count / 2, packed.count - 8, packed.count - 1] {
      #expect(message(Array(packed[..<count])).contains("x: the gzip data end in the middle"), "\(count)")
      #expect(message(packed + packed[..<count]).contains("x: the gzip data end in the middle"), "\(count)")
    }
    // The trailer: a checksum of the data, then how many bytes they are.
    for index in [packed.count - 8, packed.count - 5, packed.count - 4, packed.count - 1] {
      var changed = packed
      changed[index] ^= 1
      #expect(message(changed).contains("damaged (incorrect checksum)"), "\(index)")
    }
    // The header has a checksum of its own.
    var renamed = packed
    renamed[20] ^= 1
    #expect(message(renamed).contains("damaged (incorrect checksum)"))
    var method = packed
    method[2] = 7
    #expect(message(method).contains("damaged (unknown compression method)"))
    for tail in [Array("more".utf8), [0x1E], [0x8B, 0]] as [[UInt8]] {
      let byte = String(tail[0], radix: 16, uppercase: true)
      #expect(message(packed + tail).contains("damaged (byte 0x\(byte) where a gzip header should begin)"))
    }
    // Behind padding nothing may come, not even another member; gzip has it so.
    for count in [1, 511, 1 << 18] {
      let padded = packed + [UInt8](repeating: 0, count: count)
      #expect(message(padded + [0x6D]).contains("damaged (byte 0x6D behind the zeros at the end)"))
      #expect(message(padded + packed).contains("damaged (byte 0x1F behind the zeros at the end)"))
    }
    #expect(message(packed + [0x1F, 0x8C] + packed[2...]).contains("damaged (incorrect header)"))
    // The first block of data: of a kind that there isn't.
    let plain = Packing.gzip(text)
    #expect(message(plain[..<10] + [0x07] + plain[11...]).contains("damaged (invalid compressed data)"))
  }
}
