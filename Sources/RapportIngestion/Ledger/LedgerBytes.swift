import Glibc

/// Writes a ledger's sections to a file, or into memory, block by block: of a file no more than a block is ever in memory, and a piece
/// for each thread where pieces are written.
///
/// A section is preceded by its length and checksum, which are known only behind it, and put there afterwards. The
/// checksum runs over blocks of ``blockBytes``; what ``LedgerReader`` reads back it checks in the same way.
struct LedgerWriter {
  /// Bytes that are written and checked at once.
  static let blockBytes = 1 << 20
  /// Rows whose columns stand together, so that they are looked at while they are near.
  static let blockRows = 4096

  private enum Output {
    case memory([UInt8])
    case file(Int32)
    /// A piece of a section, which stays in its block.
    case piece
  }

  private var output: Output
  private var block: [UInt8] = []
  /// Bytes of a block.
  private let limit: Int
  private var offset = 0
  private var sectionStart = 0
  private var checksum: UInt64 = 0
  /// The system's reason, once writing has failed.
  private(set) var failure: Int32 = 0

  private init(_ output: Output, limit: Int = blockBytes) { (self.output, self.limit) = (output, limit) }

  /// Into memory.
  init() { self.init(.memory([])) }

  /// Into an open file.
  init(descriptor: Int32) {
    self.init(.file(descriptor))
    block.reserveCapacity(Self.blockBytes)
  }

  /// What was written into memory.
  var bytes: [UInt8] { if case .memory(let bytes) = output { bytes } else { [] } }

  /// The checksum of blocks, from that of those before.
  static func checksum(_ block: UnsafeRawBufferPointer, after before: UInt64) -> UInt64 {
    StableHash.of(StableHash.of(block), before)
  }

  // MARK: Sections

  /// Writes what stands before all sections.
  mutating func write(head: [UInt8]) { put(head, at: nil) }

  /// Begins a section.
  mutating func beginSection() {
    put([UInt8](repeating: 0, count: 16), at: nil)
    sectionStart = offset
    checksum = 0
  }

  /// Ends a section.
  mutating func endSection() {
    flush()
    var header: [UInt8] = []
    withUnsafeBytes(of: UInt64(offset - sectionStart).littleEndian) { header.append(contentsOf: $0) }
    withUnsafeBytes(of: checksum.littleEndian) { header.append(contentsOf: $0) }
    put(header, at: sectionStart - 16)
  }

  private mutating func flush() {
    if block.isEmpty { return }
    checksum = block.withUnsafeBytes { Self.checksum($0, after: checksum) }
    put(block, at: nil)
    block.removeAll(keepingCapacity: true)
  }

  /// Writes at a place, or behind everything.
  private mutating func put(_ bytes: [UInt8], at place: Int?) {
    switch output {
    case .memory(var whole):
      output = .memory([])
      if let place { whole.replaceSubrange(place..<place + bytes.count, with: bytes) } else { whole += bytes }
      output = .memory(whole)
    case .file(let descriptor):
      var written = 0
      while written < bytes.count, failure == 0 {
        let count = bytes.withUnsafeBytes { buffer in
          pwrite(descriptor, buffer.baseAddress! + written, buffer.count - written, (place ?? offset) + written)
        }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { failure = count == 0 ? EIO : errno }
        written += max(0, count)
      }
    case .piece: preconditionFailure("a piece is written by the section's writer")
    }
    if place == nil { offset += bytes.count }
  }

  // MARK: Pieces

  /// Appends what `body` writes for each of the numbers below `count`, in their order. Each of up to `threads` threads writes for the
  /// next number as it comes free, so that there are no more pieces in memory than threads.
  mutating func write(pieces count: Int, threads: Int, _ body: @Sendable (Int, inout LedgerWriter) -> Void) {
    if min(count, threads) <= 1 { return (0..<count).forEach { body($0, &self) } }
    let turns = Turns()
    withUnsafeMutablePointer(to: &self) { section in
      nonisolated(unsafe) let section = section
      _ = Parallel.map(count, threads: threads) { number in
        var piece = LedgerWriter(.piece, limit: .max)
        body(number, &piece)
        turns.take(number) { piece.block.withUnsafeBytes { section.pointee.write(raw: $0) } }
      }
    }
  }

  // MARK: Values

