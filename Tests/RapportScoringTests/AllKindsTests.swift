import Foundation
import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

/// An organisation with every kind of event, small enough for a test.
@Suite struct AllKindsTests {
  /// Six managers, two partners, half a year; the later a manager's letter, the less goes well.
  static func log(rating: (Double) -> Double = { $0 }) -> EventLog {
    var log = EventLog()
    var stream = RandomStream(seed: 21, purpose: "all kinds")
    var number = 0
    func key() -> String {
      number += 1
      return "\(number)"
    }
    for month in 1...6 {
      for (m, manager) in ["ann", "bob", "cyd", "dee", "eve", "fay"].enumerated() {
        for partner in ["pat", "quin"] {
          let good = 0.9 - 0.12 * Double(m)
          func day(_ n: Int) -> String { "2026-0\(month)-\(n < 10 ? "0" : "")\(n)" }
          for n in [3, 8, 13, 18, 23] {
            let request = key()
            log.event("\(day(n)) 09:00", .request, manager, partner, case: request, due: "\(day(n)) 16:00")
            if stream.uniform() < 0.95 {
              log.event(
                "\(day(n)) \(10 + stream.integer(below: 4 + m)):\(10 + m)", .response, manager, partner, case: request)
              log.event("\(day(n + 1)) 09:00", .resolution, manager, partner, case: request)
              if stream.uniform() > good { log.event("\(day(n + 2)) 09:00", .reopen, manager, partner, case: request) }
            }
          }
          if stream.uniform() < good { log.event(day(4), .checkIn, manager, partner, value: 35) }
          for promiser in Party.allCases {
            let promise = key()
            log.event(day(2), .commitment, manager, partner, case: promise, by: promiser, due: day(12))
            let kept = stream.uniform() < good ? day(10) : day(20)
            log.event(kept, .fulfilment, manager, partner, case: promise, by: promiser.other)
          }
          let (feedback, conflict, goal) = (key(), key(), key())
          log.event(day(5), .feedback, manager, partner, case: feedback)
          if stream.uniform() < good { log.event(day(15), .followUp, manager, partner, case: feedback) }
          log.event(day(6), .conflict, manager, partner, case: conflict)
          log.event(day(8 + 2 * m), .settlement, manager, partner, case: conflict)
          log.event(day(1), .goal, manager, partner, case: goal, due: day(21))
          if stream.uniform() < good { log.event(day(19), .goalMet, manager, partner, case: goal) }
          log.event(day(7), .decision, manager, partner, value: stream.uniform() < good ? 1 : 0)
          log.event(day(9), .objection, manager, partner)
          if stream.uniform() < good { log.event(day(11), .alternative, manager, partner) }
          if stream.uniform() < good { log.event(day(14), .recognition, manager, partner) }
          if stream.uniform() > good { log.event(day(16), .escalation, manager, partner) }
          if stream.uniform() < good { log.event(day(22), .training, manager, partner) }
          log.event(day(24), .survey, manager, partner, by: .partner, value: rating(Double(5 - m / 2)))
          log.event(day(25), .survey, manager, partner, value: rating(Double(5 - m / 2)))
        }
      }
    }
    // gus has three anonymous ratings and hardly anything else.
    for n in 1...3 { log.event("2026-06-0\(n)", .survey, "gus", value: rating(4)) }
    return log
  }

  static func assessment(_ log: EventLog, _ change: (inout AssessmentOptions) -> Void = { _ in }) throws -> Assessment {
    var options = quick
    change(&options)
    return try assess(try history(log, asOf: "2026-09-30"), options: options)
  }

