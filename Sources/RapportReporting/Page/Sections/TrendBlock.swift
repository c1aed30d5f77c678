import RapportScoring

/// A manager's trends as a part of the page.
struct TrendBlock {
  private let trends: ManagerTrends
  private let models: [TrendModel]
  private let onCalendar: Bool

  /// - Parameter models: what was estimated over all managers.
  init(_ trends: ManagerTrends, models: [TrendModel], onCalendar: Bool = true) {
    self.trends = trends
    self.models = models
    self.onCalendar = onCalendar
  }

  /// `nil` where no indicator has months enough.
  var block: Block? {
    let paths = Wording.trendOrder.compactMap { key in trends.indicators[key]?.path.map { (key: key, path: $0) } }
    // Manager's months end alike but for what became known later.
    let ends = paths.map { (first: $0.path.firstMonth, last: $0.path.monthName($0.path.count - 1)) }
    guard let first = ends.map(\.first).min(), let last = ends.map(\.last).max(), let origin = Self.index(first),
      let end = Self.index(last)
    else { return nil }
    let label = "Trends of \(trends.manager) by month"
    let plot = TrendPlot(
      rows: paths.map { row($0.key, $0.path, end: end) }, ends: (first, last), monthCount: end - origin + 1,
      label: { Wording.short($1, of: paths[$0].key, onCalendar: onCalendar) }, description: PageText.safe(label))
    return Block(
      heading: "Trends",
      paragraphs: [
        "Line: the level as it was known then, with its interval. Dashed: as it is known now, which is no history. "
          + "An upright line: the rate changed about then, compared with the same partners' other managers in the same "
          + "months."
      ] + [Sentences.trendsUntold(trends)].compactMap { $0 },
      bullets: Sentences.trends(trends, models: models, onCalendar: onCalendar), drawing: (plot.svg, label))
  }

  /// Months since year 0.
  private static func index(_ month: String) -> Int? {
    let parts = month.split(separator: "-").compactMap { Int($0) }
    return parts.count == 2 ? parts[0] * 12 + parts[1] - 1 : nil
  }

  private func row(_ key: String, _ path: TrendPath, end: Int) -> TrendPlot.Row {
    let months = path.months
    return TrendPlot.Row(
      label: Wording.indicator(key),
      months: months.map {
        TrendPlot.Month(
          filtered: ($0.filtered.value, $0.filtered.low, $0.filtered.high), smoothed: $0.smoothed.value)
      },
      monthsAfter: end - (months.last.flatMap { Self.index($0.month) } ?? end),
      changes: trends.changes.filter { $0.indicator == key }.compactMap { change in
        months.firstIndex { $0.month == change.month }
      }, last: months.last.map { Wording.short($0.filtered.value, of: key, onCalendar: onCalendar) } ?? "")
  }
}
