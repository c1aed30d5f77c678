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
    guard let plot = Plot.trend(trends, onCalendar: onCalendar) else { return nil }
    return Block(
      heading: "Trends", paragraphs: plot.captions + [Sentences.trendsUntold(trends)].compactMap { $0 },
      bullets: Sentences.trends(trends, models: models, onCalendar: onCalendar), drawing: (plot.svg, plot.label))
  }
}
