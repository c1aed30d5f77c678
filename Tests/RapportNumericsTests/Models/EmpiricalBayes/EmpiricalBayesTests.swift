import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct BetaBinomialTests {
  @Test func `units that are all alike have no spread, and share one rate`() throws {
    let fit = try BetaBinomial().fit(successes: [5, 5, 5, 5], trials: [10, 10, 10, 10])
    #expect(fit.spread == .none)
    #expect(fit.prior == nil)
    #expect(fit.rate == 0.5)
    // By hand: Jeffreys' prior and 20 of 40.
    #expect(fit.posterior(successes: 5, trials: 10) == Beta(20.5, 20.5))
    // log L = Σ [log(10 choose 5) + 10 log ½].
    expectClose(fit.logLikelihood, 4 * (log(252) - 10 * log(2)), relative: 1e-12)
  }

  @Test func `no success at all, or nothing but successes`() throws {
    let none = try BetaBinomial().fit(successes: [0, 0, 0], trials: [4, 9, 2])
    #expect(none.spread == .none)
    #expect(none.posterior(successes: 0, trials: 4) == Beta(0.5, 15.5))
    let all = try BetaBinomial().fit(successes: [4, 9, 2], trials: [4, 9, 2])
    #expect(all.spread == .none)
    #expect(all.common == Beta(15.5, 0.5))
  }

  @Test func `one trial each can't tell how units differ`() throws {
    let fit = try BetaBinomial().fit(successes: [1, 0, 1, 1], trials: [1, 1, 1, 1])
    #expect(fit.spread == .undetermined)
    let prior = try #require(fit.prior)
    expectClose(prior.a + prior.b, 1, relative: 1e-15)
    expectClose(prior.mean, 3.5 / 5, relative: 1e-15)
    #expect(try BetaBinomial().fit(successes: [3], trials: [7]).spread == .undetermined)
  }

  @Test func `units at either end have a small prior`() throws {
    let fit = try BetaBinomial().fit(
      successes: [0, 20, 0, 20, 0, 20, 1, 19], trials: [20, 20, 20, 20, 20, 20, 20, 20])
    let prior = try #require(fit.prior)
    #expect(fit.spread == .estimated)
    #expect(prior.a + prior.b < 0.5)
    expectClose(fit.rate, 0.5, absolute: 1e-6)
  }

  // At the maximum both derivatives of the log likelihood vanish, by central differences.
  @Test func `the fit is a maximum`() throws {
    let successes = [2, 7, 3, 9, 0, 5, 12, 1]
    let trials = [10, 11, 9, 14, 6, 5, 20, 8]
    let prior = try #require(try BetaBinomial().fit(successes: successes, trials: trials).prior)
    func value(_ a: Double, _ b: Double) -> Double {
      var sum = 0.0
      for (k, n) in zip(successes, trials) {
        sum += logBeta(a + Double(k), b + Double(n - k)) - logBeta(a, b) + logBinomialCoefficient(n, k)
      }
      return sum
    }
    let fit = try BetaBinomial().fit(successes: successes, trials: trials)
    expectClose(fit.logLikelihood, value(prior.a, prior.b), relative: 1e-11)
    let h = 1e-4
    expectClose((value(prior.a + h, prior.b) - value(prior.a - h, prior.b)) / (2 * h), 0, absolute: 1e-6)
    expectClose((value(prior.a, prior.b + h) - value(prior.a, prior.b - h)) / (2 * h), 0, absolute: 1e-6)
  }

  @Test func `finds a planted prior`() throws {
    var stream = RandomStream(seed: 21, purpose: "beta-binomial")
    var successes: [Int] = []
    for _ in 0..<3000 { successes.append(stream.binomial(trials: 30, probability: stream.beta(3, 6))) }
    let prior = try #require(try BetaBinomial().fit(successes: successes, trials: successes.map { _ in 30 }).prior)
    expectClose(prior.mean, 1.0 / 3, absolute: 0.01)
    expectClose(prior.a + prior.b, 9, relative: 0.1)
  }

  @Test func `impossible counts are refused`() {
    #expect(throws: NumericsError.self) { try BetaBinomial().fit(successes: [3], trials: [2]) }
    #expect(throws: NumericsError.self) { try BetaBinomial().fit(successes: [-1], trials: [2]) }
    #expect(throws: NumericsError.self) { try BetaBinomial().fit(successes: [0], trials: [0]) }
  }
}

