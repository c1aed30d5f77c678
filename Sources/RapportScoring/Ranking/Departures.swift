import RapportNumerics

/// How far units' own values depart from what is common to all, in standard errors: standard normal where units are alike.
///
///     z_i = Σ_k a_ik u_ik / √(Σ_k a_ik² (1 − w_ik/W_k))        u_ik = (x_ik − x̄_k)/√v_ik
///
/// x_ik is what unit i has in part k, v_ik the variance of its error, w_ik = 1/v_ik, W_k their sum and x̄_k the mean by these weights;
/// a_ik is how large the error of part k is in the unit's score.
struct Departures: Sendable {
  /// What is known of a unit in one part.
  struct Part: Sendable {
    var value: Double
    var variance: Double
  }

  /// z by unit; `nil` where nothing is known that matters to its score.
  let standardized: [Double?]
  /// φ, how many times as large as by their errors the squares of z are.
  let inflation: Double

  /// - Parameters:
  ///   - units: unit by unit, by part; `nil` where nothing is known
  ///   - sizes: a, likewise
  ///   - splits: the differences of two random halves of each unit's own months, split by split (``SplitHalves``)
  init(_ units: [[Part?]], sizes: [[Double]], splits: [[[Part?]]]) {
    standardized = Self.sums(units, sizes).map { $0.expected > 0 ? $0.sum / $0.expected.squareRoot() : nil }
    inflation = Self.inflation(splits, Self.usualSizes(units, sizes))
  }

  /// φ, by halves of each unit's own months.
  ///
  ///     φ = max(1, Σ_i (Σ_k a_k u_ik)² / Σ_ik a_k² (1 − w_ik/W_k))        a_k the mean of a_ik over units
  ///
  /// of differences between the halves, over all splits. What moves all alike, x̄_k, moves no rank; parts that err together,
  /// since they rest on the same events, show as much as they matter. A unit's own a_ik follows its luck: who had a bad half is
  /// believed, by it, to stand where errors matter, and at a scale's end, where most don't, right errors would seem too small
  /// (φ of 1.2 to 2.5 where each indicator's own is below 1).
  private static func inflation(_ splits: [[[Part?]]], _ usualSizes: [Double]) -> Double {
    var (found, expected) = (0.0, 0.0)
    for split in splits {
      for unit in sums(split, split.map { _ in usualSizes }) {
        found += unit.sum * unit.sum
        expected += unit.expected
      }
    }
    return expected > 0 ? max(1, found / expected) : 1
  }

  /// a_k, over units of whom something is known.
  private static func usualSizes(_ units: [[Part?]], _ sizes: [[Double]]) -> [Double] {
    (units.first ?? []).indices.map { k in
      let known = units.indices.filter { units[$0][k] != nil }
      return known.reduce(0) { $0 + sizes[$1][k] } / Double(max(known.count, 1))
    }
  }

  /// Σ_k a_ik u_ik, and its square's expectation, by unit.
  private static func sums(_ units: [[Part?]], _ sizes: [[Double]]) -> [(sum: Double, expected: Double)] {
    var result = units.map { _ in (sum: 0.0, expected: 0.0) }
    for k in (units.first ?? []).indices {
      let known = units.indices.compactMap { unit in
        units[unit][k].flatMap { $0.variance > 0 ? (unit: unit, part: $0) : nil }
      }
      let total = known.reduce(0) { $0 + 1 / $1.part.variance }
      let mean = known.reduce(0) { $0 + $1.part.value / $1.part.variance } / total
      for (unit, part) in known {
        let size = sizes[unit][k]
        result[unit].sum += size * (part.value - mean) / part.variance.squareRoot()
        result[unit].expected += size * size * max(0, 1 - 1 / (part.variance * total))
      }
    }
    return result
  }

  /// Whether a unit lies further out than the furthest of n equal ones does in 19 of 20 samples:
  ///
  ///     |z| > √φ Φ⁻¹(1 − 0.05/2n)
  ///
  /// Source: funnel limits, Spiegelhalter (2005), Funnel plots for comparing institutional performance; Bonferroni's inequality.
  func standsOut(_ unit: Int) -> Bool {
    guard let z = standardized[unit] else { return false }
    let count = Double(standardized.count { $0 != nil })
    return abs(z) > inflation.squareRoot() * Normal.standard.quantile(1 - 0.05 / (2 * count))
  }
}
