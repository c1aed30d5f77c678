import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

/// Satterthwaite's degrees of freedom of coefficients.
@Suite struct DegreesOfFreedomTests {
  /// Eight groups of two to nine rows, x within them, z between.
  static func unbalanced() throws -> (cells: ResponseCells, design: DesignMatrix, groups: [Grouping]) {
    let codes = (0..<8).flatMap { [Int32](repeating: $0, count: Int($0) + 2) }
    let x = codes.indices.map { Double($0 * 7 % 11) }
    let z = codes.map { Double($0 % 3) }
    let effects = [3.0, -2, 1, 4, -3, 0, 2, -4]
    let y = codes.indices.map { i -> Double in
      let fixed = 2 + 0.5 * x[i] + z[i]
      return fixed + effects[Int(codes[i])] + 2 * sin(Double(i * i))
    }
    return (
      ResponseCells(rows: y),
      try DesignMatrix(rows: y.count, terms: [.number(name: "x", values: x), .number(name: "z", values: z)]),
      [Grouping(name: "g", codes: codes, levelCount: 8)]
    )
  }

  // R 4.2.2: dense V(θ, σ), its deviance minimised by optim from lme4 1.1-31's estimates, Hessian and gradients of the
  // coefficients' variances by Richardson differences, 2 V²/(gᵀ A g) with A = 2 H⁻¹, as lmerTest 3.1-3 does.
  @Test(arguments: [
    (LinearMixedModel.Criterion.restricted, [6.744079, 35.269505, 6.073501]),
    (.likelihood, [9.280089, 36.370977, 8.123795]),
  ])
  func `agrees with an independent computation in R`(criterion: LinearMixedModel.Criterion, want: [Double]) throws {
    let data = try Self.unbalanced()
    var model = LinearMixedModel()
    model.criterion = criterion
    let fit = try model.fit(data.cells, design: data.design, groups: data.groups)
    // The differences in R are good to four or five digits.
    expectClose(try #require(try fit.degreesOfFreedom()), want, relative: 2e-4)
  }

  // Balanced: the intercept's variance is the mean square between k groups, on k − 1 degrees of freedom; x's that within, on
  // n − k − 1.
  @Test func `balanced layouts have whole degrees of freedom`() throws {
    let codes = (0..<24).map { Int32($0 / 4) }
    let x = (0..<24).map { Double($0 % 4) - 1.5 }
    let y = (0..<24).map { i in [3.0, -2, 1, 4, -3, 0][i / 4] + 0.3 * x[i] + sin(Double(i * i)) }
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: y), design: DesignMatrix(rows: 24, terms: [.number(name: "x", values: x)]),
      groups: [Grouping(name: "g", codes: codes, levelCount: 6)])
    expectClose(try #require(try fit.degreesOfFreedom()), [5, 17], relative: 1e-5)
  }

  // Without groups it is least squares, and so it is where a variance stands at zero, which counts as known.
  @Test func `least squares has n − p`() throws {
    let data = try Self.unbalanced()
    let alone = try LinearMixedModel().fit(data.cells, design: data.design, groups: [])
    #expect(try alone.degreesOfFreedom() == [41, 41, 41])
    let codes = (0..<12).map { Int32($0 % 3) }
    let even = (0..<12).map { Double($0 / 3) }
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: even), design: DesignMatrix(rows: 12, terms: []),
      groups: [Grouping(name: "g", codes: codes, levelCount: 3)])
    #expect(fit.components[0].variance == 0)
    #expect(try fit.degreesOfFreedom() == [11])
  }

  // Six groups of four: of 300 intervals of the mean 285 should hold it; normal ones hold it some 265 times.
  @Test func `intervals by Student's distribution hold the mean of few groups`() throws {
    let codes = (0..<24).map { Int32($0 / 4) }
    let design = try DesignMatrix(rows: 24, terms: [])
    let group = [Grouping(name: "g", codes: codes, levelCount: 6)]
    var (student, normal) = (0, 0)
    for table in 0..<300 {
      var stream = RandomStream(seed: 3, purpose: "few groups", unit: UInt64(table))
      let effects = (0..<6).map { _ in stream.normal() }
      let y = codes.map { effects[Int($0)] + stream.normal() }
      let fit = try LinearMixedModel().fit(ResponseCells(rows: y), design: design, groups: group)
      let (estimate, error) = (fit.coefficients[0].estimate, fit.coefficients[0].standardError)
      let freedom = try #require(try fit.degreesOfFreedom())[0]
      student += abs(estimate) <= StudentT(degreesOfFreedom: freedom).quantile(0.975) * error ? 1 : 0
      normal += abs(estimate) <= 1.96 * error ? 1 : 0
    }
    #expect(student >= 276 && student <= 296 && normal < 275, "\(student), \(normal) of 300")
  }
}
