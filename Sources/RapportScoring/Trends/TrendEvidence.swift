import RapportIngestion

/// What the input says of one indicator by manager and month, the months of manager m at m · months.
///
/// A case counts in the month in which its outcome was known, not in that in which it began: else good news would arrive
/// before bad, and a level "as known then" would know what came later.
struct TrendEvidence: Sendable {
  enum Measure: Sendable {
    /// Successes out of trials.
    case share(successes: [Int32], trials: [Int32])
    /// Events in exposure, told per `unit` of it.
    case rate(events: [Int32], exposure: [Int32], unit: Double)
    /// Logarithms with their squared standard errors, of `counts` cases each.
    case mean(values: [Double], variances: [Double], counts: [Int32])
  }

  /// The trend's name in results: the indicator's, unless something else is counted than there.
  let key: String
  let indicator: Indicator
  let measure: Measure
  let monthCount: Int
  /// Of shares and rates: the same by pair, the months of pair i at i · months; cases without a partner are in none.
  let byPair: (first: [Int32], second: [Int32])

  init(
    _ indicator: Indicator, key: String? = nil, measure: Measure, monthCount: Int,
    byPair: (first: [Int32], second: [Int32]) = ([], [])
  ) {
    self.key = key ?? indicator.rawValue
    self.indicator = indicator
    self.measure = measure
    self.monthCount = monthCount
    self.byPair = byPair
  }

  /// Events, by manager and month, that observations rest on; nothing was observed where there is none.
  var sizes: [Int32] {
    switch measure {
    case .share(_, let trials): trials
    case .rate(_, let exposure, _): exposure
    case .mean(_, _, let counts): counts
    }
  }

  /// The cells of a manager's months.
  func cells(_ manager: Int) -> Range<Int> { manager * monthCount..<(manager + 1) * monthCount }

  /// A manager's own share or rate over some months, nothing taken off; NaN without cases, and of means.
  func rate(_ manager: Int, places: [Int]) -> Double {
    let start = manager * monthCount
    func ratio(_ first: [Int32], _ second: [Int32]) -> Double {
      let (events, cases) = places.reduce(into: (0, 0)) {
        $0.0 += Int(first[start + $1])
        $0.1 += Int(second[start + $1])
      }
      return Double(events) / Double(cases)
    }
    return switch measure {
    case .share(let successes, let trials): ratio(successes, trials)
    case .rate(let events, let exposure, let unit): ratio(events, exposure) * unit
    case .mean: .nan
    }
  }

  /// Whether levels are those of logarithms.
  var isLogarithmic: Bool { if case .mean = measure { true } else { false } }

  /// Whether it counts events in exposure.
  var isRate: Bool { if case .rate = measure { true } else { false } }

  /// The smallest and largest level that there can be.
  var limits: ClosedRange<Double> {
    isLogarithmic ? -Double.infinity...Double.infinity : indicator.possible
  }
}

/// Two counts by manager and month, such as successes and trials, and by pair and month.
struct MonthlyCounts {
  private let months: HistoryMonths
  private let pairs: PairTable
  private var first: [Int32]
  private var second: [Int32]
  private var byPair: (first: [Int32], second: [Int32])

  init(_ history: History, _ pairs: PairTable, _ months: HistoryMonths) {
    self.months = months
    self.pairs = pairs
    first = [Int32](repeating: 0, count: history.managers.count * months.count)
    second = first
    byPair.first = [Int32](repeating: 0, count: pairs.count * months.count)
    byPair.second = byPair.first
  }

  /// Counts where the month lies in the history and the manager was there; partner −1 is nobody known.
  mutating func add(_ manager: Int32, _ partner: Int32, _ place: Int?, first one: Bool, second other: Bool) {
    guard let place, manager >= 0, months.isExposed(Int(manager), place) else { return }
    let cell = Int(manager) * months.count + place
    if one { first[cell] += 1 }
    if other { second[cell] += 1 }
    let pair = partner < 0 ? -1 : pairs.position(manager: manager, partner: partner)
    guard pair >= 0 else { return }
    if one { byPair.first[pair * months.count + place] += 1 }
    if other { byPair.second[pair * months.count + place] += 1 }
  }

  /// `nil` where nothing was counted.
  func share(_ indicator: Indicator, key: String? = nil) -> TrendEvidence? {
    guard second.contains(where: { $0 > 0 }) else { return nil }
    return TrendEvidence(
      indicator, key: key, measure: .share(successes: first, trials: second), monthCount: months.count, byPair: byPair)
  }

  /// Events of a month without exposure count in the next one that has some; after the last they are left out.
  ///
  /// - Returns: `nil` without events.
  func rate(_ indicator: Indicator, unit: Double) -> TrendEvidence? {
    guard first.contains(where: { $0 > 0 }), second.contains(where: { $0 > 0 }) else { return nil }
    var events = first
    for start in stride(from: 0, to: events.count, by: months.count) {
      var waiting: Int32 = 0
      for cell in start..<start + months.count {
        waiting += events[cell]
        events[cell] = second[cell] > 0 ? waiting : 0
        if second[cell] > 0 { waiting = 0 }
      }
    }
    return TrendEvidence(
      indicator, measure: .rate(events: events, exposure: second, unit: unit), monthCount: months.count, byPair: byPair)
  }
}
