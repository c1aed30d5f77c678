import RapportNumerics

/// How errors of a unit's indicators go together where they rest on the same events: who misses a month by chance misses a
/// check-in and an hour together.
///
///     ĉ_jk = Σ u_ij u_ik / √(Σ u_ij² Σ u_ik²)        c_jk = (1 − λ) ĉ_jk        λ = min(1, Σ_j<k 1/n_jk / Σ_j<k ĉ_jk²)
///
/// u_ij is the difference of unit i's indicator j between two random halves of its own months (``SplitHalves``), over its
/// standard error, less units' mean and 0 where it isn't known; n_jk of the units know both. What a unit is cancels in such a
/// difference, so that only luck is left. Errors are too many in two's to be known from a few dozen units: λ draws the
/// correlations to none by as much of them as chance would make.
///
/// Source: Schäfer & Strimmer (2005), A shrinkage approach to large-scale covariance matrix estimation, target of no
/// correlation. Differs: the variance of ĉ is that without correlation, 1/n, which leaves λ above 0 and so the matrix positive
/// definite.
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
    var products = [Double](repeating: 0, count: size * size)
    var counts = products
    for split in differences {
      var units = split.map { unit in
        unit.map { part in part.flatMap { $0.variance > 0 ? $0.value / $0.variance.squareRoot() : nil } }
      }
      for k in 0..<size {
        let known = units.compactMap { $0[k] }
        let mean = known.reduce(0, +) / Double(max(known.count, 1))
        for i in units.indices { units[i][k]? -= mean }
      }
      for unit in units {
        for j in 0..<size {
          guard let own = unit[j] else { continue }
          for k in 0...j {
            guard let other = unit[k] else { continue }
            products[j * size + k] += own * other
            counts[j * size + k] += 1 / Double(differences.count)
          }
        }
      }
    }
    var values = [Double](repeating: 0, count: size * size)
    var (chance, squares) = (0.0, 0.0)
    for j in 0..<size {
      values[j * size + j] = 1
      for k in 0..<j where counts[j * size + k] > 0 {
        let scale = (products[j * size + j] * products[k * size + k]).squareRoot()
        guard scale > 0 else { continue }
        values[j * size + k] = products[j * size + k] / scale
        chance += 1 / counts[j * size + k]
        squares += values[j * size + k] * values[j * size + k]
      }
    }
    let kept = squares > chance ? 1 - chance / squares : 0
    for j in 0..<size {
      for k in 0..<j {
        values[j * size + k] *= kept
        values[k * size + j] = values[j * size + k]
      }
    }
    self.indicators = indicators
    self.values = values
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
