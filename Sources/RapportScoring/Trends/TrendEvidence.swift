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

  let indicator: Indicator
  let measure: Measure
  let monthCount: Int

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

  /// Whether levels are those of logarithms.
  var isLogarithmic: Bool { if case .mean = measure { true } else { false } }

  /// The smallest and largest level that there can be.
  var limits: ClosedRange<Double> {
    switch measure {
    case .share: 0...1
    case .rate: 0...Double.infinity
    case .mean: -Double.infinity...Double.infinity
    }
  }
}

/// Two counts by manager and month, such as successes and trials.
struct MonthlyCounts {
  private let months: TrendMonths
  private(set) var first: [Int32]
  private(set) var second: [Int32]

  init(_ history: History, _ months: TrendMonths) {
    self.months = months
    first = [Int32](repeating: 0, count: history.managers.count * months.count)
    second = first
  }

  /// Counts where the month lies in the history and the manager was there.
  mutating func add(_ manager: Int32, _ place: Int?, first one: Bool, second other: Bool) {
    guard let place, manager >= 0, months.isExposed(Int(manager), place) else { return }
    let cell = Int(manager) * months.count + place
    if one { first[cell] += 1 }
    if other { second[cell] += 1 }
  }

  /// `nil` where nothing was counted.
  func share(_ indicator: Indicator) -> TrendEvidence? {
    guard second.contains(where: { $0 > 0 }) else { return nil }
    return TrendEvidence(
      indicator: indicator, measure: .share(successes: first, trials: second), monthCount: months.count)
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
      indicator: indicator, measure: .rate(events: events, exposure: second, unit: unit), monthCount: months.count)
  }
}
