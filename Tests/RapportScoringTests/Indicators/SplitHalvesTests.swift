import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct SplitHalvesTests {
  /// Two decisions of ann and one of bob on the first days of each month of 2026.
  private static func decisions(months: Int) -> EventLog {
    var log = EventLog()
    for month in 1...months {
      let prefix = "2026-\(month < 10 ? "0" : "")\(month)"
      for (day, manager) in ["ann", "ann", "bob"].enumerated() {
        log.event("\(prefix)-0\(day + 1)", .decision, manager, "pat", value: 1)
      }
    }
    return log
  }

  @Test func `the fewer units, the more splits`() {
    #expect([0, 1, 30, 60, 61, 100, 599, 600, 5000].map(SplitHalves.count) == [10, 10, 10, 10, 10, 6, 2, 1, 1])
  }

  @Test func `each month is in one half, and threads change nothing`() throws {
    let history = try history(Self.decisions(months: 9), asOf: "2026-09-30")
    func counts(_ set: IndicatorSet) throws -> [Int] {
      try #require(set.indicators.first { $0.indicator == .jointDecisions }).evidence.counts.map { Int($0) }
    }
    for threads in [1, 3] {
      var options = quick
      options.threads = threads
      let halves = SplitHalves(history, history.indicators(.manager), options: options)
      #expect(halves.splits.count == 10)
      for split in halves.splits {
        // Nine months: four in one half, five in the other, each with two decisions of ann and one of bob.
        #expect(try counts(split.first) == [8, 4])
        #expect(try counts(split.second) == [10, 5])
      }
    }
  }

  @Test func `months that aren't over, and short logs, aren't split`() throws {
    func splits(_ months: Int, _ asOf: String) throws -> [SplitHalves.Split] {
      let history = try history(Self.decisions(months: months), asOf: asOf)
      return SplitHalves(history, history.indicators(.manager), options: quick).splits
    }
    #expect(try splits(3, "2026-03-31").isEmpty)
    #expect(try splits(4, "2026-04-10").isEmpty)
    let four = try #require(try splits(5, "2026-05-10").first)
    let counts = [four.first, four.second].map {
      $0.indicators.first { $0.indicator == .jointDecisions }?.evidence.counts
    }
    #expect(counts == [[4, 2], [4, 2]])
  }

  // Objections on the 20th, each answered on the 5th of the next month: in whichever half an objection is, so is its answer,
  // and an answer whose objection is in the other half answers nothing else.
  @Test func `an answer goes with its objection`() throws {
    var log = Self.decisions(months: 10)
    for month in 1...9 {
      func day(_ month: Int, _ day: String) -> String { "2026-\(month < 10 ? "0" : "")\(month)-\(day)" }
      log.event(day(month, "20"), .objection, "ann", "pat")
      log.event(day(month + 1, "05"), .alternative, "ann", "pat")
      // bob's are answered one in two.
      log.event(day(month, "21"), .objection, "bob", "pat")
      if month % 2 == 0 { log.event(day(month + 1, "06"), .alternative, "bob", "pat") }
    }
    let history = try history(log, asOf: "2026-10-31")
    let halves = SplitHalves(history, history.indicators(.manager), options: quick)
    #expect(halves.splits.count == 10)
    for split in halves.splits {
      let counts = try [split.first, split.second].map { half in
        try #require(half.indicators.first { $0.indicator == .alternativesOffered }).evidence
      }
      for evidence in counts {
        #expect(evidence.detail("withAlternative")[0] == evidence.detail("objections")[0])
      }
      #expect(counts.reduce(0) { $0 + ($1.detail("withAlternative")[1] ?? 0) } == 4)
      #expect(counts.reduce(0) { $0 + ($1.detail("objections")[1] ?? 0) } == 9)
    }
  }
}
