import RapportNumerics
import RapportTestSupport
import Testing

/// Agreement with lme4 on public data; the recipes stand beside the reference values (lme4 1.1-31, refitted to its
/// optimum by Newton steps).
@Suite struct LinearMixedModelReferenceTests {
  /// A column as a category with its levels in byte order.
  static func grouping(_ table: CSVTable, _ name: String) -> (grouping: Grouping, levels: [String]) {
    let texts = table.texts(name)
    let levels = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return (Grouping(name: name, codes: texts.map { codes[$0]! }, levelCount: levels.count), levels)
  }

  @discardableResult
  static func compare(
    _ reference: ReferenceCase, fit id: String, response: [Double], terms: [DesignTerm], table: CSVTable,
    groups names: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> LinearMixedModelFit {
    let design = try DesignMatrix(rows: response.count, terms: terms)
    let groups = names.map { grouping(table, $0) }
    var model = LinearMixedModel()
    model.criterion = id.hasSuffix("reml") ? .restricted : .likelihood
    let fit = try model.fit(ResponseCells(rows: response), design: design, groups: groups.map(\.grouping))
    #expect(fit.search.converged, sourceLocation: sourceLocation)

    func check(_ name: String, _ got: [Double]) {
      reference.check(fit: id, name, got: got, sourceLocation: sourceLocation)
    }
    func check(_ name: String, _ got: [String: Double]) {
      reference.check(fit: id, name, got: got, sourceLocation: sourceLocation)
    }
    check("nobs", [fit.observations])
    check("group_sizes", fit.components.map { Double($0.levels) }.sorted(by: >))
    check("sigma", [fit.sigma])
    var variances = ["Residual": fit.residualVariance]
    var deviations = ["Residual": fit.sigma]
    var ratios: [String: Double] = [:]
    for component in fit.components {
      variances["\(component.group):(Intercept)"] = component.variance
      deviations["\(component.group):(Intercept)"] = component.variance.squareRoot()
      ratios["\(component.group).(Intercept)"] = component.ratio
    }
    check("theta", ratios)
    check("varcomp", variances)
    check("sdcor", deviations)
    check("fixef", fit.coefficients.map(\.estimate))
    check("se", fit.coefficients.map(\.standardError))
    reference.check(fit: id, "vcov", got: fit.covariance, sourceLocation: sourceLocation)
    check("logLik", [fit.logLikelihood])
    check(model.criterion == .restricted ? "REMLcrit" : "deviance", [fit.deviance])
    check("AIC", [fit.akaike])
    check("BIC", [fit.bayes])
    for (index, group) in groups.enumerated() {
      let name = group.grouping.name
      check("ranef.\(name)", Dictionary(uniqueKeysWithValues: zip(group.levels, fit.effects[index])))
      let conditional = fit.conditionalDeviations(group: index)
      check("ranef.\(name).condSD", Dictionary(uniqueKeysWithValues: zip(group.levels, conditional)))
      for (suffix, values) in [("", fit.effects[index]), (".condSD", conditional)] {
        check("ranef.\(name)\(suffix).checksum", checksum(values))
      }
    }
    check("fitted.checksum", checksum(fit.fitted(design, groups: groups.map(\.grouping))))
    return fit
  }

  static func checksum(_ values: [Double]) -> [Double] {
    [
      Double(values.count), values.reduce(0, +), values.reduce(0) { $0 + $1 * $1 }, values.reduce(0) { $0 + abs($1) },
      values.min()!, values.max()!,
    ]
  }

  @Test(arguments: ["ri.reml", "ri.ml"])
  func `sleepstudy: one group and a slope`(_ id: String) throws {
    guard let reference = ReferenceCase("A01-sleepstudy") else { return }
    let table = reference.table("sleepstudy.csv")
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("Reaction"),
      terms: [.number(name: "Days", values: table.numbers("Days"))], table: table, groups: ["Subject"])
    if id == "ri.reml" { reference.check(fit: "icc.ri.reml", "icc", got: fit.share(of: 0)) }
  }

