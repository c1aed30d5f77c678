import Glibc

/// Whether units are picked as evenly over time as the model expects.
///
///     φ = Σ (O − E)² / Σ v (1 − v/(V + λ))        over units and periods; V: a unit's v over all periods
///
/// O and E are a unit's picks and expected picks in a period, v their variance under the model, λ the precision of the prior
/// that holds effects back. Above 1, picks of one unit come in waves that the columns don't tell, and errors taken from the
/// model are too small by √φ. By chance alone φ scatters about 1 like χ²(d)/d:
///
///     d = 2 (Σ v (1 − v/(V + λ)))² / (2 g Σ tr S_t² + Σ κ (1 − 2 f_t + Σ f²)²)
///     g = (Σ f² − 2 Σ f³ + (Σ f²)²)/Σ f²        f_t: period t's share of all v
///
/// S_t is the covariance of the units' picks in period t, which sum to a constant; what is too much in one period is too
/// little in the others, since effects are estimated: hence g, (T − 1)/T where T periods are alike. κ is the fourth cumulant of one set's part, negative where
/// picks are nearly even: with q the units' chances in it and y = e_picked − q,
///
///     κ = E|y|⁴ − (E|y|²)² − 2 tr (Cov y)²        |y|² = 1 − 2 q_picked + Σ q²
///
/// Source: McCullagh & Nelder (1989), Generalized Linear Models, §4.5; d: Satterthwaite (1946); variances of quadratic forms:
/// McCullagh (1987), Tensor Methods in Statistics, §3.
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
  ///
  /// - Parameter unitVariance: of the prior of units' effects.
  public init(_ sets: ChoiceSets, _ fit: ChooserFit, unitVariance: Double = QueueChoiceModel().unitVariance) {
    let periods = max(1, min(24, sets.count / 50))
    let told = periods > 1 ? PickTally(sets, fit, periods: periods).spread(precision: 1 / unitVariance) : nil
    guard let told else {
      (factor, degreesOfFreedom) = (1, 0)
      return
    }
    factor = told.observed / told.expected
    degreesOfFreedom = told.scatter > 0 ? 2 * told.expected * told.expected / told.scatter : 0
  }

  /// What choosers' variances are to be multiplied with: each one's φ, moderated by what all show, and at least 1.
  ///
  /// Taken one by one and cut at 1, φ's own scatter would widen errors even where every chooser is as even as expected.
  /// Where choosers differ by no more than chance all get their mean; where they do, each keeps its own
  /// (``ModeratedVariances``). Those that say next to nothing, as where a rule is followed strictly, take no part, and get
  /// what is usual. Where fewer than two say more than that, nothing is known of the usual: each is drawn towards 1 as if it
  /// had been seen with five degrees of freedom.
  public static func moderated(_ dispersions: [ChoiceDispersion]) -> [Double] {
    let degrees = dispersions.map { $0.degreesOfFreedom < fewestDegrees ? 0 : $0.degreesOfFreedom }
    guard degrees.count(where: { $0 > 0 }) > 1,
      let told = try? ModeratedVariances(variances: dispersions.map(\.factor), degreesOfFreedom: degrees)
    else {
      return dispersions.map { own in
        let d = own.degreesOfFreedom
        return max(1, (fewestDegrees + d * own.factor) / (fewestDegrees + d))
      }
    }
    return told.posteriorVariances.map { max(1, $0) }
  }
}

/// Units' picks by period, beside what the model expects of them.
private struct PickTally {
  /// Up to so many units covariances between them are summed; beyond, they are taken to be alike, when they hardly matter.
  private static let mostTogether = 64

  private let units: Int
  private let periods: Int
  private let isTogether: Bool
  /// O − E and v, by unit and then period.
  private var residuals: [Double]
  private var variances: [Double]
  /// Σ over periods of the squares of Σ w (diag q − q qᵀ) below its diagonal; and Σ κ by period.
  private var together = 0.0
  private var cumulants: [Double]

  init(_ sets: ChoiceSets, _ fit: ChooserFit, periods: Int) {
    (units, self.periods) = (sets.unitCount, periods)
    isTogether = units <= Self.mostTogether
    residuals = [Double](repeating: 0, count: units * periods)
    variances = residuals
    cumulants = [Double](repeating: 0, count: periods)
    var chances = UnitChances(sets, fit)
    var products = OuterProducts(length: isTogether ? units : 0)
    for set in 0..<sets.count {
      chances.find(set)
      let period = set * periods / sets.count
      let weight = fit.regularities.isEmpty ? 1 : fit.regularities[set]
      add(chances.present, picked: sets.unit(sets.starts[set]), period: period, weight: weight)
      guard isTogether else { continue }
      chances.all.withUnsafeBufferPointer { products.add($0, times: weight.squareRoot(), order: units) }
      if set + 1 == sets.count || (set + 1) * periods / sets.count > period { close(&products) }
    }
  }

