import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct JointPosteriorTests {
  // Waits that are all the same: nothing differs and nothing errs. Values, limits and the points' means have to be numbers all the same.
  @Test(arguments: [
    IndicatorEvidence.Measure.mean(estimates: [3, 3, 3, nil], variances: [0, 0, 0, 0], isLog: true),
    .effect(
      means: [0, 0, 0, nil], variances: [0, 0, 0, 0], estimates: [0, 0, 0, nil], errors: [0, 0, 0, 0], priorVariance: 0),
    .spread(variances: [0, 0, 0, nil], degrees: [9, 9, 9, 0]),
  ])
  func `what has no error at all stays a number`(_ measure: IndicatorEvidence.Measure) throws {
    let ratings = OwnValuesTests.ratings([3.1, 3.3, 3.2, 3.4], variance: 0.01)
    let own = IndicatorPosteriors(
      IndicatorEvidence(indicator: .predictability, measure: measure, counts: [10, 10, 10, 0]))
    let joint = JointPosterior([own, ratings], unitCount: 4, threads: 1)
    for unit in 0..<4 {
      if let plain = own.plain[unit] { #expect(plain.kept.isFinite && plain.error.isFinite) }
      for heard in joint.heard([own, ratings], unit).posteriors {
        let (low, high) = (heard.quantile(0.05), heard.quantile(0.95))
        #expect(low.isFinite && high.isFinite && low <= high && heard.value.isFinite)
        let mean = heard.means { link in
          SIMD2(heard.scale.position(link, Goalposts.scales[Indicator.predictability.index]), 0)
        }
        #expect(mean.x.isFinite)
      }
    }
  }

  static func evidence(_ indicator: Indicator, _ values: [Double?], _ variance: Double) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: indicator,
        measure: .mean(estimates: values, variances: values.map { _ in variance }, isLog: false),
        counts: values.map { $0 == nil ? 0 : 10 }))
  }

  // Two indicators that go together: one without evidence is then expected where the other stands.
  @Test func `one indicator tells of another that goes with it`() {
    var stream = RandomStream(seed: 7, purpose: "joint test")
    let truth = (0..<400).map { _ in stream.normal() }
    let noisy = truth.map { Optional($0 + 0.5 * stream.normal()) }
    var other = truth.map { Optional(0.8 * $0 + 0.6 * stream.normal() + 0.3 * stream.normal()) }
    other[0] = nil
    var own = noisy
    own[0] = 3
    let sets = [Self.evidence(.surveyScore, own, 0.25), Self.evidence(.slippage, other, 0.09)]
    let joint = JointPosterior(sets, unitCount: 400, threads: 1)
    // The planted correlation is 0.8.
    #expect(abs(joint.correlations[1] - 0.8) < 0.08)
    let heard = joint.heard(sets, 0).posteriors[1]
    #expect(heard.value > 1.5 && heard.ratio < 0.9)
    #expect(JointPosterior(sets, unitCount: 400, threads: 2).correlations == joint.correlations)
  }

  // Two indicators of the same events: what is true of them correlates at 0.3, and what they err by at 0.5. Taken as independent,
  // such errors pass for a correlation of what is true, and each confirms the other's luck.
  @Test func `errors that go together confirm nothing`() {
    var stream = RandomStream(seed: 11, purpose: "joint test")
    func two(_ correlation: Double, _ size: Double) -> [Double] {
      let first = stream.normal()
      let second = correlation * first + (1 - correlation * correlation).squareRoot() * stream.normal()
      return [size * first, size * second]
    }
    let count = 1000
    let truth = (0..<count).map { _ in two(0.3, 1) }
    // Of half the months, with errors of √2; both halves together have errors of 1.
    let errors = (0..<count).map { _ in (first: two(0.5, 2.0.squareRoot()), second: two(0.5, 2.0.squareRoot())) }
    func values(_ k: Int) -> [Double?] {
      (0..<count).map { truth[$0][k] + (errors[$0].first[k] + errors[$0].second[k]) / 2 }
    }
    var own = [Self.evidence(.surveyScore, values(0), 1), Self.evidence(.slippage, values(1), 1)]
    // The last has no second indicator, so that nothing can go together with it.
    own[1] = Self.evidence(.slippage, values(1).dropLast() + [nil], 1)
    let together = ErrorCorrelations(
      [.surveyScore, .slippage],
      differences: [errors.map { both in (0..<2).map { .init(value: both.first[$0] - both.second[$0], variance: 4) } }])
    /// The correlation of what is true, and how many 90 % intervals hold it.
    func measure(_ errors: ErrorCorrelations) -> (correlation: Double, held: Double) {
      let joint = JointPosterior(own, unitCount: count, errors: errors, threads: 2)
      let held = (0..<count).reduce(0) { sum, unit in
        let heard = joint.heard(own, unit).posteriors
        return sum + (0..<2).count { heard[$0].quantile(0.05)...heard[$0].quantile(0.95) ~= truth[unit][$0] }
      }
      return (joint.correlations[1], Double(held) / Double(2 * count))
    }
    let (right, wrong) = (measure(together), measure(.none))
    #expect(abs(right.correlation - 0.3) < 0.12 && abs(right.held - 0.9) < 0.025, "\(right)")
    #expect(wrong.correlation > 0.6 && wrong.held < 0.87, "\(wrong)")
    // By hand from R, with V = 1 and without the second indicator: g = z (1 − s²) of its own posterior alone.
    let joint = JointPosterior(own, unitCount: count, errors: together, threads: 1)
    #expect(abs(joint.heard(own, count - 1).posteriors[0].shift) < 1e-6)
  }

  // By hand: of N(1, 0.6²) the scores ∓1 stand at 0.4 and 1.6, under N(0, 2²) at 0.2 and 0.8.
  @Test func `what a posterior says under its prior, by hand`() {
    let prior = Posterior.normal(mean: 0, deviation: 2)
    let own = JointPosterior.Own(.normal(mean: 1, deviation: 0.6), prior: prior)
    #expect(abs(own.middle - 0.5) < 1e-12 && abs(own.deviation - 0.3) < 1e-12)
    #expect(abs(own.precision - (1 / 0.09 - 1)) < 1e-9 && abs(own.pull - 0.5 / 0.09) < 1e-9)
    // Far outside, and wider than the prior: bounded. No width: nothing said.
    let far = JointPosterior.Own(.normal(mean: -80, deviation: 3), prior: prior)
    #expect(far.middle == -3 && far.deviation == 0.999)
    #expect(JointPosterior.Own(prior, prior: .normal(mean: 0, deviation: 0)).precision == 0)
  }

  @Test func `unrelated indicators keep their own posteriors`() {
    var stream = RandomStream(seed: 8, purpose: "joint test")
    let first = (0..<300).map { _ in Optional(1.2 * stream.normal()) }
    let second = (0..<300).map { _ in Optional(1.2 * stream.normal()) }
    let sets = [Self.evidence(.surveyScore, first, 0.44), Self.evidence(.slippage, second, 0.44)]
    let joint = JointPosterior(sets, unitCount: 300, threads: 1)
    #expect(abs(joint.correlations[1]) < 0.2)
    let heard = joint.heard(sets, 5).posteriors[0]
    guard case .normal(let own, let deviation) = sets[0].posteriors[5] else {
      Issue.record("expected a normal posterior")
      return
    }
    #expect(abs(heard.value - own) < 0.25)
    #expect(abs(heard.ratio - 1) < 0.1 && deviation > 0)
  }
}
