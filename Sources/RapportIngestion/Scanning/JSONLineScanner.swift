import CScanning

/// The lines of a chunk of NDJSON, and those of the usual shape as plain records: their values as they stand, so that they are taken as
/// the fields of a delimited record are.
///
/// What is unusual about a single line (escapes, another order of keys, nested values, a mistake) sends that line to
/// ``JSONRowReader``.
struct JSONLineScanner: ~Copyable {
  /// How many lines' fields are kept at a time.
  static let batch = 16

  private let keyTexts: [FixedBytes]
  private let keys: [rapport_json_key]
  private let instructions: rapport_instructions
  /// Ends of fields and lines; see `rapport_index_json`.
  private var ends: UnsafeMutablePointer<UInt32>
  private var lines: UnsafeMutablePointer<rapport_json_line>
  private var capacity = 0
  /// Of each line of a batch: for each key where its value begins and ends; see `rapport_json_fields`.
  private let fields: UnsafeMutablePointer<UInt32>

  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Lines in the chunk, empty ones included.
  private(set) var lineCount = 0

  /// - Parameters:
  ///   - header: keys in the order in which lines write them.
  ///   - instructions: those to scan with; what is found doesn't depend on them.
  init(_ header: [String], instructions: rapport_instructions = .best) {
    // Where a key has to be escaped, no line is of the usual shape.
    let isPlain = header.allSatisfy { key in key.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C } }
    keyTexts = isPlain ? header.map { FixedBytes("\"\($0)\":" + String(repeating: " ", count: 16)) } : []
    keys = keyTexts.map {
      rapport_json_key_of($0.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), $0.bytes.count - 16)
    }
    self.instructions = instructions
    ends = .allocate(capacity: 0)
    lines = .allocate(capacity: 0)
    fields = .allocate(capacity: Self.batch * 2 * header.count)
  }

  deinit {
    ends.deallocate()
    lines.deallocate()
    fields.deallocate()
  }

  /// Begins a chunk, which begins with a line. ``TextRegion/padding`` bytes are readable behind it.
  mutating func begin(_ chunk: UnsafeRawBufferPointer) {
    bytes = chunk
    // Entries may be written behind the last.
    let needed = chunk.count + 64
    if needed > capacity {
      ends.deallocate()
      lines.deallocate()
      capacity = needed
      ends = .allocate(capacity: capacity)
      lines = .allocate(capacity: capacity)
    }
    lineCount = 0
    if let base = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self) {
      _ = rapport_index_json(base, chunk.count, ends, lines, &lineCount, instructions)
    }
  }

  /// Where a line begins.
  @inline(__always)
  private func start(_ line: Int) -> Int { line == 0 ? 0 : Int(ends[Int(lines[line &- 1].last)]) &+ 1 }

  /// A line without its end.
  @inline(__always)
  func text(_ line: Int) -> UnsafeRawBufferPointer {
    let start = start(line)
    let count = Int(ends[Int(lines[line].last)]) &- start
    return UnsafeRawBufferPointer(start: bytes.baseAddress! + start, count: count).withoutCarriageReturn
  }

  /// A line as a record, valid until another line is scanned at this place in the batch; `nil` where it isn't of the usual shape. Its
  /// fields are the gaps before values and the values, in turns: that of the column `i` is `2 * i + 1`.
  @inline(__always)
  func scan(_ line: Int, at place: Int) -> PlainRecord? {
    let start = start(line)
    let first = line == 0 ? 0 : Int(lines[line &- 1].last) &+ 1
    let last = Int(lines[line].last)
    let base = bytes.baseAddress!
    let own = fields + place &* 2 &* keys.count
    let isUsual = rapport_json_fields(
      base.assumingMemoryBound(to: UInt8.self), start, ends + first, last &- first &+ 1, lines[line].quotes, keys,
      keys.count, own)
    guard isUsual != 0 else { return nil }
    let text = text(line)
    return PlainRecord(bytes: base, ends: UnsafePointer(own), start: start, end: start &+ text.count)
  }
}
