/// A 64-bit hash of bytes that is the same in every process, on every machine, for good.
///
/// Ledgers order their cases by it, so it must never change. Swift's own
/// hashes are seeded anew in every process. It spreads keys; equality is always decided on the bytes themselves.
enum StableHash {
  static let factors: (UInt64, UInt64, UInt64) = (
    0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F
  )

  /// High and low halves of the 128-bit product, folded together.
  @inline(__always) static func folded(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// The hash of `bytes`; different seeds give unrelated hashes.
  static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var hash = folded(seed ^ factors.0, UInt64(bytes.count) ^ factors.1)
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = folded(hash ^ word, factors.2)
      offset += 8
    }
    var tail: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count {
      tail |= UInt64(bytes[offset]) << shift
      shift += 8
      offset += 1
    }
    hash = folded(hash ^ tail, factors.1)
    return folded(hash ^ factors.0, factors.2)
  }

  /// The hash of two words.
  @inline(__always) static func of(_ a: UInt64, _ b: UInt64) -> UInt64 {
    folded(folded(a ^ factors.0, factors.1) ^ b, factors.2)
  }
}
