import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct JointPosteriorTests {
  // By hand: A = [[4, 2], [2, 5]] has L = [[2, 0], [1, 2]]; A⁻¹ = [[5, −2], [−2, 4]]/16.
  @Test func `a small factor, by hand`() {
    let factor = CholeskyFactor([4, 2, 2, 5], size: 2)
    #expect(factor.lower[0] == 2 && factor.lower[2] == 1 && factor.lower[3] == 2)
    let inverse = factor.inverse()
    for (got, expected) in zip(inverse, [5.0 / 16, -2.0 / 16, -2.0 / 16, 4.0 / 16]) {
      #expect(abs(got - expected) < 1e-15)
    }
    #expect(factor.solve([8, 9]).map { ($0 * 1e12).rounded() / 1e12 } == [1.375, 1.25])
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
    let (mean, _) = joint.posterior(0)
    #expect(mean[1] > 1.5)
    #expect(JointPosterior(sets, unitCount: 400, threads: 2).correlations == joint.correlations)
  }

  @Test func `unrelated indicators keep their own posteriors`() {
    var stream = RandomStream(seed: 8, purpose: "joint test")
    let first = (0..<300).map { _ in Optional(1.2 * stream.normal()) }
    let second = (0..<300).map { _ in Optional(1.2 * stream.normal()) }
    let sets = [Self.evidence(.surveyScore, first, 0.44), Self.evidence(.slippage, second, 0.44)]
    let joint = JointPosterior(sets, unitCount: 300, threads: 1)
    #expect(abs(joint.correlations[1]) < 0.2)
    let (mean, factor) = joint.posterior(5)
    guard case .normal(let own, let deviation) = sets[0].posteriors[5] else {
      Issue.record("expected a normal posterior")
      return
    }
    #expect(abs(mean[0] - own) < 0.25)
    #expect(abs(factor.inverse()[0].squareRoot() - deviation) < 0.05)
  }
}
