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
  /// As ``LabelPermutation/pValue(of:isSteady:next:)`` has it.
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
    let steady = variances.count { $0 >= LabelPermutation.steadyVariance }
    if Self.isImpossible(found, units: steady) {
      let seldom = SeldomPicked(
        sets, units: units, chances: chances, wholes: (0..<sets.count).map { ends[sets.starts[$0 + 1] - 1] },
        weights: weights, expected: expected, variances: variances)
      if Self.isImpossible(found - seldom.largest(seed: seed, unit: unit), units: steady) {
        pValue = 1 / Double(LabelPermutation.permutations + 1)
        return
      }
    }
    var stream = RandomStream(seed: seed, purpose: "drawn picks", unit: unit)
    pValue = LabelPermutation.pValue(of: found, isSteady: LabelPermutation.isSteady(variances)) {
      var sums = expected.map { -$0 }
      for set in 0..<sets.count {
        // The first whose part ends beyond what was drawn.
        var (place, last) = (sets.starts[set], sets.starts[set + 1] - 1)
        let drawn = stream.uniform() * ends[last]
        while place < last {
          let middle = (place + last) / 2
          if ends[middle] <= drawn { place = middle + 1 } else { last = middle }
        }
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
  /// Of sets that are drawn independently v is the variance of r, so that T is as large as units are many on average; where each is
  /// expected often enough its variance is about twice that. With four times it a gamma distribution has less than one in 10¹² beyond
  /// T. Of units that are seldom expected (``LabelPermutation/steadyVariance``) no formula says that: one chance in 110 makes T 110 larger
  /// when it comes. Their part is drawn (``SeldomPicked``), and what is left of T has to be out of reach for the others alone.
  static func isImpossible(_ statistic: Double, units: Int) -> Bool {
    units > 0 && Gamma(shape: Double(units) / 4, rate: 0.25).survival(statistic) < LabelPermutation.impossible
  }

  /// The part of T of units that are seldom expected: they stand in few sets, so that it costs little to draw.
  private struct SeldomPicked {
    /// By set with any of them, where their alternatives begin, the sum of all its chances, and its weight.
    private var starts = [0]
    private var wholes: [Double] = []
    private var weights: [Double] = []
    /// By alternative of theirs, where its part of its set's chances ends, theirs standing first, and its unit.
    private var ends: [Double] = []
    private var units: [Int32] = []
    private let expected: [Double]
    /// v; 0 of all others.
    private let variances: [Double]

    init(
      _ sets: ChoiceSets, units: [Int32], chances: [Double], wholes: [Double], weights: [Double], expected: [Double],
      variances: [Double]
    ) {
      self.expected = expected
      self.variances = variances.map { $0 < LabelPermutation.steadyVariance ? $0 : 0 }
      for set in 0..<sets.count {
        var sum = 0.0
        for place in sets.starts[set]..<sets.starts[set + 1] where self.variances[Int(units[place])] > 0 {
          sum += chances[place]
          ends.append(sum)
          self.units.append(units[place])
        }
        guard ends.count > starts.last! else { continue }
        starts.append(ends.count)
        self.wholes.append(wholes[set])
        self.weights.append(weights.isEmpty ? 1 : weights[set])
      }
    }

    /// The largest of as many draws as T would take.
    func largest(seed: UInt64, unit: UInt64) -> Double {
      guard !wholes.isEmpty else { return 0 }
      var stream = RandomStream(seed: seed, purpose: "seldom picked", unit: unit)
      return (0..<LabelPermutation.permutations).reduce(0) { largest, _ in
        var sums = expected.map { -$0 }
        for set in wholes.indices {
          let drawn = stream.uniform() * wholes[set]
          if let place = (starts[set]..<starts[set + 1]).first(where: { drawn < ends[$0] }) {
            sums[Int(units[place])] += weights[set]
          }
        }
        return max(largest, DrawnPicks.statistic(sums, variances))
      }
    }
  }
}
