import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// Columns and responses at the edges of what numbers hold, and rows with weights.
@Suite struct MixedModelEdgesTests {
  static let data = LinearMixedModelTests.crossed(managers: 12, partners: 4, rows: 300, seed: 3)

  private func fit(_ x: [Double], _ more: [DesignTerm] = []) throws -> LinearMixedModelFit {
    try LinearMixedModel().fit(
      ResponseCells(rows: Self.data.responses),
      design: DesignMatrix(rows: x.count, terms: [.number(name: "x", values: x)] + more), groups: Self.data.groups)
  }

  private var x: [Double] {
    let design = Self.data.design
    return (0..<design.rows).map { row in
      let entries = design.starts[row]..<design.starts[row + 1]
      return entries.first { design.columns[$0] == 1 }.map { design.values[$0] } ?? 0
    }
  }

  @Test(arguments: [1e-140, 1e-12, 1e100, 1e140])
  func `a column in other units changes nothing but its coefficient`(_ unit: Double) throws {
    let plain = try fit(x)
    let scaled = try fit(x.map { $0 * unit })
    expectClose(scaled.coefficients[1].estimate * unit, plain.coefficients[1].estimate, relative: 1e-9)
    expectClose(scaled.coefficients[1].standardError * unit, plain.coefficients[1].standardError, relative: 1e-9)
    // The restricted likelihood moves with log |X|.
    expectClose(scaled.residualVariance, plain.residualVariance, relative: 1e-8)
    expectClose(scaled.components.map(\.variance), plain.components.map(\.variance), relative: 1e-6)
  }

