import RapportScoring

extension JSONValue {
  /// What `value` encodes itself as.
  ///
  /// - Throws: `EncodingError` where a number isn't finite: a score that is not a number is a defect, and must not
  ///   reach a file.
  public init(encoding value: some Encodable) throws {
    let tree = TreeSink()
    try SinkEncoding.encode(value, to: tree)
    self = tree.value
  }
}

// Results have millions of leaves. So what encodes itself is told to a sink at once, without a tree between; primitives take
// overloads, because a dynamic cast of every leaf cost more than writing it; and a path is put together only when an
// error needs it.

/// Tells a sink what a value encodes itself as.
///
/// Containers are told one after the other: once a value has begun a second nested container, it must not go back to the first.
/// Nothing that results hold does.
final class SinkEncoding {
  fileprivate enum Content {
    /// Nothing was asked for yet.
    case undecided
    case leaf, array, object
  }
  /// A value that is being encoded.
  private struct Frame {
    /// Its place in what holds it; `nil` for an element of an array.
    var key: String?
    var content = Content.undecided
    /// Of an array.
    var count = 0
  }
  fileprivate let sink: JSONSink
  // Millions of small accesses, none of which can meet another: looking out for such took a third of the writing.
  @exclusivity(unchecked) private var frames: [Frame] = []

  private init(_ sink: JSONSink) { self.sink = sink }

  /// - Throws: `EncodingError` where a number isn't finite.
  static func encode(_ value: some Encodable, to sink: JSONSink) throws {
    try SinkEncoding(sink).fill(value, key: nil)
  }

  /// Encodes a value, and closes what it opened.
  fileprivate func fill<Value: Encodable>(_ value: Value, key: String?) throws {
    let depth = open(key: key)
    if try !tell(value, at: depth) { try value.encode(to: SinkEncoder(encoding: self, depth: depth)) }
    close(downTo: depth)
  }

  /// Begins a value, and gives its depth.
  fileprivate func open(key: String?) -> Int {
    frames.append(Frame(key: key))
    return frames.count - 1
  }

  /// Ends the values from this depth on.
  fileprivate func close(downTo depth: Int) {
    while frames.count > depth {
      switch frames.removeLast().content {
      case .undecided:
        sink.beginObject()
        sink.endObject()
      case .leaf: break
      case .array: sink.endArray()
      case .object: sink.endObject()
      }
    }
  }

  /// The value at this depth is so made. It may say so twice, as one does that adds its members to another's.
  fileprivate func decide(_ content: Content, at depth: Int) {
    guard frames[depth].content == .undecided else { return }
    frames[depth].content = content
    switch content {
    case .array: sink.beginArray()
    case .object: sink.beginObject()
    case .leaf, .undecided: break
    }
  }

  /// A member of the object at this depth comes next.
  fileprivate func member(_ key: String, at depth: Int) {
    close(downTo: depth + 1)
    sink.key(key)
  }

  /// An element of the array at this depth comes next.
  fileprivate func element(at depth: Int) {
    close(downTo: depth + 1)
    frames[depth].count += 1
  }

  /// How many elements the array at this depth has.
  fileprivate func count(at depth: Int) -> Int { frames[depth].count }

  /// - Parameters:
  ///   - depth: of what holds the number, or of the number itself where `key` is `nil`.
  ///   - key: the number's own below it.
  fileprivate func number(_ value: Double, at depth: Int, key: String?) throws {
    guard value.isFinite else {
      let path = path(to: depth) + (key.map { [Place($0)] } ?? [])
      throw EncodingError.invalidValue(
        value,
        .init(codingPath: path, debugDescription: "\(path.map(\.stringValue).joined(separator: ".")) is \(value)"))
    }
    // −0 and 0 are one number; written alike.
    sink.number(value == 0 ? 0 : value)
  }

  fileprivate func whole(_ value: some FixedWidthInteger) {
    if let whole = Int64(exactly: value) { sink.integer(whole) } else { sink.string(String(value)) }
  }

