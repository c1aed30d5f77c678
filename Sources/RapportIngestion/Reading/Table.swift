/// A plain table in memory: a header and rows of text, from CSV (comma, semicolon, tab) or NDJSON, also compressed.
///
/// For rosters and `rapport fit`: tables of people and of cells, not of events.
public struct Table: Sendable, Equatable {
  /// Its name in messages.
  public var name: String
  /// Column names, each once.
  public var header: [String]
  /// The line on which the header begins; of NDJSON, the first row.
  public var headerLine: Int
  /// Row by row; each row as long as the header. Fields are without quotes and without blanks at their ends.
  public var rows: [[String]]
  /// The line on which each row begins.
  public var lines: [Int]

  /// A table of these rows; lines are counted from a header in line 1.
  public init(name: String, header: [String], rows: [[String]]) {
    self.name = name
    self.header = header
    self.rows = rows
    headerLine = 1
    lines = rows.indices.map { $0 + 2 }
  }

  /// Reads a file, or standard input.
  ///
  /// - Throws: ``IngestionError`` of kind `noInput`: can't be read, or empty; of kind `unusable`: a row that doesn't fit
  ///   the header, bytes that aren't UTF-8, a column name that repeats.
  public init(reading source: InputSource) throws(IngestionError) {
    let text = try InputText(source)
    name = text.name == "-" ? "standard input" : text.name
    header = []
    headerLine = 1
    rows = []
    lines = []
    let all = try Self.whole(text, name: name)
    let bytes = UnsafeRawBufferPointer(all.bytes)
    let limit = bytes.count + 1
    guard
      let head = try InputHead.read(
        bytes, isWhole: true, name: name, maximumRecordBytes: limit, looksAtAll: true)
    else { throw InputText.empty(name) }
    header = head.header
    headerLine = head.headerLine
    for (index, column) in header.enumerated() where header[..<index].contains(column) {
      throw IngestionError(
        .unusable, "\(name):\(headerLine): the header names '\(column)' twice; rename one of them")
    }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[min(head.length, bytes.count)...])
    switch head.format {
    case .delimited(let delimiter): try readDelimited(rest, delimiter, firstLine: head.firstLine)
    case .json: try readJSON(rest, firstLine: head.firstLine)
    }
  }

  /// The position of a column.
  public func position(of column: String) -> Int? { header.firstIndex(of: column) }

  /// A column's fields, top to bottom.
  ///
  /// - Throws: ``IngestionError`` of kind `usage`: there is no such column, with the nearest; of kind `unusable`: a row
  ///   that isn't as long as the header.
  public func column(_ name: String) throws(IngestionError) -> [String] {
    guard let position = position(of: name) else {
      throw IngestionError(
        .usage,
        "\(self.name): there is no column '\(name)'"
          + (NearestWord.nearest(to: name, among: header).map { "; did you mean '\($0)'?" }
            ?? "; it has " + header.map { "'\($0)'" }.joined(separator: ", ")))
    }
    if let row = rows.firstIndex(where: { $0.count != header.count }) {
      let place = row < lines.count ? "\(self.name):\(lines[row])" : self.name
      throw IngestionError(.unusable, "\(place): \(rows[row].count) fields, expected \(header.count)")
    }
    return rows.map { $0[position] }
  }

  private static func whole(_ text: InputText, name: String) throws(IngestionError) -> TextRegion {
    switch text.source {
    case .region(let region): return region
    case .stream(let stream):
      var bytes: [UInt8] = []
      _ = try stream.read(upTo: .max, into: &bytes)
      if bytes.isEmpty { throw InputText.empty(name) }
      return TextRegion(copying: bytes)
    }
  }

  private func string(_ bytes: UnsafeRawBufferPointer, _ line: Int, _ column: Int) throws(IngestionError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw IngestionError(
        .unusable, "\(name):\(line): column '\(header[column])' isn't UTF-8; save the table as UTF-8 or use iconv")
    }
    return text
  }

  private mutating func readDelimited(
    _ bytes: UnsafeRawBufferPointer, _ delimiter: UInt8, firstLine: Int
  ) throws(IngestionError) {
    var scanner = FieldScanner()
    scanner.begin(bytes, delimiter: delimiter)
    var line = firstLine
    for record in 0..<scanner.recordCount {
      scanner.select(record)
      defer { line += scanner.lineFeeds() }
      if scanner.record.isEmpty { continue }
      guard scanner.fieldCount == header.count else {
        throw IngestionError(
          .unusable,
          "\(name):\(line): \(scanner.fieldCount) fields, but the header has \(header.count); quote fields that hold the "
            + "delimiter or a line feed")
      }
      var row: [String] = []
      row.reserveCapacity(header.count)
      for column in header.indices {
        guard let field = scanner.field(column) else {
          throw IngestionError(
            .unusable,
            "\(name):\(line): the quotes of column '\(header[column])' don't match; double quotes inside quotes")
        }
        row.append(try string(field, line, column))
      }
      rows.append(row)
      lines.append(line)
    }
  }

  private mutating func readJSON(_ bytes: UnsafeRawBufferPointer, firstLine: Int) throws(IngestionError) {
    var reader = JSONRowReader()
    reader.wanted(header)
    var position = 0
    var line = firstLine - 1
    while position < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      let length = rest.firstIndex(of: 10) ?? rest.count
      position += length + 1
      line += 1
      let text = UnsafeRawBufferPointer(rebasing: rest[..<length])
      if text.allSatisfy({ $0 <= 32 }) { continue }
      if let failure = reader.read(text) {
        throw IngestionError(.unusable, "\(name):\(line): not a flat JSON object (\(failure.rawValue))")
      }
      var row: [String] = []
      for column in header.indices { row.append(try string(reader.value(column).trimmed, line, column)) }
      rows.append(row)
      lines.append(line)
    }
  }
}
