import RapportIngestion
import RapportNumerics

/// Successes and trials by unit and month, to see whether those of one month go together.
struct MonthClusters: Sendable {
  private let months: ClosedRange<Month>
  private var successes: MonthSums<Int32>
  private var trials: MonthSums<Int32>

  init(unitCount: Int, months: ClosedRange<Month>) {
    self.months = months
    successes = MonthSums(unitCount: unitCount, months: months)
    trials = successes
  }

  /// Counts one trial of a unit, which belongs to the month in which it began (``SplitHalves``); unit −1 is none.
  @inline(__always) mutating func add(_ unit: Int, _ month: Month, _ succeeded: Bool) {
    trials.add(unit, month)
    if succeeded { successes.add(unit, month) }
  }

  /// Counts a unit's trials of one month, so many of which succeeded.
  mutating func add(_ unit: Int, _ month: Month, _ succeeded: Int32, of tried: Int32) {
    trials.add(unit, month, tried)
    successes.add(unit, month, succeeded)
  }

  /// Evidence for `indicator`, or `nil` where no unit has a trial.
  ///
  /// - Parameter details: what a reader is told of all months besides.
  func evidence(
    _ indicator: Indicator, succeeded: String, tried: String, details: [(name: String, values: [Double?])] = []
  ) -> MonthlyEvidence? {
    MonthlyEvidence(months, details: details) { evidence(indicator, in: $0, succeeded: succeeded, tried: tried) }
  }

  /// Evidence for `indicator` in these months, or `nil` where no unit has a trial.
  func evidence(
    _ indicator: Indicator, in months: MonthSelection, succeeded: String, tried: String
  ) -> IndicatorEvidence? {
    let (successes, trials) = totals(months)
    guard trials.contains(where: { $0 > 0 }) else { return nil }
    let clustering = clustering(months)
    return IndicatorEvidence(
      indicator: indicator, measure: .share(successes: successes, trials: trials),
      counts: trials.map { Int($0) }, clustering: clustering, common: clustering.common,
      details: [(succeeded, successes), (tried, trials)])
  }

  /// By unit, in these months.
  func totals(_ months: MonthSelection) -> (successes: [Double], trials: [Double]) {
    (successes.counts(months), trials.counts(months))
  }

  /// Of all months.
  var clustering: Clustering { clustering(MonthSelection(months)) }

