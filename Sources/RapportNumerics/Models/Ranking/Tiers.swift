/// Groups of units that can't be told from their group's first one.
///
/// From the highest posterior mean downwards, a unit joins the current tier unless the tier's first unit is higher with
/// at least the stated probability; then it opens the next. Errors are taken as independent.
public enum Tiers {
  /// The tier of each unit, 1 for the highest.
  ///
  /// - Parameters: posterior `means` and `standardDeviations` by unit; `probability` that separates, above ½. Units with
  ///   equal means keep the order of the input.
  /// - Complexity: O(n log n)
  public static func assign(
    means: [Double], standardDeviations: [Double], probability: Double = 0.95
  ) -> [Int] {
    precondition(
      means.count == standardDeviations.count, "\(means.count) means, \(standardDeviations.count) deviations")
    precondition(probability > 0.5 && probability < 1, "probability is \(probability), expected between ½ and 1")
    let z = Normal.standard.quantile(probability)
    let order = means.indices.sorted { (-means[$0], $0) < (-means[$1], $1) }
    var tiers = [Int](repeating: 0, count: means.count)
    var tier = 0
    var head = -1
    for unit in order {
      if head >= 0 {
        let variance =
          standardDeviations[head] * standardDeviations[head] + standardDeviations[unit] * standardDeviations[unit]
        let difference = means[head] - means[unit]
        if difference <= z * variance.squareRoot() {
          tiers[unit] = tier
          continue
        }
      }
      tier += 1
      head = unit
      tiers[unit] = tier
    }
    return tiers
  }
}
