import RapportTestSupport
import Testing

@testable import RapportNumerics

/// Tests and intervals of variances.
@Suite struct VarianceInferenceTests {
  private func test(
    _ reference: ReferenceCase, fit id: String, _ criterion: LinearMixedModel.Criterion, response: [Double],
    terms: [DesignTerm], table: CSVTable, groups names: [String], dropping group: Int,
    names quantities: (String, String)
  ) throws {
    var model = LinearMixedModel()
    model.criterion = criterion
    let test = try model.testVariance(
      of: group, ResponseCells(rows: response), design: DesignMatrix(rows: response.count, terms: terms),
      groups: names.map { LinearMixedModelReferenceTests.grouping(table, $0).grouping })
    reference.check(fit: id, quantities.0, got: test.statistic)
    reference.check(fit: id, quantities.1, got: test.mixturePValue)
    if reference.expected(fit: id, "df") != nil { reference.check(fit: id, "df", got: 1) }
    if reference.expected(fit: id, "p_chisq") != nil { reference.check(fit: id, "p_chisq", got: test.chiSquaredPValue) }
  }

  @Test func `likelihood ratios and boundary mixtures agree with lme4's`() throws {
    guard let dyestuff = ReferenceCase("A02-dyestuff"), let penicillin = ReferenceCase("A04-penicillin"),
      let oats = ReferenceCase("A10-oats")
    else { return }
    let dye = dyestuff.table("dyestuff.csv")
    for (criterion, prefix) in [(LinearMixedModel.Criterion.likelihood, "ml"), (.restricted, "reml")] {
      try test(
        dyestuff, fit: "lrt.batch", criterion, response: dye.numbers("Yield"), terms: [], table: dye, groups: ["Batch"],
        dropping: 0, names: ("\(prefix)_statistic", "\(prefix)_p_mixture"))
    }
    let plates = penicillin.table("penicillin.csv")
    for (id, criterion, group) in [
      ("lrt.plate.ml", LinearMixedModel.Criterion.likelihood, 0), ("lrt.sample.ml", .likelihood, 1),
      ("lrt.plate.reml", .restricted, 0),
    ] {
      try test(
        penicillin, fit: id, criterion, response: plates.numbers("diameter"), terms: [], table: plates,
        groups: ["plate", "sample"], dropping: group, names: ("statistic", "p_mixture"))
    }
    let field = oats.table("oats.csv")
    for (id, group) in [("lrt.pair.reml", 1), ("lrt.block.reml", 0)] {
      try test(
        oats, fit: id, .restricted, response: field.numbers("yield"),
        terms: [.number(name: "nitro", values: field.numbers("nitro"))], table: field, groups: ["Block", "BV"],
        dropping: group, names: ("statistic", "p_mixture"))
    }
  }

  @Test func `students and lecturers differ: statistics agree with lme4's`() throws {
    guard let reference = ReferenceCase("A09-insteval-small") else { return }
    let table = reference.table("insteval_small.csv")
    for (id, group) in [("lrt.student.ml", 0), ("lrt.lecturer.ml", 1)] {
      try test(
        reference, fit: id, .likelihood, response: table.numbers("y"), terms: [], table: table, groups: ["s", "d"],
        dropping: group, names: ("statistic", "p_mixture"))
    }
  }

  // RLRsim's finite-sample p-value, 200,000 simulations: 0.004655. With 199 samples a true p of that size gives a
  // bootstrap p below 0.03 in all but one of 1,000 seeds.
  @Test func `the bootstrap agrees with the finite-sample distribution`() throws {
    guard let reference = ReferenceCase("A02-dyestuff") else { return }
    let table = reference.table("dyestuff.csv")
    let cells = ResponseCells(rows: table.numbers("Yield"))
    let design = try DesignMatrix(rows: 30, terms: [])
    let groups = [LinearMixedModelReferenceTests.grouping(table, "Batch").grouping]
    let test = try LinearMixedModel().testVariance(of: 0, cells, design: design, groups: groups, samples: 99, seed: 7)
    let again = try LinearMixedModel().testVariance(of: 0, cells, design: design, groups: groups, samples: 99, seed: 7)
    #expect(test == again)
    #expect(test.bootstrapSamples == 99)
    #expect(try #require(test.bootstrapPValue) < 0.05)
  }

