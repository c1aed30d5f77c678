import Foundation
import RapportIngestion
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct AssessTests {
  // Two managers, one partner: ann and bob each ask pat ten times; ann waits one hour each time, bob two.
  // Of pat's promises to ann 4 of 4 are kept, of those to bob 1 of 4.
  static func twoPairs() -> EventLog {
    var log = EventLog()
    for day in 1...10 {
      let date = "2026-03-\(day < 10 ? "0" : "")\(day)"
      for (manager, answered) in [("ann", "10:00"), ("bob", "11:00")] {
        log.event("\(date) 09:00", .request, manager, "pat", case: "\(manager)\(day)", due: "\(date) 10:30")
        log.event("\(date) \(answered)", .response, manager, "pat", case: "\(manager)\(day)")
      }
    }
    TrustTests.promise(&log, "ann", kept: 4, of: 4, month: "2026-04")
    TrustTests.promise(&log, "bob", kept: 1, of: 4, month: "2026-04")
    return log
  }

  // By hand: pat asks ann six times, of which ann answers two; ann's ten to pat are all answered. A partner who had answered everything
  // had four open.
  @Test func `what a partner asks is the manager's to answer, and counted apart`() throws {
    var log = Self.twoPairs()
    for number in 0..<6 {
      log.event("2026-03-1\(number) 12:00", .request, "ann", "pat", case: "of pat \(number)", by: .partner)
      if number < 2 {
        log.event("2026-03-1\(number) 13:00", .response, "ann", "pat", case: "of pat \(number)", by: .manager)
      }
    }
    let assessment = try assess(try history(log, asOf: "2026-04-30"), options: quick)
    let (pair, other, partner) = (assessment.pairs[0], assessment.pairs[1], assessment.partners[0])
    #expect(pair.requests == 10 && pair.answered == 10 && pair.open == 0)
    #expect(pair.ofManagers == RequestsOfManagers(requests: 6, answered: 2, open: 4))
    #expect(other.requests == 10 && other.ofManagers == RequestsOfManagers())
    #expect(partner.requests == 20 && partner.answered == 20 && partner.open == 0)
    #expect(partner.ofManagers == pair.ofManagers)
    // Counts and waits are of the same requests.
    #expect(assessment.dataQuality.requests.total == partner.requests + partner.ofManagers.requests)
  }

  // Fifty managers, one partner, ten requests each, all answered after exactly a day, long enough ago for the timing model: nothing differs,
  // and nothing is undefined.
  @Test func `waits that are all the same have scores`() throws {
    var log = EventLog()
    for manager in 10..<60 {
      for number in 0..<10 {
        func date(_ day: Int) -> String { "2026-04-\(day < 10 ? "0" : "")\(day) 09:\(manager)" }
        let (day, next) = (1 + 2 * number, 2 + 2 * number)
        log.event(date(day), .request, "m\(manager)", "pat", case: "\(manager)-\(number)")
        log.event(date(next), .response, "m\(manager)", "pat", case: "\(manager)-\(number)")
      }
    }
    let assessment = try assess(try history(log, asOf: "2026-06-30"), options: quick)
    #expect(assessment.managers.allSatisfy { $0.indicators["adjustedResponseRatio"]?.score.estimate != nil })
    for score in assessment.managers.map(\.health) + assessment.partners.map(\.health) {
      if let estimate = score.estimate {
        #expect(estimate.value.isFinite && estimate.low.isFinite && estimate.high.isFinite)
      }
    }
    #expect(assessment.managers.count == 50 && assessment.partners[0].health.estimate != nil)
  }

  @Test func `one case with two pairs, by hand`() throws {
    let history = try history(Self.twoPairs(), asOf: "2026-04-30")
    let assessment = try assess(history, options: quick)
    #expect(assessment.managers.map(\.id) == ["ann", "bob"] && assessment.pairs.map(\.manager) == ["ann", "bob"])
    let (ann, bob) = (assessment.managers[0], assessment.managers[1])

    // Waits: ann's median 3,600 s, bob's 7,200 s; pat's twenty answers: ten at one hour reach S = ½.
    #expect(ann.indicators["typicalWait"]?.evidence["median"] == 3_600)
    #expect(bob.indicators["typicalWait"]?.evidence["median"] == 7_200)
    #expect(assessment.partners[0].wait.median == 3_600)
    // Mean wait (10 · 3,600 + 10 · 7,200)/20, all below the limit of 30 days.
    expectClose(assessment.partners[0].wait.restrictedMean ?? .nan, 5_400, relative: 1e-12)
    #expect(assessment.partners[0].requests == 20 && assessment.partners[0].answered == 20)

    // Targets at 10:30: ann's ten met, bob's ten missed. Prior of two units (10 of 10, 0 of 10), then
    // (μM + k)/(M + 10) with its own μ and M.
    let within = BetaPrior.estimate(successes: [10, 0], trials: [10, 10])
    expectClose(within.mean, 0.5, absolute: 1e-6)
    expectClose(
      ann.indicators["answeredWithinTarget"]?.score.estimate?.value ?? .nan,
      (0.5 * within.weight + 10) / (within.weight + 10), absolute: 1e-6)
    #expect(bob.indicators["answeredWithinTarget"]?.evidence == ["withinTarget": 0, "targetsPassed": 10])

    // Promises: 4 of 4 and 1 of 4.
    let promises = BetaPrior.estimate(successes: [4, 1], trials: [4, 4])
    expectClose(
      bob.indicators["promisesKeptOnTime"]?.score.estimate?.value ?? .nan,
      (promises.mean * promises.weight + 1) / (promises.weight + 4), relative: 1e-9)

    // Trust in the partner: one facet, integrity, from targets (10 met; 10 missed) and promises. Of bob's pairs of a month, 45 + 6,
    // 3 differ, of the 40 others 10; ann's don't: ρ = 1 − (3/51)/(10/40), so that ten tell as much as 10/(1 + 9ρ) and four as 4/(1 + 3ρ).
    // A month after the targets they weigh 2^(−30.4375/180) of that beside the prior, and the mean stands where they put it.
    let correlation = 1 - (3.0 / 51) / (10.0 / 40)
    let (ten, four) = (10 / (1 + 9 * correlation), 4 / (1 + 3 * correlation))
    let fading = Posterior.exponential(-30.4375 / 180 * 0.693_147_180_559_945_3)
    let prior = BetaPrior.estimate(successes: [ten + four, four / 4], trials: [ten + four, ten + four])
    let afterTargets = (prior.mean * prior.weight + ten) / (prior.weight + ten)
    let weight = prior.weight + ten * fading
    expectClose(
      ann.trustInPartner.estimate?.value ?? .nan, 100 * (afterTargets * weight + four) / (weight + four), relative: 1e-9
    )
    #expect(ann.trustInManager == .insufficient(n: 0, needed: 3))
    #expect(ann.trust.estimate?.value == ann.trustInPartner.estimate?.value)

    // Own values are the counts and medians themselves, without what the other manager says.
    func own(_ manager: ManagerAssessment, _ indicator: String) -> Double {
      manager.indicators[indicator]?.ownValue ?? .nan
    }
    #expect(own(ann, "answeredWithinTarget") == 1 && own(bob, "answeredWithinTarget") == 0)
    #expect(own(ann, "promisesKeptOnTime") == 1 && own(bob, "promisesKeptOnTime") == 0.25)
    expectClose(own(ann, "typicalWait"), 3_600, relative: 1e-9)
    expectClose(own(bob, "typicalWait"), 7_200, relative: 1e-9)

    // Health can be recomputed from the points beside it.
    let shown = try #require(
      Composite(Indicator.allCases.filter { ann.indicators[$0.rawValue] != nil }, domainWeights: [:]))
    let points = shown.indicators.map { indicator -> Double in
      let score = ann.indicators[indicator.rawValue]
      return score?.points.estimate?.value ?? score?.evidence["assumedPoints"] ?? .nan
    }
    expectClose(ann.health.estimate?.value ?? .nan, shown.health(points), relative: 1e-12)
    #expect(try #require(ann.health.estimate?.value) > (try #require(bob.health.estimate?.value)))

    // The attribution is exact.
    for manager in [ann, bob] {
      let attribution = try #require(manager.attribution)
      let sum = attribution.contributions.reduce(0) { $0 + $1.points }
      expectClose(sum, try #require(manager.health.estimate?.value) - attribution.reference, absolute: 1e-9)
    }

    // What isn't measured of a manager carries no name.
    for manager in assessment.managers {
      let attribution = try #require(manager.attribution)
      let known = manager.indicators.filter { $0.value.score.estimate != nil }.keys.sorted()
      #expect(attribution.named.map(\.indicator).sorted() == known)
      #expect(attribution.contributions.count { $0.indicator == Attribution.notMeasured } <= 1)
    }

    // By month: March has 10 requests and 10 answers, April 4 promises due.
    #expect(ann.months.map(\.month) == ["2026-03", "2026-04"])
    #expect(ann.months[0].requests == 10 && ann.months[0].answered == 10 && ann.months[1].promisesDue == 4)
    #expect(ann.partners == ["pat"])
    #expect(assessment.basis.asOf == "2026-04-30T00:00:00Z" && assessment.basis.measuredDomains.count >= 2)
  }

  @Test func `a service desk's requests measure two domains`() throws {
    var log = EventLog()
    for i in 0..<120 {
      let day = 1 + i % 25
      let manager = ["ann", "bob", "cyd", "dee"][i % 4]
      let date = "2026-03-\(day < 10 ? "0" : "")\(day)"
      log.event("\(date) 0\(i % 10):00", .request, manager, ["pat", "quin"][i / 4 % 2], case: "\(i)")
      if i % 13 != 0 {
        log.event(
          "\(date) 1\(i * 7 % 10):\(10 + i % 49)", .response, manager, ["pat", "quin"][i / 4 % 2], case: "\(i)")
      }
    }
    let assessment = try assess(try history(log, asOf: "2026-06-30"), options: quick)
    #expect(assessment.basis.measuredDomains == ["responsiveness", "consistency"])
    #expect(assessment.basis.unmeasuredDomains.count == 7)
    #expect(assessment.notes.contains { $0.hasPrefix("Health from 2 of 9 domains") })
    #expect(assessment.notes.contains { $0.hasPrefix("Trust can't be measured") })
    #expect(assessment.managers.allSatisfy { $0.health.estimate != nil && $0.trust.estimate == nil })
    #expect(assessment.goalposts.count == 20 && assessment.ranking.order.count == 4)
  }

  @Test func `threads can't change a number, and JSON keeps every bit`() throws {
    let history = try history(Self.twoPairs(), asOf: "2026-04-30")
    let once = try assess(history, options: quick)
    var threaded = quick
    threaded.threads = 3
    let again = try assess(history, options: threaded)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = try encoder.encode(once)
    #expect(try encoder.encode(again) == bytes)
    let back = try JSONDecoder().decode(Assessment.self, from: bytes)
    #expect(back.managers == once.managers && back.ranking == once.ranking)
  }

  @Test(arguments: [RankedScore.trust, .responsiveness, .followThrough, .voice, .consistency])
  func `ranking by another score`(_ score: RankedScore) throws {
    var options = quick
    options.rankBy = score
    let assessment = try assess(try history(Self.twoPairs(), asOf: "2026-04-30"), options: options)
    #expect(assessment.ranking.by == score)
    let hasScore = assessment.managers.map { manager in
      score == .trust ? manager.trust.estimate != nil : manager.domains[score.rawValue]?.estimate != nil
    }
    #expect(assessment.managers.map { $0.rank != nil } == hasScore)
  }

  @Test func `options that can't be honoured`() throws {
    let history = try history(Self.twoPairs(), asOf: "2026-04-30")
    let wrong: [(String, (inout AssessmentOptions) -> Void)] = [
      ("interval", { $0.interval = 1 }), ("draws", { $0.draws = 5 }), ("follow-up", { $0.followUpDays = 0 }),
      ("half-life", { $0.halfLifeDays = -1 }), ("asymmetry", { $0.asymmetry = 0 }),
      ("survey scale", { $0.surveyScaleHigh = 1 }), ("no domain 'kindness'", { $0.domainWeights = ["kindness": 1] }),
      ("weight of voice", { $0.domainWeights = ["voice": -1] }), ("interval", { $0.interval = 0.4 }),
      ("draws", { $0.draws = 1_000_000 }), ("half-life", { $0.halfLifeDays = .infinity }),
      ("half-life", { $0.halfLifeDays = .nan }), ("follow-up", { $0.followUpDays = .infinity }),
      ("follow-up", { $0.followUpDays = 1e300 }), ("asymmetry", { $0.asymmetry = .infinity }),
      ("survey scale", { $0.surveyScaleHigh = .infinity }), ("survey scale", { $0.surveyScaleLow = .nan }),
      ("weight of voice", { $0.domainWeights = ["voice": .infinity] }),
    ]
    for (word, change) in wrong {
      var options = quick
      change(&options)
      do {
        _ = try assess(history, options: options)
        Issue.record("expected an error about \(word)")
      } catch {
        #expect(error.description.contains(word))
      }
    }
  }

  @Test func `the scale that ratings were read on holds where none is set, and no other does`() throws {
    var history = try history(Self.twoPairs(), asOf: "2026-04-30")
    history.surveyScale = 1...10
    let used = try assess(history, options: quick).basis.options
    #expect(used.surveyScaleLow == 1 && used.surveyScaleHigh == 10)
    var options = quick
    options.surveyScaleHigh = 10
    #expect(try assess(history, options: options).basis.options == used)
    options.surveyScaleHigh = 5
    let error = #expect(throws: ScoringError.self) { try assess(history, options: options) }
    #expect(error?.description.contains("the survey scale is 1-5, and ratings were read on 1-10") == true)
  }

  @Test func `how many threads worked is no part of the answer`() throws {
    let history = try history(Self.twoPairs(), asOf: "2026-04-30")
    let assessments = try [1, 2].map { threads in
      var options = quick
      options.threads = threads
      return try assess(history, options: options)
    }
    #expect(assessments[0] == assessments[1])
  }

  @Test func `too few draws for very many managers are said`() {
    #expect(AssessmentOptions().draws(for: 2_000) == 1_000)
    #expect(AssessmentOptions().draws(for: 100_000) == 200)
    #expect(quick.draws(for: 1) == 200)
  }

  @Test func `moments with their offset`() throws {
    #expect(iso8601(EventLog.instant("2026-07-01 09:30"), .utc) == "2026-07-01T09:30:00Z")
    let zone = TimeZoneRules(name: "-03:30", fixedOffset: -12_600)
    #expect(iso8601(EventLog.instant("2026-07-01 09:30"), zone) == "2026-07-01T06:00:00-03:30")
  }

  // A manager with one request in a log where others have many: health waits for two thirds of the indicators.
  @Test func `the coverage rule`() throws {
    var log = Self.twoPairs()
    log.event("2026-03-02 09:00", .request, "zoe", "pat", case: "z")
    let assessment = try assess(try history(log, asOf: "2026-04-30"), options: quick)
    let zoe = assessment.managers[2]
    guard case .insufficient(let n, let needed) = zoe.health else {
      Issue.record("expected too little evidence")
      return
    }
    #expect(n == 0 && needed == UnitScorer.needed(of: zoe.indicators.count) && zoe.attribution == nil)
    #expect(zoe.indicators["promisesKeptOnTime"]?.score == .insufficient(n: 0, needed: 3))
    #expect(zoe.indicators["promisesKeptOnTime"]?.evidence["assumedPoints"] != nil)
    #expect(UnitScorer.needed(of: 3) == 2 && UnitScorer.needed(of: 20) == 14 && UnitScorer.needed(of: 1) == 1)
  }

  // By hand: of March's 31 days ann is away for 19 and there for 12, bob away for 10 and there for 21.
  @Test func `months are told as exposed or not, and nobody's days away`() throws {
    var log = EventLog()
    for manager in ["ann", "bob"] {
      for month in 1...4 { log.event("2026-0\(month)-01 09:00", .checkIn, manager, "pat") }
      log.event("2026-04-30 09:00", .recognition, manager, "pat")
    }
    log.event("2026-03-02", .absence, "ann", due: "2026-03-21")
    log.event("2026-03-02", .absence, "bob", due: "2026-03-12")
    let history = try history(log)
    #expect(history.exposure.managerDays.map { $0[2] } == [12, 21])
    let months = MonthCounts(history)
    #expect(months.rows(0).map(\.exposed) == [true, true, false, true])
    #expect(months.rows(1).map(\.exposed) == [true, true, true, true])
    let text = String(decoding: try JSONEncoder().encode(months.rows(0)), as: UTF8.self)
    #expect(!text.contains("ays"))
  }
}
