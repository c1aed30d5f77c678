/// What the input says about one indicator, for every unit of a level: sums, before any borrowing of strength.
struct IndicatorEvidence: Sendable {
  /// Sufficient statistics, and so the family of the posterior.
  enum Measure: Sendable {
    /// Successes out of trials, as counted; beta-binomial.
    case share(successes: [Double], trials: [Double])
    /// As `share`, of which the balance 1 − |2p − 1| is asked.
    case balance(first: [Double], all: [Double])
    /// Events per exposure; gamma-Poisson.
    case rate(events: [Double], exposure: [Double])
    /// An estimate with its squared standard error, `nil` where there is none; normal-normal, then `exp` where `isLog`.
    case mean(estimates: [Double?], variances: [Double], isLog: Bool)
    /// A posterior that a model has already made, normal on the log scale; beside it the estimates without shrinkage and
    /// their standard errors, and the variance of a unit without evidence.
    case effect(
      means: [Double?], variances: [Double], estimates: [Double?], errors: [Double], priorVariance: Double)
    /// Deviations from even treatment, each pair's a normal on the log scale; the unit's value is exp of the mean
    /// absolute deviation over its pairs, weighted by their requests. `alike`: the chance that there are none.
    case deviation(pairs: [[PairDeviation]], priorVariance: Double, alike: Double)
    /// A moderated variance on the log scale with its degrees of freedom; the value is exp of the standard deviation.
    case spread(variances: [Double?], degrees: [Double])
  }

  /// One pair's deviation from its partner's other pairs.
  struct PairDeviation: Sendable {
    var mean: Double
    var variance: Double
    var weight: Double
    /// The part of `variance` that all pairs of the unit have in common: that of the manager's own effect.
    var shared = 0.0
  }

  var indicator: Indicator
  var measure: Measure
  /// Pieces of evidence per unit, to be held against ``Indicator/needed``.
  var counts: [Int]
  /// How trials of one month go together, so that they tell as much as fewer; `nil` where that isn't looked at.
  var clustering: Clustering?
  /// The variance of a deviation that all units' estimates have in common, in the estimate's unit: of how all of them err alike over
  /// these months.
  var common = 0.0
  /// Units whose value may not be shown, and why.
  var suppressed: [Int: String] = [:]
  /// Raw counts by name, one number per unit, for the reader; `nil` where there is nothing to tell.
  var details: [(name: String, values: [Double?])] = []

  /// Whether there is a value of any unit, from which what is likely for the others can be told. Of ratings or response ratios that are
  /// all suppressed there is none.
  var tellsAny: Bool {
    switch measure {
    case .mean(let estimates, _, _): estimates.contains { $0 != nil }
    case .effect(let means, _, _, _, _): means.contains { $0 != nil }
    default: true
    }
  }

  /// How many times more a unit's share or rate varies among the others' than that of independent trials; 1 where months aren't
  /// looked at.
  func ownDesignEffect(_ unit: Int) -> Double { clustering?.ownDesignEffect(unit) ?? 1 }
}
