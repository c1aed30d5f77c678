import CScanning

/// The beginning of an input's text: format, delimiter, header, and where the rows begin.
struct InputHead {
  let format: InputLayout.Format
  let header: [String]
  /// Bytes before the first row: byte order mark, empty lines, header.
  let length: Int
  /// The number of the line on which the rows begin.
  let firstLine: Int
  /// Whether other columns may turn up later: only the first rows of NDJSON were looked at.
  var isSample = false

  /// The rows of NDJSON whose keys make the header: so many, of those that begin in so many bytes.
  private static let sampledRows = 1000
  private static let sampledBytes = 1 << 20

  /// Looks at the first bytes of a text, behind which ``TextRegion/padding`` bytes are readable; `isWhole`: there are no more.
  ///
  /// - Parameter looksAtAll: whether the header has the keys of all rows of NDJSON, so that no other can turn up.
  /// - Returns: `nil` where more bytes are needed.
  /// - Throws: ``IngestionError``: empty, binary, another encoding or format, a header that can't be read or is too long.
  static func read(
    _ text: UnsafeRawBufferPointer, isWhole: Bool, name: String, maximumRecordBytes: Int, looksAtAll: Bool = false
  ) throws(IngestionError) -> InputHead? {
    try refuseForeign(text, name: name)
    var start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var line = 1
    // Empty lines before the header.
    while start < text.count, text[start] == 10 || text[start] == 13 {
      if text[start] == 10 { line += 1 }
      start += 1
    }
    guard start < text.count else {
      if !isWhole { return nil }
      throw IngestionError(.noInput, "\(name): there is nothing in it but empty lines")
    }
    let rest = UnsafeRawBufferPointer(rebasing: text[start...])
    switch rest.first(where: { $0 != 32 && $0 != 9 }) {
    case UInt8(ascii: "{"):
      return try readJSON(
        rest, start: start, line: line, isWhole: isWhole, name: name, maximumRecordBytes: maximumRecordBytes,
        looksAtAll: looksAtAll)
    case UInt8(ascii: "["):
      throw IngestionError(
        .unusable, "\(name):\(line): a JSON list begins here; one object per line is expected (jq -c '.[]' makes that)")
    case UInt8(ascii: "<"):
      throw IngestionError(
        .unusable, "\(name):\(line): this is XML or HTML; export as CSV or as one JSON object per line")
    default: break
    }
    return try readDelimited(
      rest, start: start, line: line, isWhole: isWhole, name: name, maximumRecordBytes: maximumRecordBytes)
  }