@Suite struct GammaPoissonTests {
  @Test func `equal rates have no spread`() throws {
    let fit = try GammaPoisson().fit(counts: [4, 8, 2], exposures: [2, 4, 1])
    #expect(fit.spread == .none)
    #expect(fit.rate == 2)
    #expect(fit.posterior(count: 4, exposure: 2) == Gamma(shape: 14.5, rate: 7))
  }

  @Test func `no event, one unit, nothing exposed`() throws {
    #expect(try GammaPoisson().fit(counts: [0, 0], exposures: [2, 4]).common == Gamma(shape: 0.5, rate: 6))
    let single = try GammaPoisson().fit(counts: [6], exposures: [2])
    #expect(single.spread == .undetermined)
    #expect(single.prior?.shape == 0.5)
    #expect(throws: NumericsError.self) { try GammaPoisson().fit(counts: [0], exposures: [0]) }
    #expect(throws: NumericsError.self) { try GammaPoisson().fit(counts: [1, 2], exposures: [0, 3]) }
  }

  @Test func `the fit is a maximum`() throws {
    let counts = [3, 0, 14, 6, 2, 9, 1, 30]
    let exposures = [2.5, 1, 3, 4, 2, 2, 1.5, 3]
    let fit = try GammaPoisson().fit(counts: counts, exposures: exposures)
    let prior = try #require(fit.prior)
    func value(_ a: Double, _ b: Double) -> Double {
      var sum = 0.0
      for (y, e) in zip(counts, exposures) { sum += NegativeBinomial(mean: e * a / b, size: a).logProbability(y) }
      return sum
    }
    expectClose(fit.logLikelihood, value(prior.shape, prior.rate), relative: 1e-11)
    let h = 1e-5
    expectClose(
      (value(prior.shape + h, prior.rate) - value(prior.shape - h, prior.rate)) / (2 * h), 0, absolute: 1e-5)
    expectClose(
      (value(prior.shape, prior.rate + h) - value(prior.shape, prior.rate - h)) / (2 * h), 0, absolute: 1e-5)
  }

  @Test func `nearly Poisson counts still converge`() throws {
    // Rates with variance 1/400 make the variance of counts 50 + 2500/400, an eighth more than Poisson's: ± 1.6 over 2000 counts,
    // so that it is there to be found, and 1/shape has a standard error of 0.25/400.
    var stream = RandomStream(seed: 4, purpose: "gamma-Poisson")
    var counts: [Int] = []
    for _ in 0..<2000 { counts.append(stream.poisson(mean: 50 * stream.gamma(shape: 400, rate: 400))) }
    let fit = try GammaPoisson().fit(counts: counts, exposures: counts.map { _ in 50 })
    expectClose(fit.rate, 1, absolute: 0.02)
    let prior = try #require(fit.prior)
    let record = try #require(fit.record)
    #expect(record.converged)
    expectClose(1 / prior.shape, 1.0 / 400, absolute: 3 * 0.25 / 400)
    // Better than rates that are all alike, to which the search could have run off.
    let alike = counts.reduce(0) { $0 + Poisson(mean: 50 * fit.rate).logProbability($1) }
    #expect(fit.logLikelihood > alike)
  }
}