  /// Where the value at this depth stands.
  fileprivate func path(to depth: Int) -> [Place] {
    frames[..<(depth + 1)].indices.dropFirst().map { i in Place(frames[i].key ?? String(frames[i - 1].count - 1)) }
  }

  /// Tells scores, levels, evidence and dictionaries of them as they encode themselves: results have so many that their
  /// containers took half of the time of writing.
  ///
  /// - Returns: whether the value at this depth is of these.
  private func tell<Value>(_ value: Value, at depth: Int) throws -> Bool {
    // By type rather than by a dynamic cast, which costs more than what follows.
    func told<Own>(_ type: Own.Type, _ members: (Own) throws -> Void) throws -> Bool {
      guard Value.self == Own.self else { return false }
      decide(.object, at: depth)
      try members(unsafeBitCast(value, to: Own.self))
      return true
    }
    return try told([String: Double].self) { try tellEvidence($0, at: depth) }
      || told(Score.self) { try tellMembers(of: $0, at: depth) }
      || told(TrendMonth.Level.self) {
        try tell("value", $0.value, at: depth)
        try tell("low", $0.low, at: depth)
        try tell("high", $0.high, at: depth)
      }
      || told(IndicatorScore.self) { try tellMembers(of: $0, at: depth) }
      || told([String: Score].self) {
        for (name, score) in $0 { try object(name) { try tellMembers(of: score, at: $0) } }
      }
      || told([String: IndicatorScore].self) {
        for (name, score) in $0 { try object(name) { try tellMembers(of: score, at: $0) } }
      }
  }

  /// A member that is an object, whose own members `tell` tells at its depth.
  @inline(__always) private func object(_ key: String, _ tell: (Int) throws -> Void) rethrows {
    sink.key(key)
    let depth = open(key: key)
    decide(.object, at: depth)
    try tell(depth)
    close(downTo: depth)
  }

  private func tellEvidence(_ evidence: [String: Double], at depth: Int) throws {
    for (name, number) in evidence { try tell(name, number, at: depth) }
  }

  private func tellMembers(of indicator: IndicatorScore, at depth: Int) throws {
    try tellMembers(of: indicator.score, at: depth)
    if indicator.score.estimate != nil { try object("points") { try tellMembers(of: indicator.points, at: $0) } }
    try object("evidence") { try tellEvidence(indicator.evidence, at: $0) }
    if let own = indicator.ownValue { try tell("ownValue", own, at: depth) }
  }

  private func tellMembers(of score: Score, at depth: Int) throws {
    switch score {
    case .estimated(let estimate):
      tell("status", "estimated")
      try tell("value", estimate.value, at: depth)
      try tell("low", estimate.low, at: depth)
      try tell("high", estimate.high, at: depth)
      try tell("effectiveN", estimate.effectiveN, at: depth)
    case .insufficient(let n, let needed):
      tell("status", "insufficient")
      sink.key("n")
      sink.integer(Int64(n))
      sink.key("needed")
      sink.integer(Int64(needed))
    case .suppressed(let reason):
      tell("status", "suppressed")
      tell("reason", reason)
    }
  }

  private func tell(_ key: String, _ text: String) {
    sink.key(key)
    sink.string(text)
  }

  private func tell(_ key: String, _ value: Double, at depth: Int) throws {
    sink.key(key)
    try number(value, at: depth, key: key)
  }

  /// A place in a path: a member's key or an element's position.
  fileprivate struct Place: CodingKey {
    var stringValue: String
    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    var intValue: Int? { Int(stringValue) }
  }
}

private struct SinkEncoder: Encoder {
  let encoding: SinkEncoding
  /// Of the value that encodes itself.
  let depth: Int
  var codingPath: [any CodingKey] { encoding.path(to: depth) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    encoding.decide(.object, at: depth)
    return KeyedEncodingContainer(KeyedContainer<Key>(encoding: encoding, depth: depth))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    encoding.decide(.array, at: depth)
    return UnkeyedContainer(encoding: encoding, depth: depth)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleContainer(encoding: encoding, depth: depth)
  }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: SinkEncoding
  let depth: Int
  var codingPath: [any CodingKey] { encoding.path(to: depth) }

