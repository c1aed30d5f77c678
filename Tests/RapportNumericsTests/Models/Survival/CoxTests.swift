import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct CoxTests {
  static func design(_ columns: [Double]...) throws -> DesignMatrix {
    try DesignMatrix(
      rows: columns[0].count, intercept: false,
      terms: columns.enumerated().map { .number(name: ["x", "y", "z"][$0], values: $1) })
  }

  static func fit(_ data: SurvivalData, _ columns: [Double], ties: CoxTies = .efron) throws -> CoxFit {
    var model = CoxModel()
    model.ties = ties
    return try model.fit(data, design: design(columns))
  }

  // By hand, θ = exp β: at 1, a row with x = 0 of {0, 1, 0}; at 2, x = 1 of {1, 0}; at 3, alone.
  // ℓ = −log(2 + θ) + β − log(1 + θ); ℓ' = 0 where (2 + θ) = θ (1 + θ), so θ = √2.
  @Test func `three events, worked by hand`() throws {
    let fit = try Self.fit(SurvivalData(exits: [1, 2, 3], events: [true, true, true]), [0, 1, 0])
    let theta = 2.0.squareRoot()
    expectClose(fit.coefficients[0].estimate, log(theta), relative: 1e-12)
    expectClose(fit.logLikelihood, -log(2 + theta) + log(theta) - log(1 + theta), relative: 1e-14)
    expectClose(fit.nullLogLikelihood, -log(3.0) - log(2.0), relative: 1e-14)
    let information = 2 * theta / ((2 + theta) * (2 + theta)) + theta / ((1 + theta) * (1 + theta))
    expectClose(fit.coefficients[0].standardError, 1 / information.squareRoot(), relative: 1e-12)
    // At β = 0: g = −1/3 + 1 − 1/2 = 1/6, I = 2/9 + 1/4 = 17/36, g²/I = 1/17.
    expectClose(try #require(fit.scoreTest).statistic, 1.0 / 17, relative: 1e-13)
    #expect(fit.observations == 3 && fit.events == 3 && fit.search.stop == .gradient)
  }

  // By hand: events with x = 1 and 0 at one time, x = 0 left.
  // Breslow: β − 2 log(2 + θ), θ = 2. Efron: β − log(2 + θ) − log((1 + θ)/2 + 1), θ = √6.
  // Exact, with x = 0, 0, 1 left: β − log(θ² + 6 θ + 3), θ = √3.
  @Test func `ties, worked by hand`() throws {
    let data = SurvivalData(exits: [1, 1, 2], events: [true, true, false])
    expectClose(
      try Self.fit(data, [1, 0, 0], ties: .breslow).coefficients[0].estimate, log(2.0), relative: 1e-12)
    expectClose(try Self.fit(data, [1, 0, 0]).coefficients[0].estimate, 0.5 * log(6.0), relative: 1e-10)
    let more = SurvivalData(exits: [1, 1, 2, 3, 3], events: [true, true, false, false, false])
    let exact = try Self.fit(more, [1, 0, 0, 0, 1], ties: .exact)
    expectClose(exact.coefficients[0].estimate, 0.5 * log(3.0), relative: 1e-12)
    expectClose(exact.nullLogLikelihood, -log(10.0), relative: 1e-13)
  }

  // By hand: (0, 2] x = 1 against (1, 3] x = 0; then (1, 3] against (2.5, 4] x = 1; ℓ = β − 2 log(1 + θ), θ = 1.
  // With offset log 3 on the first row: 1/(3θ + 1) = θ/(1 + θ), θ = 1/√3.
  @Test func `late entry and an offset, worked by hand`() throws {
    var data = SurvivalData(exits: [2, 3, 4], events: [true, true, true], entries: [0, 1, 2.5])
    expectClose(try Self.fit(data, [1, 0, 1]).coefficients[0].estimate, 0, absolute: 1e-12)
    data.offsets = [log(3.0), 0, 0]
    expectClose(try Self.fit(data, [1, 0, 1]).coefficients[0].estimate, -0.5 * log(3.0), relative: 1e-12)
  }

  // By hand: two choices of x = 1 against 0 and one of 0 against 1: θ/(1 + θ) = 2/3.
  @Test func `choices are strata`() throws {
    let data = SurvivalData(
      exits: [1, 1, 1, 1, 1, 1], events: [true, false, true, false, false, true], strata: [7, 7, -1, -1, 3, 3])
    expectClose(try Self.fit(data, [1, 0, 1, 0, 1, 0]).coefficients[0].estimate, log(2.0), relative: 1e-12)
  }

  /// Rows with ties, late entries, strata and weights; two covariates and a third that is none.
  static func sample(_ count: Int, seed: UInt64, ties: Bool = true) -> (data: SurvivalData, columns: [[Double]]) {
    var random = RandomStream(seed: seed, purpose: "cox")
    var data = SurvivalData(exits: [], events: [], entries: [], strata: [], weights: [])
    var columns: [[Double]] = [[], [], []]
    for row in 0..<count {
      let x = random.normal()
      let y = row % 3 == 0 ? 1.0 : 0
      let wait = -log(random.uniform()) / exp(0.5 * x - 0.7 * y)
      let entry = random.uniform() * 2
      let exit = entry + wait
      data.entries!.append(ties ? (entry * 8).rounded(.down) / 8 : entry)
      data.exits.append(ties ? (exit * 8).rounded(.down) / 8 + 0.125 : exit)
      data.events.append(random.uniform() < 0.8)
      data.strata!.append(Int32(row % 7))
      data.weights!.append(Double(1 + row % 3))
      columns[0].append(x)
      columns[1].append(y)
      columns[2].append(random.normal())
    }
    return (data, columns)
  }

  static func fit(
    _ data: SurvivalData, _ columns: [[Double]], ties: CoxTies = .efron, threads: Int = 1,
    _ change: (inout CoxModel) -> Void = { _ in }
  ) throws -> CoxFit {
    var model = CoxModel()
    model.ties = ties
    model.isRobust = ties != .exact
    change(&model)
    return try model.fit(data, design: design(columns[0], columns[1], columns[2]), threads: threads)
  }

  static func expectSame(_ a: CoxFit, _ b: CoxFit, relative: Double = 1e-10) {
    expectClose(a.coefficients.map(\.estimate), b.coefficients.map(\.estimate), relative: relative, absolute: 1e-12)
    expectClose(a.covariance.elements, b.covariance.elements, relative: relative, absolute: 1e-14)
  }

  // Of numbers no two rows are alike; of signs many are, and their squares are summed together.
  @Test(arguments: [CoxTies.efron, .breslow], [false, true])
  func `running sums equal sums made afresh`(_ ties: CoxTies, ofSigns: Bool) throws {
    let (data, numbers) = Self.sample(300, seed: 11)
    let columns = ofSigns ? numbers.map { $0.map { $0 > 0.5 ? 1.0 : 0 } } : numbers
    let sets = try CoxRiskSets(data)
    let design = try Self.design(columns[0], columns[1], columns[2])
    let kinds = Set(CoxColumns(design, sets).alike).count
    #expect(ofSigns ? kinds <= 8 * sets.strata.count : kinds == sets.rows.count)
    var sweep = CoxSweep(sets: sets, columns: CoxColumns(design, sets), ties: ties)
    let beta = [1.5, -0.7, 0.2]
    let multipliers = sets.times.map { $0 - 1.1 }
    let running = try #require(sweep.derivatives(beta, multipliers: multipliers, threads: 1))
    let details = try #require(sweep.details(beta, scores: true, threads: 1))
    sweep.sumsAfresh = true
    let afresh = try #require(sweep.derivatives(beta, multipliers: multipliers, threads: 1))
    let others = try #require(sweep.details(beta, scores: true, threads: 1))
    expectClose(running.value, afresh.value, relative: 1e-13)
    expectClose(running.gradient, afresh.gradient, relative: 1e-11, absolute: 1e-11)
    expectClose(running.information.elements, afresh.information.elements, relative: 1e-11, absolute: 1e-11)
    expectClose(details.expected, others.expected, relative: 1e-11)
    expectClose(details.scores, others.scores, relative: 1e-10, absolute: 1e-12)
    expectClose(details.hazards, others.hazards, relative: 1e-11)
    expectClose(details.hazardVariances, others.hazardVariances, relative: 1e-11)
    expectClose(details.hazardMeans, others.hazardMeans, relative: 1e-10, absolute: 1e-12)
  }

  @Test(arguments: [CoxTies.efron, .breslow, .exact])
  func `gradient and information are the likelihood's derivatives`(_ ties: CoxTies) throws {
    var (data, columns) = Self.sample(60, seed: 5)
    if ties == .exact { data.weights = nil }
    let sets = try CoxRiskSets(data)
    let design = try Self.design(columns[0], columns[1], columns[2])
    let sweep = CoxSweep(sets: sets, columns: CoxColumns(design, sets), ties: ties)
    let beta = [0.4, -0.3, 0.1]
    let here = try #require(sweep.derivatives(beta, threads: 1))
    for j in 0..<3 {
      var (up, down) = (beta, beta)
      up[j] += 1e-5
      down[j] -= 1e-5
      let (above, below) = (sweep.derivatives(up, threads: 1)!, sweep.derivatives(down, threads: 1)!)
      // The third derivative, of the order of 100, times 1e-10.
      expectClose(here.gradient[j], (above.value - below.value) / 2e-5, relative: 1e-6, absolute: 1e-6)
      for i in j..<3 {
        expectClose(
          here.information[i, j], -(above.gradient[i] - below.gradient[i]) / 2e-5, relative: 1e-6, absolute: 1e-6)
      }
    }
  }

  @Test func `ways of ties agree where there are none`() throws {
    var (data, columns) = Self.sample(120, seed: 3, ties: false)
    data.weights = nil
    let efron = try Self.fit(data, columns)
    Self.expectSame(efron, try Self.fit(data, columns, ties: .breslow))
    Self.expectSame(efron, try Self.fit(data, columns, ties: .exact))
  }

  @Test func `weights are repeated rows, with Breslow's ties`() throws {
    let (data, columns) = Self.sample(90, seed: 4)
    let rows = data.exits.indices.flatMap { Array(repeating: $0, count: Int(data.weights![$0])) }
    let repeated = SurvivalData(
      exits: rows.map { data.exits[$0] }, events: rows.map { data.events[$0] },
      entries: rows.map { data.entries![$0] }, strata: rows.map { data.strata![$0] }, clusters: rows.map(Int32.init))
    let many = try Self.fit(repeated, columns.map { column in rows.map { column[$0] } }, ties: .breslow)
    let weighted = try Self.fit(data, columns, ties: .breslow)
    Self.expectSame(weighted, many)
    expectClose(
      weighted.robustCovariance!.elements, many.robustCovariance!.elements, relative: 1e-9, absolute: 1e-13)
  }

  @Test func `strata are a sum`() throws {
    let (data, columns) = Self.sample(90, seed: 6)
    let single = try Self.fit(data, columns)
    let double = try Self.fit(
      SurvivalData(
        exits: data.exits + data.exits, events: data.events + data.events, entries: data.entries! + data.entries!,
        strata: data.strata! + data.strata!.map { $0 + 100 }, weights: data.weights! + data.weights!),
      columns.map { $0 + $0 })
    expectClose(double.logLikelihood, 2 * single.logLikelihood, relative: 1e-13)
    expectClose(
      double.coefficients.map(\.estimate), single.coefficients.map(\.estimate), relative: 1e-10, absolute: 1e-12)
    expectClose(double.covariance.elements, single.covariance.elements.map { $0 / 2 }, relative: 1e-10)
  }

  @Test func `nothing depends on threads, the order of rows or the units`() throws {
    let (data, columns) = Self.sample(20_000, seed: 8)
    let one = try Self.fit(data, columns)
    let four = try Self.fit(data, columns, threads: 4)
    #expect(one.coefficients == four.coefficients)
    #expect(one.robustCovariance == four.robustCovariance)
    #expect(one.logLikelihood == four.logLikelihood)
  }

  @Test func `rows may come in any order and columns in any unit`() throws {
    let (data, columns) = Self.sample(200, seed: 9)
    let one = try Self.fit(data, columns)
    let order = Array((0..<data.count).reversed())
    let turned = SurvivalData(
      exits: order.map { data.exits[$0] * 60 }, events: order.map { data.events[$0] },
      entries: order.map { data.entries![$0] * 60 }, strata: order.map { data.strata![$0] },
      weights: order.map { data.weights![$0] })
    let other = try Self.fit(
      turned, [order.map { columns[0][$0] * 1e6 + 5e6 }, order.map { columns[1][$0] }, order.map { columns[2][$0] }])
    expectClose(one.coefficients[0].estimate, other.coefficients[0].estimate * 1e6, relative: 1e-9)
    expectClose(one.coefficients[1].estimate, other.coefficients[1].estimate, relative: 1e-9)
    expectClose(
      one.coefficients[0].robustStandardError!, other.coefficients[0].robustStandardError! * 1e6, relative: 1e-9)
    expectClose(one.logLikelihood, other.logLikelihood, relative: 1e-12)
  }

  @Test func `huge and tiny columns`() throws {
    let (data, columns) = Self.sample(100, seed: 13)
    let plain = try Self.fit(data, columns)
    let scales = [0x1p700, 0x1p-700, 0x1p30]
    let other = try Self.fit(data, zip(columns, scales).map { column, scale in column.map { $0 * scale } })
    // Powers of two cost no digit.
    #expect(other.logLikelihood == plain.logLikelihood)
    for j in 0..<3 {
      #expect(other.coefficients[j].estimate * scales[j] == plain.coefficients[j].estimate)
      #expect(other.coefficients[j].standardError * scales[j] == plain.coefficients[j].standardError)
    }
    // Below the smallest normal number as well, as long as the coefficient can be told.
    let least = try Self.fit(data, columns.map { $0.map { $0 * 0x1p-1020 } })
    for j in 0..<3 {
      expectClose(least.coefficients[j].estimate, plain.coefficients[j].estimate * 0x1p1020, relative: 1e-12)
    }
    #expect(throws: NumericsError.self) { try Self.fit(data, columns.map { $0.map { $0 * 0x1p-1040 } }) }
  }

  @Test func `columns that depend on others are left out by name`() throws {
    var (data, columns) = Self.sample(150, seed: 10)
    columns[2] = zip(columns[0], columns[1]).map { 2 * $0 - $1 + 3 }
    let fit = try Self.fit(data, columns)
    #expect(fit.dropped == ["z"])
    #expect(fit.coefficients.map(\.name) == ["x", "y"])
    #expect(fit.notes == ["column 'z' depends on those before it in every risk set and was left out"])
    // Constant within strata: no comparison tells anything.
    columns[1] = data.strata!.map(Double.init)
    columns[2] = columns[1].map { _ in 1 }
    let constant = try Self.fit(data, columns)
    #expect(constant.dropped == ["y", "z"])
    #expect(
      constant.notes
        == ["y", "z"].map {
          "column '\($0)' doesn't vary within any risk set, so that nothing is compared, and was left out"
        })
  }

  // One event, of whoever is last at risk: there is no column before this one that it could depend on.
  @Test func `a column that is compared with nothing is left out for that`() throws {
    let fit = try Self.fit(SurvivalData(exits: [1, 2, 3], events: [false, false, true]), [0.8, 0.1, -1.8])
    #expect(fit.dropped == ["x"] && fit.notes.count == 1)
    #expect(fit.notes[0].contains("'x' doesn't vary within any risk set"))
  }

  // Rows 2 to 5 less row 1 are (2, 2, 2), (1, 1, 1), (2, 1, 2) and (1, 1, 2): whatever makes all of them −∞ is as good, with x to either
  // side.
  @Test func `what nothing tells once others diverge has no estimate`() throws {
    let data = SurvivalData(exits: [46, 67, 47, 76, 68], events: [true, false, false, true, false])
    let fit = try CoxModel().fit(
      data, design: Self.design([0, 2, 1, 2, 1], [0, 2, 1, 1, 1], [0, 2, 1, 2, 2]))
    #expect(Set(fit.diverging) == ["x", "y", "z"])
    #expect(fit.notes.count == 1)
    for name in ["x", "y", "z"] { #expect(fit.notes[0].contains("'\(name)'")) }
  }

  // R's survival 3.5-3: d <- data.frame(t = 1:12, e, x, z, c = rep(1:6, 2)), coxph(Surv(t, e) ~ x + z, d, cluster = c); with
  // W = b'V⁻¹b = 1.13850228799, F = W (6 − 2)/(2 · 6) = 0.379500762663 and pf(F, 2, 4, lower = FALSE) = 0.706461167441.
  @Test func `Wald's test of clusters agrees with R`() throws {
    let events = [1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1].map { $0 == 1 }
    let data = SurvivalData(
      exits: (1...12).map(Double.init), events: events, clusters: (0..<12).map { Int32($0 % 6) })
    let fit = try CoxModel().fit(
      data, design: Self.design([3, 1, 2, 5, 2, 4, 1, 3, 2, 6, 1, 2], [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1]))
    let test = try #require(fit.clusterTest)
    expectClose(test.ratio, 0.379500762663, relative: 1e-8)
    #expect(test.numerator == 2 && test.denominator == 4)
    expectClose(test.pValue, 0.706461167441, relative: 1e-8)
    #expect(try Self.fit(SurvivalData(exits: [1, 2, 3], events: [true, true, true]), [0, 1, 0]).clusterTest == nil)
  }

  @Test func `without columns there is the null likelihood`() throws {
    let fit = try CoxModel().fit(
      SurvivalData(exits: [1, 2, 3], events: [true, true, true]),
      design: DesignMatrix(rows: 3, intercept: true, terms: []))
    #expect(fit.dropped == ["(Intercept)"])
    #expect(fit.coefficients.isEmpty)
    expectClose(fit.logLikelihood, -log(6.0), relative: 1e-14)
  }

  @Test func `separated events are reported by name, and a prior keeps them finite`() throws {
    let (data, columns) = Self.sample(150, seed: 12)
    // Exactly the events have y = 1; one more thing to estimate beside it.
    let y = data.events.map { $0 ? 1.0 : 0 }
    let fit = try Self.fit(data, [columns[0], y, columns[2]])
    #expect(fit.diverging == ["y"])
    #expect(fit.search.converged)
    #expect(fit.coefficients.allSatisfy { $0.estimate.isFinite && $0.standardError.isFinite })
    #expect(fit.coefficients[1].estimate > 10)
    #expect(fit.notes.contains { $0.contains("'y' to +∞") })
    let calm = try Self.fit(data, [columns[0], y, columns[2]]) { $0.priorDeviation = 2.5 }
    #expect(calm.diverging.isEmpty)
    #expect(calm.relativeGradient <= 1e-10)
    #expect(abs(calm.coefficients[1].estimate) < 10)
    // The rest is estimated as if y = 0 had never been at risk.
    #expect(abs(fit.coefficients[0].estimate - calm.coefficients[0].estimate) < 0.1)
  }

  // First in, first out: whoever entered first leaves first, always.
  @Test(arguments: [3, 40]) func `a strict order is reported, never NaN`(_ length: Int) throws {
    var random = RandomStream(seed: 2, purpose: "cox")
    var data = SurvivalData(exits: [], events: [], entries: [])
    var entered: [Double] = []
    for row in 0..<200 {
      let entry = Double(row) + random.uniform()
      entered.append(entry)
      data.entries!.append(entry)
      data.exits.append(Double(row + length) + 1)
      data.events.append(true)
    }
    let fit = try CoxModel().fit(data, design: Self.design(entered, entered.map { sin($0) }))
    #expect(fit.diverging.contains("x"))
    #expect(fit.logLikelihood > -1e-3)
    #expect(fit.coefficients.allSatisfy { $0.estimate.isFinite && $0.standardError.isFinite })
  }

  // The first step goes so far that no information is left at all.
  @Test func `separation in one step has finite errors`() throws {
    let data = SurvivalData(exits: [15, 9], events: [true, true], offsets: [1.4, -7.8])
    for ties in CoxTies.allCases {
      let fit = try Self.fit(data, [-0.9, 0], ties: ties)
      #expect(fit.diverging == ["x"])
      #expect(fit.coefficients[0].estimate > 0)
      #expect(fit.coefficients[0].standardError.isFinite && fit.coefficients[0].standardError > 1000)
      #expect(fit.logLikelihood > -1e-6 && fit.logLikelihood <= 0)
    }
  }

  // A finite maximum that lies where hardly any information is left: gaps of 1, then of 0.003 the other way.
  // ℓ = −log(1 + e^−β) − log(1 + e^{0.003 β}), with its maximum at e^−β/(1 + e^−β) = 0.003/(1 + e^{−0.003 β}).
  @Test func `a far maximum is not taken for separation`() throws {
    let data = SurvivalData(exits: [1, 1, 1, 1], events: [true, false, true, false], strata: [1, 1, 2, 2])
    let fit = try Self.fit(data, [1, 0, 0, 0.003])
    #expect(fit.diverging.isEmpty)
    let beta = fit.coefficients[0].estimate
    expectClose(1 / (1 + exp(beta)), 0.003 / (1 + exp(-0.003 * beta)), relative: 1e-8)
  }

  // Sets of two out of offsets 800, 0, 0: log(2 e⁸⁰⁰ + 1); the events are 800 and 0.
  @Test func `exact ties of very different hazards`() throws {
    let data = SurvivalData(exits: [1, 1, 2], events: [true, true, false], offsets: [800, 0, 0])
    let fit = try Self.fit(data, [1, 0, 0], ties: .exact)
    expectClose(fit.nullLogLikelihood, -log(2.0), relative: 1e-12)
  }

  @Test func `a prior draws coefficients to zero`() throws {
    // By hand: θ/(1 + θ) for one choice of x = 1; ℓ' = 1/(1 + θ) − β/s² = 0 with s² = (1 + e) at β = 1.
    let data = SurvivalData(exits: [1, 1], events: [true, false])
    var model = CoxModel()
    model.priorDeviation = (1 + exp(1.0)).squareRoot()
    let fit = try model.fit(data, design: Self.design([1, 0]))
    expectClose(fit.coefficients[0].estimate, 1, relative: 1e-11)
    // 1/s² is beyond all numbers.
    model.priorDeviation = 1e-160
    let error = #expect(throws: NumericsError.self) { try model.fit(data, design: Self.design([1, 0])) }
    #expect(error == .invalidInput("the prior's standard deviation is 1e-160, too near 0 to be computed with"))
  }

  @Test func `very different hazards lose no digits`() throws {
    // A huge hazard leaves, then ordinary ones are compared: θ = √2 as above.
    let data = SurvivalData(
      exits: [0.5, 1, 2, 3], events: [true, true, true, true], entries: [0, 0, 0, 0], offsets: [300, 0, 0, 0])
    expectClose(try Self.fit(data, [0, 0, 1, 0]).coefficients[0].estimate, 0.5 * log(2.0), relative: 1e-12)
    var apart = data
    apart.offsets = [3000, 0, 0, 0]
    expectClose(try Self.fit(apart, [0, 0, 1, 0]).coefficients[0].estimate, 0.5 * log(2.0), relative: 1e-12)
    let late = SurvivalData(
      exits: [1, 2, 3, 9], events: [true, true, true, true], entries: [0, 0, 0, 5], offsets: [0, 0, 0, 200])
    expectClose(try Self.fit(late, [0, 1, 0, 0]).coefficients[0].estimate, 0.5 * log(2.0), relative: 1e-12)
  }

  @Test func `what can't be is refused`() throws {
    #expect(throws: NumericsError.self) {
      try Self.fit(SurvivalData(exits: [1, 2], events: [false, false]), [0, 1])
    }
    #expect(throws: NumericsError.self) {
      try Self.fit(SurvivalData(exits: [1, .nan], events: [true, false]), [0, 1])
    }
    #expect(throws: NumericsError.self) {
      try Self.fit(SurvivalData(exits: [1, 2], events: [true, false], entries: [0, 2]), [0, 1])
    }
    #expect(throws: NumericsError.self) {
      try Self.fit(SurvivalData(exits: [1, 2], events: [true, false], weights: [1, -1]), [0, 1])
    }
    #expect(throws: NumericsError.self) { try Self.fit(SurvivalData(exits: [1, 2], events: [true, false]), [0]) }
  }

  // 3 × 0.1 isn't 0.3.
  @Test func `times that differ by rounding are ties`() throws {
    var data = SurvivalData(exits: [0.3, 3 * 0.1, 0.5], events: [true, true, true])
    #expect(try data.mergeNearTimes().count == 1)
    #expect(data.exits == [0.3, 0.3, 0.5])
    #expect(try data.mergeNearTimes().count == 0)
    var far = SurvivalData(exits: [0.3, 0.3000001, 0.5], events: [true, true, true])
    #expect(try far.mergeNearTimes().count == 0)
    // Beside a mean of 10⁶ a thousandth is rounding, except among whole numbers.
    var large = SurvivalData(
      exits: [1e6, 1e6 + 0.001, 1e6 + 1], events: [true, true, true], entries: [0.5, 0.5, 1e6 + 0.001])
    #expect(try large.mergeNearTimes().count == 1)
    // A thousandth is more than sums of such times lose, and isn't called rounding.
    #expect(large.exits == [1e6, 1e6, 1e6 + 1] && large.entries == [0.5, 0.5, 1e6])
    var seconds = SurvivalData(exits: [1e9, 1e9 + 1, 1e9 + 2.5, 1e9 + 50], events: [true, true, true, true])
    let merged = try seconds.mergeNearTimes()
    #expect(merged.count == 2 && merged.furthest == 2.5 && !merged.isRounding && seconds.exits[2] == 1e9)
    expectClose(merged.nearest, 14.9, relative: 0.01)
    var sums = SurvivalData(exits: [0.3, 3 * 0.1], events: [true, true])
    #expect(try sums.mergeNearTimes().isRounding)
    var whole = SurvivalData(exits: [1e12, 1e12 + 1], events: [true, true])
    #expect(try whole.mergeNearTimes().count == 0)
    var empty = SurvivalData(exits: [0.3, 0.5], events: [true, true], entries: [0.3 - 1e-12, 0.1])
    #expect(throws: NumericsError.self) { try empty.mergeNearTimes() }
  }
}
