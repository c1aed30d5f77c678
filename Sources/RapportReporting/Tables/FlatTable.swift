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
  private let builder: Builder
  /// By order of appearance, a column's place in `columns`.
  private let places: [Int]

  /// A table of a few rows.
  public init(_ objects: [JSONValue], leading: [String] = []) {
    var builder = Builder()
    for object in objects { builder.add(object) }
    self.init(builder, leading: leading)
  }

  /// A table of many rows, made one at a time.
  ///
  /// - Throws: what making a row throws.
  public init(_ rows: LazyRows..., leading: [String] = []) throws {
    var builder = Builder()
    for rows in rows {
      for i in 0..<rows.count { builder.add(try rows.element(i)) }
    }
    self.init(builder, leading: leading)
  }

  private init(_ builder: Builder, leading: [String]) {
    let order = Dictionary(leading.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    func rank(_ column: String) -> Int {
      order[column] ?? order[String(column.prefix { $0 != "." })] ?? leading.count
    }
    let sorted = builder.columns.indices.map { ($0, rank(builder.columns[$0])) }.sorted { a, b in
      a.1 != b.1
        ? a.1 < b.1 : builder.columns[a.0].utf8.lexicographicallyPrecedes(builder.columns[b.0].utf8)
    }
    var places = [Int](repeating: 0, count: sorted.count)
    for (place, column) in sorted.enumerated() { places[column.0] = place }
    columns = sorted.map { builder.columns[$0.0] }
    self.builder = builder
    self.places = places
  }

  /// How many rows there are.
  public var rowCount: Int { builder.rowEnds.count }

  /// The cells of a row as text, one per column; empty where the row has none.
  ///
  /// - Parameter spreadsheetSafe: whether text that a spreadsheet would run begins with an apostrophe (``SpreadsheetText``).
  public func row(_ i: Int, spreadsheetSafe: Bool = false) -> [String] {
    var row = [String](repeating: "", count: columns.count)
    for cell in builder.cells[(i == 0 ? 0 : builder.rowEnds[i - 1])..<builder.rowEnds[i]] {
      let text = String(decoding: builder.text[cell.start..<cell.end], as: UTF8.self)
      row[places[Int(cell.column)]] = spreadsheetSafe && cell.isText ? SpreadsheetText.safe(text) : text
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
    var bytes: [UInt8] = []
    func write(_ cells: [String]) {
      for (j, cell) in cells.enumerated() {
        if j > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(cell, to: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    if columns.isEmpty { return text }
    write(spreadsheetSafe ? columns.map(SpreadsheetText.safe) : columns)
    for i in 0..<rowCount {
      write(row(i, spreadsheetSafe: spreadsheetSafe))
      if bytes.count > 1 << 20 {
        text.append(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    text.append(bytes)
    return text
  }

  /// Writes a field, in quotes where it needs them.
  private static func write(_ field: String, to bytes: inout [UInt8]) {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes || field.utf8.first == UInt8(ascii: " ") || field.utf8.last == UInt8(ascii: " ") else {
      bytes += field.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Rows as they are added: the text of their cells, one after the other.
  private struct Builder {
    /// In the order of their first appearance.
    var columns: [String] = []
    var text: [UInt8] = []
    var cells: [(column: Int32, isText: Bool, start: Int, end: Int)] = []
    var rowEnds: [Int] = []
    private var codes: [String: Int32] = [:]

    mutating func add(_ object: JSONValue) {
      collect(object, prefix: "")
      rowEnds.append(cells.count)
    }

    private mutating func collect(_ value: JSONValue, prefix: String) {
      if case .object(let members) = value {
        for (key, member) in members { collect(member, prefix: prefix.isEmpty ? key : prefix + "." + key) }
        return
      }
      guard !prefix.isEmpty else { return }
      let column = code(prefix)
      let start = text.count
      var isText = false
      switch value {
      case .null: return
      case .string(let string):
        text += string.utf8
        isText = true
      default: text += value.text(indented: false).utf8
      }
      cells.append((column, isText, start, text.count))
    }

    private mutating func code(_ name: String) -> Int32 {
      if let code = codes[name] { return code }
      let code = Int32(columns.count)
      codes[name] = code
      columns.append(name)
      return code
    }
  }
}