  /// How cases of one month go together, and with those of the months beside, and what that makes of each unit's variance.
  ///
  ///     var(k) = n p (1 − p) D        D = 1 + Σ_l ρ_l R_l        R₀ = Σ m (m − 1)/n    R_l = 2 Σ m m⁽ˡ⁾/n
  ///     1 − ρ̂_l = Σ w d_l/P_l / Σ w d/P        w = P_l P/(P_l + P)/n        over units
  ///     P_l, P    pairs of a unit's cases l months apart, and three or more
  ///     d_l, d    those of them of which one succeeded and the other didn't
  ///
  /// m and m⁽ˡ⁾ of a unit's n cases lie in a month and l months later. Two independent cases of a unit differ with probability
  /// 2 p (1 − p), two that are l months apart with 1 − ρ_l times that, so that both sums expect the same but for 1 − ρ_l, however few
  /// cases a unit has. One ρ for all units, which alone are too small to tell; D is each unit's own, since months that hold more cases hold more
  /// that go together. A unit that has all its cases in one month tells nothing of ρ. A queue that is long in one month often is in the next,
  /// so ρ₁ is found besides, less what chance would make of it, between 0 and ρ₀, and ρ₂ = ρ₁²/ρ₀ follows. Of fewer than five months, or
  /// where no cases lie three months apart, those of any other month are P, and ρ₁ = ρ₂ = 0.
  ///
  /// A month that is bad for all shows in pairs of different units' cases in the same way, κ_l = 1 − (d_l/P_l)/(d/P) of these. What of
  /// the variance is one deviation of all units together, which can't be told from their mean and doesn't spread them, is
  ///
  ///     d/(2 P) Σ_l κ_l 2 N_l/n²        N_l pairs of the n cases of all units that lie l months apart
  ///
  /// and a unit's own D, with which it is held against the others, has ρ_l − κ_l, at least 0, in place of ρ_l.
  ///
  /// Source: Kish (1965), Survey sampling, §8.2, and Rao & Scott (1992), A simple method for the analysis of clustered
  /// binary data, for D; Fleiss & Cuzick (1979), The reliability of dichotomous judgments, for ρ. Differs: they take
  /// p̂ (1 − p̂) for the pairs of different months, which is too little by 1/n: of independent cases, three to twelve to a
  /// unit, moments that use it found ρ = 0.30.
  func clustering(_ months: MonthSelection) -> Clustering {
    let places = trials.places(months)
    let units = (0..<trials.unitCount).map { unit in
      Self.differences(places.map { ($0, Double(trials.sum(unit, $0)), Double(successes.sum(unit, $0))) })
    }
    let isLong = (places.last ?? 0) - (places.first ?? 0) >= 4
    let isFar = isLong && units.contains { $0.far.pairs > 0 && $0.same.pairs > 0 }
    func paired(_ own: (UnitDifferences) -> UnitDifferences.Pairs) -> PairedDifferences {
      var sums = PairedDifferences()
      for unit in units { sums.add(own(unit), isFar ? unit.far : unit.other, trials: unit.trials) }
      return sums
    }
    let same = paired(\.same).correlation
    let next = isFar ? min(paired(\.next).correlationBeyondChance, same) : 0
    let afterNext = same > 0 ? next * next / same : 0
    let shared = common(units, places, isLong: isLong)
    func excess(_ correlations: (same: Double, next: Double, afterNext: Double)) -> [Double] {
      units.map { unit in
        let others =
          correlations.same * unit.same.pairs + correlations.next * unit.next.pairs
          + correlations.afterNext * unit.afterNext.pairs
        return unit.trials > 0 ? 2 * others / unit.trials : 0
      }
    }
    return Clustering(
      correlation: same, excess: excess((same, next, afterNext)),
      ownExcess: excess(
        (
          max(0, same - shared.same), max(0, next - shared.next), max(0, afterNext - shared.afterNext)
        )), common: shared.variance)
  }

  /// κ_l, and the variance of what all units' shares have in common.
  private func common(
    _ units: [UnitDifferences], _ places: [Int], isLong: Bool
  ) -> (same: Double, next: Double, afterNext: Double, variance: Double) {
    let whole = Self.differences(
      places.map { place in
        var row = (place: place, m: 0.0, k: 0.0)
        for unit in units.indices {
          row.m += Double(trials.sum(unit, place))
          row.k += Double(successes.sum(unit, place))
        }
        return row
      })
    /// How often cases of different units differ.
    func rate(_ own: (UnitDifferences) -> UnitDifferences.Pairs) -> Double? {
      var between = own(whole)
      for unit in units { between = (between.pairs - own(unit).pairs, between.differ - own(unit).differ) }
      return between.pairs > 0 ? between.differ / between.pairs : nil
    }
    let far = isLong ? rate(\.far) : nil
    guard let usual = far ?? rate(\.other), usual > 0, let together = rate(\.same) else { return (0, 0, 0, 0) }
    let same = max(0, 1 - together / usual)
    let next = far == nil ? 0 : min(rate(\.next).map { max(0, 1 - $0 / usual) } ?? 0, same)
    let afterNext = same > 0 ? next * next / same : 0
    let pairs = same * whole.same.pairs + next * whole.next.pairs + afterNext * whole.afterNext.pairs
    return (same, next, afterNext, usual * pairs / (whole.trials * whole.trials))
  }

  /// A unit's pairs of trials by how many months they are apart.
  private struct UnitDifferences {
    /// How many pairs, and how many of them differ.
    typealias Pairs = (pairs: Double, differ: Double)

