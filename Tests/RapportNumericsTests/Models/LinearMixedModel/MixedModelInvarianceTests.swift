import RapportNumerics
import RapportTestSupport
import Testing

/// What must not change an answer: the order of rows, the names of levels, how rows are gathered into cells.
@Suite struct MixedModelInvarianceTests {
  static let data = LinearMixedModelTests.crossed(managers: 10, partners: 4, rows: 250, seed: 12)

  private func fit(_ responses: ResponseCells, _ design: DesignMatrix, _ groups: [Grouping]) throws
    -> LinearMixedModelFit
  {
    try LinearMixedModel().fit(responses, design: design, groups: groups)
  }

  private func rows(_ order: [Int]) throws -> (responses: [Double], design: DesignMatrix, groups: [Grouping]) {
    let (responses, design, groups) = Self.data
    let dense = design.dense
    let terms = (1..<dense.columns).map { j in
      DesignTerm.number(name: design.names[j], values: order.map { dense[$0, j] })
    }
    return (
      order.map { responses[$0] }, try DesignMatrix(rows: order.count, terms: terms),
      groups.map { group in
        Grouping(name: group.name, codes: order.map { group.codes[$0] }, levelCount: group.levelCount)
      }
    )
  }

  private func expectSame(_ a: LinearMixedModelFit, _ b: LinearMixedModelFit) {
    expectClose(a.deviance, b.deviance, relative: 1e-11)
    expectClose(a.residualVariance, b.residualVariance, relative: 1e-8)
    expectClose(a.components.map(\.variance), b.components.map(\.variance), relative: 1e-6)
    expectClose(a.coefficients.map(\.estimate), b.coefficients.map(\.estimate), relative: 1e-8)
    expectClose(a.coefficients.map(\.standardError), b.coefficients.map(\.standardError), relative: 1e-7)
  }

  @Test(arguments: 1...3)
  func `the order of rows`(_ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "order")
    var order = Array(0..<250)
    for k in 0..<249 { order.swapAt(k, k + stream.integer(below: 250 - k)) }
    let (responses, design, groups) = try rows(order)
    let first = try rows(Array(0..<250))
    expectSame(
      try fit(ResponseCells(rows: responses), design, groups),
      try fit(ResponseCells(rows: first.responses), first.design, first.groups))
  }

  @Test func `the names of levels`() throws {
    let renamed = Self.data.groups.map { group in
      Grouping(
        name: group.name, codes: group.codes.map { Int32(group.levelCount - 1) - $0 }, levelCount: group.levelCount)
    }
    let a = try fit(ResponseCells(rows: Self.data.responses), Self.data.design, Self.data.groups)
    let b = try fit(ResponseCells(rows: Self.data.responses), Self.data.design, renamed)
    expectSame(a, b)
    expectClose(b.effects[0].reversed(), a.effects[0], relative: 1e-6, absolute: 1e-8)
  }

  @Test func `a cell split in two, and one of no rows`() throws {
    let (responses, design, groups) = try rows(Array(0..<250) + [7, 7])
    var cells = ResponseCells(rows: responses)
    // Row 7 as two halves of three equal rows, and a cell of no rows.
    cells.counts[7] = 2
    cells.sums[7] *= 2
    cells.squares[7] *= 2
    cells.counts[251] = 0
    (cells.sums[251], cells.squares[251]) = (0, 0)
    var whole = ResponseCells(rows: Array(responses[..<250]))
    whole.counts[7] = 3
    whole.sums[7] *= 3
    whole.squares[7] *= 3
    let first = try rows(Array(0..<250))
    expectSame(try fit(cells, design, groups), try fit(whole, first.design, first.groups))
  }

  @Test func `every row twice: the estimates of weights of two, with twice the rows`() throws {
    var model = LinearMixedModel()
    model.criterion = .likelihood
    let (responses, design, _) = try rows(Array(0..<250) + Array(0..<250))
    let twice = try model.fit(ResponseCells(rows: responses), design: design, groups: [])
    let first = try rows(Array(0..<250))
    let weighted = try model.fit(
      try ResponseCells(rows: first.responses, weights: first.responses.map { _ in 2 }), design: first.design,
      groups: [])
    expectClose(
      twice.coefficients.map(\.estimate), weighted.coefficients.map(\.estimate), relative: 1e-10)
    expectClose(2 * twice.residualVariance, weighted.residualVariance, relative: 1e-10)
  }

  @Test func `deviance is flat where the search ended, and rises to both sides`() throws {
    let fit = try fit(ResponseCells(rows: Self.data.responses), Self.data.design, Self.data.groups)
    let ratios = fit.components.map(\.ratio)
    for group in ratios.indices where ratios[group] > 0 {
      func at(_ h: Double) throws -> Double {
        var moved = ratios
        moved[group] += h
        return try fit.deviance(at: moved)
      }
      // Central differences of fourth order: what is left is rounding.
      let h = 1e-3
      let slope = (try at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h)
      #expect(abs(slope) < 1e-5)
      #expect(try at(0.05) > fit.deviance && at(-0.05) > fit.deviance)
    }
  }

  @Test func `posterior covariances hold variances, and those of differences`() throws {
    let fit = try fit(ResponseCells(rows: Self.data.responses), Self.data.design, Self.data.groups)
    let levels = (0..<10).map { LinearCombination.effect(group: 0, level: $0) }
    let covariance = Matrix(rows: fit.covariances(of: levels, with: levels.map { _ in levels }))
    let own = fit.uncertainty(of: levels).map(\.prediction)
    expectClose(covariance.diagonal, own, relative: 1e-8)
    let difference = fit.uncertainty(of: [.difference(group: 0, 2, 5)])[0].prediction
    expectClose(covariance[2, 2] + covariance[5, 5] - 2 * covariance[2, 5], difference, relative: 1e-8)
    expectClose(covariance.elements, covariance.transposed.elements, relative: 1e-8, absolute: 1e-12)
  }

  @Test(arguments: [1e-3, 7, 1e4]) func `the unit of a column`(scale: Double) throws {
    let first = try rows(Array(0..<250))
    let dense = first.design.dense
    let scaled = try DesignMatrix(
      rows: 250,
      terms: (1..<dense.columns).map { j in
        DesignTerm.number(name: first.design.names[j], values: (0..<250).map { scale * dense[$0, j] })
      })
    let a = try fit(ResponseCells(rows: first.responses), first.design, first.groups)
    let b = try fit(ResponseCells(rows: first.responses), scaled, first.groups)
    expectClose(b.components.map(\.variance), a.components.map(\.variance), relative: 1e-10)
    expectClose(b.residualVariance, a.residualVariance, relative: 1e-10)
  }
}
