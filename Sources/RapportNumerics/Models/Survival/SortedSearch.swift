extension Array where Element == Double {
  /// How many entries of an ascending list are below t, in O(log n).
  func countBelow(_ t: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < t { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The index of an ascending list's last entry that isn't above t; `nil` before the first.
  func lastIndex(notAbove t: Double) -> Int? {
    let count = countBelow(t.nextUp)
    return count > 0 ? count - 1 : nil
  }
}
