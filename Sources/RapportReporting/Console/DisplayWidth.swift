/// How many columns of a terminal text takes.
///
/// East Asian wide characters and emoji take two, marks that combine and invisible ones none. Ranges after Unicode
/// Standard Annex 11; what a terminal's font does may differ for a few emoji.
public enum DisplayWidth {
  /// The width of `text` in columns.
  public static func of(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// The width of one character.
  public static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar.properties.isEmojiPresentation || isWide(scalar.value) { return 2 }
      if scalar.value == 0xFE0F { return 2 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: continue
      default: width = 1
      }
    }
    return width
  }

  /// `text` cut to `width` columns, with an ellipsis where something is lost.
  public static func truncated(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let next = of(character)
      if used + next > width - 1 { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// `text` without its middle, an ellipsis in its place, where it is wider than `width` columns: names tend to differ at
  /// their ends.
  public static func shortened(_ text: String, to width: Int) -> String {
    guard of(text) > width, width > 2 else { return truncated(text, to: width) }
    return withoutMiddle(text, room: width - 1) { of($0) }
  }

  /// The beginning and the end of `text`, an ellipsis between them, that together find room.
  ///
  /// - Parameter width: how wide a character is, in the unit of `room`.
  static func withoutMiddle(_ text: String, room: Int, width: (Character) -> Int) -> String {
    var head = ""
    var used = 0
    for character in text {
      let next = width(character)
      if used + next > (room + 1) / 2 { break }
      head.append(character)
      used += next
    }
    var tail = ""
    for character in text.reversed() {
      let next = width(character)
      if used + next > room { break }
      tail.append(character)
      used += next
    }
    return head + "…" + String(tail.reversed())
  }

  /// `text` in lines of at most `width` columns, broken at spaces; a word that is wider loses its middle.
  static func broken(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(text).map({ shortened($0, to: width) }) {
      if line.isEmpty {
        line = word
      } else if of(line) + 1 + of(word) <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = word
      }
    }
    return lines + [line]
  }

  /// `text` in lines of at most `width` columns, broken at spaces.
  public static func wrapped(_ text: String, to width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(text) {
      if line.isEmpty {
        line = lines.isEmpty ? word : indent + word
      } else if of(line) + 1 + of(word) <= max(width, 20) {
        line += " " + word
      } else {
        lines.append(line)
        line = indent + word
      }
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// What lines are made of: text between spaces, a sign of percent with its number.
  private static func words(_ text: String) -> [String] {
    text.split(separator: " ").reduce(into: []) { words, word in
      if word.first == "%", let number = words.popLast() {
        words.append(number + " " + word)
      } else {
        words.append(String(word))
      }
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
