import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct MonthRatesTests {
  static let months = Month(index: 0)...Month(index: 11)
  static let whole = MonthSelection(months)

  // By hand, ten cases a month: 6 events and 2. Ordered pairs of one month: 30 + 2 = 32, of different months 2 · 12 = 24, both over
  // exposures of 200: 1 + c = 32/24. D at the mean rate, 8/20: 1 + c · 0.4 · 200/20.
  @Test func `months that differ`() {
    var rates = MonthRates(unitCount: 1, months: Self.months)
    for (month, events) in zip(Self.months, [Int32(6), 2]) {
      rates.add(0, month, events: events)
      rates.add(0, month, exposure: 10)
    }
    let clustering = rates.clustering(Self.whole)
    expectClose(clustering.correlation, 1.0 / 3, relative: 1e-14)
    expectClose(clustering.designEffect(0), 1 + 4.0 / 3, relative: 1e-14)
    #expect(rates.totals(Self.whole).events == [8] && rates.totals(Self.whole).exposure == [20])
  }

  // Evenly spread events are less than chance would have, and so no more than once as certain; one month alone tells nothing.
  @Test func `never below one`() {
    var rates = MonthRates(unitCount: 2, months: Self.months)
    for month in Self.months {
      rates.add(0, month, events: 2)
      rates.add(0, month, exposure: 10)
    }
    rates.add(1, Self.months.lowerBound, events: 7)
    rates.add(1, Self.months.lowerBound, exposure: 10)
    let clustering = rates.clustering(Self.whole)
    #expect(clustering.correlation == 0 && clustering.designEffect(0) == 1 && clustering.designEffect(1) == 1)
  }

  /// Managers' recognitions over a year, ten interactions a month: rates that differ by `deviation` of the logarithm, and months' by
  /// the coefficient of variation √c.
  private static func waves(
    _ managers: Int, c: Double, deviation: Double, seed: UInt64
  ) -> (evidence: IndicatorEvidence, truth: [Double]) {
    var rates = MonthRates(unitCount: managers, months: months)
    var truth: [Double] = []
    for manager in 0..<managers {
      var stream = RandomStream(seed: seed, purpose: "waves", unit: UInt64(manager))
      let usual = 1.5 * Posterior.exponential(deviation * stream.normal())
      truth.append(10 * usual)
      for month in months {
        rates.add(manager, month, exposure: 10)
        let level = c > 0 ? usual * stream.gamma(shape: 1 / c) * c : usual
        rates.add(manager, month, events: Int32(stream.poisson(mean: level)))
      }
    }
    let (events, exposure) = rates.totals(whole)
    return (
      IndicatorEvidence(
        indicator: .creditGiven, measure: .rate(events: events, exposure: exposure.map { $0 / 100 }),
        counts: exposure.map { Int($0) }, clustering: rates.clustering(whole)), truth
    )
  }

  // c is found, and 90 % intervals hold the truth of about nine in ten (before, of three in four where c = 1); 600 managers: the
  // standard error is 0.012 if all were independent.
  @Test(arguments: [0.0, 1]) func `rates that come in waves are known less surely`(_ c: Double) {
    var held = 0
    for seed in UInt64(1)...5 {
      let (evidence, truth) = Self.waves(120, c: c, deviation: 0.3, seed: seed)
      expectClose(evidence.clustering!.correlation, c, absolute: c > 0 ? 0.35 : 0.1)
      let found = IndicatorPosteriors(evidence)
      for (posterior, truth) in zip(found.posteriors, truth) {
        if posterior.quantile(0.05)! <= truth && truth <= posterior.quantile(0.95)! { held += 1 }
      }
    }
    expectClose(Double(held) / 600, 0.9, absolute: 0.05)
  }

  // Managers who are all alike, whose recognitions come in waves: no more lie outside the limits of chance than these leave, which
  // was 17 % of them when events were taken as independent. 600 managers.
  @Test func `waves put nobody outside the limits`() throws {
    var outside = (own: 0, independent: 0)
    for seed in UInt64(11)...15 {
      var evidence = Self.waves(120, c: 1, deviation: 0, seed: seed).evidence
      func beyond() throws -> Int {
        let names = (0..<120).map { "m\($0)" }
        let funnel = try #require(
          try Funnels.funnel(IndicatorPosteriors(evidence), names: names, threads: 1))
        #expect(funnel.clustering?.correlation == nil)
        return funnel.curves[0].beyondChance
      }
      outside.own += try beyond()
      evidence.clustering = nil
      outside.independent += try beyond()
    }
    #expect(outside.own < 45 && outside.independent > 75, "\(outside)")
  }
}
