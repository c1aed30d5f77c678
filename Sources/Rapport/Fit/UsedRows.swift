/// How many rows of a table a model could use.
public struct UsedRows: Sendable, Equatable, Codable {
  /// Rows of the table.
  public var read: Int
  /// Rows that the model rests on.
  public var used: Int
  /// How many fields are missing in the columns that the model needs; columns without such fields aren't listed.
  public var missing: [String: Int]

  /// In words, where rows were left out because something is missing.
  var note: String? {
    guard used < read else { return nil }
    let columns = missing.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let names = columns.map { "'\($0.key)' in \(Figure.count($0.value))" }.joined(separator: ", ")
    return
      "\(Figure.count(read - used)) of \(Figure.count(read, "row")) left out because something is missing: \(names)"
  }
}
