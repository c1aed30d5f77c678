import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

/// Managers whose answers of one month go together, and lie over months in different ways.
@Suite struct ClusteredSharesTests {
  /// How many answers, in how many months.
  struct Kind {
    var name: String
    var answers: Int
    var months: Int
  }
  static let kinds = [
    Kind(name: "12 in 12 months", answers: 12, months: 12), Kind(name: "60 in 12", answers: 60, months: 12),
    Kind(name: "60 in 2", answers: 60, months: 2), Kind(name: "900 in 12", answers: 900, months: 12),
  ]

  struct Organisation {
    var truths: [Double]
    var posteriors: IndicatorPosteriors
  }

  /// `perKind` managers of each kind in turn, ρ = 0.15 within months, shares from a beta variable with mean 0.8 and the given
  /// standard deviation.
  static func organisation(perKind: Int, deviation: Double, seed: UInt64) throws -> Organisation {
    let managers = perKind * kinds.count
    var log = EventLog()
    for month in 1...12 {
      log.event("2026-\(month < 10 ? "0" : "")\(month)-05", .decision, "ann", "pat", value: 1)
    }
    for manager in 1..<managers { log.event("2026-01-05", .decision, "bea\(manager)", "pat", value: 1) }
    let history = try history(log, asOf: "2026-12-31")
    var counts = MonthClusters(unitCount: managers, months: history.months)
    var truths = [Double](repeating: 0.8, count: managers)
    let correlation = 0.15
    for manager in 0..<managers {
      var stream = RandomStream(seed: seed, purpose: "clustered shares test", unit: UInt64(manager))
      let kind = kinds[manager % kinds.count]
      if deviation > 0 {
        let weight = 0.8 * 0.2 / (deviation * deviation) - 1
        truths[manager] = stream.beta(0.8 * weight, 0.2 * weight)
      }
      let (p, scale) = (truths[manager], 1 / correlation - 1)
      let own = (0..<12).map { _ in stream.beta(p * scale, (1 - p) * scale) }
      for _ in 0..<kind.answers {
        let month = stream.integer(below: kind.months)
        counts.add(manager, history.months.lowerBound.advanced(by: month), stream.uniform() < own[month])
      }
    }
    let evidence = try #require(
      counts.evidence(.answeredWithinTarget, succeeded: "withinTarget", tried: "targetsPassed")
    ).whole
    return Organisation(truths: truths, posteriors: IndicatorPosteriors(evidence))
  }

  /// What comes out of ten organisations, by kind of manager.
  struct Outcome {
    /// Squared distances of managers' own shares from the truth, in their standard errors.
    var squares = ClusteredSharesTests.kinds.map { _ in 0.0 }
    /// How many of the 90 % intervals hold the truth.
    var held = ClusteredSharesTests.kinds.map { _ in 0.0 }
    /// Managers put above or below the middle.
    var named = ClusteredSharesTests.kinds.map { _ in 0 }
    var rankability = 0.0
  }

  static func outcome(deviation: Double) throws -> Outcome {
    var outcome = Outcome()
    let (organisations, perKind) = (10, 30)
    for seed in 1...UInt64(organisations) {
      let made = try organisation(perKind: perKind, deviation: deviation, seed: seed)
      var entries: [ManagerRanking.Entry] = []
      for (unit, truth) in made.truths.enumerated() {
        guard case .beta(let a, let b) = made.posteriors.posteriors[unit] else { continue }
        let plain = try #require(made.posteriors.plain[unit])
        let limits = Beta(a, b).centralInterval(level: 0.9)
        let distance = (plain.value - truth) / plain.error
        outcome.squares[unit % kinds.count] += distance * distance / Double(organisations * perKind)
        if truth >= limits.low && truth <= limits.high {
          outcome.held[unit % kinds.count] += 1 / Double(organisations * perKind)
        }
        var stream = RandomStream(seed: seed, purpose: "clustered ranks test", unit: UInt64(unit))
        let estimate = Estimate(value: a / (a + b), low: limits.low, high: limits.high, effectiveN: 9)
        entries.append(
          ManagerRanking.Entry(
            score: .estimated(estimate), draws: (0..<200).map { _ in Float(stream.beta(a, b)) }))
      }
      let found = ManagerRanking(entries, names: entries.indices.map { "\($0)" }, by: .health, options: quick)
      outcome.rankability += (found.ranking.rankability ?? 0) / Double(organisations)
      for tier in found.ranking.tiers where tier.name != "Not told apart" {
        for name in tier.managers { outcome.named[Int(name)! % kinds.count] += 1 }
      }
    }
    return outcome
  }

  // Measured over 40 such organisations. One design effect for all: squares 0.09, 0.15, 0.46 and 1.13, rankability 0.09, nobody
  // named but of those with 900. Each manager's own: squares 0.95, 0.96, 0.92 and 1.04, 90 % intervals hold 0.89 to 0.90,
  // rankability 0.27. Here 300 managers of each kind: a square's standard error is 0.08, an interval's share's 0.017.
  @Test func `each manager's share is as uncertain as its own months make it`() throws {
    let outcome = try Self.outcome(deviation: 0.06)
    for (k, kind) in Self.kinds.enumerated() {
      #expect(outcome.squares[k] > 0.7 && outcome.squares[k] < 1.35, "\(kind.name): \(outcome.squares[k])")
      #expect(outcome.held[k] > 0.84 && outcome.held[k] < 0.95, "\(kind.name): \(outcome.held[k])")
    }
    #expect(outcome.rankability > 0.2, "\(outcome.rankability)")
    #expect(outcome.named[1] > 5, "\(outcome.named)")
  }

  // The prior never lets spread be none, so that rankability is about 0.1, which 120 equal managers reach by chance, 0.18.
  // Of 4800 managers alike 6 were named in 2 of 40 organisations, 1 in one with one design effect for all.
  @Test func `where nobody differs hardly anybody is named`() throws {
    let outcome = try Self.outcome(deviation: 0)
    #expect(outcome.rankability < 0.15, "\(outcome.rankability)")
    #expect(outcome.named.reduce(0, +) <= 6, "\(outcome.named)")
    for k in Self.kinds.indices { #expect(outcome.squares[k] > 0.7 && outcome.squares[k] < 1.35) }
  }

  /// Eight requests of ann, one a month, and eight of bob, four in each of two months; half of both are answered after one
  /// hour, half after ten, the target being two. By hand: bob's months are of one piece and ann's tell nothing, so ρ = 1,
  /// D = 1 for ann, 1 + 3 for bob.
  private static func log() -> EventLog {
    var log = EventLog()
    for k in 0..<8 {
      let hours = [10, 19]
      let (month, bobsMonth, bobsDay) = ("2026-0\(k + 1)", "2026-0\(1 + k / 4)", 5 + k % 4)
      log.event("\(month)-05 09:00", .request, "ann", "pat", case: "a\(k)", due: "\(month)-05 11:00")
      log.event("\(month)-05 \(hours[k % 2]):00", .response, "ann", "pat", case: "a\(k)")
      let day = "\(bobsMonth)-0\(bobsDay)"
      log.event("\(day) 09:00", .request, "bob", "pat", case: "b\(k)", due: "\(day) 11:00")
      log.event("\(day) \(hours[k / 4]):00", .response, "bob", "pat", case: "b\(k)")
    }
    return log
  }

  // By hand: in January and February ann's and bob's end alike, of their 36 pairs three months apart or more 20 don't: κ₀ = 1, and 2 · 10
  // of all pairs lie within a month. What bob's have in common with ann's doesn't tell them apart: 4 of 8 count as 4 of 8 for both, and
  // what both have in common is added.
  @Test func `shares, worked by hand`() throws {
    let history = try history(Self.log(), asOf: "2026-10-01")
    let evidence = try #require(Responsiveness.answeredWithinTarget(history, history.level(.manager))).whole
    #expect(evidence.counts == [8, 8] && evidence.detail("withinTarget") == [4, 4])
    #expect(evidence.ownDesignEffect(0) == 1 && evidence.ownDesignEffect(1) == 1)
    #expect(evidence.clustering?.designEffect(1) == 4)
    let own = IndicatorPosteriors(evidence)
    expectClose(evidence.common, 20.0 / 36 * 20 / 256, relative: 1e-14)
    var prior = BetaPrior.estimate(successes: [4, 4], trials: [8, 8])
    prior.uncertainty.common = evidence.common
    for (unit, trials) in [8.0, 8].enumerated() {
      let expected = prior.posterior(successes: trials / 2, trials: trials)
      guard case .beta(let a, let b) = own.posteriors[unit] else {
        Issue.record("expected a beta distribution")
        return
      }
      #expect(a == expected.a && b == expected.b)
      #expect(own.plain[unit]?.value == 0.5)
      expectClose(own.plain[unit]?.error ?? .nan, (0.25 / trials).squareRoot(), relative: 1e-9)
    }
  }

  // By hand: of decisions, promises and contacts alike four of January are of one kind and four of February of the other, so that ρ = 1,
  // D = 1 + 3, and 4 of 8 count as 1 of 2.
  @Test func `all shares count what goes together in a month once`() throws {
    var log = EventLog()
    for (month, isGood) in [("2026-01", true), ("2026-02", false)] {
      for day in 1...4 {
        log.event("\(month)-0\(day)", .decision, "ann", "pat", by: .partner, value: isGood ? 1 : 0)
        log.event("\(month)-0\(day)", .checkIn, "ann", "pat", by: isGood ? .manager : .partner)
      }
      TrustTests.promise(&log, "ann", kept: isGood ? 4 : 0, of: 4, month: month)
    }
    let history = try history(log, asOf: "2026-04-30")
    let level = history.level(.manager)
    let prior = BetaPrior.estimate(successes: [1], trials: [2])
    let expected = prior.posterior(successes: 1, trials: 2)
    for evidence in [
      Alignment.jointDecisions(history, level), Communication.initiativeBalance(history, level),
      FollowThrough.keptOnTime(history, level, family: .commitment, indicator: .promisesKeptOnTime),
    ] {
      let evidence = try #require(evidence).whole
      #expect(evidence.counts == [8] && evidence.ownDesignEffect(0) == 4)
      switch IndicatorPosteriors(evidence).posteriors[0] {
      case .beta(let a, let b), .balance(let a, let b): #expect(a == expected.a && b == expected.b)
      default: Issue.record("expected a share or a balance of \(evidence.indicator)")
      }
    }
  }

  // By hand: both medians are an hour with S = ½ and Greenwood's variance 1/32. Cal's four requests of one month, never answered,
  // have 1/16, and D = 1 + 3 as well.
  @Test func `waits, worked by hand`() throws {
    var log = Self.log()
    for k in 1...4 { log.event("2026-01-0\(k) 09:00", .request, "cal", "pat", case: "c\(k)") }
    let history = try history(log, asOf: "2026-10-01")
    let level = history.level(.manager)
    let evidence = try #require(
      Responsiveness.typicalWait(SortedWaits(history, level, options: quick))
    ).whole
    guard case .mean(let estimates, let variances, _) = evidence.measure else {
      Issue.record("expected means")
      return
    }
    #expect(estimates[0] == estimates[1] && estimates[2] != nil)
    expectClose(variances[1] / variances[0], 4, relative: 1e-12)
    expectClose(variances[2] / variances[0], 8, relative: 1e-12)
  }
}
