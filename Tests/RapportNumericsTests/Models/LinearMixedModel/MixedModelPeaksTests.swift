import RapportNumerics
import RapportTestSupport
import Testing

/// Likelihoods with several peaks, and standard deviations of groups many times the residual's.
@Suite struct MixedModelPeaksTests {
  // The deviance has a minimum of 80.26 inside, and a lower one with two of the three variances at zero. lme4 1.1-31 of
  // lmer(y ~ x + (1|g0) + (1|g1) + (1|g2), weights = w, REML = FALSE): deviance 78.54712, variances 0, 0.016356 and 0, residual 0.78950.
  @Test func `the lowest of several minima, from zeros too`() throws {
    let y = [
      -1.6039580990281532, 0.08654292643106075, 1.4461325037040458, -0.7328817054363169, -0.33087256208400007,
      0.16155153748913553, -0.45625025040918976, -1.255996526003818, 0.8030880528065775, 2.7322874210642674,
      -0.6870546868930187, 0.394553208884275, 1.2465359878949906, 2.296541279737632, -0.20362855530846824,
      -0.487923356131083, -0.27448306474066664, 0.008782298548774839, 0.41666446390545164, -0.6144849414609143,
      0.3489193584158372, 0.6190377152832757, 0.6873432490484617, -0.19314112781773324, 0.5521122179748845,
      -0.836546290135419, 1.1454387493753322,
    ]
    let x = [
      -0.8054371179828683, -0.3370676186507711, -0.22921167167046988, 2.1671407430072427, 0.33657037858530797,
      -0.33719944399345064, -2.2704095635397126, -1.532226505673721, -1.3951560680160493, 0.9612255709016531,
      2.405833258374015, 1.9560223938702626, -0.0004596168086695838, 0.25177197521745653, 0.12500916650193278,
      -0.04176864167405924, -0.3480650682516608, -0.8512035843426545, 1.3442539299691447, -0.4921132902495873,
      -0.41798465921892136, 0.29757351884738636, -1.4071614332606397, -0.14984038581360015, -1.585930883838195,
      -2.221634264112378, -0.9026762311688169,
    ]
    let w = [
      0.46955317184890993, 0.2602987769992417, 0.07410514807896358, 3.4838926584426133, 4.695283989387126,
      7.980585781853523, 0.7043530749668486, 1.976721056683338, 0.1596127905186446, 0.562821052720638,
      0.3227939571768661, 3.7206687520924606, 0.7951813647853594, 1.0295905972967228, 0.41601701412712916,
      1.9384350287063548, 0.554017630612985, 0.41835442307437637, 8.68574374610866, 1.1720058895402603,
      0.5712583748045342, 2.0773315016750646, 0.2518061792096803, 0.30155669157542675, 0.83268446836924,
      0.15171038841435938, 0.1820655701558103,
    ]
    let codes: [[Int32]] = [
      [6, 10, 0, 6, 2, 4, 10, 3, 5, 9, 9, 0, 6, 2, 4, 3, 4, 10, 6, 10, 3, 0, 7, 7, 8, 3, 1],
      [3, 10, 5, 0, 8, 5, 5, 6, 8, 7, 8, 7, 4, 6, 5, 3, 5, 7, 4, 8, 4, 5, 7, 2, 0, 3, 3],
      [0, 5, 1, 1, 1, 9, 5, 4, 6, 3, 8, 2, 2, 9, 1, 5, 2, 5, 1, 9, 4, 6, 0, 5, 7, 5, 5],
    ]
    let groups = codes.enumerated().map { LinearMixedModelTests.group("g\($0)", $1) }
    let cells = try ResponseCells(rows: y, weights: w)
    let design = try DesignMatrix(rows: y.count, terms: [.number(name: "x", values: x)])
    var model = LinearMixedModel()
    model.criterion = .likelihood
    let once = try model.fit(cells, design: design, groups: groups)
    expectClose(once.deviance, 80.26010501, relative: 1e-9)
    #expect(throws: NumericsError.self) { try once.profileIntervals(level: 0.95) }
    model.startsFromZeros = true
    let fit = try model.fit(cells, design: design, groups: groups)
    expectClose(fit.deviance, 78.54711679, relative: 1e-9)
    #expect(fit.components[0].variance == 0 && fit.components[2].variance == 0)
    expectClose(fit.components[1].variance, 0.016356, relative: 1e-4)
    expectClose(fit.residualVariance, 0.78950, relative: 1e-5)
    #expect(fit.search.converged && fit.search.evaluations > once.search.evaluations)
    #expect(
      fit.notes.contains("the likelihood has more than one peak: variances are those of the highest that was found"))
    #expect(try fit.profileIntervals(level: 0.95).allSatisfy { $0.low < $0.high })
  }

  // From the same minimum each start leads to the same answer, that of the first.
  @Test func `more starts change nothing where there is one minimum`() throws {
    let data = LinearMixedModelTests.crossed(managers: 8, partners: 4, rows: 200, seed: 2)
    var model = LinearMixedModel()
    let once = try model.fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    model.startsFromZeros = true
    let again = try model.fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    #expect(again.components == once.components && again.notes == once.notes)
    #expect(again.search.evaluations > once.search.evaluations)
  }

  // A balanced one-way layout: σ² is the mean square within, σ_g² = (between − within)/n, the mean's variance between/N, with k − 1
  // degrees of freedom, and the ends of σ are in proportion to it where σ_g is far larger.
  @Test(arguments: [1e-3, 1e-5, 1e-6]) func `groups that differ by far more than rows`(_ s: Double) throws {
    var stream = RandomStream(seed: 5, purpose: "theta")
    let u = (0..<10).map { _ in stream.normal() }
    let e = (0..<60).map { _ in stream.normal() }
    func fit(_ s: Double) throws -> (fit: LinearMixedModelFit, between: Double, within: Double) {
      let y = (0..<60).map { u[$0 / 6] + s * e[$0] }
      var means = [Double](repeating: 0, count: 10)
      for k in 0..<60 { means[k / 6] += y[k] / 6 }
      let mean = means.reduce(0, +) / 10
      var (between, within) = (0.0, 0.0)
      for level in means { between += 6 * (level - mean) * (level - mean) / 9 }
      for k in 0..<60 { within += (y[k] - means[k / 6]) * (y[k] - means[k / 6]) / 50 }
      let group = LinearMixedModelTests.group("g", (0..<60).map { Int32($0 / 6) })
      let found = try LinearMixedModel().fit(
        ResponseCells(rows: y), design: LinearMixedModelTests.intercept(60), groups: [group])
      return (found, between, within)
    }
    let (found, between, within) = try fit(s)
    #expect(found.search.converged && found.notes.isEmpty)
    // y holds e to 16 − log₁₀(1/s) digits.
    expectClose(found.residualVariance, within, relative: 1e-8)
    expectClose(found.components[0].variance, (between - within) / 6, relative: 1e-8)
    expectClose(found.coefficients[0].standardError, (between / 60).squareRoot(), relative: 1e-8)
    expectClose(try #require(try found.degreesOfFreedom())[0], 9, relative: 1e-5)
    let ends = try found.profileIntervals(level: 0.95)
    let wider = try fit(1e-2)
    let scale = (within / wider.within).squareRoot()
    let others = try wider.fit.profileIntervals(level: 0.95)
    expectClose([ends[1].low, ends[1].high], [scale * others[1].low, scale * others[1].high], relative: 1e-5)
    expectClose([ends[0].low, ends[0].high], [others[0].low, others[0].high], relative: 2e-3)
  }

  // Cells that are sums of rows lie within levels as their rows do.
  @Test func `cells of far larger groups give what their rows give`() throws {
    var stream = RandomStream(seed: 6, purpose: "theta")
    let codes = (0..<48).map { Int32($0 / 8) }
    let u = (0..<6).map { _ in 1e4 * stream.normal() }
    let y = (0..<48).map { u[Int(codes[$0])] + stream.normal() }
    let rows = try LinearMixedModel().fit(
      ResponseCells(rows: y), design: LinearMixedModelTests.intercept(48),
      groups: [LinearMixedModelTests.group("g", codes)])
    let pairs = (0..<24).map { (y[2 * $0], y[2 * $0 + 1]) }
    let cells = try LinearMixedModel().fit(
      ResponseCells(
        counts: pairs.map { _ in 2 }, sums: pairs.map { $0 + $1 }, squares: pairs.map { $0 * $0 + $1 * $1 }),
      design: LinearMixedModelTests.intercept(24),
      groups: [LinearMixedModelTests.group("g", (0..<24).map { codes[2 * $0] })])
    // Squares of 10⁴ hold differences of 1 to 8 digits.
    expectClose(cells.residualVariance, rows.residualVariance, relative: 1e-6)
    expectClose(cells.components[0].variance, rows.components[0].variance, relative: 1e-6)
  }
}
