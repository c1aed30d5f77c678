import RapportNumerics
import RapportTestSupport
import Testing

/// Survival curves and log-rank tests of the cases that the Cox model is compared on, as R's survival 3.5-3 has them.
@Suite struct SurvivalReferenceTests {
  typealias Rows = CoxReferenceTests.Rows

  static func curve(_ times: [Double], _ events: [Bool], where isWanted: (Int) -> Bool = { _ in true }) throws
    -> KaplanMeier
  {
    let chosen = times.indices.filter(isWanted)
    return try KaplanMeier(times: chosen.map { times[$0] }, events: chosen.map { events[$0] })
  }

  /// How many are at risk at the first time that isn't before t.
  static func atRisk(_ curve: KaplanMeier, _ t: Double) -> Double {
    curve.table.times.firstIndex { $0 >= t }.map { Double(curve.table.atRisk[$0]) } ?? 0
  }

  @Test func `ovarian cancer`() throws {
    guard let reference = ReferenceCase("B03-ovarian") else { return }
    let rows = Rows(reference.table("ovarian.csv"), complete: [])
    let times = rows.numbers("futime")
    let events = rows.numbers("fustat").map { $0 == 1 }
    let curve = try Self.curve(times, events)
    let at = [100.0, 268, 365, 475, 638]
    reference.check(fit: "km", "n", got: Double(curve.table.subjectCount))
    reference.check(fit: "km", "events", got: Double(curve.table.eventCount))
    reference.check(fit: "km", "n_risk", got: at.map { Self.atRisk(curve, $0) })
    reference.check(fit: "km", "surv", got: at.map(curve.survival(at:)))
    reference.check(fit: "km", "std_err", got: at.map(curve.standardError(at:)))
    let limits = at.map { curve.limits(at: $0) }
    reference.check(fit: "km", "lower", got: limits.map { $0?.low ?? .nan })
    reference.check(fit: "km", "upper", got: limits.map { $0?.high ?? .nan })
    let quantiles = [0.25, 0.5, 0.75].map { curve.quantile($0) }
    reference.check(fit: "km", "quantile", got: quantiles.map { $0.time ?? .nan })
    reference.check(fit: "km", "quantile_lower", got: quantiles.map { $0.low ?? .nan })
    reference.check(fit: "km", "quantile_upper", got: quantiles.map { $0.high ?? .nan })
    #expect(quantiles[2].time == nil && quantiles[0].high == nil)
    let arms = rows.numbers("rx").map { Int($0) - 1 }
    SurvivalTests().check(
      reference, "logrank.rx", try LogRank(times: times, events: events, groups: arms, groupCount: 2))
  }

  @Test func `lung cancer by sex`() throws {
    guard let reference = ReferenceCase("B01-lung") else { return }
    let rows = Rows(reference.table("lung.csv"), complete: [])
    let times = rows.numbers("time")
    let events = rows.numbers("status").map { $0 == 2 }
    let sex = rows.numbers("sex")
    let at = [100.0, 200, 365, 500, 700, 1000]
    let whole = try Self.curve(times, events)
    reference.check(fit: "km.all", "n_risk", got: at.map { Self.atRisk(whole, $0) })
    let curves = try [1.0, 2].map { s in try Self.curve(times, events) { sex[$0] == s } }
    reference.check(fit: "km.sex", "n", got: curves.map { Double($0.table.subjectCount) })
    reference.check(
      fit: "km.sex", "median",
      got: Matrix(rows: curves.map { [$0.median().time ?? .nan, $0.median().low ?? .nan, $0.median().high ?? .nan] }))
    for (name, curve) in zip(["1", "2"], curves) {
      let labels = try #require(reference.expected(fit: "km.sex", "std_err.sex=\(name)")?.labels)
      reference.check(
        fit: "km.sex", "std_err.sex=\(name)", got: labels.map { curve.standardError(at: Double($0)!) })
    }
  }

  @Test func `rats in litters, log-rank with and without strata`() throws {
    guard let reference = ReferenceCase("B05-rats") else { return }
    let table = reference.table("rats.csv")
    let sex = table.texts("sex")
    let female = Rows(table, complete: []) { sex[$0] == "f" }
    let all = Rows(table, complete: [])
    func test(_ rows: Rows, strata: [Int]?) throws -> LogRank {
      try LogRank(
        times: rows.numbers("time"), events: rows.numbers("status").map { $0 == 1 },
        groups: rows.numbers("rx").map { Int($0) }, groupCount: 2, strata: strata)
    }
    SurvivalTests().check(reference, "logrank.rx", try test(female, strata: nil))
    SurvivalTests().check(reference, "logrank.rx.strata", try test(all, strata: all.codes("sex").map(Int.init)))
  }

  @Test func `time to promotion by flexible work`() throws {
    guard let reference = ReferenceCase("F08-absence-promotion") else { return }
    let rows = Rows(reference.table("promotion.csv"), complete: [])
    let times = rows.numbers("year")
    let events = rows.numbers("promoted").map { $0 == 1 }
    let flexible = rows.numbers("flexible")
    let curves = try [0.0, 1].map { f in try Self.curve(times, events) { flexible[$0] == f } }
    reference.check(fit: "promotion.km", "n", got: curves.map { Double($0.table.subjectCount) })
    reference.check(
      fit: "promotion.km", "median",
      got: Matrix(rows: curves.map { [$0.median().time ?? .nan, $0.median().low ?? .nan, $0.median().high ?? .nan] }))
    for (value, curve) in curves.enumerated() {
      #expect(curve.median().time == nil)
      let at = (1...8).map(Double.init)
      reference.check(fit: "promotion.km", "surv.flexible=\(value)", got: at.map(curve.survival(at:)))
      reference.check(fit: "promotion.km", "std_err.flexible=\(value)", got: at.map(curve.standardError(at:)))
    }
    SurvivalTests().check(
      reference, "promotion.logrank",
      try LogRank(times: times, events: events, groups: flexible.map { Int($0) }, groupCount: 2))
  }

  @Test func `AML maintenance, three ways of ties`() throws {
    guard let reference = ReferenceCase("B09-aml-km") else { return }
    let rows = Rows(reference.table("aml.csv"), complete: [])
    let data = SurvivalData(exits: rows.numbers("time"), events: rows.numbers("status").map { $0 == 1 })
    let maintained = rows.table.texts("x").map { $0 == "Maintained" ? 1.0 : 0 }
    let fits = try [CoxTies.efron, .breslow, .exact].map { ties in
      var model = CoxModel()
      model.ties = ties
      return try model.fit(data, design: CoxReferenceTests.design([("m", maintained)]))
    }
    reference.check(fit: "cox", "coef", got: fits.map { $0.coefficients[0].estimate })
    reference.check(fit: "cox", "loglik", got: fits.map(\.logLikelihood))
    reference.check(fit: "cox", "score", got: try fits.map { try #require($0.scoreTest).statistic })
  }
}
