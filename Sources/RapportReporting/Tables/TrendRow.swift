import RapportScoring

/// A row of `trends.csv`: one indicator of one manager in one month, or why there is none.
struct TrendRow: Encodable, Sendable {
  struct Change: Encodable, Sendable {
    var probability: Double
    var before: Estimate
    var after: Estimate
    var ownBefore: Double
    var ownAfter: Double
  }
  var manager: String?
  var indicator: String?
  var month: String?
  var status: String?
  var events: Int?
  var filtered: TrendMonth.Level?
  var smoothed: TrendMonth.Level?
  /// In the last month of a path.
  var direction: TrendPath.Direction?
  /// In the last month of a path.
  var changeProbability: Double?
  /// In the month with which it begins.
  var change: Change?
  var n: Int?
  var needed: Int?
  var reason: String?

  /// The columns that lead, in order.
  static let columns = [
    "manager", "indicator", "month", "status", "events", "filtered", "smoothed", "direction", "changeProbability",
    "change", "n", "needed", "reason",
  ]
  /// Every cell, so that a table has the same columns whatever it holds.
  static let cells = [
    "manager", "indicator", "month", "status", "events", "filtered.value", "filtered.low", "filtered.high",
    "smoothed.value", "smoothed.low", "smoothed.high", "direction.since", "direction.probabilityHigher",
    "changeProbability", "change.probability", "change.before.value", "change.before.low", "change.before.high",
    "change.before.effectiveN", "change.after.value", "change.after.low", "change.after.high",
    "change.after.effectiveN", "change.ownBefore", "change.ownAfter", "n", "needed", "reason",
  ]
}

extension TrendRow {
  /// The row of an indicator in the path's month of this position; of an indicator with too few months, its only one.
  init(_ trends: ManagerTrends, _ key: String, month: Int) {
    self.init(manager: trends.manager, indicator: key)
    switch trends.indicators[key] {
    case .insufficient(let n, let needed)?: (status, self.n, self.needed) = ("insufficient", n, needed)
    case .estimated(let path)?:
      let row = path.month(month)
      (status, self.month, events, filtered, smoothed) =
        ("estimated", row.month, row.events, row.filtered, row.smoothed)
      if month == path.count - 1 {
        direction = path.direction
        changeProbability = path.changeProbability
      }
      change = trends.changes.first { $0.indicator == key && $0.month == row.month }.map {
        Change(
          probability: $0.probability, before: $0.before, after: $0.after, ownBefore: $0.ownBefore,
          ownAfter: $0.ownAfter)
      }
    case nil: break
    }
  }
}
