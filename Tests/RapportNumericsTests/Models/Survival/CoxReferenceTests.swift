import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// Agreement with R's survival 3.5-3 on public data; the recipes stand beside the reference values.
@Suite struct CoxReferenceTests {
  /// Rows of a table that a model needs, as the model takes them.
  struct Rows {
    var table: CSVTable
    var chosen: [Int]

    /// Rows in which none of these columns is missing, of those for which `where` holds.
    init(_ table: CSVTable, complete names: [String], where isWanted: (Int) -> Bool = { _ in true }) {
      self.table = table
      let columns = names.map { table.numbers($0) }
      chosen = table.rows.indices.filter { row in isWanted(row) && columns.allSatisfy { !$0[row].isNaN } }
    }

    func numbers(_ name: String) -> [Double] {
      let all = table.numbers(name)
      return chosen.map { all[$0] }
    }

    /// Texts as codes in sorted order.
    func codes(_ name: String) -> [Int32] {
      let all = table.texts(name)
      let levels = Set(chosen.map { all[$0] }).sorted()
      return chosen.map { Int32(levels.firstIndex(of: all[$0])!) }
    }
  }

  static func design(_ columns: [(String, [Double])]) throws -> DesignMatrix {
    try DesignMatrix(
      rows: columns[0].1.count, intercept: false, terms: columns.map { .number(name: $0.0, values: $0.1) })
  }