  @Test func `nothing to find: the statistic is zero and p is one`() throws {
    let rows = (0..<40).map { Double($0 % 4) }
    let group = Grouping(name: "g", codes: (0..<40).map { Int32($0 / 4) }, levelCount: 10)
    let test = try LinearMixedModel().testVariance(
      of: 0, ResponseCells(rows: rows), design: DesignMatrix(rows: 40, terms: []), groups: [group])
    #expect(test.statistic == 0 && test.mixturePValue == 1 && test.bootstrapPValue == nil)
  }

  @Test func `profile intervals agree with lme4's`() throws {
    guard let reference = ReferenceCase("A02-dyestuff") else { return }
    let table = reference.table("dyestuff.csv")
    var model = LinearMixedModel()
    model.criterion = .likelihood
    let fit = try model.fit(
      ResponseCells(rows: table.numbers("Yield")), design: DesignMatrix(rows: 30, terms: []),
      groups: [LinearMixedModelReferenceTests.grouping(table, "Batch").grouping])
    let intervals = try fit.profileIntervals(level: 0.95)
    let want = try #require(reference.matrix(fit: "profile_ci.ml", "ci"))
    for (row, interval) in intervals.enumerated() {
      expectClose([interval.low, interval.high], [want[row, 0], want[row, 1]], relative: 2e-3, absolute: 0.02)
    }
  }

  @Test func `profile intervals of coefficients agree with lme4's`() throws {
    guard let sleep = ReferenceCase("A01-sleepstudy"), let dyestuff = ReferenceCase("A02-dyestuff") else { return }
    for (reference, id, file, response, group, terms) in [
      (sleep, "profile_ci.ri.ml", "sleepstudy.csv", "Reaction", "Subject", ["Days"]),
      (dyestuff, "profile_ci.ml", "dyestuff.csv", "Yield", "Batch", []),
    ] {
      let table = reference.table(file)
      var model = LinearMixedModel()
      model.criterion = .likelihood
      let cells = ResponseCells(rows: table.numbers(response))
      let design = try DesignMatrix(
        rows: table.numbers(response).count, terms: terms.map { .number(name: $0, values: table.numbers($0)) })
      let groups = [LinearMixedModelReferenceTests.grouping(table, group).grouping]
      var intervals = try model.fit(cells, design: design, groups: groups).profileIntervals(level: 0.95)
      for column in ["(Intercept)"] + terms {
        intervals.append(
          try model.profileInterval(ofCoefficient: column, level: 0.95, cells, design: design, groups: groups))
      }
      reference.check(fit: id, "ci", got: Matrix(rows: intervals.map { [$0.low, $0.high] }))
    }
  }

