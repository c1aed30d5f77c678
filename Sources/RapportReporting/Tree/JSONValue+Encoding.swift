extension JSONValue {
  /// What `value` encodes itself as.
  ///
  /// - Throws: `EncodingError` where a number isn't finite: a score that is not a number is a defect, and must not
  ///   reach a file.
  public init(encoding value: some Encodable) throws {
    let node = Node()
    try value.encode(to: TreeEncoder(node: node, codingPath: []))
    self = node.value
  }
}

/// A place in the tree that is being built; containers hold on to theirs and fill it in.
private final class Node {
  enum Content {
    case leaf(JSONValue)
    case array([Node])
    case object([String: Node])
  }
  var content = Content.object([:])

  var value: JSONValue {
    switch content {
    case .leaf(let value): value
    case .array(let nodes): .array(nodes.map(\.value))
    case .object(let members): .object(members.mapValues(\.value))
    }
  }

  func set(_ key: String, _ node: Node) {
    if case .object(var members) = content {
      content = .leaf(.null)  // Gives up the only other reference, so that the dictionary isn't copied.
      members[key] = node
      content = .object(members)
    }
  }

  func append(_ node: Node) {
    if case .array(var nodes) = content {
      content = .leaf(.null)
      nodes.append(node)
      content = .array(nodes)
    }
  }

  func fill(_ value: some Encodable, path: [any CodingKey]) throws {
    switch value {
    case let value as String: content = .leaf(.string(value))
    case let value as Bool: content = .leaf(.bool(value))
    case let value as Double: content = .leaf(try Self.number(value, path: path))
    case let value as Float: content = .leaf(try Self.number(Double(value), path: path))
    case let value as any FixedWidthInteger: content = .leaf(Self.whole(value))
    case let value as JSONValue: content = .leaf(value)
    default: try value.encode(to: TreeEncoder(node: self, codingPath: path))
    }
  }

  private static func whole(_ value: some FixedWidthInteger) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .string(String(value))
  }

  private static func number(_ value: Double, path: [any CodingKey]) throws -> JSONValue {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: path, debugDescription: "\(path.map(\.stringValue).joined(separator: ".")) is \(value)"))
    }
    // −0 and 0 are one number; written alike.
    return .number(value == 0 ? 0 : value)
  }
}

private struct TreeEncoder: Encoder {
  var node: Node
  var codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = node.content {} else { node.content = .object([:]) }
    return KeyedEncodingContainer(KeyedContainer<Key>(node: node, codingPath: codingPath))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.content = .array([])
    return UnkeyedContainer(node: node, codingPath: codingPath)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleContainer(node: node, codingPath: codingPath)
  }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  var node: Node
  var codingPath: [any CodingKey]

  private func child(_ key: Key) -> Node {
    let child = Node()
    node.set(key.stringValue, child)
    return child
  }
  mutating func encodeNil(forKey key: Key) { child(key).content = .leaf(.null) }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try child(key).fill(value, path: codingPath + [key])
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(node: child(key), codingPath: codingPath + [key]).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    TreeEncoder(node: child(key), codingPath: codingPath + [key]).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { TreeEncoder(node: node, codingPath: codingPath) }
  mutating func superEncoder(forKey key: Key) -> any Encoder {
    TreeEncoder(node: child(key), codingPath: codingPath + [key])
  }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
  var node: Node
  var codingPath: [any CodingKey]
  var count = 0

  private mutating func child() -> Node {
    let child = Node()
    node.append(child)
    count += 1
    return child
  }
  mutating func encodeNil() { child().content = .leaf(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    let path = codingPath + [Position(intValue: count)]
    try child().fill(value, path: path)
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(node: child(), codingPath: codingPath).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    TreeEncoder(node: child(), codingPath: codingPath).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { TreeEncoder(node: child(), codingPath: codingPath) }

  /// A position in an array, for the path in an error.
  struct Position: CodingKey {
    var index: Int
    init(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
    var stringValue: String { String(index) }
    var intValue: Int? { index }
  }
}

private struct SingleContainer: SingleValueEncodingContainer {
  var node: Node
  var codingPath: [any CodingKey]

  mutating func encodeNil() { node.content = .leaf(.null) }
  mutating func encode<T: Encodable>(_ value: T) throws { try node.fill(value, path: codingPath) }
}
