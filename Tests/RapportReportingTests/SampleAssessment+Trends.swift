import RapportScoring

extension SampleAssessment {
  /// The sample with trends of M1 and M2, or of a manager with another identifier in place of M1.
  static func withTrends(_ id: String = "M1") -> Assessment {
    func level(_ value: Double) -> TrendMonth.Level {
      TrendMonth.Level(value: value, low: value - 0.1, high: value + 0.1)
    }
    func path(_ values: [Double], _ higher: Double?, change: Double? = nil) -> TrendPath {
      TrendPath(
        months: values.enumerated().map {
          TrendMonth(
            month: "2026-0\($0 + 1)", filtered: level($1), smoothed: level($1 - 0.05), events: $0 == 2 ? 0 : 7)
        },
        direction: higher.map { TrendPath.Direction(since: "2026-01", probabilityHigher: $0) },
        changeProbability: change)
    }
    func estimate(_ value: Double) -> Estimate {
      Estimate(value: value, low: value - 0.1, high: value + 0.1, effectiveN: 20)
    }
    var assessment = make(firstID: id)
    assessment.trends.indicators = [
      TrendModel(indicator: "adjustedResponseRatio", managers: 2, drift: .estimated, isLogarithmic: true),
      TrendModel(indicator: "pairRegularity", managers: 2, drift: .none),
      TrendModel(indicator: "resolvedForGood", managers: 2, drift: .undetermined),
    ]
    assessment.trends.managers = [
      ManagerTrends(
        manager: id,
        indicators: [
          "adjustedResponseRatio": .estimated(path([0.9, 0.8, 0.7, 0.7, 0.71], 0.01)),
          "answeredWithinTarget": .estimated(path([0.8, 0.8, 0.8, 0.6, 0.5, 0.5], 0.02, change: 0.99)),
          "resolvedForGood": .estimated(path([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], nil)),
          "promisesKeptOnTime": .estimated(path([0.5, 0.6, 0.6, 0.7, 0.7, 0.8], 0.97, change: 0.1)),
          "pairRegularity": .estimated(path([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], nil)),
          "escalationRate": .insufficient(n: 4, needed: 6),
        ],
        changes: [
          TrendChange(
            indicator: "answeredWithinTarget", month: "2026-04", probability: 0.99, before: estimate(0.8),
            after: estimate(0.5), ownBefore: 0.82, ownAfter: 0.52)
        ]),
      ManagerTrends(
        manager: "M2",
        indicators: [
          "pairRegularity": .estimated(path([0.5, 0.5], 0.6)),
          "escalationRate": .estimated(path([5, 5, 5, 2, 2, 2], nil, change: 0.98)),
        ],
        changes: [
          TrendChange(
            indicator: "escalationRate", month: "2026-04", probability: 0.98, before: estimate(5), after: estimate(2),
            ownBefore: 5.1, ownAfter: 1.9)
        ]),
    ]
    return assessment
  }
}
