import RapportScoring

extension Plot {
  /// One manager's indicators by month.
  ///
  /// - Throws: ``PlotError`` where nobody has this identifier, or no indicator has months enough.
  public static func trend(_ assessment: Assessment, manager: String) throws(PlotError) -> Plot {
    try check(manager, in: assessment)
    guard let trends = assessment.trends.managers.first(where: { $0.manager == manager }),
      var plot = trend(trends, times: TimeWords(assessment.basis))
    else {
      throw .nothingToDraw(
        "'\(name(manager))' has no trend"
          + (assessment.trends.reason.map { ": \($0)" } ?? ": too few months have evidence"))
    }
    plot.source = source(assessment, hasIntervals: true)
    return plot
  }

  /// A manager's trends; `nil` where no indicator has months enough.
  static func trend(_ trends: ManagerTrends, times: TimeWords) -> Plot? {
    let paths = Wording.trendOrder.compactMap { key in trends.indicators[key]?.path.map { (key: key, path: $0) } }
    // Manager's months end alike but for what became known later.
    let ends = paths.map { (first: $0.path.firstMonth, last: $0.path.monthName($0.path.count - 1)) }
    guard let first = ends.map(\.first).min(), let last = ends.map(\.last).max(), let origin = index(ofMonth: first),
      let end = index(ofMonth: last)
    else { return nil }
    let manager = name(trends.manager, columns: 40)
    let label = "Trends of \(manager) by month"
    func row(_ key: String, _ path: TrendPath) -> TrendPlot.Row {
      let months = path.months
      return TrendPlot.Row(
        label: Wording.indicator(key) + (key == "escalationRate" ? ", per 100 requests" : ""),
        months: months.map {
          TrendPlot.Month(
            filtered: ($0.filtered.value, $0.filtered.low, $0.filtered.high), smoothed: $0.smoothed.value)
        },
        monthsAfter: end - (months.last.flatMap { index(ofMonth: $0.month) } ?? end),
        changes: trends.changes.filter { $0.indicator == key }.compactMap { change in
          months.firstIndex { $0.month == change.month }
        }, last: months.last.map { Wording.short($0.filtered.value, of: key, times: times) } ?? "")
    }
    return Plot(
      title: "Trends of \(manager)",
      captions: [
        "Line: each month's level by what was known up to that month, with its interval. Dashed: the same months by all that is known "
          + "today, later months included, which nobody could have seen then. On the right stands the last month's level, on the left the ends of the row's scale, which is its own."
          + (trends.changes.isEmpty
            ? ""
            : " An upright line: the rate changed about then, compared with the same partners' other managers in the same "
              + "months.")
      ], label: label, summary: trends.changes.isEmpty ? "No change was found" : "",
      drawing: TrendPlot(
        rows: paths.map { row($0.key, $0.path) }, ends: (first, last), monthCount: end - origin + 1,
        label: { Wording.short($1, of: paths[$0].key, times: times) }, description: label
      ).drawing)
  }

  /// Months since year 0.
  private static func index(ofMonth month: String) -> Int? {
    let parts = month.split(separator: "-").compactMap { Int($0) }
    return parts.count == 2 ? parts[0] * 12 + parts[1] - 1 : nil
  }

  /// - Throws: ``PlotError/unknownManager(_:known:)``.
  static func check(_ manager: String, in assessment: Assessment) throws(PlotError) {
    guard assessment.managers.contains(where: { $0.id == manager }) else {
      throw .unknownManager(manager, known: assessment.managers.map(\.id))
    }
  }
}
