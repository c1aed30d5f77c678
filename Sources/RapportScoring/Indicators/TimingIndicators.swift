import RapportIngestion

/// What the timing model says about a unit: how long its requests take, how steadily, and how evenly (METHODS.md §4).
enum TimingIndicators {
  /// exp of the manager's, pair's or partner's effect: 1.2 = takes 20 % longer than comparable requests.
  ///
  /// It is suppressed where waits are known by the day only (``TimesByDay``).
  static func adjustedResponseRatio(_ timing: TimingModel?, _ level: Level) -> IndicatorEvidence? {
    guard let timing else { return nil }
    var means = [Double?](repeating: nil, count: level.count)
    var variances = [Double](repeating: 0, count: level.count)
    var estimates = means
    var errors = variances
    var requests = [Int](repeating: 0, count: level.count)
    var suppressed: [Int: String] = [:]
    var priorVariance = timing.managerVariance
    func set(
      _ unit: Int, _ effect: TimingModel.Effect, _ estimate: Double?, _ variance: Double?, isByDay: Bool
    ) {
      requests[unit] = effect.requests
      guard !isByDay else {
        suppressed[unit] = TimesByDay.reason
        return
      }
      means[unit] = effect.mean
      variances[unit] = effect.variance
      estimates[unit] = estimate
      errors[unit] = (variance ?? 0).squareRoot()
    }
    switch level.kind {
    case .manager:
      for (unit, effect) in timing.managers.enumerated() {
        guard let effect else { continue }
        set(
          unit, effect, timing.managerEstimates[unit]?.mean, timing.managerEstimates[unit]?.variance,
          isByDay: timing.byDay.managers.contains(unit))
      }
    case .pair:
      priorVariance += timing.pairVariance
      for pair in timing.pairs {
        let unit = level.unit(Int32(pair.manager), Int32(pair.partner))
        set(
          unit, pair.effect, pair.estimate, pair.estimateVariance,
          isByDay: timing.byDay.holds(manager: pair.manager, partner: pair.partner))
      }
    case .partner:
      priorVariance = timing.partnerVariance
      for (unit, effect) in timing.partners.enumerated() {
        if let effect {
          set(unit, effect, effect.mean, effect.variance, isByDay: timing.byDay.partners.contains(unit))
        }
      }
    }
    guard means.contains(where: { $0 != nil }) || !suppressed.isEmpty else { return nil }
    return IndicatorEvidence(
      indicator: .adjustedResponseRatio,
      measure: .effect(
        means: means, variances: variances, estimates: estimates, errors: errors,
        priorVariance: priorVariance),
      counts: requests, suppressed: suppressed, details: [("requests", requests.map { Double($0) })])
  }

  /// exp of the moderated standard deviation of what the model leaves: "within a factor of 2.1".
  static func predictability(_ timing: TimingModel?, _ level: Level) -> IndicatorEvidence? {
    guard let timing else { return nil }
    var variances = [Double?](repeating: nil, count: level.count)
    var degrees = [Double](repeating: 1, count: level.count)
    var answered = [Int](repeating: 0, count: level.count)
    func set(_ unit: Int, _ effect: TimingModel.Effect) {
      guard effect.residualDegrees > 0, effect.residualVariance.isFinite else { return }
      variances[unit] = effect.residualVariance
      // Infinite degrees of freedom say that all units vary alike.
      degrees[unit] = min(effect.residualDegrees, 1e6)
      answered[unit] = effect.answered
    }
    switch level.kind {
    case .manager: for (unit, effect) in timing.managers.enumerated() { if let effect { set(unit, effect) } }
    case .partner: for (unit, effect) in timing.partners.enumerated() { if let effect { set(unit, effect) } }
    case .pair:
      for pair in timing.pairs { set(level.unit(Int32(pair.manager), Int32(pair.partner)), pair.effect) }
    }
    guard variances.contains(where: { $0 != nil }) else { return nil }
    return IndicatorEvidence(
      indicator: .predictability, measure: .spread(variances: variances, degrees: degrees), counts: answered,
      details: [("answered", answered.map { Double($0) })])
  }

  /// Where the likelihood sees no variance between managers and none between pairs, its estimate lies at its boundary, as it would half of
  /// the time if there were none (Self & Liang 1987): so likely it is then taken to be that nobody is treated differently.
  static let chanceAlikeAtBoundary = 0.5

  /// exp of the mean distance of a unit's pairs from comparable requests of their partners, weighted by requests.
  static func evenness(_ timing: TimingModel?, _ level: Level) -> IndicatorEvidence? {
    guard let timing else { return nil }
    var pairs = [[IndicatorEvidence.PairDeviation]](repeating: [], count: level.count)
    var requests = [Int](repeating: 0, count: level.count)
    for pair in timing.pairs where pair.estimate != nil {
      let unit = level.unit(Int32(pair.manager), Int32(pair.partner))
      let shared = level.kind == .manager ? timing.managers[pair.manager]?.variance ?? 0 : 0
      pairs[unit].append(
        .init(
          mean: pair.effect.mean, variance: pair.effect.variance, weight: Double(pair.effect.requests),
          shared: min(shared, pair.effect.variance)))
      requests[unit] += pair.effect.requests
    }
    guard requests.contains(where: { $0 > 0 }) else { return nil }
    return IndicatorEvidence(
      indicator: .evenness,
      measure: .deviation(
        pairs: pairs, priorVariance: timing.managerVariance + timing.pairVariance,
        alike: timing.seesNoDifference ? chanceAlikeAtBoundary : 0),
      counts: requests, details: [("requests", requests.map { Double($0) }), ("pairs", pairs.map { Double($0.count) })])
  }
}
