import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct ContactIndicatorsTests {
  // January to March, exposed throughout: check-ins on 10 January (20 + 15 minutes on two days) and 3 March (20 minutes).
  static func checkIns() -> EventLog {
    var log = EventLog()
    log.event("2026-01-01", .training, "ann")
    log.event("2026-01-01", .decision, "ann", "pat", value: 1)
    log.event("2026-01-10", .checkIn, "ann", "pat", value: 20)
    log.event("2026-01-12", .checkIn, "ann", "pat", value: 15)
    log.event("2026-02-10", .checkInCancelled, "ann", "pat")
    log.event("2026-03-03", .checkIn, "ann", "pat", by: .manager, value: 20)
    log.event("2026-03-20", .training, "ann", "pat")
    return log
  }

  // By hand: contact in 2 of 3 months; 30 minutes in 1 of 3; gaps of 2 and 50 days.
  @Test func `regularity and one-to-one time`() throws {
    let history = try history(Self.checkIns(), asOf: "2026-03-31")
    for kind in [Level.Kind.manager, .pair, .partner] {
      let level = history.level(kind)
      let regularity = try #require(CheckInRegularity.evidence(history, level)).whole
      #expect(regularity.detail("monthsWithCheckIn") == [2] && regularity.detail("exposedMonths") == [3])
      #expect(regularity.detail("longestGapDays") == [50] && regularity.detail("burstiness") == [nil])
      // The last on 3 March, 28 days before the end.
      #expect(regularity.detail("daysSinceCheckIn") == [28] && regularity.detail("cancelled") == [1])
      let time = try #require(Communication.oneToOneTime(history, level)).whole
      #expect(time.detail("monthsWithTime") == [1] && time.detail("exposedMonths") == [3])
    }
  }

  // The last check-in is of 3 March: who left on the tenth hadn't gone without one until the end of the month.
  @Test func `days since a check-in end where somebody left`() throws {
    var history = try history(Self.checkIns(), asOf: "2026-03-31")
    let stay = Stay(from: .absent, until: EventLog.instant("2026-03-10"))
    func days(_ kind: Level.Kind) throws -> [Double?] {
      try #require(CheckInRegularity.evidence(history, history.level(kind))).whole.detail("daysSinceCheckIn")
    }
    history.managerStays = [stay]
    #expect(try days(.manager) == [7] && days(.pair) == [7] && days(.partner) == [28])
    (history.managerStays, history.partnerStays) = ([], [stay])
    #expect(try days(.manager) == [28] && days(.pair) == [7] && days(.partner) == [7])
  }

  // By hand: gaps 1, 1, 1 have r = 0: −√2/√2 = −1. Gaps 0, 0, 3: r = √2, n = 3: (2√2 − √2)/((2 − 2)√2 + √2) = 1.
  @Test func `burstiness, by hand`() throws {
    #expect(abs(try #require(CheckInRegularity.burstiness([1, 1, 1])) + 1) < 1e-12)
    #expect(abs(try #require(CheckInRegularity.burstiness([0, 0, 3])) - 1) < 1e-12)
    #expect(CheckInRegularity.burstiness([1, 2]) == nil && CheckInRegularity.burstiness([0, 0, 0]) == nil)
  }

  // By hand: two trainings; 1 January to 31 March are 89 to 90 exposed days, three months.
  @Test func `development actions`() throws {
    let history = try history(Self.checkIns(), asOf: "2026-03-31")
    let evidence = try #require(DevelopmentActions.evidence(history, history.level(.manager))).whole
    #expect(evidence.detail("trainings") == [2] && evidence.counts == [3])
    let days = try #require(evidence.detail("exposedDays")[0])
    #expect(days >= 89 && days <= 90)
    let partner = try #require(DevelopmentActions.evidence(history, history.level(.partner))).whole
    #expect(partner.detail("trainings") == [1])
    let pair = try #require(DevelopmentActions.evidence(history, history.level(.pair))).whole
    #expect(pair.detail("trainings") == [1])
  }

  // `LD` and `L&D` counted as HR's, without a word.
  @Test func `trainings of L&D are counted whatever the roster calls it`() throws {
    for (function, expected) in [("ld", 1.0), ("LD", 1), ("L&D", 1), ("Learning and Development", 1), ("HR", 0)] {
      var pat = Roster.Entry(id: "pat")
      pat.attributes = ["function": function]
      var options = HistoryOptions(runStart: EventLog.instant("2027-01-01"))
      options.asOf = EventLog.instant("2026-03-31")
      options.rosters = [Roster(party: .partner, entries: [pat])]
      let history = try Self.checkIns().ledger.history(options)
      let evidence = try #require(DevelopmentActions.evidence(history, history.level(.manager))).whole
      #expect(evidence.detail("fromLearningAndDevelopment") == [expected], "\(function)")
    }
  }

  // Pat's leave names nobody: no pair comes of it, and no indicator looks for one.
  @Test func `a partner's absence is of no pair`() throws {
    var log = Self.checkIns()
    log.event("2026-02-02", .absence, "", "pat", by: .partner, due: "2026-02-07")
    log.event("2026-02-02", .absence, "eve", "pat", by: .partner, due: "2026-02-08")
    let history = try history(log, asOf: "2026-03-31")
    #expect(history.managers == ["ann"] && history.exposure.pairs.count == 1)
    for kind in [Level.Kind.manager, .pair, .partner] {
      let regularity = try #require(CheckInRegularity.evidence(history, history.level(kind))).whole
      #expect(regularity.detail("exposedMonths") == [3])
    }
    let assessment = try assess(history, options: AssessmentOptions())
    #expect(assessment.pairs.count == 1 && assessment.managers.count == 1)
  }

  // By hand: the manager begins 1 check-in and 1 request, the partner 2 check-ins: 2 of 4.
  @Test func `initiative needs both sides in the input`() throws {
    var log = Self.checkIns()
    #expect(
      try #require(Communication.initiativeBalance(history(log), history(log).level(.pair))).whole.detail("byManager")
        == [1])
    log.event("2026-03-21 09:00", .request, "ann", "pat", case: "1")
    let history = try history(log)
    let evidence = try #require(Communication.initiativeBalance(history, history.level(.pair))).whole
    #expect(evidence.detail("byManager") == [2] && evidence.detail("initiated") == [4])
    var oneSided = EventLog()
    oneSided.event("2026-03-21 09:00", .request, "ann", "pat", case: "1")
    let desk = try RapportScoringTests.history(oneSided)
    #expect(Communication.initiativeBalance(desk, desk.level(.pair)) == nil)
  }

  // Ann's two requests are one's: one stays with Pat, one stands in a queue, then passes by Pat to Quin. So Pat has two
  // interactions and Quin one, and Ann asked twice in all; Quin gives credit once.
  @Test func `a request passed on is contact with whom it passed to`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", "pat", opened: "2026-03-02 09:00", responded: "2026-03-02 10:00")
    log.row(case: "2", "ann", "", opened: "2026-03-02 09:00")
    log.event("2026-03-03 09:00", .reassign, "ann", "pat", case: "2")
    log.event("2026-03-04 09:00", .reassign, "ann", "quin", case: "2")
    log.event("2026-03-05 09:00", .recognition, "ann", "quin")
    let history = try history(log)
    func asked(_ kind: Level.Kind) throws -> [Double?] {
      try #require(Communication.initiativeBalance(history, history.level(kind))).whole.detail("byManager")
    }
    func interactions(_ kind: Level.Kind) throws -> [Double?] {
      try #require(CreditGiven.evidence(history, history.level(kind))).whole.detail("interactions")
    }
    #expect(try asked(.manager) == [2] && asked(.pair) == [2, 1] && asked(.partner) == [2, 1])
    #expect(try interactions(.manager) == [2] && interactions(.pair) == [2, 1] && interactions(.partner) == [2, 1])
  }

  // From Pat to Quin and back to Pat, who answers: one request of each, two waits of Pat's. Ann was asked likewise.
  @Test func `a request that comes back to a partner is one of theirs`() throws {
    var log = EventLog()
    for (key, asker) in [("1", Party.manager), ("2", .partner)] {
      log.event("2026-03-02 09:00", .request, "ann", "pat", case: key, by: asker)
      log.event("2026-03-03 09:00", .reassign, "ann", "quin", case: key)
      log.event("2026-03-04 09:00", .reassign, "ann", "pat", case: key)
      log.event("2026-03-05 09:00", .response, "ann", "pat", case: key, by: asker.other)
    }
    log.event("2026-03-05 09:00", .recognition, "ann", "quin")
    log.event("2026-03-05 09:00", .escalation, "ann", "pat")
    let history = try history(log)
    #expect(history.spells.map(\.isReturn).count { $0 } == 2)
    #expect(history.waits(history.level(.pair)).map(\.unit) == [0, 0, 1])
    for kind in [Level.Kind.pair, .partner] {
      let level = history.level(kind)
      let balance = try #require(Communication.initiativeBalance(history, level)).whole
      #expect(balance.detail("byManager") == [1, 1] && balance.detail("initiated") == [2, 3])
      let credit = try #require(CreditGiven.evidence(history, level)).whole
      #expect(credit.detail("interactions") == [2, 2])
      // Of those the one that Ann made.
      let escalations = try #require(ConflictHandling.escalationRate(history, level)).whole
      #expect(escalations.detail("requests") == [1, 1])
    }
    let assessment = try assess(history, options: quick)
    let (pat, quin) = (assessment.partners[0], assessment.partners[1])
    #expect(pat.requests == 1 && pat.answered == 1 && pat.reassigned == 0 && pat.ofManagers.requests == 1)
    #expect(quin.requests == 1 && quin.answered == 0 && quin.reassigned == 1 && quin.ofManagers.requests == 1)
    #expect(assessment.pairs.map(\.requests) == [1, 1])
  }

  // By hand: given 100, 90 and 10 days before as-of, the first followed up after 59 days, the second after 61.
  @Test func `loop closure`() throws {
    var log = EventLog()
    log.event("2026-01-01 09:00", .feedback, "ann", "pat", case: "1")
    log.event("2026-03-01 09:00", .followUp, "ann", "pat", case: "1")
    log.event("2026-01-11 09:00", .feedback, "ann", "pat", case: "2")
    log.event("2026-03-13 09:00", .followUp, "ann", "pat", case: "2")
    log.event("2026-04-01 09:00", .feedback, "ann", "pat", case: "3")
    let history = try history(log, asOf: "2026-04-11 09:00")
    let evidence = try #require(Communication.loopClosure(history, history.level(.manager))).whole
    #expect(evidence.detail("followedUp") == [1] && evidence.detail("feedback") == [2])
  }

  // By hand: three decisions, two joint; a decision without a value isn't one.
  @Test func `joint decisions`() throws {
    var log = EventLog()
    for value in [1.0, 1, 0] { log.event("2026-01-0\(Int(value) + 1)", .decision, "ann", "pat", value: value) }
    let history = try history(log)
    let evidence = try #require(Alignment.jointDecisions(history, history.level(.pair))).whole
    #expect(evidence.detail("joint") == [2] && evidence.detail("decisions") == [3])
  }

  // By hand: of four objections at least 30 days old the first two are answered by the two alternatives that follow, the
  // third by none within 30 days, the fourth by none; the fifth is too young.
  @Test func `alternatives answer objections in order`() throws {
    var log = EventLog()
    log.event("2026-01-01 09:00", .objection, "ann", "pat")
    log.event("2026-01-02 09:00", .objection, "ann", "pat")
    log.event("2026-01-03 09:00", .alternative, "ann", "pat")
    log.event("2026-01-04 09:00", .alternative, "ann", "pat")
    log.event("2026-01-05 09:00", .objection, "ann", "pat")
    log.event("2026-02-20 09:00", .alternative, "ann", "pat")
    log.event("2026-02-25 09:00", .objection, "bob", "pat")
    log.event("2026-04-01 09:00", .objection, "ann", "pat")
    let history = try history(log, asOf: "2026-04-11 09:00")
    let evidence = try #require(Alignment.alternativesOffered(history, history.level(.pair))).whole
    #expect(evidence.detail("withAlternative") == [2, 0] && evidence.detail("objections") == [3, 1])
  }

  // Three objections of Pat's, to each of which Quin found another way within ten days: to Ann HR offered them, while Pat didn't.
  @Test func `to a manager another partner's alternative is one`() throws {
    var log = EventLog()
    for month in 1...3 {
      log.event("2026-0\(month)-01 09:00", .objection, "ann", "pat")
      log.event("2026-0\(month)-10 09:00", .alternative, "ann", "quin")
    }
    // Each answers one: this one waits, and another manager's alternative is none.
    log.event("2026-03-02 09:00", .objection, "ann", "quin")
    log.event("2026-03-03 09:00", .alternative, "bob", "pat")
    let history = try history(log, asOf: "2026-06-01")
    func counts(_ kind: Level.Kind) throws -> [[Double?]] {
      let evidence = try #require(Alignment.alternativesOffered(history, history.level(kind))).whole
      return [evidence.detail("objections"), evidence.detail("withAlternative")]
    }
    #expect(try counts(.manager) == [[4, 0], [3, 0]])
    // Ann and Pat, Ann and Quin, Bob and Pat: Quin's of 10 March answers Quin's own of the second.
    #expect(try counts(.pair) == [[3, 1, 0], [0, 1, 0]])
    #expect(try counts(.partner) == [[3, 1], [0, 1]])
    // An alternative belongs to the month of the objection that it answers, at each level.
    let last = Alignment.answers(history.contacts, .manager).last { $0.answer != nil }
    #expect(try history.contacts[#require(last).objection].partner == 0)
  }

  // By hand: in the week of 5 January both sides give credit: counts once. In the week of 12 January the partner gives
  // two. Ten interactions.
  @Test func `credit, mutual praise capped`() throws {
    var log = EventLog()
    log.event("2026-01-05", .recognition, "ann", "pat")
    log.event("2026-01-06", .recognition, "ann", "pat", by: .manager)
    log.event("2026-01-12", .recognition, "ann", "pat")
    log.event("2026-01-18", .recognition, "ann", "pat")
    for day in 1...10 { log.event("2026-02-\(day < 10 ? "0" : "")\(day)", .checkIn, "ann", "pat", value: 30) }
    let history = try history(log)
    let evidence = try #require(CreditGiven.evidence(history, history.level(.manager))).whole
    #expect(evidence.detail("recognitions") == [3] && evidence.detail("interactions") == [10])
    // Five thanks by pat in a week are five, and stay so when ann thanks back: they had become one.
    for day in 2...6 { log.event("2026-02-0\(day)", .recognition, "ann", "pat") }
    for (back, counted) in [(false, 8.0), (true, 8)] {
      if back { log.event("2026-02-07", .recognition, "ann", "pat", by: .manager) }
      let more = try RapportScoringTests.history(log)
      #expect(CreditGiven.evidence(more, more.level(.manager))?.whole.detail("recognitions") == [counted])
    }
    #expect(evidence.detail("fromHR") == [3] && evidence.detail("fromManager") == [1])
    guard case .rate(_, let exposure) = evidence.measure else {
      Issue.record("expected rates, found \(evidence.measure)")
      return
    }
    #expect(exposure == [0.1])
  }

  // Dates alone, Monday and Tuesday: in Berlin both lie in one week, though in UTC Monday's midnight there is Sunday's evening.
  @Test(arguments: ["UTC", "Europe/Berlin", "America/New_York"])
  func `weeks begin on Monday in the report's time zone`(_ name: String) throws {
    let zone = try TimeZoneRules(named: name)
    var log = EventLog(zone: zone)
    log.event("2026-01-05", .recognition, "ann", "pat")
    log.event("2026-01-06", .recognition, "ann", "pat", by: .manager)
    log.event("2026-01-07", .checkIn, "ann", "pat", value: 30)
    let history = try history(log)
    let evidence = try #require(CreditGiven.evidence(history, history.level(.manager))).whole
    #expect(evidence.detail("recognitions") == [1])
  }

  // By hand: of three escalations one is protected; 2 requests, beside one that HR made of the manager.
  @Test func `protected escalations never count`() throws {
    var log = EventLog()
    log.event("2026-01-05 09:00", .request, "ann", "pat", case: "1")
    log.event("2026-01-06 09:00", .request, "ann", "pat", case: "2")
    log.event("2026-01-06 09:00", .request, "ann", "pat", case: "3", by: .partner)
    log.event("2026-01-07 09:00", .escalation, "ann", "pat")
    log.event("2026-01-08 09:00", .escalation, "ann", "pat", channel: "protected")
    log.event("2026-01-09 09:00", .escalation, "ann")
    // What HR escalates speaks of the manager.
    log.event("2026-01-10 09:00", .escalation, "ann", "pat", by: .partner)
    let history = try history(log)
    let manager = try #require(ConflictHandling.escalationRate(history, history.level(.manager))).whole
    #expect(manager.detail("escalations") == [2] && manager.detail("requests") == [2])
    let pair = try #require(ConflictHandling.escalationRate(history, history.level(.pair))).whole
    #expect(pair.detail("escalations") == [1] && pair.detail("requests") == [2])
  }
}

