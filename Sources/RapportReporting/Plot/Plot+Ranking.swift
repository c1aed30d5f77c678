import RapportScoring

extension Plot {
  /// Rows that a plot shows unless more are asked for; of a longer ranking, the two ends.
  public static let rowLimit = 60

  /// Scores with their intervals in the order of the ranking: a caterpillar plot, with tiers where no order is known.
  ///
  /// - Parameter limit: no more rows than that, at least 2; the ends of a longer ranking are shown.
  /// - Throws: ``PlotError/nothingToDraw(_:)`` where nobody has a score.
  public static func ranking(_ assessment: Assessment, limit: Int = rowLimit) throws(PlotError) -> Plot {
    try ranking(assessment, limit: limit) { _ in nil }
  }

  /// - Parameter anchor: what a manager's name leads to, where the plot is part of a page.
  static func ranking(
    _ assessment: Assessment, limit: Int = rowLimit, anchor: (String) -> String?
  ) throws(PlotError) -> Plot {
    let ranking = assessment.ranking
    let name = Wording.domain(ranking.by.rawValue)
    let byID = Dictionary(assessment.managers.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    let ids =
      ranking.isOrdinal ? ranking.order : ranking.tiers.flatMap { Sentences.likeliestHighFirst($0.managers, byID) }
    let order = ids.compactMap { byID[$0] }.filter { ranking.by.score(of: $0).estimate != nil }
    guard !order.isEmpty else {
      throw .nothingToDraw("no manager has evidence enough for a score of \(name)")
    }
    let half = max(1, limit / 2)
    let isCut = order.count > max(2, limit)
    let shown = isCut ? Array(order.prefix(half) + order.suffix(half)) : order
    let names = Dictionary(ranking.tiers.map { ($0.tier, $0.name) }, uniquingKeysWith: { a, _ in a })
    var rows: [IntervalPlot.Row] = []
    var tier: Int?
    for (i, manager) in shown.enumerated() {
      guard let estimate = ranking.by.score(of: manager).estimate else { continue }
      var row = IntervalPlot.Row(
        label: Self.name(manager.id), value: estimate.value, low: estimate.low,
        high: estimate.high,
        isMarked: ranking.marks(manager),
        remark: manager.left == nil ? "" : ", left", anchor: anchor(manager.id))
      if isCut && i == half {
        row.heading = "… \(Figure.count(order.count - shown.count, "manager")) between …"
      } else if !ranking.isOrdinal, let rank = manager.rank, rank.tier != tier {
        row.heading = "Tier: \(names[rank.tier] ?? String(rank.tier))"
      }
      tier = manager.rank?.tier ?? tier
      rows.append(row)
    }
    let label =
      "\(name) of \(Figure.count(rows.count, "manager")) with \(rows.count == 1 ? "its interval" : "intervals"), "
      + (ranking.isOrdinal ? "the best expected rank first" : "by tier, those likeliest high first")
    let marked = rows.filter(\.isMarked)
    var plot = Plot(
      title: ranking.isOrdinal ? "Ranking by \(name)" : "Tiers by \(name)",
      captions: [
        "Each line is the interval of one manager's score, the mark its value."
          + (marked.isEmpty ? "" : " \(ranking.meaningOfMark)")
          + (ranking.isOrdinal ? "" : " In each tier those likeliest high stand first, those likeliest low last.")
          + (rows.contains { !$0.remark.isEmpty } ? " “left”: no longer in the role at the end." : "")
      ], label: label,
      summary: marked.isEmpty
        ? "Nobody is told apart from the others as standing \(ranking.atLowEnd)"
        : "More likely than not \(ranking.atLowEnd): \(Sentences.list(marked.map(\.label)))",
      drawing: IntervalPlot(rows: rows, axisTitle: "\(name), points", domain: 0...100, description: label).drawing)
    plot.source = source(assessment, hasIntervals: true)
    return plot
  }
}
