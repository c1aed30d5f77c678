extension LinearMixedModelFit {
  /// An estimate without shrinkage, and its variance.
  public struct Released: Sendable, Equatable {
    public let estimate: Double
    public let variance: Double
  }

  /// The estimates of combinations when one level each is released from its prior: what that level's own rows say,
  /// against what all others say about the rest.
  ///
  ///     with w | data ~ N(m, s²) under w ~ N(0, τ²), and c = Cov(δ, w | data):
  ///     δ̂ = E δ + (c/τ²) m / (1 − s²/τ²)        Var = Var δ + (c²/τ²) / (1 − s²/τ²)
  ///
  /// Taking the prior N(0, τ²) of w away is an observation of w = 0 with precision −1/τ². Where the group's variance is at
  /// its boundary, the other levels get a prior of 5 % of the residual's standard deviation, so that this level's can be
  /// taken away.
  ///
  /// - Returns: `nil` where the level has no rows of its own that others could be compared with.
  public func released(
    _ wanted: [(combination: LinearCombination, group: Int, level: Int)], threads: Int = 1
  ) throws(NumericsError) -> [Released?] {
    var ratios = factor.ratios
    for group in Set(wanted.map(\.group)) { ratios[group] = max(ratios[group], 0.05) }
    let factor = ratios == self.factor.ratios ? self.factor : try MixedModelFactor(system, ratios: ratios)
    let solution = ratios == self.factor.ratios ? self.solution : factor.solve(system)
    var combinations: [LinearCombination] = []
    combinations.reserveCapacity(3 * wanted.count)
    for (combination, group, level) in wanted {
      let own = LinearCombination.effect(group: group, level: level)
      combinations.append(combination)
      combinations.append(own)
      combinations.append(
        LinearCombination(effects: combination.effects + own.effects, coefficients: combination.coefficients))
    }
    let variances = factor.quadratics(system, combinations, threads: threads).map(\.prediction)
    return wanted.enumerated().map { index, item in
      let prior = ratios[item.group] * ratios[item.group]
      let (whole, own, both) = (variances[3 * index], variances[3 * index + 1], variances[3 * index + 2])
      let free = 1 - own / prior
      guard free > 1e-9 else { return nil }
      let covariance = (both - whole - own) / 2
      let mean = solution.effects[item.group][item.level]
      return Released(
        estimate: solution.estimate(of: item.combination) + covariance / prior * mean / free,
        variance: residualVariance * (whole + covariance * covariance / prior / free))
    }
  }
}
