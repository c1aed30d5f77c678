import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct ResponsivenessTests {
  // ann asks pat four times: answered in time, answered late, open past its target, target not yet passed.
  // bob's one request is withdrawn before its target.
  static func log() -> EventLog {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2026-03-02 12:00")
    log.event("2026-03-02 11:00", .response, "ann", "pat", case: "1")
    log.event("2026-03-03 09:00", .request, "ann", "pat", case: "2", due: "2026-03-03 12:00")
    log.event("2026-03-03 13:00", .response, "ann", "pat", case: "2")
    log.event("2026-03-04 09:00", .request, "ann", "pat", case: "3", due: "2026-03-04 12:00")
    log.event("2026-03-05 09:00", .request, "ann", "pat", case: "4", due: "2026-12-31 12:00")
    log.event("2026-03-05 09:00", .request, "bob", "pat", case: "5", due: "2026-03-06 12:00")
    log.event("2026-03-05 10:00", .withdraw, "bob", "pat", case: "5")
    return log
  }

  // By hand: targets passed 3, met 1.
  @Test func `answered within target`() throws {
    let history = try history(Self.log(), asOf: "2026-03-07")
    let evidence = try #require(Responsiveness.answeredWithinTarget(history, history.level(.manager)))
    #expect(evidence.detail("withinTarget") == [1, 0] && evidence.detail("targetsPassed") == [3, 0])
    let partner = try #require(Responsiveness.answeredWithinTarget(history, history.level(.partner)))
    #expect(partner.counts == [3])
  }

  // A request passed on after its target counts against who held it then, and once for the manager.
  @Test func `reassigned past the target`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2026-03-02 12:00")
    log.event("2026-03-02 15:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 16:00", .response, "ann", "quin", case: "1")
    let history = try history(log, asOf: "2026-03-07")
    let pairs = try #require(Responsiveness.answeredWithinTarget(history, history.level(.pair)))
    #expect(pairs.detail("targetsPassed") == [1, 1] && pairs.detail("withinTarget") == [0, 0])
    let manager = try #require(Responsiveness.answeredWithinTarget(history, history.level(.manager)))
    #expect(manager.detail("targetsPassed") == [1])
  }

  // By hand: resolved 40 and 35 days before as-of, one of them reopened after two days; one resolved 10 days before.
  @Test func `resolved for good`() throws {
    var log = EventLog()
    for (number, resolved) in [("1", "2026-03-02"), ("2", "2026-03-07"), ("3", "2026-04-01")] {
      log.event("2026-03-01 09:00", .request, "ann", "pat", case: number)
      log.event("2026-03-01 10:00", .response, "ann", "pat", case: number)
      log.event("\(resolved) 09:00", .resolution, "ann", "pat", case: number)
    }
    log.event("2026-03-04 09:00", .reopen, "ann", "pat", case: "1")
    let history = try history(log, asOf: "2026-04-11 09:00")
    let evidence = try #require(Responsiveness.resolvedForGood(history, history.level(.pair)))
    #expect(evidence.detail("notReopened") == [1] && evidence.detail("resolved") == [2])
  }

  // By hand: waits 7,200 and 14,400 answered, others censored at as-of or withdrawal: S = 3/4 · 2/3 = ½ at 14,400 if both
  // censored times of ann are later; bob's 3,600 censored is his alone.
  @Test func `typical wait`() throws {
    let history = try history(Self.log(), asOf: "2026-03-07")
    let level = history.level(.manager)
    let waits = Waits(history, level, options: quick)
    #expect(waits.curves[0].median == 14_400 && waits.curves[0].answered == 2 && waits.curves[0].spells == 4)
    #expect(waits.curves[1].median == nil && waits.curves[1].answered == 0)
    let evidence = try #require(Responsiveness.typicalWait(history, waits, level))
    guard case .mean(let estimates, let variances, let isLog) = evidence.measure else {
      Issue.record("expected means")
      return
    }
    #expect(isLog && abs((estimates[0] ?? 0) - WaitCurve.log(14_400)) < 1e-12 && estimates[1] == nil)
    #expect(variances[0] > 0 && evidence.detail("median") == [14_400, nil])
  }

  // A curve that stays above one half is moved by the common curve's distance from its deepest level to the median.
  @Test func `a median that isn't reached`() throws {
    var log = EventLog()
    for i in 0..<40 {
      let manager = i % 4 == 0 ? "ann" : "bob"
      log.event("2026-03-0\(1 + i % 9) 09:00", .request, manager, "pat", case: "\(i)")
      // ann: 3 of 10 answered; bob: all 30.
      if manager == "bob" || i % 16 == 0 {
        log.event("2026-03-\(10 + i % 9) \(10 + i % 7):0\(i % 10)", .response, manager, "pat", case: "\(i)")
      }
    }
    let history = try history(log, asOf: "2026-06-01")
    let level = history.level(.manager)
    let waits = Waits(history, level, options: quick)
    #expect(waits.curves[0].median == nil && waits.curves[1].median != nil)
    let evidence = try #require(Responsiveness.typicalWait(history, waits, level))
    guard case .mean(let estimates, _, _) = evidence.measure else { return }
    #expect((estimates[0] ?? 0) > (estimates[1] ?? 0))
  }
}

@Suite struct WaitCurveTests {
  // By hand (five times, the second and fourth censored): S(1) = 4/5, S(3) = 4/5 · 2/3 = 8/15, S(5) = 0; median 5.
  // Restricted mean to 4: 1 + 4/5 · 2 + 8/15 · 1.
  @Test func `five times, by hand`() {
    let curve = WaitCurve(
      [(5, true), (1, true), (2, false), (3, true), (4, false)], limit: 4, level: 0.9)
    #expect(curve.median == 5 && curve.answered == 3 && curve.spells == 5)
    #expect(abs((curve.restrictedMean ?? 0) - (1 + 1.6 + 8.0 / 15)) < 1e-12)
  }

  @Test func `no time at all`() {
    let curve = WaitCurve([], limit: 4, level: 0.9)
    #expect(curve.median == nil && curve.restrictedMean == nil && curve.deepest == nil)
  }

  @Test(arguments: 1...6)
  func `agrees with numerics' Kaplan–Meier curve`(_ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "wait curve")
    let times = (0..<80).map { _ in
      (time: (stream.exponential() * 20).rounded(.up), isEvent: stream.uniform() < 0.8)
    }
    let curve = WaitCurve(times, limit: 15, level: 0.9)
    let reference = try KaplanMeier(times: times.map(\.time), events: times.map(\.isEvent))
    for step in WaitCurve.steps(times) {
      #expect(abs(step.survival - reference.survival(at: step.time)) < 1e-12)
      #expect(abs(step.variance.squareRoot() - reference.standardError(at: step.time)) < 1e-12)
    }
    #expect(abs((curve.restrictedMean ?? 0) - reference.restrictedMean(until: 15).mean) < 1e-9)
    // Numerics takes the middle of a flat piece at exactly one half, this curve its beginning.
    let median = try #require(reference.median(level: 0.9).time)
    #expect(try #require(curve.median) <= median)
    #expect(try #require(curve.low) <= median && (curve.high ?? .infinity) >= median)
  }
}

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
