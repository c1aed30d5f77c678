/// Makes foreign text, such as an identifier, safe and legible in a terminal.
public enum Legible {
  /// `text` without control characters and without marks that reorder what follows, which could change what a
  /// terminal shows; each becomes `�`. At most `limit` characters.
  public static func text(_ text: String, limit: Int = 200) -> String {
    if text.utf8.count <= limit, text.unicodeScalars.allSatisfy(isPlain) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit * 4) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate: result.append("\u{FFFD}")
      case .format where isReordering(scalar.value): result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    let legible = String(result)
    return legible.count > limit ? legible.prefix(limit) + "…" : legible
  }

  /// Whether a scalar is visible and a character by itself: Latin letters and signs, dashes, quotes and a minus, of which
  /// our own texts are made.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x180, 0x2010..<0x2028, 0x2212: true
    default: false
    }
  }

  private static func isReordering(_ value: UInt32) -> Bool {
    (0x200E...0x200F).contains(value) || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
      || value == 0x061C
  }
}
