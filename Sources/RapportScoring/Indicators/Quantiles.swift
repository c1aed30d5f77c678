/// Quantiles of draws by selection, which costs a fraction of sorting.
enum Quantiles {
  /// The values at `probabilities` of the draws: that with rank ⌈np⌉.
  static func select(_ values: [Double], _ probabilities: [Double]) -> [Double] {
    precondition(!values.isEmpty, "quantiles of no draws")
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: values.count + 1) { scratch in
      scratch.initialize(repeating: 0)
      return values.withUnsafeBufferPointer { values in
        probabilities.map { probability in
          let rank = (Double(values.count) * probability).rounded(.up)
          return select(values, min(max(Int(rank) - 1, 0), values.count - 1), scratch)
        }
      }
    }
  }

  /// Draws from which on a sample tells where a tail lies, and how many are in the sample.
  private static let (fewest, sampleSize) = (256, 64)

  /// The value that stands at `position` after sorting.
  ///
  /// Limits of intervals lie in a tail. A value that most likely lies farther in is taken from a sample, and only what lies no
  /// farther in than it is gathered, without a branch, and searched. Where the sample misled, all are searched.
  private static func select(
    _ values: UnsafeBufferPointer<Double>, _ position: Int, _ scratch: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let count = values.count
    let isLow = position < count - 1 - position
    // How many values lie farther out.
    let rank = isLow ? position : count - 1 - position
    if count >= fewest, rank < count / 4 {
      for i in 0..<sampleSize { scratch[i] = values[i * count / sampleSize] }
      // Two standard errors beyond what is expected.
      let expected = Double(rank * sampleSize) / Double(count)
      let margin = Int(expected + 2 * expected.squareRoot()) + 1
      let bound = place(scratch, count: sampleSize, isLow ? margin : sampleSize - 1 - margin)
      var taken = 0
      for value in values {
        scratch[taken] = value
        taken += (isLow ? value <= bound : value >= bound) ? 1 : 0
      }
      if taken > rank { return place(scratch, count: taken, isLow ? rank : taken - 1 - rank) }
    }
    for i in 0..<count { scratch[i] = values[i] }
    return place(scratch, count: count, position)
  }

  /// Reorders the first `count` so that `position` holds what it would after sorting (Hoare 1961), and gives that.
  private static func place(_ values: UnsafeMutableBufferPointer<Double>, count: Int, _ position: Int) -> Double {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = values[(low + high) / 2]
      var (i, j) = (low, high)
      while i <= j {
        while values[i] < pivot { i += 1 }
        while values[j] > pivot { j -= 1 }
        if i <= j {
          values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if position <= j { high = j } else if position >= i { low = i } else { break }
    }
    return values[position]
  }
}
