/// A table for people: columns padded to the width of their cells, and laid out anew where the terminal is too narrow.
public struct ConsoleTable {
  /// A column's heading and manner.
  public struct Column: Sendable {
    /// What becomes of a column where there is too little room.
    public enum Manner: Sendable {
      /// Names and verdicts: always there; broken at spaces, and shortened in the middle where nothing else is left.
      case name
      /// Sentences and descriptions: broken at spaces before any column is left out.
      case prose
      /// Numbers stand at the right, so that their digits line up; never cut.
      case number
      /// Repeats a number as a picture: left out first, and nobody is told.
      case drawing
    }
    public var heading: String
    public var manner: Manner
    /// When it is left out for want of room: those with the highest number go first; `nil` never goes.
    public var leavesAt: Int?

    public init(_ heading: String, _ manner: Manner, leavesAt: Int? = nil) {
      self.heading = heading
      self.manner = manner
      self.leavesAt = leavesAt
    }
    /// A column of names or verdicts.
    public static func text(_ heading: String) -> Column { Column(heading, .name) }
    /// A column of sentences.
    public static func prose(_ heading: String) -> Column { Column(heading, .prose) }
    /// A column of numbers.
    public static func number(_ heading: String, leavesAt: Int? = nil) -> Column {
      Column(heading, .number, leavesAt: leavesAt)
    }
    /// A column of bars.
    public static func drawing(_ heading: String) -> Column { Column(heading, .drawing, leavesAt: .max) }
  }

  private enum Row {
    case cells([String])
    case remark(String)
  }

  public let columns: [Column]
  /// Where everything stands that is left out here: `--format csv`.
  public let elsewhere: String
  private var rows: [Row] = []

  /// - Parameter elsewhere: the option that prints the columns that a narrow terminal has no room for.
  public init(_ columns: [Column], elsewhere: String = "--format csv") {
    self.columns = columns
    self.elsewhere = elsewhere
  }

  /// Adds a row; one cell per column.
  public mutating func append(_ cells: String...) { append(cells) }
  /// Adds a row; one cell per column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row of \(cells.count) cells, expected \(columns.count)")
    rows.append(.cells(cells.map { Legible.text($0) }))
  }
  /// Adds a line that stands across all columns.
  public mutating func append(remark: String) { rows.append(.remark(remark)) }

  /// The lines of the table, a heading first.
  ///
  /// Where they are wider than the terminal, in this order until they fit: headings and prose are broken at spaces,
  /// columns are left out, names are broken at spaces, then shortened in the middle.
  ///
  /// - Parameter console: where they go; nothing is cut where it has no width, as in a pipe.
  public func lines(on console: Console) -> [String] {
    let width = console.width
    let cells = rows.compactMap { row -> [String]? in if case .cells(let cells) = row { cells } else { nil } }
    var layout = ConsoleLayout(columns, cells: cells)
    if let width { layout.fit(width) }
    var lines = layout.lines(columns.map(\.heading), atBottom: true, on: console)
    lines.append(layout.rule)
    for row in rows {
      switch row {
      case .cells(let cells): lines += layout.lines(cells, on: console)
      case .remark(let remark): lines += width.map { DisplayWidth.wrapped(remark, to: $0) } ?? [remark]
      }
    }
    let left = layout.leftOut.filter { columns[$0].manner != .drawing }.map { columns[$0].heading }
    if !left.isEmpty, let width {
      lines += DisplayWidth.wrapped(
        "Not shown: \(left.joined(separator: ", ")); a wider terminal or \(elsewhere) shows \(left.count == 1 ? "it" : "them").",
        to: width)
    }
    return lines
  }
}
