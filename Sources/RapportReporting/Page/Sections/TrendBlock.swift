import RapportScoring

/// A manager's trends as a part of the page.
struct TrendBlock {
  private let trends: ManagerTrends
  private let models: [TrendModel]
  private let times: TimeWords
  private let directions: String?

  /// - Parameters:
  ///   - models: what was estimated over all managers.
  ///   - directions: how many of all managers are told as better and as worse.
  init(_ trends: ManagerTrends, models: [TrendModel], directions: String? = nil, times: TimeWords = TimeWords()) {
    self.directions = directions
    self.trends = trends
    self.models = models
    self.times = times
  }

  /// `nil` where no indicator has months enough.
  var block: Block? {
    guard let plot = Plot.trend(trends, times: times) else { return nil }
    return Block(
      heading: "Trends",
      paragraphs: plot.captions + [Sentences.readingTrends]
        + [directions, Sentences.trendsUntold(trends)].compactMap { $0 },
      bullets: Sentences.trends(trends, models: models, times: times), drawing: (plot.svg, plot.label))
  }
}
