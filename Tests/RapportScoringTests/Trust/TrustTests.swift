import Glibc
import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct TrustTests {
  /// pat keeps `kept` of `total` promises to a manager, all due in `month`; the rest are never kept.
  static func promise(
    _ log: inout EventLog, _ manager: String, _ partner: String = "pat", kept: Int, of total: Int, month: String,
    by promiser: Party = .partner
  ) {
    for i in 0..<total {
      let key = "\(manager)\(partner)\(month)\(promiser)\(i)"
      log.event("\(month)-01 09:00", .commitment, manager, partner, case: key, by: promiser, due: "\(month)-10 09:00")
      if i < kept { log.event("\(month)-05 09:00", .fulfilment, manager, partner, case: key, by: promiser.other) }
    }
  }

  /// Managers' own trust, both directions together.
  static func own(_ history: History, options: AssessmentOptions = quick) throws -> [Departures.Part?] {
    let table = PairTable(history)
    let fit = Self.fit(history, halfLife: options.halfLifeDays, asymmetry: options.asymmetry)
    let directions = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    return TrustScores.own(
      fit, directions, (0..<table.managerCount).map { Array(table.starts[$0]..<table.starts[$0 + 1]) })
  }

  static func fit(_ history: History, halfLife: Double = 182.625, asymmetry: Double = 1) -> TrustModel.Fit {
    let pairs = PairTable(history)
    return TrustModel(halfLifeDays: halfLife, asymmetry: asymmetry)
      .fit(TrustEvidence(history, pairs, surveyScale: 1...5), pairCount: pairs.count, asOf: history.months.upperBound)
  }

  // By hand, half-life six months (182.625 days): in January 1 of 2 kept, in July 2 of 2. One pair only: μ = (3 + ½)/(4 + 1) = 0.7,
  // M = 2. After January a = 1.4 + 1, b = 0.6 + 1, n = 4, m = 0.6; by July n = 2 + 2/2 = 3, so a = 1.8 + 2, b = 1.2.
  @Test func `older evidence counts less`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 1, of: 2, month: "2026-01")
    Self.promise(&log, "ann", kept: 2, of: 2, month: "2026-07")
    let fit = Self.fit(try history(log, asOf: "2026-07-31"))
    let cell = fit.cell(0, .inPartner, TrustFacet.integrity.rawValue)
    // The kept promise of January became known in January, the missed one at its due time there.
    expectClose(fit.a[cell], 3.8, relative: 1e-12)
    expectClose(fit.b[cell], 1.2, relative: 1e-12)
    #expect(fit.counts[cell] == 4 && fit.facets(.inPartner) == [0] && fit.facets(.inManager).isEmpty)
    expectClose(fit.mean(0, .inPartner), 3.8 / 5, relative: 1e-12)
    // By itself, from half a success and half a failure on: 1 of 3 is left of them after January, 2/4 of that by July; pieces weigh
    // 1/3 and then half of it, and those of July 1/4.
    expectClose(fit.ownShares[cell], ((1.5 / 3) * 2 + 2) / 4, relative: 1e-12)
    expectClose(fit.ownStarts[cell], 1.0 / 6, relative: 1e-12)
    expectClose(fit.ownSquares[cell], 2 / 36.0 + 2 / 16.0, relative: 1e-12)
  }

  // By hand: ann 3 of 4 in January and 1 of 4 in February, as in `months that go together in part`: ρ = 0.2, so each of a month's four
  // pieces tells 1/1.6. A rating of 0.75 stands alone in its month, and tells a piece.
  @Test func `pieces of one month tell less each`() throws {
    func piece(_ cell: Int32, _ month: Int32, _ positive: Float) -> TrustEvidence.Contribution {
      TrustEvidence.Contribution(cell: cell, month: month, positive: positive)
    }
    var pieces = (0..<4).flatMap { [piece(0, 1, $0 < 1 ? 1 : 0), piece(0, 0, $0 < 3 ? 1 : 0)] }
    pieces.append(piece(1, 0, 0.75))
    let months = TrustMonths(pieces, cells: 6)
    expectClose(months.correlations, [0.2, 0, 0, 0, 0, 0], relative: 1e-14)
    #expect(months.rows.map(\.month) == [0, 0, 1] && months.rows.map(\.cell) == [0, 1, 0])
    #expect(months.rows.map(\.pieces) == [4, 1, 4] && months.rows.map(\.positive) == [3, 0.75, 1])
    expectClose(months.rows.map(\.told), [1 / 1.6, 1, 1 / 1.6], relative: 1e-14)
    #expect(months.rows.map(\.between) == [0, 0.1875, 0])
  }

  // Sixty pairs whose promises of a month are all kept or all missed, four a month for a year: what is known is twelve months', not
  // forty-eight promises'. What the manager promised says nothing of the partner.
  @Test func `promises that stand and fall together tell as much as one`() throws {
    func fitted(more: Bool) throws -> TrustModel.Fit {
      var log = EventLog()
      for manager in 10..<70 {
        for month in 1...12 {
          let name = "2026-\(month < 10 ? "0" : "")\(month)"
          Self.promise(&log, "m\(manager)", kept: (manager * 7 + month * 5) % 12 < 9 ? 4 : 0, of: 4, month: name)
        }
      }
      if more { Self.promise(&log, "m10", "pat", kept: 1, of: 1, month: "2026-12", by: .manager) }
      return Self.fit(try history(log, asOf: "2027-01-01"), halfLife: 1e9)
    }
    let fit = try fitted(more: false)
    let cell = fit.cell(0, .inPartner, TrustFacet.integrity.rawValue)
    #expect(fit.counts[cell] == 48)
    expectClose(fit.weight[cell], 12, relative: 1e-6)
    expectClose(1 / fit.ownSquares[cell] * (1 - fit.ownStarts[cell]) * (1 - fit.ownStarts[cell]), 12, relative: 1e-6)
    #expect(try fitted(more: true).a[cell] == fit.a[cell])
  }

  // By hand: the same, seen six months later: the mean stays 0.76, the evidence's three pieces weigh 1.5, so a + b = 3.5.
  @Test func `silence widens and leaves the mean`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 1, of: 2, month: "2026-01")
    Self.promise(&log, "ann", kept: 2, of: 2, month: "2026-07")
    log.event("2027-01-15", .checkIn, "ann", "pat", value: 30)
    let fit = Self.fit(try history(log))
    let cell = fit.cell(0, .inPartner, TrustFacet.integrity.rawValue)
    expectClose(fit.a[cell] + fit.b[cell], 3.5, relative: 1e-12)
    expectClose(fit.mean(0, .inPartner), 0.76, relative: 1e-12)
    expectClose(fit.weight(0, .inPartner), 1.5, relative: 1e-12)
  }

  // Forty pairs of whom 24 promises each are known, three in four kept, and one of whom a single one is, kept: with failures counted three
  // times all stand near 0.75/(0.75 + 3 · 0.25) = ½, and so does the one, but for its promise: (M/2 + 1)/(M + 1). As if its prior hadn't
  // been weighed it stood at 0.75 and above, by knowing nothing.
  @Test func `who is little known is judged by the same weights`() throws {
    var log = EventLog()
    for manager in 10..<50 { Self.promise(&log, "m\(manager)", kept: 18, of: 24, month: "2026-06") }
    Self.promise(&log, "new", kept: 1, of: 1, month: "2026-06")
    let history = try history(log, asOf: "2026-07-31")
    let fit = Self.fit(history, asymmetry: 3)
    let prior = try #require(fit.priors[TrustDirection.inPartner.rawValue][0])
    expectClose(prior.mean, 0.75, absolute: 0.01)
    expectClose(fit.mean(0, .inPartner), 0.5, absolute: 0.01)
    let usual = prior.mean / (prior.mean + 3 * (1 - prior.mean))
    expectClose(fit.mean(40, .inPartner), (usual * prior.weight + 1) / (prior.weight + 1), relative: 1e-12)
    // Own values, too: 18.5/25 and failures three times as much. The error of the logarithm is about 3/(x (x + 3 (1 − x))) that of x.
    var options = quick
    options.asymmetry = 3
    let own = try #require(try Self.own(history, options: options)[0])
    expectClose(own.value, 100 * 0.74 / (0.74 + 3 * 0.26), relative: 1e-9)
    let relative = 3 / (0.75 * 1.5) * (0.75 * 0.25 / 24).squareRoot() * 24 / 25
    expectClose(own.variance.squareRoot(), own.value * relative, relative: 0.1)
  }

  // By hand: weighing twice, 0.7 is 0.7/(0.7 + 2 · 0.3) = 7/13, and the missed promise counts 2: after January n = 5 and
  // m = (14/13 + 1)/5; by July n = 2 + 3/2, and then 2 more: (3.5 m + 2)/5.5.
  @Test func `asymmetry`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 1, of: 2, month: "2026-01")
    Self.promise(&log, "ann", kept: 2, of: 2, month: "2026-07")
    let fit = Self.fit(try history(log, asOf: "2026-07-31"), asymmetry: 2)
    expectClose(fit.mean(0, .inPartner), (3.5 * (14.0 / 13 + 1) / 5 + 2) / 5.5, relative: 1e-12)
  }

  // Twenty promises of January 2023, all kept or all missed, and nothing until one more of December 2024: kept, it took trust from 92 to
  // 81, since all before it faded at once; missed, from 11 to 39. A facet that isn't heard of isn't moved by another that is.
  @Test func `a kept promise never lowers trust, a missed one never raises it`() throws {
    func fitted(_ kept: Int, last: Int?, decisions: Bool = false) throws -> (TrustModel.Fit, pair: Int) {
      var log = EventLog()
      for manager in 10..<22 {
        for month in 1...9 { Self.promise(&log, "m\(manager)", kept: manager % 3 + 1, of: 4, month: "2023-0\(month)") }
        if decisions { log.event("2023-05-05", .decision, "m\(manager)", "pat", value: 1) }
      }
      Self.promise(&log, "z", kept: kept, of: 20, month: "2023-01")
      if let last { Self.promise(&log, "z", kept: last, of: 1, month: "2024-12") }
      if decisions { log.event("2024-12-05", .decision, "z", "pat", value: 1) }
      return (Self.fit(try history(log, asOf: "2025-01-01")), 12)
    }
    func mean(_ kept: Int, last: Int?, decisions: Bool = false) throws -> Double {
      let (fit, pair) = try fitted(kept, last: last, decisions: decisions)
      let cell = fit.cell(pair, .inPartner, TrustFacet.integrity.rawValue)
      return fit.a[cell] / (fit.a[cell] + fit.b[cell])
    }
    let (best, worst) = (try mean(20, last: nil), try mean(0, last: nil))
    #expect(best > 0.9 && worst < 0.1)
    #expect(try mean(20, last: 1) > best && mean(0, last: 0) < worst)
    #expect(try mean(20, last: 0) < best && mean(0, last: 1) > worst)
    expectClose(try mean(20, last: nil, decisions: true), best, relative: 1e-9)
  }

  // By hand: E[√X] of Beta(2, 1) is ∫ 2x^1.5 dx = 2/2.5 = 0.8; two such facets: E[√X √Y] = 0.64.
  @Test func `facets combine by geometric mean`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 1, of: 1, month: "2026-01")
    log.event("2026-01-05", .decision, "ann", "pat", value: 1)
    var fit = Self.fit(try history(log, asOf: "2026-02-01"))
    #expect(fit.facets(.inPartner) == [0, 1])
    for facet in [0, 1] {
      fit.a[fit.cell(0, .inPartner, facet)] = 2
      fit.b[fit.cell(0, .inPartner, facet)] = 1
    }
    expectClose(fit.mean(0, .inPartner), 0.64, relative: 1e-12)
  }

  // Each kind's contributions, counted by hand: facet by facet, for and against.
  @Test func `every kind of evidence`() throws {
    var log = EventLog()
    log.event("2026-01-01 09:00", .request, "ann", "pat", case: "1", due: "2026-01-02 09:00")
    log.event("2026-01-01 10:00", .response, "ann", "pat", case: "1")
    log.event("2026-01-03 10:00", .resolution, "ann", "pat", case: "1")
    // After more than 30 days, so that it was resolved for good; without any, resolutions would count for nothing.
    log.event("2026-02-10 10:00", .reopen, "ann", "pat", case: "1")
    log.event("2026-01-01 09:00", .request, "ann", "pat", case: "2", by: .partner, due: "2026-01-02 09:00")
    log.event("2026-01-01", .conflict, "ann", "pat", case: "3")
    log.event("2026-01-05", .settlement, "ann", "pat", case: "3")
    log.event("2026-01-01", .conflict, "ann", "pat", case: "4")
    log.event("2026-01-01", .feedback, "ann", "pat", case: "5")
    log.event("2026-01-20", .followUp, "ann", "pat", case: "5")
    log.event("2026-01-01", .decision, "ann", "pat", value: 0)
    log.event("2026-01-02", .survey, "ann", "pat", by: .manager, value: 4)
    log.event("2026-01-03", .recognition, "ann", "pat")
    log.event("2026-01-04", .objection, "ann", "pat")
    log.event("2026-01-06", .escalation, "ann", "pat")
    log.event("2026-01-07", .escalation, "ann", "pat", channel: "protected")
    log.event("2026-01-01", .goal, "ann", "pat", case: "6", due: "2026-02-01")
    log.event("2026-01-20", .goalMet, "ann", "pat", case: "6")
    let history = try history(log, asOf: "2026-04-30")
    let evidence = TrustEvidence(history, PairTable(history), surveyScale: 1...5)
    func sums(_ direction: TrustDirection, _ facet: TrustFacet) -> [Double] {
      let rows = evidence.contributions.filter { Int($0.cell) == direction.rawValue * 3 + facet.rawValue }
      let positive = rows.reduce(0) { $0 + Double($1.positive) }
      return [positive, Double(rows.count) - positive]
    }
    // Target met, conflict 3 settled, loop closed; conflict 4 not.
    #expect(sums(.inPartner, .integrity) == [3, 1])
    // The partner's request is unanswered past its target; the two conflicts as above.
    #expect(sums(.inManager, .integrity) == [1, 2])
    // Rated 4 of 1–5: ¾; recognition 1; unilateral decision and objection without alternative against.
    #expect(sums(.inPartner, .benevolence) == [1.75, 2.25])
    #expect(sums(.inManager, .benevolence) == [0, 0])
    // Resolved for good and goal met; one escalation that isn't protected.
    #expect(sums(.inPartner, .ability) == [2, 1])
    // What it rests on is data, which the page reads; each side by what that side did.
    let basis = try assess(history, options: quick).basis.trust
    #expect(
      basis.inPartner == [
        .targets, .settlements, .feedback, .recognition, .alternatives, .decisions, .ratings, .resolutions, .goals,
        .escalations,
      ])
    #expect(basis.inManager == [.targets, .settlements] && !basis.isEmpty && TrustBasis().isEmpty)
  }

  @Test func `scores of pairs, managers and partners`() throws {
    var log = EventLog()
    for (manager, kept) in [("ann", 9), ("bob", 5), ("cyd", 2)] {
      Self.promise(&log, manager, kept: kept, of: 10, month: "2026-03")
      Self.promise(&log, manager, "quin", kept: kept, of: 10, month: "2026-03")
      Self.promise(&log, manager, kept: 10 - kept, of: 10, month: "2026-04", by: .manager)
    }
    log.event("2026-04-15", .decision, "dee", "pat", value: 1)
    let history = try history(log, asOf: "2026-04-30")
    let table = PairTable(history)
    let trust = TrustScores(history, table, options: quick)
    let values = trust.managers.map { $0.inPartner.estimate?.value }
    #expect(
      try #require(values[0]) > (try #require(values[1])) && (try #require(values[1])) > (try #require(values[2])))
    // dee's one piece of evidence is the only one of its facet, of four managers, and says nothing.
    #expect(trust.managers[3].both == .insufficient(n: 0, needed: 3))
    #expect(trust.managers[3].inPartner == .insufficient(n: 0, needed: 3))
    #expect(trust.ranksByAsymmetry(3).isEmpty)
    // The gap is the difference of the directions, exactly.
    let ann = trust.managers[0]
    let gap = try #require(ann.gap.estimate?.value)
    let (there, back) = (try #require(ann.inPartner.estimate?.value), try #require(ann.inManager.estimate?.value))
    expectClose(gap, there - back, absolute: 1e-12)
    for score in [ann.both, ann.inPartner, ann.inManager] {
      let estimate = try #require(score.estimate)
      #expect(estimate.low < estimate.value && estimate.value < estimate.high && estimate.high <= 100)
    }
    // A manager's trust in partners is the mean of the pairs', by weight.
    let pairs = (table.starts[0]..<table.starts[1]).map { trust.pairs[$0].inPartner.estimate }
    let weights = pairs.map { $0?.effectiveN ?? 0 }
    let mean = zip(pairs, weights).reduce(0) { $0 + ($1.0?.value ?? 0) * $1.1 } / weights.reduce(0, +)
    expectClose(there, mean, relative: 1e-12)
    #expect(trust.ranksByAsymmetry(0).keys.sorted() == ["1", "2", "3"])
    #expect(trust.partners.allSatisfy { $0.inPartner.estimate != nil })
    // Of pairs without any evidence in a direction nothing is said, nor of both directions together.
    #expect(trust.pairs[1].inManager == .insufficient(n: 0, needed: 3))
    #expect(trust.pairs[1].both == .insufficient(n: 0, needed: 3) && trust.pairs[1].inPartner.estimate != nil)
    var threaded = quick
    threaded.threads = 2
    let again = TrustScores(history, table, options: threaded)
    #expect(again.managers.map(\.both) == trust.managers.map(\.both))
  }

  // By hand, with half a success and half a failure in each: pat 3.5/5 and 2.5/4, so √(0.7 · 0.625); quin 0.5/5, and ann's side, of
  // which nothing is known, at its prior's mean, which adds no error. Seven and four pieces. The variance of a logarithm is that over
  // all outcomes of the trials, one by one.
  @Test func `in own trust a side without evidence stands at its prior`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 3, of: 4, month: "2026-03")
    Self.promise(&log, "ann", kept: 2, of: 3, month: "2026-03", by: .manager)
    Self.promise(&log, "ann", "quin", kept: 0, of: 4, month: "2026-03")
    let history = try history(log, asOf: "2026-03-31")
    let own = try #require(try Self.own(history)[0])
    let usual = try #require(Self.fit(history).priors[TrustDirection.inManager.rawValue][0]).mean
    let (pat, quin) = ((0.7 * 0.625).squareRoot(), (0.1 * usual).squareRoot())
    expectClose(own.value, 100 * (7 * pat + 4 * quin) / 11, relative: 1e-6)
    // Errors where each side is believed to stand.
    let priors = try TrustDirection.allCases.map { try #require(Self.fit(history).priors[$0.rawValue][0]) }
    func believed(_ side: Int, _ kept: Double, of n: Double) -> Double {
      (priors[side].mean * priors[side].weight + kept) / (priors[side].weight + n)
    }
    func luck(_ share: Double, of n: Int) -> Double {
      var (mean, square) = (0.0, 0.0)
      for outcome in 0..<(1 << n) {
        let kept = outcome.nonzeroBitCount
        let chance = (0..<n).reduce(1.0) { $0 * (outcome >> $1 & 1 == 1 ? share : 1 - share) }
        let logarithm = Glibc.log((Double(kept) + 0.5) / Double(n + 1))
        mean += chance * logarithm
        square += chance * logarithm * logarithm
      }
      return square - mean * mean
    }
    let (hr, manager, other) = (believed(0, 3, of: 4), believed(1, 2, of: 3), believed(0, 0, of: 4))
    let variance =
      49 * hr * manager * (luck(hr, of: 4) + luck(manager, of: 3)) / 4
      + 16 * other * usual * luck(other, of: 4) / 4
    expectClose(own.variance, 10_000 * variance / 121, relative: 1e-6)
  }

  // Two hundred managers who are all alike: two promises a month for a year, of which four in five are kept and whose half-life is
  // two months, or six ratings of 3, 4 or 5. Own values scatter as their errors say; as if pieces that fade were whole, and
  // ratings trials, those of promises were 1.7 times as large in squares, those of ratings 4 times. Of 200 values variances are
  // known to a tenth.
  @Test(arguments: [false, true])
  func `own trust scatters as its errors say`(_ isRated: Bool) throws {
    var log = EventLog()
    var stream = RandomStream(seed: 19, purpose: "own trust")
    for manager in 100..<300 {
      for month in 1...12 where !isRated || month % 2 == 0 {
        let name = "2026-\(month < 10 ? "0" : "")\(month)"
        if isRated {
          log.event(
            "\(name)-05", .survey, "m\(manager)", "pat", by: .partner, value: Double(3 + stream.integer(below: 3)))
        } else {
          Self.promise(
            &log, "m\(manager)", kept: (0..<2).count { _ in stream.uniform() < 0.8 }, of: 2, month: name)
        }
      }
    }
    let history = try history(log, asOf: "2026-12-31")
    var options = quick
    options.halfLifeDays = isRated ? 1e6 : 60
    let own = try Self.own(history, options: options).map { try #require($0) }
    #expect(own.count == 200)
    let expected = own.reduce(0) { $0 + $1.variance } / 200
    expectClose(Moments(own.map(\.value)).variance! / expected, 1, absolute: 0.3)
  }

  /// What is found of sixty managers of whom decisions alone are known, taken together or not.
  struct FoundByDecisions {
    var ranking: Ranking
    /// Of scores with the truth.
    var squaredCorrelation: Double
    /// The share of 90 % intervals that hold the truth.
    var held: Double
    /// Managers who are as likely as not in the lowest or the highest tenth.
    var atAnEnd: Int
  }

  /// - Parameter correlation: of two decisions of one month.
  static func decisions(
    _ shares: [Double], months: Int = 12, perMonth: [Int], correlation: Double = 0, seed: UInt64
  ) throws -> FoundByDecisions {
    var log = EventLog()
    var stream = RandomStream(seed: seed, purpose: "decisions")
    for (manager, share) in shares.enumerated() {
      for month in 1...months {
        let weight = 1 / correlation - 1
        let own = correlation > 0 ? stream.beta(share * weight, (1 - share) * weight) : share
        for day in 1...perMonth[manager] {
          log.event(
            "2026-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)", .decision, "m\(100 + manager)", "pat",
            by: .partner, value: stream.uniform() < own ? 1 : 0)
        }
      }
    }
    let found = try assess(try history(log, asOf: "2026-12-31"), options: quick)
    let truths = shares.map { Goalposts.points(for: .jointDecisions, value: $0) }
    let scores = try found.managers.map { try #require($0.health.estimate?.value) }
    let (a, b) = (Moments(truths), Moments(scores))
    let product = zip(truths, scores).reduce(0) { $0 + ($1.0 - a.mean) * ($1.1 - b.mean) }
    let squares = a.sumOfSquares * b.sumOfSquares
    let held = try zip(shares, found.managers).count { share, manager in
      let own = try #require(manager.indicators["jointDecisions"]?.score.estimate)
      return own.low <= share && share <= own.high
    }
    return FoundByDecisions(
      ranking: found.ranking, squaredCorrelation: squares > 0 ? product * product / squares : 0,
      held: Double(held) / Double(shares.count),
      atAnEnd: found.managers.count {
        max($0.rank?.probabilityLowestTenth ?? 0, $0.rank?.probabilityHighestTenth ?? 0) >= 0.5
      })
  }

  // Sixty managers who are all alike and stand at an end of a scale, which begins at 0.9: points have an error of hardly anything
  // there, but not nothing, and by own values rankability came out as 1 or as 0, as luck would have it.
  @Test(arguments: [0.9, 0.95, 0.97])
  func `managers who are alike aren't told apart at an end of a scale`(_ share: Double) throws {
    for seed in 1...4 {
      let found = try Self.decisions(
        Array(repeating: share, count: 60), perMonth: Array(repeating: 4, count: 60), seed: UInt64(seed)
      ).ranking
      #expect(!found.isOrdinal)
      #expect(try #require(found.rankability) < 0.25)
      #expect(found.tiers.map(\.name) == ["Not told apart"])
    }
  }

  // Those who do differ there are told apart as far as scores follow the truth: by own values and a normal-normal model ρ was 0 in 8 of
  // 8 such organisations, where the correlation's square was 0.82; also where evidence is uneven.
  @Test(arguments: [false, true])
  func `managers who differ at an end of a scale are told apart`(_ isUneven: Bool) throws {
    var sums = (rankability: 0.0, squaredCorrelation: 0.0)
    for seed in 1...4 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "differ at an end")
      // Mean 0.93, deviation 0.05; or half at 0.995 with 120 decisions each, half at 0.7 with 12.
      let shares = (0..<60).map { isUneven ? ($0 < 30 ? 0.995 : 0.7) : stream.beta(23.3, 1.75) }
      let found = try Self.decisions(
        shares, perMonth: (0..<60).map { isUneven ? ($0 < 30 ? 10 : 1) : 8 }, seed: UInt64(seed))
      let rankability = try #require(found.ranking.rankability)
      #expect(rankability > Rankability.chanceLimit(unitCount: 60))
      #expect(found.ranking.tiers.contains { $0.name == "Likely below the middle" })
      sums.rankability += rankability / 4
      sums.squaredCorrelation += found.squaredCorrelation / 4
    }
    // Of four organisations ρ and r² have standard errors of 0.03 and 0.05, so twice that of their difference.
    expectClose(sums.rankability, sums.squaredCorrelation, absolute: 0.12)
  }

  // Eight decisions a month, of which two go together with ρ = 0.6: as many as 18 of 96 count. Taken as independent, intervals held the truth
  // of 0.46 of the managers, and 4 in each organisation were as likely as not in a tenth.
  @Test(arguments: [0.9, 0.95])
  func `managers who are alike aren't named for months that go together`(_ share: Double) throws {
    var (held, atAnEnd) = (0.0, 0)
    for seed in 1...4 {
      let found = try Self.decisions(
        Array(repeating: share, count: 60), perMonth: Array(repeating: 8, count: 60), correlation: 0.6,
        seed: UInt64(seed))
      #expect(!found.ranking.isOrdinal && found.ranking.tiers.map(\.name) == ["Not told apart"])
      held += found.held / 4
      atAnEnd += found.atAnEnd
    }
    // Of managers alike, nearly all: each leans on all others.
    #expect(held > 0.95 && atAnEnd <= 4, "\(held) \(atAnEnd)")
  }

  // Managers whose shares differ by 0.05 around 0.9 and whose decisions of one month go together with ρ = 0.3: 96 count as 31. Taken as
  // independent, intervals held the truth of 0.64; rankability was 0.16, since φ widened every error for those who matter most.
  @Test func `managers whose months go together are told apart as far as scores follow the truth`() throws {
    var sums = (held: 0.0, rankability: 0.0, squaredCorrelation: 0.0)
    var named = 0
    for seed in 1...4 {
      var stream = RandomStream(seed: UInt64(seed), purpose: "differ by month")
      let found = try Self.decisions(
        (0..<60).map { _ in stream.beta(31.5, 3.5) }, perMonth: Array(repeating: 8, count: 60), correlation: 0.3,
        seed: UInt64(seed))
      named += found.ranking.tiers.contains { $0.name == "Likely below the middle" } ? 1 : 0
      sums.held += found.held / 4
      sums.rankability += try #require(found.ranking.rankability) / 4
      sums.squaredCorrelation += found.squaredCorrelation / 4
    }
    // Ranks count what all have in common as each one's own (Limits), so that of four organisations one may name nobody.
    #expect(named >= 3, "\(named)")
    // Of 240 intervals an error of 0.02; of four organisations' ρ and r² 0.05 each.
    #expect(sums.held > 0.84 && sums.held < 0.96, "\(sums)")
    expectClose(sums.rankability, sums.squaredCorrelation, absolute: 0.15)
  }

  // Sixty managers who are all alike, of whom six promises each are known: the prior never lets spread be none, so that rankability is about
  // 0.2, within what chance gives, 0.24, and makes no order. With a prior of one promise's weight it would be above 0.5.
  @Test func `managers who are alike aren't told apart by trust`() throws {
    var sum = 0.0
    for seed in 1...5 {
      var log = EventLog()
      var stream = RandomStream(seed: UInt64(seed), purpose: "alike")
      for manager in 100..<160 {
        Self.promise(
          &log, "m\(manager)", kept: (0..<6).count { _ in stream.uniform() < 0.6 }, of: 6, month: "2026-03")
      }
      var options = quick
      options.rankBy = .trust
      let history = try history(log, asOf: "2026-04-30")
      let ranking = try assess(history, options: options).ranking
      #expect(!ranking.isOrdinal)
      sum += try #require(ranking.rankability)
    }
    #expect(sum / 5 < Rankability.chanceLimit(unitCount: 60), "\(sum / 5)")
  }

  // Forty managers whose partner keeps all six promises of a month or none, as a coin says: nobody differs, and twelve months
  // tell as much as twelve promises, and halves of the months see it so. By errors as of 72 independent ones 5/6 of what differs would
  // be real, and halves widened them by about φ = 6. Rankability is the chance of equal managers, about 0.2.
  @Test func `promises of one month tell as much as their halves say`() throws {
    func flipped(_ seed: UInt64) throws -> History {
      var log = EventLog()
      var stream = RandomStream(seed: seed, purpose: "months")
      for manager in 10..<50 {
        for month in 1...12 {
          Self.promise(
            &log, "m\(manager)", kept: stream.uniform() < 0.5 ? 6 : 0, of: 6,
            month: "2026-\(month < 10 ? "0" : "")\(month)")
        }
      }
      return try RapportScoringTests.history(log, asOf: "2027-01-01")
    }
    var options = quick
    options.halfLifeDays = 1e6
    options.rankBy = .trust
    var sum = 0.0
    for seed in 17..<22 as Range<UInt64> {
      let history = try flipped(seed)
      let inflation = try #require(TrustScores(history, PairTable(history), options: options).departures).inflation
      #expect(inflation >= 1 && inflation < 1.6, "\(inflation)")
      let ranking = try assess(history, options: options).ranking
      #expect(!ranking.isOrdinal)
      sum += try #require(ranking.rankability)
    }
    #expect(sum / 5 < Rankability.chanceLimit(unitCount: 40), "\(sum / 5)")
    let history = try flipped(17)
    // Where nothing is ranked by trust, nothing asks for it.
    options.rankBy = .health
    #expect(TrustScores(history, PairTable(history), options: options).departures == nil)
  }

  // Both sides keep nine promises in ten at pat's and three in ten at quin's. Most of what is known of the partners is known of
  // pat, most of what is known of ann of quin: what differs is whom it is known of. What is known of rob alone tells no
  // difference. By hand: each pair's gap by w₀w₁/(w₀ + w₁), here 8 for both.
  @Test func `the gap compares the same partners in both directions`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", "pat", kept: 36, of: 40, month: "2026-03")
    Self.promise(&log, "ann", "pat", kept: 9, of: 10, month: "2026-03", by: .manager)
    Self.promise(&log, "ann", "quin", kept: 3, of: 10, month: "2026-03")
    Self.promise(&log, "ann", "quin", kept: 12, of: 40, month: "2026-03", by: .manager)
    Self.promise(&log, "ann", "rob", kept: 0, of: 9, month: "2026-03")
    Self.promise(&log, "bob", "rob", kept: 0, of: 9, month: "2026-03")
    Self.promise(&log, "bob", "pat", kept: 5, of: 9, month: "2026-03", by: .manager)
    let history = try history(log, asOf: "2026-03-31")
    let trust = TrustScores(history, PairTable(history), options: quick)
    let ann = trust.managers[0]
    let gap = try #require(ann.gap.estimate)
    let pairs = try trust.pairs[..<2].map { try #require($0.gap.estimate?.value) }
    expectClose(gap.value, (pairs[0] + pairs[1]) / 2, absolute: 1e-9)
    #expect(abs(gap.value) < 5 && gap.low < 0 && gap.high > 0 && gap.effectiveN == 50)
    // By weights of their own the two directions lie far apart.
    #expect(try #require(ann.inPartner.estimate?.value) - (try #require(ann.inManager.estimate?.value)) > 15)
    // Of bob each direction is known, but of nobody both.
    #expect(trust.managers[1].inPartner.estimate != nil && trust.managers[1].inManager.estimate != nil)
    #expect(trust.managers[1].gap == .insufficient(n: 0, needed: 3))
  }

  // In batches of 50 pairs, which cut managers and partners apart, with pairs that have too little evidence for a score of
  // their own.
  @Test(arguments: [RankedScore.health, .trust])
  func `draws that are shared give the bits of each unit's own`(_ rankBy: RankedScore) throws {
    var log = EventLog()
    for m in 0..<300 {
      let (manager, partner) = ("m\(m)", "p\(m % 7)")
      Self.promise(&log, manager, partner, kept: m % 5, of: 4 + m % 5, month: "2026-03")
      Self.promise(&log, manager, "all", kept: m % 2, of: 1 + m % 3, month: "2026-02")
      if m % 4 == 0 { Self.promise(&log, manager, partner, kept: m % 3, of: 3, month: "2026-04", by: .manager) }
    }
    log.event("2026-04-15", .decision, "dee", "pat", value: 1)
    let history = try history(log, asOf: "2026-04-30")
    let table = PairTable(history)
    var options = quick
    (options.rankBy, options.threads) = (rankBy, 2)
    let trust = TrustScores(
      history, table, options: options, numbersAtOnce: 50 * 2 * max(options.drawsOfPairs, options.draws))
    let evidence = TrustEvidence(history, table, surveyScale: options.surveyScale)
    let fit = TrustModel(halfLifeDays: options.halfLifeDays, asymmetry: options.asymmetry)
      .fit(evidence, pairCount: table.count, asOf: history.months.upperBound)
    let drawing = TrustDraws(fit, options)
    func expectEqual(_ found: TrustScores.Scores, _ pairs: [Int], keepsDraws: Bool = false) {
      var tally = TrustTally(
        fit, TrustDirection.allCases, of: pairs, draws: keepsDraws ? drawing.ofRanked : drawing.first)
      for pair in pairs { tally.add(pair, drawing.draw(pair)) }
      let own = tally.scores(options, keepsDraws: keepsDraws)
      #expect(found.both == own.both && found.inPartner == own.inPartner && found.inManager == own.inManager)
      #expect(found.gap == own.gap && found.draws == own.draws)
    }
    for pair in 0..<table.count { expectEqual(trust.pairs[pair], [pair]) }
    for manager in 0..<table.managerCount {
      let pairs = Array(table.starts[manager]..<table.starts[manager + 1])
      expectEqual(trust.managers[manager], pairs, keepsDraws: rankBy == .trust)
    }
    for partner in 0..<table.partnerCount {
      expectEqual(trust.partners[partner], (0..<table.count).filter { Int(table.partners[$0]) == partner })
    }
    #expect(trust.partners.contains { $0.both.estimate != nil })
    #expect(trust.pairs.contains { $0.inPartner.estimate == nil })
    // Of pairs and partners nothing depends on what is ranked, and nothing on how many pairs are drawn together.
    (options.rankBy, options.threads) = (.health, 1)
    let other = TrustScores(history, table, options: options)
    for (found, expected) in zip(trust.pairs + trust.partners, other.pairs + other.partners) {
      #expect(found.both == expected.both && found.inPartner == expected.inPartner && found.gap == expected.gap)
    }
    if rankBy == .health { #expect(zip(trust.managers, other.managers).allSatisfy { $0.both == $1.both }) }
  }

  // By hand: ann's partners promised 4 and she 3, two of them to pat and one to quin: enough over her pairs, in neither of
  // them. bob promised nothing: what he did isn't known, so neither is trust both ways, nor his place by it.
  @Test func `trust in both directions needs evidence of each`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 3, of: 4, month: "2026-03")
    Self.promise(&log, "ann", kept: 1, of: 2, month: "2026-03", by: .manager)
    Self.promise(&log, "ann", "quin", kept: 1, of: 1, month: "2026-03", by: .manager)
    Self.promise(&log, "bob", kept: 9, of: 10, month: "2026-03")
    let history = try history(log, asOf: "2026-04-30")
    var byTrust = quick
    byTrust.rankBy = .trust
    let trust = TrustScores(history, PairTable(history), options: byTrust)
    #expect(trust.managers[0].both.estimate != nil && trust.managers[0].draws.count == byTrust.draws)
    #expect(trust.pairs[0].both == .insufficient(n: 2, needed: 3) && trust.pairs[0].inPartner.estimate != nil)
    #expect(trust.managers[1].both == .insufficient(n: 0, needed: 3))
    #expect(trust.managers[1].inPartner.estimate != nil && trust.managers[1].draws.isEmpty)
    #expect(trust.managers[1].gap.estimate == nil && trust.ranksByAsymmetry(1).isEmpty)
  }

  // By hand: one rating of one manager is all that speaks of managers. It says nothing of ann, and takes nothing from her:
  // no manager has three pieces in that direction, so trust is that in the partners.
  @Test func `a stray event takes nobody's trust away`() throws {
    var log = EventLog()
    Self.promise(&log, "ann", kept: 3, of: 4, month: "2026-03")
    log.event("2026-03-02", .survey, "bob", "pat", by: .partner, value: 4)
    let history = try history(log, asOf: "2026-04-30")
    let trust = TrustScores(history, PairTable(history), options: quick)
    let ann = trust.managers[0]
    #expect(ann.both == ann.inPartner && ann.both.estimate != nil)
    #expect(trust.managers[1].both == .insufficient(n: 0, needed: 3))
    #expect(trust.managers[1].inManager == .insufficient(n: 1, needed: 3))
  }

  @Test func `ranks share ties`() {
    #expect(SharedRanks.of([3, nil, 5, 3]) == [2.5, nil, 1, 2.5])
    #expect(SharedRanks.of([nil]) == [nil])
  }
}
