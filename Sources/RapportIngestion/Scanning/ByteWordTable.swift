/// A fixed, small dictionary from words to values, looked up by bytes.
struct ByteWordTable<Value> {
  private let words: [[UInt8]]
  private let values: [Value]
  /// Position + 1 in `words`; 0 where empty; a power of two of places, at least twice as many as words.
  private let places: [Int]

  /// Of words that repeat, the first counts.
  init(_ pairs: some Sequence<(String, Value)>) {
    let pairs = Array(pairs)
    words = pairs.map { Array($0.0.utf8) }
    values = pairs.map(\.1)
    var size = 4
    while size < pairs.count * 2 { size *= 2 }
    var places = [Int](repeating: 0, count: size)
    for (index, word) in words.enumerated() {
      var place = word.withUnsafeBytes { Self.hash($0) } & (size - 1)
      while places[place] != 0 { place = (place + 1) & (size - 1) }
      places[place] = index + 1
    }
    self.places = places
  }

  private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
    Int(truncatingIfNeeded: StableHash.of(bytes))
  }

  /// The value of a word; `nil` when it isn't in the table.
  subscript(bytes: UnsafeRawBufferPointer) -> Value? {
    var place = Self.hash(bytes) & (places.count - 1)
    while places[place] != 0 {
      let index = places[place] - 1
      if words[index].count == bytes.count, words[index].elementsEqual(bytes) { return values[index] }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }
}

extension ByteWordTable: Sendable where Value: Sendable {}
