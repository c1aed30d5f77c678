internal import CSpecialFunctions

/// Many logarithms at once.
enum Logarithms {
  /// x ← log(1 + x) of all numbers, each from 0 to 10³⁰⁰, within one unit in the last place.
  ///
  /// A number gives the same bits on every processor, and whatever stands beside it.
  static func replaceOfOnePlus(_ values: inout MutableSpan<Double>) {
    values.withUnsafeMutableBufferPointer { rapport_logarithms($0.baseAddress, $0.count) }
  }
}
