/// What remains of each item when all units are treated alike: picked or not, less the sum of its chances.
///
/// Source: Therneau, Grambsch & Fleming (1990), Martingale-based residuals for survival models.
public struct ChoiceResiduals: Sendable {
  /// By item; zero for items that never stood in a set.
  public private(set) var values: [Double]
  /// Σ p (1 − p), likewise.
  public private(set) var variances: [Double]

  /// - Parameters: `columns`: effects of columns; `weights`: by set, empty for one each.
  public init(_ sets: ChoiceSets, columns: [Double], weights: [Double] = []) {
    values = [Double](repeating: 0, count: sets.itemUnits.count)
    variances = values
    var shares: [Double] = []
    for set in 0..<sets.count {
      let range = sets.starts[set]..<sets.starts[set + 1]
      let weight = weights.isEmpty ? 1 : weights[set]
      sets.probabilities(of: set, columns: columns, into: &shares)
      values[Int(sets.items[range.lowerBound])] += weight
      for r in range {
        let p = shares[r - range.lowerBound]
        values[Int(sets.items[r])] -= weight * p
        variances[Int(sets.items[r])] += weight * p * (1 - p)
      }
    }
  }
}
