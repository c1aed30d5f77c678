/// What ``assess(_:options:observer:)`` does, in this order.
public enum AssessmentStep: Int, Sendable, CaseIterable {
  case responseTimes, indicators, health, ranking, factors, trends

  /// What a person who waits is told.
  public var words: String {
    switch self {
    case .responseTimes: "comparing response times"
    case .indicators: "measuring indicators"
    case .health: "drawing scores"
    case .ranking: "ranking"
    case .factors: "studying factors"
    case .trends: "following trends"
    }
  }
}
