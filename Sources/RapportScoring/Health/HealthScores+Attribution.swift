import RapportNumerics

extension HealthScores {
  /// Splits each unit's health over indicators, against the mean unit of this input.
  ///
  /// The reference has for each indicator the mean of the units' posterior mean points, so an indicator without evidence
  /// contributes next to nothing.
  mutating func attribute(threads: Int) {
    guard let composite else { return }
    let scored = units.indices.filter { units[$0].health.estimate != nil }
    guard scored.count > 1 else { return }
    var reference = [Double](repeating: 0, count: indicators.count)
    for unit in scored { for k in reference.indices { reference[k] += units[unit].points[k] } }
    let middle = reference.map { $0 / Double(scored.count) }
    let points = scored.map { units[$0].points }
    let value = composite.health(middle)
    let attributions = parallelMap(count: scored.count, threads: threads) { i in
      let contributions = AumannShapley.contributions(composite, points: points[i], reference: middle)
      let rows = composite.indicators.indices.map {
        Attribution.Contribution(
          indicator: composite.indicators[$0].rawValue, domain: composite.indicators[$0].domain.rawValue,
          points: contributions[$0])
      }
      .sorted { (abs($1.points), $0.indicator) < (abs($0.points), $1.indicator) }
      return Attribution(
        reference: value,
        referenceMeaning: "a manager whose every indicator has the mean points of this input's managers",
        contributions: rows)
    }
    for (i, unit) in scored.enumerated() { units[unit].attribution = attributions[i] }
  }
}
