internal import CSpecialFunctions

/// Many powers of e at once.
enum Exponentials {
  /// x ← e^x of the first `count` numbers, within 1.1 units in the last place: 0 below −708, ∞ above 709, NaN of NaN.
  ///
  /// A number gives the same bits on every processor, and whatever stands beside it.
  static func replace(_ values: inout MutableSpan<Double>, count: Int) {
    precondition(count <= values.count, "\(count) of \(values.count) numbers")
    values.withUnsafeMutableBufferPointer { rapport_exponentials($0.baseAddress, count) }
  }

  /// The same of the first `count` quadruples.
  static func replace(_ values: inout MutableSpan<SIMD4<Double>>, count: Int) {
    precondition(count <= values.count, "\(count) of \(values.count) quadruples")
    values.withUnsafeMutableBytes { bytes in
      rapport_exponentials(bytes.baseAddress?.assumingMemoryBound(to: Double.self), 4 * count)
    }
  }

  /// x ← e^(x − largest) of numbers from a place on.
  ///
  /// - Returns: the largest of them, and the sum of what they have become; both have the same bits on every processor.
  @inline(__always)
  static func relate(
    _ values: inout MutableSpan<Double>, _ range: Range<Int>
  ) -> (largest: Double, total: Double) {
    precondition(range.lowerBound >= 0 && range.upperBound <= values.count, "\(range) of \(values.count) numbers")
    return values.withUnsafeMutableBufferPointer { values in
      guard let first = values.baseAddress else { return (-.infinity, 0) }
      var total = 0.0
      let largest = rapport_relative_exponentials(first + range.lowerBound, range.count, &total)
      return (largest, total)
    }
  }
}