  /// Appends bytes to the section.
  mutating func write(raw bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(limit - block.count)
      block.append(contentsOf: UnsafeRawBufferPointer(rebasing: part))
      rest = rest.dropFirst(part.count)
      if block.count == limit { flush() }
    }
  }

  mutating func write<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { write(raw: $0) }
  }

  /// A column of bytes with its length before it.
  mutating func write(column: [UInt8]) {
    write(UInt64(column.count))
    column.withUnsafeBytes { write(raw: $0) }
  }

  mutating func write(_ text: String) { write(column: Array(text.utf8)) }

  /// A column of numbers with its length before it, packed block by block.
  mutating func write<Number: FixedWidthInteger>(packed column: [Number]) {
    write(UInt64(column.count))
    column.withUnsafeBufferPointer { column in
      for start in stride(from: 0, to: column.count, by: Self.blockRows) {
        pack(min(Self.blockRows, column.count - start)) { Int64(truncatingIfNeeded: column[start + $0]) }
      }
    }
  }

  /// Numbers in as few bytes as their range needs, thousands where all are whole thousands; `Int64.max` is nothing.
  ///
  ///     width (UInt8) · unit (1 or 1000, UInt16) · least (Int64) · each (value − least) / unit, or all bits where nothing is
  @inline(__always)
  mutating func pack(_ count: Int, _ value: (Int) -> Int64) {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: count) { values in
      var least = Int64.max
      var greatest = Int64.min
      var areAllThere = true
      for index in 0..<count {
        let number = value(index)
        values[index] = number
        let isThere = number != .max
        areAllThere = areAllThere && isThere
        least = min(least, number)
        greatest = max(greatest, isThere ? number : .min)
      }
      var (width, unit) = (0, UInt64(1))
      if greatest >= least {
        let range = UInt64(bitPattern: greatest &- least)
        if range >= 1000 {
          var areThousands = true
          for number in values where number != .max {
            areThousands = areThousands && UInt64(bitPattern: number &- least) % 1000 == 0
          }
          if areThousands { unit = 1000 }
        }
        // One number more stands for nothing.
        let codes = range == 0 && areAllThere ? 0 : range / unit + 1
        width = (64 - codes.leadingZeroBitCount + 7) / 8
      }
      write(UInt8(width))
      write(UInt16(unit))
      write(least)
      if width == 0 { return }
      withUnsafeTemporaryAllocation(byteCount: count * width + 8, alignment: 8) { bytes in
        var place = bytes.baseAddress!
        for number in values {
          let distance = UInt64(bitPattern: number &- least)
          // By a number that the compiler knows, dividing is multiplying.
          let code = number == .max ? UInt64.max : unit == 1 ? distance : distance / 1000
          place.storeBytes(of: code.littleEndian, as: UInt64.self)
          place += width
        }
        write(raw: UnsafeRawBufferPointer(start: bytes.baseAddress, count: count * width))
      }
    }
  }
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

  /// The checksum of a section.
  static func checksum(of section: ArraySlice<UInt8>) -> UInt64 {
    section.withUnsafeBytes { section in
      var checksum: UInt64 = 0
      for start in stride(from: 0, to: section.count, by: LedgerWriter.blockBytes) {
        let end = min(section.count, start + LedgerWriter.blockBytes)
        checksum = LedgerWriter.checksum(UnsafeRawBufferPointer(rebasing: section[start..<end]), after: checksum)
      }
      return checksum
    }
  }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard bytes.endIndex - offset >= size else { return nil }
    var number = Number.zero
    withUnsafeMutableBytes(of: &number) { $0.copyBytes(from: bytes[offset..<offset + size]) }
    offset += size
    return Number(littleEndian: number)
  }

  /// Bytes whose number is known.
  mutating func raw(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.endIndex - offset else { return nil }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  mutating func column() -> [UInt8]? {
    guard let count = number(UInt64.self), let count = Int(exactly: count) else { return nil }
    return raw(count).map { Array($0) }
  }

  mutating func text() -> String? { column().map { String(decoding: $0, as: UTF8.self) } }

  /// How many rows follow: no more than a packed byte each could tell of, unless they are all alike.
  mutating func rowCount() -> Int? {
    guard let count = number(UInt64.self), count <= UInt64(UInt32.max) else { return nil }
    let blocks = (Int(count) + LedgerWriter.blockRows - 1) / LedgerWriter.blockRows
    return blocks * 11 <= bytes.endIndex - offset ? Int(count) : nil
  }

  /// A column of packed numbers, each of which fits its type.
  mutating func packed<Number: FixedWidthInteger>(of: Number.Type) -> [Number]? {
    guard let count = rowCount() else { return nil }
    var column: [Number] = []
    column.reserveCapacity(count)
    var block: [Int64] = []
    for start in stride(from: 0, to: count, by: LedgerWriter.blockRows) {
      guard unpack(min(LedgerWriter.blockRows, count - start), into: &block) else { return nil }
      for value in block {
        guard let number = Number(exactly: value) else { return nil }
        column.append(number)
      }
    }
    return column
  }

  /// A block of packed numbers; `false` where it isn't one.
  mutating func unpack(_ count: Int, into values: inout [Int64]) -> Bool {
    values.removeAll(keepingCapacity: true)
    guard let width = number(UInt8.self), width <= 8, let unit = number(UInt16.self), unit == 1 || unit == 1000,
      let least = number(Int64.self), let content = raw(count * Int(width))
    else { return false }
    let nothing = width == 8 ? UInt64.max : (1 << (8 * UInt64(width))) - 1
    var isWhole = true
    content.withUnsafeBytes { content in
      for index in 0..<count {
        var code: UInt64 = 0
        for byte in 0..<Int(width) { code |= UInt64(content[index * Int(width) + byte]) << UInt64(8 * byte) }
        if width > 0 && code == nothing {
          values.append(.max)
          continue
        }
        let (scaled, overflow) = code.multipliedReportingOverflow(by: UInt64(unit))
        let value = least &+ Int64(bitPattern: scaled)
        isWhole = isWhole && !overflow && value >= least
        values.append(value)
      }
    }
    return isWhole
  }
}
