/// Writes the document as text without white space, keys sorted by their bytes.
///
/// Members are written as they come. Where they came in another order than that of their keys, they are put in order when their
/// object ends: then a member is copied once for each such object around it, of which rows have few.
final class JSONTextSink: JSONSink {
  // Millions of small accesses, none of which can meet another: looking out for such took a third of the writing.

  /// Everything that was told since it was last taken away.
  @exclusivity(unchecked) private var bytes: [UInt8] = []
  /// A member of an open object.
  private struct Member {
    /// Its key in `keys`, and where it begins in `bytes`.
    var key: Range<Int>
    var start: Int
    /// Where its value ends; known once its object has ended.
    var end = 0
  }
  @exclusivity(unchecked) private var keys: [UInt8] = []
  @exclusivity(unchecked) private var members: [Member] = []
  /// An open container: where it begins in `members`, which is −1 for an array, in `keys` and `bytes`.
  private struct Container {
    var members: Int
    var keys: Int
    var bytes: Int
    /// Whether each member's key comes behind that of the member before.
    var isSorted = true
  }
  @exclusivity(unchecked) private var open: [Container] = []
  @exclusivity(unchecked) private var scratch: [UInt8] = []

  /// Takes the text away.
  func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  override func key(_ key: String) {
    let object = open.count - 1
    let start = keys.count
    keys.append(key)
    let own = start..<keys.count
    if members.count > open[object].members {
      bytes.append(UInt8(ascii: ","))
      if compare(members[members.count - 1].key, own) >= 0 { open[object].isSorted = false }
    }
    members.append(Member(key: own, start: bytes.count))
    keys.withUnsafeBufferPointer { bytes.append(jsonString: UnsafeBufferPointer(rebasing: $0[own])) }
    bytes.append(UInt8(ascii: ":"))
  }

  override func null() {
    separate()
    bytes.append("null")
  }
  override func bool(_ value: Bool) {
    separate()
    bytes.append(value ? "true" : "false")
  }
  override func integer(_ value: Int64) {
    separate()
    bytes.append(json: value)
  }
  override func number(_ value: Double) {
    separate()
    bytes.append(json: value)
  }
  override func string(_ value: String) {
    separate()
    bytes.append(json: value)
  }

  override func beginArray() {
    separate()
    bytes.append(UInt8(ascii: "["))
    open.append(Container(members: -1, keys: keys.count, bytes: bytes.count))
  }
  override func endArray() {
    open.removeLast()
    bytes.append(UInt8(ascii: "]"))
  }

  override func beginObject() {
    separate()
    bytes.append(UInt8(ascii: "{"))
    open.append(Container(members: members.count, keys: keys.count, bytes: bytes.count))
  }

  override func endObject() {
    let object = open.removeLast()
    let own = object.members..<members.count
    if !object.isSorted { rewrite(own, from: object.bytes) }
    members.removeLast(own.count)
    keys.removeLast(keys.count - object.keys)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Puts members in order; of several with one key the last stays.
  private func rewrite(_ own: Range<Int>, from start: Int) {
    for i in own { members[i].end = i + 1 < own.upperBound ? members[i + 1].start - 1 : bytes.count }
    members.withUnsafeMutableBufferPointer { members in
      var members = UnsafeMutableBufferPointer(rebasing: members[own])
      members.sort { first, second in
        let order = compare(first.key, second.key)
        return order < 0 || order == 0 && first.start < second.start
      }
    }
    scratch.removeAll(keepingCapacity: true)
    for i in own where i + 1 == own.upperBound || compare(members[i].key, members[i + 1].key) != 0 {
      if !scratch.isEmpty { scratch.append(UInt8(ascii: ",")) }
      scratch.append(contentsOf: bytes[members[i].start..<members[i].end])
    }
    bytes.removeLast(bytes.count - start)
    bytes.append(contentsOf: scratch)
  }

  /// In an array, a comma behind the element before.
  private func separate() {
    guard let last = open.last, last.members < 0, bytes.count > last.bytes else { return }
    bytes.append(UInt8(ascii: ","))
  }

  /// Below 0, 0 or above it, as the first key comes before the second, is the same, or comes behind it.
  private func compare(_ first: Range<Int>, _ second: Range<Int>) -> Int {
    keys.withUnsafeBufferPointer { keys in
      for k in 0..<min(first.count, second.count) {
        let (a, b) = (keys[first.lowerBound + k], keys[second.lowerBound + k])
        if a != b { return a < b ? -1 : 1 }
      }
      return first.count - second.count
    }
  }
}

/// Takes the text of a number byte by byte: as a string of its own most would need memory of their own.
private struct ByteText: TextOutputStream {
  var bytes: [UInt8] = []

  mutating func write(_ text: String) { bytes.append(text) }
  /// What the standard library calls in its place for text of ASCII alone.
  mutating func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: text) }
}

extension [UInt8] {
  /// Appends the bytes of a text.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(contentsOf: $0) }
  }

  /// Appends a whole number's digits.
  mutating func append(json value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    let start = count
    var rest = value.magnitude
    repeat {
      let (tens, digit) = rest.quotientAndRemainder(dividingBy: 10)
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
      rest = tens
    } while rest > 0
    self[start...].reverse()
  }

  /// Appends the shortest text that reads back as the same number; whole numbers below 10¹⁵ without a point.
  mutating func append(json value: Double) {
    if value == value.rounded(), abs(value) < 1e15 { return append(json: Int64(value)) }
    var text = ByteText()
    swap(&text.bytes, &self)
    value.write(to: &text)
    swap(&text.bytes, &self)
  }

  /// Appends a text in quotes.
  mutating func append(json value: String) {
    var value = value
    value.withUTF8 { append(jsonString: $0) }
  }

  /// Appends the bytes of a text in quotes.
  mutating func append(jsonString value: UnsafeBufferPointer<UInt8>) {
    append(UInt8(ascii: "\""))
    // Up to a byte that needs a sign before it, all at once.
    var start = 0
    for (i, byte) in value.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      append(contentsOf: value[start..<i])
      start = i + 1
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\r"): append("\\r")
      case UInt8(ascii: "\t"): append("\\t")
      default:
        let digits = String(byte, radix: 16)
        append("\\u00\(digits.count == 1 ? "0" : "")\(digits)")
      }
    }
    append(contentsOf: value[start...])
    append(UInt8(ascii: "\""))
  }
}
