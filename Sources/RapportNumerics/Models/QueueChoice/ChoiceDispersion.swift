import Glibc

/// Whether units are picked as evenly over time as the model expects.
///
///     φ = Σ (O − E)² / Σ v (1 − v/V)        over units and periods; V: a unit's v over all periods
///
/// O and E are a unit's picks and expected picks in a period, v their variance under the model. Above 1, picks of one unit
/// come in waves that the columns don't tell, and errors taken from the model are too small by √φ. Source: McCullagh &
/// Nelder (1989), Generalized Linear Models, §4.5.
public struct ChoiceDispersion: Sendable {
  /// φ, and how many of its terms say something.
  public let factor: Double
  public let cells: Int

  /// Periods hold equal numbers of sets, about fifty each; at most 24.
  public init(_ sets: ChoiceSets, _ fit: ChooserFit) {
    let periods = max(1, min(24, sets.count / 50))
    guard periods > 1 else {
      (factor, cells) = (1, 0)
      return
    }
    var residuals = [Double](repeating: 0, count: sets.unitCount * periods)
    var variances = residuals
    var shares: [Double] = []
    var unitShares = [Double](repeating: 0, count: sets.unitCount)
    for set in 0..<sets.count {
      let range = sets.starts[set]..<sets.starts[set + 1]
      shares.removeAll(keepingCapacity: true)
      var largest = -Double.infinity
      for r in range {
        var eta = fit.units[sets.unit(r)] + (sets.logWeights.isEmpty ? 0 : Double(sets.logWeights[r]))
        sets.forEachColumn(r) { eta += fit.columns[$0] * $1 }
        shares.append(eta)
        largest = max(largest, eta)
      }
      var total = 0.0
      for k in shares.indices {
        shares[k] = exp(shares[k] - largest)
        total += shares[k]
      }
      let period = set * periods / sets.count
      let weight = fit.regularities.isEmpty ? 1 : fit.regularities[set]
      residuals[sets.unit(range.lowerBound) * periods + period] += weight
      for r in range { unitShares[sets.unit(r)] += shares[r - range.lowerBound] / total }
      for r in range {
        let unit = sets.unit(r)
        let share = unitShares[unit]
        if share == 0 { continue }
        residuals[unit * periods + period] -= weight * share
        variances[unit * periods + period] += weight * share * max(0, 1 - share)
        unitShares[unit] = 0
      }
    }
    var (observed, expected) = (0.0, 0.0)
    var counted = 0
    for unit in 0..<sets.unitCount {
      let cells = unit * periods..<(unit + 1) * periods
      let whole = cells.reduce(0.0) { $0 + variances[$1] }
      guard whole > 1e-9 else { continue }
      for cell in cells where variances[cell] > 0 {
        observed += residuals[cell] * residuals[cell]
        expected += variances[cell] * (1 - variances[cell] / whole)
        if variances[cell] > 0.1 { counted += 1 }
      }
    }
    cells = counted
    factor = expected > 0 ? observed / expected : 1
  }
}
