import CScanning

/// Lines of JSON of the usual shape to plain records: values are copied side by side, some lines at a time, so that they are taken
/// as the fields of a delimited record are.
///
/// What is unusual about a single line (escapes, another order of keys, nested values, a mistake) sends that line to
/// ``JSONRowReader``.
struct JSONLineScanner: ~Copyable {
  /// Lines of one batch.
  static var batch: Int { 16 }

  private let keyTexts: [FixedBytes]
  private let keys: [rapport_json_key]
  private var fields: UnsafeMutablePointer<UInt8>
  private var capacity = 0
  private var used = 0
  /// Of each line of the batch: the end before its first field, then its fields' ends.
  private let ends: UnsafeMutablePointer<UInt32>
  private var lines = 0

  /// - Parameter header: keys in the order in which lines write them; `nil` is returned where one has to be escaped.
  init?(_ header: [String]) {
    let plain = header.allSatisfy { key in key.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C } }
    guard plain, !header.isEmpty else { return nil }
    keyTexts = header.map { FixedBytes("\"\($0)\"" + String(repeating: " ", count: 16)) }
    keys = keyTexts.map {
      rapport_json_key(bytes: $0.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), count: $0.bytes.count - 16)
    }
    fields = .allocate(capacity: 0)
    ends = .allocate(capacity: Self.batch * (header.count + 1))
  }

  deinit {
    fields.deallocate()
    ends.deallocate()
  }

  /// Forgets what was scanned and makes room for a batch of lines.
  ///
  /// - Parameter bytes: of all its lines together.
  mutating func begin(bytes: Int) {
    let needed = bytes + Self.batch * (keys.count + 16) + TextRegion.padding
    if needed > capacity {
      fields.deallocate()
      capacity = 2 * needed
      fields = .allocate(capacity: capacity)
      fields.initialize(repeating: 0, count: capacity)
    }
    (used, lines) = (0, 0)
  }

  /// The next line of the batch as a record, valid until another batch begins; `nil` where it isn't of the usual shape. Its keys are the
  /// columns.
  ///
  /// - Parameter line: without its line's end; ``TextRegion/padding`` bytes are readable behind it.
  mutating func scan(_ line: UnsafeRawBufferPointer) -> PlainRecord? {
    let own = ends + lines * (keys.count + 1)
    own[0] = UInt32(truncatingIfNeeded: used - 1)
    let text = line.baseAddress!
    let taken = rapport_plain_json_fields(
      text.assumingMemoryBound(to: UInt8.self), line.count, keys, keys.count, fields, used, own + 1)
    guard taken > 0 else { return nil }
    used += taken
    lines += 1
    let start = text - UnsafeRawPointer(fields)
    return PlainRecord(
      bytes: UnsafeRawPointer(fields), ends: UnsafePointer(own + 1), start: start, end: start + line.count)
  }
}
