/// Takes a JSON document piece by piece, as a value tells it that encodes itself (``SinkEncoding``), or a tree.
///
/// In an object a key comes before each value. Members come in any order; of several with one key the last counts.
class JSONSink {
  /// The next value is this member of the object that is open.
  func key(_ key: String) {}
  func null() {}
  func bool(_ value: Bool) {}
  func integer(_ value: Int64) {}
  /// Finite.
  func number(_ value: Double) {}
  func string(_ value: String) {}
  func beginObject() {}
  func endObject() {}
  func beginArray() {}
  func endArray() {}
}

extension JSONValue {
  /// Tells a sink what the document holds.
  func tell(_ sink: JSONSink) {
    switch self {
    case .null: sink.null()
    case .bool(let value): sink.bool(value)
    case .integer(let value): sink.integer(value)
    case .number(let value): sink.number(value)
    case .string(let value): sink.string(value)
    case .array(let elements):
      sink.beginArray()
      for element in elements { element.tell(sink) }
      sink.endArray()
    case .object(let members):
      sink.beginObject()
      for (key, member) in members {
        sink.key(key)
        member.tell(sink)
      }
      sink.endObject()
    }
  }
}

/// Makes the document a tree.
final class TreeSink: JSONSink {
  /// The whole, once it is told.
  private(set) var value = JSONValue.null
  /// Open containers; a list has no keys.
  private var open: [(keys: [String], values: [JSONValue])] = []

  private func add(_ value: JSONValue) {
    if open.isEmpty { self.value = value } else { open[open.count - 1].values.append(value) }
  }

  override func key(_ key: String) { open[open.count - 1].keys.append(key) }
  override func null() { add(.null) }
  override func bool(_ value: Bool) { add(.bool(value)) }
  override func integer(_ value: Int64) { add(.integer(value)) }
  override func number(_ value: Double) { add(.number(value)) }
  override func string(_ value: String) { add(.string(value)) }
  override func beginObject() { open.append(([], [])) }
  override func beginArray() { open.append(([], [])) }
  override func endObject() {
    let (keys, values) = open.removeLast()
    add(.object(Dictionary(zip(keys, values), uniquingKeysWith: { $1 })))
  }
  override func endArray() { add(.array(open.removeLast().values)) }
}
