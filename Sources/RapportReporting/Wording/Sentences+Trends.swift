import RapportScoring

extension Sentences {
  /// The least probability that a direction is told with.
  static let toldDirection = 0.95

  /// Where each indicator of a manager stands and where it goes; one sentence or two each.
  static func trends(_ trends: ManagerTrends) -> [String] {
    Wording.indicatorOrder.compactMap { key in
      guard let path = trends.indicators[key]?.path, let last = path.months.last else { return nil }
      let level = last.filtered
      return "\(Wording.indicator(key)): \(Wording.value(level.value, of: key)) "
        + "(\(Wording.short(level.low, of: key)) to \(Wording.short(level.high, of: key))) in \(last.month), "
        + direction(path) + "."
        + trends.changes.filter { $0.indicator == key }.map { " " + change($0) }.joined()
    }
  }

  /// `rising since 2025-01 (probability 97 %)`.
  static func direction(_ path: TrendPath) -> String {
    guard let direction = path.direction else { return "steady: months differ by no more than chance" }
    let higher = direction.probabilityHigher
    if higher >= toldDirection { return "rising since \(direction.since) (probability \(Figure.percent(higher)))" }
    if higher <= 1 - toldDirection {
      return "falling since \(direction.since) (probability \(Figure.percent(1 - higher)))"
    }
    return "no clear direction since \(direction.since)"
  }

  /// `Changed in 2025-03 (probability 99 %): 82 % before, 55 % after.`
  static func change(_ change: TrendChange) -> String {
    "Changed about \(change.month) (probability \(Figure.percent(change.probability))): "
      + "\(Wording.short(change.before.value, of: change.indicator)) before, "
      + "\(Wording.short(change.after.value, of: change.indicator)) after."
  }

  /// Indicators with too few months; `nil` where there is none.
  static func trendsUntold(_ trends: ManagerTrends) -> String? {
    let untold = Wording.indicatorOrder.compactMap { key -> String? in
      guard case .insufficient(let n, let needed)? = trends.indicators[key] else { return nil }
      return "\(Wording.indicator(key)) (\(n) of \(needed))"
    }
    return untold.isEmpty ? nil : "Too few months with evidence: \(list(untold))."
  }

  /// Whose rates changed, most certain first; `nil` where nobody's did.
  static func changes(_ trends: Trends, limit: Int = 5) -> String? {
    let changed = trends.managers.compactMap { manager in
      manager.changes.map(\.probability).max().map { (id: manager.manager, probability: $0) }
    }
    .sorted { $0.probability != $1.probability ? $0.probability > $1.probability : $0.id < $1.id }
    guard !changed.isEmpty else { return nil }
    let names = changed.prefix(limit).map(\.id)
    return "Changed over time: "
      + (changed.count > limit
        ? "\(names.joined(separator: ", ")) and \(Figure.count(changed.count - limit)) more" : list(names)) + "."
  }
}
