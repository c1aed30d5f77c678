import CScanning
import Glibc

/// The fields of a chunk of delimiter-separated records: total, fast, without opinions.
///
/// A record ends at a line feed outside of quotes; a carriage return before it belongs to the line's end. A field is
/// given without its quotes and without spaces and tabs at its ends; two quotes inside a quoted field are one.
struct FieldScanner: ~Copyable {
  /// Offsets of the ends of fields; see `rapport_index_fields`.
  private var ends: UnsafeMutablePointer<UInt32>
  private var records: UnsafeMutablePointer<UInt32>
  private var capacity = 0
  private let instructions: rapport_instructions
  /// Where fields with doubled quotes are put together.
  private var scratch: UnsafeMutablePointer<UInt8>
  private var scratchCapacity = 0

  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Where they begin: asked for in every row, which should cost nothing.
  private var base: UnsafeRawPointer
  /// Records in the chunk.
  private(set) var recordCount = 0
  /// Records that end in a line feed: all, or all but the last.
  private(set) var endedRecordCount = 0
  /// The last record's quote was left open.
  private(set) var endsInQuotes = false

  // The current record.
  private var firstEnd = 0
  /// How many fields it has.
  private(set) var fieldCount = 0
  private var start = 0
  private var end = 0

  /// - Parameter instructions: those to scan with; what is found doesn't depend on them.
  init(instructions: rapport_instructions = .best) {
    self.instructions = instructions
    ends = Self.room(for: 0)
    records = .allocate(capacity: 0)
    scratch = .allocate(capacity: 0)
    base = UnsafeRawPointer(scratch)
  }

  /// Entries that may be written behind the last.
  private static let roomBehind = 64

  /// Room for ends, with the end of a record before the first in front of them: −1.
  private static func room(for count: Int) -> UnsafeMutablePointer<UInt32> {
    let room = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
    room.initialize(to: .max)
    return room + 1
  }

  deinit {
    (ends - 1).deallocate()
    records.deallocate()
    scratch.deallocate()
  }

