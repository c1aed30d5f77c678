/// What remains of each item when all units are treated alike: picked or not, less the sum of its chances.
///
/// Source: Therneau, Grambsch & Fleming (1990), Martingale-based residuals for survival models.
public struct ChoiceResiduals: Sendable {
  /// By item; zero for items that never stood in a set.
  public private(set) var values: [Double]
  /// Σ p (1 − p), likewise.
  public private(set) var variances: [Double]

  /// - Parameters:
  ///   - chances: of each alternative, everybody treated alike
  ///   - weights: by set, empty for one each
  public init(_ sets: ChoiceSets, chances: [Double], weights: [Double] = []) {
    values = [Double](repeating: 0, count: sets.itemUnits.count)
    variances = values
    for set in 0..<sets.count {
      let range = sets.starts[set]..<sets.starts[set + 1]
      let weight = weights.isEmpty ? 1 : weights[set]
      values[Int(sets.items[range.lowerBound])] += weight
      for r in range {
        let (item, p) = (Int(sets.items[r]), chances[r])
        values[item] -= weight * p
        variances[item] += weight * p * (1 - p)
      }
    }
  }
}
