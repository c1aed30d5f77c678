import RapportScoring

/// A manager's trends as a part of the page.
struct TrendBlock {
  private let trends: ManagerTrends
  private let models: [TrendModel]
  private let times: TimeWords

  /// - Parameter models: what was estimated over all managers.
  init(_ trends: ManagerTrends, models: [TrendModel], times: TimeWords = TimeWords()) {
    self.trends = trends
    self.models = models
    self.times = times
  }

  /// `nil` where no indicator has months enough.
  var block: Block? {
    guard let plot = Plot.trend(trends, times: times) else { return nil }
    return Block(
      heading: "Trends",
      paragraphs: plot.captions + [Sentences.readingTrends] + [Sentences.trendsUntold(trends)].compactMap { $0 },
      bullets: Sentences.trends(trends, models: models, times: times), drawing: (plot.svg, plot.label))
  }
}
