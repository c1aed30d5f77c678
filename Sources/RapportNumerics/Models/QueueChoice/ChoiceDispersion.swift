import Glibc

/// Whether units are picked as evenly over time as the model expects.
///
///     φ = Σ (O − E)² / Σ v (1 − v/V)        over units and periods; V: a unit's v over all periods
///
/// O and E are a unit's picks and expected picks in a period, v their variance under the model. Above 1, picks of one unit
/// come in waves that the columns don't tell, and errors taken from the model are too small by √φ. By chance alone φ
/// scatters about 1 like χ²(d)/d, with counts that are nearly Poisson:
///
///     d = 2 (Σ w)² / Σ (2 w² U/(U − 1) + w)        w = v (1 − v/V); U units, whose O − E sum to zero in every period
///
/// Source: McCullagh & Nelder (1989), Generalized Linear Models, §4.5; d: Satterthwaite (1946).
public struct ChoiceDispersion: Sendable {
  /// φ; 1 where there is too little to tell.
  public let factor: Double
  /// d; 0 where there is too little to tell.
  public let degreesOfFreedom: Double

  /// Below so many degrees of freedom the logarithm of φ scatters by more than it could tell.
  private static let fewestDegrees = 5.0

  init(factor: Double, degreesOfFreedom: Double) {
    (self.factor, self.degreesOfFreedom) = (factor, degreesOfFreedom)
  }

  /// Periods hold equal numbers of sets, about fifty each; at most 24.
  public init(_ sets: ChoiceSets, _ fit: ChooserFit) {
    let periods = max(1, min(24, sets.count / 50))
    guard periods > 1 else {
      (factor, degreesOfFreedom) = (1, 0)
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
    var (observed, expected, scatter) = (0.0, 0.0, 0.0)
    let wholes = (0..<sets.unitCount).map { unit in
      (unit * periods..<(unit + 1) * periods).reduce(0.0) { $0 + variances[$1] }
    }
    let told = Double(wholes.count { $0 > 1e-9 })
    let joint = told > 1 ? told / (told - 1) : 1
    for (unit, whole) in wholes.enumerated() where whole > 1e-9 {
      let cells = unit * periods..<(unit + 1) * periods
      for cell in cells where variances[cell] > 0 {
        observed += residuals[cell] * residuals[cell]
        let own = variances[cell] * (1 - variances[cell] / whole)
        expected += own
        scatter += own * (2 * own * joint + 1)
      }
    }
    factor = expected > 0 ? observed / expected : 1
    degreesOfFreedom = expected > 0 ? 2 * expected * expected / scatter : 0
  }

  /// What choosers' variances are to be multiplied with: each one's φ, moderated by what all show, and at least 1.
  ///
  /// Taken one by one and cut at 1, φ's own scatter would widen errors even where every chooser is as even as expected.
  /// Where choosers differ by no more than chance all get their mean; where they do, each keeps its own
  /// (``ModeratedVariances``). Those that say next to nothing, as where a rule is followed strictly, take no part.
  public static func moderated(_ dispersions: [ChoiceDispersion]) -> [Double] {
    let told = try? ModeratedVariances(
      variances: dispersions.map(\.factor),
      degreesOfFreedom: dispersions.map { $0.degreesOfFreedom < fewestDegrees ? 0 : $0.degreesOfFreedom })
    return told?.posteriorVariances.map { max(1, $0) } ?? dispersions.map { max(1, $0.factor) }
  }
}