@Suite struct PromiseIndicatorsTests {
  // By hand, as of 1 June: kept in time, kept late, open past due, released, not yet due, kept before a due to come.
  static func log() -> EventLog {
    var log = EventLog()
    let rows = [
      ("1", "2026-02-01 09:00", "2026-01-25 09:00"), ("2", "2026-02-01 09:00", "2026-03-02 09:00"),
      ("3", "2026-02-01 09:00", nil), ("4", "2026-02-01 09:00", nil), ("5", "2026-07-01 09:00", nil),
      ("6", "2026-07-01 09:00", "2026-02-01 09:00"),
    ]
    for (number, due, kept) in rows {
      log.event("2026-01-01 09:00", .commitment, "ann", "pat", case: number, due: due)
      if let kept { log.event(kept, .fulfilment, "ann", "pat", case: number) }
    }
    log.event("2026-01-10 09:00", .release, "ann", "pat", case: "4")
    return log
  }

  @Test func `promises kept on time`() throws {
    let history = try history(Self.log(), asOf: "2026-06-01")
    let evidence = try #require(
      FollowThrough.keptOnTime(history, history.level(.pair), family: .commitment, indicator: .promisesKeptOnTime)
    ).whole
    #expect(evidence.detail("kept") == [1] && evidence.detail("due") == [3])
    #expect(evidence.detail("dueByHR") == [3] && evidence.detail("keptByHR") == [1])
    #expect(
      FollowThrough.keptOnTime(history, history.level(.pair), family: .goal, indicator: .goalsMetOnTime) == nil)
  }

  // By hand: promised 31 days; kept after 24 and 60 days, one open for 150.6 days, counted as censored at four times.
  // By hand: pat's promise was due on 1 February and let go a day later: missed, as is ann's; hers of March she kept.
  @Test func `letting go of what is overdue changes nothing`() throws {
    var log = EventLog()
    log.event("2026-01-01 09:00", .commitment, "ann", "pat", case: "1", due: "2026-02-01 09:00")
    log.event("2026-01-01 09:00", .commitment, "ann", "pat", case: "2", by: .manager, due: "2026-02-01 09:00")
    log.event("2026-01-01 09:00", .commitment, "ann", "pat", case: "3", by: .manager, due: "2026-03-01 09:00")
    log.event("2026-02-20 09:00", .fulfilment, "ann", "pat", case: "3")
    log.event("2026-02-02 09:00", .release, "ann", "pat", case: "1")
    let history = try history(log, asOf: "2026-06-01")
    let kept = try #require(
      FollowThrough.keptOnTime(history, history.level(.pair), family: .commitment, indicator: .promisesKeptOnTime)
    ).whole
    #expect(kept.detail("due") == [3] && kept.detail("kept") == [1])
    #expect(kept.detail("dueByHR") == [1] && kept.detail("keptByHR") == [0])
    #expect(kept.detail("dueByManager") == [2] && kept.detail("keptByManager") == [1])
    let slippage = try #require(FollowThrough.slippage(history, history.level(.pair))).whole
    #expect(slippage.detail("promises") == [3] && slippage.detail("done") == [1])
    let evidence = TrustEvidence(history, PairTable(history), surveyScale: 1...5)
    #expect(evidence.contributions.count == 3)
    let february = try #require(evidence.contributions.first { $0.positive == 0 && $0.cell == 0 })
    #expect(february.month == Month(year: 2026, month: 2).index)
  }

  @Test func `slippage takes what is open as censored`() throws {
    let history = try history(Self.log(), asOf: "2026-06-01")
    let evidence = try #require(FollowThrough.slippage(history, history.level(.pair))).whole
    #expect(evidence.detail("done") == [2] && evidence.detail("promises") == [3])
    guard case .mean(let estimates, let variances, let isLog) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    let estimate = try #require(estimates[0])
    // Between the two kept ones' mean, ½ (log(24/31) + log(60/31)) = 0.202, and that with the open one at log 4, 0.597.
    #expect(!isLog && estimate > 0.2 && estimate < 1.4 && variances[0] > 0)
  }

  // By hand: settled after 2 and 8 days, one open; reopened once, so that two aren't over at the end.
  @Test func `settlement time`() throws {
    var log = EventLog()
    for (number, settled) in [("1", "2026-01-03"), ("2", "2026-01-09"), ("3", nil)] {
      log.event("2026-01-01", .conflict, "ann", "pat", case: number)
      if let settled { log.event(settled, .settlement, "ann", "pat", case: number) }
    }
    log.event("2026-01-20", .conflict, "ann", "pat", case: "1")
    let history = try history(log, asOf: "2026-03-15")
    let evidence = try #require(ConflictHandling.settlementTime(history, history.level(.manager))).whole
    #expect(evidence.detail("conflicts") == [3] && evidence.detail("settled") == [2])
    #expect(evidence.detail("reopened") == [1] && evidence.detail("unsettled") == [2])
    guard case .mean(let estimates, _, let isLog) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    let median = Posterior.exponential(try #require(estimates[0])) / 86_400
    #expect(isLog && median > 2 && median < 60)
  }

  // Without censoring, σ and means are those of the normal; the residuals of 1, 2, 3 and 11, 12, 13 are −1, 0, 1 twice.
  @Test func `times without censoring`() throws {
    let months = Month(year: 2026, month: 1)...Month(year: 2026, month: 3)
    var times = CensoredTimes(2, months: months)
    for (unit, time) in [(0, 1.0), (0, 2), (0, 3), (1, 11), (1, 12), (1, 13)] {
      let month = months.lowerBound.advanced(by: Int(time - 1) % 10)
      times.add(unit, in: month, logTime: time, isEvent: true, limit: 100)
    }
    times.add(-1, in: months.lowerBound, logTime: 5, isEvent: true, limit: 100)
    let evidence = try #require(times.evidence(.settlementTime, isLog: true, ended: "settled", all: "conflicts"))
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    expectClose(estimates.map { $0 ?? .nan }, [2, 12], absolute: 1e-8)
    // σ² = 4/(6 − 2) = 1, so 1/3 each.
    expectClose(variances, [1.0 / 3, 1.0 / 3], relative: 1e-8)
    #expect(CensoredTimes(1, months: months).evidence(.slippage, isLog: false, ended: "done", all: "promises") == nil)
  }
}