  /// Begins a chunk, which begins with a record. ``TextRegion/padding`` bytes are readable behind it.
  ///
  /// - Parameter hasQuotes: whether there is a double quote anywhere in it.
  mutating func begin(_ chunk: UnsafeRawBufferPointer, delimiter: UInt8, hasQuotes: Bool = true) {
    bytes = chunk
    base = chunk.baseAddress ?? UnsafeRawPointer(scratch)
    if chunk.count + Self.roomBehind > capacity {
      (ends - 1).deallocate()
      records.deallocate()
      capacity = chunk.count + Self.roomBehind
      ends = Self.room(for: capacity)
      records = .allocate(capacity: capacity)
    }
    var state = rapport_scan_state(in_quotes: 0, pending_quote: 0, at_start: 1)
    var found = 0
    var count = 0
    if let base = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self) {
      count =
        hasQuotes
        ? rapport_index_fields(base, chunk.count, delimiter, ends, records, &found, &state, instructions)
        : rapport_index_plain_fields(base, chunk.count, delimiter, ends, records, &found, instructions)
    }
    endsInQuotes = state.in_quotes != 0 && state.pending_quote == 0
    endedRecordCount = found
    // The last record may lack its line feed.
    let lastEnd = found == 0 ? 0 : Int(ends[Int(records[found - 1])]) + 1
    if lastEnd < chunk.count {
      ends[count] = UInt32(chunk.count)
      records[found] = UInt32(count)
      found += 1
    }
    recordCount = found
  }

  /// Makes a record the current one.
  @inline(__always)
  mutating func select(_ record: Int) {
    firstEnd = record == 0 ? 0 : Int(records[record - 1]) + 1
    let last = Int(records[record])
    fieldCount = last - firstEnd + 1
    start = firstEnd == 0 ? 0 : Int(ends[firstEnd - 1]) + 1
    end = Int(ends[last])
    // The carriage return of a line's end; a line's end is no part of the last field.
    if end > start, base.load(fromByteOffset: end &- 1, as: UInt8.self) == 13 { end -= 1 }
  }

  /// The current record's bytes without the line's end.
  @inline(__always)
  var record: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + start, count: end &- start) }

  /// Whether it has none.
  @inline(__always) var isEmpty: Bool { end == start }

  /// Another record, for looking ahead: its line's end may still be in it. `nil` where there is none, and where it has
  /// fewer fields or more, so that nobody looks for ends that aren't there.
  @inline(__always)
  func plainRecord(_ record: Int, fieldCount: Int) -> PlainRecord? {
    guard record < recordCount else { return nil }
    let first = record == 0 ? 0 : Int(records[record - 1]) + 1
    guard Int(records[record]) - first + 1 == fieldCount else { return nil }
    return PlainRecord(bytes: base, ends: UnsafePointer(ends + first), start: 0, end: 0)
  }

  /// The current record as it stands.
  @inline(__always)
  var plainRecord: PlainRecord {
    PlainRecord(bytes: base, ends: UnsafePointer(ends + firstEnd), start: start, end: end)
  }

  /// A field of the current record, as it stands, with quotes and blanks.
  @inline(__always)
  private func rawRange(_ field: Int) -> Range<Int> {
    let lower = field == 0 ? start : Int(ends[firstEnd + field - 1]) + 1
    let upper = field == fieldCount - 1 ? end : Int(ends[firstEnd + field])
    return lower..<max(lower, upper)
  }

  /// A field of the current record; `nil` when something stands behind its closing quote.
  ///
  /// The bytes are valid until another record is selected.
  @inline(__always)
  mutating func field(_ index: Int) -> UnsafeRawBufferPointer? {
    let range = rawRange(index)
    var lower = range.lowerBound
    var upper = range.upperBound
    if lower < upper, bytes[lower] == UInt8(ascii: "\"") { return quoted(lower + 1, upper) }
    while lower < upper, bytes[lower] == 32 || bytes[lower] == 9 { lower += 1 }
    while upper > lower, bytes[upper - 1] == 32 || bytes[upper - 1] == 9 { upper -= 1 }
    return UnsafeRawBufferPointer(start: bytes.baseAddress! + lower, count: upper - lower)
  }

  private mutating func quoted(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer? {
    var position = start
    var doubled = 0
    while position < end {
      if bytes[position] == UInt8(ascii: "\"") {
        guard position + 1 < end, bytes[position + 1] == UInt8(ascii: "\"") else { break }
        doubled += 1
        position += 1
      }
      position += 1
    }
    // Only blanks may follow the closing quote, and there must be one.
    guard position < end else { return nil }
    for index in (position + 1)..<end where bytes[index] != 32 && bytes[index] != 9 { return nil }
    var content = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    if doubled > 0 { content = withoutDoubles(content) }
    return content.trimmed
  }

  private mutating func withoutDoubles(_ content: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    // There is room for the whole record, and each field has its own place in it: that which it has in the record. So the room doesn't
    // move while the record's fields are in use, and a field that is asked for again is put where it stands already.
    let needed = end - start + TextRegion.padding
    if needed > scratchCapacity {
      scratch.deallocate()
      scratchCapacity = needed * 2
      scratch = .allocate(capacity: scratchCapacity)
      scratch.initialize(repeating: 0, count: scratchCapacity)
    }
    let target = scratch + (content.baseAddress! - record.baseAddress!)
    var count = 0
    var position = 0
    while position < content.count {
      target[count] = content[position]
      position += content[position] == UInt8(ascii: "\"") ? 2 : 1
      count += 1
    }
    return UnsafeRawBufferPointer(start: target, count: count)
  }

  /// Line feeds in the current record and behind it, up to the next.
  func lineFeeds() -> Int {
    var count = 1
    for index in start..<end where bytes[index] == 10 { count += 1 }
    return count
  }
}

extension rapport_instructions {
  /// The most that this processor is able to do.
  static let best = rapport_best_instructions()
}

extension UnsafeRawBufferPointer {
  /// The bytes from an offset up to the next line feed, or to the end.
  @inline(__always)
  func line(from offset: Int) -> UnsafeRawBufferPointer {
    let start = baseAddress! + offset
    let end = memchr(start, 10, count - offset).map { UnsafeRawPointer($0) - start } ?? count - offset
    return UnsafeRawBufferPointer(start: start, count: end)
  }

  /// A line without the carriage return at its end.
  @inline(__always)
  var withoutCarriageReturn: UnsafeRawBufferPointer { last == 13 ? UnsafeRawBufferPointer(rebasing: dropLast()) : self }

  /// Without spaces and tabs at its ends.
  @inline(__always)
  var trimmed: UnsafeRawBufferPointer {
    var lower = 0
    var upper = count
    while lower < upper, self[lower] == 32 || self[lower] == 9 { lower += 1 }
    while upper > lower, self[upper - 1] == 32 || self[upper - 1] == 9 { upper -= 1 }
    return UnsafeRawBufferPointer(rebasing: self[lower..<upper])
  }
}
