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
    #expect(clustering.correlation == 1 && clustering.repeats == [3] && clustering.designEffect(0) == 4)
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
    #expect(single.clustering.correlation == 0 && single.clustering.repeats == [1])
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
}
