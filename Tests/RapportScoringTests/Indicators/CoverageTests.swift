import RapportIngestion
import RapportTestSupport
import Testing

@testable import RapportScoring

/// What a few events may say of everybody.
@Suite struct CoverageTests {
  /// Thirty managers with eight requests each, every one answered after some hours, over half a year.
  static func requests(_ change: (inout EventLog) -> Void = { _ in }) throws -> Assessment {
    var log = EventLog()
    for manager in 10..<40 {
      for k in 0..<8 {
        let (date, key) = ("2026-0\(1 + k % 6)-\(10 + (manager + k) % 18)", "\(manager)-\(k)")
        log.event("\(date) 09:00", .request, "m\(manager)", "p\(manager % 3)", case: key, topic: "t", priority: "q")
        log.event("\(date) 1\((manager * k) % 8):30", .response, "m\(manager)", "p\(manager % 3)", case: key)
      }
    }
    change(&log)
    return try assess(try history(log, asOf: "2026-07-31"), options: quick)
  }

  private static func others(_ assessment: Assessment) -> [Double] {
    assessment.managers.filter { $0.id != "m20" }.compactMap { $0.health.estimate?.value }
  }

  // One training of one manager of thirty took the others' health from 59 to 23, since what nobody wrote down looks like what never
  // happened.
  @Test(arguments: ["training", "recognition", "check_in", "survey", "decision", "request", "escalation"])
  func `one stray event of one manager says nothing of the others`(_ kind: String) throws {
    let before = try Self.requests()
    let after = try Self.requests { log in
      let time = "2026-03-12 15:00"
      switch kind {
      case "training": log.event(time, .training, "m20", "p2")
      case "recognition": log.event(time, .recognition, "m20", "p2")
      case "check_in": log.event(time, .checkIn, "m20", "p2", value: 45)
      case "survey": log.event(time, .survey, "m20", "p2", value: 2)
      case "decision": log.event(time, .decision, "m20", "p2", value: 1)
      case "escalation": log.event(time, .escalation, "m20", "p2")
      default:
        log.event(time, .request, "m20", "p2", case: "of p2", by: .partner)
        log.event("2026-03-12 16:00", .response, "m20", "p2", case: "of p2", by: .manager)
      }
    }
    let (x, y) = (Self.others(before), Self.others(after))
    #expect(x.count == 29 && y.count == 29)
    for (a, b) in zip(x, y) { #expect(abs(a - b) < 0.5, "\(kind): \(a) and \(b)") }
    #expect(before.basis.measuredDomains == after.basis.measuredDomains)
    #expect(before.notes.allSatisfy { !$0.hasPrefix("Not measured, since") })
    #expect(
      after.notes.contains { $0.hasPrefix("Not measured, since too few managers have enough evidence: ") },
      "\(after.notes)")
    let trust = zip(before.managers, after.managers).filter { $0.0.id != "m20" }
    #expect(trust.allSatisfy { $0.trust == $1.trust && $0.trustInPartner == $1.trustInPartner })
  }

