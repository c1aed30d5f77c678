import Glibc
import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct NormalScoresTests {
  static let families: [Posterior] = [
    .beta(a: 7, b: 3), .beta(a: 8.02, b: 0.05), .beta(a: 1e-4, b: 6), .beta(a: 4_000, b: 30), .balance(a: 4, b: 6),
    .gamma(shape: 5, rate: 2), .gamma(shape: 0.02, rate: 3), .gamma(shape: 900, rate: 2_000),
    .normal(mean: 1, deviation: 0.5), .logNormal(mean: 2, deviation: 0.3), .spread(scale: 0.5, degrees: 12),
  ]

  @Test(arguments: families)
  func `scores undo themselves, and rise`(_ posterior: Posterior) throws {
    var last = -Double.infinity
    for score in [-4.0, -1.645, -1, -0.2, 0, 0.5, 1, 1.645, 4] {
      let link = try #require(posterior.link(score: score))
      #expect(link > last)
      last = link
      #expect(abs(try #require(posterior.score(link: link)) - score) < 1e-7)
    }
  }

  // The median is at 0, the 5th and 95th percentile at ∓1.645 (ten digits below).
  @Test(arguments: families)
  func `quantiles are where they belong`(_ posterior: Posterior) throws {
    if case .balance = posterior { return }
    let scale = try #require(posterior.scale)
    for (score, probability) in [(-1.644_853_627, 0.05), (0, 0.5), (1.644_853_627, 0.95)] {
      let value = scale.value(try #require(posterior.link(score: score)))
      let expected = try #require(posterior.quantile(probability))
      #expect(abs(value - expected) <= 1e-8 * abs(expected) + 1e-30)
    }
  }

  // By hand: Beta(a, 1) has P(X ≤ x) = xᵃ, so its median is ½^(1/a): with a = 1/2000 a number of 603 zeros.
  @Test func `closer to zero than doubles reach, by hand`() throws {
    let posterior = Posterior.beta(a: 0.0005, b: 1)
    #expect(abs(try #require(posterior.link(score: 0)) + 2_000 * 0.693_147_180_56) < 1e-5)
    #expect(abs(try #require(posterior.score(link: -2_000 * 0.693_147_180_56))) < 1e-8)
    let mirrored = Posterior.beta(a: 1, b: 0.0005)
    #expect(abs(try #require(mirrored.link(score: 0)) - 2_000 * 0.693_147_180_56) < 1e-5)
  }

  @Test func `what has no link scale has no scores`() {
    let posterior = Posterior.evenness([.init(mean: 0, variance: 1, weight: 1)], alike: 0)
    #expect(
      posterior.link(score: 0) == nil && posterior.score(link: 0) == nil && posterior.curve(shift: 0, ratio: 1) == nil)
    #expect(Posterior.normal(mean: 1, deviation: 0).score(link: 1) == nil)
  }
}

@Suite struct LinkFamilyTests {
  // Near its end 1 a share x of Beta(a, b) has P(X > x) = (1 − x)ᵇ / (b B(a, b)) but for one part in 1 − x. With a = 0.01, b = 0.02
  // and score 2 the logit is 134, the share closer to 1 than doubles reach.
  @Test(arguments: [1.5, 2, 3])
  func `shares close to one keep their digits where both shapes are far below one`(_ score: Double) {
    let (a, b) = (0.01, 0.02)
    let above = 0.5 * erfc(score / 2.0.squareRoot())
    let expected = -(log(above) + log(b) + lgamma(a) + lgamma(b) - lgamma(a + b)) / b
    for (family, sign) in [(LinkFamily.share(a: a, b: b), 1.0), (.share(a: b, b: a), -1)] {
      let found = sign * family.quantile(score: sign * score)
      #expect(abs(found - expected) < 1e-8 * expected, "\(found), expected \(expected)")
      #expect(abs(family.score(family.quantile(score: sign * score)) - sign * score) < 1e-8)
    }
  }

  static let families: [LinkFamily] = [
    .share(a: 7, b: 3), .share(a: 0.6, b: 0.9), .share(a: 30, b: 1.2), .share(a: 4_000, b: 30), .share(a: 0.02, b: 0.3),
    .share(a: 1e-4, b: 6), .share(a: 1, b: 0.0005), .rate(shape: 5), .rate(shape: 0.7), .rate(shape: 0.02),
    .rate(shape: 900), .rate(shape: 1e6),
  ]

