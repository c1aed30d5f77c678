/// Numbers combinations of flags, so that sums by combination need a place for each that occurs and not for each there could be.
public struct FlagPatterns: Sendable {
  /// The bits of each combination, in the order of their numbers.
  public private(set) var bits: [UInt16]
  /// The number of each combination, −1 where it hasn't occurred; empty where each stands for itself.
  private var numbers: [Int32] = []

  /// Up to so many flags all combinations have a number, which is their bits.
  private static let few = 8

  public init(flagCount: Int) {
    bits = flagCount <= Self.few ? (0..<UInt16(1 << flagCount)).map { $0 } : []
    if flagCount > Self.few { numbers = [Int32](repeating: -1, count: 1 << flagCount) }
  }

  /// The number of a combination.
  @inline(__always) public mutating func number(of own: UInt16) -> UInt16 {
    if numbers.isEmpty { return own }
    if numbers[Int(own)] < 0 {
      numbers[Int(own)] = Int32(bits.count)
      bits.append(own)
    }
    return UInt16(truncatingIfNeeded: numbers[Int(own)])
  }
}
