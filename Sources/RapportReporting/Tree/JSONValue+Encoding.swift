extension JSONValue {
  /// What `value` encodes itself as.
  ///
  /// - Throws: `EncodingError` where a number isn't finite: a score that is not a number is a defect, and must not
  ///   reach a file.
  public init(encoding value: some Encodable) throws {
    let node = Node(key: nil, parent: nil)
    try node.fill(value)
    self = node.value
  }
}

// Results have millions of leaves. So leaves are stored where they belong without a node of their own, primitives take
// overloads without a dynamic cast, and a path is put together only when an error needs it.

/// A place in the tree that is being built; containers hold on to theirs and fill it in.
private final class Node {
  enum Slot {
    case value(JSONValue)
    case node(Node)

    var value: JSONValue {
      switch self {
      case .value(let value): value
      case .node(let node): node.value
      }
    }
  }
  enum Content {
    case leaf(JSONValue)
    case array
    case object
  }
  var content = Content.object
  /// The members of an object, in the order of encoding, or the elements of an array, with empty keys.
  var slots: [(key: String, slot: Slot)] = []
  private let key: (any CodingKey)?
  /// Not owned: it owns this node, and the root outlives the encoding.
  private unowned let parent: Node?

  init(key: (any CodingKey)?, parent: Node?) {
    self.key = key
    self.parent = parent
  }

  var path: [any CodingKey] { (parent?.path ?? []) + (key.map { [$0] } ?? []) }

  var value: JSONValue {
    switch content {
    case .leaf(let value): value
    case .array: .array(slots.map(\.slot.value))
    case .object: .object(Dictionary(slots.map { ($0.key, $0.slot.value) }, uniquingKeysWith: { $1 }))
    }
  }

  func child(_ key: some CodingKey) -> Node {
    let child = Node(key: key, parent: self)
    slots.append((key.stringValue, .node(child)))
    return child
  }

  func append() -> Node {
    let child = Node(key: Position(intValue: slots.count), parent: self)
    slots.append(("", .node(child)))
    return child
  }

  func fill(_ value: some Encodable) throws {
    switch value {
    case let value as String: content = .leaf(.string(value))
    case let value as Double: content = .leaf(try number(value, nil))
    case let value as Int: content = .leaf(.integer(Int64(value)))
    case let value as Bool: content = .leaf(.bool(value))
    case let value as Float: content = .leaf(try number(Double(value), nil))
    case let value as any FixedWidthInteger: content = .leaf(Self.whole(value))
    default: try value.encode(to: TreeEncoder(node: self))
    }
  }

  static func whole(_ value: some FixedWidthInteger) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .string(String(value))
  }

  /// - Parameter key: the number's own key below this node.
  func number(_ value: Double, _ key: (any CodingKey)?) throws -> JSONValue {
    guard value.isFinite else {
      let path = path + (key.map { [$0] } ?? [])
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: path, debugDescription: "\(path.map(\.stringValue).joined(separator: ".")) is \(value)"))
    }
    // −0 and 0 are one number; written alike.
    return .number(value == 0 ? 0 : value)
  }

  /// A position in an array, for the path in an error.
  struct Position: CodingKey {
    var index: Int
    init(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
    var stringValue: String { String(index) }
    var intValue: Int? { index }
  }
}

private struct TreeEncoder: Encoder {
  var node: Node
  var codingPath: [any CodingKey] { node.path }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    // A value may ask twice, as one does that adds its members to another's.
    node.content = .object
    return KeyedEncodingContainer(KeyedContainer<Key>(node: node))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.content = .array
    return UnkeyedContainer(node: node)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer { SingleContainer(node: node) }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  var node: Node
  var codingPath: [any CodingKey] { node.path }

  private func set(_ key: Key, _ value: JSONValue) { node.slots.append((key.stringValue, .value(value))) }

  mutating func encodeNil(forKey key: Key) { set(key, .null) }
  mutating func encode(_ value: String, forKey key: Key) { set(key, .string(value)) }
  mutating func encode(_ value: Bool, forKey key: Key) { set(key, .bool(value)) }
  mutating func encode(_ value: Int, forKey key: Key) { set(key, .integer(Int64(value))) }
  mutating func encode(_ value: Double, forKey key: Key) throws { set(key, try node.number(value, key)) }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try node.child(key).fill(value) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(node: node.child(key)).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    TreeEncoder(node: node.child(key)).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { TreeEncoder(node: node) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(node: node.child(key)) }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
  var node: Node
  var codingPath: [any CodingKey] { node.path }
  var count: Int { node.slots.count }

  private func add(_ value: JSONValue) { node.slots.append(("", .value(value))) }

  mutating func encodeNil() { add(.null) }
  mutating func encode(_ value: String) { add(.string(value)) }
  mutating func encode(_ value: Bool) { add(.bool(value)) }
  mutating func encode(_ value: Int) { add(.integer(Int64(value))) }
  mutating func encode(_ value: Double) throws {
    add(try node.number(value, Node.Position(intValue: count)))
  }
  mutating func encode<T: Encodable>(_ value: T) throws { try node.append().fill(value) }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(node: node.append()).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    TreeEncoder(node: node.append()).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { TreeEncoder(node: node.append()) }
}

private struct SingleContainer: SingleValueEncodingContainer {
  var node: Node
  var codingPath: [any CodingKey] { node.path }

  mutating func encodeNil() { node.content = .leaf(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws { try node.fill(value) }
}