  @Test(arguments: families)
  func `knots are quantiles, and rise as these do`(_ family: LinkFamily) {
    for (middle, step) in [(0.0, 1.0), (-1.7, 0.6), (2.4, 0.9), (0.1, 0.05)] {
      let knots = family.knots(middle: middle, step: step, reach: 5)
      #expect(knots.count == 11)
      for (i, knot) in knots.enumerated() {
        let score = middle + Double(i - 5) * step
        let expected = family.quantile(score: score)
        #expect(abs(knot.x - expected) <= LinkFamily.tolerance, "at \(score): \(knot.x), \(expected)")
        // Further out a share this close to 1 has no digits left for a difference.
        guard abs(expected) < 20 else { continue }
        let width = 1e-4
        let slope = (family.quantile(score: score + width) - family.quantile(score: score - width)) / (2 * width)
        #expect(abs(knot.slope - slope) < 2e-3 * max(1, abs(slope)), "at \(score): \(knot.slope), \(slope)")
      }
    }
  }

  // By hand: the logit of a uniform share is log Φ(z) − log Φ(−z), and it rises by φ(z)/(Φ(z) Φ(−z)): at 1 these are
  // 1.6684 and 0.24197/(0.84134 · 0.15866) = 1.8127, at 0 they are 0 and 4 · 0.39894.
  @Test func `a uniform share, by hand`() {
    let knots = LinkFamily.share(a: 1, b: 1).knots(middle: 0, step: 1, reach: 5)
    #expect(abs(knots[5].x) < 1e-9 && abs(knots[5].slope - 1.595_769) < 1e-5)
    #expect(abs(knots[6].x - 1.668_4) < 2e-4 && abs(knots[6].slope - 1.812_7) < 5e-4)
  }
}

@Suite struct LinkCurveTests {
  @Test func `straight lines come out exactly`() {
    let curve = LinkCurve { (2 + 3 * $0, 3) }
    for w in [-4.9, -1.234, 0, 0.1, 3.3] { #expect(abs(curve.value(w) - (2 + 3 * w)) < 1e-12) }
    #expect(abs(curve.mean { $0 } - 2) < 1e-12)
    // E w² = 1, but for what lies beyond ±5.
    #expect(abs(curve.mean { ($0 - 2) * ($0 - 2) } - 9) < 2e-4)
    #expect(curve.value(9) == curve.value(5))
  }

  @Test func `rises between its points and where they jump`() {
    let curve = LinkCurve { $0 < 0.3 ? (-700, 0) : (2 + $0, 1) }
    var last = -Double.infinity
    for i in -500...500 {
      let value = curve.value(Double(i) / 100)
      #expect(value >= last - 1e-9)
      last = value
    }
  }

  @Test(arguments: NormalScoresTests.families)
  func `follows quantiles closely`(_ posterior: Posterior) throws {
    let scale = try #require(posterior.scale)
    for (shift, ratio) in [(0.0, 1.0), (-1.2, 0.7), (0.4, 1.1)] {
      let curve = try #require(posterior.curve(shift: shift, ratio: ratio))
      for i in -40...40 {
        let w = Double(i) / 10
        let link = try #require(posterior.link(score: shift + ratio * w))
        let (found, expected) = (scale.value(curve.value(w)), scale.value(link))
        #expect(abs(found - expected) < 0.02 * max(1, abs(expected)), "at \(w) of \(shift), \(ratio)")
      }
    }
  }
}

@Suite struct HeardPosteriorTests {
  static let priors: [(a: Double, b: Double)] = [(0.9, 0.01), (0.02, 0.3), (1, 1), (4, 0.5), (0.05, 0.05), (900, 100)]

  @Test(arguments: NormalScoresTests.families)
  func `silence of the others leaves it as it was`(_ posterior: Posterior) throws {
    let heard = HeardPosterior(posterior, shift: 1e-13, ratio: 1 + 1e-13)
    #expect(heard.value == posterior.value && heard.quantile(0.05) == posterior.quantile(0.05))
    // The mean by the curve is the mean by formula.
    switch posterior {
    case .logNormal, .spread: #expect(abs(heard.mean { heard.scale.value($0) } / posterior.value - 1) < 0.2)
    default: #expect(abs(heard.mean { heard.scale.value($0) } - posterior.value) < 2e-4 * max(1, posterior.value))
    }
  }

