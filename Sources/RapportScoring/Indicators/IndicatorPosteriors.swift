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

  /// A value without borrowing, in the indicator's unit.
  struct Plain: Sendable {
    var value: Double
    /// Its standard error; of its logarithm where `isLogarithmic`.
    var error: Double
    var isLogarithmic = false

    /// So many standard errors away from a value.
    func moved(_ value: Double, by errors: Double) -> Double {
      isLogarithmic ? value * Posterior.exponential(errors * error) : value + errors * error
    }
  }

  var indicator: Indicator { evidence.indicator }

  /// Whether the unit's own value is shown.
  func isShown(_ unit: Int) -> Bool {
    evidence.suppressed[unit] == nil && evidence.counts[unit] >= indicator.needed && plain[unit] != nil
  }

  /// Borrows strength over the units of `evidence` (METHODS.md §3).
  init(_ evidence: IndicatorEvidence) {
    self.evidence = evidence
    switch evidence.measure {
    case .share(let counted, let tried):
      // Trials that go together tell as much as n/D independent ones, D the unit's own (``MonthClusters``). Rao & Scott (1992)
      // divide successes alike, which keeps the share, and take what comes out as binomial, whole or not.
      let trials = tried.indices.map { tried[$0] / evidence.designEffect($0) }
      let successes = counted.indices.map { counted[$0] / evidence.designEffect($0) }
      let prior = BetaPrior.estimate(successes: successes, trials: trials)
      self.prior = Self.beta(prior.posterior(successes: 0, trials: 0))
      let believed = trials.indices.map { Self.beta(prior.posterior(successes: successes[$0], trials: trials[$0])) }
      posteriors = believed
      plain = trials.indices.map { Self.plainShare(successes[$0], trials[$0], believed: believed[$0].value) }
    case .balance(let first, let all):
      let prior = BetaPrior.estimate(successes: first, trials: all)
      let own = prior.posterior(successes: 0, trials: 0)
      self.prior = .balance(a: own.a, b: own.b)
      let believed = all.indices.map { prior.posterior(successes: first[$0], trials: all[$0]) }
      posteriors = believed.map { .balance(a: $0.a, b: $0.b) }
      plain = all.indices.map { unit in
        Self.plainShare(first[unit], all[unit], believed: believed[unit].a / (believed[unit].a + believed[unit].b))
          .map { Plain(value: 1 - abs(2 * $0.value - 1), error: 2 * $0.error) }
      }
    case .rate(let events, let exposure):
      let prior = GammaPrior.estimate(events: events, exposure: exposure)
      func gamma(_ p: (shape: Double, rate: Double)) -> Posterior { .gamma(shape: p.shape, rate: p.rate) }
      self.prior = gamma(prior.posterior(events: 0, exposure: 0))
      let believed = events.indices.map { gamma(prior.posterior(events: events[$0], exposure: exposure[$0])) }
      posteriors = believed
      plain = events.indices.map {
        exposure[$0] > 0
          ? Plain(value: events[$0] / exposure[$0], error: (believed[$0].value / exposure[$0]).squareRoot()) : nil
      }
    case .mean(let estimates, let variances, let isLog):
      let rows = estimates.indices.filter { estimates[$0] != nil }
      let prior = NormalPrior.estimate(rows.map { estimates[$0]! }, variances: rows.map { variances[$0] })
      func normal(_ p: (mean: Double, variance: Double)) -> Posterior {
        isLog
          ? .logNormal(mean: p.mean, deviation: p.variance.squareRoot())
          : .normal(mean: p.mean, deviation: p.variance.squareRoot())
      }
      self.prior = normal(prior.posterior(nil, variance: 1))
      posteriors = estimates.indices.map { normal(prior.posterior(estimates[$0], variance: variances[$0])) }
      plain = estimates.indices.map { unit in
        estimates[unit].map { Self.plain($0, variances[unit].squareRoot(), isLog: isLog) }
      }
    case .effect(let means, let variances, let estimates, let errors, let priorVariance):
      prior = .logNormal(mean: 0, deviation: priorVariance.squareRoot())
      posteriors = means.indices.map { unit in
        .logNormal(
          mean: means[unit] ?? 0, deviation: (means[unit] == nil ? priorVariance : variances[unit]).squareRoot())
      }
      plain = estimates.indices.map { unit in estimates[unit].map { Self.plain($0, errors[unit], isLog: true) } }
    case .deviation(let pairs, let priorVariance):
      prior = .evenness([IndicatorEvidence.PairDeviation(mean: 0, variance: priorVariance, weight: 1)])
      posteriors = pairs.map { rows in
        let total = rows.reduce(0) { $0 + $1.weight }
        guard total > 0 else {
          return .evenness([IndicatorEvidence.PairDeviation(mean: 0, variance: priorVariance, weight: 1)])
        }
        return .evenness(
          rows.map { .init(mean: $0.mean, variance: $0.variance, weight: $0.weight / total, shared: $0.shared) })
      }
      plain = pairs.indices.map { unit in
        let total = pairs[unit].reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        let deviation = pairs[unit].reduce(0) { $0 + $1.weight / total * abs($1.mean) }
        let variance = pairs[unit].reduce(0) { $0 + $1.weight * $1.weight / total / total * $1.variance }
        return Self.plain(deviation, variance.squareRoot(), isLog: true)
      }
    case .spread(let variances, let degrees):
      let prior = Self.spread(variances, degrees)
      self.prior = prior
      posteriors = variances.indices.map { unit in
        variances[unit].map { .spread(scale: $0, degrees: degrees[unit]) } ?? prior
      }
      plain = variances.indices.map { unit in
        // The standard error of log σ̂ is 1/√(2 df).
        variances[unit].map {
          Self.plain($0.squareRoot(), $0.squareRoot() / (2 * degrees[unit]).squareRoot(), isLog: true)
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

  /// A share with its standard error at the share that is believed, so that luck in a share isn't luck in its error.
  private static func plainShare(_ successes: Double, _ trials: Double, believed: Double) -> Plain? {
    trials > 0 ? Plain(value: successes / trials, error: (believed * (1 - believed) / trials).squareRoot()) : nil
  }

  /// An estimate with its error, both on the log scale where `isLog`.
  private static func plain(_ estimate: Double, _ error: Double, isLog: Bool) -> Plain {
    Plain(value: isLog ? Posterior.exponential(estimate) : estimate, error: error, isLogarithmic: isLog)
  }
}
