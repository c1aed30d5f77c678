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
    return IndicatorEvidence(
      indicator: indicator, measure: .share(successes: successes, trials: trials),
      counts: trials.map { Int($0) }, clustering: clustering(months),
      details: [(succeeded, successes), (tried, trials)])
  }

  /// By unit, in these months.
  func totals(_ months: MonthSelection) -> (successes: [Double], trials: [Double]) {
    (successes.counts(months), trials.counts(months))
  }

  /// Of all months.
  var clustering: Clustering { clustering(MonthSelection(months)) }

  /// How cases of one month go together, and what that makes of each unit's variance.
  ///
  ///     var(k) = n p (1 − p) D        D = 1 + ρ Σ m (m − 1)/n        m of a unit's n cases in a month
  ///     1 − ρ̂ = Σ w dₛ/Pₛ / Σ w d꜀/P꜀        w = Pₛ P꜀/(Pₛ + P꜀)/n        over units
  ///     Pₛ, P꜀    pairs of a unit's cases of the same month, and of different ones
  ///     dₛ, d꜀    those of them of which one succeeded and the other didn't
  ///
  /// Two independent cases of a unit differ with probability 2 p (1 − p), two of the same month with 1 − ρ times that, so that
  /// both sums expect the same but for 1 − ρ, however few cases a unit has. One ρ for all units, which alone are too small to
  /// tell; D is each unit's own, since months that hold more cases hold more that go together. A unit that has all its
  /// cases in one month tells nothing of ρ.
  ///
  /// Source: Kish (1965), Survey sampling, §8.2, and Rao & Scott (1992), A simple method for the analysis of clustered
  /// binary data, for D; Fleiss & Cuzick (1979), The reliability of dichotomous judgments, for ρ. Differs: they take
  /// p̂ (1 − p̂) for the pairs of different months, which is too little by 1/n: of independent cases, three to twelve to a
  /// unit, moments that use it found ρ = 0.30.
  func clustering(_ months: MonthSelection) -> Clustering {
    let places = trials.places(months)
    var differences = PairedDifferences()
    var repeats = [Double](repeating: 0, count: trials.unitCount)
    for unit in repeats.indices {
      var (total, succeeded, samePairs, sameDiffer) = (0.0, 0.0, 0.0, 0.0)
      for place in places where trials.sum(unit, place) > 0 {
        let (m, k) = (Double(trials.sum(unit, place)), Double(successes.sum(unit, place)))
        total += m
        succeeded += k
        samePairs += m * (m - 1) / 2
        sameDiffer += k * (m - k)
      }
      guard samePairs > 0 else { continue }
      repeats[unit] = 2 * samePairs / total
      differences.add(
        trials: total, samePairs: samePairs, sameDiffer: sameDiffer, differ: succeeded * (total - succeeded))
    }
    return Clustering(correlation: differences.correlation, repeats: repeats)
  }
}

/// Pairs of a unit's trials of which one succeeded and the other didn't, of one month and of all, summed over units.
struct PairedDifferences: Sendable {
  private var together = 0.0
  private var apart = 0.0

  /// Adds a unit with these trials, of which `samePairs` pairs are of one month; of them `sameDiffer` differ, of all pairs `differ`.
  ///
  /// Of outcomes x between 0 and 1, two differ by x (1 − x′) + (1 − x) x′.
  mutating func add(trials: Double, samePairs: Double, sameDiffer: Double, differ: Double) {
    let pairs = trials * (trials - 1) / 2
    guard samePairs > 0, pairs > samePairs else { return }
    let scale = 1 / (pairs * trials)
    together += scale * (pairs - samePairs) * sameDiffer
    apart += scale * samePairs * (differ - sameDiffer)
  }

  /// ρ, 0 … 1 (``MonthClusters/clustering(_:)``).
  var correlation: Double { apart > 0 ? (1 - together / apart).clamped(to: 0...1) : 0 }
}

/// How much trials, or events, of one month go together.
struct Clustering: Sendable {
  /// ρ of two trials of one unit's month, 0 … 1; of events c, the squared coefficient of variation of a unit's rate from month to
  /// month, at least 0 (``MonthRates``).
  var correlation: Double
  /// By unit, Σ m (m − 1)/n: how many others of its month a trial has on average; of events, how many are expected at the mean rate.
  var repeats: [Double]

  /// How many times more a unit's share, or its rate, varies than that of independent trials or events; at least 1.
  ///
  /// - Parameter ratio: of rates, that of the unit's to the mean: of many events more go together.
  func designEffect(_ unit: Int, ratio: Double = 1) -> Double { 1 + correlation * repeats[unit] * ratio }
}
