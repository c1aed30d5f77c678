import RapportNumerics

extension HealthScores {
  /// Splits each unit's health over indicators, against the mean unit of this input.
  ///
  /// The reference has for each indicator the mean of the units' posterior mean points. What indicators contribute that
  /// aren't measured of the unit rests on points assumed from others, so it carries no indicator's name: all of it is one
  /// contribution, ``Attribution/notMeasured``.
  mutating func attribute(threads: Int) {
    guard let composite else { return }
    let scored = units.indices.filter { units[$0].health.estimate != nil }
    guard scored.count > 1 else { return }
    var reference = [Double](repeating: 0, count: indicators.count)
    for unit in scored { for k in reference.indices { reference[k] += units[unit].points[k] } }
    let middle = reference.map { $0 / Double(scored.count) }
    let points = scored.map { units[$0].points }
    let value = composite.health(middle)
    let all = units
    let attributions = parallelMap(count: scored.count, threads: threads) { i in
      let contributions = AumannShapley.contributions(composite, points: points[i], reference: middle)
      let scores = all[scored[i]].indicators
      var rows: [Attribution.Contribution] = []
      var assumed: Double?
      for (indicator, contribution) in zip(composite.indicators, contributions) {
        if scores[indicator.rawValue]?.score.estimate == nil {
          assumed = (assumed ?? 0) + contribution
        } else {
          rows.append(
            Attribution.Contribution(
              indicator: indicator.rawValue, domain: indicator.domain.rawValue, points: contribution))
        }
      }
      rows.sort { (abs($1.points), $0.indicator) < (abs($0.points), $1.indicator) }
      if let assumed {
        rows.append(
          Attribution.Contribution(
            indicator: Attribution.notMeasured, domain: Attribution.notMeasured, points: assumed))
      }
      return Attribution(
        reference: value,
        referenceMeaning: "a manager whose every indicator has the mean points of this input's managers",
        contributions: rows)
    }
    for (i, unit) in scored.enumerated() { units[unit].attribution = attributions[i] }
  }
}
