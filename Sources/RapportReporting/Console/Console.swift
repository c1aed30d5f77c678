/// Where a text goes that people read: how wide it may be, and whether it may carry bold print.
public struct Console: Sendable {
  /// Columns of the terminal; `nil` for a pipe or a file, where nothing is cut.
  public var width: Int?
  /// Whether escape sequences are understood and wanted.
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
    return isStyled ? "\u{1B}[1m\(lines)\u{1B}[0m" : lines
  }

  /// A paragraph, broken into lines.
  func paragraph(_ text: String, bullet: String = "") -> [String] {
    let indent = String(repeating: " ", count: bullet.count)
    return DisplayWidth.wrapped(bullet + Legible.text(text, limit: 4000), to: proseWidth, indent: indent)
  }
}
