import RapportIngestion
import RapportNumerics

/// How indicators moved from month to month, and which rates changed (METHODS.md §12).
public struct Trends: Codable, Sendable, Equatable {
  /// What was estimated over all managers, in the order of ``Indicator``; those that the input gives by month.
  public var indicators: [TrendModel] = []
  /// In the order of the assessment's managers; empty without indicators.
  public var managers: [ManagerTrends] = []
  /// Why there are none, or none of some indicator; `nil` where nothing is missing.
  public var reason: String?

  /// Of how many managers' rates a change can't be told, in words; `nil` where it can of all that are followed.
  public var unjudgedNote: String? {
    let rates = indicators.compactMap(\.changes)
    let (judged, others) = rates.reduce((0, 0)) { ($0.0 + $1.managers, $0.1 + $1.notJudged) }
    guard others > 0 else { return nil }
    let found = rates.reduce(0) { $0 + $1.found }
    return
      "Lasting changes of a rate, beside differences between two months, were looked for in \(judged.grouped) of "
      + "\((judged + others).grouped) rates, several of each manager, and \(found == 0 ? "none is" : found == 1 ? "1 is" : "\(found.grouped) are") clear enough to be "
      + "told, which doesn't say that nothing else changed; the others have too few "
      + "cases, or cases that go together too much, or fewer than two other managers tell what the same partners' months were like."
  }

  /// No trends, for this reason.
  public init(reason: String? = nil) { self.reason = reason }
}

/// One indicator's drift and changes, over all managers.
public struct TrendModel: Codable, Sendable, Equatable {
  /// The indicator's name, in camel case; `pairRegularity` counts months of single pairs, which ``Indicator/regularity``
  /// doesn't.
  public var indicator: String
  /// Managers with months enough.
  public var managers: Int
  /// Whether levels move at all.
  public var drift: Spread
  /// q, the variance of a level's change in one month: in the indicator's unit squared, or of its logarithm.
  public var driftVariance: Double
  /// By how much months scatter more than the errors of single cases say; variances are multiplied by it.
  public var errorFactor: Double
  /// Whether levels are those of the logarithm, so that changes are ratios.
  public var isLogarithmic: Bool
  /// How q was found; `nil` where no search was needed.
  public var search: SearchRecord?
  /// `nil` where the indicator isn't a share or rate.
  public var changes: ChangeSummary?

  /// Whether months differ by no more than chance, so that no level moves; not where that couldn't be estimated.
  public var isSteady: Bool { drift == .none }

  /// An indicator's drift, with nothing known of changes.
  public init(
    indicator: String, managers: Int, drift: Spread, driftVariance: Double = 0, errorFactor: Double = 1,
    isLogarithmic: Bool = false, search: SearchRecord? = nil, changes: ChangeSummary? = nil
  ) {
    self.indicator = indicator
    self.managers = managers
    self.drift = drift
    self.driftVariance = driftVariance
    self.errorFactor = errorFactor
    self.isLogarithmic = isLogarithmic
    self.search = search
    self.changes = changes
  }

  /// Changes chosen out of all managers.
  public struct ChangeSummary: Codable, Sendable, Equatable {
    /// Managers with events enough for two segments, and a partner whose other managers tell what its months were like.
    public var managers: Int
    /// Managers with a path, of whom a change can't be told: events are too few or go together too much, or would without
    /// one of the partner's other managers.
    public var notJudged: Int
    /// The share of managers that is expected to have changed, estimated from all Bayes factors as they are.
    public var expectedShare: Double
    /// Managers with a finding.
    public var found: Int
    /// The share of false ones that is expected among them; at most 5 %.
    public var expectedFalseShare: Double
    /// By how much months scatter more than they should once the partner's month is taken off; cases count by so much less.
    public var dispersion: Double
  }
}

/// One manager's trends.
public struct ManagerTrends: Codable, Sendable, Equatable {
  public var manager: String
  /// By the names of ``Trends/indicators``.
  public var indicators: [String: IndicatorTrend]
  /// Findings, in the order of ``Indicator``, then of months.
  public var changes: [TrendChange]

  /// What is known of an indicator's movement.
  public init(manager: String, indicators: [String: IndicatorTrend] = [:], changes: [TrendChange] = []) {
    self.manager = manager
    self.indicators = indicators
    self.changes = changes
  }
}

/// A rate that changed against what was to be expected of the same cases, from the partners' other managers in the same
/// months; with the rates before and after in the indicator's unit, as they would be in usual months.
public struct TrendChange: Codable, Sendable, Equatable {
  public var indicator: String
  /// The first month of the new rate, in the most probable division.
  public var month: String
  /// That it changed about then: of several changes each has its own. Months beside the one named may be nearly as probable.
  public var probability: Double
  public var before: Estimate
  public var after: Estimate
  /// The same of the manager's own cases as they were, in whatever months; they may move otherwise, where the partners' other
  /// managers moved more.
  public var ownBefore: Double
  public var ownAfter: Double