@Suite struct NormalNormalTests {
  // By hand: y = 1, 3 with v = 1, 1: mean 2, Q = 2, df 1, so DL's τ² = (2 − 1)/(2 − 1) = 1.
  @Test func `DerSimonian and Laird, worked by hand`() throws {
    let fit = try NormalNormal(.derSimonianLaird).fit(estimates: [1, 3], variances: [1, 1])
    expectClose(fit.coefficients, [2], relative: 1e-15)
    expectClose(fit.heterogeneity, 2, relative: 1e-15)
    expectClose(fit.betweenVariance, 1, relative: 1e-14)
    // Weights ½ each: error of the mean 1, kept share ½.
    expectClose(fit.standardErrors, [1], relative: 1e-14)
    expectClose(fit.posteriorMeans, [1.5, 2.5], relative: 1e-14)
    // ½ · 1 + ¼ · 1.
    expectClose(fit.posteriorStandardDeviations, [0.8660254037844386, 0.8660254037844386], relative: 1e-14)
  }

  // With equal variances v, REML's τ² is the sample variance less v.
  @Test func `REML has its closed form where errors are equal`() throws {
    let y = [1.0, 4, 2, 8, 5]
    let fit = try NormalNormal().fit(estimates: y, variances: y.map { _ in 0.5 })
    expectClose(fit.betweenVariance, 7.5 - 0.5, relative: 1e-12)
    #expect(fit.spread == .estimated)
    let maximum = try NormalNormal(.maximumLikelihood).fit(estimates: y, variances: y.map { _ in 0.5 })
    expectClose(maximum.betweenVariance, 6 - 0.5, relative: 1e-12)
  }

  @Test func `estimates closer than chance have no spread`() throws {
    for estimator in NormalNormal.Estimator.allCases where estimator != .sidikJonkman {
      let fit = try NormalNormal(estimator).fit(estimates: [1, 1.1, 0.9, 1], variances: [1, 2, 1, 1])
      #expect(fit.betweenVariance == 0, "\(estimator)")
      #expect(fit.spread == .none)
      expectClose(fit.posteriorMeans, fit.fitted, relative: 1e-14)
    }
    let equal = try NormalNormal(.sidikJonkman).fit(estimates: [1, 1, 1], variances: [1, 2, 3])
    #expect(equal.betweenVariance == 0)
    #expect(try NormalNormal().fit(estimates: [1, 1, 1], variances: [1, 2, 3]).betweenVariance == 0)
    let limits = try NormalNormal().betweenVarianceInterval(estimates: [1, 1.1, 0.9], variances: [1, 1, 1])
    #expect(limits.low == 0)
  }

  @Test func `what can't be used is refused`() {
    #expect(throws: NumericsError.self) { try NormalNormal().fit(estimates: [1], variances: [1]) }
    #expect(throws: NumericsError.self) { try NormalNormal().fit(estimates: [1, .nan], variances: [1, 1]) }
    #expect(throws: NumericsError.self) { try NormalNormal().fit(estimates: [1, 2], variances: [1, 0]) }
    let dependent = Matrix(columns: [[1, 1, 1, 1], [2, 2, 2, 2]])
    #expect(throws: NumericsError.self) {
      try NormalNormal().fit(estimates: [1, 2, 3, 4], variances: [1, 1, 1, 1], predictors: dependent)
    }
  }
}

@Suite struct JamesSteinTests {
  // By hand: 0, 0, 6, 6 has mean 3 and Σ d² = 36; with v = 9, S = 4 and c = 1 − 1/4.
  @Test func `worked by hand`() throws {
    let stein = try JamesStein([0, 0, 6, 6], variance: 9)
    #expect(stein.statistic == 4)
    #expect(stein.kept == 0.75)
    #expect(stein.estimates == [0.75, 0.75, 5.25, 5.25])
    #expect(try JamesStein([2, 2, 2, 2], variance: 1).estimates == [2, 2, 2, 2])
    #expect(throws: NumericsError.self) { try JamesStein([1, 2, 3], variance: 1) }
    #expect(throws: NumericsError.self) { try JamesStein([1, 2, 3, 4], variance: 0) }
  }
}
