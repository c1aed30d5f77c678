/// Text made inert and legible for HTML and SVG.
enum Markup {
  /// Text between tags or in a quoted attribute, of which at most 20,000 characters are kept.
  ///
  /// By Unicode scalars, as a browser reads them: a `<` that a combining scalar joins is one all the same.
  static func escaped(_ text: String) -> String {
    if text.utf8.count <= mostCharacters, text.utf8.allSatisfy(isInert) { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in Legible.text(text, limit: mostCharacters).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // XML has no way to say these.
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
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