  /// The sink, ready for this member.
  private func sink(_ key: Key) -> JSONSink {
    encoding.member(key.stringValue, at: depth)
    return encoding.sink
  }
  /// A value of its own at this member.
  private func encoder(_ key: Key) -> SinkEncoder {
    encoding.member(key.stringValue, at: depth)
    return SinkEncoder(encoding: encoding, depth: encoding.open(key: key.stringValue))
  }

  mutating func encodeNil(forKey key: Key) { sink(key).null() }
  mutating func encode(_ value: String, forKey key: Key) { sink(key).string(value) }
  mutating func encode(_ value: Bool, forKey key: Key) { sink(key).bool(value) }
  mutating func encode(_ value: Int, forKey key: Key) { sink(key).integer(Int64(value)) }
  mutating func encode(_ value: Double, forKey key: Key) throws {
    encoding.member(key.stringValue, at: depth)
    try encoding.number(value, at: depth, key: key.stringValue)
  }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    encoding.member(key.stringValue, at: depth)
    try encoding.fill(value, key: key.stringValue)
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { encoder(key).container(keyedBy: type) }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder(key).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { SinkEncoder(encoding: encoding, depth: depth) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
  let encoding: SinkEncoding
  let depth: Int
  var codingPath: [any CodingKey] { encoding.path(to: depth) }
  var count: Int { encoding.count(at: depth) }

  /// The sink, ready for the next element.
  private func sink() -> JSONSink {
    encoding.element(at: depth)
    return encoding.sink
  }
  private func encoder() -> SinkEncoder {
    encoding.element(at: depth)
    return SinkEncoder(encoding: encoding, depth: encoding.open(key: nil))
  }

  mutating func encodeNil() { sink().null() }
  mutating func encode(_ value: String) { sink().string(value) }
  mutating func encode(_ value: Bool) { sink().bool(value) }
  mutating func encode(_ value: Int) { sink().integer(Int64(value)) }
  mutating func encode(_ value: Double) throws {
    encoding.element(at: depth)
    try encoding.number(value, at: depth, key: String(count - 1))
  }
  mutating func encode<T: Encodable>(_ value: T) throws {
    encoding.element(at: depth)
    try encoding.fill(value, key: nil)
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { encoder() }
}

private struct SingleContainer: SingleValueEncodingContainer {
  let encoding: SinkEncoding
  let depth: Int
  var codingPath: [any CodingKey] { encoding.path(to: depth) }

  /// The sink, ready for a leaf.
  private func sink() -> JSONSink {
    encoding.decide(.leaf, at: depth)
    return encoding.sink
  }
  private func whole(_ value: some FixedWidthInteger) {
    encoding.decide(.leaf, at: depth)
    encoding.whole(value)
  }

  mutating func encodeNil() { sink().null() }
  mutating func encode(_ value: String) { sink().string(value) }
  mutating func encode(_ value: Bool) { sink().bool(value) }
  mutating func encode(_ value: Double) throws {
    encoding.decide(.leaf, at: depth)
    try encoding.number(value, at: depth, key: nil)
  }
  mutating func encode(_ value: Float) throws { try encode(Double(value)) }
  mutating func encode(_ value: Int) { whole(value) }
  mutating func encode(_ value: Int8) { whole(value) }
  mutating func encode(_ value: Int16) { whole(value) }
  mutating func encode(_ value: Int32) { whole(value) }
  mutating func encode(_ value: Int64) { whole(value) }
  mutating func encode(_ value: UInt) { whole(value) }
  mutating func encode(_ value: UInt8) { whole(value) }
  mutating func encode(_ value: UInt16) { whole(value) }
  mutating func encode(_ value: UInt32) { whole(value) }
  mutating func encode(_ value: UInt64) { whole(value) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    try value.encode(to: SinkEncoder(encoding: encoding, depth: depth))
  }
}
