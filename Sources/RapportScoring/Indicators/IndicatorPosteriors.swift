import Glibc
import RapportIngestion
import RapportNumerics

/// Every unit's posterior of one indicator, and the prior that stands in where a unit has no evidence.
struct IndicatorPosteriors: Sendable {
  var evidence: IndicatorEvidence
  /// By unit; the prior's own where there is no evidence.
  var posteriors: [Posterior]
  /// What is believed about a unit without evidence.
  var prior: Posterior
  /// Each unit's value without borrowing; `nil` without evidence.
  var plain: [Plain?]

  /// A value without borrowing: what of it errs about normally, and its standard error where the unit is believed to stand, so
  /// that luck in a value isn't luck in its error.
  struct Plain: Sendable {
    /// What the value is of the estimate.
    enum Scale: Sendable {
      case identity
      /// eˣ of a logarithm.
      case exponential
      /// The balance 1 − |2x − 1| of a share.
      case balance
    }

    var estimate: Double
    var error: Double
    /// What is believed in the estimate's place.
    var believed: Double
    /// How much of the estimate's distance from the prior the belief keeps, 0–1; 1 where the estimate is a belief itself.
    var kept = 1.0
    var scale = Scale.identity

    /// In the indicator's unit.
    var value: Double { value(of: estimate) }

    func value(of estimate: Double) -> Double {
      switch scale {
      case .identity: estimate
      case .exponential: Posterior.exponential(estimate)
      case .balance: 1 - abs(2 * estimate - 1)
      }
    }
  }

  var indicator: Indicator { evidence.indicator }

  /// Whether the unit's own value is shown.
  func isShown(_ unit: Int) -> Bool {
    evidence.suppressed[unit] == nil && evidence.counts[unit] >= indicator.needed && plain[unit] != nil
  }

  /// The unit's value without borrowing, of units whose value is shown: others' evidence is too little to be told, or may not be.
  func ownValue(_ unit: Int) -> Double? { isShown(unit) ? plain[unit]?.value : nil }

