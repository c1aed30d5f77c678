import RapportScoring

extension Sentences {
  /// The least probability that a direction is told with.
  static let toldDirection = 0.95

  /// Where each indicator of a manager stands and where it went; one sentence or two each.
  ///
  /// - Parameters:
  ///   - models: what was estimated over all managers.
  ///   - times: how the input's times are told.
  static func trends(_ trends: ManagerTrends, models: [TrendModel], times: TimeWords = TimeWords()) -> [String] {
    Wording.trendOrder.compactMap { key -> String? in
      guard let path = trends.indicators[key]?.path, path.count > 0 else { return nil }
      func short(_ value: Double) -> String { Wording.short(value, of: key, times: times) }
      let last = path.month(path.count - 1)
      let changes = trends.changes.filter { $0.indicator == key }
      let level = last.filtered
      var text = "\(Wording.indicator(key)): \(Wording.value(level.value, of: key, times: times)) "
      text += "(\(short(level.low)) to \(short(level.high))) in \(last.month)"
      // Next to a change, "steady" would contradict it.
      if changes.isEmpty || path.direction != nil {
        text += ", " + direction(path, of: key, isSteady: models.first { $0.indicator == key }?.isSteady ?? false)
      }
      return text + "." + changes.map { " " + change($0) }.joined()
    }
  }

  /// How many managers are told as better and as worse, by indicator: months go up and down together. `nil` where none is.
  static func directions(_ trends: Trends) -> String? {
    let told = Wording.trendOrder.compactMap { key -> String? in
      let higher = trends.managers.compactMap { $0.indicators[key]?.path?.direction?.probabilityHigher }
      let (up, down) = (higher.count { $0 >= toldDirection }, higher.count { $0 <= 1 - toldDirection })
      guard up + down > 0 else { return nil }
      let (better, worse) = Wording.isBetterHigher(key) ? (up, down) : (down, up)
      return
        "\(Wording.indicator(key)) as better for \(Figure.count(better)) and as worse for \(Figure.count(worse)) of "
        + Figure.count(higher.count, "manager")
    }
    return told.isEmpty
      ? nil
      : "Over the months these are told: \(list(told)); where nearly all go one way it is the months rather than the manager."
  }

  /// `better than in 2025-01 (higher with probability 97 %)`.
  ///
  /// - Parameter isSteady: whether nobody's level of this indicator moves.
  static func direction(_ path: TrendPath, of key: String, isSteady: Bool) -> String {
    guard let direction = path.direction else {
      return isSteady
        ? "no change can be told: with so few cases a month, a change isn't told from chance, which doesn't say that there was none"
        : "whether it moved can't be told"
    }
    let higher = direction.probabilityHigher
    let isHigher = higher >= toldDirection
    guard isHigher || higher <= 1 - toldDirection else { return "no clear difference from \(direction.since)" }
    let isTime = key == "adjustedResponseRatio"
    let word = isHigher ? (isTime ? "longer" : "higher") : (isTime ? "shorter" : "lower")
    return "\(isHigher == Wording.isBetterHigher(key) ? "better" : "worse") than in \(direction.since) "
      + "(\(word) with probability \(Figure.percent(isHigher ? higher : 1 - higher)))"
  }

  /// `Changed about 2025-03 compared with the same partners' other managers (probability 99 %): 82 % before, 55 % after, in
  /// usual months; as they were, 80 % and 58 %.`
  static func change(_ change: TrendChange) -> String {
    func short(_ value: Double) -> String { Wording.short(value, of: change.indicator) }
    return "Changed about \(change.month) compared with the same partners' other managers "
      + "(probability \(Figure.probability(change.probability))): \(short(change.before.value)) before, "
      + "\(short(change.after.value)) after, in usual months; as they were, \(short(change.ownBefore)) and "
      + "\(short(change.ownAfter))."
  }

  /// Indicators with too few months; `nil` where there is none.
  static func trendsUntold(_ trends: ManagerTrends) -> String? {
    let untold = Wording.trendOrder.compactMap { key -> String? in
      guard case .insufficient(let n, let needed)? = trends.indicators[key] else { return nil }
      return "\(Wording.indicator(key)) (\(n) of \(needed))"
    }
    return untold.isEmpty ? nil : "Too few months with evidence: \(list(untold))."
  }

  /// What got worse, or better, for whom and when; most certain first, of each indicator of a manager the latest change.
  ///
  /// A change that the manager's own cases don't show, since others changed more, is left to the manager's page.
  static func changes(_ trends: Trends, better: Bool, limit: Int = 5) -> [Told] {
    let latest = trends.managers.flatMap { manager in
      Wording.trendOrder.compactMap { key in
        manager.changes.last { $0.indicator == key }.map { (manager: manager.manager, change: $0) }
      }
    }
    let told = latest.filter { _, change in
      change.isSeenInOwnCases
        && (change.after.value > change.before.value) == (Wording.isBetterHigher(change.indicator) == better)
    }
    .sorted { a, b in
      a.change.probability != b.change.probability
        ? a.change.probability > b.change.probability : a.manager < b.manager
    }
    var sentences = told.prefix(limit).map { manager, change in
      func short(_ value: Double) -> String { Wording.short(value, of: change.indicator) }
      func value(_ value: Double) -> String { Wording.value(value, of: change.indicator) }
      let verb = change.after.value > change.before.value ? "rose" : "fell"
      return Told(
        "\(Wording.indicator(change.indicator)) \(verb) from \(short(change.before.value)) to \(value(change.after.value)) about "
          + "\(change.month) compared with the same partners' other managers, as in usual months (probability "
          + "\(Figure.probability(change.probability))); as they were, from \(short(change.ownBefore)) to "
          + "\(value(change.ownAfter)).", of: manager)
    }
    if told.count > limit {
      sentences.append(Told("\(Figure.count(told.count - limit)) more such changes are in trends.csv."))
    }
    return sentences
  }
}
