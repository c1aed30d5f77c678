import RapportNumerics

/// Objects as rows: one column per leaf, nested keys joined by a dot.
///
/// The columns are the union over all rows. Those in `leading` come first, in that order, each followed by what is
/// nested in it; the others follow by their bytes. An absent leaf is an empty cell; an array, whose length
/// differs from row to row, is one cell of compact JSON.
///
/// Rows are kept as text: a tree of every row at once would take many times the memory of the table.
public struct FlatTable {
  /// Dotted keys.
  public let columns: [String]
  /// Rows that follow one another.
  fileprivate struct Part: Sendable {
    var text: [UInt8]
    var cells: [RowCells.Cell]
    var rowEnds: [Int]
    /// By the part's own columns, a column's place in the table's.
    var places: [Int]
  }
  private let parts: [Part]
  private let threads: Int

  /// Rows of a part.
  private static let partSize = 256

  /// A table of a few rows.
  public init(_ objects: [JSONValue], leading: [String] = []) {
    do {
      try self.init(LazyRows(trees: objects), leading: leading)
    } catch {
      preconditionFailure("trees hold finite numbers: \(error)")
    }
  }

  /// A table of many rows, made one at a time.
  ///
  /// - Parameters:
  ///   - always: columns that are there even where no row has them.
  ///   - threads: how many work; they can't change a byte.
  /// - Throws: what making a row throws.
  public init(_ rows: LazyRows..., leading: [String] = [], always: [String] = [], threads: Int = 1) throws {
    let pieces = rows.flatMap { rows in
      stride(from: 0, to: rows.count, by: Self.partSize).map { start in
        (rows: rows, range: start..<min(start + Self.partSize, rows.count))
      }
    }
    let made = try parallelMap(count: pieces.count, threads: threads) { p -> (columns: [String], part: Part) in
      let cells = RowCells()
      for i in pieces[p].range {
        try pieces[p].rows.tell(i, cells)
        cells.endRow()
      }
      return (cells.columns, Part(text: cells.text, cells: cells.cells, rowEnds: cells.rowEnds, places: []))
    }
    columns = Self.ordered(Set(always).union(made.flatMap(\.columns)), leading: leading)
    let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    parts = made.map { made in
      var part = made.part
      part.places = made.columns.map { places[$0, default: 0] }
      return part
    }
    self.threads = threads
  }

  /// Leading columns first, each followed by what is nested in it; the others by their bytes.
  private static func ordered(_ columns: Set<String>, leading: [String]) -> [String] {
    let order = Dictionary(leading.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    let ranked = columns.map { column in
      (column, rank: order[column] ?? order[String(column.prefix { $0 != "." })] ?? leading.count)
    }
    return ranked.sorted { a, b in
      a.rank != b.rank ? a.rank < b.rank : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
    }.map(\.0)
  }

  /// How many rows there are.
  public var rowCount: Int { parts.reduce(0) { $0 + $1.rowEnds.count } }

  /// The cells of a row as text, one per column; empty where the row has none.
  ///
  /// - Parameter spreadsheetSafe: whether text that a spreadsheet would run begins with an apostrophe (``SpreadsheetText``).
  public func row(_ i: Int, spreadsheetSafe: Bool = false) -> [String] {
    var row = [String](repeating: "", count: columns.count)
    var (i, p) = (i, 0)
    while i >= parts[p].rowEnds.count {
      i -= parts[p].rowEnds.count
      p += 1
    }
    let part = parts[p]
    for k in part.cells(of: i) {
      let text = String(decoding: part.text[part.range(of: k)], as: UTF8.self)
      row[part.places[Int(part.cells[k].column)]] =
        spreadsheetSafe && part.cells[k].kind == .text ? SpreadsheetText.safe(text) : text
    }
    return row
  }

  /// The table as comma-separated text (RFC 4180, lines end in a line feed), a header first.
  public var csv: String { csvText().string }

  /// Likewise, in pieces.
  ///
  /// - Parameter spreadsheetSafe: whether text that a spreadsheet would run begins with an apostrophe (``SpreadsheetText``).
  ///   Otherwise every identifier stands as it was read, for joins with other tables.
  public func csvText(spreadsheetSafe: Bool = false) -> FileText {
    var text = FileText()
    if columns.isEmpty { return text }
    var header: [UInt8] = []
    for (j, column) in columns.enumerated() {
      if j > 0 { header.append(UInt8(ascii: ",")) }
      Self.write(spreadsheetSafe ? SpreadsheetText.safe(column) : column, to: &header)
    }
    header.append(UInt8(ascii: "\n"))
    text.append(header)
    let (parts, width) = (parts, columns.count)
    let pieces = parallelMap(count: parts.count, threads: threads) { p in
      parts[p].csv(columns: width, spreadsheetSafe: spreadsheetSafe)
    }
    for piece in pieces { text.append(piece) }
    return text
  }

  fileprivate static func write(_ field: String, to bytes: inout [UInt8]) {
    var field = field
    field.withUTF8 { write($0, to: &bytes) }
  }

  /// Writes a field, in quotes where it needs them.
  fileprivate static func write(_ field: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let needsQuotes = field.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes || field.first == UInt8(ascii: " ") || field.last == UInt8(ascii: " ") else {
      bytes.append(contentsOf: field)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension FlatTable.Part {
  /// The cells of a row.
  fileprivate func cells(of row: Int) -> Range<Int> { (row == 0 ? 0 : rowEnds[row - 1])..<rowEnds[row] }

  /// The text of a cell.
  fileprivate func range(of cell: Int) -> Range<Int> {
    (cell == 0 ? 0 : Int(cells[cell - 1].end))..<Int(cells[cell].end)
  }

  /// The rows as comma-separated text.
  fileprivate func csv(columns: Int, spreadsheetSafe: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + rowEnds.count * columns)
    // By column the row's cell; of several the last.
    var cellOf = [Int](repeating: -1, count: columns)
    text.withUnsafeBufferPointer { text in
      for row in rowEnds.indices {
        for k in cells(of: row) { cellOf[places[Int(cells[k].column)]] = k }
        for column in 0..<columns {
          if column > 0 { bytes.append(UInt8(ascii: ",")) }
          let k = cellOf[column]
          guard k >= 0 else { continue }
          cellOf[column] = -1
          let field = UnsafeBufferPointer(rebasing: text[range(of: k)])
          switch cells[k].kind {
          case .plain: bytes.append(contentsOf: field)
          case .text where spreadsheetSafe:
            FlatTable.write(SpreadsheetText.safe(String(decoding: field, as: UTF8.self)), to: &bytes)
          case .text, .list: FlatTable.write(field, to: &bytes)
          }
        }
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    return bytes
  }
}
