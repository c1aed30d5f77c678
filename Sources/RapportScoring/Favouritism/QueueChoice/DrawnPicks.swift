import RapportNumerics

/// Whether a partner answers managers more differently than chance would, by picking anew from every queue.
///
///     T = Σ_m (Σ_{i of m} r_i)² / Σ_{i of m} v_i        as ``LabelPermutation`` has it
///
/// Each set's pick is drawn from its alternatives' chances when nobody is treated differently. That keeps whose requests stood in which
/// queue, where exchanged names don't; exchanged names keep how much requests differ in what no column tells, where these draws don't. So
/// the larger of the two p-values counts.
///
/// Source: Gill (1984), Understanding Cox's regression model: a martingale approach, J. Am. Stat. Assoc. 79: what remains of one set's
/// pick goes with that of no other.
struct DrawnPicks: Sendable {
  /// As ``LabelPermutation/pValue(of:next:)`` has it.
  let pValue: Double

  /// - Parameters:
  ///   - chances: of each alternative of the sets, everybody treated alike
  ///   - weights: by set, empty for one each
  ///   - unit: number of the random stream, the partner's
  init(_ sets: ChoiceSets, chances: [Double], weights: [Double], seed: UInt64, unit: UInt64) {
    let residuals = ChoiceResiduals(sets, chances: chances, weights: weights)
    var observed = [Double](repeating: 0, count: sets.unitCount)
    var variances = observed
    for (item, unit) in sets.itemUnits.enumerated() {
      observed[Int(unit)] += residuals.values[item]
      variances[Int(unit)] += residuals.variances[item]
    }
    // What is expected of each, and where each alternative's part of its set's chances ends.
    var expected = [Double](repeating: 0, count: sets.unitCount)
    let units = sets.items.map { sets.itemUnits[Int($0)] }
    var ends = chances
    for set in 0..<sets.count {
      let weight = weights.isEmpty ? 1 : weights[set]
      var sum = 0.0
      for place in sets.starts[set]..<sets.starts[set + 1] {
        expected[Int(units[place])] += weight * chances[place]
        sum += chances[place]
        ends[place] = sum
      }
    }
    func statistic(_ sums: [Double]) -> Double {
      zip(sums, variances).reduce(0) { $1.1 > 0 ? $0 + $1.0 * $1.0 / $1.1 : $0 }
    }
    var stream = RandomStream(seed: seed, purpose: "drawn picks", unit: unit)
    pValue = LabelPermutation.pValue(of: statistic(observed)) {
      var sums = expected.map { -$0 }
      for set in 0..<sets.count {
        let last = sets.starts[set + 1] - 1
        let drawn = stream.uniform() * ends[last]
        var place = sets.starts[set]
        while place < last && ends[place] <= drawn { place += 1 }
        sums[Int(units[place])] += weights.isEmpty ? 1 : weights[set]
      }
      return statistic(sums)
    }
  }
}
