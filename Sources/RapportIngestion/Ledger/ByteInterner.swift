import Glibc

/// Gives every distinct byte string a code, in the order of first appearance.
///
/// An open-addressing table over one arena of bytes. A hash finds the place, the bytes decide.
struct ByteInterner: Sendable {
  /// All strings, one behind the other.
  private(set) var bytes: [UInt8] = []
  /// Where each string ends in `bytes`.
  private(set) var ends: [UInt32] = []
  /// The hash of each string.
  private(set) var hashes: [UInt64] = []
  /// Code + 1, 0 where empty; a power of two of places.
  private var places = [UInt32](repeating: 0, count: 64)
  /// The latest answer: rows of one export often repeat the previous row's value.
  private var latest: UInt32 = 0
  private let seed: UInt64

  init(seed: UInt64 = 0) { self.seed = seed }

  var count: Int { ends.count }

  /// Calls `body` with the bytes of a code.
  @inline(__always)
  func withBytes<R>(of code: UInt32, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let start = code == 0 ? 0 : Int(ends[Int(code) - 1])
    let end = Int(ends[Int(code)])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  @inline(__always)
  private func holds(_ code: UInt32, _ string: UnsafeRawBufferPointer) -> Bool {
    let start = code == 0 ? 0 : Int(ends[Int(code) - 1])
    guard Int(ends[Int(code)]) - start == string.count else { return false }
    return bytes.withUnsafeBytes { memcmp($0.baseAddress! + start, string.baseAddress!, string.count) == 0 }
  }

  /// Where a string is in `places`, or would be.
  @inline(__always)
  private func place(of string: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] != 0 {
      let code = places[place] - 1
      if hashes[Int(code)] == hash, holds(code, string) { break }
      place = (place + 1) & (places.count - 1)
    }
    return place
  }

  /// The code of `string`, which isn't empty, and whether it is new.
  mutating func intern(_ string: UnsafeRawBufferPointer) -> (code: UInt32, isNew: Bool) {
    precondition(!string.isEmpty, "an empty string has no code")
    if latest < ends.count, holds(latest, string) { return (latest, false) }
    let hash = StableHash.of(string, seed: seed)
    let place = place(of: string, hash)
    if places[place] != 0 {
      latest = places[place] - 1
      return (latest, false)
    }
    precondition(bytes.count + string.count <= Int(UInt32.max), "one table holds at most 4 GiB of identifiers")
    let code = UInt32(ends.count)
    bytes.append(contentsOf: string)
    ends.append(UInt32(bytes.count))
    hashes.append(hash)
    places[place] = code + 1
    if ends.count * 4 > places.count * 3 { grow() }
    latest = code
    return (code, true)
  }

  /// Whether a string, which isn't empty, has a code. Mutating, since it is mostly interned next.
  mutating func contains(_ string: UnsafeRawBufferPointer) -> Bool {
    if latest < ends.count, holds(latest, string) { return true }
    let place = place(of: string, StableHash.of(string, seed: seed))
    guard places[place] != 0 else { return false }
    latest = places[place] - 1
    return true
  }

  private mutating func grow() {
    var wider = [UInt32](repeating: 0, count: places.count * 2)
    for code in hashes.indices {
      var place = Int(truncatingIfNeeded: hashes[code]) & (wider.count - 1)
      while wider[place] != 0 { place = (place + 1) & (wider.count - 1) }
      wider[place] = UInt32(code) + 1
    }
    places = wider
  }
}