  @Test func `a coefficient that isn't there has no interval`() throws {
    let cells = ResponseCells(rows: [1, 2, 4, 3])
    let design = try DesignMatrix(
      rows: 4, terms: [.number(name: "x", values: [0, 1, 2, 3]), .number(name: "y", values: [0, 2, 4, 6])])
    for (column, message) in [
      ("z", "'z' is not a column of the design"), ("y", "'y' depends on the columns before it"),
    ] {
      #expect {
        try LinearMixedModel().profileInterval(ofCoefficient: column, level: 0.9, cells, design: design, groups: [])
      } throws: {
        "\($0)".contains(message)
      }
    }
  }

  @Test func `likelihood-ratio tests of coefficients and of several variances agree with lme4's`() throws {
    guard let insteval = ReferenceCase("A09-insteval-small"), let orthodont = ReferenceCase("A12-orthodont"),
      let assay = ReferenceCase("A14-assay-boundary"), let sleep = ReferenceCase("A01-sleepstudy")
    else { return }
    var model = LinearMixedModel()
    model.criterion = .likelihood
    func fit(_ table: CSVTable, _ response: String, _ terms: [DesignTerm], _ groups: [String]) throws
      -> LinearMixedModelFit
    {
      let y = table.numbers(response)
      return try model.fit(
        ResponseCells(rows: y), design: DesignMatrix(rows: y.count, terms: terms),
        groups: groups.map { LinearMixedModelReferenceTests.grouping(table, $0).grouping })
    }
    func check(_ reference: ReferenceCase, _ id: String, _ test: ChiSquaredTest) {
      reference.check(fit: id, "statistic", got: test.statistic)
      if reference.expected(fit: id, "df") != nil { reference.check(fit: id, "df", got: Double(test.degreesOfFreedom)) }
      if reference.expected(fit: id, "p_chisq") != nil { reference.check(fit: id, "p_chisq", got: test.pValue) }
    }
    let students = insteval.table("insteval_small.csv")
    check(
      insteval, "lrt.service.ml",
      try fit(students, "y", [.number(name: "service", values: students.numbers("service"))], ["s", "d"])
        .likelihoodRatioTest(against: fit(students, "y", [], ["s", "d"])))
    let teeth = orthodont.table("orthodont.csv")
    let age = DesignTerm.number(name: "age8", values: teeth.numbers("age").map { $0 - 8 })
    let female = DesignTerm.number(name: "female", values: teeth.texts("Sex").map { $0 == "Female" ? 1 : 0 })
    check(
      orthodont, "lrt.interaction.ml",
      try fit(teeth, "distance", [age, female, .interaction([age, female])], ["Subject"])
        .likelihoodRatioTest(against: fit(teeth, "distance", [age, female], ["Subject"])))
    let plates = assay.table("assay.csv")
    let dilution = DesignTerm.category(try DesignTerm.Category(name: "dilut", values: plates.texts("dilut")))
    check(
      assay, "lrt.ml",
      try fit(plates, "logDens", [dilution], ["BS", "BD", "Block"])
        .likelihoodRatioTest(against: fit(plates, "logDens", [dilution], ["BS"])))
    let days = sleep.table("sleepstudy.csv")
    let terms = [DesignTerm.number(name: "Days", values: days.numbers("Days"))]
    let test = try model.testVariance(
      of: 0, ResponseCells(rows: days.numbers("Reaction")), design: DesignMatrix(rows: 180, terms: terms),
      groups: [LinearMixedModelReferenceTests.grouping(days, "Subject").grouping])
    sleep.check(fit: "lrt.intercept.ml", "statistic", got: test.statistic)
    sleep.check(fit: "lrt.intercept.ml", "p_chisq", got: test.chiSquaredPValue)
    sleep.check(fit: "lrt.intercept.ml", "p_mixture", got: test.mixturePValue)
  }

  // A group that doesn't differ: the interval starts at zero; the residual's, with n − 1 = 39 degrees and 50 in squares,
  // lies near √(50/χ²).
  @Test func `profile intervals at the boundary start at zero`() throws {
    let rows = (0..<40).map { Double($0 % 4) }
    let group = Grouping(name: "g", codes: (0..<40).map { Int32($0 / 4) }, levelCount: 10)
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: rows), design: DesignMatrix(rows: 40, terms: []), groups: [group])
    let intervals = try fit.profileIntervals(level: 0.9)
    #expect(intervals[0].low == 0 && intervals[0].high > 0)
    expectClose(intervals[1].low, (50 / ChiSquared(degreesOfFreedom: 39).quantile(0.95)).squareRoot(), relative: 0.05)
    expectClose(intervals[1].high, (50 / ChiSquared(degreesOfFreedom: 39).quantile(0.05)).squareRoot(), relative: 0.05)
  }

  // MARK: What didn't converge

  @Test func `what rests on a search that didn't converge is refused`() throws {
    let data = LinearMixedModelTests.crossed(managers: 20, partners: 5, rows: 200, seed: 2)
    let cells = ResponseCells(rows: data.responses)
    var model = LinearMixedModel()
    model.maximumIterations = 1
    let fit = try model.fit(cells, design: data.design, groups: data.groups)
    #expect(!fit.search.converged && fit.notes.contains("the search for the variances did not converge in 1 steps"))
    let message =
      "the search for the variances did not converge in 1 iterations; rescale the input or allow more iterations"
    func isRefused(_ body: () throws -> Void) {
      #expect { try body() } throws: { "\($0)" == message }
    }
    isRefused { _ = try fit.profileIntervals(level: 0.9) }
    isRefused { _ = try model.testVariance(of: 0, cells, design: data.design, groups: data.groups) }
    isRefused {
      _ = try model.profileInterval(ofCoefficient: "x", level: 0.9, cells, design: data.design, groups: data.groups)
    }
  }

  @Test func `a deviance below the optimum is no statistic of zero`() throws {
    let data = LinearMixedModelTests.crossed(managers: 20, partners: 5, rows: 200, seed: 2)
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    #expect(try fit.rise(to: fit.deviance + 2) == 2)
    #expect(try fit.rise(to: fit.deviance - 1e-10) == 0)
    #expect(throws: NumericsError.self) { try fit.rise(to: fit.deviance - 1e-3) }
  }

  // 100 samples, the statistic reached by 4 of those that count: (1 + 4)/(1 + 98). With a third failure nothing is said.
  @Test func `failed samples are counted, and more than a few leave no p`() {
    let some = [Double?](repeating: 5, count: 4) + [Double?](repeating: 0.1, count: 94)
    let two = VarianceTest(statistic: 3, bootstrap: some + [nil, nil])
    #expect(two.bootstrapPValue == 5.0 / 99 && two.bootstrapSamples == 98 && two.bootstrapFailures == 2)
    let three = VarianceTest(statistic: 3, bootstrap: some + [nil, nil, nil])
    #expect(three.bootstrapPValue == nil && three.bootstrapSamples == 98 && three.bootstrapFailures == 3)
    let none = VarianceTest(statistic: 3, bootstrap: [])
    #expect(none.bootstrapPValue == nil && none.bootstrapFailures == 0)
  }

  // MARK: Fits that compare

  // c = a + b is dropped; with a held it would come back and take a's place.
  @Test func `a coefficient's profile doesn't bring back what depended on it`() throws {
    var stream = RandomStream(seed: 6, purpose: "dependent")
    let (a, b) = ((0..<60).map { _ in stream.normal() }, (0..<60).map { _ in stream.normal() })
    let group = Grouping(name: "g", codes: (0..<60).map { Int32($0 / 6) }, levelCount: 10)
    let effects = (0..<10).map { _ in stream.normal() }
    let y = (0..<60).map { a[$0] - b[$0] + effects[$0 / 6] + stream.normal() }
    let (first, second) = (DesignTerm.number(name: "a", values: a), DesignTerm.number(name: "b", values: b))
    let sum = DesignTerm.number(name: "c", values: zip(a, b).map { $0 + $1 })
    let intervals = try [[first, second, sum], [first, second]].map { terms in
      try LinearMixedModel().profileInterval(
        ofCoefficient: "a", level: 0.9, ResponseCells(rows: y), design: DesignMatrix(rows: 60, terms: terms),
        groups: [group])
    }
    expectClose([intervals[0].low, intervals[0].high], [intervals[1].low, intervals[1].high], relative: 1e-8)
    #expect(intervals[0].low < 1 && 1 < intervals[0].high && intervals[0].high - intervals[0].low < 1)
  }

  @Test func `fits that don't contain one another are refused`() throws {
    let data = LinearMixedModelTests.crossed(managers: 20, partners: 5, rows: 200, seed: 2)
    var model = LinearMixedModel()
    model.criterion = .likelihood
    let dense = data.design.dense
    func fit(
      _ y: [Double], _ columns: [(String, Int)], _ groups: [Int], weights: [Double]? = nil
    ) throws -> LinearMixedModelFit {
      try model.fit(
        weights.map { try ResponseCells(rows: y, weights: $0) } ?? ResponseCells(rows: y),
        design: DesignMatrix(
          rows: 200, terms: columns.map { .number(name: $0.0, values: dense.column($0.1)) }),
        groups: groups.map { data.groups[$0] })
    }
    let y = data.responses
    let large = try fit(y, [("x", 1), ("b", 2)], [0, 1])
    func isRefused(_ smaller: LinearMixedModelFit, _ message: String) {
      #expect { try large.likelihoodRatioTest(against: smaller) } throws: { "\($0)" == message }
    }
    let others = "fits of other rows, responses or weights can't be compared"
    isRefused(try fit(y.map { 2 * $0 }, [("x", 1)], [0]), others)
    isRefused(try fit(y.map { -$0 }, [("x", 1)], [0]), others)
    isRefused(try fit(y, [("x", 1)], [0], weights: y.indices.map { 1 + 0.1 * Double($0 % 3) }), others)
    isRefused(
      try fit(y, [("c", 3)], [0]),
      "the smaller fit has the column 'c', which this one hasn't: neither contains the other")
    isRefused(
      try fit(y, [("x", 1)], [2]),
      "the smaller fit has the group 'manager:partner' with \(data.groups[2].levelCount) levels, which this one hasn't: neither contains the other"
    )
    isRefused(try fit(y, [("x", 1), ("b", 2)], [0, 1]), "the smaller fit has 6 parameters, expected fewer than 6")
    // The same rows in cells are the same responses.
    let test = try large.likelihoodRatioTest(against: fit(y, [("x", 1)], [0]))
    #expect(test.degreesOfFreedom == 2 && test.statistic > 0)
  }
}
