import CScanning

/// The beginning of an input's text: format, delimiter, header, and where the rows begin.
struct InputHead {
  let format: InputLayout.Format
  let header: [String]
  /// The number of the line on which the header begins; of NDJSON, its first row.
  let headerLine: Int
  /// Bytes before the first row: byte order mark, empty lines, a declared delimiter, header.
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
    func passEmptyLines() {
      while start < text.count, text[start] == 10 || text[start] == 13 {
        if text[start] == 10 { line += 1 }
        start += 1
      }
    }
    passEmptyLines()
    guard start < text.count else {
      if !isWhole { return nil }
      throw IngestionError(.noInput, "\(name): there is nothing in it but empty lines")
    }
    var declared: UInt8?
    if let declaration = try declaration(UnsafeRawBufferPointer(rebasing: text[start...]), name: name, line: line) {
      declared = declaration.delimiter
      start += declaration.length
      line += 1
      passEmptyLines()
    }
    guard start < text.count else {
      if !isWhole { return nil }
      throw IngestionError(.noInput, "\(name): there is nothing in it but the declaration of a delimiter")
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
      rest, declared, start: start, line: line, isWhole: isWhole, name: name, maximumRecordBytes: maximumRecordBytes)
  }

  /// The delimiter that a spreadsheet's first line declares, as in `sep=;`, and that line's length with its end; `nil` where
  /// there is no such line.
  private static func declaration(
    _ text: UnsafeRawBufferPointer, name: String, line: Int
  ) throws(IngestionError) -> (delimiter: UInt8, length: Int)? {
    // In quotes where the program that wrote it thought of it as a field.
    let first = text.prefix(16).prefix { $0 != 10 && $0 != 13 }
    let words = Array(first).filter { $0 != UInt8(ascii: "\"") }
    guard words.count == 5, String(decoding: words.prefix(4), as: UTF8.self).lowercased() == "sep=" else { return nil }
    guard [UInt8(ascii: ","), UInt8(ascii: ";"), 9].contains(words[4]) else {
      throw IngestionError(
        .unusable,
        "\(name):\(line): 'sep=' declares the delimiter '\(String(decoding: [words[4]], as: UTF8.self))'; "
          + "export with commas, semicolons or tabs")
    }
    // A carriage return alone ends a line, too, though rows mustn't end so.
    let end = text[first.count...].starts(with: [13, 10]) ? 2 : 1
    return (words[4], min(first.count + end, text.count))
  }

  private static func readDelimited(
    _ text: UnsafeRawBufferPointer, _ declared: UInt8?, start: Int, line: Int, isWhole: Bool, name: String,
    maximumRecordBytes: Int
  ) throws(IngestionError) -> InputHead? {
    let delimiter = declared ?? delimiter(of: text)
    var scanner = FieldScanner()
    // Twice as much each time: headers are short, and texts long.
    var size = 1 << 12
    repeat {
      scanner.begin(UnsafeRawBufferPointer(rebasing: text.prefix(size)), delimiter: delimiter)
      size *= 2
    } while scanner.endedRecordCount == 0 && size / 2 < text.count
    scanner.select(0)
    let header = scanner.record
    let isEnded = scanner.endedRecordCount > 0
    guard header.count <= maximumRecordBytes else {
      throw IngestionError(
        .unusable,
        "\(name):\(line): the header is longer than \(maximumRecordBytes >> 20) MiB; is this a text with line feeds?")
    }
    guard isEnded || isWhole else { return nil }
    if !isEnded, header.contains(13), !header.contains(10) {
      throw IngestionError(
        .unusable, "\(name): lines end in carriage returns alone; save with line feeds (tr '\\r' '\\n' makes that)")
    }
    var names: [String] = []
    for index in 0..<scanner.fieldCount {
      guard let field = scanner.field(index) else {
        throw IngestionError(
          .unusable,
          "\(name):\(line): column \(index + 1) of the header has a quote that is never closed, or text behind its quotes"
        )
      }
      guard let column = String(validating: field, as: UTF8.self) else {
        throw IngestionError(
          .unusable, "\(name):\(line): column \(index + 1) of the header isn't UTF-8; export as UTF-8 or use iconv")
      }
      names.append(column)
    }
    // The line's end: a carriage return that isn't part of the record, and a line feed.
    let end = header.count + (text[header.count...].first == 13 ? 2 : 1)
    return InputHead(
      format: .delimited(delimiter), header: names, headerLine: line, length: start + min(end, text.count),
      firstLine: line + scanner.lineFeeds())
  }

  /// The most frequent delimiter in the first record, outside of quotes; a comma where they are equal.
  ///
  /// A quote counts only where a field begins, as scanners have it (scanning.h); which delimiter begins fields isn't known yet.
  private static func delimiter(of text: UnsafeRawBufferPointer) -> UInt8 {
    var (commas, semicolons, tabs) = (0, 0, 0)
    var isQuoted = false
    // Whether a quote would open a quoted field, or be the second of two inside of one.
    var opens = true
    for byte in text {
      if byte == UInt8(ascii: "\""), isQuoted || opens {
        opens = isQuoted
        isQuoted.toggle()
      } else if !isQuoted {
        if byte == 10 { break }
        switch byte {
        case UInt8(ascii: ","): commas += 1
        case UInt8(ascii: ";"): semicolons += 1
        case 9: tabs += 1
        default:
          opens = false
          continue
        }
        opens = true
      }
    }
    return commas >= max(semicolons, tabs) ? UInt8(ascii: ",") : semicolons >= tabs ? UInt8(ascii: ";") : 9
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
    return InputHead(
      format: .json, header: names, headerLine: line, length: start, firstLine: line, isSample: isSample)
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
