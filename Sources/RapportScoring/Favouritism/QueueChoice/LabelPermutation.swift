import RapportIngestion
import RapportNumerics

/// Whether a partner answers managers more differently than chance would, by exchanging managers' names.
///
///     T = Σ_m (Σ_{i of m} r_i)² / Σ_{i of m} v_i        r_i = picked_i − Σ_sets p_i
///
/// r is what remains of each request when nobody is treated differently, v its variance. Names are exchanged among requests
/// of one topic and priority, so that what these do can't look like treatment.
///
/// Source: METHODS.md §6; Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses.
struct LabelPermutation: Sendable {
  /// (1 + permutations with T at least as large) / (1 + permutations); once enough are as large, their share so far.
  let pValue: Double

  static let permutations = 999
  /// So many at least as large tell a p-value that is no signal closely enough. Source: Besag & Clifford (1991), Sequential
  /// Monte Carlo p-values.
  static let enough = 20

  init(_ choices: PartnerChoices, _ sets: ChoiceSets, _ fit: ChooserFit, _ history: History, seed: UInt64) {
    let residuals = ChoiceResiduals(sets, columns: fit.columns, weights: fit.regularities)
    var strata: [[Int]: [Int]] = [:]
    for item in residuals.values.indices where residuals.variances[item] > 0 {
      let spell = history.spells[Int(choices.spells[item])]
      strata[[Int(spell.topic), Int(spell.priority)], default: []].append(item)
    }
    let groups = strata.keys.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map { strata[$0]! }
    let items = groups.flatMap { $0 }
    guard items.count > 1 else {
      pValue = 1
      return
    }
    let values = items.map { residuals.values[$0] }
    let variances = items.map { residuals.variances[$0] }
    var labels = items.map { sets.itemUnits[$0] }
    var sums = [Double](repeating: 0, count: sets.unitCount)
    var spreads = sums
    func statistic(_ labels: [Int32]) -> Double {
      for k in sums.indices { (sums[k], spreads[k]) = (0, 0) }
      for k in labels.indices {
        sums[Int(labels[k])] += values[k]
        spreads[Int(labels[k])] += variances[k]
      }
      var total = 0.0
      for k in sums.indices where spreads[k] > 0 { total += sums[k] * sums[k] / spreads[k] }
      return total
    }
    let observed = statistic(labels)
    var stream = RandomStream(seed: seed, purpose: "evenness", unit: UInt64(choices.partner))
    var atLeast = 0
    for permutation in 1...Self.permutations {
      var start = 0
      for group in groups {
        for k in 0..<max(0, group.count - 1) {
          labels.swapAt(start + k, start + k + stream.integer(below: group.count - k))
        }
        start += group.count
      }
      // Equal within rounding counts as equal.
      if statistic(labels) >= observed * (1 - 1e-12) { atLeast += 1 }
      if atLeast == Self.enough {
        pValue = Double(atLeast) / Double(permutation)
        return
      }
    }
    pValue = Double(atLeast + 1) / Double(Self.permutations + 1)
  }
}