@Suite struct CensoredTimesTests {
  // Eight times of either unit, half of them 0 and half 2: the first unit's one a month, the second's in two months of one piece. By hand:
  // ρ = 1, and D = 1 and 1 + 3.
  @Test func `times of one month that go together`() throws {
    let months = Month(year: 2026, month: 1)...Month(year: 2026, month: 8)
    var times = CensoredTimes(2, months: months)
    for k in 0..<8 {
      for (unit, month) in [(0, k), (1, k % 2)] {
        times.add(
          unit, in: months.lowerBound.advanced(by: month), logTime: Double(2 * (k % 2)), isEvent: true, limit: 100)
      }
    }
    let evidence = try #require(times.evidence(.settlementTime, isLog: true, ended: "settled", all: "conflicts"))
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    #expect(estimates[0] == estimates[1])
    expectClose(variances[1] / variances[0], 4, relative: 1e-12)
  }
}

extension CensoredTimesTests {
  // Twenty units with one end and one time that goes on, and one of them ends once more: of two ends of one unit hardly anything is
  // known of σ, and the likelihood rises with it until a median of days would be one of years.
  @Test func `a single unit with two ends doesn't run away with the deviation`() throws {
    let months = Month(year: 2026, month: 1)...Month(year: 2026, month: 3)
    func medians(_ isMore: Bool) throws -> [Double] {
      var stream = RandomStream(seed: 5, purpose: "censored times")
      var times = CensoredTimes(20, months: months)
      for unit in 0..<20 {
        times.add(unit, in: months.lowerBound, logTime: 12.5 + 0.5 * stream.normal(), isEvent: true, limit: 20)
        times.add(unit, in: months.upperBound, logTime: 16, isEvent: false, limit: 20)
      }
      if isMore { times.add(0, in: months.lowerBound, logTime: 12.7, isEvent: true, limit: 20) }
      let evidence = try #require(times.evidence(.settlementTime, isLog: true, ended: "ended", all: "all"))
      guard case .mean(let estimates, _, _) = evidence.measure else {
        Issue.record("\(evidence.measure)")
        return []
      }
      return estimates.compactMap { $0 }
    }
    let (before, after) = (try medians(false), try medians(true))
    #expect(before.count == 20 && after.count == 20)
    // A factor of e² at most, of the others; it was e⁶.
    for unit in 1..<20 { #expect(abs(after[unit] - before[unit]) < 2, "\(before[unit]) \(after[unit])") }
  }

  // One unit, one time that has ended and one that hasn't, by hand: without a second end σ can't be told, and stays 1 instead of
  // running to infinity with all limits.
  @Test func `one end of two leaves the deviation unknown`() throws {
    let months = Month(year: 2026, month: 1)...Month(year: 2026, month: 1)
    var times = CensoredTimes(2, months: months)
    times.add(0, in: months.lowerBound, logTime: 1, isEvent: true, limit: 100)
    times.add(0, in: months.lowerBound, logTime: 14, isEvent: false, limit: 100)
    let evidence = try #require(times.evidence(.settlementTime, isLog: true, ended: "settled", all: "conflicts"))
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    let estimate = try #require(estimates[0])
    #expect(estimate > 0.9 && estimate < 30 && variances[0] <= 2)
  }
}

@Suite struct VoiceTests {
  // By hand: ann's four anonymous ratings are held back, bob's five are used: mean 4.
  @Test func `fewer than five anonymous respondents`() throws {
    var log = EventLog()
    for (i, value) in [5.0, 4, 4, 4].enumerated() { log.event("2026-01-0\(i + 1)", .survey, "ann", value: value) }
    for (i, value) in [5.0, 4, 4, 4, 3].enumerated() { log.event("2026-01-0\(i + 1)", .survey, "bob", value: value) }
    for i in 1...8 { log.event("2026-01-0\(i)", .surveyInvitation, "ann") }
    for _ in 1...8 { log.event("2026-01-01", .surveyInvitation, "bob") }
    let history = try history(log)
    let evidence = try #require(Voice.surveyScore(history, history.level(.manager), scale: 1...5)).whole
    #expect(evidence.suppressed == [0: "fewer than 5 anonymous respondents in one wave"])
    #expect(evidence.counts == [0, 5] && evidence.detail("ratings") == [nil, 5])
    #expect(evidence.detail("responseRate") == [nil, 5.0 / 8])
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    #expect(estimates[0] == nil && estimates[1] == 4)
    // Within bob: (1 + 0 + 0 + 0 + 1)/4 = ½, over 5.
    #expect(abs(variances[1] - 0.1) < 1e-12)
    let set = IndicatorPosteriors(evidence)
    #expect(!set.isShown(0) && set.isShown(1))
  }

