import RapportNumerics

/// How errors of a unit's indicators go together where they rest on the same events: who misses a month by chance misses a
/// check-in and an hour together.
///
///     ĉ_jk = Σ u_ij u_ik / √(Σ u_ij² Σ u_ik²) = Σ r_i        c_jk = (1 − λ) ĉ_jk
///     λ = min(1, max(1/n, Σ_j<k V̂_jk / Σ_j<k ĉ_jk², 1 − ½/max |ĉ_jk|))        V̂_jk = n/(n − 1) Σ (r_i − r̄)²
///
/// u_ij is the difference of unit i's indicator j between two random halves of its own months (``SplitHalves``), over its
/// standard error, less units' mean and 0 where it isn't known. What a unit is cancels in such a difference, so that only luck
/// is left. r_i is what unit i adds, over all splits, of the n that know both. Errors are too many in two's to be known from a few
/// dozen units: λ draws the correlations to none by as much of them as chance makes. Units differ by chance alone and
/// splits of one unit don't, so chance is told by how r varies over units. None is left above ``largest``: errors that are nearly
/// one would tell the difference of what is true exactly, and that would be so only if scales were straight. Where late promises were
/// those not kept (ĉ = −0.97) a manager who kept 18 of 24 was told at 96 %.
///
/// Source: Schäfer & Strimmer (2005), A shrinkage approach to large-scale covariance matrix estimation, target of no
/// correlation. Where few units know both, ĉ is the smaller for it, so that the matrix has no eigenvalue below 0, and with λ above 0
/// none that is 0. Differs: λ is 1/n at least with n the most units that tell of an indicator, and fewer than five tell nothing:
/// of two r is the same whatever they err by, and of three or four nearly.
struct ErrorCorrelations: Sendable {
  /// Errors that have nothing to do with each other.
  static let none = ErrorCorrelations([], differences: [])

  private let indicators: [Indicator]
  /// Indicators × indicators, row by row.
  private let values: [Double]

  /// Pooled over managers. The timing model isn't fitted to halves; what it leaves of requests is halved instead.
  init(_ managers: IndicatorSet, _ halves: SplitHalves, _ timing: TimingModel?) {
    let indicators = managers.indicators.map(\.indicator)
    var differences = OwnValues.differences(
      managers.indicators, unitCount: managers.level.count,
      halves: halves.splits.map { (first: $0.first.indicators, second: $0.second.indicators) })
    let level = indicators.firstIndex(of: .adjustedResponseRatio)
    let spread = indicators.firstIndex(of: .predictability)
    for split in differences.indices {
      for (unit, waits) in (timing?.monthlyWaits.differences(halves.months[split]) ?? []).enumerated() {
        if let level { differences[split][unit][level] = waits.level }
        if let spread { differences[split][unit][spread] = waits.spread }
      }
    }
    self.init(indicators, differences: differences)
  }

  /// - Parameter differences: between halves, by split, unit and indicator.
  init(_ indicators: [Indicator], differences: [[[Departures.Part?]]]) {
    let size = indicators.count
    let standardized = differences.map { Self.standardized($0, size: size) }
    // Σ u_j u_k over splits, by pair of indicators: of all units, its square, and how many units know both.
    var (sums, squares) = ([Double](repeating: 0, count: size * size), [Double](repeating: 0, count: size * size))
    var counts = [Int](repeating: 0, count: size * size)
    for unit in differences.first?.indices ?? 0..<0 {
      for j in 0..<size {
        for k in 0...j {
          var (product, isKnown) = (0.0, false)
          for split in standardized {
            guard let own = split[unit][j], let other = split[unit][k] else { continue }
            product += own * other
            isKnown = true
          }
          sums[j * size + k] += product
          squares[j * size + k] += product * product
          counts[j * size + k] += isKnown ? 1 : 0
        }
      }
    }
    var values = [Double](repeating: 0, count: size * size)
    var (chance, all) = (0.0, 0.0)
    for j in 0..<size {
      values[j * size + j] = 1
      for k in 0..<j where counts[j * size + k] > 0 {
        let scale = (sums[j * size + j] * sums[k * size + k]).squareRoot()
        guard scale > 0 else { continue }
        let (value, count) = (sums[j * size + k] / scale, Double(counts[j * size + k]))
        values[j * size + k] = value
        all += value * value
        // Of one unit all is chance.
        chance +=
          count > 1
          ? count / (count - 1) * max(0, squares[j * size + k] / (scale * scale) - value * value / count)
          : value * value
      }
    }
    let most = Double(counts.max() ?? 0)
    let largest = values.indices.reduce(0.0) { $1 % (size + 1) == 0 ? $0 : max($0, abs(values[$1])) }
    let kept = all > chance ? min(1 - max(chance / all, 1 / most), Self.largest / max(largest, Self.largest)) : 0
    for j in 0..<size {
      for k in 0..<j {
        values[j * size + k] *= kept
        values[k * size + j] = values[j * size + k]
      }
    }
    self.indicators = indicators
    self.values = values
  }

  /// Errors of two indicators go together by no more than this.
  private static let largest = 0.5
  /// Once the mean is taken off, fewer differences than these go together whatever they err by: two are each other's opposite.
  private static let fewestUnits = 5

  /// A split's differences over their errors, less units' mean; none of what too few units tell.
  private static func standardized(_ split: [[Departures.Part?]], size: Int) -> [[Double?]] {
    var units = split.map { unit in
      unit.map { part in part.flatMap { $0.variance > 0 ? $0.value / $0.variance.squareRoot() : nil } }
    }
    for k in 0..<size {
      let known = units.compactMap { $0[k] }
      if known.count < fewestUnits {
        for i in units.indices { units[i][k] = nil }
        continue
      }
      let mean = known.reduce(0, +) / Double(max(known.count, 1))
      for i in units.indices { units[i][k]? -= mean }
    }
    return units
  }

  /// The correlations of these indicators' errors, row by row; none of those whose errors nothing is known of.
  func matrix(_ members: [Indicator]) -> [Double] {
    let places = members.map { indicators.firstIndex(of: $0) }
    var result = [Double](repeating: 0, count: members.count * members.count)
    for j in members.indices {
      for k in members.indices {
        let value =
          if let row = places[j], let column = places[k] { values[row * indicators.count + column] } else { 0.0 }
        result[j * members.count + k] = j == k ? 1 : value
      }
    }
    return result
  }
}