  // Of six managers it isn't a stray event any more: as many as a fifth of those who could have had one.
  @Test func `what enough managers have is measured`() throws {
    for (count, isMeasured) in [(5, false), (6, true)] {
      let assessment = try Self.requests { log in
        for manager in 10..<10 + count { log.event("2026-03-12 15:00", .training, "m\(manager)", "p\(manager % 3)") }
      }
      #expect(assessment.basis.measuredDomains.contains("development") == isMeasured)
      #expect(assessment.basis.unmeasuredThoughRead == (isMeasured ? [] : ["development"]))
      #expect(
        assessment.notes.contains { $0.contains("development actions (5 managers; 6 needed)") } == !isMeasured)
    }
  }

  // By hand: five of many, half of few; where nothing is a value too, a fifth of all that could have had something.
  @Test func `how many it takes`() {
    #expect([1, 2, 3, 4, 5, 8, 9, 10, 1000].map(Coverage.fewest) == [1, 1, 2, 2, 3, 4, 5, 5, 5])
    func coverage(_ indicator: Indicator, _ measure: IndicatorEvidence.Measure, _ counts: [Int]) -> Coverage {
      Coverage(IndicatorEvidence(indicator: indicator, measure: measure, counts: counts))
    }
    let forty = [Double](repeating: 6, count: 40)
    let some = (0..<40).map { $0 < 7 ? 1.0 : 0 }
    let counts = (0..<40).map { $0 < 7 ? 6 : 2 }
    #expect(
      coverage(.regularity, .share(successes: some, trials: forty), counts.map { _ in 6 })
        == coverage(.creditGiven, .rate(events: some, exposure: forty), counts))
    let rate = coverage(.creditGiven, .rate(events: some, exposure: forty), counts)
    #expect(rate.telling == 7 && rate.needed == 8 && !rate.isEnough)
    // Few escalations are good, so that those who have many aren't hidden by those who have none.
    let escalations = coverage(.escalationRate, .rate(events: some, exposure: forty), counts)
    #expect(escalations.telling == 7 && escalations.needed == 5 && escalations.isEnough)
    let share = coverage(.jointDecisions, .share(successes: some, trials: forty), counts)
    #expect(share.telling == 7 && share.needed == 5 && share.isEnough)
    // Of six first steps of each of forty managers one is the manager's, of seven of them.
    let balance = coverage(.initiativeBalance, .balance(first: some, all: forty), counts)
    #expect(balance.telling == 7 && balance.needed == 8)
    #expect(
      coverage(.initiativeBalance, .balance(first: zip(forty, some).map { $0 - $1 }, all: forty), counts) == balance)
  }

  // Tickets of two years, a calendar of the second: 11 of 12 months with a check-in were 11 of 23.
  @Test func `months before a kind was read count for nobody`() throws {
    for managers in [4, 6] {
      var log = EventLog()
      for manager in 0..<managers {
        for month in 0..<24 {
          let (year, number) = (2024 + month / 12, month % 12 + 1)
          let date = "\(year)-\(number < 10 ? "0" : "")\(number)-0\(1 + manager)"
          log.event("\(date) 09:00", .request, "m\(manager)", "p", case: "\(manager)-\(month)")
          log.event("\(date) 10:00", .response, "m\(manager)", "p", case: "\(manager)-\(month)")
          if month >= 12, month != 12 + manager { log.event("\(date) 11:00", .checkIn, "m\(manager)", "p", value: 45) }
        }
      }
      let history = try history(log, asOf: "2025-12-31")
      let level = Level(.manager, pairs: PairTable(history))
      let evidence = try #require(CheckInRegularity.evidence(history, level)).whole
      let minutes = try #require(Communication.oneToOneTime(history, level)).whole
      // By hand: 11 of the second year's 12 months, or of all 24. Of four managers it may be that they began to meet.
      let months = managers < 5 ? 24.0 : 12
      for unit in 0..<managers {
        #expect(evidence.detail("exposedMonths")[unit] == months && evidence.detail("monthsWithCheckIn")[unit] == 11)
        #expect(minutes.detail("exposedMonths")[unit] == months)
      }
      let found = history.dataQuality.observations["kindBeginsLater"]
      #expect((found?.count ?? 0) == (managers < 5 ? 0 : 1))
      if managers >= 5 {
        #expect(found?.examples.map(\.found) == ["check_in from 2025-01 on, the log from 2024-01"])
      }
    }
  }

  // Whole assessments: counts of pairs and partners know no months, and a selection of them ended in a crash. By hand: twelve months of
  // one recognition, or escalation, a month, among as many requests, are 100 in 100; of all 24 months 50.
  @Test(arguments: [EventKind.recognition, .escalation, .checkIn, .training])
  func `a kind that begins later is scored from there on`(_ kind: EventKind) throws {
    var log = EventLog()
    for manager in 0..<8 {
      for month in 0..<24 {
        let (year, number) = (2024 + month / 12, month % 12 + 1)
        let date = "\(year)-\(number < 10 ? "0" : "")\(number)-0\(1 + manager)"
        log.event("\(date) 09:00", .request, "m\(manager)", "p\(manager % 2)", case: "\(manager)-\(month)")
        log.event("\(date) 1\(manager):00", .response, "m\(manager)", "p\(manager % 2)", case: "\(manager)-\(month)")
        if month >= 12 { log.event("\(date) 19:00", kind, "m\(manager)", "p\(manager % 2)", value: 45) }
      }
    }
    let history = try history(log, asOf: "2025-12-31")
    #expect(history.beginnings == [kind: Month(year: 2025, month: 1)])
    let assessment = try assess(history, options: quick)
    let evidence = try #require(assessment.managers.first).indicators
    switch kind {
    case .recognition: #expect(evidence["creditGiven"]?.evidence["interactions"] == 12)
    case .escalation: #expect(evidence["escalationRate"]?.evidence["requests"] == 12)
    case .training: #expect(try #require(evidence["developmentActions"]?.evidence["exposedDays"] ?? nil) < 367)
    default: #expect(evidence["regularity"]?.evidence["exposedMonths"] == 12)
    }
    #expect(assessment.pairs.count == 8 && assessment.partners.count == 2)
  }

  // One row of July, everything else from October on: by hand nine months of twelve in which fewer than two of eight managers have any,
  // 1/220. Two of three months were two of six, and the time since July was a gap. The early row stays a contact.
  @Test(arguments: [EventKind.recognition, .escalation, .checkIn, .training])
  func `one early row doesn't make all miss the months after it`(_ kind: EventKind) throws {
    var log = EventLog()
    for manager in 0..<8 {
      for month in 1...12 {
        let date = "2025-\(month < 10 ? "0" : "")\(month)-0\(1 + manager)"
        log.event("\(date) 09:00", .request, "m\(manager)", "p\(manager % 2)", case: "\(manager)-\(month)")
        log.event("\(date) 1\(manager):00", .response, "m\(manager)", "p\(manager % 2)", case: "\(manager)-\(month)")
        if month >= 10, month != 10 + manager % 3 {
          log.event("\(date) 19:00", kind, "m\(manager)", "p\(manager % 2)", value: 45)
        }
      }
    }
    log.event("2025-07-14 19:00", kind, "m0", "p0", value: 45)
    let history = try history(log, asOf: "2025-12-31")
    #expect(history.beginnings == [kind: Month(year: 2025, month: 10)])
    #expect(
      history.dataQuality.observations["kindBeginsLater"]?.examples.map(\.found)
        == ["\(kind.rawValue) from 2025-10 on, the log from 2025-01, 1 before"])
    let level = Level(.manager, pairs: PairTable(history))
    func details(_ evidence: MonthlyEvidence?, _ keys: String...) throws -> [Double?] {
      let whole = try #require(evidence).whole
      return keys.map { whole.detail($0)[0] }
    }
    switch kind {
    case .recognition:
      // Three requests, and two recognitions, which aren't interactions themselves.
      #expect(try details(CreditGiven.evidence(history, level), "recognitions", "interactions") == [2, 3])
    case .escalation:
      #expect(try details(ConflictHandling.escalationRate(history, level), "escalations", "requests") == [2, 3])
    case .training:
      #expect(try details(DevelopmentActions.evidence(history, level), "trainings") == [2])
    default:
      let keys = try details(
        CheckInRegularity.evidence(history, level), "monthsWithCheckIn", "exposedMonths", "checkIns", "longestGapDays")
      #expect(keys == [2, 3, 3, 30])
      #expect(try details(Communication.oneToOneTime(history, level), "monthsWithTime", "exposedMonths") == [2, 3])
      // Twelve requests of the manager's, three check-ins of the partner's.
      #expect(try details(Communication.initiativeBalance(history, level), "initiated") == [15])
    }
  }

  // What two of twenty managers have: it was read, and nothing says that it wasn't.
  @Test func `what was read of too few managers isn't said to be unread`() throws {
    let assessment = try Self.requests { log in
      for manager in ["m20", "m21"] {
        TrustTests.promise(&log, manager, "p2", kept: 8, of: 12, month: "2026-03")
        for k in 0..<7 { log.event("2026-03-1\(k) 1\(k):00", .survey, manager, value: 3) }
      }
    }
    #expect(assessment.basis.trust.isEmpty && assessment.basis.trust.tooFewInPartner == [.promises])
    #expect(assessment.notes.contains("Trust can't be measured: what tells of it was read of too few managers."))
    #expect(assessment.notes.allSatisfy { !$0.contains("Anonymous ratings aren't used") }, "\(assessment.notes)")
    #expect(
      assessment.notes.contains {
        $0.contains("survey score (2 managers; 6 needed)") || $0.contains("survey score (2 managers; 5 needed)")
      })
  }

  // By hand, C(n − f, k)/C(n, k): four empty months before eight full ones of twelve, 1/495; three before nine, 1/220; two before
  // ten, 1/66; three before one of nine, 9/12.
  @Test(arguments: [(4, 8, true), (3, 9, true), (2, 10, false), (3, 1, false)])
  func `a late beginning is told from luck`(_ before: Int, _ full: Int, _ isTold: Bool) throws {
    var log = EventLog()
    for manager in 0..<5 {
      log.event("2025-01-01 09:00", .request, "m\(manager)", "p", case: "\(manager)")
      for month in before..<before + full {
        log.event("2025-\(month < 9 ? "0" : "")\(month + 1)-11", .training, "m\(manager)", "p")
      }
    }
    let history = try history(log, asOf: "2025-12-31")
    #expect(history.beginnings[.training] == (isTold ? Month(year: 2025, month: before + 1) : nil))
    #expect(history.months(of: .training).upperBound == history.months.upperBound)
  }
}
