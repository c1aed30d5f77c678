import Foundation
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct MethodUncertaintyTests {
  /// Positions of managers in all indicators, at random.
  static func positions(_ managers: Int) -> [[Double]] {
    (0..<managers).map { manager in
      var stream = RandomStream(seed: 3, purpose: "method test", unit: UInt64(manager))
      return Indicator.allCases.map { _ in stream.uniform() }
    }
  }

  static func all(_ settings: MethodSettings = MethodSettings(), managers: Int = 12) throws -> MethodUncertainty {
    MethodUncertainty(
      try #require(Composite(Indicator.allCases, domainWeights: [:])), positions: positions(managers),
      settings: settings)
  }

  @Test func `nothing varied, nothing moved`() throws {
    let found = try #require(try Self.all(.nothing).study(managers: 12, seed: 1, threads: 1))
    #expect(found.study.meanRankShift == 0 && found.study.mostInfluential == nil)
    #expect(found.study.factors.allSatisfy { $0.firstOrder == nil && $0.ranksTotal == nil })
    #expect(found.units.count == 12 && found.units.allSatisfy { $0.variance == 0 })
    // Ranks as configured, 1 to 12.
    #expect(Set(found.units.map(\.mean)) == Set((1...12).map(Double.init)))
  }

  // Two domains of one indicator each: one manager has 100 and 16 points, the other 36 and 36. The power mean of the first is
  // 58 (p = 1), 40 (p = 0), 27.6 (p = −1): below some p they change places, and both shift by one. p is even on −1 … 1.
  @Test func `an exponent that turns two managers round`() throws {
    var settings = MethodSettings.nothing
    settings.exponentReach = 1
    let composite = try #require(Composite([.creditGiven, .developmentActions], domainWeights: [:]))
    let uncertainty = MethodUncertainty(
      composite, positions: [[1, 15.0 / 99], [35.0 / 99, 35.0 / 99]], settings: settings)
    let found = try #require(uncertainty.study(managers: 2, seed: 1, threads: 1))
    var (low, high) = (-1.0, -1e-9)
    for _ in 0..<60 {
      let p = (low + high) / 2
      if pow((pow(100, p) + pow(16, p)) / 2, 1 / p) < 36 { low = p } else { high = p }
    }
    // Batches of 32 even points are off by at most one point each.
    expectClose(found.study.meanRankShift, (low + 1) / 2, absolute: 1.0 / 32)
    #expect(found.study.mostInfluential == .aggregationAcross)
    for factor in found.study.factors {
      let share = factor.name == .aggregationAcross ? 1.0 : 0
      // f(A_B) is f(B) where nothing else varies, so only how A and B go together is left as error.
      expectClose(
        try #require(factor.firstOrder), share, absolute: 5 * (try #require(factor.firstOrderError)) + 1e-12)
      expectClose(try #require(factor.total), share, absolute: 5 * (try #require(factor.totalError)) + 1e-12)
      expectClose(try #require(factor.ranksTotal), try #require(factor.total), absolute: 1e-9)
    }
  }

  // Two managers beyond the 100 point of one indicator, at positions 1.3 and 1.05, and alike in the other: as configured they
  // share their rank. The end moves evenly over 0.9 … 1.1: beyond 1.05, which is a quarter of the time, the first is ahead.
  // Clamped to their points they couldn't be told apart at all.
  @Test func `goalposts that move outwards tell apart who lies beyond them`() throws {
    var settings = MethodSettings.nothing
    settings.goalpostShare = 0.1
    let composite = try #require(Composite([.creditGiven, .developmentActions], domainWeights: [:]))
    let uncertainty = MethodUncertainty(composite, positions: [[1.3, 0.5], [1.05, 0.5]], settings: settings)
    let found = try #require(uncertainty.study(managers: 2, seed: 1, threads: 1))
    expectClose(found.units[0].mean, 1.375, absolute: 0.02)
    expectClose(found.units[1].mean, 1.625, absolute: 0.02)
    expectClose(found.study.meanRankShift, 0.125, absolute: 0.02)
    #expect(found.study.mostInfluential == .goalposts)
  }

  // By hand: 0.6 leads 0.4 by 0.2; with errors of 0.05 each that is 2.83 standard errors, with 0.07 only 2.02.
  @Test(arguments: [(0.05, MethodFactor.aggregationWithin), (0.07, nil)]) func `a choice is named where it leads`(
    error: Double, name: MethodFactor?
  ) {
    var study = MethodStudy(varied: MethodSettings(), meanRankShift: 1, factors: [], managers: 9, points: 256)
    study.factors = [0.4, 0.1, 0.6, 0.05].enumerated().map { k, total in
      MethodStudy.Factor(name: MethodFactor.allCases[k], total: total, totalError: error, ranksTotal: 1 - total)
    }
    #expect(study.mostInfluential == name)
    study.factors = []
    #expect(study.mostInfluential == nil)
  }

  @Test func `shares add up, and totals hold what is alone`() throws {
    let found = try #require(try Self.all().study(managers: 12, seed: 1, threads: 1))
    #expect(found.study.meanRankShift > 0.2)
    let alone = found.study.factors.reduce(0) { $0 + ($1.ranksFirstOrder ?? 0) }
    let all = found.study.factors.reduce(0) { $0 + ($1.ranksTotal ?? 0) }
    // Ranks together: variances add, so shares are means weighted by them.
    let variance = found.units.reduce(0) { $0 + $1.variance }
    for (j, factor) in found.study.factors.enumerated() {
      let mean = found.units.reduce(0) { $0 + ($1.total?[j].share ?? 0) * $1.variance } / variance
      expectClose(try #require(factor.ranksTotal), mean, relative: 1e-12)
      let error = try #require(factor.ranksTotalError)
      // At most as if all managers erred together, and not less than a twentieth of it.
      let largest = found.units.reduce(0) { $0 + ($1.total?[j].standardError ?? 0) * $1.variance } / variance
      #expect(error > largest / 20 && error <= largest * (1 + 1e-9))
    }
    // Of twelve ranks at 256 points: twice the error that other seeds showed.
    #expect(alone < 1.15 && all > 0.95 && alone < all + 0.1)
    // Ranks of all managers add to one number, and so do their means.
    expectClose(found.units.reduce(0) { $0 + $1.mean }, 78, relative: 1e-12)
  }

  @Test func `threads change nothing, and shifts are in places among all`() throws {
    let uncertainty = try Self.all(managers: 20)
    let one = try #require(uncertainty.study(managers: 20, seed: 4, threads: 1))
    let two = try #require(uncertainty.study(managers: 20, seed: 4, threads: 3))
    #expect(one.study == two.study && one.units == two.units)
    let sampled = try #require(uncertainty.study(managers: 2000, seed: 4, threads: 1))
    expectClose(sampled.study.meanRankShift, 100 * one.study.meanRankShift, relative: 1e-12)
    #expect(sampled.study.factors == one.study.factors)
  }

  // Nothing varied: draw by draw the composite as configured, to the bit, and so one ranking twice.
  @Test func `draws with nothing varied are those without`() throws {
    let history = try history(AssessTests.twoPairs(), asOf: "2026-04-30")
    let set = IndicatorSet(history, nil, history.level(.manager), options: quick)
    func scores(_ method: MethodSettings) -> HealthScores {
      HealthScores(set, options: quick, draws: 300, purpose: "test", keepsDraws: true, method: method)
    }
    let plain = scores(.nothing)
    for unit in plain.units { #expect(!unit.draws.isEmpty && unit.methodDraws == unit.draws) }
    let varied = scores(MethodSettings())
    for (a, b) in zip(plain.units, varied.units) { #expect(a.draws == b.draws && b.methodDraws != b.draws) }
    let entries = plain.units.map { ManagerRanking.Entry(score: $0.health, draws: $0.draws) }
    var ranking = ManagerRanking(entries, names: history.managers, by: .health, options: quick)
    ranking.addMethod(plain, options: quick)
    // With ways that differ, the interval with both is never narrower than the rank's own.
    var other = ManagerRanking(
      varied.units.map { ManagerRanking.Entry(score: $0.health, draws: $0.draws) },
      names: history.managers, by: .health, options: quick)
    var turned = varied
    for unit in turned.units.indices { turned.units[unit].methodDraws = turned.units[unit].draws.map { 100 - $0 } }
    other.addMethod(turned, options: quick)
    for rank in other.ranks.compactMap({ $0 }) {
      let both = try #require(rank.withMethod)
      #expect(both.low <= rank.low && both.high >= rank.high)
    }
    for rank in ranking.ranks {
      let rank = try #require(rank)
      let both = try #require(rank.withMethod)
      #expect(both.expected == rank.expected && both.low == rank.low && both.high == rank.high)
    }
  }

  @Test func `keys of the output`() throws {
    let history = try history(AssessTests.twoPairs(), asOf: "2026-04-30")
    func tree(_ options: AssessmentOptions) throws -> [String: Any]? {
      let bytes = try JSONEncoder().encode(try assess(history, options: options))
      return try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
    }
    let health = try #require(try tree(quick))
    let method = try #require((health["ranking"] as? [String: Any])?["method"] as? [String: Any])
    #expect(Set(method.keys) == ["varied", "meanRankShift", "factors", "managers", "points"])
    let factors = try #require(method["factors"] as? [[String: Any]])
    let names = factors.compactMap { $0["name"] as? String }
    #expect(names == ["weights", "aggregationAcross", "aggregationWithin", "goalposts"])
    let rank = try #require((health["managers"] as? [[String: Any]])?.first?["rank"] as? [String: Any])
    let both = try #require(rank["withMethod"] as? [String: Any])
    #expect(both["low"] != nil && both["high"] != nil && both["expected"] != nil)
    #expect(health["funnels"] as? [Any] != nil)

    var options = quick
    options.rankBy = .trust
    let trust = try #require(try tree(options))
    #expect((trust["ranking"] as? [String: Any])?["method"] == nil)
    #expect(((trust["managers"] as? [[String: Any]])?.first?["rank"] as? [String: Any])?["withMethod"] == nil)
  }
}
