import RapportIngestion
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

  // By hand: 4 of 4 in January, 0 of 4 in February, p = ½: (4 − 2)² + (0 − 2)² = 8 against 2 · 4 · ¼ · (1 − ½) = 1.
  @Test func `months that go together`() throws {
    let history = try Self.history()
    var months = MonthClusters(history, history.level(.manager))
    for _ in 0..<4 { months.add(0, history.months.lowerBound, true) }
    for _ in 0..<4 { months.add(0, history.months.upperBound, false) }
    #expect(months.designEffect([0.5]) == 8)
  }

  @Test func `never below one`() throws {
    let history = try Self.history()
    var months = MonthClusters(history, history.level(.manager))
    for month in [history.months.lowerBound, history.months.upperBound] {
      for _ in 0..<4 {
        months.add(0, month, true)
        months.add(0, month, false)
      }
    }
    #expect(months.designEffect([0.5]) == 1 && months.designEffect([1]) == 1)
  }

  // By hand, as above: s = (16 + 16)/64 = ½, A = 8 · ½ = 4, B = 2 · 4 · 3 · (1 − 1 + ½) = 12, so ρ = (8 − ¼ · 4)/(¼ · 12) = 7/3,
  // which can't be more than 1. Then each case goes with the three others of its month: D = 1 + 3 = 4, as if there were two.
  @Test func `months of one piece`() throws {
    let history = try Self.history()
    var months = MonthClusters(history, history.level(.manager))
    for _ in 0..<4 { months.add(0, history.months.lowerBound, true) }
    for _ in 0..<4 { months.add(0, history.months.upperBound, false) }
    let clustering = months.clustering([0.5])
    #expect(clustering.correlation == 1 && clustering.repeats == [3] && clustering.designEffect(0) == 4)
  }

  // By hand: 3 of 4 and 1 of 4: (3 − 2)² + (1 − 2)² = 2, so ρ = (2 − 1)/3 and D = 1 + 3/3 = 2.
  @Test func `months that go together in part`() throws {
    let history = try Self.history()
    var months = MonthClusters(history, history.level(.manager))
    for k in 0..<4 {
      months.add(0, history.months.lowerBound, k < 3)
      months.add(0, history.months.upperBound, k < 1)
    }
    let clustering = months.clustering([0.5])
    expectClose(clustering.correlation, 1.0 / 3, relative: 1e-14)
    expectClose(clustering.designEffect(0), 2, relative: 1e-14)
    // One case alone goes with none.
    var single = MonthClusters(history, history.level(.manager))
    single.add(0, history.months.lowerBound, true)
    let none = single.clustering([1])
    #expect(none.correlation == 0 && none.designEffect(0) == 1)
  }
}