  /// Takes a period's products, and leaves none.
  private mutating func close(_ products: inout OuterProducts) {
    products.finish(order: units)
    for j in 0..<units {
      for i in j..<units {
        if i > j { together += products.sum[i, j] * products.sum[i, j] }
        products.sum[i, j] = 0
      }
    }
  }

  /// Adds a set, from the chances of the units in it.
  private mutating func add(_ present: [(unit: Int, share: Double)], picked: Int, period: Int, weight: Double) {
    residuals[picked * periods + period] += weight
    for (unit, share) in present {
      residuals[unit * periods + period] -= weight * share
      variances[unit * periods + period] += weight * share * max(0, 1 - share)
    }
    cumulants[period] += weight * Self.cumulant(present)
  }

  /// κ of one set, from the chances of the units in it.
  private static func cumulant(_ present: [(unit: Int, share: Double)]) -> Double {
    var (second, third) = (0.0, 0.0)
    for (_, share) in present {
      second += share * share
      third += share * share * share
    }
    var fourth = 0.0
    for (_, share) in present {
      let length = 1 - 2 * share + second
      fourth += share * length * length
    }
    return fourth - (1 - second) * (1 - second) - 2 * (second - 2 * third + second * second)
  }

  /// What φ and d are made of: Σ (O − E)², Σ v (1 − v/(V + λ)), and the variance of the former by chance alone; `nil` where
  /// fewer than two units tell anything.
  ///
  /// - Parameter precision: λ.
  func spread(precision: Double) -> (observed: Double, expected: Double, scatter: Double)? {
    var (observed, expected, told) = (0.0, 0.0, 0)
    var ofPeriod = [Double](repeating: 0, count: periods)
    var squares = 0.0
    for unit in 0..<units {
      let cells = unit * periods..<(unit + 1) * periods
      let whole = cells.reduce(0.0) { $0 + variances[$1] }
      guard whole > 1e-9 else { continue }
      told += 1
      for cell in cells where variances[cell] > 0 {
        let variance = variances[cell]
        observed += residuals[cell] * residuals[cell]
        expected += variance * (1 - variance / (whole + precision))
        ofPeriod[cell - cells.lowerBound] += variance
        squares += variance * variance
      }
    }
    let all = ofPeriod.reduce(0, +)
    guard expected > 0, all > 0, told > 1 else { return nil }
    // tr S_t² over all periods: the diagonal, and every pair twice.
    let traces =
      isTogether ? squares + 2 * together : squares * Double(told) / Double(told - 1)
    return (observed, expected, scatter(shares: ofPeriod.map { $0 / all }, traces: traces))
  }

  /// 2 g Σ tr S_t² + Σ κ (1 − 2 f_t + Σ f²)².
  private func scatter(shares: [Double], traces: Double) -> Double {
    let second = dot(shares, shares)
    let third = shares.reduce(0) { $0 + $1 * $1 * $1 }
    var scatter = 2 * traces * (second - 2 * third + second * second) / second
    for (share, cumulant) in zip(shares, cumulants) {
      let own = 1 - 2 * share + second
      scatter += cumulant * own * own
    }
    return scatter
  }
}

/// The model's chances of the units in a set, one set after the other.
private struct UnitChances {
  /// Units of the set that was looked for last, each once, and its requests' chances together.
  private(set) var present: [(unit: Int, share: Double)] = []
  private let sets: ChoiceSets
  /// By alternative.
  private let shares: [Double]
  /// Chances of all units in that set.
  private(set) var all: [Double]

  init(_ sets: ChoiceSets, _ fit: ChooserFit) {
    self.sets = sets
    shares = sets.probabilities(units: fit.units, columns: fit.columns)
    all = [Double](repeating: 0, count: sets.unitCount)
  }

  mutating func find(_ set: Int) {
    for (unit, _) in present { all[unit] = 0 }
    present.removeAll(keepingCapacity: true)
    for r in sets.starts[set]..<sets.starts[set + 1] where shares[r] > 0 {
      let unit = sets.unit(r)
      if all[unit] == 0 { present.append((unit, 0)) }
      all[unit] += shares[r]
    }
    for place in present.indices { present[place].share = all[present[place].unit] }
  }
}
