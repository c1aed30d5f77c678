import CSimdJSON

/// Flat JSON objects, one a line, to the text of the wanted keys' values.
struct JSONRowReader: ~Copyable {
  private let reader = rapport_json_reader_create()
  private var keys: [FixedBytes] = []
  private var slices: [rapport_json_slice] = []
  private var values: [rapport_json_slice] = []

  init() {
    precondition(rapport_json_padding() <= TextRegion.padding, "simdjson reads further than text regions allow")
  }

  deinit { rapport_json_reader_destroy(reader) }

  /// Which keys' values are wanted, in the order in which they are asked for.
  mutating func wanted(_ names: [String]) {
    keys = names.map { FixedBytes($0) }
    slices = keys.map {
      rapport_json_slice(bytes: $0.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), count: $0.bytes.count)
    }
    values = [rapport_json_slice](repeating: rapport_json_slice(), count: names.count)
  }

  /// Reads a line, behind which ``TextRegion/padding`` bytes are readable.
  ///
  /// - Returns: why it can't be used, or `nil`.
  mutating func read(_ line: UnsafeRawBufferPointer) -> RejectReason? {
    let code = rapport_json_read(
      reader, line.baseAddress!.assumingMemoryBound(to: UInt8.self), line.count, slices, slices.count, &values)
    return switch Int(code) {
    case rapport_json_ok: nil
    case rapport_json_utf8: .invalidUTF8
    default: .badJSON
    }
  }

  /// The value of a wanted key, by its position among them; empty where absent or null.
  @inline(__always)
  func value(_ index: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: values[index].bytes, count: values[index].count)
  }

  /// The keys of an object in order; `nil` when the line isn't one.
  func keys(of line: UnsafeRawBufferPointer) -> [String]? {
    var names: [String] = []
    let code = withUnsafeMutablePointer(to: &names) { pointer in
      rapport_json_keys(reader, line.baseAddress!.assumingMemoryBound(to: UInt8.self), line.count, pointer) {
        context, key in
        let bytes = UnsafeRawBufferPointer(start: key.bytes, count: key.count)
        context!.assumingMemoryBound(to: [String].self).pointee.append(String(decoding: bytes, as: UTF8.self))
      }
    }
    return Int(code) == rapport_json_ok ? names : nil
  }
}
