import FoundationEssentials

/// A small comma-separated table with a header, held whole: for test inputs.
public struct CSVTable: Sendable {
  /// The header's names.
  public let names: [String]
  /// Fields by row; an empty field is missing.
  public let rows: [[String]]

  /// Parses text with quotes as RFC 4180 has them.
  public init(_ text: String) {
    var rows: [[String]] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var pendingQuote = false
    func finishField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field = []
    }
    for byte in text.utf8 {
      if isQuoted {
        if pendingQuote {
          pendingQuote = false
          if byte == UInt8(ascii: "\"") {
            field.append(byte)
            continue
          }
          isQuoted = false
        } else if byte == UInt8(ascii: "\"") {
          pendingQuote = true
          continue
        } else {
          field.append(byte)
          continue
        }
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: ","): finishField()
      case UInt8(ascii: "\n"):
        finishField()
        rows.append(fields)
        fields = []
      case UInt8(ascii: "\r"): break
      default: field.append(byte)
      }
    }
    if !field.isEmpty || !fields.isEmpty {
      finishField()
      rows.append(fields)
    }
    names = rows.first ?? []
    self.rows = Array(rows.dropFirst())
  }

  /// The column's fields as text.
  public func texts(_ name: String) -> [String] {
    guard let index = names.firstIndex(of: name) else { preconditionFailure("no column '\(name)' among \(names)") }
    return rows.map { $0[index] }
  }

  /// The column's fields as numbers, `NaN` where missing.
  public func numbers(_ name: String) -> [Double] {
    texts(name).map { $0.isEmpty || $0 == "NA" ? .nan : Double($0) ?? .nan }
  }
}
