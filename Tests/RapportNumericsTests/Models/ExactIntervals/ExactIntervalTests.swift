import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ExactIntervalTests {
  @Test func `as R's exact tests`() {
    guard let reference = ReferenceCase("D08-exact-intervals") else { return }
    let table = reference.table("binomial.csv")
    let rows = table.rows.indices.map {
      (Int(table.numbers("x")[$0]), Int(table.numbers("n")[$0]), table.numbers("p0")[$0])
    }
    func limits(_ method: ProportionInterval, _ level: Double) -> Matrix {
      Matrix(
        rows: rows.map {
          let found = method.limits(successes: $0.0, trials: $0.1, level: level)
          return [found.low, found.high]
        })
    }
    for level in [90, 95, 99] {
      reference.check(
        fit: "clopper_pearson", "ci\(level)", got: limits(.clopperPearson, Double(level) / 100))
    }
    reference.check(fit: "wilson", "ci95", got: limits(.wilson, 0.95))
    reference.check(fit: "agresti_coull", "ci95", got: limits(.agrestiCoull, 0.95))
    reference.check(fit: "jeffreys", "ci95", got: limits(.jeffreys, 0.95))
    let tests = rows.map { ExactTest.binomial(successes: $0.0, trials: $0.1, probability: $0.2) }
    reference.check(fit: "clopper_pearson", "p_two_sided", got: tests.map(\.twoSided))
    reference.check(fit: "clopper_pearson", "p_less", got: tests.map(\.less))
    reference.check(fit: "clopper_pearson", "p_greater", got: tests.map(\.greater))

    let poisson = reference.table("poisson.csv")
    let rates = poisson.rows.indices.map {
      (Int(poisson.numbers("x")[$0]), poisson.numbers("t")[$0], poisson.numbers("r0")[$0])
    }
    reference.check(
      fit: "poisson", "ci95",
      got: Matrix(
        rows: rates.map {
          let found = RateInterval.limits(count: $0.0, exposure: $0.1, level: 0.95)
          return [found.low, found.high]
        }))
    reference.check(
      fit: "poisson", "p_two_sided",
      got: rates.map { ExactTest.poisson(count: $0.0, exposure: $0.1, rate: $0.2).twoSided })
    let ratio = RateInterval.ratio(counts: (11, 23), exposures: (800, 3011), level: 0.95)
    reference.check(fit: "poisson_two", "ratio", got: ratio.ratio)
    reference.check(fit: "poisson_two", "ci95", got: [ratio.low, ratio.high])
    reference.check(fit: "poisson_two", "p", got: ratio.pValue)
  }

  // By hand: 0 of n has upper limit 1 − (α/2)^(1/n); no events in exposure 1 have −log(α/2).
  @Test func `nothing seen still has an upper limit`() {
    let none = ProportionInterval.clopperPearson.limits(successes: 0, trials: 1, level: 0.9)
    #expect(none.low == 0)
    expectClose(none.high, 0.95, relative: 1e-13)
    let rate = RateInterval.limits(count: 0, exposure: 1, level: 0.9)
    #expect(rate.low == 0)
    expectClose(rate.high, 2.995732273553991, relative: 1e-13)
    #expect(RateInterval.ratio(counts: (3, 0), exposures: (1, 1)).ratio == .infinity)
    #expect(RateInterval.ratio(counts: (3, 0), exposures: (1, 1)).high == .infinity)
  }

  @Test func `limits mirror`() {
    for method in ProportionInterval.allCases {
      let low = method.limits(successes: 3, trials: 17, level: 0.9)
      let high = method.limits(successes: 14, trials: 17, level: 0.9)
      expectClose(low.low, 1 - high.high, absolute: 1e-13)
      expectClose(low.high, 1 - high.low, absolute: 1e-13)
    }
  }
}
