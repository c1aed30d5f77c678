import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

/// Hazards, residuals, concordance and the test of proportionality.
@Suite struct CoxResidualTests {
  /// As in CoxTests, by hand: θ = √2, rows 0, 1, 0 with events at 1, 2, 3.
  static let byHand = SurvivalData(exits: [1, 2, 3], events: [true, true, true])

  // ΔΛ₀: 1/(2 + θ), 1/(1 + θ), 1. Row 2 has r = θ and leaves at 2.
  @Test func `hazards and residuals, worked by hand`() throws {
    let fit = try CoxTests.fit(Self.byHand, [0, 1, 0])
    let theta = 2.0.squareRoot()
    let baseline = try #require(try fit.baselineHazards().first)
    let steps = [1 / (2 + theta), 1 / (2 + theta) + 1 / (1 + theta), 1 / (2 + theta) + 1 / (1 + theta) + 1]
    expectClose(baseline.cumulativeHazard, steps, relative: 1e-11)
    #expect(baseline.times == [1, 2, 3])
    #expect(baseline.cumulativeHazard(at: 0.9) == 0)
    #expect(baseline.cumulativeHazard(at: 2.5) == baseline.cumulativeHazard[1])
    let martingale = try fit.martingaleResiduals()
    expectClose(martingale, [1 - steps[0], 1 - theta * steps[1], 1 - steps[2]], absolute: 1e-10)
    let m = martingale[0]
    expectClose(try fit.devianceResiduals()[0], (-2 * (m + log(1 - m))).squareRoot(), relative: 1e-10)
    let curve = try fit.predictedSurvival(covariates: [1])
    expectClose(curve.survival, steps.map { exp(-theta * $0) }, relative: 1e-11)
    // S(1) = 0.66, S(2) = 0.37: the median is at 2.
    #expect(curve.median == 2)
    #expect(curve.survival(at: 0.5) == 1 && curve.standardError(at: 0.5) == 0)
    // At the first event: Var = θ² (1/(2 + θ)² + (x̄ − 1)² /(2 + θ)² V), x̄ = θ/(2 + θ).
    let mean = theta / (2 + theta) - 1
    let variance = theta * theta * (1 + mean * mean * fit.covariance[0, 0]) / ((2 + theta) * (2 + theta))
    expectClose(curve.logStandardErrors[0], variance.squareRoot(), relative: 1e-10)
  }

  @Test(arguments: [CoxTies.efron, .breslow])
  func `residuals add up`(_ ties: CoxTies) throws {
    let (data, columns) = CoxTests.sample(200, seed: 21)
    let fit = try CoxTests.fit(data, columns, ties: ties)
    let weights = data.weights!
    let martingale = try fit.martingaleResiduals()
    #expect(abs(dot(weights, martingale)) < 1e-9)
    let scores = try fit.scoreResiduals()
    // The weighted scores are the gradient, zero at the maximum; the errors' unit is one event.
    for j in 0..<3 { #expect(abs(dot(weights, scores.column(j))) < 1e-7) }
    let changes = try fit.coefficientChanges()
    var product = Matrix(rows: 3, columns: 3)
    for row in weights.indices {
      for i in 0..<3 {
        for j in 0..<3 { product[i, j] += weights[row] * weights[row] * changes[row, i] * changes[row, j] }
      }
    }
    expectClose(product.elements, fit.robustCovariance!.elements, relative: 1e-9)
  }

  @Test func `leaving a row out changes coefficients as foretold`() throws {
    let (data, columns) = CoxTests.sample(400, seed: 22)
    let fit = try CoxTests.fit(data, columns, ties: .breslow)
    let changes = try fit.coefficientChanges()
    for row in [0, 17, 100] {
      var lighter = data
      lighter.weights![row] -= 1e-4
      let other = try CoxTests.fit(lighter, columns, ties: .breslow)
      for j in 0..<3 {
        expectClose(
          (fit.coefficients[j].estimate - other.coefficients[j].estimate) / 1e-4, changes[row, j], relative: 1e-3,
          absolute: 1e-6)
      }
    }
  }

  @Test func `concordance, counted pair by pair`() throws {
    var (data, columns) = CoxTests.sample(80, seed: 23)
    // Few values, so that hazards tie.
    columns = columns.map { $0.map { ($0 * 1.5).rounded() } }
    let fit = try CoxTests.fit(data, columns)
    let eta = (0..<80).map { row in (0..<3).reduce(0) { $0 + columns[$1][row] * fit.coefficients[$1].estimate } }
    func count(_ weights: [Double]) -> [Double] {
      var counts = [Double](repeating: 0, count: 5)
      for i in 0..<80 where data.events[i] {
        for j in 0..<80 where i != j && data.strata![i] == data.strata![j] && data.entries![j] < data.exits[i] {
          let isTie = abs(eta[i] - eta[j]) < 1e-9
          let w = weights[i] * weights[j]
          if data.exits[j] == data.exits[i] && data.events[j] {
            counts[isTie ? 4 : 3] += w / 2
          } else if data.exits[j] >= data.exits[i] {
            counts[isTie ? 2 : eta[i] > eta[j] ? 0 : 1] += w
          }
        }
      }
      return counts
    }
    let counts = count(data.weights!)
    let found = fit.concordance()
    expectClose(
      [found.concordant, found.discordant, found.tiedPrediction, found.tiedTime, found.tiedBoth], counts,
      relative: 1e-12)
    func value(_ c: [Double]) -> Double { (c[0] + c[2] / 2) / (c[0] + c[1] + c[2]) }
    expectClose(try #require(found.value), value(counts), relative: 1e-12)
    // The infinitesimal jackknife, by differences: C is smooth in the weights.
    var variance = 0.0
    for row in 0..<80 {
      var (up, down) = (data.weights!, data.weights!)
      up[row] += 1e-4
      down[row] -= 1e-4
      let slope = (value(count(up)) - value(count(down))) / 2e-4
      variance += data.weights![row] * data.weights![row] * slope * slope
    }
    expectClose(try #require(found.standardError), variance.squareRoot(), relative: 1e-6)
  }

  @Test func `hazards that cross are found, proportional ones aren't`() throws {
    // x doubles hazards before 1 and halves them after.
    var random = RandomStream(seed: 4, purpose: "cox")
    var (exits, x): ([Double], [Double]) = ([], [])
    for row in 0..<1500 {
      let isHigh = row % 2 == 0
      var wait = -log(random.uniform()) / (isHigh ? 2 : 1)
      if wait > 1 { wait = 1 - log(random.uniform()) / (isHigh ? 0.5 : 1) }
      exits.append(wait)
      x.append(isHigh ? 1 : 0)
    }
    let data = SurvivalData(exits: exits, events: exits.map { _ in true })
    let crossing = try CoxTests.fit(data, x)
    for transform in ProportionalHazardsTest.Transform.allCases {
      let test = try crossing.proportionalHazardsTest(transform)
      #expect(test.tests[0].pValue < 1e-5)
      expectClose(try #require(test.global).statistic, test.tests[0].statistic, relative: 1e-12)
    }
    var (plain, columns) = CoxTests.sample(600, seed: 24)
    plain.weights = nil
    #expect(try #require(try CoxTests.fit(plain, columns).proportionalHazardsTest(.identity).global).pValue > 0.01)
  }
}