  // By hand: ann's five ratings come a month apart, so that they may be one person's: none is used. Of bob's six of two weeks five
  // are; his two of half a year later are not, nor does anything tell how many there were. cyd's second wave is large enough, so that
  // ten of eleven are used.
  @Test func `five ratings of five waves are no five respondents`() throws {
    var log = EventLog()
    for month in 1...5 {
      log.event("2026-0\(month)-15", .survey, "ann", value: 4)
      log.event("2026-0\(month)-01", .surveyInvitation, "ann")
    }
    for manager in ["bob", "cyd"] {
      for day in [1, 2, 3, 8, 9, 14] { log.event("2026-01-\(day < 10 ? "0" : "")\(day)", .survey, manager, value: 4) }
      for day in 1...(manager == "bob" ? 2 : 5) { log.event("2026-07-0\(day)", .survey, manager, value: 1) }
      for day in 1...9 { log.event("2026-01-0\(day)", .surveyInvitation, manager) }
      for day in 1...9 { log.event("2026-07-0\(day)", .surveyInvitation, manager) }
    }
    let history = try history(log, asOf: "2026-08-01")
    let evidence = try #require(Voice.surveyScore(history, history.level(.manager), scale: 1...5)).whole
    #expect(evidence.suppressed == [0: "fewer than 5 anonymous respondents in one wave"])
    #expect(evidence.counts == [0, 5, 10] && evidence.detail("ratingOfManager") == [nil, 4, (24.0 + 4) / 10])
    #expect(evidence.detail("responseRate") == [nil, nil, nil])
    // Asked and answered once a week for a quarter: three fall into each wave. Asked on days 0, 7, 14, 21 and 28, first
    // answered late and then early, each time before the next question: never five, however it is done.
    let start = EventLog.instant("2026-01-01")
    func waves(_ days: [Int]) -> [Int] {
      Voice.waves(
        days.map { .init(instant: start.advanced(days: $0), month: Month(year: 2026, month: 1), rating: 4) }
      ).map(\.count)
    }
    #expect(waves((0..<13).map { 7 * $0 }) == [3, 3, 3, 3, 1])
    #expect(waves([3, 7, 14, 21, 28]) == [4, 1] && waves([6, 13, 14, 21, 28]) == [4, 1])
    #expect(waves([3, 3, 4, 10, 23]) == [5])
  }