  // Levels' means 2, 6 and 10 are columns': what is left are ±1 within levels, 6 squares on 3 degrees of freedom. The
  // restricted likelihood is the same at any ratio, log |R_X|² taking off what log |ΛᵀZᵀZΛ + I| adds.
  @Test func `a group of which the columns leave nothing has no variance`() throws {
    let (y, codes) = ([1.0, 3, 5, 7, 9, 11], [Int32(0), 0, 1, 1, 2, 2])
    let group = Grouping(name: "g", codes: codes, levelCount: 3)
    func fit(
      _ terms: [DesignTerm], _ criterion: LinearMixedModel.Criterion = .restricted
    ) throws -> LinearMixedModelFit {
      var model = LinearMixedModel()
      model.criterion = criterion
      return try model.fit(ResponseCells(rows: y), design: DesignMatrix(rows: 6, terms: terms), groups: [group])
    }
    let levels = DesignTerm.category(.init(name: "g", levels: ["a", "b", "c"], codes: codes))
    let told = try fit([levels])
    #expect(told.components[0].contrasts == 0 && told.components[0].variance == 0 && told.search.converged)
    expectClose(told.residualVariance, 2, relative: 1e-12)
    for ratio in [0.3, 1, 7] { expectClose(try told.deviance(at: [ratio]), told.deviance, relative: 1e-12) }
    #expect(
      told.notes == [
        "every level of 'g' is told by the fixed columns already: its variance can't be told, and counts as zero"
      ])
    let likeliest = try fit([levels], .likelihood)
    let further = try likeliest.deviance(at: [1])
    #expect(likeliest.components[0].variance == 0 && further > likeliest.deviance)
    // A number leaves one difference of two, whatever its unit; the intercept leaves both.
    for unit in [1.0, 1e-9, 1e9] {
      let slope = try fit([.number(name: "x", values: codes.map { unit * Double($0 == 2 ? 5 : $0) })])
      #expect(slope.components[0].contrasts == 1 && slope.components[0].variance > 0)
    }
    #expect(try fit([]).components[0].contrasts == 2)
    // Twenty-two levels have twenty-one differences: more than are counted.
    let many = Grouping(name: "g", codes: (0..<44).map { Int32($0 / 2) }, levelCount: 22)
    let rows = (0..<44).map { Double($0 * $0 % 7) }
    let wide = try LinearMixedModel().fit(
      ResponseCells(rows: rows), design: DesignMatrix(rows: 44, terms: []), groups: [many])
    #expect(wide.components[0].contrasts == nil)
  }

  @Test func `a coefficient whose variance no number can hold is refused by name`() throws {
    #expect {
      try fit(x.map { $0 * 1e-170 })
    } throws: {
      "\($0)".contains("'x' is of a size for which a number can't hold its coefficient's variance")
    }
  }

  @Test(arguments: [1e-170, 1e170])
  func `responses whose variances no number can hold are refused`(_ unit: Double) throws {
    #expect {
      try LinearMixedModel().fit(
        ResponseCells(rows: Self.data.responses.map { $0 * unit }), design: Self.data.design, groups: Self.data.groups)
    } throws: {
      "\($0)".contains("have variances that a number can't hold; divide them by a constant first")
    }
  }

  // z = x + δ e: the space of (x, z) is that of (x, e), so that the fit is the same, with b_x = c_x − c_e/δ and b_z = c_e/δ.
  @Test(arguments: [1e-3, 1e-5])
  func `columns that nearly depend on each other fit as their difference does`(_ delta: Double) throws {
    var stream = RandomStream(seed: 4, purpose: "nearly")
    let e = x.map { _ in stream.normal() }
    let apart = try fit(x, [.number(name: "e", values: e)])
    let near = try fit(x, [.number(name: "z", values: zip(x, e).map { $0 + delta * $1 })])
    #expect(near.search.converged && near.dropped.isEmpty)
    expectClose(near.residualVariance, apart.residualVariance, relative: 1e-7)
    expectClose(near.coefficients[2].estimate * delta, apart.coefficients[2].estimate, relative: 1e-5)
    expectClose(near.coefficients[2].standardError * delta, apart.coefficients[2].standardError, relative: 1e-5)
    #expect(near.conditionNumber > 0.5 / delta)
    #expect(near.notes.contains { $0.contains("nearly depend on one another") } == (near.conditionNumber > 1000))
  }

  @Test func `columns closer than rounding tells depend on each other`() throws {
    let twice = try fit(x, [.number(name: "again", values: x.map { 3 * $0 + 1e-9 })])
    #expect(twice.dropped == ["again"])
  }

  // Without groups it is weighted least squares. y = 1, 2, 4 on x = 0, 1, 2 with weights 1, 2, 1: means 9/4 and 1, slope
  // Σ w (x − 1) y / Σ w (x − 1)² = (−1 + 4)/2 = 3/2, constant 3/4; residuals 1/4, −1/4, 1/4, Σ w r² = 1/4, σ² = 1/4.
  @Test func `weights, worked by hand`() throws {
    let design = try DesignMatrix(rows: 3, terms: [.number(name: "x", values: [0, 1, 2])])
    let fit = try LinearMixedModel().fit(
      try ResponseCells(rows: [1, 2, 4], weights: [1, 2, 1]), design: design, groups: [])
    expectClose(fit.coefficients.map(\.estimate), [0.75, 1.5], relative: 1e-12)
    expectClose(fit.residualVariance, 0.25, relative: 1e-12)
    #expect(fit.observations == 3)
  }

  // −2 log L of y ~ N(Xβ, σ² (W⁻¹ + Σ θ² Z Zᵀ)), from dense matrices.
  @Test func `weighted deviance is that of dense matrices`() throws {
    let data = LinearMixedModelTests.crossed(managers: 6, partners: 3, rows: 60, seed: 8)
    var stream = RandomStream(seed: 5, purpose: "weights")
    let weights = (0..<60).map { _ in 0.2 + 3 * stream.uniform() }
    var model = LinearMixedModel()
    model.criterion = .likelihood
    let fit = try model.fit(
      try ResponseCells(rows: data.responses, weights: weights), design: data.design, groups: data.groups)
    var v = Matrix(rows: 60, columns: 60)
    for i in 0..<60 {
      v[i, i] = fit.residualVariance / weights[i]
      for j in 0..<60 {
        for (group, component) in zip(data.groups, fit.components) where group.codes[i] == group.codes[j] {
          v[i, j] += component.variance
        }
      }
    }
    let residuals = (0..<60).map { data.responses[$0] - fit.fixedPart(data.design, row: $0) }
    let factor = try Cholesky(v)
    let half = factor.solveLower(residuals)
    let deviance = factor.logDeterminant + dot(half, half) + 60 * log(2 * Double.pi)
    expectClose(fit.deviance, deviance, relative: 1e-10)
  }

  @Test func `equal weights are no weights, but for the unit of the residual variance`() throws {
    let rows = Self.data.responses
    let plain = try LinearMixedModel().fit(
      ResponseCells(rows: rows), design: Self.data.design, groups: Self.data.groups)
    let weighted = try LinearMixedModel().fit(
      try ResponseCells(rows: rows, weights: rows.map { _ in 4 }), design: Self.data.design, groups: Self.data.groups)
    expectClose(weighted.residualVariance, 4 * plain.residualVariance, relative: 1e-7)
    expectClose(weighted.deviance, plain.deviance, relative: 1e-10)
    expectClose(weighted.components.map(\.variance), plain.components.map(\.variance), relative: 1e-6)
  }

  @Test func `weights that aren't positive are refused with their row`() {
    #expect {
      try ResponseCells(rows: [1, 2], weights: [1, 0])
    } throws: {
      "\($0)".contains("weight 0.0 in row 2")
    }
  }

  // Weights times a constant are the same question: σ² is in another unit, and nothing else changes.
  @Test(arguments: [1e-12, 1e-9, 1e9, 1e12, 1e14]) func `the common scale of weights`(_ scale: Double) throws {
    let rows = Self.data.responses
    var stream = RandomStream(seed: 9, purpose: "weights")
    let weights = rows.map { _ in 0.2 + 3 * stream.uniform() }
    func fit(_ scale: Double) throws -> LinearMixedModelFit {
      try LinearMixedModel().fit(
        try ResponseCells(rows: rows, weights: weights.map { scale * $0 }), design: Self.data.design,
        groups: Array(Self.data.groups.prefix(2)))
    }
    let (plain, scaled) = (try fit(1), try fit(scale))
    #expect(scaled.search.converged && scaled.notes == plain.notes)
    expectClose(scaled.residualVariance, scale * plain.residualVariance, relative: 1e-8)
    expectClose(scaled.components.map(\.variance), plain.components.map(\.variance), relative: 1e-8)
    expectClose(scaled.deviance, plain.deviance, relative: 1e-11)
    expectClose(
      try #require(try scaled.degreesOfFreedom()), try #require(try plain.degreesOfFreedom()), relative: 1e-6)
    let (ends, others) = (try scaled.profileIntervals(level: 0.95), try plain.profileIntervals(level: 0.95))
    let root = scale.squareRoot()
    expectClose(
      ends.dropLast().flatMap { [$0.low, $0.high] } + [ends[2].low / root, ends[2].high / root],
      others.flatMap { [$0.low, $0.high] }, relative: 1e-6)
    let (near, far) = (try plain.approximateIntervals(level: 0.95), try scaled.approximateIntervals(level: 0.95))
    expectClose(far.map(\.high), near.map(\.high), relative: 1e-5)
  }

  // Three levels of as many rows each: less their means, columns of two of them have a correlation of −1/2, √(3/2 : 1/2).
  @Test func `columns of categories are centred for the condition number`() throws {
    let codes = (0..<30).map { Int32($0 % 3) }
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: (0..<30).map { Double($0 * $0 % 7) }),
      design: DesignMatrix(
        rows: 30, terms: [.category(.init(name: "t", levels: ["a", "b", "c"], codes: codes))]), groups: [])
    expectClose(fit.conditionNumber, 3.0.squareRoot(), relative: 1e-12)
    // A column near to another one is replaced, and the number is that of the columns all the same: r = 1 − δ²/2, √((1 + r)/(1 − r)).
    var stream = RandomStream(seed: 10, purpose: "nearly")
    let (a, b) = ((0..<30).map { _ in stream.normal() }, (0..<30).map { _ in stream.normal() })
    let near = try LinearMixedModel().fit(
      ResponseCells(rows: (0..<30).map { Double($0 * $0 % 7) }),
      design: DesignMatrix(
        rows: 30,
        terms: [.number(name: "a", values: a), .number(name: "b", values: zip(a, b).map { $0 + 1e-5 * $1 })]),
      groups: [])
    #expect((1e5...1e6).contains(near.conditionNumber))
  }

  @Test func `groupings are alike whatever their levels are called`() {
    let g = LinearMixedModelTests.group("g", [0, 0, 1, 2, 1])
    #expect(g.separates(as: LinearMixedModelTests.group("n", [2, 2, 0, 1, 0])))
    #expect(g.separates(as: Grouping(name: "n", codes: [7, 7, 3, 5, 3], levelCount: 9)))
    #expect(!g.separates(as: LinearMixedModelTests.group("n", [0, 1, 2, 3, 2])))
    #expect(!g.separates(as: LinearMixedModelTests.group("n", [0, 0, 1, 1, 1])))
  }
}
