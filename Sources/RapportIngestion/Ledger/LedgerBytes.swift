/// Writes a ledger's columns: little-endian numbers, each column with its length before it.
struct LedgerWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write<Number: FixedWidthInteger>(column: [Number]) {
    write(UInt64(column.count))
    let littleEndian = column.map(\.littleEndian)
    littleEndian.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ content: [UInt8]) { bytes.append(contentsOf: content) }

  mutating func write(_ text: String) { write(column: Array(text.utf8)) }
}

/// Reads what ``LedgerWriter`` wrote; `nil` where the bytes end too early.
struct LedgerReader {
  private let bytes: ArraySlice<UInt8>
  private var offset: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  var isAtEnd: Bool { offset == bytes.endIndex }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.endIndex - offset >= size else { return nil }
    var number = Number.zero
    withUnsafeMutableBytes(of: &number) { $0.copyBytes(from: bytes[offset..<offset + size]) }
    offset += size
    return Number(littleEndian: number)
  }

  mutating func column<Number: FixedWidthInteger>(of: Number.Type) -> [Number]? {
    guard let count = number(UInt64.self) else { return nil }
    let size = MemoryLayout<Number>.size
    guard count <= UInt64((bytes.endIndex - offset) / size) else { return nil }
    let end = offset + Int(count) * size
    let column = [Number](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[offset..<end])
      initialized = Int(count)
    }
    offset = end
    return column.map { Number(littleEndian: $0) }
  }

  mutating func text() -> String? { column(of: UInt8.self).map { String(decoding: $0, as: UTF8.self) } }
}