  // The sixth rating stood in the difference of two weekly reports: five of mean 3.6, then six of mean 19/6, so that it was 1. By hand:
  // ten ratings are 18 + 1 + 4 · 5 = 39, and at the eleventh nothing changes again.
  @Test func `two reports never differ by a single anonymous rating`() throws {
    let ratings: [Double] = [3, 4, 4, 3, 4, 1, 5, 5, 5, 5, 1]
    func told(_ count: Int) throws -> [String: Double?] {
      var log = EventLog()
      for (day, rating) in ratings.prefix(count).enumerated() {
        log.event("2026-05-\(day < 9 ? "0" : "")\(day + 1)", .survey, "ann", value: rating)
        log.event("2026-05-01", .surveyInvitation, "ann")
      }
      let history = try history(log, asOf: "2026-06-24")
      let evidence = try #require(Voice.surveyScore(history, history.level(.manager), scale: 1...5)).whole
      guard case .mean(let estimates, _, _) = evidence.measure else { return [:] }
      #expect(history.dataQuality.confidential == count / 5 * 5)
      return ["mean": estimates[0], "ratings": evidence.detail("ratings")[0]]
    }
    for count in 5...9 { #expect(try told(count) == ["mean": 3.6, "ratings": 5]) }
    for count in 10...11 { #expect(try told(count) == ["mean": 3.9, "ratings": 10]) }
  }

  // By hand: pat rates ann 2 and 4: one respondent with 3. ann rates pat 5. The pair has two respondents, mean 4.
  @Test func `a pair's ratings are one respondent per side`() throws {
    var log = EventLog()
    log.event("2026-01-01", .survey, "ann", "pat", by: .partner, value: 2)
    log.event("2026-02-01", .survey, "ann", "pat", by: .partner, value: 4)
    log.event("2026-02-01", .survey, "ann", "pat", by: .manager, value: 5)
    log.event("2026-02-01", .survey, "ann", value: 1)
    let history = try history(log)
    for kind in [Level.Kind.pair, .manager] {
      let evidence = try #require(Voice.surveyScore(history, history.level(kind), scale: 1...5)).whole
      guard case .mean(let estimates, _, _) = evidence.measure else {
        Issue.record("expected means, found \(evidence.measure)")
        return
      }
      #expect(estimates == [4] && evidence.counts == [2] && evidence.suppressed.isEmpty)
      // As they were given, and as they count; the lone anonymous one isn't even told of.
      #expect(evidence.detail("ratings") == [3])
      #expect(evidence.detail("ratingsOfHR") == [1] && evidence.detail("countedOfHR") == [1])
      #expect(evidence.detail("ratingsOfManager") == [2] && evidence.detail("countedOfManager") == [1])
    }
  }
  // By hand: ann rates pat 2; pat rates ann 4, and thirty of her people rate her 5, 4, 5, 4 and so on. Of HR: 2 (n = 1). Of
  // the manager: (4 + 15 · 5 + 15 · 4)/31 = 139/31. The score is their mean, (2 + 139/31)/2, and not the 3.26 of the 32.
  // Within the 31: Σ (x − 139/31)² = 16 + 15 · 25 + 15 · 16 − 139²/31 = 631 − 19,321/31, over 30.
  @Test func `many respondents on one side leave the other its half`() throws {
    var log = EventLog()
    log.event("2026-01-01", .survey, "ann", "pat", by: .manager, value: 2)
    log.event("2026-01-01", .survey, "ann", "pat", by: .partner, value: 4)
    for i in 0..<30 { log.event("2026-01-02", .survey, "ann", value: i.isMultiple(of: 2) ? 5 : 4) }
    log.event("2026-01-01", .survey, "bob", "pat", by: .manager, value: 3)
    let history = try history(log)
    let evidence = try #require(Voice.surveyScore(history, history.level(.manager), scale: 1...5)).whole
    #expect(evidence.detail("ratingOfHR") == [2, 3] && evidence.detail("ratingsOfHR") == [1, 1])
    #expect(evidence.detail("ratingsOfManager") == [31, 0] && evidence.counts == [32, 1])
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    expectClose(try #require(evidence.detail("ratingOfManager")[0]), 139.0 / 31, relative: 1e-12)
    expectClose(try #require(estimates[0]), (2 + 139.0 / 31) / 2, relative: 1e-12)
    // bob is heard, and nobody on him: his score is what he says of HR.
    #expect(estimates[1] == 3 && evidence.detail("ratingOfManager")[1] == nil)
    let variance = (631 - 19_321.0 / 31) / 30
    expectClose(variances, [variance / 4 * (1 + 1.0 / 31), variance], relative: 1e-9)
  }

  // By hand: managers say 2 and 4 of HR, partners 3 and 4 of them: differences −1 and 0 vary by ½, so σ² is ¼, and half of
  // that for the mean of the two sides. That HR is rated lower on average is no noise.
  @Test func `one respondent a side`() throws {
    var log = EventLog()
    for (manager, ofHR, ofManager) in [("ann", 2.0, 3.0), ("bob", 4, 4)] {
      log.event("2026-01-01", .survey, manager, "pat", by: .manager, value: ofHR)
      log.event("2026-01-01", .survey, manager, "pat", by: .partner, value: ofManager)
    }
    let history = try history(log)
    let evidence = try #require(Voice.surveyScore(history, history.level(.pair), scale: 1...5)).whole
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means, found \(evidence.measure)")
      return
    }
    #expect(estimates == [2.5, 4] && variances == [0.125, 0.125])
  }
}
