import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct CoxFrailtyTests {
  /// Rows in strata, half of them entering late, whose levels differ by these standard deviations.
  static func sample(
    _ count: Int, deviations: [Double], levels: [Int], seed: UInt64
  ) -> (data: SurvivalData, x: [Double], groups: [Grouping]) {
    var random = RandomStream(seed: seed, purpose: "frailty")
    let effects = zip(deviations, levels).map { deviation, count in
      (0..<count).map { _ in deviation * random.normal() }
    }
    var data = SurvivalData(exits: [], events: [], entries: [], strata: [])
    var x: [Double] = []
    var codes = levels.map { _ in [Int32]() }
    for row in 0..<count {
      x.append(random.normal())
      var eta = 0.5 * x[row]
      for g in levels.indices {
        let level = random.integer(below: levels[g])
        codes[g].append(Int32(level))
        eta += effects[g][level]
      }
      let entry = row % 2 == 0 ? 0 : random.uniform()
      data.entries!.append(entry)
      data.exits.append(entry - log(random.uniform()) / exp(eta))
      data.events.append(random.uniform() < 0.8)
      data.strata!.append(Int32(row % 3))
    }
    let groups = levels.indices.map { Grouping(name: "g\($0)", codes: codes[$0], levelCount: levels[$0]) }
    return (data, x, groups)
  }

  @Test func `gradient and information are the likelihood's derivatives`() throws {
    let (data, x, groups) = Self.sample(60, deviations: [0.5, 0.5], levels: [4, 3], seed: 1)
    var tied = data
    tied.exits = data.exits.map { ($0 * 4).rounded(.up) / 4 + 1 }
    let sets = try CoxRiskSets(tied)
    let plain = CoxSweep(sets: sets, columns: CoxColumns(try CoxTests.design(x), sets), ties: .efron)
    let sweep = CoxFrailtySweep(plain, groups)
    // Seven levels and a coefficient.
    let point = [0.2, -0.1, 0.4, 0, -0.3, 0.1, 0.2, 0.3]
    func at(_ point: [Double]) -> CoxDerivatives { sweep.derivatives([point[7]], Array(point[..<7]))! }
    let here = at(point)
    let same = try #require(
      plain.derivatives([point[7]], extra: sweep.extra(Array(point[..<7])), threads: 1))
    expectClose(here.value, same.value, relative: 1e-13)
    expectClose(here.information[7, 7], same.information[0, 0], relative: 1e-11)
    for j in point.indices {
      var (up, down) = (point, point)
      up[j] += 1e-5
      down[j] -= 1e-5
      let (above, below) = (at(up), at(down))
      expectClose(here.gradient[j], (above.value - below.value) / 2e-5, relative: 1e-6, absolute: 1e-6)
      for i in j..<point.count {
        expectClose(
          here.information[i, j], -(above.gradient[i] - below.gradient[i]) / 2e-5, relative: 1e-6, absolute: 1e-6)
      }
    }
  }

  @Test func `no variance is the plain model`() throws {
    let (data, x, groups) = Self.sample(200, deviations: [0.5], levels: [10], seed: 2)
    var model = CoxFrailtyModel()
    model.variances = [0]
    let fit = try model.fit(data, design: CoxTests.design(x), groups: groups)
    expectClose(fit.coefficients[0].estimate, fit.plain.coefficients[0].estimate, relative: 1e-9)
    expectClose(fit.integratedLogLikelihood, fit.plain.logLikelihood, relative: 1e-12)
    #expect(fit.effects[0].allSatisfy { $0 == 0 })
    // Gamma effects with almost no variance are normal ones.
    model.variances = [1e-6]
    let normal = try model.fit(data, design: CoxTests.design(x), groups: groups)
    model.distribution = .gamma
    let gamma = try model.fit(data, design: CoxTests.design(x), groups: groups)
    expectClose(normal.effects[0], gamma.effects[0], relative: 1e-3)
    expectClose(normal.integratedLogLikelihood, gamma.integratedLogLikelihood, absolute: 1e-4)
  }

  // Every pair of rows that can be compared, one by one.
  @Test func `concordance counts the effects as well`() throws {
    let (data, x, groups) = Self.sample(90, deviations: [1], levels: [6], seed: 12)
    let fit = try CoxFrailtyModel().fit(data, design: CoxTests.design(x), groups: groups)
    let hazards = x.indices.map { fit.coefficients[0].estimate * x[$0] + fit.effects[0][Int(groups[0].codes[$0])] }
    var (concordant, pairs) = (0.0, 0.0)
    for i in x.indices where data.events[i] {
      for j in x.indices where data.strata![i] == data.strata![j] && data.entries![j] < data.exits[i] {
        guard data.exits[j] > data.exits[i] else { continue }
        pairs += 1
        if hazards[i] > hazards[j] { concordant += 1 }
      }
    }
    let found = fit.concordance()
    expectClose(try #require(found.value), concordant / pairs, relative: 1e-12)
    #expect(try #require(found.value) > fit.plain.concordance().value!)
  }

  @Test func `levels that don't differ have no variance`() throws {
    // The same rows at each level.
    let (one, values, _) = Self.sample(20, deviations: [0], levels: [1], seed: 5)
    func repeated<Value>(_ list: [Value]) -> [Value] { (0..<8).flatMap { _ in list } }
    let data = SurvivalData(
      exits: repeated(one.exits), events: repeated(one.events), entries: repeated(one.entries!))
    let x = repeated(values)
    let groups = [Grouping(name: "g0", codes: (0..<160).map { Int32($0 / 20) }, levelCount: 8)]
    for distribution in [CoxFrailtyModel.Distribution.normal, .gamma] {
      var model = CoxFrailtyModel()
      model.distribution = distribution
      let fit = try model.fit(data, design: CoxTests.design(x), groups: groups)
      #expect(fit.components[0].variance <= 1e-6)
      #expect(fit.notes.contains { $0.contains("boundary") })
      #expect(try #require(fit.pValue) > 0.4)
    }
  }

  @Test func `two crossed groups are told apart`() throws {
    let (data, x, groups) = Self.sample(500, deviations: [1, 0.4], levels: [12, 8], seed: 6)
    let fit = try CoxFrailtyModel().fit(data, design: CoxTests.design(x), groups: groups)
    // Twelve and eight levels: the standard deviations' own errors are a quarter of them.
    expectClose(fit.components[0].variance.squareRoot(), 1, absolute: 0.75)
    expectClose(fit.components[1].variance.squareRoot(), 0.4, absolute: 0.35)
    expectClose(fit.coefficients[0].estimate, 0.5, absolute: 4 * fit.coefficients[0].standardError)
    #expect(fit.relativeGradient <= 1e-6)
    #expect(fit.likelihoodRatio > 20)
    // The variances are the best: any other has a lower integrated likelihood.
    for change in [[1.05, 1], [0.95, 1], [1, 1.1], [1, 0.9]] {
      var model = CoxFrailtyModel()
      model.variances = zip(fit.components, change).map { $0.variance * $1 }
      let other = try model.fit(data, design: CoxTests.design(x), groups: groups)
      #expect(other.integratedLogLikelihood < fit.integratedLogLikelihood)
    }
  }

  @Test func `what can't be is refused`() throws {
    let (data, x, groups) = Self.sample(30, deviations: [0, 0], levels: [3, 3], seed: 7)
    let design = try CoxTests.design(x)
    var model = CoxFrailtyModel()
    #expect(throws: NumericsError.self) { try model.fit(data, design: design, groups: []) }
    model.variances = [-1, 0]
    #expect(throws: NumericsError.self) { try model.fit(data, design: design, groups: groups) }
    model.variances = nil
    model.distribution = .gamma
    #expect(throws: NumericsError.self) { try model.fit(data, design: design, groups: groups) }
    let separated = try CoxTests.design(data.events.map { $0 ? 1.0 : 0 })
    #expect(throws: NumericsError.self) {
      try CoxFrailtyModel().fit(data, design: separated, groups: groups)
    }
  }
}
