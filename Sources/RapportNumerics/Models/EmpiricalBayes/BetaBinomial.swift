import Glibc

/// Rates that vary between units as a beta distribution: fitted by maximum likelihood.
///
///     kᵢ ~ Binomial(nᵢ, pᵢ)        pᵢ ~ Beta(a, b)        μ = a/(a + b)        θ = 1/(a + b)
///     log L = Σᵢ [Σ_{j<kᵢ} log(μ + jθ) + Σ_{j<nᵢ−kᵢ} log(1 − μ + jθ) − Σ_{j<nᵢ} log(1 + jθ)] + constant
///
/// In this form the boundary θ = 0, at which all units have one rate, is an ordinary point. The sums over j depend on the
/// data through how many units have more than j successes, failures or trials, so an evaluation costs the largest n.
///
/// Source: Smith (1983), Maximum likelihood estimation of the parameters of the beta binomial distribution, AS 189.
public struct BetaBinomial: Sendable {
  /// The smallest a + b that a fit may give; below it every unit would be all successes or all failures.
  public var smallestPriorSize = 0.01

  /// The model with its defaults.
  public init() {}

  /// Fits prior and unit rates.
  ///
  /// - Parameters: counts by unit; units without trials are allowed and carry no information.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts below zero, more successes than trials, or no trial at all.
  public func fit(successes: [Int], trials: [Int]) throws(NumericsError) -> BetaBinomialFit {
    let data = try Counts(successes: successes, trials: trials)
    let jeffreys = Beta(Double(data.successes) + 0.5, Double(data.failures) + 0.5)
    let pooledRate = Double(data.successes) / Double(data.trials)
    let pooledValue = pooledRate > 0 && pooledRate < 1 ? data.logLikelihood(pooledRate, 0) : 0
    func boundary(_ spread: Spread, prior: Beta?) -> BetaBinomialFit {
      BetaBinomialFit(
        spread: spread, rate: pooledRate, prior: prior, common: jeffreys,
        logLikelihood: pooledValue + data.logCoefficients, record: nil)
    }
    // Units with one trial each have the same likelihood under any spread; so has a single unit, nearly. What one
    // trial would tell is then taken as the prior: weak, and said.
    if data.informativeUnits < 2 { return boundary(.undetermined, prior: Beta(jeffreys.mean, 1 - jeffreys.mean)) }
    if pooledRate == 0 || pooledRate == 1 { return boundary(.none, prior: nil) }

    // Profiles over a grid of θ find the basin; the likelihood may have a local maximum at zero as well.
    var start = (value: -Double.infinity, theta: 1.0)
    for exponent in stride(from: -14.0, through: log(1 / smallestPriorSize), by: 0.5) {
      let value = data.logLikelihood(pooledRate, exp(exponent))
      if value > start.value { start = (value, exp(exponent)) }
    }
    guard let best = climb(data, from: [log(pooledRate / (1 - pooledRate)), log(start.theta)]) else {
      return boundary(.none, prior: nil)
    }
    let rate = 1 / (1 + exp(-best.point[0]))
    let theta = exp(best.point[1])
    if -best.value <= pooledValue + 1e-10 || theta < 1e-9 { return boundary(.none, prior: nil) }
    return BetaBinomialFit(
      spread: .estimated, rate: rate, prior: Beta(rate / theta, (1 - rate) / theta), common: jeffreys,
      logLikelihood: -best.value + data.logCoefficients, record: best.record)
  }

  /// The maximum in (logit μ, log θ), by Newton's steps or, where those fail, by BOBYQA; `nil` where it runs to θ = 0.
  private func climb(_ data: Counts, from start: [Double]) -> Minimum? {
    let lower = [-40, -30.0]
    let upper = [40, log(1 / smallestPriorSize)]
    if let found = try? Newton().minimize(from: start, { data.derivatives($0, upper: upper[1]) }), found.point[1] > -25
    {
      return found
    }
    let search = BoundedSearch(method: .bobyqa, lower: lower, upper: upper)
    let found = try? search.minimize(from: start) { x, _ in
      -data.logLikelihood(1 / (1 + exp(-x[0])), exp(x[1]))
    }
    guard let found, found.record.converged, found.point[1] > -25 else { return nil }
    return found
  }

  /// How many units have more than j successes, failures, trials.
  struct Counts {
    var successes = 0
    var trials = 0
    var failures: Int { trials - successes }
    /// Units with at least two trials.
    var informativeUnits = 0
    var moreSuccesses: [Double] = []
    var moreFailures: [Double] = []
    var moreTrials: [Double] = []
    /// Σ log (n choose k).
    var logCoefficients = 0.0

