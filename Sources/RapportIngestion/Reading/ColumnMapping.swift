/// Which foreign columns stand for the contract's: `--map manager=caller,opened=created_at`.
public struct ColumnMapping: Sendable, Equatable {
  /// Contract column → foreign column; an empty foreign name says that the input has no such column.
  public var columns: [ContractColumn: String] = [:]

  /// Nothing mapped: contract names stand for themselves.
  public init() {}

  /// Contract columns and the foreign names that stand for them.
  public init(_ columns: [ContractColumn: String]) { self.columns = columns }

  /// Reads `contract=foreign,…`. A foreign name that holds a comma is put in double quotes.
  ///
  /// - Throws: ``IngestionError`` of kind `usage`: no `=`, or a name that the contract doesn't have, or one twice.
  public init(parsing text: String) throws(IngestionError) {
    for part in Self.split(text) {
      guard let equals = part.firstIndex(of: "=") else {
        throw IngestionError(.usage, "'\(part)': expected contract=foreign, as in manager=caller_id")
      }
      let name = part[..<equals].trimmed
      guard let column = ContractColumn(rawValue: name) else {
        throw IngestionError(.usage, "'\(part)': \(Self.unknown(name))")
      }
      guard columns[column] == nil else { throw IngestionError(.usage, "'\(name)' is named twice") }
      var foreign = part[part.index(after: equals)...].trimmed
      if foreign.count >= 2, foreign.hasPrefix("\""), foreign.hasSuffix("\"") {
        foreign = String(foreign.dropFirst().dropLast())
      }
      columns[column] = foreign
    }
  }

  /// What to say of a name to the left of `=` that the contract doesn't have.
  public static func unknown(_ name: String) -> String {
    let known = ContractColumn.allCases.map(\.rawValue)
    return "the contract has no column '\(name)' to stand left of '='; its columns are \(known.joined(separator: ", "))"
      + NearestWord.suggestion(for: name, among: known)
  }

  /// Parts between commas outside double quotes.
  private static func split(_ text: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if character == "," && !isQuoted {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    parts.append(part)
    return parts.filter { !$0.trimmed.isEmpty }
  }
}

extension String {
  /// Without characters that would steer a terminal or break a line: each becomes `·`.
  var printable: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      text.append(isControl || [0x2028, 0x2029].contains(scalar.value) ? "·" : scalar)
    }
    return String(text)
  }
}

extension StringProtocol {
  /// Without spaces and tabs at its ends.
  var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let head = drop(while: isBlank)
    guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(head[...last])
  }
}
