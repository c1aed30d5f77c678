import Foundation
import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct TrendsTests {
  /// Promises of pat's to a manager, so many kept out of so many each month from January 2026 on.
  static func promises(_ log: inout EventLog, _ manager: String, kept: [Int], of count: Int) {
    for (month, kept) in kept.enumerated() {
      let name = "\(2026 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
      for i in 0..<count {
        let key = "\(manager)\(name)\(i)"
        log.event("\(name)-01 09:00", .commitment, manager, "pat", case: key, by: .partner, due: "\(name)-10")
        log.event("\(name)-\(i < kept ? "08" : "20")", .fulfilment, manager, "pat", case: key, by: .manager)
      }
    }
  }

  static func trends(_ history: History, threads: Int = 1) -> Trends {
    var options = quick
    options.threads = threads
    let timing = TimingModel.fit(history, options: options).model
    return Trends.find(in: history, timing: timing, pairs: PairTable(history), options: options)
  }

  // Two of four kept in each of six months. One manager: the prior has mean (12 + ½)/(24 + 1) = ½ and weighs 2, so that
  // p = ½ throughout and each month's error has variance ¼/4 = 1/16. No two observations differ, so q = 0: after t months
  // the variance is 1/(16 t), and known now it is 1/96 in every month.
  @Test func `a level by hand`() throws {
    var log = EventLog()
    Self.promises(&log, "ann", kept: [2, 2, 2, 2, 2, 2], of: 4)
    let trends = Self.trends(try history(log, asOf: "2026-06-30"))
    #expect(trends.reason == nil)
    let model = try #require(trends.indicators.first { $0.indicator == "promisesKeptOnTime" })
    #expect(model.drift == .none && model.driftVariance == 0 && model.errorFactor == 1 && model.managers == 1)
    let path = try #require(trends.managers[0].indicators["promisesKeptOnTime"]?.path)
    #expect(path.months.map(\.month) == (1...6).map { "2026-0\($0)" })
    let z = 1.644_853_626_951_472_2
    for (t, month) in path.months.enumerated() {
      #expect(month.events == 4)
      expectClose(month.filtered.value, 0.5, relative: 1e-12)
      expectClose(month.filtered.high, 0.5 + z / (16 * Double(t + 1)).squareRoot(), relative: 1e-12)
      expectClose(month.smoothed.low, 0.5 - z / 96.0.squareRoot(), relative: 1e-12)
    }
    #expect(path.direction == nil && trends.managers[0].changes.isEmpty)
    #expect(try #require(path.changeProbability) < 1.0 / 19)
  }

  // Without a series 1/π = 18/(1 − π), so π = 1/19; a Bayes factor of 1 says nothing; an infinite one adds a success:
  // 2/π = 18/(1 − π), so π = 1/10. At π = 1/10 and B = 81 the odds of no change are 9 to 81.
  @Test func `the expected share of changes, by hand`() {
    expectClose(TrendChanges.expectedShare([]), 1.0 / 19, relative: 1e-12)
    expectClose(TrendChanges.expectedShare([1, 1]), 1.0 / 19, relative: 1e-12)
    expectClose(TrendChanges.expectedShare([.infinity]), 0.1, relative: 1e-12)
    #expect(TrendChanges.expectedShare([Double](repeating: 0.3, count: 50)) < 0.04)
    expectClose(TrendChanges.noChange(81, expectedShare: 0.1), 0.1, relative: 1e-12)
    #expect(TrendChanges.noChange(.infinity, expectedShare: 0.1) == 0)
  }

  // All six kept for half a year, then none: month 7 begins the new rate. The other managers keep four or five of six throughout.
  @Test func `a rate that breaks is found where it breaks`() throws {
    var log = EventLog()
    Self.promises(&log, "ann", kept: [6, 6, 6, 6, 6, 6, 1, 0, 1, 0, 1, 0], of: 6)
    for (i, manager) in ["bob", "cyd", "dee", "eve"].enumerated() {
      Self.promises(&log, manager, kept: (0..<12).map { 4 + ($0 + i) % 2 }, of: 6)
    }
    let trends = Self.trends(try history(log, asOf: "2026-12-31"))
    let changes = trends.managers.flatMap { manager in manager.changes.map { (manager.manager, $0) } }
    #expect(changes.map(\.0) == ["ann"])
    let change = try #require(changes.first?.1)
    #expect(change.indicator == "promisesKeptOnTime" && change.month == "2026-07")
    #expect(change.probability > 0.99)
    // The posterior means of 36 of 36 and 3 of 36, with the prior of all managers, of at most 20 promises.
    let prior = BetaPrior.estimate(successes: [39, 54, 54, 54, 54], trials: [72, 72, 72, 72, 72])
    let weight = min(prior.weight, 20)
    expectClose(change.before.value, (prior.mean * weight + 36) / (weight + 36), relative: 1e-9)
    expectClose(change.after.value, (prior.mean * weight + 3) / (weight + 36), relative: 1e-9)
    #expect(change.before.effectiveN == 36 && change.before.low > change.after.high)
    let path = try #require(trends.managers[0].indicators["promisesKeptOnTime"]?.path)
    #expect(path.changeProbability == change.probability)
    let direction = try #require(path.direction)
    #expect(direction.since == "2026-06" && direction.probabilityHigher < 0.05)
    // History isn't rewritten: in June nothing was known of July, which the smoothed level knows.
    let june = path.months[5]
    expectClose(june.filtered.value, 1, relative: 1e-12)
    #expect(june.smoothed.value < june.filtered.value)
    let summary = try #require(trends.indicators.first { $0.indicator == "promisesKeptOnTime" }?.changes)
    #expect(summary.found == 1 && summary.managers == 5 && summary.expectedFalseShare <= 0.05)
  }

  // Requests of May whose targets pass in June count in June; a target that hasn't passed by then counts nowhere.
  @Test func `a case counts where its outcome was known`() throws {
    var log = EventLog()
    log.event("2026-01-05 09:00", .request, "ann", "pat", case: "a", due: "2026-02-03")
    log.event("2026-01-06 09:00", .response, "ann", "pat", case: "a")
    log.event("2026-03-05 09:00", .request, "ann", "pat", case: "b", due: "2026-03-06")
    log.event("2026-06-29 09:00", .request, "ann", "pat", case: "c", due: "2026-07-03")
    let history = try history(log, asOf: "2026-06-30")
    let all = TrendEvidence.all(history, nil, PairTable(history), TrendMonths(history))
    #expect(all.map(\.indicator) == [.answeredWithinTarget])
    guard case .share(let successes, let trials) = all[0].measure else { return }
    #expect(successes == [0, 1, 0, 0, 0, 0] && trials == [0, 1, 1, 0, 0, 0])
  }

  // An escalation in a month without requests counts in the next that has some. The manager is away in all of March.
  @Test func `rates, and months of leave`() throws {
    var log = EventLog()
    for month in ["01", "03", "05"] { log.event("2026-\(month)-05", .request, "ann", "pat", case: month) }
    for month in ["02", "04", "05", "06"] { log.event("2026-\(month)-07", .escalation, "ann", "pat") }
    log.event("2026-03-01", .absence, "ann", due: "2026-04-01")
    let history = try history(log, asOf: "2026-06-30")
    let months = TrendMonths(history)
    #expect((0..<6).map { months.isExposed(0, $0) } == [true, true, false, true, true, true])
    let all = TrendEvidence.all(history, nil, PairTable(history), months)
    let rate = try #require(all.first { $0.indicator == .escalationRate })
    guard case .rate(let events, let exposure, let unit) = rate.measure else { return }
    #expect(exposure == [1, 0, 0, 0, 1, 0] && events == [0, 0, 0, 0, 3, 0] && unit == 100)
    // In leave the level stands still: paused from March to April alone.
    #expect(months.place(of: EventLog.instant("2026-06-30 23:59")) == 5)
    #expect(months.place(of: EventLog.instant("2025-12-31 23:59")) == nil)
  }

  @Test func `too few months are said with their number`() throws {
    var log = EventLog()
    Self.promises(&log, "ann", kept: [2, 2, 2, 2, 2], of: 4)
    for asOf in ["2026-05-31", "2026-06-30"] {
      let trends = Self.trends(try history(log, asOf: asOf))
      #expect(trends.reason == nil)
      #expect(trends.managers[0].indicators == ["promisesKeptOnTime": .insufficient(n: 5, needed: 6)])
      #expect(trends.indicators[0].managers == 0 && trends.indicators[0].drift == .undetermined)
      #expect(trends.indicators[0].changes?.managers == 0)
    }
    log = EventLog()
    log.event("2026-01-05", .decision, "ann", "pat", value: 1)
    #expect(Self.trends(try history(log, asOf: "2026-06-30")).reason != nil)
  }

  @Test func `all kinds, the same bytes for any number of threads, and the keys`() throws {
    let history = try history(AllKindsTests.log(), asOf: "2026-07-31")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let trends = Self.trends(history)
    let bytes = try encoder.encode(trends)
    #expect(try encoder.encode(Self.trends(history, threads: 3)) == bytes)
    #expect(try JSONDecoder().decode(Trends.self, from: bytes) == trends)
    #expect(
      trends.indicators.map(\.indicator) == [
        "adjustedResponseRatio", "answeredWithinTarget", "resolvedForGood", "regularity", "promisesKeptOnTime",
        "escalationRate",
      ])
    #expect(trends.managers.map(\.manager) == history.managers)
    let tree = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(tree.keys.sorted() == ["indicators", "managers"])
    let model = try #require((tree["indicators"] as? [[String: Any]])?[1])
    #expect(
      Set(model.keys).isSuperset(of: [
        "indicator", "managers", "drift", "driftVariance", "errorFactor", "isLogarithmic", "changes",
      ]))
    let manager = try #require((tree["managers"] as? [[String: Any]])?.first)
    #expect(manager.keys.sorted() == ["changes", "indicators", "manager"])
    let path = try #require((manager["indicators"] as? [String: [String: Any]])?["answeredWithinTarget"])
    #expect(path["status"] as? String == "estimated")
    let month = try #require((path["months"] as? [[String: Any]])?.first)
    #expect(month.keys.sorted() == ["events", "filtered", "month", "smoothed"])
    #expect((month["filtered"] as? [String: Double])?.keys.sorted() == ["high", "low", "value"])
  }

  // Requests of one month count in the next: their follow-up of 30 days has ended by then. Means over all of a manager's
  // requests weigh as the requests do, and over all managers they are near zero.
  @Test func `monthly waits`() throws {
    let history = try history(AllKindsTests.log(), asOf: "2026-07-31")
    let waits = try #require(TimingModel.fit(history, options: quick).model?.monthlyWaits)
    let count = 7
    #expect(waits.counts[0] == 0 && waits.counts[1] == 10)
    #expect((0..<6).allSatisfy { m in (1..<count).allSatisfy { waits.counts[m * count + $0] > 0 } })
    #expect(waits.variances.indices.allSatisfy { (waits.counts[$0] > 0) == (waits.variances[$0] > 0) })
    // fay's answers come later in the day than ann's.
    func mean(_ manager: Int) -> Double { (1..<count).reduce(0) { $0 + waits.means[manager * count + $1] } / 6 }
    #expect(mean(5) > mean(0))
  }
}