  // The defect that led here: eight of eight had 71 points with limits 1 and 100.
  @Test func `eight of eight promises are worth nearly all points`() {
    let heard = HeardPosterior(.beta(a: 8.8, b: 0.05), shift: 0, ratio: 1.05)
    let scale = Goalposts.scales[Indicator.promisesKeptOnTime.index]
    #expect(heard.mean { heard.scale.points($0, scale) } > 98)
    #expect(scale.points(heard.quantile(0.05)) > 90 && scale.points(heard.quantile(0.95)) == 100)
  }

  /// A share's points with their limits, and the points of its value.
  static func points(
    _ a: Double, _ b: Double, _ indicator: Indicator, shift: Double = 0, ratio: Double = 1
  ) -> (points: Double, low: Double, high: Double, ofValue: Double) {
    let heard = HeardPosterior(.beta(a: a, b: b), shift: shift, ratio: ratio)
    let scale = Goalposts.scales[indicator.index]
    let points = heard.mean { heard.scale.points($0, scale) }
    let limits = [heard.quantile(0.05), heard.quantile(0.95)].map { scale.points($0) }
    let estimate = Estimate(around: points, limits, effectiveN: 1)
    let value = Estimate(around: heard.value, [heard.quantile(0.05), heard.quantile(0.95)], effectiveN: 1)
    #expect(value.low <= value.value && value.value <= value.high)
    return (points, estimate.low, estimate.high, scale.points(heard.value))
  }

  @Test(arguments: priors)
  func `more successes, more points; the value's points lie within their limits`(_ prior: (a: Double, b: Double)) {
    for indicator in [Indicator.promisesKeptOnTime, .regularity] {
      for n in [1, 2, 5, 8, 40] {
        var last = 0.0
        for k in 0...n {
          for (shift, ratio) in [(-1.5, 0.7), (1.0, 0.9), (0.0, 1.0)] {
            let found = Self.points(
              prior.a + Double(k), prior.b + Double(n - k), indicator, shift: shift, ratio: ratio)
            #expect(found.low <= found.ofValue + 0.5 && found.ofValue <= found.high + 0.5, "\(k) of \(n), \(shift)")
            if shift == 0 {
              #expect(found.points > last - 1e-3, "\(k) of \(n)")
              last = found.points
              // Linear goalposts: the mean of the points is the points of the mean, but for what is cut off at 40 %.
              if indicator == .regularity { #expect(abs(found.points - found.ofValue) < 0.1) }
            }
          }
        }
      }
    }
  }

  @Test(arguments: priors)
  func `n of n rises with n, 0 of n falls`(_ prior: (a: Double, b: Double)) {
    var (best, worst) = (0.0, 101.0)
    for n in 0...30 {
      let all = Self.points(prior.a + Double(n), prior.b, .promisesKeptOnTime).points
      let none = Self.points(prior.a, prior.b + Double(n), .promisesKeptOnTime).points
      #expect(all > best - 1e-3 && none < worst + 1e-3, "\(n)")
      (best, worst) = (all, none)
    }
  }

  // One case tells next to nothing of a variance; exp of its root must still be a number that JSON can hold.
  @Test func `the far limit of a variance stays a number`() {
    let own = Posterior.spread(scale: 9, degrees: 1)
    let heard = HeardPosterior(own, shift: 3, ratio: 1.2)
    #expect(heard.quantile(0.99).isFinite && heard.value.isFinite && own.quantile(1 - 1e-9)!.isFinite)
    #expect(heard.quantile(0.01) < heard.value && heard.value <= heard.quantile(0.95))
  }

  // By hand: a balance is above x where the share is between x/2 and 1 − x/2.
  @Test func `a balance that was moved`() {
    let heard = HeardPosterior(.balance(a: 4, b: 6), shift: 0.8, ratio: 0.9)
    let median = heard.quantile(0.5)
    func w(_ share: Double) -> Double {
      (Normal.standard.quantile(Beta(4, 6).cumulative(share)) - 0.8) / 0.9
    }
    let between = Normal.standard.cumulative(w(1 - median / 2)) - Normal.standard.cumulative(w(median / 2))
    #expect(abs(between - 0.5) < 1e-9)
    #expect(heard.quantile(0.05) < heard.value && heard.value < heard.quantile(0.95))
  }
}
