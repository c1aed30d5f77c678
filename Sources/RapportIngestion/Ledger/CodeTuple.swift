/// Three codes and a few flags that often occur together, so that a row can name them by one number.
///
/// For parties: manager, partner, responder, and 1 + the code of the request that an escalation is about (0: none). For
/// categories: topic, priority, channel, and flags.
struct CodeTuple: Hashable, Comparable, Sendable {
  /// Stands for a value that the row doesn't have; sorts behind every other.
  static let none = UInt32.max

  var first: UInt32
  var second: UInt32
  var third: UInt32
  var flags: UInt32 = 0

  static func < (a: CodeTuple, b: CodeTuple) -> Bool {
    let (x, y) = (UInt64(a.first) << 32 | UInt64(a.second), UInt64(b.first) << 32 | UInt64(b.second))
    if x != y { return x < y }
    return UInt64(a.third) << 32 | UInt64(a.flags) < UInt64(b.third) << 32 | UInt64(b.flags)
  }
}

/// Gives every distinct tuple a code, in the order of first appearance.
struct TupleInterner: Sendable {
  private(set) var tuples: [CodeTuple] = []
  private var places = [UInt32](repeating: 0, count: 64)

  init() {}

  /// A table that starts with `tuples`, which are distinct.
  init(_ tuples: [CodeTuple]) {
    self.tuples = tuples
    var capacity = 64
    while capacity * 3 < (tuples.count + 1) * 4 { capacity *= 2 }
    spread(over: capacity)
  }

  @inline(__always)
  private func place(of tuple: CodeTuple, in capacity: Int) -> Int {
    let high = UInt64(tuple.first) << 32 | UInt64(tuple.second)
    let low = UInt64(tuple.third) << 32 | UInt64(tuple.flags)
    return Int(truncatingIfNeeded: StableHash.of(high, low)) & (capacity - 1)
  }

  /// The code of a tuple that is there.
  func code(of tuple: CodeTuple) -> UInt32 {
    var place = place(of: tuple, in: places.count)
    while tuples[Int(places[place]) - 1] != tuple { place = (place + 1) & (places.count - 1) }
    return places[place] - 1
  }

  mutating func intern(_ tuple: CodeTuple) -> UInt32 {
    var place = place(of: tuple, in: places.count)
    while places[place] != 0 {
      if tuples[Int(places[place]) - 1] == tuple { return places[place] - 1 }
      place = (place + 1) & (places.count - 1)
    }
    tuples.append(tuple)
    places[place] = UInt32(tuples.count)
    if tuples.count * 4 > places.count * 3 { spread(over: places.count * 2) }
    return UInt32(tuples.count) - 1
  }

  private mutating func spread(over capacity: Int) {
    places = [UInt32](repeating: 0, count: capacity)
    for code in tuples.indices {
      var place = place(of: tuples[code], in: capacity)
      while places[place] != 0 { place = (place + 1) & (capacity - 1) }
      places[place] = UInt32(code) + 1
    }
  }
}
