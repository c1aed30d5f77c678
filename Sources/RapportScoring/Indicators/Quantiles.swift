/// Quantiles of draws by selection, which costs a fraction of sorting.
enum Quantiles {
  /// The values at `probabilities` (ascending) of the draws: that with rank ⌈np⌉; `values` is reordered.
  static func select(_ values: inout [Double], _ probabilities: [Double]) -> [Double] {
    precondition(!values.isEmpty, "quantiles of no draws")
    var start = 0
    return probabilities.map { probability in
      let rank = (Double(values.count) * probability).rounded(.up)
      let position = min(max(Int(rank) - 1, start), values.count - 1)
      place(&values, position, from: start)
      start = position
      return values[position]
    }
  }

  /// Reorders so that `position` holds what it would after sorting (Hoare 1961).
  private static func place(_ values: inout [Double], _ position: Int, from start: Int) {
    values.withUnsafeMutableBufferPointer { values in
      var (low, high) = (start, values.count - 1)
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
        if position <= j { high = j } else if position >= i { low = i } else { return }
      }
    }
  }
}
