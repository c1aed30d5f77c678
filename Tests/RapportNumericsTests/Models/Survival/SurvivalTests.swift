import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct SurvivalTests {
  // By hand: exits 1, 2+, 3, 3+, 5 (+ censored). At risk 5, 4, 3, 1; S = 4/5, 4/5, 4/5 · 2/3 = 8/15, 0.
  static let times = [1.0, 2, 3, 3, 5]
  static let events = [true, false, true, false, true]

  // What the whole curve says, on times with ties and without.
  @Test func `one time of a curve without the rest`() {
    var stream = RandomStream(seed: 11, purpose: "times")
    for (count, step) in [(0, 1.0), (1, 1), (30, 4), (400, 1), (2500, 0.001)] {
      let exits = (0..<count).map { _ in
        (time: (10 * stream.normal() / step).rounded() * step, isEvent: stream.uniform() < 0.8)
      }
      let curve = KaplanMeier(RiskTable(exits))
      for share in [0, 0.1, 0.5, 0.9] {
        let time = KaplanMeier.firstTime(
          downTo: share, events: exits.filter(\.isEvent).map(\.time), others: exits.filter { !$0.isEvent }.map(\.time))
        #expect(time == curve.firstIndex(downTo: share).map { curve.table.times[$0] })
      }
    }
  }

  @Test func `worked by hand`() throws {
    let table = try RiskTable(times: Self.times, events: Self.events)
    #expect(table.times == [1, 2, 3, 5])
    #expect(table.atRisk == [5, 4, 3, 1])
    #expect(table.events == [1, 0, 1, 1])
    #expect(table.censored == [0, 1, 1, 0])
    #expect(table.subjectCount == 5)
    #expect(table.eventCount == 3)
    #expect(table == RiskTable(zip(Self.times, Self.events).reversed()))
    func times(_ isEvent: Bool) -> [Double] { zip(Self.times, Self.events).filter { $1 == isEvent }.map(\.0).sorted() }
    #expect(table == RiskTable(sortedEvents: times(true), sortedOthers: times(false)))
    let curve = KaplanMeier(table)
    expectClose(curve.survival, [0.8, 0.8, 8.0 / 15, 0], absolute: 1e-15)
    #expect([1.0, 0.8, 0.6, 0.5, 0].map { curve.firstIndex(downTo: $0) } == [0, 0, 2, 3, 3])
    #expect(KaplanMeier(RiskTable([(1, true), (2, false)])).firstIndex(downTo: 0.49) == nil)
    #expect(curve.survival(at: 0.5) == 1)
    #expect(curve.survival(at: 2.5) == 0.8)
    #expect(curve.survival(at: 99) == 0)
    // Greenwood: Var log S(3) = 1/(5·4) + 1/(3·2) = 13/60.
    expectClose(curve.standardError(at: 3), 8.0 / 15 * (13.0 / 60).squareRoot(), relative: 1e-14)
    #expect(curve.standardError(at: 0) == 0)
    #expect(curve.standardErrors[3] == 0)
    #expect(curve.median().time == 5)
    #expect(curve.quantile(0.2).time == 2)
    #expect(curve.limits(at: 5) == nil)
    #expect(curve.limits(at: 0.5)?.low == 1)
    #expect(curve.riskSetEmptied == nil)
    // Area: 1·1 + 0.8·2 + 8/15·2 = 11/3; variance: (0.8·2 + 16/15)²/20 + (16/15)²/6.
    let mean = curve.restrictedMean(until: 5)
    expectClose(mean.mean, 11.0 / 3, relative: 1e-14)
    expectClose(mean.standardError, (64.0 / 9 / 20 + 256.0 / 225 / 6).squareRoot(), relative: 1e-14)
    #expect(curve.restrictedMean(until: 0.5).mean == 0.5)
    let hazard = NelsonAalen(table)
    expectClose(hazard.cumulativeHazard, [0.2, 0.2, 0.2 + 1.0 / 3, 0.2 + 1.0 / 3 + 1], relative: 1e-14)
  }

  // By hand: subjects (0, 2], (1, 3], (2.5, 4]: at 2, the first two are at risk; at 3, the last two; at 4, one.
  @Test func `left truncation counts who has entered`() throws {
    let table = try RiskTable(times: [2, 3, 4], events: [true, true, true], entries: [0, 1, 2.5])
    #expect(table.atRisk == [2, 2, 1])
    let gap = KaplanMeier(try RiskTable(times: [1, 3], events: [true, true], entries: [0, 2]))
    #expect(gap.riskSetEmptied == 1)
    #expect(gap.survival == [0, 0])
  }

  @Test func `a subject that enters when another leaves isn't at risk there`() throws {
    #expect(try RiskTable(times: [2, 5], events: [true, true], entries: [0, 2]).atRisk == [1, 1])
  }

  @Test func `nobody, and no event`() throws {
    let nobody = try KaplanMeier(times: [], events: [])
    #expect(nobody.survival(at: 1) == 1)
    #expect(nobody.median().time == nil)
    #expect(nobody.restrictedMean(until: 4).mean == 4)
    let waiting = try KaplanMeier(times: [3, 4], events: [false, false])
    #expect(waiting.survival == [1, 1])
    #expect(waiting.median().time == nil)
    #expect(waiting.limits(at: 4)?.low == 1)
  }

  @Test(arguments: [-1, 2]) func `groups that aren't there are refused`(_ group: Int) {
    #expect(throws: NumericsError.invalidInput("group 1 is \(group), expected 0 to 1")) {
      try LogRank(times: [1, 2, 3], events: [true, true, false], groups: [0, group, 1], groupCount: 2)
    }
  }

  @Test func `times that can't be are refused`() {
    #expect(throws: NumericsError.self) { try RiskTable(times: [.nan], events: [true]) }
    #expect(throws: NumericsError.self) { try RiskTable(times: [2], events: [true], entries: [2]) }
    #expect(throws: NumericsError.self) { try LogRank(times: [.infinity], events: [true], groups: [0], groupCount: 1) }
  }

  @Test func `AML maintenance, as R's survival`() throws {
    guard let reference = ReferenceCase("B09-aml-km") else { return }
    let table = reference.table("aml.csv")
    let times = table.numbers("time")
    let events = table.numbers("status").map { $0 == 1 }
    let arms = table.texts("x")
    let all = try KaplanMeier(times: times, events: events)
    let at = Array(Set(times)).sorted()
    for arm in ["Maintained", "Nonmaintained"] {
      let chosen = arms.indices.filter { arms[$0] == arm }
      let curve = try KaplanMeier(times: chosen.map { times[$0] }, events: chosen.map { events[$0] })
      reference.check(fit: "km", "surv.x=\(arm)", got: at.map(curve.survival(at:)))
      let whole = at.map { curve.survival(at: $0) > 0 ? curve.standardError(at: $0) : .nan }
      reference.check(fit: "km", "std_err.x=\(arm)", got: whole)
    }
    reference.check(
      fit: "km", "n", got: ["Maintained", "Nonmaintained"].map { arm in Double(arms.count { $0 == arm }) })
    let medians = try ["Maintained", "Nonmaintained"].map { arm in
      let chosen = arms.indices.filter { arms[$0] == arm }
      return try KaplanMeier(times: chosen.map { times[$0] }, events: chosen.map { events[$0] }).median()
    }
    reference.check(
      fit: "km", "median", got: Matrix(rows: medians.map { [$0.time ?? .nan, $0.low ?? .nan, $0.high ?? .nan] }))
    #expect(medians.allSatisfy { $0.high == nil })
    reference.check(fit: "km.all", "surv", got: all.survival)
    reference.check(fit: "km.all", "std_err", got: all.standardErrors)
    reference.check(fit: "km.all", "n", got: Double(all.table.subjectCount))
    reference.check(fit: "km.all", "events", got: Double(all.table.eventCount))
    reference.check(fit: "km.all", "n_risk", got: all.table.atRisk.map(Double.init))
    for (fit, scale) in [("km.all", KaplanMeier.Scale.log), ("ci.plain", .plain), ("ci.loglog", .logLog)] {
      let limits = at.map { all.limits(at: $0, scale: scale) }
      reference.check(fit: fit, "lower", got: limits.map { $0?.low ?? .nan })
      reference.check(fit: fit, "upper", got: limits.map { $0?.high ?? .nan })
    }
    let quantiles = [0.25, 0.5, 0.75].map { all.quantile($0) }
    reference.check(fit: "km.all", "quantile", got: quantiles.map { $0.time ?? .nan })
    reference.check(fit: "km.all", "quantile_lower", got: quantiles.map { $0.low ?? .nan })
    reference.check(fit: "km.all", "quantile_upper", got: quantiles.map { $0.high ?? .nan })
    #expect(quantiles[2].high == nil)
    let hazard = NelsonAalen(all.table)
    reference.check(fit: "na", "cumhaz", got: hazard.cumulativeHazard)
    reference.check(fit: "na", "std_cumhaz", got: hazard.standardErrors)
    reference.check(
      fit: "na", "cumhaz_efron", got: NelsonAalen(all.table, tiesOneAfterAnother: true).cumulativeHazard)
    reference.check(fit: "fh", "surv", got: hazard.survival)
    let groups = arms.map { $0 == "Maintained" ? 0 : 1 }
    for (fit, rho) in [("logrank", 0.0), ("peto", 1), ("rho.half", 0.5)] {
      let test = try LogRank(times: times, events: events, groups: groups, groupCount: 2, rho: rho)
      check(reference, fit, test)
    }
  }

  func check(_ reference: ReferenceCase, _ fit: String, _ test: LogRank) {
    reference.check(fit: fit, "chisq", got: test.chiSquared)
    reference.check(fit: fit, "df", got: Double(test.degreesOfFreedom))
    reference.check(fit: fit, "p", got: test.pValue)
    if case .some(.array(let first)) = reference.expected(fit: fit, "observed")?.value.array?.first {
      // By group and stratum there; summed over strata here.
      let rows = reference.expected(fit: fit, "observed")!.value.array!.map { $0.array!.compactMap(\.number) }
      expectClose(test.observed, rows.map { $0.reduce(0, +) }, relative: 1e-10)
      #expect(first.count > 1)
    } else {
      reference.check(fit: fit, "observed", got: test.observed)
      reference.check(fit: fit, "expected", got: test.expected)
    }
    reference.check(fit: fit, "var", got: test.covariance)
  }

  @Test func `lung cancer, as R's survival`() throws {
    guard let reference = ReferenceCase("B01-lung") else { return }
    let table = reference.table("lung.csv")
    let times = table.numbers("time")
    let events = table.numbers("status").map { $0 == 2 }
    let sex = table.numbers("sex").map { Int($0) - 1 }
    let all = try KaplanMeier(times: times, events: events)
    let at = [100.0, 200, 365, 500, 700, 1000]
    reference.check(fit: "km.all", "n", got: Double(all.table.subjectCount))
    reference.check(fit: "km.all", "events", got: Double(all.table.eventCount))
    reference.check(fit: "km.all", "surv", got: at.map(all.survival(at:)))
    reference.check(fit: "km.all", "std_err", got: at.map(all.standardError(at:)))
    for (fit, scale) in [("km.all", KaplanMeier.Scale.log), ("km.loglog", .logLog)] {
      reference.check(fit: fit, "lower", got: at.map { all.limits(at: $0, scale: scale)?.low ?? .nan })
      reference.check(fit: fit, "upper", got: at.map { all.limits(at: $0, scale: scale)?.high ?? .nan })
    }
    let quantiles = [0.25, 0.5, 0.75].map { all.quantile($0) }
    reference.check(fit: "km.all", "quantile", got: quantiles.map { $0.time ?? .nan })
    reference.check(fit: "km.all", "quantile_lower", got: quantiles.map { $0.low ?? .nan })
    reference.check(fit: "km.all", "quantile_upper", got: quantiles.map { $0.high ?? .nan })
    for horizon in [365, 1022] {
      let mean = all.restrictedMean(until: Double(horizon))
      reference.check(fit: "rmst", "rmean\(horizon)", got: [mean.mean, mean.standardError])
    }
    for group in 0...1 {
      let chosen = sex.indices.filter { sex[$0] == group }
      let curve = try KaplanMeier(times: chosen.map { times[$0] }, events: chosen.map { events[$0] })
      reference.check(fit: "km.sex", "surv.sex=\(group + 1)", got: at.map(curve.survival(at:)))
    }
    for (fit, rho) in [("logrank.sex", 0.0), ("peto.sex", 1)] {
      check(reference, fit, try LogRank(times: times, events: events, groups: sex, groupCount: 2, rho: rho))
    }
    let status = table.numbers("ph.ecog")
    let known = status.indices.filter { !status[$0].isNaN }
    check(
      reference, "logrank.ecog.strata",
      try LogRank(
        times: known.map { times[$0] }, events: known.map { events[$0] }, groups: known.map { Int(status[$0]) },
        groupCount: 4, strata: known.map { sex[$0] }))
  }

  @Test func `one group has nothing to compare`() throws {
    let test = try LogRank(times: [1, 2], events: [true, true], groups: [0, 0], groupCount: 2)
    #expect(test.degreesOfFreedom == 0)
    #expect(test.pValue == 1)
  }
}