    init(successes: [Int], trials: [Int]) throws(NumericsError) {
      precondition(successes.count == trials.count, "\(successes.count) successes and \(trials.count) trials")
      for (k, n) in zip(successes, trials) {
        guard k >= 0 && k <= n else { throw .invalidInput("\(k) successes of \(n) trials: expected 0 ≤ k ≤ n") }
        self.successes += k
        self.trials += n
        if n > 1 { informativeUnits += 1 }
        logCoefficients += n > 0 ? logBinomialCoefficient(n, k) : 0
      }
      guard self.trials > 0 else { throw .invalidInput("no unit has a trial; a rate needs at least one") }
      moreSuccesses = Self.exceedances(successes)
      moreFailures = Self.exceedances(zip(trials, successes).map { $0 - $1 })
      moreTrials = Self.exceedances(trials)
    }

    /// Entry j: how many counts exceed j.
    static func exceedances(_ counts: [Int]) -> [Double] {
      var result = [Double](repeating: 0, count: (counts.max() ?? 0) + 1)
      for count in counts { result[count] += 1 }
      var above = 0.0
      for j in result.indices.reversed() {
        let here = result[j]
        result[j] = above
        above += here
      }
      return result
    }

    func logLikelihood(_ rate: Double, _ theta: Double) -> Double {
      var sum = 0.0
      for (j, count) in moreSuccesses.enumerated() where count > 0 { sum += count * log(rate + Double(j) * theta) }
      for (j, count) in moreFailures.enumerated() where count > 0 { sum += count * log(1 - rate + Double(j) * theta) }
      for (j, count) in moreTrials.enumerated() where count > 0 { sum -= count * log1p(Double(j) * theta) }
      return sum
    }

    /// Of −log L in x = logit μ, z = log θ.
    func derivatives(_ point: [Double], upper: Double) -> Newton.Derivatives {
      let undefined = Newton.Derivatives(value: .infinity, gradient: [0, 0], hessian: Matrix(rows: 2, columns: 2))
      if point[1] > upper || point[1] < -35 || abs(point[0]) > 40 { return undefined }
      let rate = 1 / (1 + exp(-point[0]))
      let theta = exp(point[1])
      var (value, m, t, mm, mt, tt) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      for (index, count) in moreSuccesses.enumerated() where count > 0 {
        let j = Double(index)
        let base = rate + j * theta
        value += count * log(base)
        m += count / base
        t += count * j / base
        mm -= count / (base * base)
        mt -= count * j / (base * base)
        tt -= count * j * j / (base * base)
      }
      for (index, count) in moreFailures.enumerated() where count > 0 {
        let j = Double(index)
        let base = 1 - rate + j * theta
        value += count * log(base)
        m -= count / base
        t += count * j / base
        mm -= count / (base * base)
        mt += count * j / (base * base)
        tt -= count * j * j / (base * base)
      }
      for (index, count) in moreTrials.enumerated() where count > 0 {
        let j = Double(index)
        let base = 1 + j * theta
        value -= count * log(base)
        t -= count * j / base
        tt += count * j * j / (base * base)
      }
      let slope = rate * (1 - rate)
      return Newton.Derivatives(
        value: -value, gradient: [-slope * m, -theta * t],
        hessian: Matrix(
          rows: 2, columns: 2,
          elements: [
            -(slope * slope * mm + slope * (1 - 2 * rate) * m), -slope * theta * mt, -slope * theta * mt,
            -(theta * theta * tt + theta * t),
          ]))
    }
  }
}

/// Rates with a common beta prior.
public struct BetaBinomialFit: Sendable, Equatable {
  /// Whether units differ.
  public let spread: Spread
  /// μ, the prior's mean; the pooled rate where units don't differ.
  public let rate: Double
  /// The prior; `nil` where units don't differ, since its size is then infinite. Where the data can't tell, a prior that
  /// weighs one trial.
  public let prior: Beta?
  /// What all trials together say about one common rate, with Jeffreys' prior.
  public let common: Beta
  /// The largest log likelihood, with the binomial coefficients.
  public let logLikelihood: Double
  /// How it was found; `nil` where no search was needed.
  public let record: SearchRecord?

  /// What is known of a unit's rate.
  ///
  /// Where units don't differ it is that of all of them together: its width then comes from the total of trials.
  public func posterior(successes: Double, trials: Double) -> Beta {
    precondition(successes >= 0 && successes <= trials, "\(successes) successes of \(trials) trials")
    guard let prior else { return common }
    return Beta(prior.a + successes, prior.b + (trials - successes))
  }
}