  /// Borrows strength over the units of `evidence` (METHODS.md §3).
  init(_ evidence: IndicatorEvidence) {
    self.evidence = evidence
    /// Trials that go together tell as much as n/D independent ones, D the unit's own (``MonthClusters``). Rao & Scott (1992)
    /// divide successes alike, which keeps the share, and take what comes out as binomial, whole or not.
    func effective(_ counts: [Double]) -> [Double] { counts.indices.map { counts[$0] / evidence.ownDesignEffect($0) } }
    switch evidence.measure {
    case .share(let counted, let tried):
      let (successes, trials) = (effective(counted), effective(tried))
      var prior = BetaPrior.estimate(successes: successes, trials: trials)
      prior.uncertainty.common = evidence.common
      self.prior = Self.beta(prior.posterior(successes: 0, trials: 0))
      let believed = trials.indices.map { prior.posterior(successes: successes[$0], trials: trials[$0]) }
      posteriors = believed.map(Self.beta)
      plain = trials.indices.map { Self.plainShare(successes[$0], trials[$0], believed: believed[$0]) }
    case .balance(let counted, let tried):
      let (first, all) = (effective(counted), effective(tried))
      var prior = BetaPrior.estimate(successes: first, trials: all)
      prior.uncertainty.common = evidence.common
      let own = prior.posterior(successes: 0, trials: 0)
      self.prior = .balance(a: own.a, b: own.b)
      let believed = all.indices.map { prior.posterior(successes: first[$0], trials: all[$0]) }
      posteriors = believed.map { .balance(a: $0.a, b: $0.b) }
      plain = all.indices.map {
        Self.plainShare(first[$0], all[$0], believed: believed[$0], scale: .balance)
      }
    case .rate(let events, let exposure):
      let (counted, exposed) = (effective(events), effective(exposure))
      let prior = GammaPrior.estimate(events: counted, exposure: exposed)
      func gamma(_ p: (shape: Double, rate: Double)) -> Posterior { .gamma(shape: p.shape, rate: p.rate) }
      self.prior = gamma(prior.posterior(events: 0, exposure: 0))
      let believed = events.indices.map { prior.posterior(events: counted[$0], exposure: exposed[$0]) }
      posteriors = believed.map(gamma)
      plain = events.indices.map {
        let (time, rate) = (exposed[$0], believed[$0].shape / believed[$0].rate)
        return time > 0
          ? Plain(
            estimate: counted[$0] / time, error: (rate / time).squareRoot(), believed: rate,
            kept: min(1, time / believed[$0].rate)) : nil
      }
    case .mean(let estimates, let variances, let isLog):
      let rows = estimates.indices.filter { estimates[$0] != nil }
      var prior = NormalPrior.estimate(rows.map { estimates[$0]! }, variances: rows.map { variances[$0] })
      prior.uncertainty.common = evidence.common
      func normal(_ p: (mean: Double, variance: Double)) -> Posterior {
        isLog
          ? .logNormal(mean: p.mean, deviation: p.variance.squareRoot())
          : .normal(mean: p.mean, deviation: p.variance.squareRoot())
      }
      self.prior = normal(prior.posterior(nil, variance: 1))
      let believed = estimates.indices.map { prior.posterior(estimates[$0], variance: variances[$0]) }
      posteriors = believed.map(normal)
      plain = estimates.indices.map { unit in
        estimates[unit].map {
          Plain(
            estimate: $0, error: variances[unit].squareRoot(), believed: believed[unit].mean,
            kept: min(1, believed[unit].variance / variances[unit]), scale: isLog ? .exponential : .identity)
        }
      }
    case .effect(let means, let variances, let estimates, let errors, let priorVariance):
      // Where all waits are the same nothing differs and nothing errs; a distribution needs some width.
      func normal(_ mean: Double, _ variance: Double) -> Posterior {
        .logNormal(mean: mean, deviation: max(variance, 1e-12).squareRoot())
      }
      prior = normal(0, priorVariance)
      posteriors = means.indices.map { unit in
        normal(means[unit] ?? 0, means[unit] == nil ? priorVariance : variances[unit])
      }
      plain = estimates.indices.map { unit in
        estimates[unit].map {
          Plain(
            estimate: $0, error: errors[unit], believed: means[unit] ?? 0,
            kept: errors[unit] > 0 ? min(1, variances[unit] / (errors[unit] * errors[unit])) : 1, scale: .exponential)
        }
      }
    case .deviation(let pairs, let priorVariance, let alike):
      prior = .evenness([IndicatorEvidence.PairDeviation(mean: 0, variance: priorVariance, weight: 1)], alike: alike)
      let believed: [Posterior] = pairs.map { rows in
        let total = rows.reduce(0) { $0 + $1.weight }
        guard total > 0 else {
          return .evenness([IndicatorEvidence.PairDeviation(mean: 0, variance: priorVariance, weight: 1)], alike: alike)
        }
        return .evenness(
          rows.map { .init(mean: $0.mean, variance: $0.variance, weight: $0.weight / total, shared: $0.shared) },
          alike: alike)
      }
      posteriors = believed
      plain = pairs.indices.map { unit -> Plain? in
        let total = pairs[unit].reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        let deviation = pairs[unit].reduce(0) { $0 + $1.weight / total * abs($1.mean) }
        // Of a posterior with variance v under a prior of variance τ² the mean errs by v (1 − v/τ²).
        let variance = pairs[unit].reduce(0) {
          $0 + $1.weight * $1.weight / total / total * $1.variance * max(0, 1 - $1.variance / priorVariance)
        }
        return Plain(
          estimate: deviation, error: variance.squareRoot(), believed: log(believed[unit].value), scale: .exponential)
      }
    case .spread(let variances, let degrees):
      let prior = Self.spread(variances, degrees)
      self.prior = prior
      let believed: [Posterior] = variances.indices.map { unit in
        variances[unit].map { .spread(scale: max($0, 1e-12), degrees: degrees[unit]) } ?? prior
      }
      posteriors = believed
      plain = variances.indices.map { unit in
        // The standard error of log σ̂ is 1/√(2 n) of n own degrees of freedom, of which moderation leaves n/df.
        variances[unit].map {
          let usual = log(believed[unit].value)
          let own = min(Double(evidence.counts[unit]), degrees[unit])
          return Plain(
            estimate: $0.squareRoot(), error: usual * (own / 2).squareRoot() / degrees[unit], believed: usual,
            scale: .exponential)
        }
      }
    }
  }

  /// What is believed of a unit without evidence: all units' posteriors mixed, as one of their family.
  ///
  /// Mean and variance of log variance over the mixture are matched: with ψ the digamma function, a posterior has mean
  /// log(s d/2) − ψ(d/2) and variance ψ'(d/2).
  private static func spread(_ variances: [Double?], _ degrees: [Double]) -> Posterior {
    let known = variances.indices.filter { (variances[$0] ?? 0) > 0 }
    guard !known.isEmpty else { return .spread(scale: 1, degrees: 4) }
    let count = Double(known.count)
    let means = known.map { log(variances[$0]! * degrees[$0] / 2) - digamma(degrees[$0] / 2) }
    let mean = means.reduce(0, +) / count
    let between = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let within = known.reduce(0) { $0 + trigamma(degrees[$1] / 2) } / count
    let half = min(inverseTrigamma(between + within), 5e5)
    return .spread(scale: Posterior.exponential(mean + digamma(half)) / half, degrees: 2 * half)
  }

  private static func beta(_ p: (a: Double, b: Double)) -> Posterior { .beta(a: p.a, b: p.b) }

  /// A share with its binomial standard error.
  private static func plainShare(
    _ successes: Double, _ trials: Double, believed: (a: Double, b: Double), scale: Plain.Scale = .identity
  ) -> Plain? {
    guard trials > 0 else { return nil }
    let weight = believed.a + believed.b
    let share = believed.a / weight
    return Plain(
      estimate: successes / trials, error: (share * (1 - share) / trials).squareRoot(), believed: share,
      kept: min(1, trials / weight), scale: scale)
  }
}
