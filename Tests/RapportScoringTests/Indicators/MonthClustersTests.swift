import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct MonthClustersTests {
  static func history() throws -> History {
    var log = EventLog()
    log.event("2026-01-05", .decision, "ann", "pat", value: 1)
    log.event("2026-02-05", .decision, "ann", "pat", value: 1)
    return try RapportScoringTests.history(log)
  }

  // By hand: 4 of 4 in January, 0 of 4 in February: no two cases of a month differ and all of different months do, so ρ = 1.
  // Each case goes with the three others of its month: D = 1 + 3 = 4, as if there were two.
  @Test func `months of one piece`() throws {
    let history = try Self.history()
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    for _ in 0..<4 { months.add(0, history.months.lowerBound, true) }
    for _ in 0..<4 { months.add(0, history.months.upperBound, false) }
    let clustering = months.clustering
    #expect(clustering.correlation == 1 && clustering.excess == [3] && clustering.designEffect(0) == 4)
  }

  // By hand: 4 of 8 twice: of 56 pairs of one month 32 differ, of 64 others 32. 1 − 32/56 · 64/32 is below 0.
  @Test func `never below one`() throws {
    let history = try Self.history()
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    for month in [history.months.lowerBound, history.months.upperBound] {
      for _ in 0..<4 {
        months.add(0, month, true)
        months.add(0, month, false)
      }
    }
    #expect(months.clustering.correlation == 0 && months.clustering.designEffect(0) == 1)
  }

  // By hand: 3 of 4 and 1 of 4: of 12 pairs of one month 6 differ, of 16 others 10, so 1 − ρ = (6/12)/(10/16) = 0.8 and
  // D = 1 + 0.2 · 3.
  @Test func `months that go together in part`() throws {
    let history = try Self.history()
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    for k in 0..<4 {
      months.add(0, history.months.lowerBound, k < 3)
      months.add(0, history.months.upperBound, k < 1)
    }
    expectClose(months.clustering.correlation, 0.2, relative: 1e-14)
    expectClose(months.clustering.designEffect(0), 1.6, relative: 1e-14)
    // One case alone goes with none, and cases of one month alone tell nothing of how they go together.
    var single = MonthClusters(unitCount: history.managers.count, months: history.months)
    single.add(0, history.months.lowerBound, true)
    #expect(single.clustering.correlation == 0 && single.clustering.designEffect(0) == 1)
    single.add(0, history.months.lowerBound, false)
    #expect(single.clustering.correlation == 0 && single.clustering.excess == [0])
  }

  // By hand: ann as above, 12 and 16 pairs, w = 12 · 16/28/8 = 6/7; bob 2 of 2 and 0 of 1, 1 and 2 pairs, w = 1 · 2/3/3 = 2/9.
  // 1 − ρ = (6/7 · 6/12 + 0)/(6/7 · 10/16 + 2/9 · 2/2) = 108/191. Each has a design effect of its own.
  @Test func `two units`() throws {
    var log = EventLog()
    log.event("2026-01-05", .decision, "ann", "pat", value: 1)
    log.event("2026-02-05", .decision, "bob", "pat", value: 1)
    let history = try RapportScoringTests.history(log)
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    for k in 0..<4 {
      months.add(0, history.months.lowerBound, k < 3)
      months.add(0, history.months.upperBound, k < 1)
    }
    for _ in 0..<2 { months.add(1, history.months.lowerBound, true) }
    months.add(1, history.months.upperBound, false)
    expectClose(months.clustering.correlation, 83.0 / 191, relative: 1e-14)
    expectClose(months.clustering.designEffect(0), 1 + 3 * 83.0 / 191, relative: 1e-14)
    expectClose(months.clustering.designEffect(1), 1 + 2.0 / 3 * 83 / 191, relative: 1e-14)
  }

  // Three to twelve cases to a unit: moments that take p̂ (1 − p̂) for p (1 − p) find 0.30 of independent cases and 0.62 where
  // ρ = ¼. 600 units: the standard error is 0.044.
  @Test(arguments: [0.0, 0.25]) func `however few cases a unit has`(_ correlation: Double) throws {
    var log = EventLog()
    for month in 1...12 {
      log.event("2026-\(month < 10 ? "0" : "")\(month)-05", .decision, "ann", "pat", value: 1)
    }
    for unit in 1..<600 { log.event("2026-01-05", .decision, "bea\(unit)", "pat", value: 1) }
    let history = try RapportScoringTests.history(log, asOf: "2026-12-31")
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    for unit in 0..<600 {
      var stream = RandomStream(seed: 3, purpose: "few cases test", unit: UInt64(unit))
      let own = stream.beta(16, 4)
      let monthly = (0..<12).map { _ in correlation == 0 ? own : stream.beta(3 * own, 3 * (1 - own)) }
      for _ in 0..<[3, 5, 8, 12][unit % 4] {
        let month = stream.integer(below: 12)
        months.add(unit, history.months.lowerBound.advanced(by: month), stream.uniform() < monthly[month])
      }
    }
    expectClose(months.clustering.correlation, correlation, absolute: 0.12)
  }

  // By hand: two cases in each of five months, of which 2, 2, 1, 0 and 0 succeeded. Of 5 pairs of one month 1 differs, of 16 of months
  // side by side 4, of 12 further apart all: ρ₀ = 1 − 1/5, ρ₁ = 1 − 4/16, ρ₂ = 0.75²/0.8. D = 1 + 2 (0.8 · 5 + 0.75 · 16 + ρ₂ · 12)/10.
  @Test func `months side by side`() {
    let period = Month(index: 0)...Month(index: 4)
    var months = MonthClusters(unitCount: 2, months: period)
    for (month, succeeded) in zip(period, [Int32(2), 2, 1, 0, 0]) { months.add(0, month, succeeded, of: 2) }
    let clustering = months.clustering
    expectClose(clustering.correlation, 0.8, relative: 1e-14)
    expectClose(clustering.designEffect(0), 1 + (4 + 12 + 12 * 0.75 * 0.75 / 0.8) / 5, relative: 1e-14)
    #expect(clustering.designEffect(1) == 1)
    // Of months that are only side by side nothing further apart is known: those of one month are held against them.
    let first = months.clustering(MonthSelection(period, Month(index: 1)...Month(index: 2)))
    expectClose(first.correlation, 0, absolute: 1e-14)
  }

  // Three hundred units, four cases a month for two years, whose months' shares follow on one another (0.4 of the deviation stays). Shares
  // vary by D as found, within a fifth; by what one month alone shares it would be six tenths of that.
  @Test func `what lasts from month to month`() {
    let period = Month(index: 0)...Month(index: 23)
    var months = MonthClusters(unitCount: 300, months: period)
    var shares: [Double] = []
    for unit in 0..<300 {
      var stream = RandomStream(seed: 5, purpose: "lasting months", unit: UInt64(unit))
      var (level, succeeded) = (stream.normal(), 0)
      for month in period {
        // Half of the cases' variance on the normal scale is the month's.
        let share = Normal.standard.cumulative(level)
        let own = (0..<4).count { _ in stream.uniform() < share }
        months.add(unit, month, Int32(own), of: 4)
        succeeded += own
        level = 0.4 * level + 0.84.squareRoot() * stream.normal()
      }
      shares.append(Double(succeeded) / 96)
    }
    let clustering = months.clustering
    let independent = 0.25 / 96
    let ratio = Moments(shares).variance! / (independent * clustering.designEffect(0))
    #expect(ratio > 0.8 && ratio < 1.25, "\(ratio)")
    #expect(Moments(shares).variance! / (independent * (1 + 3 * clustering.correlation)) > 1.4)
  }

  // By hand: two units alike, each as in `months side by side`. Of cases of both, 2 of 20 pairs of one month differ, 8 of 32 of months side
  // by side and all 24 further apart: κ₀ = 0.9, κ₁ = 0.75, κ₂ = 0.75²/0.9. Of all 20 cases 30, 64 and 48 pairs lie so.
  @Test func `months that are bad for all`() {
    let period = Month(index: 0)...Month(index: 4)
    var months = MonthClusters(unitCount: 2, months: period)
    for unit in 0..<2 {
      for (month, succeeded) in zip(period, [Int32(2), 2, 1, 0, 0]) { months.add(unit, month, succeeded, of: 2) }
    }
    expectClose(months.clustering.common, (0.9 * 30 + 0.75 * 64 + 0.75 * 0.75 / 0.9 * 48) / 400, relative: 1e-14)
    // One unit alone shares nothing with others, nor do two whose months are opposed.
    var alone = MonthClusters(unitCount: 2, months: period)
    for (month, succeeded) in zip(period, [Int32(2), 2, 1, 0, 0]) { alone.add(0, month, succeeded, of: 2) }
    #expect(alone.clustering.common == 0)
    for (month, succeeded) in zip(period, [Int32(0), 0, 1, 2, 2]) { alone.add(1, month, succeeded, of: 2) }
    #expect(alone.clustering.common == 0)
  }

  // Sixty managers whose months are all better or worse together, five cases a month for a year: the mean of all of them is off by as much
  // as the year was. Intervals that lean on it hold the truth of five in six by what is allowed for, and of few without.
  @Test func `a year that is bad for all is in every interval`() {
    let period = Month(index: 0)...Month(index: 11)
    var held = (own: 0, without: 0)
    for seed in UInt64(1)...30 {
      var months = MonthClusters(unitCount: 60, months: period)
      var stream = RandomStream(seed: seed, purpose: "bad year")
      let levels = (0..<60).map { _ in 0.8 + 0.15 * stream.normal() }
      for month in period {
        let shift = 0.6 * stream.normal()
        for (unit, level) in levels.enumerated() {
          let share = Normal.standard.cumulative(level + shift)
          for _ in 0..<5 { months.add(unit, month, stream.uniform() < share) }
        }
      }
      var evidence = months.evidence(
        .answeredWithinTarget, in: MonthSelection(period), succeeded: "withinTarget", tried: "targetsPassed")!
      func count() -> Int {
        zip(levels, IndicatorPosteriors(evidence).posteriors).count { level, posterior in
          // Over many months.
          let truth = Normal.standard.cumulative(level / (1 + 0.36).squareRoot())
          return posterior.quantile(0.05)! <= truth && truth <= posterior.quantile(0.95)!
        }
      }
      held.own += count()
      evidence.common = 0
      held.without += count()
    }
    #expect(held.own > 1500 && held.without < held.own - 150, "\(held)")
  }
}
