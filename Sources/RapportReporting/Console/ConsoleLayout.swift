/// Which columns of a table a terminal has room for, and how wide each is.
struct ConsoleLayout {
  private let columns: [ConsoleTable.Column]
  private let cells: [[String]]
  private var widths: [Int]
  /// Columns that are shown, in order.
  private(set) var shown: [Int]

  private static let gap = "  "
  /// Prose isn't made narrower than this while there are columns that can be left out.
  private static let narrowestProse = 16
  /// No name is shortened further than this.
  private static let narrowestName = 8

  /// Every column as wide as its widest cell.
  init(_ columns: [ConsoleTable.Column], cells: [[String]]) {
    self.columns = columns
    self.cells = cells
    shown = Array(columns.indices)
    widths = columns.indices.map { j in max(DisplayWidth.of(columns[j].heading), Self.widest(cells, j)) }
  }

  /// Columns that there is no room for, in order.
  var leftOut: [Int] { columns.indices.filter { !shown.contains($0) } }

  private var total: Int { shown.reduce(0) { $0 + widths[$1] } + Self.gap.count * (shown.count - 1) }

  private static func widest(_ cells: [[String]], _ j: Int) -> Int { cells.map { DisplayWidth.of($0[j]) }.max() ?? 0 }

  /// Makes the table no wider than `width`, as ``ConsoleTable/lines(on:)`` promises.
  mutating func fit(_ width: Int) {
    guard total > width else { return }
    shown.removeAll { columns[$0].manner == .drawing }
    // Headings in two lines, where the cells below are narrower.
    for j in shown where total > width {
      widths[j] = max(Self.widest(cells, j), Self.inTwoLines(columns[j].heading))
    }
    shrink(to: width, floors: floors([.prose]) { max(Self.narrowestProse, longestWord($0)) })
    while total > width, let next = shown.filter({ columns[$0].leavesAt != nil }).max(by: leavesLater) {
      shown.removeAll { $0 == next }
    }
    // Room that a column has left: headings stand in one line again.
    for j in shown {
      let missing = DisplayWidth.of(columns[j].heading) - widths[j]
      if missing > 0, total + missing <= width { widths[j] += missing }
    }
    shrink(to: width, floors: floors([.name, .prose], longestWord))
    shrink(to: width, floors: floors([.name, .prose]) { _ in Self.narrowestName })
    // Narrower than any terminal: the last columns go, never the first.
    while total > width, shown.count > 1 { shown.removeLast() }
  }

  private func leavesLater(_ a: Int, _ b: Int) -> Bool {
    (columns[a].leavesAt ?? 0, a) < (columns[b].leavesAt ?? 0, b)
  }

  /// How narrow each shown column of these manners may become.
  private func floors(_ manners: Set<ConsoleTable.Column.Manner>, _ floor: (Int) -> Int) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: shown.filter { manners.contains(columns[$0].manner) }.map { ($0, floor($0)) })
  }

  /// Takes from the widest of these columns, one place at a time, until the table fits or every one is at its floor.
  private mutating func shrink(to width: Int, floors: [Int: Int]) {
    while total > width {
      let candidates = shown.filter { j in floors[j].map { widths[j] > $0 } ?? false }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  /// The widest word of a column, its heading's words among them.
  private func longestWord(_ j: Int) -> Int {
    ([columns[j].heading] + cells.map { $0[j] }).flatMap { $0.split(separator: " ") }
      .map { DisplayWidth.of($0) }.max() ?? 0
  }

  /// The narrowest width in which a heading takes two lines.
  private static func inTwoLines(_ heading: String) -> Int {
    let words = heading.split(separator: " ")
    return (0...words.count).map { i in
      max(DisplayWidth.of(words[..<i].joined(separator: " ")), DisplayWidth.of(words[i...].joined(separator: " ")))
    }.min() ?? 0
  }

  /// The line between heading and rows.
  var rule: String { shown.map { String(repeating: "─", count: widths[$0]) }.joined(separator: Self.gap) }

  /// One row in as many lines as its longest cell needs.
  ///
  /// - Parameters:
  ///   - atBottom: whether shorter cells stand at the bottom, as headings do.
  ///   - console: says whether drawings have colour.
  func lines(_ cells: [String], atBottom: Bool = false, on console: Console) -> [String] {
    let broken = shown.map { j in
      DisplayWidth.of(cells[j]) <= widths[j] ? [cells[j]] : DisplayWidth.broken(cells[j], to: widths[j])
    }
    let height = broken.map(\.count).max() ?? 1
    return (0..<height).map { i in
      var text = ""
      for (place, j) in shown.enumerated() {
        let line = i - (atBottom ? height - broken[place].count : 0)
        let cell = broken[place].indices.contains(line) ? broken[place][line] : ""
        let padding = String(repeating: " ", count: max(0, widths[j] - DisplayWidth.of(cell)))
        if place > 0 { text += Self.gap }
        switch columns[j].manner {
        case .number: text += padding + cell
        case .drawing: text += console.drawing(cell) + padding
        case .name, .prose: text += cell + padding
        }
      }
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }
}
