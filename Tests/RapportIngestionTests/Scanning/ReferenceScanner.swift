/// Delimiter-separated text byte by byte: slow, plain, and what the fast scanner must agree with.
enum ReferenceScanner {
  struct Record: Equatable {
    var line: Int
    /// `nil` where something stands behind a closing quote, or a quote is never closed.
    var fields: [[UInt8]?]
  }

  private enum Place { case start, plain, quoted, afterQuote, broken }

  static func records(_ text: [UInt8], delimiter: UInt8) -> [Record] {
    var records: [Record] = []
    var raw: [[UInt8]] = [[]]
    var place = Place.start
    var line = 1
    var firstLine = 1
    func end(_ hasFeed: Bool) {
      if raw[raw.count - 1].last == 13 { raw[raw.count - 1].removeLast() }
      records.append(Record(line: firstLine, fields: raw.map(content)))
      raw = [[]]
      place = .start
    }
    for byte in text {
      let isQuoted: Bool
      switch (place, byte) {
      case (.start, 34): (place, isQuoted) = (.quoted, true)
      case (.quoted, 34): (place, isQuoted) = (.afterQuote, true)
      case (.afterQuote, 34): (place, isQuoted) = (.quoted, true)
      case (.quoted, _): isQuoted = true
      default: isQuoted = false
      }
      if byte == 10 { line += 1 }
      if !isQuoted, byte == 10 {
        end(true)
        firstLine = line
      } else if !isQuoted, byte == delimiter {
        raw.append([])
        place = .start
      } else {
        raw[raw.count - 1].append(byte)
        if !isQuoted { place = .plain }
      }
    }
    if raw.count > 1 || !raw[0].isEmpty { end(false) }
    return records
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

  private static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> [UInt8] {
    Array(Array(bytes.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
  }

  private static func content(_ raw: [UInt8]) -> [UInt8]? {
    guard raw.first == 34 else { return trimmed(raw) }
    var content: [UInt8] = []
    var position = 1
    while position < raw.count {
      if raw[position] == 34 {
        if position + 1 < raw.count, raw[position + 1] == 34 {
          position += 1
        } else {
          return raw[(position + 1)...].allSatisfy(isBlank) ? trimmed(content) : nil
        }
      }
      content.append(raw[position])
      position += 1
    }
    return nil
  }
}
