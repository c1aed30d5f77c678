import Glibc

/// Distinct identifiers in byte order; a code is a position.
struct Identifiers: Equatable, Sendable {
  /// All identifiers, one behind the other.
  var bytes: [UInt8] = []
  /// Where each ends in `bytes`.
  var ends: [UInt32] = []

  var count: Int { ends.count }

  /// The bytes of one identifier.
  @inline(__always)
  func withBytes<R>(of code: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let start = code == 0 ? 0 : Int(ends[code - 1])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<Int(ends[code])])) }
  }

  /// The identifiers as text.
  var strings: [String] {
    (0..<count).map { code in withBytes(of: code) { String(decoding: $0, as: UTF8.self) } }
  }

  /// Appends an identifier that sorts behind all others.
  mutating func append(_ string: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: string)
    ends.append(UInt32(bytes.count))
  }

  /// −1, 0 or 1 as `a` sorts before, with or behind `b`: by bytes, a prefix first.
  static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let common = min(a.count, b.count)
    let order = common == 0 ? 0 : memcmp(a.baseAddress!, b.baseAddress!, common)
    if order != 0 { return order < 0 ? -1 : 1 }
    return a.count < b.count ? -1 : (a.count > b.count ? 1 : 0)
  }

  /// The identifiers of a builder in byte order, and the new code of each old one.
  static func sorted(_ interner: ByteInterner) -> (Identifiers, newCodes: [UInt32]) {
    let order = (0..<UInt32(interner.count)).sorted { a, b in
      interner.withBytes(of: a) { x in interner.withBytes(of: b) { y in compare(x, y) < 0 } }
    }
    var result = Identifiers()
    var newCodes = [UInt32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() {
      interner.withBytes(of: old) { result.append($0) }
      newCodes[Int(old)] = UInt32(new)
    }
    return (result, newCodes)
  }

  /// The union of two lists, and the new code of each old one; both maps keep the order.
  static func union(_ a: Identifiers, _ b: Identifiers) -> (Identifiers, ofA: [UInt32], ofB: [UInt32]) {
    var result = Identifiers()
    result.bytes.reserveCapacity(max(a.bytes.count, b.bytes.count))
    var ofA: [UInt32] = []
    var ofB: [UInt32] = []
    ofA.reserveCapacity(a.count)
    ofB.reserveCapacity(b.count)
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      let order =
        i == a.count
        ? 1 : j == b.count ? -1 : a.withBytes(of: i) { x in b.withBytes(of: j) { y in compare(x, y) } }
      let code = UInt32(result.count)
      if order <= 0 { a.withBytes(of: i) { result.append($0) } } else { b.withBytes(of: j) { result.append($0) } }
      if order <= 0 {
        ofA.append(code)
        i += 1
      }
      if order >= 0 {
        ofB.append(code)
        j += 1
      }
    }
    return (result, ofA, ofB)
  }
}
