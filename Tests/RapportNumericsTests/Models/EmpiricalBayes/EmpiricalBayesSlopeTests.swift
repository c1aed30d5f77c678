import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// Priors found by maximum likelihood against likelihoods written down anew: the same value, and flat there.
@Suite struct EmpiricalBayesSlopeTests {
  /// log Γ(x + k) − log Γ(x), k whole: a plain sum.
  private static func risen(_ x: Double, _ k: Int) -> Double { (0..<k).reduce(0.0) { $0 + log(x + Double($1)) } }

  private static func logFactorial(_ n: Int) -> Double { n < 2 ? 0 : (2...n).reduce(0.0) { $0 + log(Double($1)) } }

  /// The slope of f at 0 by differences of fourth order.
  private static func slope(_ f: (Double) -> Double) -> Double {
    let h = 1e-2
    return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h)
  }

  @Test(arguments: 1...4)
  func `beta-binomial`(_ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "beta-binomial slopes")
    let trials = (0..<40).map { _ in 5 + stream.integer(below: 30) }
    let successes = trials.map { n in
      let p = stream.beta(3, 5)
      return (0..<n).count { _ in stream.uniform() < p }
    }
    let fit = try BetaBinomial().fit(successes: successes, trials: trials)
    let prior = try #require(fit.prior)
    func logLikelihood(_ a: Double, _ b: Double) -> Double {
      zip(successes, trials).reduce(0.0) { sum, counts in
        let (k, n) = counts
        let ways = Self.logFactorial(n) - Self.logFactorial(k) - Self.logFactorial(n - k)
        return sum + ways + Self.risen(a, k) + Self.risen(b, n - k) - Self.risen(a + b, n)
      }
    }
    expectClose(fit.logLikelihood, logLikelihood(prior.a, prior.b), relative: 1e-11)
    #expect(abs(Self.slope { logLikelihood(prior.a * exp($0), prior.b) }) < 1e-4)
    #expect(abs(Self.slope { logLikelihood(prior.a, prior.b * exp($0)) }) < 1e-4)
    // Relabelling successes as failures turns the prior round.
    let turned = try BetaBinomial().fit(successes: zip(successes, trials).map { $1 - $0 }, trials: trials)
    expectClose(try #require(turned.prior).a, prior.b, relative: 1e-6)
  }

  @Test(arguments: 1...4)
  func `gamma-Poisson`(_ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "gamma-Poisson slopes")
    let exposures = (0..<40).map { _ in 0.5 + 3 * stream.uniform() }
    let counts = exposures.map { e in
      let mean = e * stream.gamma(shape: 2) * 2
      var (k, product) = (0, stream.uniform())
      while product > exp(-mean) {
        k += 1
        product *= stream.uniform()
      }
      return k
    }
    let fit = try GammaPoisson().fit(counts: counts, exposures: exposures)
    let prior = try #require(fit.prior)
    func logLikelihood(_ a: Double, _ b: Double) -> Double {
      zip(counts, exposures).reduce(0.0) { sum, unit in
        let (y, e) = unit
        return sum + Self.risen(a, y) - Self.logFactorial(y) + a * log(b / (b + e)) + Double(y) * log(e / (b + e))
      }
    }
    expectClose(fit.logLikelihood, logLikelihood(prior.shape, prior.rate), relative: 1e-11)
    #expect(abs(Self.slope { logLikelihood(prior.shape * exp($0), prior.rate) }) < 1e-4)
    #expect(abs(Self.slope { logLikelihood(prior.shape, prior.rate * exp($0)) }) < 1e-4)
    // Exposure in another unit only changes the rate's unit.
    let months = try GammaPoisson().fit(counts: counts, exposures: exposures.map { 12 * $0 })
    expectClose(try #require(months.prior).shape, prior.shape, relative: 1e-6)
    expectClose(try #require(months.prior).rate, 12 * prior.rate, relative: 1e-6)
  }
}
