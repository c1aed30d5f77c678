import Glibc

/// What is believed of a group's variance before the data say anything: any share B of the group's mean in a typical level's
/// estimate is as likely as another.
///
///     B = v/(v + θ²)        log density of log θ²: 2 log θ − 2 log(v + θ²) + a constant
///
/// v is the squared error of a typical level's own estimate and θ² the group's variance, both over σ².
///
/// Source: Daniels (1999), A prior for the variance in hierarchical models, Can. J. Stat. 27: the uniform shrinkage prior.
struct RatioPrior: Sendable {
  /// v.
  let typicalError: Double

  /// What it adds to the deviance, −2 log density.
  func deviance(_ ratio: Double) -> Double {
    -4 * log(abs(ratio)) + 4 * log(typicalError + ratio * ratio)
  }

  /// Its derivative by θ.
  func slope(_ ratio: Double) -> Double { -4 / ratio + 8 * ratio / (typicalError + ratio * ratio) }
}

extension LinearMixedModelFit {
  /// The same model with the variances of some groups at their posterior mode.
  ///
  /// The restricted likelihood often says of a few levels that they don't differ at all, and then every level is predicted at 0
  /// without any error. With the prior of `RatioPrior` the mode is never at that boundary; with many levels it agrees with the likelihood.
  /// The other groups' ratios and the residual variance are at their best beside it.
  ///
  ///     f_g(θ₀) = (q_g − 1) θ₀²/(v_g + θ₀²)        f_g the group's degrees of freedom at a ratio θ₀ near 0, q_g its levels
  ///
  /// v depends on the other ratios and is found anew until it moves by less than a twentieth.
  ///
  /// - Parameters:
  ///   - informed: positions of the groups; one whose levels the data tell nothing about keeps its ratio.
  ///   - design: the one that the model was fitted to, as `groups` are.
  /// - Returns: a fit whose log-likelihood is that at its own ratios, below the maximum.
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where a factorization fails.
  ///
  /// Source: Chung, Rabe-Hesketh, Dorie, Gelman & Liu (2013), A nondegenerate penalized likelihood estimator for variance
  /// parameters in multilevel models, Psychometrika 78. Differs: their density of the ratio grows without end, like θ.
  public func posteriorMode(
    of informed: [Int], design: DesignMatrix, groups: [Grouping], threads: Int = 1
  ) throws(NumericsError) -> LinearMixedModelFit {
    let objective = objective
    var found = RatioSearch.Outcome(ratios: factor.ratios, value: deviance, record: search)
    var before: [Int: RatioPrior] = [:]
    for _ in 0..<Self.mostRounds {
      let priors = try Self.priors(of: informed, groups, objective, at: found.ratios)
      let hasMoved = priors.contains { group, prior in
        guard let old = before[group] else { return true }
        return abs(log(prior.typicalError / old.typicalError)) > 0.05
      }
      guard hasMoved else { break }
      before = priors
      let start = found.ratios.enumerated().map { group, ratio in
        priors[group].map { max(ratio, $0.typicalError.squareRoot()) } ?? ratio
      }
      var search = RatioSearch(
        { (ratios) throws(NumericsError) in
          try objective.point(ratios).adding(priors)
        }, start: start, units: start.map { _ in objective.unit }, threads: threads)
      found = try search.run()
    }
    if before.isEmpty { return self }
    found.value = try objective.value(found.ratios)
    return try LinearMixedModelFit(system, objective, found, design: design, groups: groups)
  }

  /// More rounds than these move no v by as much as a twentieth.
  private static let mostRounds = 4
  /// θ₀, in units of a search.
  private static let smallRatio = 1e-3

  /// By group; none for groups of which nothing is known.
  private static func priors(
    of informed: [Int], _ groups: [Grouping], _ objective: MixedModelObjective, at ratios: [Double]
  ) throws(NumericsError) -> [Int: RatioPrior] {
    let system = objective.system
    var result: [Int: RatioPrior] = [:]
    for group in informed {
      var near = ratios
      near[group] = smallRatio * objective.unit
      let factor = try MixedModelFactor(system, ratios: near)
      let freedom = factor.freedoms(system, withCoefficients: objective.criterion == .restricted)[group]
      let levels = Double(groups[group].levelCount)
      let square = near[group] * near[group]
      // Of levels that the fixed columns tell already, rounding is all that is left.
      guard levels > 1, freedom > 1e-6 * smallRatio * smallRatio, freedom < levels - 1 else { continue }
      result[group] = RatioPrior(typicalError: square * ((levels - 1) / freedom - 1))
    }
    return result
  }
}

extension RatioSearch.Point {
  /// The same with priors of some ratios, which are even in them as the deviance is.
  fileprivate func adding(_ priors: [Int: RatioPrior]) -> RatioSearch.Point {
    var total = value
    for group in x.indices { if let prior = priors[group] { total += prior.deviance(x[group]) } }
    return RatioSearch.Point(x: x, value: total, blur: blur) {
      var slopes = gradient()
      for group in x.indices where x[group] != 0 {
        if let prior = priors[group] { slopes[group] += prior.slope(x[group]) }
      }
      return slopes
    }
  }
}
