import RapportIngestion
import RapportNumerics

/// Successes and trials by unit and month, to see whether those of one month go together.
struct MonthClusters {
  private let first: Int
  private let monthCount: Int
  private var successes: [Int32]
  private var trials: [Int32]

  init(_ history: History, _ level: Level) {
    first = history.months.lowerBound.index
    monthCount = history.months.upperBound.index - first + 1
    successes = Array(repeating: 0, count: level.count * monthCount)
    trials = successes
  }

  /// Counts one trial of a unit in a month; unit −1 is none.
  mutating func add(_ unit: Int, _ month: Month, _ succeeded: Bool) {
    guard unit >= 0, month.index >= first, month.index < first + monthCount else { return }
    let cell = unit * monthCount + month.index - first
    trials[cell] += 1
    if succeeded { successes[cell] += 1 }
  }

  /// How many times more the months' counts vary around their units' shares than independent trials would; at least 1.
  ///
  ///     Σ (k − n p)² / Σ n p (1 − p) (1 − n/N)        n, k of a unit's month; p, N of the unit
  ///
  /// One number for all units, since one unit's months are too few to tell. Source: Kish (1965), Survey sampling, §8.2;
  /// McCullagh & Nelder (1989), §4.5, for the denominator's loss of one degree of freedom per unit.
  func designEffect(_ shares: [Double]) -> Double {
    var observed = 0.0
    var expected = 0.0
    for unit in shares.indices {
      let cells = (unit * monthCount)..<((unit + 1) * monthCount)
      let total = Double(cells.reduce(0) { $0 + Int(trials[$1]) })
      let p = shares[unit]
      guard total > 1, p > 0, p < 1 else { continue }
      for cell in cells where trials[cell] > 0 {
        let n = Double(trials[cell])
        let difference = Double(successes[cell]) - n * p
        observed += difference * difference
        expected += n * p * (1 - p) * (1 - n / total)
      }
    }
    return expected > 0 ? max(1, observed / expected) : 1
  }

  /// How cases of one month go together, and what that makes of each unit's variance.
  ///
  ///     V(k) = n p (1 − p) D        D = 1 + ρ Σ m (m − 1)/n        m of a unit's n cases in a month
  ///     E Σ (k_m − m p̂)² = p (1 − p) (A + ρ B)        ρ̂ = (Σ Σ (k_m − m p̂)² − Σ p̂ (1 − p̂) A) / Σ p̂ (1 − p̂) B
  ///     A = n (1 − s)        B = Σ m (m − 1) (1 − 2 m/n + s)        s = Σ m²/n²
  ///
  /// One ρ for all units; unlike ``designEffect(_:)`` D is each unit's own, since the months of a unit with many cases hold
  /// more that go together. Source: Kleinman (1973), Proportions with extraneous variance, for moments; Rao & Scott (1992),
  /// A simple method for the analysis of clustered binary data, for D.
  func clustering(_ shares: [Double]) -> Clustering {
    var (observed, independent, together) = (0.0, 0.0, 0.0)
    var repeats = [Double](repeating: 0, count: shares.count)
    for unit in shares.indices {
      let cells = ((unit * monthCount)..<((unit + 1) * monthCount)).filter { trials[$0] > 0 }
      let total = cells.reduce(0) { $0 + Double(trials[$1]) }
      guard total > 1 else { continue }
      let squares = cells.reduce(0) { $0 + Double(trials[$1]) * Double(trials[$1]) }
      repeats[unit] = (squares - total) / total
      let p = shares[unit]
      guard p > 0, p < 1 else { continue }
      let spread = squares / (total * total)
      independent += p * (1 - p) * total * (1 - spread)
      for cell in cells {
        let m = Double(trials[cell])
        let difference = Double(successes[cell]) - m * p
        observed += difference * difference
        together += p * (1 - p) * m * (m - 1) * (1 - 2 * m / total + spread)
      }
    }
    let correlation = together > 0 ? ((observed - independent) / together).clamped(to: 0...1) : 0
    return Clustering(correlation: correlation, repeats: repeats)
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
