import RapportIngestion
import RapportNumerics

/// Successes and trials by unit and month, to see whether those of one month go together.
struct MonthClusters {
  private let first: Int
  private let monthCount: Int
  private var successes: [Int32]
  private var trials: [Int32]

  init(unitCount: Int, months: ClosedRange<Month>) {
    first = months.lowerBound.index
    monthCount = months.upperBound.index - first + 1
    successes = Array(repeating: 0, count: unitCount * monthCount)
    trials = successes
  }

  /// Counts one trial of a unit in a month; unit −1 is none.
  mutating func add(_ unit: Int, _ month: Month, _ succeeded: Bool) {
    guard unit >= 0, month.index >= first, month.index < first + monthCount else { return }
    let cell = unit * monthCount + month.index - first
    trials[cell] += 1
    if succeeded { successes[cell] += 1 }
  }

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
  var clustering: Clustering {
    let unitCount = trials.count / monthCount
    var (together, apart) = (0.0, 0.0)
    var repeats = [Double](repeating: 0, count: unitCount)
    for unit in 0..<unitCount {
      var (total, succeeded, samePairs, sameDiffer) = (0.0, 0.0, 0.0, 0.0)
      for cell in (unit * monthCount)..<((unit + 1) * monthCount) where trials[cell] > 0 {
        let (m, k) = (Double(trials[cell]), Double(successes[cell]))
        total += m
        succeeded += k
        samePairs += m * (m - 1) / 2
        sameDiffer += k * (m - k)
      }
      guard samePairs > 0 else { continue }
      repeats[unit] = 2 * samePairs / total
      let pairs = total * (total - 1) / 2
      let scale = 1 / (pairs * total)
      together += scale * (pairs - samePairs) * sameDiffer
      apart += scale * samePairs * (succeeded * (total - succeeded) - sameDiffer)
    }
    return Clustering(correlation: apart > 0 ? (1 - together / apart).clamped(to: 0...1) : 0, repeats: repeats)
  }
}

/// How much trials of one month go together.
struct Clustering: Sendable {
  /// ρ of two trials of one unit's month, 0 … 1.
  var correlation: Double
  /// By unit, Σ m (m − 1)/n: how many others of its month a trial has on average.
  var repeats: [Double]

  /// How many times more a unit's share varies than that of independent trials; at least 1.
  func designEffect(_ unit: Int) -> Double { 1 + correlation * repeats[unit] }
}