  private static func readDelimited(
    _ text: UnsafeRawBufferPointer, start: Int, line: Int, isWhole: Bool, name: String, maximumRecordBytes: Int
  ) throws(IngestionError) -> InputHead? {
    var (commas, semicolons, tabs) = (0, 0, 0)
    var inQuotes = false
    var end: Int?
    for index in 0..<text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
      if inQuotes { continue }
      if byte == 10 {
        end = index
        break
      }
      if byte == UInt8(ascii: ",") { commas += 1 }
      if byte == UInt8(ascii: ";") { semicolons += 1 }
      if byte == 9 { tabs += 1 }
    }
    if end == nil && !isWhole {
      guard text.count <= maximumRecordBytes else {
        throw IngestionError(
          .unusable,
          "\(name):\(line): the header is longer than \(maximumRecordBytes >> 20) MiB; is this a text with line feeds?")
      }
      return nil
    }
    let header = UnsafeRawBufferPointer(rebasing: text[..<(end ?? text.count)])
    if header.dropLast().contains(13), end == nil {
      throw IngestionError(
        .unusable, "\(name): lines end in carriage returns alone; save with line feeds (tr '\\r' '\\n' makes that)")
    }
    // The most frequent; a comma where they are equal.
    let delimiter: UInt8 =
      commas >= max(semicolons, tabs) ? UInt8(ascii: ",") : semicolons >= tabs ? UInt8(ascii: ";") : 9
    // A copy, because scanners read a little too far.
    let copy = TextRegion(copying: Array(header))
    var scanner = FieldScanner()
    scanner.begin(UnsafeRawBufferPointer(copy.bytes), delimiter: delimiter)
    guard scanner.recordCount == 1 else {
      throw IngestionError(.unusable, "\(name):\(line): the header's quotes don't match; quote whole names or none")
    }
    scanner.select(0)
    var names: [String] = []
    for index in 0..<scanner.fieldCount {
      guard let field = scanner.field(index) else {
        throw IngestionError(.unusable, "\(name):\(line): column \(index + 1) of the header has text behind its quotes")
      }
      guard let column = String(validating: field, as: UTF8.self) else {
        throw IngestionError(
          .unusable, "\(name):\(line): column \(index + 1) of the header isn't UTF-8; export as UTF-8 or use iconv")
      }
      names.append(column)
    }
    let feeds = header.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    let length = start + (end.map { $0 + 1 } ?? text.count)
    return InputHead(
      format: .delimited(delimiter), header: names, length: length, firstLine: line + feeds + 1)
  }

  private static func readJSON(
    _ text: UnsafeRawBufferPointer, start: Int, line: Int, isWhole: Bool, name: String, maximumRecordBytes: Int,
    looksAtAll: Bool
  ) throws(IngestionError) -> InputHead? {
    let reader = JSONRowReader()
    var names: [String] = []
    var known: Set<String> = []
    var position = 0
    var rows = 0
    var number = line
    while position < text.count, looksAtAll || (rows < sampledRows && position < sampledBytes) {
      let row = text.line(from: position)
      guard row.count <= maximumRecordBytes else {
        throw ChunkCutter.endless(name: name, line: number, delimiter: nil, maximumRecordBytes)
      }
      position += row.count + 1
      // Only whole lines can be looked at.
      guard isWhole || position <= text.count else { return nil }
      number += 1
      guard !row.isEmpty, let keys = reader.keys(of: row) else { continue }
      rows += 1
      for key in keys where known.insert(key).inserted { names.append(key) }
    }
    let isSample = position < text.count
    // Whether anything follows has to be known.
    guard isSample || isWhole else { return nil }
    guard rows > 0 else {
      throw IngestionError(
        .unusable, "\(name):\(line): no line is a JSON object; one flat object per line is expected")
    }
    return InputHead(format: .json, header: names, length: start, firstLine: line, isSample: isSample)
  }

  /// Files that aren't text in UTF-8, told by their first bytes.
  private static func refuseForeign(_ text: UnsafeRawBufferPointer, name: String) throws(IngestionError) {
    let foreign: [([UInt8], String)] = [
      ([0xFF, 0xFE], "text in UTF-16; save it as UTF-8"), ([0xFE, 0xFF], "text in UTF-16; save it as UTF-8"),
      (Array("PK\u{03}\u{04}".utf8), "a workbook or a zip archive; export as CSV, or unpack it"),
      (Array("PAR1".utf8), "a Parquet file; export as CSV or as one JSON object per line"),
      (Array("%PDF".utf8), "a PDF document; export the data as CSV"),
      (Array("SQLite format 3".utf8), "an SQLite database; export the table as CSV"),
      (Array("BZh".utf8), "compressed with bzip2; use gzip or zstd"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz; use gzip or zstd"),
      ([0x1F, 0x8B], "compressed twice; unpack it once"),
    ]
    for (magic, what) in foreign where text.starts(with: magic) {
      throw IngestionError(.unusable, "\(name): this is \(what)")
    }
    if text.starts(with: Ledger.magic) {
      throw IngestionError(.unusable, "\(name): this is a ledger; give it with --ledger \(name)")
    }
    if let position = text.prefix(4096).firstIndex(of: 0) {
      throw IngestionError(
        .unusable,
        "\(name): this is a binary file (byte \(position + 1) is zero); CSV or one JSON object per line is expected")
    }
  }
}