  /// Compares what every Cox fit of the kit lists.
  @discardableResult
  static func compare(
    _ reference: ReferenceCase, fit id: String, _ data: SurvivalData, _ columns: [(String, [Double])],
    ties: CoxTies = .efron, strata names: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CoxFit {
    var model = CoxModel()
    model.ties = ties
    let fit = try model.fit(data, design: try design(columns), threads: 2)
    #expect(fit.search.converged, sourceLocation: sourceLocation)
    func check(_ name: String, _ got: [Double]) {
      reference.check(fit: id, name, got: got, sourceLocation: sourceLocation)
    }
    check("n", [Double(fit.observations)])
    check("nevent", [Double(fit.events)])
    check("coef", fit.coefficients.map(\.estimate))
    check("se", fit.coefficients.map(\.standardError))
    check("loglik", [fit.nullLogLikelihood, fit.logLikelihood])
    check("lr_test", [fit.likelihoodRatioTest.statistic])
    check("score_test", [try #require(fit.scoreTest).statistic])
    check("wald_test", [try #require(fit.waldTest).statistic])
    check("df", [Double(fit.likelihoodRatioTest.degreesOfFreedom)])
    let covariance = fit.robustCovariance ?? fit.covariance
    reference.check(fit: id, "vcov", got: covariance, sourceLocation: sourceLocation)
    if data.clusters != nil {
      check("robust_se", fit.coefficients.map { $0.robustStandardError! })
      check("robust_score_test", [try #require(fit.robustScoreTest).statistic])
    }
    check("AIC", [fit.akaike])
    check("BIC", [fit.bayes])
    let z = 1.959963984540054
    let errors = fit.coefficients.map { $0.robustStandardError ?? $0.standardError }
    let estimates = fit.coefficients.map(\.estimate)
    check("p_values", zip(estimates, errors).map { 2 * Normal.standard.survival(abs($0 / $1)) })
    reference.check(
      fit: id, "hr_ci95",
      got: Matrix(rows: zip(estimates, errors).map { [exp($0), exp($0 - z * $1), exp($0 + z * $1)] }),
      sourceLocation: sourceLocation)
    if ties == .exact { return fit }

    let concordance = fit.concordance()
    check("concordance", [try #require(concordance.value)])
    check("concordance_se", [try #require(concordance.standardError)])
    check(
      "concordance_pairs",
      [
        concordance.concordant, concordance.discordant, concordance.tiedPrediction, concordance.tiedTime,
        concordance.tiedBoth,
      ])
    let martingale = try fit.martingaleResiduals()
    check("martingale.head", Array(martingale.prefix(8)))
    check("martingale.checksum", checksum(martingale))
    check("deviance_resid.checksum", checksum(try fit.devianceResiduals()))
    let baselines = try fit.baselineHazards()
    for (name, baseline) in zip(names.isEmpty ? ["cumhaz0"] : names.map { "cumhaz0.\($0)" }, baselines) {
      guard let times = reference.expected(fit: id, name)?.labels else { continue }
      let values = times.map { ($0, baseline.cumulativeHazard(at: Double($0)!)) }
      reference.check(
        fit: id, name, got: Dictionary(uniqueKeysWithValues: values), sourceLocation: sourceLocation)
    }
    for (name, transform) in [
      ("zph.km", ProportionalHazardsTest.Transform.kaplanMeier), ("zph.rank", .rank), ("zph.identity", .identity),
    ] where reference.expected(fit: id, name) != nil {
      let test = try fit.proportionalHazardsTest(transform)
      let all = test.tests + [try #require(test.global)]
      reference.check(
        fit: id, name, got: Matrix(rows: all.map { [$0.statistic, Double($0.degreesOfFreedom), $0.pValue] }),
        sourceLocation: sourceLocation)
    }
    return fit
  }

  static func checksum(_ values: [Double]) -> [Double] {
    [
      Double(values.count), values.reduce(0, +), values.reduce(0) { $0 + $1 * $1 }, values.reduce(0) { $0 + abs($1) },
      values.min()!, values.max()!,
    ]
  }

  static func lung(_ more: [String] = [], where isWanted: (CSVTable, Int) -> Bool = { _, _ in true }) -> (
    ReferenceCase, Rows, SurvivalData
  )? {
    guard let reference = ReferenceCase("B01-lung") else { return nil }
    let table = reference.table("lung.csv")
    let rows = Rows(table, complete: ["age", "ph.ecog"] + more)
    let data = SurvivalData(exits: rows.numbers("time"), events: rows.numbers("status").map { $0 == 2 })
    return (reference, rows, data)
  }

  @Test(arguments: [CoxTies.efron, .breslow, .exact])
  func `lung cancer, three ways of ties`(_ ties: CoxTies) throws {
    guard let (reference, rows, data) = Self.lung() else { return }
    let columns = [
      ("age", rows.numbers("age")), ("female", rows.numbers("sex").map { $0 - 1 }),
      ("ph.ecog", rows.numbers("ph.ecog")),
    ]
    let fit = try Self.compare(reference, fit: ties.rawValue, data, columns, ties: ties)
    if ties == .efron {
      let curve = try fit.predictedSurvival(covariates: [60, 1, 1])
      let at = reference.expected(fit: "survcurve", "surv")!.labels!.map { Double($0)! }
      reference.check(fit: "survcurve", "surv", got: at.map(curve.survival(at:)))
      reference.check(fit: "survcurve", "std_err", got: at.map(curve.standardError(at:)))
      reference.check(fit: "survcurve", "median", got: try #require(curve.median))
    }
  }

  @Test func `lung cancer, five covariates, clusters and strata`() throws {
    guard var (reference, rows, data) = Self.lung(["ph.karno", "wt.loss"]) else { return }
    func columns() -> [(String, [Double])] {
      [
        ("age", rows.numbers("age")), ("female", rows.numbers("sex").map { $0 - 1 }),
        ("ph.ecog", rows.numbers("ph.ecog")),
      ]
    }
    try Self.compare(
      reference, fit: "five", data,
      columns() + [("ph.karno", rows.numbers("ph.karno")), ("wt.loss", rows.numbers("wt.loss"))])
    (reference, rows, data) = Self.lung(["inst"])!
    data.clusters = rows.codes("inst")
    try Self.compare(reference, fit: "robust.inst", data, columns())
    (reference, rows, data) = Self.lung()!
    data.strata = rows.codes("sex")
    try Self.compare(
      reference, fit: "strata.sex", data, [("age", rows.numbers("age")), ("ph.ecog", rows.numbers("ph.ecog"))],
      strata: ["sex=1", "sex=2"])
  }

  @Test func `ovarian cancer`() throws {
    guard let reference = ReferenceCase("B03-ovarian") else { return }
    let rows = Rows(reference.table("ovarian.csv"), complete: [])
    var data = SurvivalData(exits: rows.numbers("futime"), events: rows.numbers("fustat").map { $0 == 1 })
    func columns(_ names: String...) -> [(String, [Double])] { names.map { ($0, rows.numbers($0)) } }
    try Self.compare(reference, fit: "age.rx", data, columns("age", "rx"))
    try Self.compare(reference, fit: "four", data, columns("age", "rx", "resid.ds", "ecog.ps"))
    data.strata = rows.codes("rx")
    try Self.compare(reference, fit: "strata.rx", data, columns("age"), strata: ["rx=1", "rx=2"])
    data.strata = nil
    data.clusters = rows.chosen.map(Int32.init)
    let byRow = try Self.compare(reference, fit: "robust", data, columns("age", "rx"))
    data.clusters = nil
    var model = CoxModel()
    model.isRobust = true
    let fit = try model.fit(data, design: Self.design(columns("age", "rx")))
    #expect(fit.robustCovariance == byRow.robustCovariance)
  }

  @Test func `rats in litters`() throws {
    guard let reference = ReferenceCase("B05-rats") else { return }
    let table = reference.table("rats.csv")
    let sex = table.texts("sex")
    var rows = Rows(table, complete: []) { sex[$0] == "f" }
    func data() -> SurvivalData {
      SurvivalData(exits: rows.numbers("time"), events: rows.numbers("status").map { $0 == 1 })
    }
    try Self.compare(reference, fit: "plain", data(), [("rx", rows.numbers("rx"))])
    try Self.compare(reference, fit: "breslow", data(), [("rx", rows.numbers("rx"))], ties: .breslow)
    var clustered = data()
    clustered.clusters = rows.codes("litter")
    try Self.compare(reference, fit: "cluster", clustered, [("rx", rows.numbers("rx"))])
    rows = Rows(table, complete: [])
    var both = data()
    both.clusters = rows.codes("litter")
    both.strata = rows.codes("sex")
    try Self.compare(reference, fit: "strata.sex", both, [("rx", rows.numbers("rx"))], strata: ["f", "m"])
  }

  @Test func `heart transplants, rows that enter late`() throws {
    guard let reference = ReferenceCase("B06-heart") else { return }
    let rows = Rows(reference.table("heart.csv"), complete: [])
    var data = SurvivalData(
      exits: rows.numbers("stop"), events: rows.numbers("event").map { $0 == 1 }, entries: rows.numbers("start"))
    func columns(_ names: String...) -> [(String, [Double])] { names.map { ($0, rows.numbers($0)) } }
    func product(_ a: String, _ b: String) -> (String, [Double]) {
      ("\(a):\(b)", zip(rows.numbers(a), rows.numbers(b)).map { $0 * $1 })
    }
    let main = columns("age", "year", "surgery", "transplant")
    try Self.compare(reference, fit: "main", data, main)
    try Self.compare(reference, fit: "breslow", data, main, ties: .breslow)
    try Self.compare(
      reference, fit: "interaction", data,
      columns("age", "surgery", "transplant", "year") + [
        product("age", "transplant"), product("surgery", "transplant"),
      ])
    data.clusters = rows.codes("id")
    try Self.compare(reference, fit: "cluster.id", data, main)
    data.clusters = nil
    data.strata = rows.codes("transplant")
    try Self.compare(reference, fit: "strata.transplant", data, columns("age", "surgery"))
  }

  @Test(arguments: [CoxTies.efron, .breslow])
  func `time to promotion`(_ ties: CoxTies) throws {
    guard let reference = ReferenceCase("F08-absence-promotion") else { return }
    let rows = Rows(reference.table("promotion.csv"), complete: [])
    let data = SurvivalData(exits: rows.numbers("year"), events: rows.numbers("promoted").map { $0 == 1 })
    let columns = ["diverse", "flexible", "store"].map { ($0, rows.numbers($0)) }
    try Self.compare(reference, fit: ties == .efron ? "promotion.cox" : "promotion.breslow", data, columns, ties: ties)
  }

  @Test(arguments: ["gamma.theta0.4", "gamma.ml", "gauss.theta0.4", "coxme.ml"])
  func `rats in litters, random effects`(_ id: String) throws {
    guard let reference = ReferenceCase("B05-rats") else { return }
    let table = reference.table("rats.csv")
    let sex = table.texts("sex")
    let rows = Rows(table, complete: []) { sex[$0] == "f" }
    let data = SurvivalData(exits: rows.numbers("time"), events: rows.numbers("status").map { $0 == 1 })
    let litters = rows.numbers("litter")
    let levels = Set(litters).sorted()
    let group = Grouping(
      name: "litter", codes: litters.map { Int32(levels.firstIndex(of: $0)!) }, levelCount: levels.count)
    var model = CoxFrailtyModel()
    model.distribution = id.hasPrefix("gamma") ? .gamma : .normal
    model.variances = id.hasSuffix("0.4") ? [0.4] : nil
    let fit = try model.fit(data, design: Self.design([("rx", rows.numbers("rx"))]), groups: [group])
    #expect(fit.search.converged)
    #expect(fit.notes.isEmpty)
    reference.check(fit: id, "coef", got: fit.coefficients.map(\.estimate))
    reference.check(fit: id, "se", got: fit.coefficients.map(\.standardError))
    let effects = Dictionary(uniqueKeysWithValues: zip(levels.map { String(Int($0)) }, fit.effects[0]))
    if id == "coxme.ml" {
      reference.check(fit: id, "variance", got: fit.components[0].variance)
      reference.check(fit: id, "integrated_loglik", got: fit.integratedLogLikelihood)
      reference.check(fit: id, "ranef.head", got: effects)
      reference.check(fit: id, "ranef.checksum", got: Self.checksum(fit.effects[0]))
      return
    }
    if id.hasPrefix("gamma") { reference.check(fit: id, "integrated_loglik", got: fit.integratedLogLikelihood) }
    if id == "gamma.ml" {
      reference.check(fit: id, "theta", got: fit.components[0].variance)
      reference.check(fit: id, "lrt", got: fit.likelihoodRatio)
      reference.check(fit: id, "p_mixture", got: try #require(fit.pValue))
    }
    reference.check(fit: id, "pl", got: fit.logLikelihood)
    // For normal effects coxph counts the density's constant, ½ log 2πθ for each level, to the penalty.
    let constant = id.hasPrefix("gauss") ? 0.5 * Double(levels.count) * log(2 * Double.pi * 0.4) : 0
    reference.check(fit: id, "penalty", got: fit.penalty + constant)
    reference.check(fit: id, "log_frailty", got: effects)
    reference.check(fit: id, "log_frailty.checksum", got: Self.checksum(fit.effects[0]))
    reference.check(fit: id, "cluster_martingale.checksum", got: Self.checksum(try fit.martingaleResiduals()))
  }
}
