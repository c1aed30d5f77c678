/// A table for people: columns padded to the width of their cells, cut to the width of a terminal where there is one.
public struct ConsoleTable {
  /// A column's heading and manner.
  public struct Column {
    public var heading: String
    /// Numbers stand at the right, so that their digits line up.
    public var alignsRight: Bool
    /// Whether it may be cut when the terminal is too narrow.
    public var mayShrink: Bool
    public init(_ heading: String, alignsRight: Bool = false, mayShrink: Bool = false) {
      self.heading = heading
      self.alignsRight = alignsRight
      self.mayShrink = mayShrink
    }
    /// A column of names.
    public static func text(_ heading: String) -> Column { Column(heading, mayShrink: true) }
    /// A column of numbers.
    public static func number(_ heading: String) -> Column { Column(heading, alignsRight: true) }
  }

  public var columns: [Column]
  public var rows: [[String]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; one cell per column.
  public mutating func append(_ cells: String...) { append(cells) }
  /// Adds a row; one cell per column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells, expected \(columns.count)")
    rows.append(cells.map { Legible.text($0) })
  }

  /// The lines of the table, a heading first.
  ///
  /// - Parameter width: the terminal's; `nil` for a pipe, where nothing is cut. Where shrinking columns isn't enough,
  ///   the last columns are left out, never the first two.
  public func lines(width: Int?) -> [String] {
    var widths = columns.indices.map { j in
      max(DisplayWidth.of(columns[j].heading), rows.map { DisplayWidth.of($0[j]) }.max() ?? 0)
    }
    var shown = columns.count
    if let width {
      func total() -> Int { widths.prefix(shown).reduce(0, +) + 2 * (shown - 1) }
      while total() > width {
        let candidates = widths.indices.prefix(shown).filter { columns[$0].mayShrink && widths[$0] > 8 }
        if let widest = candidates.max(by: { widths[$0] < widths[$1] }) {
          widths[widest] = max(8, widths[widest] - (total() - width))
        } else if shown > 2 {
          shown -= 1
        } else {
          break
        }
      }
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for j in 0..<shown {
        let cell = DisplayWidth.truncated(cells[j], to: widths[j])
        let padding = String(repeating: " ", count: max(0, widths[j] - DisplayWidth.of(cell)))
        if j > 0 { text += "  " }
        text += columns[j].alignsRight ? padding + cell : (j == shown - 1 ? cell : cell + padding)
      }
      return text
    }
    let rule = widths.prefix(shown).map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return [line(columns.map(\.heading)), rule] + rows.map(line)
  }
}
