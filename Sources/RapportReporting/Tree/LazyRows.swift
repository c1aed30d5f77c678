/// Rows that are told one at a time, so that a large result never stands in memory as a whole tree.
public struct LazyRows: Sendable {
  public let count: Int
  /// Tells a sink the row at a position.
  let tell: @Sendable (Int, JSONSink) throws -> Void

  private init(count: Int, tell: @escaping @Sendable (Int, JSONSink) throws -> Void) {
    self.count = count
    self.tell = tell
  }

  /// - Parameter element: the row at a position.
  public init<Row: Encodable & Sendable>(count: Int, element: @escaping @Sendable (Int) throws -> Row) {
    self.init(count: count) { i, sink in try SinkEncoding.encode(element(i), to: sink) }
  }

  /// A row per value, as it encodes itself.
  public init<Row: Encodable & Sendable>(_ rows: [Row]) { self.init(count: rows.count) { rows[$0] } }

  /// A row per value, encoded and then changed.
  public init<Row: Encodable & Sendable>(_ rows: [Row], change: @escaping @Sendable (JSONValue) -> JSONValue) {
    self.init(count: rows.count) { i, sink in change(try JSONValue(encoding: rows[i])).tell(sink) }
  }

  /// Rows that are trees.
  init(trees: [JSONValue]) { self.init(count: trees.count) { trees[$0].tell($1) } }

  /// All rows at once.
  public func all() throws -> JSONValue {
    .array(
      try (0..<count).map { i in
        let tree = TreeSink()
        try tell(i, tree)
        return tree.value
      })
  }
}