  @Test func `all nine domains, in the planted order`() throws {
    let assessment = try Self.assessment(Self.log())
    #expect(assessment.basis.unmeasuredDomains.isEmpty)
    #expect(!assessment.notes.contains { $0.hasPrefix("Health from") })
    let ann = try #require(assessment.managers.first)
    #expect(ann.indicators.count == 20 && ann.domains.count == 9)
    let values = assessment.managers.prefix(6).map { $0.health.estimate?.value ?? .nan }
    #expect(values[0] > values[3] && values[1] > values[4] && values[2] > values[5])
    for manager in assessment.managers.prefix(6) {
      for (name, indicator) in manager.indicators {
        guard let score = indicator.score.estimate, let points = indicator.points.estimate else { continue }
        #expect(score.low <= score.value && score.value <= score.high, "\(name) of \(manager.id)")
        #expect(points.low <= points.value && points.value <= points.high, "\(name) of \(manager.id)")
        #expect(points.low >= 1 && points.high <= 100 && score.effectiveN > 0)
      }
      let sum = try #require(manager.attribution).contributions.reduce(0) { $0 + $1.points }
      let difference = try #require(manager.health.estimate?.value) - (try #require(manager.attribution?.reference))
      expectClose(sum, difference, absolute: 1e-9)
      #expect(manager.consistency == manager.domains["consistency"])
    }
    #expect(assessment.pairs.count == 12 && assessment.partners.allSatisfy { $0.health.estimate != nil })
  }

  @Test func `whose waits don't compare for want of a calendar is told with the result`() throws {
    var history = try history(Self.log(), asOf: "2026-09-30")
    (history.hasWorkingCalendar, history.partnersWithoutCalendar) = (true, [1])
    let notes = try assess(history, options: quick).notes
    #expect(notes.contains { $0.hasPrefix("1 partner has no calendar (quin) though others have: every hour counts") })
  }

  @Test func `shares and rates are those that are counted`() throws {
    let history = try history(Self.log(), asOf: "2026-09-30")
    let set = IndicatorSet(history, nil, Level(.manager, pairs: PairTable(history)), options: quick)
    #expect(set.indicators.count > 15)
    for own in set.indicators {
      switch own.evidence.measure {
      case .share, .rate: #expect(own.indicator.isShareOrRate, "\(own.indicator)")
      default: #expect(!own.indicator.isShareOrRate, "\(own.indicator)")
      }
    }
  }

  @Test func `three anonymous ratings are not shown anywhere`() throws {
    let assessment = try Self.assessment(Self.log())
    let gus = try #require(assessment.managers.first { $0.id == "gus" })
    let voice = try #require(gus.indicators["surveyScore"])
    #expect(voice.score == .suppressed(reason: "fewer than 5 anonymous respondents in one wave"))
    #expect(voice.points == voice.score)
    #expect(voice.evidence.keys.sorted() == ["assumedPoints"] && voice.ownValue == nil)
    #expect(gus.health.estimate == nil && gus.healthPercentile == nil && gus.trust.estimate == nil)
  }

