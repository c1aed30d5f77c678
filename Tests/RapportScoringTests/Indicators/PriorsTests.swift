import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct PriorsTests {
  // By hand: one unit with 3 of 4 gives mean (3 + ½)/(4 + 1) = 0.7 and, nothing being known of spread, two trials' weight.
  @Test func `one unit`() {
    let prior = BetaPrior.estimate(successes: [3], trials: [4])
    #expect(abs(prior.mean - 0.7) < 1e-12 && prior.weight == 2)
    // The mean of the posterior: (0.7 · 2 + 3)/(2 + 4).
    let (a, b) = prior.posterior(successes: 3, trials: 4)
    #expect(abs(a / (a + b) - 4.4 / 6) < 1e-12)
    #expect(a + b < 6, "what isn't known about the prior widens the posterior")
  }

  @Test func `recovers the beta distribution that units come from`() {
    var stream = RandomStream(seed: 11, purpose: "prior test")
    let trials = (0..<2000).map { Double(5 + $0 % 30) }
    let successes = trials.map { n in
      let p = stream.beta(6, 2)
      return Double(stream.binomial(trials: Int(n), probability: p))
    }
    let prior = BetaPrior.estimate(successes: successes, trials: trials)
    #expect(abs(prior.mean - 0.75) < 0.01 && abs(prior.weight - 8) < 1)
    #expect(prior.uncertainty.meanVariance < 1e-4 && prior.uncertainty.logWeightVariance < 0.02)
  }

  // The adjusted likelihood by Boost's beta functions. Trials that go together count as fewer, not as whole ones: at rounded
  // counts the peak lies elsewhere.
  @Test(arguments: [1, 2.3, 0.7]) func `stands at the peak of the adjusted likelihood`(_ effect: Double) {
    let successes = [3.0, 5, 1, 8, 2, 6].map { $0 / effect }
    let trials = [4.0, 10, 7, 9, 2, 12].map { $0 / effect }
    let prior = BetaPrior.estimate(successes: successes, trials: trials)
    func height(_ mean: Double, _ weight: Double) -> Double {
      let (a, b) = (mean * weight, (1 - mean) * weight)
      var sum = 0.5 * WaitCurve.log(mean) + 0.5 * WaitCurve.log(1 - mean)
      sum += WaitCurve.log(weight) - 3 * WaitCurve.log(44.0 / 6 / effect + weight)
      for (k, n) in zip(successes, trials) { sum += logBeta(a + k, b + n - k) - logBeta(a, b) }
      return sum
    }
    let top = height(prior.mean, prior.weight)
    for step in [0.999, 1.001] {
      #expect(height(prior.mean * step, prior.weight) < top)
      #expect(height(prior.mean, prior.weight * step) < top)
    }
  }

  @Test func `equal units are shrunk together, not onto one point`() {
    let prior = BetaPrior.estimate(successes: [5, 5, 5, 5], trials: [10, 10, 10, 10])
    #expect(abs(prior.mean - 0.5) < 1e-6 && prior.weight > 5 && prior.weight < 1e3)
    let all = BetaPrior.estimate(successes: [4, 6, 9], trials: [4, 6, 9])
    #expect(all.mean > 0.8 && all.mean < 1)
  }

  @Test func `recovers the gamma distribution that units come from`() {
    var stream = RandomStream(seed: 12, purpose: "prior test")
    let exposure = (0..<2000).map { 1 + Double($0 % 7) / 2 }
    let events = exposure.map { Double(stream.poisson(mean: $0 * stream.gamma(shape: 4, rate: 2))) }
    let prior = GammaPrior.estimate(events: events, exposure: exposure)
    #expect(abs(prior.mean - 2) < 0.08 && abs(prior.weight - 2) < 0.4)
    let (shape, rate) = prior.posterior(events: 6, exposure: 2)
    #expect(abs(shape / rate - (prior.mean * prior.weight + 6) / (prior.weight + 2)) < 1e-12)
  }

  @Test func `no events at all`() {
    let prior = GammaPrior.estimate(events: [0, 0], exposure: [2, 3])
    #expect(abs(prior.mean - 0.1) < 1e-12 && prior.weight == 2.5)
  }

  @Test func `recovers the normal distribution that units come from`() {
    var stream = RandomStream(seed: 13, purpose: "prior test")
    let variances = (0..<2000).map { 0.1 + Double($0 % 5) * 0.1 }
    let estimates = variances.map { 3 + 0.7 * stream.normal() + $0.squareRoot() * stream.normal() }
    let prior = NormalPrior.estimate(estimates, variances: variances)
    #expect(abs(prior.mean - 3) < 0.05 && abs(prior.variance - 0.49) < 0.06)
    // The restricted likelihood's own peak, from numerics, which the adjustment moves by less than 1 % here.
    let fit = try? NormalNormal().fit(estimates: estimates, variances: variances)
    #expect(abs(prior.variance - (fit?.betweenVariance ?? 0)) < 0.01 * prior.variance)
  }

  // By hand: 2 log A − 3 log(1 + A) − ½ (5 − 1) log(A + 1) peaks where 2/A = 5/(A + 1), at A = ⅔.
  @Test func `equal estimates still leave some doubt that units differ`() {
    let prior = NormalPrior.estimate([2, 2, 2, 2, 2], variances: [1, 1, 1, 1, 1])
    #expect(abs(prior.variance - 2.0 / 3) < 1e-12 && abs(prior.mean - 2) < 1e-12)
    #expect(NormalPrior.estimate([4], variances: [0.5]).mean == 4)
    // Without an estimate of its own a unit has the prior's.
    let none = prior.posterior(nil, variance: 1)
    #expect(none.mean == prior.mean && none.variance > prior.variance)
  }

  // Another BLAS or another order of sums moves estimates in their last digits: the prior may move by no more.
  @Test func `a last digit moves a prior by no more`() {
    let estimates = (0..<40).map { i in Double((i * 7919) % 41) / 13 - 1.5 }
    let variances = (0..<40).map { i in 0.1 + Double(i % 5) / 10 }
    let prior = NormalPrior.estimate(estimates, variances: variances)
    let moved = NormalPrior.estimate(estimates.map { $0 * (1 + 1e-13) + 1e-14 }, variances: variances)
    expectClose(moved.variance, prior.variance, relative: 1e-11)
    expectClose(moved.mean, prior.mean, relative: 1e-11)
  }

  // 90 % intervals of units drawn from their own prior, with the prior estimated from 12 units only.
  @Test func `intervals hold their share with few units`() {
    var stream = RandomStream(seed: 14, purpose: "prior test")
    var held = 0
    var total = 0
    for _ in 0..<60 {
      let truths = (0..<12).map { _ in stream.beta(8, 4) }
      let trials = truths.map { _ in 12.0 }
      let successes = truths.map { Double(stream.binomial(trials: 12, probability: $0)) }
      let prior = BetaPrior.estimate(successes: successes, trials: trials)
      for i in truths.indices {
        let (a, b) = prior.posterior(successes: successes[i], trials: trials[i])
        let limits = Beta(a, b).centralInterval(level: 0.9)
        if truths[i] >= limits.low && truths[i] <= limits.high { held += 1 }
        total += 1
      }
    }
    // 720 intervals: the share is known to ± 0.03 at 95 %.
    #expect(held > total * 86 / 100, "\(held) of \(total)")
    #expect(Double(held) / Double(total) < 0.96)
  }
}
