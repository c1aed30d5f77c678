/// Ranks of values, and what ties among them take away.
public enum Ranks {
  /// The rank of each value, 1 for the smallest; equal values share the mean of their ranks. None may be NaN, which has no rank.
  public static func of(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for group in tieGroups(values) {
      let shared = Double(group.first + group.last + 2) / 2
      for unit in group.members { result[unit] = shared }
    }
    return result
  }

  /// Σ (t³ − t) over groups of t equal values, none NaN.
  public static func tieCorrection(_ values: [Double]) -> Double {
    var sum = 0.0
    for group in tieGroups(values) {
      let t = Double(group.members.count)
      sum += t * t * t - t
    }
    return sum
  }

  /// The sizes of the groups of equal values, from the smallest value on.
  static func tieSizes(_ values: [Double]) -> [Int] { tieGroups(values).map(\.members.count) }

  private static func tieGroups(_ values: [Double]) -> [(first: Int, last: Int, members: [Int])] {
    checkNumbers(values)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var groups: [(first: Int, last: Int, members: [Int])] = []
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count && values[order[last + 1]] == values[order[first]] { last += 1 }
      groups.append((first, last, Array(order[first...last])))
      first = last + 1
    }
    return groups
  }
}
