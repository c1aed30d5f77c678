import RapportIngestion
import RapportNumerics

/// Whether a partner answers managers more differently than chance would, by exchanging managers' names.
///
///     T = Σ_m (Σ_{i of m} r_i)² / Σ_{i of m} v_i        r_i = picked_i − Σ_sets p_i
///
/// r is what remains of each request when nobody is treated differently, v its variance. Names are exchanged among requests
/// of one topic and priority, so that what these do can't look like treatment. Where managers have one request open at a time, exchanged
/// names put several of one queue into one manager's sum, which real names never do: ``DrawnPicks`` stands beside it.
///
/// Source: METHODS.md §6; Good (2005), Permutation, Parametric and Bootstrap Tests of Hypotheses.
struct LabelPermutation: Sendable {
  /// As ``pValue(of:isSteady:next:)`` has it.
  let pValue: Double

  static let permutations = 999
  /// So many at least as large tell a p-value that is no signal closely enough. Source: Besag & Clifford (1991), Sequential
  /// Monte Carlo p-values.
  static let enough = 20
  /// After so many, none of them as large, T may be further out than any of the rest could come: where a gamma distribution with
  /// these permutations' mean and variance has less beyond T than one in 10¹². The p-value is then that of all. Only where every
  /// unit's v is ``steadyVariance`` or more.
  static let first = 99
  static let impossible = 1e-12
  /// A unit with less is picked so seldom by chance that its part of T, about 1/v when it is, says nothing on most draws and a lot on a
  /// few: no distribution of a known shape holds T then.
  static let steadyVariance = 1.0

  /// - Parameters:
  ///   - chances: of each alternative of the sets, everybody treated alike
  ///   - weights: by set, empty for one each
  init(
    _ choices: PartnerChoices, _ sets: ChoiceSets, chances: [Double], weights: [Double], _ history: History,
    seed: UInt64
  ) {
    let residuals = ChoiceResiduals(sets, chances: chances, weights: weights)
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
    var ranges: [Range<Int>] = []
    for group in groups {
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + group.count)
    }
    let parts = items.map { SIMD2(residuals.values[$0], residuals.variances[$0]) }
    var labels = items.map { sets.itemUnits[$0] }
    let observed = Self.statistic(labels, parts, units: sets.unitCount)
    var variances = [Double](repeating: 0, count: sets.unitCount)
    for (label, part) in zip(labels, parts) { variances[Int(label)] += part.y }
    var stream = RandomStream(seed: seed, purpose: "evenness", unit: UInt64(choices.partner))
    pValue = Self.pValue(of: observed, isSteady: Self.isSteady(variances)) {
      for range in ranges { stream.shuffle(&labels, in: range) }
      return Self.statistic(labels, parts, units: sets.unitCount)
    }
  }

  /// (1 + draws with T at least as large) / (1 + draws); once enough are as large, their share so far.
  ///
  /// - Parameters:
  ///   - isSteady: whether T may be told from ``first`` draws to be out of reach
  ///   - next: T of another draw, as chance alone brings it
  static func pValue(of observed: Double, isSteady: Bool, next: () -> Double) -> Double {
    var atLeast = 0
    var others: [Double] = []
    for draw in 1...permutations {
      let other = next()
      // Equal within rounding counts as equal.
      if other >= observed * (1 - 1e-12) { atLeast += 1 }
      if atLeast == enough { return Double(atLeast) / Double(draw) }
      if draw <= first { others.append(other) }
      if draw == first, isSteady, atLeast == 0, isImpossible(observed, among: others) { break }
    }
    return Double(atLeast + 1) / Double(permutations + 1)
  }

  /// Whether no unit that can be picked has less than ``steadyVariance``.
  static func isSteady(_ variances: [Double]) -> Bool { variances.allSatisfy { $0 <= 0 || $0 >= steadyVariance } }

  /// Whether T is further out than chance could bring it.
  static func isImpossible(_ observed: Double, among others: [Double]) -> Bool {
    let moments = Moments(others)
    guard let variance = moments.variance, variance > 0, observed > moments.mean else { return false }
    let chance = Gamma(shape: moments.mean * moments.mean / variance, rate: moments.mean / variance)
    return chance.survival(observed) < impossible
  }

  /// T, of each request's label and (r, v).
  private static func statistic(_ labels: [Int32], _ parts: [SIMD2<Double>], units: Int) -> Double {
    var sums = [SIMD2<Double>](repeating: .zero, count: units)
    for k in labels.indices { sums[Int(labels[k])] += parts[k] }
    var total = 0.0
    for sum in sums where sum.y > 0 { total += sum.x * sum.x / sum.y }
    return total
  }
}
