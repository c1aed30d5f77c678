/// Sorting by hashes: numbers that are spread evenly, which is what makes it cheap.
///
/// Each goes straight to about the place where it belongs, by its leading bits; a pass of insertion puts neighbours right.
/// Where numbers aren't spread evenly the crowded places are sorted by comparison, so that nothing degenerates.
enum UniformOrder {
  struct Entry: Equatable, Sendable {
    var hash: UInt64
    /// The position that it had.
    var index: UInt32
  }

  /// The entries by hash; equal hashes by index.
  ///
  /// - Parameter sharedBits: how many leading bits are the same in all of them.
  static func sorted(_ count: Int, sharedBits: Int, hash: (Int) -> UInt64) -> [Entry] {
    if count == 0 { return [] }
    var bits = 1
    while 1 << bits < count, bits < 26 { bits += 1 }
    let hashes = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count { buffer[index] = hash(index) }
      initialized = count
    }
    func bucket(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: (hash << UInt64(sharedBits)) >> UInt64(64 - bits)) }
    var starts = [UInt32](repeating: 0, count: (1 << bits) + 1)
    return hashes.withUnsafeBufferPointer { hashes in
      starts.withUnsafeMutableBufferPointer { starts in
        for hash in hashes { starts[bucket(hash) + 1] += 1 }
        let isCrowded = starts.contains { $0 > 64 }
        for place in 1..<starts.count { starts[place] += starts[place - 1] }
        var entries = [Entry](unsafeUninitializedCapacity: count) { buffer, initialized in
          for index in 0..<count {
            let place = bucket(hashes[index])
            (buffer.baseAddress! + Int(starts[place])).initialize(
              to: Entry(hash: hashes[index], index: UInt32(truncatingIfNeeded: index)))
            starts[place] += 1
          }
          initialized = count
        }
        if isCrowded {
          entries.sort { ($0.hash, $0.index) < ($1.hash, $1.index) }
          return entries
        }
        entries.withUnsafeMutableBufferPointer { buffer in
          for index in 1..<max(1, count) where buffer[index].hash < buffer[index - 1].hash {
            let entry = buffer[index]
            var place = index
            while place > 0, entry.hash < buffer[place - 1].hash {
              buffer[place] = buffer[place - 1]
              place -= 1
            }
            buffer[place] = entry
          }
        }
        return entries
      }
    }
  }
}
