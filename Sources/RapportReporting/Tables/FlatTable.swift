/// Objects as rows: one column per leaf, nested keys joined by a dot.
///
/// The columns are the union over all rows. Those in `leading` come first, in that order, each followed by what is
/// nested in it; the others follow by their bytes. An absent leaf is an empty cell; an array, whose length
/// differs from row to row, is one cell of compact JSON.
public struct FlatTable: Sendable, Equatable {
  public var columns: [String]
  /// A cell per column.
  public var rows: [[JSONValue]]

  public init(_ objects: [JSONValue], leading: [String] = []) {
    var flattened: [[String: JSONValue]] = []
    var places: [String: Int] = [:]
    for object in objects {
      var leaves: [String: JSONValue] = [:]
      Self.collect(object, prefix: "", into: &leaves)
      for key in leaves.keys where places[key] == nil { places[key] = 0 }
      flattened.append(leaves)
    }
    let order = Dictionary(leading.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    func rank(_ column: String) -> Int {
      order[column] ?? order[String(column.prefix { $0 != "." })] ?? leading.count
    }
    columns = places.keys.sorted { a, b in
      let (rankA, rankB) = (rank(a), rank(b))
      return rankA != rankB ? rankA < rankB : a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    let columns = columns
    rows = flattened.map { leaves in columns.map { leaves[$0] ?? .null } }
  }

  private static func collect(_ value: JSONValue, prefix: String, into leaves: inout [String: JSONValue]) {
    if case .object(let members) = value {
      for (key, member) in members {
        collect(member, prefix: prefix.isEmpty ? key : "\(prefix).\(key)", into: &leaves)
      }
    } else if !prefix.isEmpty {
      leaves[prefix] = value
    }
  }

  /// The table as comma-separated text (RFC 4180, lines end in a line feed), a header first.
  public var csv: String {
    var text = ""
    func write(_ cells: some Sequence<String>) {
      var isFirst = true
      for cell in cells {
        if !isFirst { text += "," }
        isFirst = false
        text += Self.quoted(cell)
      }
      text += "\n"
    }
    if columns.isEmpty { return "" }
    write(columns)
    for row in rows {
      write(
        row.map { cell in
          switch cell {
          case .null: ""
          case .string(let string): string
          default: cell.text(indented: false)
          }
        })
    }
    return text
  }

  /// A field in quotes where it needs them.
  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes || field.first == " " || field.last == " " else { return field }
    var text = "\""
    for character in field.unicodeScalars {
      if character == "\"" { text += "\"" }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }
}
