/// How wide text is drawn, generously: by the advances of DejaVu Sans, the widest of the fonts that plots ask for.
enum TextWidth {
  /// Pixels at this size of font.
  static func of(_ text: some StringProtocol, size: Double = PlotStyle.textSize, isBold: Bool = false) -> Double {
    // Of printable ASCII every byte is a character.
    let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
    let thousandths =
      isPlain
      ? text.utf8.reduce(0) { $0 + max(advances[Int($1) - 32], 350) } : text.reduce(0) { $0 + Self.thousandths($1) }
    return Double(thousandths) * size / 1000 * (isBold ? 1.15 : 1)
  }

  /// `text` without its middle where it would be wider: names tend to differ at their ends.
  static func shortened(_ text: String, to limit: Double, isBold: Bool = false) -> String {
    guard limit.isFinite, of(text, isBold: isBold) > limit else { return text }
    let room = Int(limit / PlotStyle.textSize * 1000 / (isBold ? 1.15 : 1)) - thousandths("…")
    return DisplayWidth.withoutMiddle(text, room: room) { thousandths($0) }
  }

  /// `text` in lines that are no wider, broken at spaces.
  static func wrapped(_ text: String, to limit: Double, size: Double = PlotStyle.textSize, isBold: Bool = false)
    -> [String]
  {
    var lines: [String] = []
    for word in text.split(separator: " ").map(String.init) {
      if let last = lines.last, of(last + " " + word, size: size, isBold: isBold) <= limit || word.first == "%" {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }

  /// A character's advance in thousandths of the size.
  private static func thousandths(_ character: Character) -> Int {
    if let ascii = character.asciiValue {
      return ascii >= 32 && ascii < 127 ? max(advances[Int(ascii) - 32], 350) : 1000
    }
    switch DisplayWidth.of(character) {
    case 0: return 0
    case 2: return 1400
    default: return character.unicodeScalars.allSatisfy { $0.value < 0x180 } ? 1000 : 1200
    }
  }

  /// Of the printable characters of ASCII, from the space on.
  private static let advances = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637, 637, 637,
    637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863,
    749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635,
    616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637,
    337, 637, 838,
  ]
}
