import RapportScoring

extension Plot {
  /// The share of one manager's requests that still waits, beside comparable requests of others: survival curves.
  ///
  /// - Parameter comparison: what the history says of the manager's waits; `nil` where it says nothing.
  /// - Throws: ``PlotError`` where nobody has this identifier, or no request waited.
  public static func wait(
    _ comparison: WaitComparison?, manager: String, in assessment: Assessment
  ) throws(PlotError) -> Plot {
    try check(manager, in: assessment)
    let name = name(manager, columns: 40)
    guard let comparison else {
      throw .nothingToDraw("'\(name)' has no request whose wait is known")
    }
    let onCalendar = assessment.basis.workingCalendar
    func half(_ median: Double?) -> String {
      median.map { "half are answered within \(Wording.workingDuration($0, onCalendar: onCalendar))" }
        ?? "fewer than half are answered so far"
    }
    let counts =
      "\(name): \(Figure.count(comparison.requests, "request")), \(Figure.count(comparison.answered)) answered; "
      + "\(half(comparison.ownMedian))."
    let others =
      comparison.comparable.isEmpty
      ? "No requests of other managers are comparable."
      : "Comparable requests (\(Figure.count(comparison.others)) of the same partners' other managers, with the same mix "
        + "of partners, topics and priorities): \(half(comparison.comparableMedian))."
    let leftOut =
      comparison.leftOut > 0
      ? " Left out: \(Figure.count(comparison.leftOut, "request")) of \(name) without comparable ones." : ""
    var plot = Plot(
      title: "How long \(name) waits for an answer",
      captions: [
        "The share that still waits after so much \(onCalendar ? "working time" : "time"), with its "
          + "\(Figure.percent(comparison.interval)) limits; open requests count as still waiting. The lower curve is "
          + "answered sooner.", counts + " " + others + leftOut,
      ], label: "Share of requests still waiting by time since the request", summary: counts + " " + others,
      drawing: WaitPlot(
        comparison: comparison, name: name, timeTitle: "\(onCalendar ? "working time" : "time") since the request",
        description: "Share of requests of \(name) still waiting"
      ).drawing)
    plot.source = source(assessment)
    return plot
  }
}
