import RapportScoring

/// A manager's trends as a part of the page.
struct TrendBlock {
  private let trends: ManagerTrends

  init(_ trends: ManagerTrends) { self.trends = trends }

  /// `nil` where no indicator has months enough.
  var block: Block? {
    let paths = Wording.indicatorOrder.compactMap { key in trends.indicators[key]?.path.map { (key: key, path: $0) } }
    guard let longest = paths.map(\.path.months).max(by: { $0.count < $1.count }), let first = longest.first,
      let last = longest.last
    else { return nil }
    let label = "Trends of \(trends.manager) by month"
    let plot = TrendPlot(
      rows: paths.map(row), ends: (first.month, last.month), monthCount: longest.count,
      label: { Wording.short($1, of: paths[$0].key) }, description: PageText.safe(label))
    return Block(
      heading: "Trends",
      paragraphs: [
        "Line: the level as it was known then, with its interval. Dashed: as it is known now, which is no history. "
          + "An upright line: the rate changed about then."
      ] + [Sentences.trendsUntold(trends)].compactMap { $0 },
      bullets: Sentences.trends(trends), drawing: (plot.svg, label))
  }

  private func row(_ key: String, _ path: TrendPath) -> TrendPlot.Row {
    TrendPlot.Row(
      label: Wording.indicator(key),
      months: path.months.map {
        TrendPlot.Month(
          filtered: ($0.filtered.value, $0.filtered.low, $0.filtered.high), smoothed: $0.smoothed.value)
      },
      changes: trends.changes.filter { $0.indicator == key }.compactMap { change in
        path.months.firstIndex { $0.month == change.month }
      }, last: path.months.last.map { Wording.short($0.filtered.value, of: key) } ?? "")
  }
}
