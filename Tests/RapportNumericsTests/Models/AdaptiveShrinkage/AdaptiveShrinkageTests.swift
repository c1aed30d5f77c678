import Glibc
@testable import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct AdaptiveShrinkageTests {
  /// Three in four effects are zero, the others N(0, 4²); errors between ½ and 1½.
  static func planted(_ count: Int, seed: UInt64) -> (effects: [Double], estimates: [Double], errors: [Double]) {
    var stream = RandomStream(seed: seed, purpose: "shrinkage test")
    var (effects, estimates, errors): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<count {
      let effect = stream.uniform() < 0.75 ? 0 : stream.normal(mean: 0, standardDeviation: 4)
      let error = 0.5 + stream.uniform()
      effects.append(effect)
      errors.append(error)
      estimates.append(stream.normal(mean: effect, standardDeviation: error))
    }
    return (effects, estimates, errors)
  }

  // By hand: prior ½ at zero, ½ N(0, 1); b = 2, s = 1. p(b | 0) = φ(2), p(b | N) = φ(2/√2)/√2.
  @Test func `a posterior, worked by hand`() throws {
    var model = AdaptiveShrinkage()
    model.nullWeight = 1
    let fit = try model.fit(estimates: [2, -1, 0.5], standardErrors: [1, 1, 1])
    // The same arithmetic on the fitted weights, part by part.
    let posterior = fit.posterior(0)
    var (total, zero, mean, positive) = (0.0, 0.0, 0.0, 0.0)
    for (part, weight) in zip(fit.parts, fit.weights) {
      switch part {
      case .zero:
        zero = weight * exp(-2) / (2 * Double.pi).squareRoot()
        total += zero
      case .normal(let sigma):
        let variance = sigma * sigma + 1
        let density = weight * exp(-2 / variance) / (2 * Double.pi * variance).squareRoot()
        let kept = sigma * sigma / variance
        total += density
        mean += density * kept * 2
        positive += density * Normal(mean: kept * 2, standardDeviation: kept.squareRoot()).survival(0)
      case .halfNormal, .uniform: Issue.record("only whole normals were asked for")
      }
    }
    expectClose(posterior.zeroProbability, zero / total, relative: 1e-12)
    expectClose(posterior.mean, mean / total, relative: 1e-12)
    expectClose(posterior.positiveProbability, positive / total, relative: 1e-12)
    expectClose(
      posterior.localFalseSignRate, 1 - max(posterior.positiveProbability, posterior.negativeProbability),
      absolute: 1e-15)
  }

  // By hand: 2 φ(x/√2)/√2 Φ(x/√2) at b = 2, s = σ = 1: φ(√2) √2 Φ(√2). The posterior is N(1, ½) cut at zero:
  // mean 1 + √½ φ(√2)/Φ(√2) above it, 1 − √½ φ(√2)/Φ(−√2) below.
  @Test func `halves of a normal, worked by hand`() throws {
    let root = 2.0.squareRoot()
    let (density, cumulative) = (Normal.standard.density(root), Normal.standard.cumulative(root))
    let above = ShrinkagePart.halfNormal(1, isPositive: true)
    let below = ShrinkagePart.halfNormal(1, isPositive: false)
    expectClose(exp(above.logLikelihood(2, 1)), density * root * cumulative, relative: 1e-13)
    expectClose(exp(below.logLikelihood(2, 1)), density * root * (1 - cumulative), relative: 1e-13)
    expectClose(try #require(above.posterior(2, 1)).mean, 1 + density / cumulative / root, relative: 1e-13)
    expectClose(try #require(below.posterior(2, 1)).mean, 1 - density / (1 - cumulative) / root, relative: 1e-12)
    // Two halves of equal weight are the whole.
    expectClose(
      exp(above.logLikelihood(-0.7, 0.3)) + exp(below.logLikelihood(-0.7, 0.3)),
      2 * exp(ShrinkagePart.normal(1).logLikelihood(-0.7, 0.3)), relative: 1e-13)
  }

  @Test func `effects on one side only are found sooner by a prior with two halves`() throws {
    var stream = RandomStream(seed: 4, purpose: "one-sided")
    let estimates = (0..<400).map { stream.normal(mean: $0 < 20 ? 3.2 : 0, standardDeviation: 1) }
    let errors = estimates.map { _ in 1.0 }
    func found(_ component: AdaptiveShrinkage.Component) throws -> (right: Int, wrong: Int) {
      var model = AdaptiveShrinkage()
      model.component = component
      let fit = try model.fit(estimates: estimates, standardErrors: errors)
      let s = ShrinkageFit.sValues(localFalseSignRates: estimates.indices.map { fit.posterior($0).localFalseSignRate })
      let called = s.indices.filter { s[$0] < 0.05 }
      return (called.count { $0 < 20 }, called.count { $0 >= 20 })
    }
    let (whole, halves) = (try found(.normal), try found(.halfNormal))
    #expect(halves.right > whole.right, "\(halves) against \(whole)")
    #expect(halves.wrong <= 1)
  }

  @Test(arguments: AdaptiveShrinkage.Component.allCases)
  func `finds the share of zeros, and its ends are verified`(component: AdaptiveShrinkage.Component) throws {
    let data = Self.planted(400, seed: 3)
    var model = AdaptiveShrinkage()
    model.component = component
    let fit = try model.fit(estimates: data.estimates, standardErrors: data.errors)
    #expect(fit.record.converged, "\(fit.record)")
    expectClose(fit.weights.reduce(0, +), 1, absolute: 1e-10)
    #expect(fit.nullShare > 0.65 && fit.nullShare < 0.95)
    var (wrong, called) = (0, 0)
    for index in data.effects.indices {
      let posterior = fit.posterior(index)
      let sum = posterior.zeroProbability + posterior.positiveProbability + posterior.negativeProbability
      expectClose(sum, 1, absolute: 1e-10)
      // A symmetric prior only ever shrinks; one with two halves may move a small estimate across zero.
      #expect(
        component == .halfUniform || component == .halfNormal
          || abs(posterior.mean) <= abs(data.estimates[index]) + 1e-9)
      #expect(posterior.localFalseSignRate >= 0 && posterior.localFalseSignRate <= 1)
      if posterior.localFalseSignRate < 0.05 {
        called += 1
        if data.effects[index] * posterior.mean <= 0 { wrong += 1 }
      }
    }
    #expect(called > 25)
    #expect(Double(wrong) <= 0.1 * Double(called))
  }

  // Of many effects the last step gains less than the log likelihood's own rounding, where slopes still tell it: every third
  // of these families was given up.
  @Test func `the end is found where the likelihood can't tell it`() throws {
    var model = AdaptiveShrinkage()
    model.component = .halfNormal
    model.nullWeight = 5
    for seed in UInt64(0)..<6 {
      var stream = RandomStream(seed: seed, purpose: "many effects")
      let errors = (0..<3000).map { _ in 0.05 + 0.05 * stream.uniform() }
      let estimates = errors.enumerated().map { i, error in
        (i == 0 && seed % 2 == 1 ? 3.3 : 0.5 * stream.normal()) + error * stream.normal()
      }
      let fit = try model.fit(estimates: estimates, standardErrors: errors)
      #expect(fit.record.stop == .gradient, "seed \(seed): \(fit.record)")
    }
  }

  @Test func `large effects are shrunken little, where one normal prior would shrink all alike`() throws {
    var estimates = [Double](repeating: 0, count: 200)
    var stream = RandomStream(seed: 8, purpose: "few large")
    for index in estimates.indices { estimates[index] = stream.normal(mean: index < 4 ? 6 : 0, standardDeviation: 1) }
    let errors = estimates.map { _ in 1.0 }
    let fit = try AdaptiveShrinkage().fit(estimates: estimates, standardErrors: errors)
    let normal = try NormalNormal().fit(estimates: estimates, variances: errors)
    for index in 0..<4 {
      #expect(fit.posterior(index).mean > 0.8 * estimates[index])
      #expect(normal.posteriorMeans[index] < 0.6 * estimates[index])
    }
  }

  @Test func `intervals cover the planted effects`() throws {
    let data = Self.planted(400, seed: 5)
    let fit = try AdaptiveShrinkage().fit(estimates: data.estimates, standardErrors: data.errors)
    var covered = 0
    for index in 0..<200 {
      let limits = fit.posterior(index).interval(level: 0.9)
      #expect(limits.low <= limits.high)
      if limits.low <= data.effects[index] && data.effects[index] <= limits.high { covered += 1 }
    }
    // At least 90 % of 200, less three standard errors of 4.2.
    #expect(covered >= 167)
  }

  @Test func `quantiles invert the posterior`() throws {
    let data = Self.planted(100, seed: 6)
    var model = AdaptiveShrinkage()
    model.component = .halfUniform
    let fit = try model.fit(estimates: data.estimates, standardErrors: data.errors)
    let posterior = fit.posterior(estimate: 4, standardError: 1)
    #expect(posterior.quantile(0.5) > 0)
    #expect(posterior.quantile(1e-6) < posterior.quantile(0.9))
    let zero = fit.posterior(estimate: 0, standardError: 1)
    #expect(zero.quantile(0.5) == 0)
    // A symmetric prior and an estimate of zero leave a symmetric posterior.
    let symmetric = try AdaptiveShrinkage().fit(estimates: data.estimates, standardErrors: data.errors)
      .posterior(estimate: 0, standardError: 1)
    expectClose(symmetric.quantile(0.01), -symmetric.quantile(0.99), relative: 1e-10)
    #expect(posterior.standardDeviation > 0)
  }

  // By hand: rates 0.01, 0.3, 0.04 have cumulative means 0.01, 0.025 (of 0.01, 0.04), 0.35/3.
  @Test func `s-values, worked by hand`() {
    expectClose(
      ShrinkageFit.sValues(localFalseSignRates: [0.01, 0.3, 0.04]), [0.01, 0.35 / 3, 0.025], relative: 1e-14)
    expectClose(ShrinkageFit.sValues(localFalseSignRates: [0.2, 0.1, 0.2]), [0.5 / 3, 0.1, 0.5 / 3], relative: 1e-14)
    #expect(ShrinkageFit.sValues(localFalseSignRates: []).isEmpty)
  }

  @Test func `one estimate, and ones that can't be used`() throws {
    let single = try AdaptiveShrinkage().fit(estimates: [0.3], standardErrors: [1])
    #expect(single.nullShare > 0.5)
    #expect(throws: NumericsError.self) { try AdaptiveShrinkage().fit(estimates: [], standardErrors: []) }
    #expect(throws: NumericsError.self) { try AdaptiveShrinkage().fit(estimates: [1], standardErrors: [0]) }
    #expect(throws: NumericsError.self) { try AdaptiveShrinkage().fit(estimates: [.nan], standardErrors: [1]) }
    var short = AdaptiveShrinkage()
    short.maximumRounds = 1
    let data = Self.planted(50, seed: 9)
    #expect(!(try short.fit(estimates: data.estimates, standardErrors: data.errors).record.converged))
  }
}

@Suite struct TruncatedNormalTests {
  // By hand: the half normal has mean √(2/π) and variance 1 − 2/π.
  @Test func `half normal`() {
    let half = TruncatedNormal(location: 0, scale: 1, lower: 0, upper: .infinity)
    expectClose(half.mean, (2 / Double.pi).squareRoot(), relative: 1e-14)
    expectClose(half.variance, 1 - 2 / Double.pi, relative: 1e-13)
    expectClose(half.cumulative(1), 0.6826894921370859, relative: 1e-14)
    expectClose(half.quantile(0.6826894921370859), 1, relative: 1e-12)
    #expect(half.density(-1) == 0)
    expectClose(half.density(0), 2 * 0.3989422804014327, relative: 1e-14)
  }

  @Test func `far in the tail nothing is lost`() {
    // Beyond 100 σ the cut normal is nearly exponential with rate 100.
    let far = TruncatedNormal(location: 0, scale: 1, lower: 100, upper: .infinity)
    expectClose(far.mean, 100.01, absolute: 1e-5)
    expectClose(far.survival(100.01), exp(-1), relative: 2e-3)
    expectClose(far.quantile(0.5), 100 + log(2) / 100, absolute: 1e-5)
    let narrow = TruncatedNormal(location: 0, scale: 1, lower: 3, upper: 3 + 1e-12)
    #expect(narrow.mean >= 3 && narrow.mean <= 3 + 1e-12)
    let width = narrow.upper - narrow.lower
    #expect(narrow.variance <= width * width / 12)
    let mirrored = TruncatedNormal(location: 0, scale: 1, lower: -.infinity, upper: -100)
    expectClose(mirrored.mean, -far.mean, relative: 1e-12)
  }

  @Test func `edges`() {
    let cut = TruncatedNormal(location: 1, scale: 2, lower: -1, upper: 2)
    #expect(cut.cumulative(-1) == 0)
    #expect(cut.survival(-3) == 1)
    #expect(cut.survival(2) == 0)
    #expect(cut.quantile(0) == -1)
    #expect(cut.quantile(1) == 2)
    expectClose(cut.cumulative(0.3) + cut.survival(0.3), 1, relative: 1e-14)
  }
}
