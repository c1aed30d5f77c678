/// Rows that are turned into trees one at a time, so that a large result never stands in memory as a whole tree.
public struct LazyRows: Sendable {
  public let count: Int
  let element: @Sendable (Int) throws -> JSONValue

  /// - Parameter element: the row at a position.
  public init(count: Int, element: @escaping @Sendable (Int) throws -> JSONValue) {
    self.count = count
    self.element = element
  }

  /// A row per value, as it encodes itself.
  public init<Row: Encodable & Sendable>(_ rows: [Row]) {
    self.init(count: rows.count) { try JSONValue(encoding: rows[$0]) }
  }

  /// A row per value, encoded and then changed.
  public init<Row: Encodable & Sendable>(_ rows: [Row], change: @escaping @Sendable (JSONValue) -> JSONValue) {
    self.init(count: rows.count) { change(try JSONValue(encoding: rows[$0])) }
  }

  /// All rows at once.
  public func all() throws -> JSONValue { .array(try (0..<count).map(element)) }
}
