import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LinearMixedModelTests {
  static func intercept(_ rows: Int) -> DesignMatrix { try! DesignMatrix(rows: rows, terms: []) }
  static func group(_ name: String, _ codes: [Int32]) -> Grouping {
    Grouping(name: name, codes: codes, levelCount: Int(codes.max()!) + 1)
  }

  /// Crossed managers and partners with pairs, unbalanced, effects drawn from a seed.
  static func crossed(
    managers: Int, partners: Int, rows: Int, seed: UInt64
  ) -> (responses: [Double], design: DesignMatrix, groups: [Grouping]) {
    var stream = RandomStream(seed: seed, purpose: "crossed")
    let u = (0..<managers).map { _ in 0.4 * stream.normal() }
    let v = (0..<partners).map { _ in 0.7 * stream.normal() }
    var w: [Int: Double] = [:]
    var (m, p, y, x, k): ([Int32], [Int32], [Double], [Double], [Int32]) = ([], [], [], [], [])
    for _ in 0..<rows {
      let manager = stream.integer(below: managers)
      let partner = (manager + stream.integer(below: 3)) % partners
      let effect = w[manager * partners + partner] ?? 0.3 * stream.normal()
      w[manager * partners + partner] = effect
      m.append(Int32(manager))
      p.append(Int32(partner))
      x.append(stream.normal())
      k.append(Int32(stream.integer(below: 3)))
      y.append(2 + 0.5 * x.last! + [0, 0.4, -0.2][Int(k.last!)] + u[manager] + v[partner] + effect + stream.normal())
    }
    let manager = Grouping(name: "manager", codes: m, levelCount: managers)
    let partner = Grouping(name: "partner", codes: p, levelCount: partners)
    let design = try! DesignMatrix(
      rows: rows,
      terms: [
        .number(name: "x", values: x),
        .category(DesignTerm.Category(name: "kind", levels: ["a", "b", "c"], codes: k)),
      ])
    return (y, design, [manager, partner, Grouping.crossing(manager, partner).grouping])
  }

  // By hand: levels {1, 3}, {5, 7}, {9, 11}; means 2, 6, 10. Within: 3 · 2 = 6 with 3 degrees, σ² = 2. Between:
  // 2 · (16 + 0 + 16) = 64 with 2 degrees, mean square 32 = σ² + 2 σ_g², σ_g² = 15. Mean 6, variance 32/6. The effect of
  // level 0 is −4 · 15 / (15 + 2/2) = −3.75, its variance given the mean 15 · 1 / (15 + 1).
  @Test func `balanced one-way, worked by hand`() throws {
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: [1, 3, 5, 7, 9, 11]), design: Self.intercept(6),
      groups: [Self.group("g", [0, 0, 1, 1, 2, 2])])
    expectClose(fit.components[0].variance, 15, relative: 1e-8)
    expectClose(fit.residualVariance, 2, relative: 1e-8)
    expectClose(fit.coefficients[0].estimate, 6, relative: 1e-12)
    expectClose(fit.coefficients[0].standardError, (32.0 / 6).squareRoot(), relative: 1e-8)
    expectClose(fit.effects[0], [-3.75, 0, 3.75], relative: 1e-8, absolute: 1e-9)
    expectClose(
      fit.conditionalDeviations(group: 0), Array(repeating: (15.0 / 16).squareRoot(), count: 3), relative: 1e-7)
    expectClose(fit.share(of: 0), 15.0 / 17, relative: 1e-8)
    // Of a difference of two levels the mean drops out, and levels are independent given it: 2 · 15/16.
    let difference = fit.uncertainty(of: [.difference(group: 0, 0, 2)])[0]
    expectClose(difference.conditional, 2 * 15.0 / 16, relative: 1e-7)
    expectClose(difference.prediction, 2 * 15.0 / 16, relative: 1e-7)
    #expect(fit.search.converged && fit.notes.isEmpty)
  }

  // Released from its prior, level 0 is its own mean, 2, against the others' mean, 8: −6. Its variance is σ²/2 for its own
  // mean, and for the others' (σ_g² + σ²/2)/2 = 8: 9 in all.
  @Test func `an effect released from its prior, worked by hand`() throws {
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: [1, 3, 5, 7, 9, 11]), design: Self.intercept(6),
      groups: [Self.group("g", [0, 0, 1, 1, 2, 2])])
    let released = try #require(try fit.released([(.effect(group: 0, level: 0), 0, 0)])[0])
    expectClose(released.estimate, -6, relative: 1e-7)
    expectClose(released.variance, 9, relative: 1e-7)
  }

  // Without groups it is least squares: y = 1, 2, 4 on x = 0, 1, 2 has slope 3/2, constant 5/6, residual squares 1/6.
  @Test func `no groups is least squares`() throws {
    let design = try DesignMatrix(rows: 3, terms: [.number(name: "x", values: [0, 1, 2])])
    let fit = try LinearMixedModel().fit(ResponseCells(rows: [1, 2, 4]), design: design, groups: [])
    expectClose(fit.coefficients.map(\.estimate), [5.0 / 6, 1.5], relative: 1e-12)
    expectClose(fit.residualVariance, 1.0 / 6, relative: 1e-10)
    expectClose(fit.coefficients[1].standardError, (1.0 / 12).squareRoot(), relative: 1e-10)
  }

  @Test func `cells give what their rows give`() throws {
    let data = Self.crossed(managers: 12, partners: 4, rows: 300, seed: 3)
    // Without x, rows that share everything are cells.
    let codes = (0..<300).map { row -> [Int32] in
      let columns = data.design.columns[data.design.starts[row]..<data.design.starts[row + 1]]
      return [data.groups[2].codes[row]] + Array(columns)
    }
    var cellOf: [[Int32]: Int] = [:]
    var first: [Int] = []
    var cells = ResponseCells(counts: [], sums: [], squares: [])
    for row in 0..<300 {
      let y = data.responses[row]
      if let cell = cellOf[codes[row]] {
        cells.counts[cell] += 1
        cells.sums[cell] += y
        cells.squares[cell] += y * y
      } else {
        cellOf[codes[row]] = first.count
        first.append(row)
        cells.counts.append(1)
        cells.sums.append(y)
        cells.squares.append(y * y)
      }
    }
    #expect(first.count < 200)
    func kind(_ rows: [Int]) throws -> DesignMatrix {
      let values = rows.map { row in
        String(data.design.columns[data.design.starts[row]..<data.design.starts[row + 1]].last!)
      }
      return try DesignMatrix(rows: rows.count, terms: [.category(DesignTerm.Category(name: "kind", values: values))])
    }
    func groups(_ rows: [Int]) -> [Grouping] {
      data.groups.map { group in
        Grouping(name: group.name, codes: rows.map { group.codes[$0] }, levelCount: group.levelCount)
      }
    }
    let rows = Array(0..<300)
    let byRow = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses), design: kind(rows), groups: groups(rows))
    let byCell = try LinearMixedModel().fit(cells, design: kind(first), groups: groups(first))
    expectClose(byCell.deviance, byRow.deviance, relative: 1e-12)
    expectClose(byCell.coefficients.map(\.estimate), byRow.coefficients.map(\.estimate), relative: 1e-7)
    expectClose(byCell.components.map(\.variance), byRow.components.map(\.variance), relative: 1e-6, absolute: 1e-9)
    expectClose(byCell.effects[2], byRow.effects[2], relative: 1e-6, absolute: 1e-8)
  }

  @Test func `shifting and scaling the response shifts and scales the answer`() throws {
    let data = Self.crossed(managers: 10, partners: 4, rows: 200, seed: 5)
    let plain = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    let moved = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses.map { 1000 + 10 * $0 }), design: data.design, groups: data.groups)
    expectClose(moved.components.map(\.ratio), plain.components.map(\.ratio), relative: 1e-6, absolute: 1e-8)
    expectClose(moved.residualVariance, 100 * plain.residualVariance, relative: 1e-7)
    expectClose(moved.coefficients[0].estimate, 1000 + 10 * plain.coefficients[0].estimate, relative: 1e-9)
    expectClose(moved.coefficients[1].estimate, 10 * plain.coefficients[1].estimate, relative: 1e-7)
  }

  /// V = σ²I + Σ σ_g² Z Zᵀ, dense: everything the fit says, computed from the definitions.
  @Test func `agrees with dense matrices at its own variances`() throws {
    let data = Self.crossed(managers: 9, partners: 4, rows: 120, seed: 7)
    let fit = try LinearMixedModel().fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    let n = data.responses.count
    var v = fit.residualVariance * Matrix.identity(n)
    for (group, component) in zip(data.groups, fit.components) {
      for i in 0..<n {
        for j in 0..<n where group.codes[i] == group.codes[j] { v[i, j] += component.variance }
      }
    }
    let x = data.design.dense
    let cholesky = try Cholesky(v)
    let information = x.transposedTimes(cholesky.solve(x))
    let covariance = try Cholesky(information).inverse
    let beta = covariance * x.transposedTimes(cholesky.solve(data.responses))
    expectClose(fit.coefficients.map(\.estimate), beta, relative: 1e-8)
    expectClose(fit.covariance.elements, covariance.elements, relative: 1e-6, absolute: 1e-10)
    let residual = zip(data.responses, x * beta).map { $0 - $1 }
    let weighted = cholesky.solve(residual)
    let logLikelihood =
      -0.5
      * (Double(n - 4) * log(2 * .pi) + cholesky.logDeterminant + (try Cholesky(information)).logDeterminant
        + dot(residual, weighted))
    expectClose(fit.logLikelihood, logLikelihood, relative: 1e-10)
    // û = σ_g² Zᵀ V⁻¹ r; Var(û − u) = σ_g² I − σ_g² Zᵀ P Z σ_g², P = V⁻¹ − V⁻¹X (XᵀV⁻¹X)⁻¹ XᵀV⁻¹.
    for (index, group) in data.groups.enumerated() {
      let variance = fit.components[index].variance
      var z = Matrix(rows: n, columns: group.levelCount)
      for i in 0..<n { z[i, Int(group.codes[i])] = 1 }
      expectClose(fit.effects[index], z.transposedTimes(weighted).map { variance * $0 }, relative: 1e-7, absolute: 1e-9)
      let vz = cholesky.solve(z)
      let given = z.transposedTimes(vz)
      let cross = x.transposedTimes(vz)
      let full = given - cross.transposedTimes(covariance * cross)
      let got = fit.uncertainty(of: (0..<group.levelCount).map { .effect(group: index, level: $0) })
      for level in 0..<group.levelCount {
        expectClose(
          got[level].conditional, variance - variance * variance * given[level, level], relative: 1e-6, absolute: 1e-10)
        expectClose(
          got[level].prediction, variance - variance * variance * full[level, level], relative: 1e-6, absolute: 1e-10)
      }
    }
    // A fitted value: coefficients and effects together.
    let row = data.design.dense.row(0)
    let combination = LinearCombination(
      effects: data.groups.indices.map { .init(group: $0, level: Int(data.groups[$0].codes[0]), weight: 1) },
      coefficients: row)
    expectClose(
      fit.estimate(of: combination), fit.fitted(data.design, groups: data.groups)[0], relative: 1e-12)
    // Var(xᵀβ̂ + zᵀû − xᵀβ − zᵀu) = σ² − σ⁴ P₁₁: what is left of V once e is taken off.
    let unit = (0..<n).map { $0 == 0 ? 1.0 : 0 }
    let vUnit = cholesky.solve(unit)
    let xUnit = x.transposedTimes(vUnit)
    let p = vUnit[0] - dot(xUnit, covariance * xUnit)
    expectClose(
      fit.uncertainty(of: [combination])[0].prediction,
      fit.residualVariance - fit.residualVariance * fit.residualVariance * p, relative: 1e-6)
  }

  // A prior a million times wider for one level alone is no prior: its effect as a fixed column instead.
  @Test func `releasing a pair is giving it a column of its own`() throws {
    let data = Self.crossed(managers: 9, partners: 4, rows: 160, seed: 11)
    let fit = try LinearMixedModel().fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    let pair = Int(data.groups[2].codes[0])
    let manager = Int(data.groups[0].codes[0])
    let wanted = LinearCombination(effects: [
      .init(group: 0, level: manager, weight: 1), .init(group: 2, level: pair, weight: 1),
    ])
    let released = try #require(try fit.released([(wanted, 2, pair)])[0])
    let n = data.responses.count
    var v = fit.residualVariance * Matrix.identity(n)
    for (group, component) in zip(data.groups, fit.components) {
      for i in 0..<n {
        for j in 0..<n where group.codes[i] == group.codes[j] { v[i, j] += component.variance }
      }
    }
    let own = (0..<n).map { Int(data.groups[2].codes[$0]) == pair ? 1.0 : 0 }
    let x = Matrix(columns: (0..<4).map { data.design.dense.column($0) } + [own])
    let cholesky = try Cholesky(v)
    let covariance = try Cholesky(x.transposedTimes(cholesky.solve(x))).inverse
    let beta = covariance * x.transposedTimes(cholesky.solve(data.responses))
    // With its own column, δ = the column's coefficient + u_manager + w_pair, the last two predicted as usual.
    let residual = zip(data.responses, x * beta).map { $0 - $1 }
    let weighted = cholesky.solve(residual)
    var delta = beta[4]
    for i in 0..<n where Int(data.groups[0].codes[i]) == manager { delta += fit.components[0].variance * weighted[i] }
    for i in 0..<n where Int(data.groups[2].codes[i]) == pair { delta += fit.components[2].variance * weighted[i] }
    expectClose(released.estimate, delta, relative: 1e-6)
    // The plain estimate is wider than the shrunken one.
    #expect(released.variance > fit.uncertainty(of: [wanted])[0].prediction)
  }

  @Test func `nobody differs: the variance is at its boundary, and words say so`() throws {
    let rows = (0..<40).map { Double($0 % 4) }
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: rows), design: Self.intercept(40), groups: [Self.group("g", (0..<40).map { Int32($0 / 4) })])
    #expect(fit.components[0].variance == 0)
    #expect(fit.search.converged)
    expectClose(fit.residualVariance, 50.0 / 39, relative: 1e-12)
    #expect(
      fit.notes == [
        "the variance of 'g' is estimated at its boundary, zero: its levels differ no more than chance would have it"
      ])
    #expect(fit.effects[0].allSatisfy { $0 == 0 })
    let interval = try fit.approximateIntervals(level: 0.9)[0]
    #expect(interval.low == 0 && interval.high > 0 && interval.high < 1)
  }

  @Test func `columns that depend on others are left out by name`() throws {
    let x = (0..<30).map { Double($0 % 7) }
    let design = try DesignMatrix(
      rows: 30,
      terms: [
        .number(name: "x", values: x), .number(name: "twice", values: x.map { 2 * $0 + 1 }),
        .number(name: "flat", values: [Double](repeating: 3, count: 30)),
      ])
    var stream = RandomStream(seed: 1, purpose: "dropped")
    let y = x.map { 1 + $0 + stream.normal() }
    let groups = [Self.group("g", (0..<30).map { Int32($0 / 5) })]
    let fit = try LinearMixedModel().fit(ResponseCells(rows: y), design: design, groups: groups)
    #expect(fit.dropped == ["twice", "flat"])
    #expect(fit.coefficients.map(\.name) == ["(Intercept)", "x"])
    #expect(fit.notes.contains("column 'twice' depends on those before it and was left out"))
    let alone = try LinearMixedModel().fit(
      ResponseCells(rows: y), design: DesignMatrix(rows: 30, terms: [.number(name: "x", values: x)]), groups: groups)
    expectClose(fit.deviance, alone.deviance, relative: 1e-12)
  }

  @Test func `three groups nested in one another`() throws {
    var stream = RandomStream(seed: 9, purpose: "nested")
    let district = (0..<240).map { Int32($0 / 60) }
    let school = (0..<240).map { Int32($0 / 20) }
    let classroom = (0..<240).map { Int32($0 / 5) }
    let effects = (0..<64).map { _ in stream.normal() }
    let y = (0..<240).map {
      effects[Int(district[$0])] + 0.6 * effects[4 + Int(school[$0])] + 0.5 * effects[16 + Int(classroom[$0])]
        + stream.normal()
    }
    let groups = [Self.group("district", district), Self.group("school", school), Self.group("class", classroom)]
    let fit = try LinearMixedModel().fit(ResponseCells(rows: y), design: Self.intercept(240), groups: groups)
    // Balanced: mean squares give the variances in closed form where all are positive.
    func meanSquare(_ codes: [Int32], in outer: [Int32]?) -> (sum: Double, levels: Int) {
      func means(_ codes: [Int32]) -> [Double] {
        (0...Int(codes.max()!)).map { level in
          let own = codes.indices.filter { Int(codes[$0]) == level }
          return own.reduce(0) { $0 + y[$1] } / Double(own.count)
        }
      }
      let inner = means(codes)
      let outerMeans = outer.map(means)
      let grand = y.reduce(0, +) / 240
      var sum = 0.0
      for i in y.indices {
        let reference = outerMeans.map { $0[Int(outer![i])] } ?? grand
        sum += pow(inner[Int(codes[i])] - reference, 2)
      }
      return (sum, inner.count)
    }
    let d = meanSquare(district, in: nil)
    let s = meanSquare(school, in: district)
    let c = meanSquare(classroom, in: school)
    let e = meanSquare((0..<240).map { Int32($0) }, in: classroom)
    let (msD, msS, msC, msE) = (d.sum / 3, s.sum / 8, c.sum / 36, e.sum / 192)
    expectClose(fit.residualVariance, msE, relative: 1e-6)
    expectClose(fit.components[2].variance, (msC - msE) / 5, relative: 1e-5)
    expectClose(fit.components[1].variance, (msS - msC) / 20, relative: 1e-5)
    expectClose(fit.components[0].variance, (msD - msS) / 60, relative: 1e-5)
    expectClose(
      fit.uncertainty(of: [.effect(group: 2, level: 7)])[0].conditional.squareRoot(),
      fit.conditionalDeviations(group: 2)[7], relative: 1e-12)
  }

  // Var(a − b) = Var a + Var b − 2 Cov(a, b), and Cov(a, a) = Var a, for effects of every group and for coefficients.
  @Test func `covariances are those of the variances of differences`() throws {
    let data = Self.crossed(managers: 40, partners: 7, rows: 600, seed: 5)
    let fit = try LinearMixedModel().fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    var combinations = data.groups.indices.flatMap { group in
      [0, 3, 6].map { LinearCombination.effect(group: group, level: $0) }
    }
    let columns = fit.coefficients.count
    let (some, last) = ((0..<columns).map { 1 / Double(1 + $0) }, (0..<columns).map { $0 == columns - 1 ? -1.0 : 0 })
    combinations.append(LinearCombination(effects: [], coefficients: some))
    combinations.append(LinearCombination(effects: [.init(group: 0, level: 1, weight: 2)], coefficients: last))
    let variances = fit.uncertainty(of: combinations).map(\.prediction)
    for (i, one) in combinations.enumerated() {
      let covariances = fit.covariances(of: one, with: combinations)
      expectClose(covariances[i], variances[i], relative: 1e-9)
      for (j, other) in combinations.enumerated() where j != i {
        func weights(_ c: LinearCombination) -> [Double] {
          c.coefficients.isEmpty ? [Double](repeating: 0, count: columns) : c.coefficients
        }
        let difference = LinearCombination(
          effects: one.effects + other.effects.map { .init(group: $0.group, level: $0.level, weight: -$0.weight) },
          coefficients: zip(weights(one), weights(other)).map { $0 - $1 })
        expectClose(
          fit.uncertainty(of: [difference])[0].prediction, variances[i] + variances[j] - 2 * covariances[j],
          relative: 1e-8, absolute: 1e-12)
      }
    }
  }

  @Test func `finds what was put in`() throws {
    let data = Self.crossed(managers: 150, partners: 12, rows: 4000, seed: 21)
    let fit = try LinearMixedModel().fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    #expect(fit.search.converged)
    // Four standard errors: √(2/levels) times the variance of a level's mean, 0.16 + 0.2/3, 0.49, 0.09 + 1/9, 1.
    expectClose(fit.components[0].variance, 0.16, absolute: 0.11)
    expectClose(fit.components[1].variance, 0.49, absolute: 0.8)
    expectClose(fit.components[2].variance, 0.09, absolute: 0.055)
    expectClose(fit.residualVariance, 1, absolute: 0.1)
    expectClose(fit.coefficients[1].estimate, 0.5, absolute: 4 * fit.coefficients[1].standardError)
    // The curvature's intervals hold the truth here.
    let intervals = try fit.approximateIntervals(level: 0.99)
    for (interval, truth) in zip(intervals, [0.16, 0.49, 0.09]) {
      #expect(interval.low < truth && truth < interval.high)
    }
  }

  @Test(arguments: [
    (3, [Int32]([0, 0, 0]), "group 'g' has 3 codes, expected one per cell, 4"),
    (4, [0, 0, 1, 5], "group 'g' has a code outside 0 to 1"),
  ])
  func `shapes that disagree are refused with place and numbers`(_ rows: Int, _ codes: [Int32], _ message: String) {
    let group = Grouping(name: "g", codes: codes, levelCount: 2)
    #expect(throws: NumericsError.invalidInput(message)) {
      try LinearMixedModel().fit(
        ResponseCells(rows: [1, 2, 3, 5]), design: Self.intercept(4), groups: [group])
    }
  }

  @Test func `responses without residual, and too few rows, are refused`() {
    #expect(
      throws: NumericsError.invalidInput(
        "the response is fitted exactly, so that there is no residual variance to estimate")
    ) {
      try LinearMixedModel().fit(
        ResponseCells(rows: [2, 2, 2, 2]), design: Self.intercept(4), groups: [Self.group("g", [0, 0, 1, 1])])
    }
    #expect(throws: NumericsError.invalidInput("1 rows can't determine 1 fixed columns and a variance")) {
      try LinearMixedModel().fit(ResponseCells(rows: [2]), design: Self.intercept(1), groups: [])
    }
    #expect(throws: NumericsError.invalidInput("the design has 3 rows, expected one per cell, 4")) {
      try LinearMixedModel().fit(ResponseCells(rows: [2, 1, 2, 2]), design: Self.intercept(3), groups: [])
    }
    #expect(throws: NumericsError.invalidInput("cell 2 holds a count, sum or square that isn't a finite number")) {
      try LinearMixedModel().fit(ResponseCells(rows: [2, .nan]), design: Self.intercept(2), groups: [])
    }
  }
}
