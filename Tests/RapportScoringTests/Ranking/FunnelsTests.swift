import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct FunnelsTests {
  static func shares(
    _ successes: [Int], _ trials: [Int], clustering: Clustering? = nil, suppressed: [Int: String] = [:]
  ) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .promisesKeptOnTime,
        measure: .share(successes: successes.map(Double.init), trials: trials.map(Double.init)),
        counts: trials, clustering: clustering, suppressed: suppressed))
  }

  static func rates(_ events: [Int], _ requests: [Int]) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .escalationRate,
        measure: .rate(events: events.map(Double.init), exposure: requests.map { Double($0) / 100 }), counts: requests))
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { "m\($0)" } }

  static let chanceAlone: FunnelLimits = {
    var method = FunnelLimits()
    method.overdispersion = .none
    return method
  }()

  /// Sizes of managers from 60 to 1000, and a number between 0 and 1 for each.
  static func organisation(_ managers: Int, seed: UInt64 = 1) -> [(size: Int, u: Double)] {
    (0..<managers).map { manager in
      var stream = RandomStream(seed: seed, purpose: "funnel test", unit: UInt64(manager))
      return (60 + Int(940 * stream.uniform()), stream.uniform())
    }
  }

  // By hand: 4 · 100 of 200 and 30 of 200 are 430 of 1000. A manager is outside where a tail is less likely than half of
  // what the level leaves: P(R ≤ 30) is far below 0.001 at 0.43, and P(R ≥ 100) = 0.028 isn't below 0.025.
  @Test func `five managers, one far below`() throws {
    let funnel = try #require(
      try Funnels.funnel(
        Self.shares([100, 100, 100, 30, 100], [200, 200, 200, 200, 200]), names: Self.names(5),
        method: Self.chanceAlone, threads: 1))
    #expect(funnel.indicator == "promisesKeptOnTime" && funnel.kind == .share && funnel.managers == 5)
    expectClose(funnel.centre, 0.43, relative: 1e-15)
    let binomial = Binomial(trials: 200, probability: 0.43)
    #expect(binomial.survival(99) > 0.025 && binomial.survival(99) < 0.03 && binomial.cumulative(30) < 0.001)
    let outside = try #require(funnel.outside.first)
    #expect(funnel.outside.count == 1 && outside.manager == "m3" && outside.side == .below && outside.level == 0.998)
    #expect(outside.value == 0.15 && outside.size == 200 && outside.low > 0.15 && outside.high > 0.43)
    #expect(funnel.outside(level: 0.95) == 1 && funnel.outside(level: 0.998) == 1)
    #expect(funnel.inside == Array(repeating: Funnel.Point(size: 200, value: 0.5), count: 4))
    // One size only: one place on each curve.
    #expect(funnel.curves.map(\.level) == [0.95, 0.998] && funnel.curves.allSatisfy { $0.points.count == 1 })
    // Both limits can be passed at this size.
    expectClose(funnel.curves.map(\.expected), [5 * 0.05, 5 * 0.002], relative: 1e-12)
    // By chance alone anyway: nobody is beyond chance and within the limits.
    #expect(funnel.curves.map(\.beyondChance) == [1, 1] && funnel.beyondChance.isEmpty && funnel.clustering == nil)
  }

  // Shares around 96 % of 20 cases: nobody can lie above the limit of 100 %, so half as many lie outside by chance.
  @Test func `where a limit stands at the end of the scale, nobody is expected beyond it`() throws {
    let funnel = try #require(
      try Funnels.funnel(
        Self.shares([20, 19, 19, 19, 19], [20, 20, 20, 20, 20]), names: Self.names(5), method: Self.chanceAlone,
        threads: 1))
    let points = try #require(funnel.curves.first?.points.first)
    #expect(points.high == 1 && points.low > 0)
    expectClose(funnel.curves.map(\.expected), [5 * 0.025, 5 * 0.001], relative: 1e-12)
  }

  // Managers who differ by chance alone: the levels hold, and never leave more outside than they say beyond chance in
  // 20,000 managers (five standard errors), five organisations together: in one of them, seed 8, nobody lies far out, which
  // happens once in sixty. Whole counts make exact limits leave somewhat fewer.
  @Test func `where nobody differs, as many lie outside as the levels say`() throws {
    var (wide, far) = ([0.0, 0], [0.0, 0])
    for seed in UInt64(6)...10 { try count(seed, &wide, &far) }
    for (k, name) in ["shares", "rates"].enumerated() {
      #expect(wide[k] > 0.033 && wide[k] < 0.05 + 5 * 0.00154, "\(name): \(wide[k])")
      #expect(far[k] > 0.0005 && far[k] < 0.002 + 5 * 0.00032, "\(name): \(far[k])")
    }
  }

  /// Adds a fifth of the shares outside in one organisation.
  private func count(_ seed: UInt64, _ wide: inout [Double], _ far: inout [Double]) throws {
    let managers = Self.organisation(4000, seed: seed)
    let sizes = managers.map(\.size)
    let kept = managers.map { Binomial(trials: $0.size, probability: 0.8).quantile($0.u) }
    let escalated = managers.map { Poisson(mean: 0.1 * Double($0.size)).quantile($0.u) }
    for (k, indicator) in [Self.shares(kept, sizes), Self.rates(escalated, sizes)].enumerated() {
      let funnel = try #require(
        try Funnels.funnel(indicator, names: Self.names(4000), method: Self.chanceAlone, threads: 2))
      wide[k] += Double(funnel.outside(level: 0.95)) / 20_000
      far[k] += Double(funnel.outside(level: 0.998)) / 20_000
      // As scored, a variance between managers is allowed for, of which there is hardly any.
      let scored = try #require(try Funnels.funnel(indicator, names: Self.names(4000), threads: 1))
      #expect(scored.outside.count <= funnel.outside.count)
      expectClose(try #require(scored.overdispersion.dispersion), 1, absolute: 0.15)
    }
  }

  // True shares that spread by 0.08: limits by chance alone would leave most large managers outside; those that allow for it
  // leave about as many as they say.
  @Test func `where all differ, limits allow for it`() throws {
    let managers = Self.organisation(2000)
    let kept = managers.enumerated().map { i, manager in
      var stream = RandomStream(seed: 9, purpose: "funnel test", unit: UInt64(i))
      return Binomial(trials: manager.size, probability: (0.7 + 0.08 * stream.normal()).clamped(to: 0.01...0.99))
        .quantile(manager.u)
    }
    let indicator = Self.shares(kept, managers.map(\.size))
    let plain = try #require(
      try Funnels.funnel(indicator, names: Self.names(2000), method: Self.chanceAlone, threads: 1))
    let scored = try #require(try Funnels.funnel(indicator, names: Self.names(2000), threads: 1))
    #expect(plain.outside(level: 0.95) > 900)
    #expect(scored.outside(level: 0.95) > 60 && scored.outside(level: 0.95) < 150)
    expectClose(scored.overdispersion.betweenDeviation, 0.08, relative: 0.07)
    // How many chance alone would leave outside is told, and who of them is within the limits.
    #expect(scored.curves.map(\.beyondChance) == [0.95, 0.998].map { plain.outside(level: $0) })
    #expect(scored.beyondChance.count == plain.outside.count - scored.outside.count)
    let byName = Dictionary(uniqueKeysWithValues: plain.outside.map { ($0.manager, $0) })
    #expect(scored.beyondChance.allSatisfy { byName[$0.manager] == $0 })
  }

  /// Sizes, kept promises and their months of managers whose promises of one month go together (ρ = ¼), and of whom every
  /// fifth was there for three months only.
  private static func clustered(
    _ managers: Int, deviation: Double, seed: UInt64
  ) throws -> (sizes: [Int], kept: [Int], clustering: Clustering) {
    var log = EventLog()
    for month in 1...12 {
      log.event("2026-\(month < 10 ? "0" : "")\(month)-05", .decision, "ann", "pat", value: 1)
    }
    for manager in 1..<managers { log.event("2026-01-05", .decision, "bea\(manager)", "pat", value: 1) }
    let history = try history(log, asOf: "2026-12-31")
    var months = MonthClusters(unitCount: history.managers.count, months: history.months)
    var kept = [Int](repeating: 0, count: managers)
    let sizes = (0..<managers).map { [10, 30, 100, 300][$0 % 4] }
    for manager in 0..<managers {
      var stream = RandomStream(seed: seed, purpose: "clustered funnel test", unit: UInt64(manager))
      let share = (0.8 + deviation * stream.normal()).clamped(to: 0.02...0.98)
      // A month's share is a beta variable with variance ρ p (1 − p).
      let own = (0..<12).map { _ in stream.beta(3 * share, 3 * (1 - share)) }
      for _ in 0..<sizes[manager] {
        let month = stream.integer(below: manager % 5 == 0 ? 3 : 12)
        let isKept = stream.uniform() < own[month]
        months.add(manager, history.months.lowerBound.advanced(by: month), isKept)
        if isKept { kept[manager] += 1 }
      }
    }
    return (sizes, kept, months.clustering)
  }

  // Promises of one month go together, most in the months of managers who have many. Independent cases assumed, the 95 %
  // limits leave up to 9 % of large managers outside and hardly any small ones; with each manager's own design effect no size
  // stands out. 4 × 500 managers: five standard errors of 5 % are 2.4 %.
  @Test(arguments: [0.0, 0.06]) func `where cases of one month go together, limits hold at every size`(
    deviation: Double
  ) throws {
    var wide = [[Double]](repeating: [], count: 4)
    var assumed = wide
    var deviations: [Double] = []
    for seed in UInt64(1)...5 {
      let (sizes, kept, clustering) = try Self.clustered(400, deviation: deviation, seed: seed)
      expectClose(clustering.correlation, 0.25, absolute: 0.08)
      func funnel(_ clustering: Clustering?) throws -> Funnel {
        try #require(
          try Funnels.funnel(
            Self.shares(kept, sizes, clustering: clustering), names: Self.names(400), threads: 1))
      }
      let own = try funnel(clustering)
      deviations.append(own.overdispersion.betweenDeviation)
      let (held, independent) = (own.outside, try funnel(nil).outside)
      for (k, size) in [10.0, 30, 100, 300].enumerated() {
        wide[k].append(Double(held.count { $0.size == size }) / 500)
        assumed[k].append(Double(independent.count { $0.size == size }) / 500)
      }
      let told = try #require(own.clustering)
      #expect(told.correlation == clustering.correlation)
      #expect(told.smallestDesignEffect < 1.8 && told.largestDesignEffect > 15)
      #expect(held.allSatisfy { $0.designEffect >= 1 } && held.contains { $0.designEffect > 1.5 })
    }
    for k in 0..<4 { #expect(wide[k].reduce(0, +) < 0.075, "\(wide[k])") }
    #expect(wide[3].reduce(0, +) > 0.005)
    #expect(assumed[3].reduce(0, +) > 0.075, "\(assumed[3])")
    // The variance between managers is theirs and not that of months.
    expectClose(deviations.reduce(0, +) / 5, deviation, absolute: deviation == 0 ? 0.025 : 0.012)
  }

  // A rate in a boundless exposure has no limits: the reason is told, and other indicators keep theirs.
  @Test func `a funnel that can't be drawn leaves a note`() throws {
    var boundless = Self.rates([1, 2, 3, 4, 5], [50, 50, 50, 50, 50])
    boundless.evidence.measure = .rate(events: [1, 2, 3, 4, 5], exposure: [1, 2, 3, 4, .infinity])
    let found = Funnels.find(
      [boundless, Self.shares([8, 7, 9, 6, 2], [10, 10, 10, 10, 10])], names: Self.names(5), threads: 1)
    #expect(found.funnels.map(\.indicator) == ["promisesKeptOnTime"])
    #expect(found.notes.count == 1)
    #expect(found.notes[0].hasPrefix("No limits around all managers' escalation rate: "), "\(found.notes)")
    #expect(found.notes[0].contains("5 events in exposure inf"), "\(found.notes)")
  }

  @Test func `who isn't shown isn't compared, and few aren't either`() throws {
    let suppressed = Self.shares([8, 7, 9, 6, 0, 2], [10, 10, 10, 10, 10, 2], suppressed: [0: "few"])
    #expect(try Funnels.funnel(suppressed, names: Self.names(6), threads: 1) == nil)
    let five = try #require(
      try Funnels.funnel(Self.shares([8, 7, 9, 6, 0, 2], [10, 10, 10, 10, 10, 2]), names: Self.names(6), threads: 1))
    #expect(five.managers == 5)
    expectClose(five.centre, 0.6, relative: 1e-15)
    // All alike at an end: there is nothing to compare.
    #expect(
      try Funnels.funnel(Self.shares([5, 5, 5, 5, 5], [5, 5, 5, 5, 5]), names: Self.names(5), threads: 1) == nil)
    let none = Self.rates([0, 0, 0, 0, 0], [50, 50, 50, 50, 50])
    #expect(try Funnels.funnel(none, names: Self.names(5), threads: 1) == nil)
  }

  @Test func `threads change nothing, and very many marks are thinned`() throws {
    let managers = Self.organisation(900)
    let indicator = Self.rates(
      managers.map { Poisson(mean: 0.03 * Double($0.size)).quantile($0.u) }, managers.map(\.size))
    let one = try #require(try Funnels.funnel(indicator, names: Self.names(900), threads: 1))
    #expect(try Funnels.funnel(indicator, names: Self.names(900), threads: 3) == one)
    #expect(one.inside.count == 300 && one.managers == 900)
    let curve = one.curves[0].points
    #expect(curve.count > 20 && curve.count <= 50)
    #expect(curve.first?.size == managers.map { Double($0.size) / 100 }.min())
    for (a, b) in zip(curve, curve.dropFirst()) { #expect(a.size < b.size) }
    for (near, far) in zip(curve, one.curves[1].points) { #expect(near.low >= far.low && near.high <= far.high) }
  }
}
