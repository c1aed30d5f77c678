/// Makes foreign text, such as an identifier, safe and legible in a terminal.
public enum Legible {
  /// `text` without control characters and without marks that reorder what follows, which could change what a
  /// terminal shows; each becomes `�`. At most `limit` characters.
  public static func text(_ text: String, limit: Int = 200) -> String {
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

  private static func isReordering(_ value: UInt32) -> Bool {
    (0x200E...0x200F).contains(value) || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
      || value == 0x061C
  }
}
