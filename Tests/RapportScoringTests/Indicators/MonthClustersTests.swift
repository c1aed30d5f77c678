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
}
