/// Where a text goes that people read: how wide it may be, and whether it may carry bold print and colour.
public struct Console: Sendable {
  /// Columns of the terminal; `nil` for a pipe or a file, where nothing is cut.
  public var width: Int?
  /// Whether escape sequences for bold print and colour are understood and wanted.
  public var isStyled: Bool

  public init(width: Int? = nil, isStyled: Bool = false) {
    self.width = width
    self.isStyled = isStyled
  }

  /// The width to wrap prose at.
  var proseWidth: Int { min(width ?? 100, 100) }

  /// `text` in bold print where that is understood.
  public func heading(_ text: String) -> String {
    let lines = DisplayWidth.wrapped(text, to: proseWidth).joined(separator: "\n")
    return isStyled ? Self.styled(lines, .bold) : lines
  }

  /// A row of signs that draws a bar, in colour where that is understood.
  ///
  /// Colour repeats what the signs say and tells nothing of its own: cyan is an interval and what raises a score, magenta what
  /// lowers it (both can be read on dark and on light, and be told apart by those who can't tell red from green), faint the
  /// scale, bold the estimate.
  func drawing(_ signs: String) -> String {
    guard isStyled else { return signs }
    var text = ""
    var run = ""
    var style: Style?
    for sign in signs {
      let next = Self.styles[sign]
      if next != style {
        text += Self.styled(run, style)
        (run, style) = ("", next)
      }
      run.append(sign)
    }
    return text + Self.styled(run, style)
  }

  /// What the signs of drawings look like.
  private static let styles: [Character: Style] = ["●": .bold, "─": .cyan, "█": .cyan, "░": .magenta, "·": .faint]

  /// Parameters of ECMA-48's Select Graphic Rendition; the colours are those of eight, which the terminal's theme makes legible.
  private enum Style: Int {
    case bold = 1
    case faint = 2
    case magenta = 35
    case cyan = 36
  }

  private static func styled(_ text: String, _ style: Style?) -> String {
    guard let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }

  /// A paragraph, broken into lines.
  func paragraph(_ text: String, bullet: String = "") -> [String] {
    let indent = String(repeating: " ", count: bullet.count)
    return DisplayWidth.wrapped(bullet + Legible.text(text, limit: 4000), to: proseWidth, indent: indent)
  }
}
