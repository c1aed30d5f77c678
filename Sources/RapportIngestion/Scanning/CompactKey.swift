import CSodium

/// A byte string of at most 15 bytes in two words: equal words are equal strings, so that comparing never looks elsewhere.
///
/// The bytes stand in order from the lowest on, zeros behind them, the count in the highest byte; no string of another
/// length or content has the same words. A longer string is marked by ``longMark`` there, and whoever keeps it says what
/// the rest means.
struct CompactKey: Equatable, Sendable {
  /// The longest string that fits.
  static let limit = 15
  /// Where the count of bytes would be, for strings that don't fit.
  static let longMark: UInt64 = 0xFF << 56

  var low: UInt64
  var high: UInt64

  @inline(__always) init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

  /// The words of `count` bytes, from 1 to ``limit``; 16 bytes must be readable.
  @inline(__always)
  init(_ bytes: UnsafeRawPointer, count: Int) {
    // Without a branch: the lengths of a log's words follow no pattern that a processor could learn.
    low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    low &= .max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* min(count, 8))
    high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    high &= ~(.max &<< UInt64(truncatingIfNeeded: 8 &* max(0, count &- 8)))
    high |= UInt64(truncatingIfNeeded: count) &<< 56
  }

  /// The words of a string of 1 to ``limit`` bytes, behind which nothing need be readable.
  init(_ bytes: UnsafeRawBufferPointer) {
    (low, high) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      if index < 8 { low |= UInt64(byte) << UInt64(8 * index) } else { high |= UInt64(byte) << UInt64(8 * index - 64) }
    }
    high |= UInt64(bytes.count) << 56
  }

  /// Whether it stands for a string that doesn't fit.
  @inline(__always) var isLong: Bool { high >= Self.longMark }

  /// How many bytes, where they fit.
  @inline(__always) var count: Int { Int(truncatingIfNeeded: high &>> 56) }

  /// Calls `body` with the bytes, where they fit.
  @inline(__always)
  func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}

extension StableHash {
  /// The hash of a compact key: that of its bytes.
  @inline(__always)
  static func of(_ key: CompactKey, seed: UInt64) -> UInt64 {
    let count = key.high &>> 56
    let start = folded(seed ^ factors.0, count ^ factors.1)
    let second = folded(start ^ key.low, factors.2)
    // Both ways are reckoned and one is taken, because nobody can guess which.
    let isShort = count < 8
    let (hash, tail) = (isShort ? start : second, isShort ? key.low : key.high & 0x00FF_FFFF_FFFF_FFFF)
    return folded(folded(hash ^ tail, factors.1) ^ factors.0, factors.2)
  }

  /// 128 bits of the identity of an event that has an `id`: of that and of the kind, since a system may number each kind from 1 on.
  static func fingerprint(ofID id: UnsafeRawBufferPointer, _ kind: EventKind) -> Fingerprint {
    fingerprint(id, seed: UInt64(kind.ordinal) + 1)
  }

  /// 128 bits of a row's identity: SipHash under a fixed key, the same in every run and for good, because ledgers hold it.
  ///
  /// - Parameter seed: different ones give unrelated hashes.
  static func fingerprint(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> Fingerprint {
    var words: (UInt64, UInt64) = (0, 0)
    var key: (UInt64, UInt64) = (0x5252_5252_5252_5252 ^ seed.littleEndian, 0x5252_5252_5252_5252)
    withUnsafeMutableBytes(of: &words) { out in
      withUnsafeBytes(of: &key) { key in
        _ = crypto_shorthash_siphashx24(
          out.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
          UInt64(bytes.count), key.baseAddress!.assumingMemoryBound(to: UInt8.self))
      }
    }
    return Fingerprint(high: UInt64(bigEndian: words.0), low: UInt64(bigEndian: words.1))
  }
}
