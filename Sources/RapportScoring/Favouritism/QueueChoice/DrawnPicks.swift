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
    let found = Self.statistic(observed, variances)
    if Self.isImpossible(found, units: variances.count { $0 > 0 }) {
      pValue = 1 / Double(LabelPermutation.permutations + 1)
      return
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
    var stream = RandomStream(seed: seed, purpose: "drawn picks", unit: unit)
    pValue = LabelPermutation.pValue(of: found) {
      var sums = expected.map { -$0 }
      for set in 0..<sets.count {
        let last = sets.starts[set + 1] - 1
        let drawn = stream.uniform() * ends[last]
        var place = sets.starts[set]
        while place < last && ends[place] <= drawn { place += 1 }
        sums[Int(units[place])] += weights.isEmpty ? 1 : weights[set]
      }
      return Self.statistic(sums, variances)
    }
  }

  /// T of units' r and v.
  private static func statistic(_ sums: [Double], _ variances: [Double]) -> Double {
    zip(sums, variances).reduce(0) { $1.1 > 0 ? $0 + $1.0 * $1.0 / $1.1 : $0 }
  }

  /// Whether T is further out than drawing could bring it, so that nothing needs to be drawn.
  ///
  /// Of sets that are drawn independently v is the variance of r, so that T is as large as units are many on average; its variance is
  /// about twice that. With four times it a gamma distribution has less than one in 10¹² beyond T.
  static func isImpossible(_ statistic: Double, units: Int) -> Bool {
    units > 0 && Gamma(shape: Double(units) / 4, rate: 0.25).survival(statistic) < LabelPermutation.impossible
  }
}
