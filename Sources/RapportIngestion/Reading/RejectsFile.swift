import Glibc

/// The rows that couldn't be used, in full, as a CSV file.
///
/// Columns: file, line, reason, what was found, and the row as it stood. Ordered by input and line.
enum RejectsFile {
  static func write<Sink>(_ outcome: ReadingOutcome<Sink>, options: ReadingOptions) throws(IngestionError) {
    guard let path = options.rejectsFile else { return }
    var text = Array("file,line,reason,found,row\n".utf8)
    for row in outcome.refusedRows {
      append(outcome.statistics.inputs[row.input].name.utf8, to: &text)
      text.append(contentsOf: ",\(row.line),\(row.reason.rawValue),".utf8)
      append(row.found.utf8, to: &text)
      text.append(UInt8(ascii: ","))
      append(row.text, to: &text)
      text.append(10)
    }
    try FileBytes.write(text, to: path)
  }

  /// A field, in quotes where it needs them.
  private static func append(_ field: some Collection<UInt8>, to text: inout [UInt8]) {
    let special: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13]
    guard field.contains(where: { special.contains($0) }) else {
      text.append(contentsOf: field)
      return
    }
    text.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { text.append(byte) }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }
}
