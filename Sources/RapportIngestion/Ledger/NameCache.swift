import CScanning

/// The codes of short identifiers that one thread has met: a table of its own, so that it asks others only for new ones.
///
/// Open addressing over compact keys; equal words are equal identifiers, so that a hit costs one line of memory.
struct NameCache {
  private struct Entry {
    var key: CompactKey
    var code: UInt32
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var bits: UInt64
  private var count = 0

  /// - Parameter bits: room for 2 to that power of places at first.
  init(bits: UInt64 = 6) {
    self.bits = bits
    entries = Self.freeEntries(1 << Int(bits))
  }

  private static func freeEntries(_ count: Int) -> UnsafeMutablePointer<Entry> {
    let entries = LargePages.allocate(count, of: Entry.self)
    entries.initialize(repeating: Entry(key: CompactKey(low: 0, high: 0), code: 0), count: count)
    return entries
  }

  /// Frees it; it must not be used afterwards.
  func deallocate() { LargePages.free(entries, 1 << Int(bits)) }

  @inline(__always)
  private func place(of key: CompactKey) -> Int {
    let mixed = (key.low ^ (key.high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed &>> (64 &- bits))
  }

  /// Asks for the place of an identifier.
  @inline(__always)
  func prefetch(_ key: CompactKey) {
    let entry = UnsafeRawPointer(entries + place(of: key))
    rapport_prefetch(entry)
    // Of four entries one lies across the end of a line.
    rapport_prefetch(entry + (MemoryLayout<Entry>.size &- 1))
  }

  /// The code of a short identifier; ``CodeTuple/none`` where it isn't known yet.
  @inline(__always)
  func code(of key: CompactKey) -> UInt32 {
    var place = place(of: key)
    let mask = (1 &<< Int(truncatingIfNeeded: bits)) &- 1
    while true {
      let entry = entries + place
      if entry.pointee.key == key { return entry.pointee.code }
      // No identifier is empty, so that a count of zero is a free place.
      if entry.pointee.key.high == 0 { return CodeTuple.none }
      place = (place &+ 1) & mask
    }
  }

  /// Keeps the code of an identifier that isn't there.
  mutating func insert(_ key: CompactKey, code: UInt32) {
    put(Entry(key: key, code: code))
    count += 1
    guard count * 2 > 1 << bits else { return }
    let old = UnsafeMutableBufferPointer(start: entries, count: 1 << Int(bits))
    bits += 1
    entries = Self.freeEntries(1 << Int(bits))
    for entry in old where entry.key.high != 0 { put(entry) }
    LargePages.free(old.baseAddress!, old.count)
  }

  private func put(_ entry: Entry) {
    var place = place(of: entry.key)
    while entries[place].key.high != 0 { place = (place + 1) & ((1 << Int(bits)) - 1) }
    entries[place] = entry
  }
}
