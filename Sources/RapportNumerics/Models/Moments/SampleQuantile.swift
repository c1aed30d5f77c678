/// Quantiles of a sample, by the nine definitions of Hyndman & Fan (1996), Sample quantiles in statistical packages.
///
/// Types 1–3 take observations (or the middle of two), 4–9 interpolate; 7 is R's default, 8 is nearly median-unbiased.
public enum SampleQuantile {
  /// The quantile of p.
  ///
  /// - Parameters: `sorted` values, ascending, at least one; `p` 0 … 1; `type` 1 … 9.
  public static func of(sorted: [Double], _ p: Double, type: Int = 7) -> Double {
    precondition(!sorted.isEmpty, "no values; a quantile needs at least one")
    precondition((1...9).contains(type), "type is \(type), expected 1 … 9")
    checkProbability(p)
    let n = Double(sorted.count)
    // What rounding may have lost of a whole number.
    let slack = 4 * Double.ulpOfOne
    var position: Double
    if type <= 3 {
      position = type == 3 ? n * p - 0.5 : n * p
    } else {
      let ends: [Int: (Double, Double)] = [
        4: (0, 1), 5: (0.5, 0.5), 6: (0, 0), 7: (1, 1), 8: (1.0 / 3, 1.0 / 3), 9: (0.375, 0.375),
      ]
      let (a, b) = ends[type]!
      position = a + p * (n + 1 - a - b)
    }
    let whole = (position + slack * max(1, abs(position))).rounded(.down)
    var part = position - whole
    if abs(part) < slack * max(1, abs(position)) { part = 0 }
    switch type {
    case 1: part = part > 0 ? 1 : 0
    case 2: part = part > 0 ? 1 : 0.5
    case 3: part = part > 0 || whole.truncatingRemainder(dividingBy: 2) != 0 ? 1 : 0
    default: break
    }
    func at(_ rank: Double) -> Double { sorted[Int(rank.clamped(to: 1...n)) - 1] }
    return part == 0 ? at(whole) : part == 1 ? at(whole + 1) : at(whole) + part * (at(whole + 1) - at(whole))
  }

  /// The median of values, none NaN.
  public static func median(_ values: [Double]) -> Double {
    checkNumbers(values)
    return of(sorted: values.sorted(), 0.5)
  }

  /// The smallest x whose cumulative weight reaches p of the total; the middle of two where it is met exactly.
  public static func weighted(_ values: [Double], weights: [Double], _ p: Double) -> Double {
    precondition(!values.isEmpty && values.count == weights.count, "\(values.count) values, \(weights.count) weights")
    checkNumbers(values)
    checkNumbers(weights, "weight")
    checkProbability(p)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let total = weights.reduce(0, +)
    var sum = 0.0
    for (rank, index) in order.enumerated() {
      sum += weights[index]
      if sum < p * total - 1e-12 * total { continue }
      let isExact = abs(sum - p * total) <= 1e-12 * total && rank + 1 < order.count
      return isExact ? 0.5 * (values[index] + values[order[rank + 1]]) : values[index]
    }
    return values[order.last!]
  }
}
