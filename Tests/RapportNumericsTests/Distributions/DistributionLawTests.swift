import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct DistributionLawTests {
  static let continuous: [any ContinuousDistribution] = [
    Normal(mean: 2, standardDeviation: 3), StudentT(degreesOfFreedom: 4), StudentT(degreesOfFreedom: .infinity),
    FisherF(numerator: 3, denominator: 8), ChiSquared(degreesOfFreedom: 5),
    ChiSquared(degreesOfFreedom: 5, noncentrality: 2), Beta(2, 5), Gamma(shape: 2.5, rate: 0.5),
  ]

  @Test func `tails sum to one and quantiles invert them`() {
    for distribution in Self.continuous {
      for p in [0.001, 0.1, 0.5, 0.9, 0.999] {
        let x = distribution.quantile(p)
        expectClose(distribution.cumulative(x), p, relative: 1e-10)
        expectClose(distribution.survival(x), 1 - p, relative: 1e-9)
      }
    }
  }

  @Test func `the density is the slope of the distribution function`() {
    for distribution in Self.continuous {
      let x = distribution.quantile(0.3)
      let h = 1e-5
      let slope = (distribution.cumulative(x + h) - distribution.cumulative(x - h)) / (2 * h)
      expectClose(distribution.density(x), slope, relative: 1e-7)
    }
  }

  @Test func `edges are limits, not NaN`() {
    for distribution in Self.continuous {
      #expect(distribution.cumulative(.infinity) == 1)
      #expect(distribution.survival(.infinity) == 0)
      #expect(distribution.cumulative(-.infinity) == 0)
      #expect(distribution.survival(-.infinity) == 1)
      #expect(distribution.cumulative(distribution.quantile(0)) == 0)
      #expect(distribution.cumulative(distribution.quantile(1)) == 1)
      #expect(distribution.cumulative(.nan).isNaN)
      #expect(distribution.density(-.infinity) == 0)
    }
    #expect(Beta(2, 5).upperQuantile(0) == 1)
    #expect(Gamma(shape: 2, rate: 1).upperQuantile(1) == 0)
    #expect(FisherF(numerator: 2, denominator: 2).upperQuantile(0) == .infinity)
    #expect(Beta(1, 1).mode == nil)
    #expect(Gamma(shape: 2, rate: 4).variance == 0.125)
  }

  @Test func `upper quantiles reach where lower ones can't`() {
    let gamma = Gamma(shape: 2, rate: 1)
    expectClose(gamma.survival(gamma.upperQuantile(1e-30)), 1e-30, relative: 1e-9)
    let f = FisherF(numerator: 4, denominator: 30)
    expectClose(f.survival(f.upperQuantile(1e-20)), 1e-20, relative: 1e-9)
    let beta = Beta(3, 4)
    expectClose(beta.survival(beta.upperQuantile(1e-20)), 1e-20, relative: 1e-9)
  }

  // log Φ(−40) = −804.608442013754, published to 15 digits.
  @Test func `the logarithm of the normal tail doesn't run out`() {
    expectClose(Normal.standard.logCumulative(-40), -804.608442013754, relative: 1e-14)
    // Both branches meet at −30.
    let step = Normal.standard.logCumulative(-30 - 1e-9) - Normal.standard.logCumulative(-30 + 1e-9)
    expectClose(step, -2e-9 * 30.0332, relative: 1e-3)
    #expect(Normal.standard.logCumulative(.infinity) == 0)
  }

  @Test func `discrete distributions sum to one`() {
    let cases: [(any DiscreteDistribution, Int)] = [
      (Binomial(trials: 12, probability: 0.3), 12), (Poisson(mean: 4.5), 80),
      (NegativeBinomial(mean: 3, size: 1.7), 400), (Binomial(trials: 5, probability: 0), 5),
      (Binomial(trials: 5, probability: 1), 5), (Poisson(mean: 0), 3),
    ]
    for (distribution, last) in cases {
      var sum = 0.0
      for k in 0...last {
        sum += exp(distribution.logProbability(k))
        expectClose(distribution.cumulative(k), sum, absolute: 1e-13)
        expectClose(distribution.survival(k), 1 - distribution.cumulative(k), absolute: 1e-13)
      }
      expectClose(sum, 1, relative: 1e-13)
      #expect(distribution.logProbability(-1) == -.infinity)
      #expect(distribution.cumulative(-1) == 0)
      #expect(distribution.survival(-1) == 1)
    }
    #expect(Binomial(trials: 5, probability: 0.5).logProbability(6) == -.infinity)
    #expect(Binomial(trials: 5, probability: 0.5).survival(5) == 0)
  }

  @Test func `discrete quantiles are the smallest that reach p`() {
    // By hand: Binomial(2, 1/2) has tails 1/4, 3/4, 1.
    let coin = Binomial(trials: 2, probability: 0.5)
    #expect([0, 0.25, 0.26, 0.75, 0.76, 1].map(coin.quantile) == [0, 0, 1, 1, 2, 2])
    for p in [0.001, 0.2, 0.5, 0.99, 0.999999] {
      for distribution in [Poisson(mean: 3.3), NegativeBinomial(mean: 20, size: 0.4)] as [any DiscreteDistribution] {
        let k = distribution.quantile(p)
        #expect(distribution.cumulative(k) >= p * (1 - 1e-13))
        #expect(k == 0 || distribution.cumulative(k - 1) < p)
      }
    }
  }

  // NegativeBinomial(mean 3, size 1): geometric with success 1/4, so P(k) = (1/4)(3/4)^k.
  @Test func `negative binomial of size one is geometric`() {
    for k in 0...10 {
      expectClose(
        NegativeBinomial(mean: 3, size: 1).logProbability(k), log(0.25) + Double(k) * log(0.75), relative: 1e-13)
    }
  }

  @Test func `noncentrality with a given tail`() {
    let found = ChiSquared.noncentrality(observed: 20, degreesOfFreedom: 8, cumulative: 0.05)
    expectClose(ChiSquared(degreesOfFreedom: 8, noncentrality: found).cumulative(20), 0.05, relative: 1e-10)
    #expect(ChiSquared.noncentrality(observed: 1, degreesOfFreedom: 8, cumulative: 0.5) == 0)
  }

  @Test func `inverse trigamma at its edges`() {
    #expect(inverseTrigamma(0) == .infinity)
    #expect(inverseTrigamma(.infinity) == 0)
    #expect(inverseTrigamma(-1).isNaN)
    for z in [1e-8, 0.003, 0.7, 9.9, 1e6] { expectClose(inverseTrigamma(trigamma(z)), z, relative: 1e-13) }
  }

  // By hand: 5 choose 2 is 10.
  @Test func `binomial coefficients`() {
    expectClose(exp(logBinomialCoefficient(5, 2)), 10, relative: 1e-14)
    #expect(logBinomialCoefficient(5, 0) == 0)
    #expect(logBinomialCoefficient(5, 6) == -.infinity)
    #expect((7.5).clamped(to: 0...5) == 5)
  }
}
