import RapportIngestion

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
}
