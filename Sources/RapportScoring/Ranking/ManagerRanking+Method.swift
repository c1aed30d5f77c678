import RapportNumerics

extension ManagerRanking {
  /// Puts ranks with the ways to put health together beside those with what isn't known alone; nothing where these weren't
  /// drawn.
  mutating func addMethod(_ scores: HealthScores, options: AssessmentOptions) {
    let units = ranks.indices.filter { ranks[$0] != nil && !scores.units[$0].methodDraws.isEmpty }
    guard units.count >= 2, let composite = scores.composite else { return }
    let draws = units.map { scores.units[$0].methodDraws }
    let posterior = PosteriorRanking(draws, options: options)
    for (i, unit) in units.enumerated() {
      guard let own = ranks[unit] else { continue }
      // What other ways make of ranks may lie to one side of those as configured; together they hold both.
      ranks[unit]?.withMethod = RankWithMethod(
        expected: posterior.expectedRanks[i], low: min(own.low, posterior.lowerRanks[i]),
        high: max(own.high, posterior.upperRanks[i]))
    }
    let stride = (units.count + MethodUncertainty.mostUnits - 1) / MethodUncertainty.mostUnits
    let studied = Swift.stride(from: 0, to: units.count, by: stride).map { units[$0] }
    let uncertainty = MethodUncertainty(
      composite, positions: studied.map { scores.units[$0].positions }, settings: MethodSettings())
    guard let found = uncertainty.study(managers: units.count, seed: options.seed, threads: options.threads) else {
      return
    }
    ranking.method = found.study
    guard stride == 1 else { return }
    func byFactor(_ indices: [SensitivityIndex]?) -> [String: Double]? {
      indices.map { Dictionary(uniqueKeysWithValues: zip(MethodFactor.allCases.map(\.rawValue), $0.map(\.share))) }
    }
    for (unit, indices) in zip(studied, found.units) {
      ranks[unit]?.withMethod?.firstOrder = byFactor(indices.first)
      ranks[unit]?.withMethod?.total = byFactor(indices.total)
    }
  }
}
