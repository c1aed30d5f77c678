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
    let evidence = try #require(Responsiveness.answeredWithinTarget(history, history.level(.manager))).whole
    #expect(evidence.detail("withinTarget") == [1, 0] && evidence.detail("targetsPassed") == [3, 0])
    let partner = try #require(Responsiveness.answeredWithinTarget(history, history.level(.partner))).whole
    #expect(partner.counts == [3])
  }

  // A request passed on after its target counts against who held it then, not against who takes it over, and once for the manager.
  @Test func `reassigned past the target`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2026-03-02 12:00")
    log.event("2026-03-02 15:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 16:00", .response, "ann", "quin", case: "1")
    let history = try history(log, asOf: "2026-03-07")
    let pairs = try #require(Responsiveness.answeredWithinTarget(history, history.level(.pair))).whole
    #expect(pairs.detail("targetsPassed") == [1, 0] && pairs.detail("withinTarget") == [0, 0])
    let partners = try #require(Responsiveness.answeredWithinTarget(history, history.level(.partner))).whole
    #expect(partners.detail("targetsPassed") == [1, 0])
    let manager = try #require(Responsiveness.answeredWithinTarget(history, history.level(.manager))).whole
    #expect(manager.detail("targetsPassed") == [1])
    // Trust likewise: what Quin does speaks neither for nor against.
    let table = PairTable(history)
    let evidence = TrustEvidence(history, table, surveyScale: 1...5)
    #expect(evidence.contributions.map { Int($0.cell) / 6 } == [0] && evidence.contributions.map(\.positive) == [0])
  }

  // Passed on at the very target, it can still be answered in time: it is the one's who holds it then. Back past it, it was missed once.
  @Test func `a target is missed by one holder`() throws {
    func asked(_ steps: (EventKind, String, String)...) throws -> [Double?] {
      var log = EventLog()
      log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", due: "2026-03-02 12:00")
      for (kind, time, partner) in steps { log.event("2026-03-02 \(time)", kind, "ann", partner, case: "1") }
      let history = try history(log, asOf: "2026-03-07")
      let evidence = try #require(Responsiveness.answeredWithinTarget(history, history.level(.pair))).whole
      return evidence.detail("targetsPassed")
    }
    #expect(try asked((.reassign, "12:00", "quin"), (.response, "16:00", "quin")) == [0, 1])
    let back = (EventKind.response, "16:00", "pat")
    #expect(try asked((.reassign, "12:01", "quin"), (.reassign, "13:00", "pat"), back) == [1, 0])
    #expect(try asked((.reassign, "11:00", "quin"), (.reassign, "13:00", "pat"), back) == [0, 1])
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
    let evidence = try #require(Responsiveness.resolvedForGood(history, history.level(.pair))).whole
    #expect(evidence.detail("notReopened") == [1] && evidence.detail("resolved") == [2])
    #expect(history.untoldIndicators.isEmpty)
  }

  // By hand: a request that was reopened late, after 44 days, and then in time after its second resolution counted as resolved for
  // good. Of several resolutions the first that was undone within 30 days decides, else the last, once it is 30 days old.
  @Test func `every resolution of a request has to last`() throws {
    func log(_ steps: (EventKind, String)...) -> EventLog {
      var log = EventLog()
      log.event("2026-01-01 09:00", .request, "ann", "pat", case: "1")
      log.event("2026-01-01 10:00", .response, "ann", "pat", case: "1")
      for (kind, day) in steps { log.event(day + " 09:00", kind, "ann", "pat", case: "1") }
      log.event("2026-01-01 09:00", .request, "bob", "pat", case: "2")
      log.event("2026-01-02 09:00", .reopen, "bob", "pat", case: "2")
      return log
    }
    func isGood(_ log: EventLog, asOf: String) throws -> Bool? {
      let history = try history(log, asOf: asOf)
      return try #require(history.spells.first { $0.manager == 0 }).resolvedForGood(asOf: history.asOf)
    }
    let first = log((.resolution, "2026-01-02"), (.reopen, "2026-01-05"), (.resolution, "2026-02-16"))
    #expect(try isGood(first, asOf: "2026-02-20") == false)
    // The one that was undone decides, and is old enough.
    #expect(try isGood(first, asOf: "2026-04-20") == false)
    let second = log(
      (.resolution, "2026-01-02"), (.reopen, "2026-02-15"), (.resolution, "2026-02-16"), (.reopen, "2026-02-18"))
    #expect(try isGood(second, asOf: "2026-03-20") == false)
    // What was undone counts no sooner than what lasts would.
    #expect(try isGood(second, asOf: "2026-02-20") == nil)
    #expect(try isGood(second, asOf: "2026-02-15 08:00") == true)
    let late = log(
      (.resolution, "2026-01-02"), (.reopen, "2026-02-15"), (.resolution, "2026-02-16"), (.reopen, "2026-03-19"))
    #expect(try isGood(late, asOf: "2026-03-20") == true)
    let young = log((.resolution, "2026-01-02"), (.reopen, "2026-02-15"), (.resolution, "2026-03-01"))
    #expect(try isGood(young, asOf: "2026-03-20") == nil)
    // Closed twice, and undone soon after the second.
    let closed = log((.resolution, "2026-01-02"), (.resolution, "2026-01-20"), (.reopen, "2026-02-10"))
    #expect(try isGood(closed, asOf: "2026-03-20") == false)
  }

  // A case table has no column for reopenings: twelve resolved requests say nothing, of nobody, anywhere.
  @Test func `without any reopening nothing is resolved for good`() throws {
    var log = EventLog()
    for day in 10...21 {
      log.row(
        case: "\(day)", ["ann", "bob"][day % 2], "pat", opened: "2026-03-\(day) 09:00",
        responded: "2026-03-\(day) 10:00", resolved: "2026-03-\(day) 12:00")
    }
    let history = try history(log, asOf: "2026-05-15")
    #expect(Responsiveness.resolvedForGood(history, history.level(.manager)) == nil)
    #expect(history.untoldIndicators == [.resolvedForGood])
    let assessment = try assess(history, options: quick)
    #expect(assessment.basis.unmeasuredIndicators == ["resolvedForGood"] && !assessment.basis.tellsSeconds)
    #expect(assessment.managers.allSatisfy { $0.indicators["resolvedForGood"] == nil && $0.trust.estimate == nil })
    #expect(assessment.pairs.allSatisfy { $0.trustInPartner.estimate == nil })
    #expect(!assessment.trends.indicators.contains { $0.indicator == "resolvedForGood" })
    let told = "No reopening was read, so whether requests were resolved for good isn't known."
    #expect(assessment.notes.contains(told) && assessment.dataQuality.notes.contains(told))
    // One reopening, of whosever request, and all of them speak.
    log.event("2026-05-01", .reopen, "ann", "pat", case: "10")
    let told2 = try assess(try later(log), options: quick)
    #expect(told2.basis.unmeasuredIndicators.isEmpty && !told2.notes.contains(told))
    #expect(told2.managers.allSatisfy { $0.indicators["resolvedForGood"]?.score.estimate != nil })
    #expect(told2.trends.indicators.contains { $0.indicator == "resolvedForGood" })
  }

  private func later(_ log: EventLog) throws -> History { try history(log, asOf: "2026-05-15") }

  // By hand: waits 7,200 and 14,400 answered, others censored at as-of or withdrawal: S = 3/4 · 2/3 = ½ at 14,400 if both
  // censored times of ann are later; bob's 3,600 censored is his alone.
  @Test func `typical wait`() throws {
    let history = try history(Self.log(), asOf: "2026-03-07")
    let level = history.level(.manager)
    let waits = Waits(history, level, options: quick)
    #expect(waits.curves[0].median == 14_400 && waits.curves[0].answered == 2 && waits.curves[0].count == 4)
    #expect(waits.curves[1].median == nil && waits.curves[1].answered == 0)
    let evidence = try #require(Responsiveness.typicalWait(SortedWaits(history, level, options: quick))).whole
    guard case .mean(let estimates, let variances, let isLog) = evidence.measure else {
      Issue.record("expected means")
      return
    }
    #expect(isLog && abs((estimates[0] ?? 0) - WaitCurve.log(14_400)) < 1e-12 && estimates[1] == nil)
    #expect(variances[0] > 0 && evidence.detail("median") == [14_400, nil])
  }

  // Pat answers at once what she keeps, and passes the rest on after a day; Quin answers that an hour later.
  static func passedOn() -> EventLog {
    var log = EventLog()
    for i in 1...9 {
      log.event("2026-03-0\(i) 09:00", .request, "ann", "pat", case: "\(i)")
      if i % 3 > 0 {
        log.event("2026-03-\(i < 9 ? "0" : "")\(i + 1) 09:00", .reassign, "ann", "quin", case: "\(i)")
        log.event("2026-03-\(i < 9 ? "0" : "")\(i + 1) 10:00", .response, "ann", "quin", case: "\(i)")
      } else {
        log.event("2026-03-0\(i) 09:10", .response, "ann", "pat", case: "\(i)")
      }
    }
    return log
  }

  // By hand: ann waits three times 10 minutes and six times 25 hours, so her median is 25 hours. Pat's nine spells: three
  // answered after 10 minutes, six censored after a day; Quin's six answered after an hour.
  @Test func `passing a request on doesn't shorten the manager's wait`() throws {
    let history = try history(Self.passedOn())
    let manager = Waits(history, history.level(.manager), options: quick)
    #expect(manager.curves[0].median == 25 * 3600 && manager.curves[0].count == 9 && manager.curves[0].answered == 9)
    #expect(manager.common.seconds == [600, 25 * 3600])
    let partner = Waits(history, history.level(.partner), options: quick)
    #expect(partner.curves.map(\.median) == [nil, 3600] && partner.curves.map(\.count) == [9, 6])
    #expect(partner.curves.map(\.answered) == [3, 6] && partner.common.seconds == [600, 3600])
    let pairs = history.waits(history.level(.pair))
    #expect(pairs.count == 15 && pairs.filter { !$0.isAnswered }.allSatisfy { $0.seconds == 86_400 })
  }

  // By hand: an hour with Pat, paused for another; then passed on twice, two and three hours, and withdrawn.
  @Test func `a withdrawn request is one censored wait, pauses taken off`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-03-02 09:30", .pause, "ann", "pat", case: "1")
    log.event("2026-03-02 10:30", .resume, "ann", "pat", case: "1")
    log.event("2026-03-02 11:00", .reassign, "ann", "quin", case: "1")
    log.event("2026-03-02 13:00", .reassign, "ann", "rob", case: "1")
    log.event("2026-03-02 16:00", .withdraw, "ann", "rob", case: "1")
    let history = try history(log)
    let waits = history.waits(history.level(.manager))
    #expect(waits.map(\.seconds) == [6 * 3600] && waits.map(\.isAnswered) == [false])
    #expect(history.waits(history.level(.partner)).map(\.seconds) == [3600, 2 * 3600, 3 * 3600])
  }

  // The partner's own requests and impossible times are nobody's waits; a request that nobody holds is the manager's.
  @Test func `whose waits count`() throws {
    var log = EventLog()
    log.event("2026-03-02 09:00", .request, "ann", "pat", case: "1", by: .partner)
    log.row(case: "2", "ann", "pat", opened: "2026-03-02 09:00", responded: "2026-03-02 10:00", excluded: true)
    log.row(case: "3", "ann", "", opened: "2026-03-02 09:00")
    let history = try history(log, asOf: "2026-03-03 09:00")
    #expect(history.waits(history.level(.manager)).map(\.seconds) == [86_400])
    #expect(history.waits(history.level(.pair)).isEmpty && history.waits(history.level(.partner)).isEmpty)
  }

  // By hand, with one open request of 35 days that holds 40 of 168 hours a week: 30 days of follow-up are 30 · 40/168 working
  // days, and a wait without an end has them as its restricted mean. After 28 days, 160 hours of 171, a fifteenth would be made up.
  @Test func `the restricted mean goes as far as the follow-up's working hours`() throws {
    var log = EventLog()
    log.event("2026-03-02 00:00", .request, "ann", "pat", case: "1")
    for (asOf, isTold) in [("2026-04-06 00:00", true), ("2026-03-30 00:00", false)] {
      let history = try history(log, asOf: asOf) {
        let day = ["09:00-17:00"]
        $0.calendars["office"] = CalendarDefinition(
          timezone: "UTC", hours: ["mon": day, "tue": day, "wed": day, "thu": day, "fri": day])
        $0.defaultCalendar = "office"
      }
      #expect(abs(history.workingShare - 40.0 / 168) < 1e-12)
      let mean = Waits(history, history.level(.manager), options: quick).curves[0].restrictedMean
      #expect((mean != nil) == isTold)
      if isTold { expectClose(mean ?? .nan, 30 * 86_400 * 40.0 / 168, relative: 1e-12) }
    }
  }

  // By hand: a hundred waits of each of six months, all short in odd months and long in even ones, so that what month it is decides on
  // which side of the median a wait ends: ρ is 1 and D = 1 + 99 = 100. Limits ten times as wide reach from one end to the other, where
  // independent ones would lie within the two values about the median.
  @Test func `limits of a partner's median allow for months that go together`() throws {
    var log = EventLog()
    for month in 1...6 {
      for k in 0..<100 {
        let (day, hour) = (1 + k % 25, 8 + k / 25)
        let date = "2026-0\(month)-\(day < 10 ? "0" : "")\(day)"
        let key = "\(month)-\(k)"
        log.event("\(date) \(hour < 10 ? "0" : "")\(hour):00", .request, "m\(k % 4)", "pat", case: key)
        log.event("\(date) \(hour + (month % 2 == 0 ? 9 : 1)):\(10 + k % 40)", .response, "m\(k % 4)", "pat", case: key)
      }
    }
    let history = try history(log, asOf: "2026-07-31")
    let sorted = SortedWaits(history, history.level(.partner), options: quick)
    let waits = Waits(sorted, MonthSelection(history.months))
    expectClose(waits.monthClustering.designEffect(0), 100, relative: 0.05)
    let limits = waits.medianLimits(0, sorted)
    let (low, high) = (try #require(waits.curves[0].low), try #require(waits.curves[0].high))
    #expect((limits.low ?? 0) < low && (limits.high ?? .infinity) > high)
    let partner = try #require(try assess(history, options: quick).partners.first)
    #expect(partner.wait.low == limits.low && partner.wait.high == limits.high)
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
    let evidence = try #require(Responsiveness.typicalWait(SortedWaits(history, level, options: quick))).whole
    guard case .mean(let estimates, _, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    #expect((estimates[0] ?? 0) > (estimates[1] ?? 0))
  }
}
