/// Text made inert and legible for HTML and SVG.
enum Markup {
  /// Text between tags or in a quoted attribute, of which at most 20,000 characters are kept.
  ///
  /// By Unicode scalars, as a browser reads them: a `<` that a combining scalar joins is one all the same.
  static func escaped(_ text: String) -> String {
    var text = text
    if text.withUTF8({ $0.count <= mostCharacters && $0.allSatisfy(isInert) }) { return text }
    // Byte by byte: what is escaped is ASCII, of which other scalars have none.
    var legible = Legible.text(text, limit: mostCharacters)
    return legible.withUTF8 { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count + bytes.count / 8)
      var rest = 0
      func replace(_ i: Int, length: Int = 1, by text: StaticString) {
        result.append(contentsOf: bytes[rest..<i])
        result.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        rest = i + length
      }
      for (i, byte) in bytes.enumerated() {
        switch byte {
        case UInt8(ascii: "&"): replace(i, by: "&amp;")
        case UInt8(ascii: "<"): replace(i, by: "&lt;")
        case UInt8(ascii: ">"): replace(i, by: "&gt;")
        case UInt8(ascii: "\""): replace(i, by: "&quot;")
        case UInt8(ascii: "'"): replace(i, by: "&#39;")
        // U+FFFE and U+FFFF, which XML has no way to say: EF BF BE and EF BF BF.
        case 0xEF where bytes[i + 1] == 0xBF && bytes[i + 2] >= 0xBE: replace(i, length: 3, by: "\u{FFFD}")
        default: break
        }
      }
      result.append(contentsOf: bytes[rest...])
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// Of a foreign text.
  private static let mostCharacters = 20_000

  /// Whether a byte of ASCII stands for itself; those of other characters don't count as inert.
  private static func isInert(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
    default: byte >= 0x20 && byte < 0x7F
    }
  }

  /// To half a pixel.
  static func half(_ value: Double) -> Double { (value * 2).rounded() / 2 }

  /// A length or position in an SVG, to half a pixel: finer can't be seen, and takes room.
  static func length(_ value: Double) -> String {
    let halves = half(value)
    return halves == halves.rounded() ? String(Int(halves)) : String(halves)
  }
}
