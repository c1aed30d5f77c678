internal import CSpecialFunctions

/// A stream of random numbers that depends on nothing but its seed, its purpose and its unit.
///
///     var stream = RandomStream(seed: 42, purpose: "rank draws", unit: 17)
///     let z = stream.normal()
///
/// Give every unit of work (a manager, a replicate) its own stream: then the work can be divided among any number of
/// threads, in any order, and gives the same numbers. The purpose keeps two uses of one seed apart. The key is seed and
/// purpose, mixed; the upper half of the counter is the unit, the lower counts blocks.
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline let key: SIMD2<UInt32>
  @usableFromInline let unit: UInt64
  @usableFromInline var blockIndex: UInt64 = 0
  @usableFromInline var waiting: UInt64?

  /// The stream of this unit.
  public init(seed: UInt64, purpose: String, unit: UInt64 = 0) {
    // FNV-1a of the purpose, then SplitMix64's finalizer over both (Steele, Lea & Flood 2014).
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let mixed = Self.mix(Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15) ^ hash)
    key = SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    self.unit = unit
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 bits; two of them to a block.
  @inlinable public mutating func next() -> UInt64 {
    if let second = waiting {
      waiting = nil
      return second
    }
    let words = Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: blockIndex), UInt32(truncatingIfNeeded: blockIndex >> 32),
        UInt32(truncatingIfNeeded: unit), UInt32(truncatingIfNeeded: unit >> 32)),
      key: key)
    blockIndex &+= 1
    waiting = UInt64(words[2]) | UInt64(words[3]) << 32
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  /// The next numbers of 64 bits, as ``next()`` gives them one by one, several times as fast.
  public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt64>) {
    var place = 0
    if let second = waiting, let first = words.indices.first {
      words[first] = second
      (waiting, place) = (nil, 1)
    }
    let blocks = (words.count - place) / 2
    if blocks > 0 {
      rapport_philox(key[0], key[1], unit, blockIndex, words.baseAddress! + place, blocks)
      blockIndex &+= UInt64(blocks)
      place += 2 * blocks
    }
    if place < words.count { words[place] = next() }
  }

  /// Uniform on the open interval from 0 to 1, on a grid of 2⁻⁵³ whose points are odd multiples of 2⁻⁵⁴.
  @inlinable public mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// One of 0 ..< bound, each equally often.
  ///
  /// Source: Lemire (2019), Fast random integer generation in an interval.
  @inlinable public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "bound is \(bound), expected above 0")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }
}