  /// Whether the manager's own cases moved in the direction of the change.
  public var isSeenInOwnCases: Bool { (ownAfter - ownBefore) * (after.value - before.value) > 0 }

  public init(
    indicator: String, month: String, probability: Double, before: Estimate, after: Estimate, ownBefore: Double,
    ownAfter: Double
  ) {
    self.indicator = indicator
    self.month = month
    self.probability = probability
    self.before = before
    self.after = after
    self.ownBefore = ownBefore
    self.ownAfter = ownAfter
  }
}

/// One indicator of one manager by month, or the reason why there is nothing to show.
public enum IndicatorTrend: Sendable, Equatable {
  case estimated(TrendPath)
  /// Too few months with evidence: `n` of the `needed`.
  case insufficient(n: Int, needed: Int)

  /// The path, where there is one.
  public var path: TrendPath? { if case .estimated(let path) = self { path } else { nil } }
}

/// An indicator's levels by month, from the first month with evidence to the last in which the manager was there, or
/// something was observed.
///
/// Columns, so that results stay small: the i-th entry of each is about the i-th month from `firstMonth` on.
public struct TrendPath: Codable, Sendable, Equatable {
  /// As in `2026-11`.
  public var firstMonth: String
  /// Events that each month's own observation rests on, such as targets passed; 0: nothing was observed.
  public var events: [Int]
  /// From what was known by the end of each month: history.
  public var filtered: Levels
  /// From everything that is known now.
  public var smoothed: Levels
  /// Where the level went of late; `nil` where levels don't move, or that can't be told.
  public var direction: Direction?
  /// The probability that the rate changed at all; `nil` where it isn't a rate, or events are too few for two segments.
  public var changeProbability: Double?

  /// Levels with their intervals, in the indicator's unit.
  public struct Levels: Codable, Sendable, Equatable {
    public var value: [Double] = []
    public var low: [Double] = []
    public var high: [Double] = []
  }

  /// The last month's level against an earlier one's.
  public struct Direction: Codable, Sendable, Equatable {
    /// The earlier month: six before the last, or the first.
    public var since: String
    /// That the level is higher now than it was then.
    public var probabilityHigher: Double
    public init(since: String, probabilityHigher: Double) {
      self.since = since
      self.probabilityHigher = probabilityHigher
    }
  }

  /// A path of these months, one after the other.
  public init(months: [TrendMonth], direction: Direction? = nil, changeProbability: Double? = nil) {
    firstMonth = months.first?.month ?? ""
    events = months.map(\.events)
    filtered = Levels(months.map(\.filtered))
    smoothed = Levels(months.map(\.smoothed))
    self.direction = direction
    self.changeProbability = changeProbability
  }

  /// How many months there are.
  public var count: Int { events.count }

  /// The i-th month.
  public func month(_ i: Int) -> TrendMonth {
    TrendMonth(month: monthName(i), filtered: filtered[i], smoothed: smoothed[i], events: events[i])
  }

  /// All months, as rows.
  public var months: [TrendMonth] { events.indices.map(month) }

  /// The name of the i-th month.
  public func monthName(_ i: Int) -> String {
    let parts = firstMonth.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 2 else { return firstMonth }
    return Month(index: parts[0] * 12 + parts[1] - 1 + i).description
  }
}

extension TrendPath.Levels {
  init(_ levels: [TrendMonth.Level]) {
    self.init(value: levels.map(\.value), low: levels.map(\.low), high: levels.map(\.high))
  }

  subscript(_ i: Int) -> TrendMonth.Level { TrendMonth.Level(value: value[i], low: low[i], high: high[i]) }
}

/// A level in one calendar month, in the indicator's unit.
public struct TrendMonth: Sendable, Equatable {
  /// A level with its interval.
  public struct Level: Codable, Sendable, Equatable {
    public var value: Double
    public var low: Double
    public var high: Double
    public init(value: Double, low: Double, high: Double) {
      self.value = value
      self.low = low
      self.high = high
    }
  }
  /// As in `2026-11`.
  public var month: String
  /// From what was known by the end of that month.
  public var filtered: Level
  /// From everything that is known now.
  public var smoothed: Level
  /// Events that the month's own observation rests on.
  public var events: Int
  public init(month: String, filtered: Level, smoothed: Level, events: Int) {
    self.month = month
    self.filtered = filtered
    self.smoothed = smoothed
    self.events = events
  }
}

extension IndicatorTrend: Codable {
  enum CodingKeys: String, CodingKey { case status, n, needed }
  enum Status: String, Codable { case estimated, insufficient }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Status.self, forKey: .status) {
    case .estimated: self = .estimated(try TrendPath(from: decoder))
    case .insufficient:
      self = .insufficient(
        n: try container.decode(Int.self, forKey: .n), needed: try container.decode(Int.self, forKey: .needed))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .estimated(let path):
      try container.encode(Status.estimated, forKey: .status)
      try path.encode(to: encoder)
    case .insufficient(let n, let needed):
      try container.encode(Status.insufficient, forKey: .status)
      try container.encode(n, forKey: .n)
      try container.encode(needed, forKey: .needed)
    }
  }
}