    var trials = 0.0
    var same: Pairs = (0, 0)
    var next: Pairs = (0, 0)
    var afterNext: Pairs = (0, 0)
    /// Of three months or more.
    var far: Pairs = (0, 0)
    /// Of different months.
    var other: Pairs { (next.pairs + afterNext.pairs + far.pairs, next.differ + afterNext.differ + far.differ) }
  }

  /// - Parameter rows: trials and successes by month.
  private static func differences(_ rows: [(place: Int, m: Double, k: Double)]) -> UnitDifferences {
    var own = UnitDifferences()
    /// What lies three months back or more, two back, and one, by month.
    var (far, two, one) = ((m: 0.0, k: 0.0), (place: -9, m: 0.0, k: 0.0), (place: -9, m: 0.0, k: 0.0))
    for (place, m, k) in rows where m > 0 {
      func add(_ before: (m: Double, k: Double), to pairs: inout UnitDifferences.Pairs) {
        pairs.pairs += m * before.m
        pairs.differ += k * (before.m - before.k) + (m - k) * before.k
      }
      own.trials += m
      own.same.pairs += m * (m - 1) / 2
      own.same.differ += k * (m - k)
      for before in [two, one] {
        switch place - before.place {
        case 1: add((before.m, before.k), to: &own.next)
        case 2: add((before.m, before.k), to: &own.afterNext)
        default: add((before.m, before.k), to: &own.far)
        }
      }
      add(far, to: &own.far)
      far = (far.m + two.m, far.k + two.k)
      (two, one) = (one, (place, m, k))
    }
    return own
  }
}

/// How much seldomer some pairs of a unit's trials differ, one having succeeded and the other not, than others do, over units.
struct PairedDifferences: Sendable {
  private var own = 0.0
  private var others = 0.0
  /// Sums of squares and products of what units add to both.
  private var squares = (own: 0.0, both: 0.0, others: 0.0)

  /// Adds a unit's pairs, and those that they are compared with: how many, and how many of them differ.
  ///
  /// Of outcomes x between 0 and 1, two differ by x (1 − x′) + (1 − x) x′.
  mutating func add(
    _ pairs: (pairs: Double, differ: Double), _ compared: (pairs: Double, differ: Double), trials: Double
  ) {
    guard pairs.pairs > 0, compared.pairs > 0 else { return }
    let scale = 1 / ((pairs.pairs + compared.pairs) * trials)
    let (first, second) = (scale * compared.pairs * pairs.differ, scale * pairs.pairs * compared.differ)
    own += first
    others += second
    squares.own += first * first
    squares.both += first * second
    squares.others += second * second
  }

  /// ρ, 0 … 1 (``MonthClusters/clustering(_:)``).
  var correlation: Double { others > 0 ? (1 - own / others).clamped(to: 0...1) : 0 }

  /// ρ less what chance would make of it: ρ (1 − s²/ρ²) where that is above 0, s² its variance over units (James & Stein's).
  var correlationBeyondChance: Double {
    guard correlation > 0 else { return 0 }
    let ratio = own / others
    let variance = (squares.own - 2 * ratio * squares.both + ratio * ratio * squares.others) / (others * others)
    return max(0, correlation - max(0, variance) / correlation)
  }
}

/// How much trials, or events, of one month go together, and with those of the months beside.
struct Clustering: Sendable {
  /// ρ of two trials of one unit's month, 0 … 1; of events c, the squared coefficient of variation of a unit's rate from month to
  /// month, at least 0 (``MonthRates``).
  var correlation: Double
  /// By unit, how many others a trial goes together with, each counted by its ρ; of events, at the mean rate.
  var excess: [Double]
  /// The same without what all units' trials have in common; of events alike.
  var ownExcess: [Double]
  /// The variance of a deviation that all units' shares have in common; of events 0, as it isn't looked at.
  var common = 0.0

  /// How many times more a unit's share, or its rate, varies than that of independent trials or events; at least 1.
  func designEffect(_ unit: Int) -> Double { 1 + excess[unit] }

  /// The same of how it lies among the others, which have a deviation in common with it.
  func ownDesignEffect(_ unit: Int) -> Double { 1 + ownExcess[unit] }
}
