extension [Double] {
  /// Sorts numbers, none of which is NaN, ascending: by radix.
  ///
  /// Bits rise with the number once negative numbers have all of theirs turned, and others the sign. Few are sorted by
  /// comparison.
  /// - Complexity: O(n), and two arrays of as many.
  mutating func sortByRadix() {
    guard count >= [UInt64].fewest else { return sort() }
    var keys = map { number in
      let bits = number.bitPattern
      return bits ^ (bits >> 63 == 1 ? .max : 1 << 63)
    }
    keys.sortByRadix()
    for (i, key) in keys.enumerated() {
      self[i] = Double(bitPattern: key ^ (key >> 63 == 1 ? 1 << 63 : .max))
    }
  }
}

extension [UInt64] {
  /// Sorts ascending.
  ///
  /// By radix, from the lowest digit to the highest, a digit that all have in common left out: of hundreds of thousands of whole
  /// seconds, say, four digits of six count, and a comparing sort takes several times as long. Few are sorted by comparison.
  ///
  /// Source: Knuth (1998), The Art of Computer Programming 3, §5.2.5.
  /// - Complexity: O(n), and a second array of as many.
  package mutating func sortByRadix() {
    guard count >= Self.fewest else { return sort() }
    var places = [Int](repeating: 0, count: Self.digits << Self.width)
    for key in self {
      for digit in 0..<Self.digits { places[digit << Self.width + Self.digit(digit, of: key)] += 1 }
    }
    var others = self
    for digit in 0..<Self.digits {
      let first = digit << Self.width
      guard places[first + Self.digit(digit, of: self[0])] < count else { continue }
      var start = 0
      for place in first..<first + 1 << Self.width { (places[place], start) = (start, start + places[place]) }
      withUnsafeBufferPointer { keys in
        others.withUnsafeMutableBufferPointer { others in
          places.withUnsafeMutableBufferPointer { places in
            for key in keys {
              let place = first + Self.digit(digit, of: key)
              others[places[place]] = key
              places[place] += 1
            }
          }
        }
      }
      swap(&self, &others)
    }
  }

  /// Below so many a comparing sort is as fast.
  fileprivate static var fewest: Int { 1024 }
  /// Bits of a digit, and digits of 64 bits.
  private static var width: Int { 11 }
  private static var digits: Int { 6 }

  @inline(__always) private static func digit(_ digit: Int, of key: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> UInt64(digit * width)) & (1 << width - 1)
  }
}
