extension JSONValue {
  /// The document as text: keys sorted by their bytes, every bit of a number kept, so that equal values give equal
  /// bytes.
  ///
  /// - Parameter indented: a line for each member of the document and each element of its members, so that a manager
  ///   or a pair is one line; otherwise no white space at all. Deeper down there is none: it would double the size.
  public func text(indented: Bool = true) -> String {
    var bytes: [UInt8] = []
    write(to: &bytes, level: indented ? 0 : nil)
    if indented { bytes.append(UInt8(ascii: "\n")) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8], level: Int?) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number(let value): bytes += Self.text(of: value).utf8
    case .string(let value): Self.write(value, to: &bytes)
    case .array(let elements):
      Self.writeList(elements, open: "[", close: "]", to: &bytes, level: level) { element, bytes, level in
        element.write(to: &bytes, level: level)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.writeList(sorted, open: "{", close: "}", to: &bytes, level: level) { member, bytes, level in
        Self.write(member.key, to: &bytes)
        bytes += (level == nil ? ":" : ": ").utf8
        member.value.write(to: &bytes, level: level)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], open: String, close: String, to bytes: inout [UInt8], level: Int?,
    each: (Element, inout [UInt8], Int?) -> Void
  ) {
    let level = level.flatMap { $0 < Self.indentedLevels ? $0 : nil }
    bytes += open.utf8
    for (i, element) in elements.enumerated() {
      if i > 0 { bytes.append(UInt8(ascii: ",")) }
      if let level { breakLine(to: &bytes, level: level + 1) }
      each(element, &bytes, level.map { $0 + 1 })
    }
    if let level, !elements.isEmpty { breakLine(to: &bytes, level: level) }
    bytes += close.utf8
  }

  /// How many levels of lists and objects have a line for each entry.
  private static let indentedLevels = 2

  private static func breakLine(to bytes: inout [UInt8], level: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  static func text(of value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return value.description
  }

  private static func write(_ string: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case 0..<0x20:
        let digits = String(byte, radix: 16)
        bytes += "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
