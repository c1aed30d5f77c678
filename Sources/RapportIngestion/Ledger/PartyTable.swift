import CScanning

/// Gives every distinct tuple a code, as ``TupleInterner`` does, for so many that each look-up would wait for memory.
///
/// A place holds tuple and code in one, and can be asked for ahead.
struct PartyTable {
  private struct Entry {
    var tuple: CodeTuple
    var code: UInt32
  }

  private(set) var tuples: [CodeTuple] = []
  private var entries: UnsafeMutablePointer<Entry>
  private var mask = 1023

  private static let free = Entry(tuple: CodeTuple(first: 0, second: 0, third: 0), code: CodeTuple.none)

  init() { entries = Self.freeEntries(1024) }

  /// Frees the table; it must not be used afterwards.
  func deallocate() { LargePages.free(entries, mask + 1) }

  private static func freeEntries(_ count: Int) -> UnsafeMutablePointer<Entry> {
    let entries = LargePages.allocate(count, of: Entry.self)
    entries.initialize(repeating: free, count: count)
    return entries
  }

  @inline(__always)
  private func place(of tuple: CodeTuple) -> Int {
    let high = UInt64(tuple.first) &<< 32 | UInt64(tuple.second)
    let low = UInt64(tuple.third) &<< 32 | UInt64(tuple.flags)
    return Int(truncatingIfNeeded: StableHash.of(high, low)) & mask
  }

  /// Asks for the place of a tuple.
  @inline(__always)
  func prefetch(_ tuple: CodeTuple) { rapport_prefetch(entries + place(of: tuple)) }

  /// The code of a tuple.
  @inline(__always)
  mutating func code(of tuple: CodeTuple) -> UInt32 {
    var place = place(of: tuple)
    while entries[place].code != CodeTuple.none {
      if entries[place].tuple == tuple { return entries[place].code }
      place = (place &+ 1) & mask
    }
    return insert(tuple, at: place)
  }

  @inline(never)
  private mutating func insert(_ tuple: CodeTuple, at place: Int) -> UInt32 {
    let code = UInt32(tuples.count)
    tuples.append(tuple)
    entries[place] = Entry(tuple: tuple, code: code)
    if tuples.count * 2 > mask + 1 {
      LargePages.free(entries, mask + 1)
      mask = 2 * mask + 1
      entries = Self.freeEntries(mask + 1)
      for (code, tuple) in tuples.enumerated() {
        var place = self.place(of: tuple)
        while entries[place].code != CodeTuple.none { place = (place + 1) & mask }
        entries[place] = Entry(tuple: tuple, code: UInt32(code))
      }
    }
    return code
  }
}