  @Test(arguments: ["reml", "ml"])
  func `dyestuff: balanced, one group`(_ id: String) throws {
    guard let reference = ReferenceCase("A02-dyestuff") else { return }
    let table = reference.table("dyestuff.csv")
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("Yield"), terms: [], table: table, groups: ["Batch"])
    reference.check(fit: "closed_form.\(id)", "var_batch", got: fit.components[0].variance)
    reference.check(fit: "closed_form.\(id)", "var_resid", got: fit.residualVariance)
    guard id == "reml" else { return }
    reference.check(fit: "closed_form.reml", "icc", got: fit.share(of: 0))
    let batches = Self.grouping(table, "Batch").grouping
    let yields = table.numbers("Yield")
    let variance = try OneWayVariance(
      groups: (0..<batches.levelCount).map { level in
        yields.indices.filter { batches.codes[$0] == level }.map { yields[$0] }
      })
    reference.check(
      fit: "closed_form.reml", "ms_between",
      got: variance.betweenSumOfSquares / Double(variance.betweenDegreesOfFreedom))
    reference.check(
      fit: "closed_form.reml", "ms_within", got: variance.withinSumOfSquares / Double(variance.withinDegreesOfFreedom))
  }

  @Test(arguments: ["reml", "ml"])
  func `penicillin: fully crossed`(_ id: String) throws {
    guard let reference = ReferenceCase("A04-penicillin") else { return }
    let table = reference.table("penicillin.csv")
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("diameter"), terms: [], table: table, groups: ["plate", "sample"])
    if id == "reml" {
      reference.check(
        fit: "shares.reml", "shares",
        got: [fit.share(of: 0), fit.share(of: 1), fit.residualVariance / fit.totalVariance])
    }
  }

  @Test(arguments: ["sd.reml", "sd.ml", "service.reml", "service.ml"])
  func `InstEval: crossed and unbalanced`(_ id: String) throws {
    guard let reference = ReferenceCase("A09-insteval-small") else { return }
    let table = reference.table("insteval_small.csv")
    let terms: [DesignTerm] =
      id.hasPrefix("service") ? [.number(name: "service", values: table.numbers("service"))] : []
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("y"), terms: terms, table: table, groups: ["s", "d"])
    if id == "sd.reml" {
      reference.check(
        fit: "icc.sd.reml", "shares",
        got: ["s": fit.share(of: 0), "d": fit.share(of: 1), "Residual": fit.residualVariance / fit.totalVariance])
      for (index, name) in ["s", "d"].enumerated() {
        let all = reference.table("expected_ranef_\(name).csv")
        let levels = Self.grouping(table, name).levels
        let place = Dictionary(uniqueKeysWithValues: all.texts("level").enumerated().map { ($1, $0) })
        let order = levels.map { place[$0]! }
        expectClose(
          fit.effects[index], order.map { all.numbers("effect")[$0] }, relative: 1e-5, absolute: 1e-6)
        expectClose(
          fit.conditionalDeviations(group: index), order.map { all.numbers("cond_sd")[$0] }, relative: 1e-5)
      }
    }
  }

  @Test(arguments: ["nested.reml", "nested.ml", "three.reml", "three.ml"])
  func `oats: nested, and nested in two crossed groups`(_ id: String) throws {
    guard let reference = ReferenceCase("A10-oats") else { return }
    let table = reference.table("oats.csv")
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("yield"),
      terms: [.number(name: "nitro", values: table.numbers("nitro"))], table: table,
      groups: id.hasPrefix("three") ? ["Block", "Variety", "BV"] : ["Block", "BV"])
    guard id == "nested.reml" else { return }
    reference.check(fit: "peer.nlme", "logLik", got: fit.logLikelihood)
    reference.check(fit: "peer.nlme", "fixef", got: fit.coefficients.map(\.estimate))
  }

  @Test(arguments: ["ri.reml", "ri.ml"])
  func `orthodont: an interaction`(_ id: String) throws {
    guard let reference = ReferenceCase("A12-orthodont") else { return }
    let table = reference.table("orthodont.csv")
    let age = DesignTerm.number(name: "age8", values: table.numbers("age").map { $0 - 8 })
    let female = DesignTerm.number(name: "female", values: table.texts("Sex").map { $0 == "Female" ? 1 : 0 })
    try Self.compare(
      reference, fit: id, response: table.numbers("distance"), terms: [age, female, .interaction([age, female])],
      table: table, groups: ["Subject"])
  }

  @Test(arguments: ["factor.reml", "factor.ml", "linear.reml", "linear.ml", "reduced.reml", "reduced.ml"])
  func `assay: variances on the boundary beside others that are not`(_ id: String) throws {
    guard let reference = ReferenceCase("A14-assay-boundary") else { return }
    let table = reference.table("assay.csv")
    let dilution =
      id.hasPrefix("linear")
      ? DesignTerm.number(name: "dilut", values: table.numbers("dilut"))
      : DesignTerm.category(try DesignTerm.Category(name: "dilut", values: table.texts("dilut")))
    let fit = try Self.compare(
      reference, fit: id, response: table.numbers("logDens"), terms: [dilution], table: table,
      groups: id.hasPrefix("reduced") ? ["BS"] : ["BS", "BD", "Block"])
    if !id.hasPrefix("reduced") {
      reference.check(fit: "flag", "singular", got: fit.components.contains { $0.variance == 0 })
      #expect(fit.components[2].variance == 0)
      #expect(fit.notes.contains { $0.hasPrefix("the variance of 'Block' is estimated at its boundary") })
    }
  }
}