  // An own value says no more than the estimate and the evidence beside it do: there is none without an estimate, and the mean of
  // ratings is that of both sides' means, of anonymous ones over whole fives only.
  @Test func `own values stand beside estimates only, and tell no rating that isn't told`() throws {
    var log = Self.log()
    // Six anonymous ratings in a wave, of which five are used.
    for (n, rating) in [2.0, 3, 4, 5, 3, 1].enumerated() {
      log.event("2026-05-0\(n + 1)", .survey, "ann", value: rating)
    }
    let assessment = try Self.assessment(log)
    for unit in assessment.managers.map(\.indicators) + assessment.pairs.map(\.indicators) {
      for (name, indicator) in unit {
        #expect((indicator.ownValue != nil) == (indicator.score.estimate != nil), "\(name)")
      }
    }
    let ann = try #require(assessment.managers.first { $0.id == "ann" }?.indicators["surveyScore"])
    let (ofHR, ofManager) = (try #require(ann.evidence["ratingOfHR"]), try #require(ann.evidence["ratingOfManager"]))
    // Two partners rate ann 5; five of the six anonymous ratings have mean 17/5.
    expectClose(ofManager, (2 * 5 + 17) / 7.0, relative: 1e-12)
    expectClose(try #require(ann.ownValue), (ofHR + ofManager) / 2, relative: 1e-12)
    // It comes back from a file.
    let text = try JSONEncoder().encode(assessment.managers[0])
    #expect(try JSONDecoder().decode(ManagerAssessment.self, from: text) == assessment.managers[0])
  }

  // Without ann's and bob's named and used ratings: what is held back of everybody says nothing, least of all that the rating is 0.
  @Test func `ratings that are all held back change nobody's health`() throws {
    func health(_ change: (inout EventLog) -> Void) throws -> (assessment: Assessment, values: [Double?]) {
      var log = EventLog()
      for (place, manager) in ["ann", "bob", "cyd"].enumerated() {
        for request in 1...12 {
          let (day, name) = (request < 10 ? "0\(request)" : "\(request)", "\(manager)\(request)")
          log.event("2026-0\(1 + request % 3)-\(day) 09:00", .request, manager, "pat", case: name)
          log.event(
            "2026-0\(1 + request % 3)-\(day) 1\(place + request % 4):00", .response, manager, "pat", case: name)
        }
      }
      change(&log)
      let assessment = try Self.assessment(log)
      return (assessment, assessment.managers.map { $0.health.estimate?.value })
    }
    let without = try health { _ in }
    let with = try health { log in
      for manager in ["ann", "bob", "cyd"] {
        for day in 1...3 { log.event("2026-02-0\(day)", .survey, manager, value: 5) }
      }
    }
    #expect(without.values.contains { $0 != nil } && with.values == without.values)
    #expect(with.assessment.basis.measuredDomains == without.assessment.basis.measuredDomains)
    #expect(with.assessment.notes.contains { $0.hasPrefix("Anonymous ratings aren't used") })
    #expect(!without.assessment.notes.contains { $0.hasPrefix("Anonymous ratings aren't used") })
  }

  // A rating r on 1–5 is 2r − 1 on 1–9: the same points, and so the same health.
  @Test func `the survey's scale can't change points`() throws {
    let five = try Self.assessment(Self.log())
    let nine = try Self.assessment(Self.log { 2 * $0 - 1 }) { $0.surveyScaleHigh = 9 }
    for (a, b) in zip(five.managers, nine.managers) {
      expectClose(a.health.estimate?.value ?? 0, b.health.estimate?.value ?? 0, absolute: 0.05)
      expectClose(
        2 * (a.indicators["surveyScore"]?.score.estimate?.value ?? 1) - 1,
        b.indicators["surveyScore"]?.score.estimate?.value ?? 1, absolute: 0.01)
    }
  }

  // hal does all that fay does, but has no goals: what others' goals say of hal's health carries no indicator's name.
  @Test func `an indicator that isn't measured has no contribution of its own`() throws {
    var log = Self.log()
    var number = 0
    for month in 1...6 {
      for n in [3, 8, 13, 18, 23] {
        number += 1
        let day = "2026-0\(month)-\(n < 10 ? "0" : "")\(n)"
        log.event("\(day) 09:00", .request, "hal", "pat", case: "h\(number)", due: "\(day) 16:00")
        log.event("\(day) 15:00", .response, "hal", "pat", case: "h\(number)")
        log.event("\(day) 16:00", .resolution, "hal", "pat", case: "h\(number)")
      }
      let promise = "hp\(month)"
      log.event("2026-0\(month)-02", .commitment, "hal", "pat", case: promise, by: .partner, due: "2026-0\(month)-12")
      log.event("2026-0\(month)-20", .fulfilment, "hal", "pat", case: promise, by: .manager)
      log.event("2026-0\(month)-04", .checkIn, "hal", "pat", value: 35)
      log.event("2026-0\(month)-07", .decision, "hal", "pat", value: 0)
      log.event("2026-0\(month)-09", .objection, "hal", "pat")
      log.event("2026-0\(month)-05", .feedback, "hal", "pat", case: "hf\(month)")
      log.event("2026-0\(month)-06", .conflict, "hal", "pat", case: "hc\(month)")
      log.event("2026-0\(month)-28", .settlement, "hal", "pat", case: "hc\(month)")
      log.event("2026-0\(month)-25", .survey, "hal", "pat", value: 2)
    }
    let assessment = try Self.assessment(log)
    let hal = try #require(assessment.managers.first { $0.id == "hal" })
    let attribution = try #require(hal.attribution)
    #expect(hal.indicators["goalsMetOnTime"]?.score.estimate == nil)
    #expect(!attribution.contributions.contains { $0.indicator == "goalsMetOnTime" })
    #expect(attribution.contributions.last?.indicator == Attribution.notMeasured)
    #expect(!attribution.named.contains { $0.indicator == Attribution.notMeasured })
    let sum = attribution.contributions.reduce(0) { $0 + $1.points }
    expectClose(sum, (hal.health.estimate?.value ?? .nan) - attribution.reference, absolute: 1e-9)
  }

  @Test func `a domain without weight doesn't count, and is still shown`() throws {
    let plain = try Self.assessment(Self.log())
    let weighted = try Self.assessment(Self.log()) { $0.domainWeights = ["voice": 0, "conflict": 0] }
    let (a, b) = (plain.managers[5], weighted.managers[5])
    #expect(a.domains["voice"] == b.domains["voice"])
    // fay's ratings and settlements are below the rest of her domains.
    #expect(a.health != b.health)
    let voice = b.attribution?.contributions.first { $0.indicator == "surveyScore" }
    #expect(voice?.points == 0)
    #expect(weighted.notes.contains("Health from 7 of 9 domains: without weight conflict, voice."))
  }

  // Of a promise that isn't due yet, and a rating by one person alone, "no events were read" was said.
  @Test func `what was read too little of is told apart from what wasn't read`() throws {
    var log = EventLog()
    for day in 2...9 {
      log.event("2026-03-0\(day) 09:00", .request, "ann", "pat", case: "\(day)", due: "2026-03-0\(day) 16:00")
      log.event("2026-03-0\(day) 12:00", .response, "ann", "pat", case: "\(day)")
    }
    log.event("2026-03-08", .commitment, "ann", "pat", case: "c", due: "2026-12-31")
    let assessment = try assess(try history(log, asOf: "2026-03-10"), options: quick)
    #expect(assessment.basis.unmeasuredThoughRead.contains("followThrough"))
    #expect(!assessment.basis.unmeasuredThoughRead.contains("alignment"))
    let note = try #require(assessment.notes.first { $0.hasPrefix("Health from") })
    let parts = note.split(separator: ";")
    #expect(parts[0].contains("no events were read for") && !parts[0].contains("follow-through"))
    #expect(note.contains("too little, or too recent, is what was read for") && note.contains("follow-through"))
  }

  // Requests and recognitions tell who begins contacts: measured wherever both sides do, and where one side does alone nothing is told of
  // communication. Check-ins and feedback each tell something by themselves.
  @Test func `requests and recognitions of one side tell nothing of communication`() throws {
    func basis(_ change: (inout EventLog) -> Void) throws -> Basis {
      var log = EventLog()
      for day in 2...3 {
        log.event("2026-03-0\(day) 09:00", .request, "ann", "pat", case: "\(day)")
        log.event("2026-03-0\(day) 12:00", .response, "ann", "pat", case: "\(day)")
      }
      change(&log)
      return try assess(try history(log, asOf: "2026-03-10"), options: quick).basis
    }
    let one = try [basis { _ in }, basis { $0.event("2026-03-05", .recognition, "ann", "pat", by: .manager) }]
    for basis in one {
      #expect(basis.unmeasuredDomains.contains("communication"))
      #expect(!basis.unmeasuredThoughRead.contains("communication"))
    }
    let both = try [
      basis { $0.event("2026-03-05", .recognition, "ann", "pat") },
      basis { $0.event("2026-03-05", .request, "ann", "pat", case: "p", by: .partner) },
    ]
    for basis in both { #expect(basis.measuredDomains.contains("communication")) }
    let recent = try basis { $0.event("2026-03-05", .feedback, "ann", "pat", case: "f") }
    #expect(recent.unmeasuredThoughRead.contains("communication"))
    let meeting = try basis { $0.event("2026-03-05", .checkIn, "ann", "pat", by: .manager) }
    #expect(meeting.unmeasuredThoughRead.contains("communication"))
  }
}
