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
    func at(_ point: [Double]) -> (value: Double, gradient: [Double], information: Matrix) {
      let here = sweep.evaluate([point[7]], Array(point[..<7]))!
      return (here.value, here.gradient, sweep.information(here))
    }
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

  /// ℓ with its derivatives in effects and coefficients by definition: each risk set summed by itself, about its own mean.
  static func byDefinition(_ sweep: CoxFrailtySweep, _ beta: [Double], _ effects: [Double]) -> CoxDerivatives {
    let (sets, g, q, p) = (sweep.sweep.sets, sweep.groupCount, sweep.levelCount, sweep.p)
    var result = CoxDerivatives(count: q + p)
    func row(_ place: Int) -> [Double] {
      var z = [Double](repeating: 0, count: q) + sweep.sweep.columns.values[place * p..<(place + 1) * p]
      for k in 0..<g { z[Int(sweep.levels[place * g + k])] = 1 }
      return z
    }
    func eta(_ place: Int) -> Double { sets.offsets[place] + dot(row(place), effects + beta) }
    for stratum in sets.strata {
      for step in stratum.steps {
        let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
        let atRisk = stratum.places.filter { sets.first[$0] <= step && step < sets.last[$0] }
        let highest = atRisk.map(eta).max()!
        let weight = events.reduce(0) { $0 + sets.weights[$1] }
        for place in events {
          result.value += sets.weights[place] * (eta(place) - highest)
          for (i, z) in row(place).enumerated() { result.gradient[i] += sets.weights[place] * z }
        }
        for k in 0..<events.count {
          let left = sweep.sweep.ties == .efron ? Double(events.count - k) / Double(events.count) : 1
          let shares = atRisk.map { place in
            sets.weights[place] * exp(eta(place) - highest) * (events.contains(place) ? left : 1)
          }
          let total = shares.reduce(0, +)
          let each = weight / Double(events.count)
          var mean = [Double](repeating: 0, count: q + p)
          for (place, share) in zip(atRisk, shares) {
            for (i, z) in row(place).enumerated() { mean[i] += share / total * z }
          }
          result.value -= each * log(total)
          for i in mean.indices { result.gradient[i] -= each * mean[i] }
          for (place, share) in zip(atRisk, shares) {
            let z = zip(row(place), mean).map { $0 - $1 }
            for j in z.indices {
              for i in j..<z.count { result.information[i, j] += each * share / total * z[i] * z[j] }
            }
          }
        }
      }
    }
    return result
  }

  /// Samples that are hard on running sums, by name.
  static func hard(_ name: String) -> (data: SurvivalData, x: [Double], groups: [Grouping]) {
    var (data, x, groups) = sample(80, deviations: [0.5, 0.5], levels: [7, 3], seed: 21)
    switch name {
    case "one group, nobody late":
      (data.entries, groups) = (nil, [groups[0]])
    case "ties":
      data.exits = data.exits.map { ($0 * 4).rounded(.up) / 4 + 1 }
    case "weights":
      data.weights = data.exits.indices.map { Double($0 % 4) * 0.7 }
    case "a level without events, one without rows":
      for row in data.events.indices where groups[0].codes[row] == 2 { data.events[row] = false }
      for row in data.events.indices where groups[1].codes[row] == 1 { groups[1].codes[row] = 0 }
    case "one level":
      groups = [Grouping(name: "g", codes: data.exits.map { _ in 0 }, levelCount: 1)]
    case "hazards of many sizes that come and go":
      // Within 0.1 of time almost everyone leaves again, and hazards run from 1 to e³⁶.
      data.exits = zip(data.entries!, data.exits).map { $0 + 0.1 * ($1 - $0) }
      data.offsets = data.exits.indices.map { 36 * Double($0 * 37 % 80) / 80 }
      data.strata = nil
    case "hazards of many sizes that stay":
      data.entries = nil
      data.offsets = data.exits.indices.map { 300 * Double($0 * 37 % 80) / 80 }
    default: break
    }
    return (data, x, groups)
  }

  @Test(arguments: [
    "strata and late entries", "one group, nobody late", "ties", "weights",
    "a level without events, one without rows", "one level", "hazards of many sizes that come and go",
    "hazards of many sizes that stay",
  ]) func `exchanged sums are those of the definition`(name: String) throws {
    let (data, x, groups) = Self.hard(name)
    for ties in [CoxTies.efron, .breslow] {
      let sets = try CoxRiskSets(data)
      let plain = CoxSweep(sets: sets, columns: CoxColumns(try CoxTests.design(x), sets), ties: ties)
      let sweep = CoxFrailtySweep(plain, groups)
      let effects = (0..<sweep.levelCount).map { 0.3 * Double($0 % 5) - 0.6 }
      let here = try #require(sweep.evaluate([0.3], effects))
      let expected = Self.byDefinition(sweep, [0.3], effects)
      expectClose(here.value, expected.value, relative: 1e-12)
      expectClose(here.gradient, expected.gradient, absolute: 1e-10)
      // Eighty rows: entries are of the order of ten. Where hazards come and go, 16² roundings of each event may be lost,
      // 5e-12 in all; a sum whose digits have gone would be off by all of it.
      expectClose(sweep.information(here).elements, expected.information.elements, absolute: 1e-11)
    }
  }

  // What the model promises of a fit, put to the test with sums by definition.
  @Test(arguments: ["strata and late entries", "ties", "weights", "a level without events, one without rows"])
  func `a fit is the mode, and its likelihood Laplace's`(name: String) throws {
    let (data, x, groups) = Self.hard(name)
    let fit = try CoxFrailtyModel().fit(data, design: CoxTests.design(x), groups: groups)
    let sweep = CoxFrailtySweep(fit.plain.sweep, groups)
    let (q, column) = (sweep.levelCount, sweep.levelCount)
    let variances = zip(fit.components, groups).flatMap { [Double](repeating: $0.variance, count: $1.levelCount) }
    let effects = fit.effects.flatMap { $0 }
    let scale = fit.plain.sweep.columns.scales[0]
    let there = Self.byDefinition(sweep, [fit.coefficients[0].estimate * scale], effects)
    expectClose(there.gradient[column], 0, absolute: 1e-8)
    var information = there.information
    var penalty = 0.0
    for j in 0..<q {
      expectClose(variances[j] * there.gradient[j], effects[j], absolute: 1e-8)
      penalty += variances[j] > 0 ? effects[j] * effects[j] / (2 * variances[j]) : 0
      for i in j...q { information[i, j] *= variances[j].squareRoot() * (i < q ? variances[i].squareRoot() : 1) }
      information[j, j] += 1
    }
    let factor = try Cholesky(information)
    let determinant = 2 * (0..<q).reduce(0) { $0 + log(factor.lower[$1, $1]) }
    expectClose(fit.integratedLogLikelihood, there.value - penalty - determinant / 2, relative: 1e-12)
    expectClose(
      fit.coefficients[0].standardError, factor.inverse[column, column].squareRoot() / scale, relative: 1e-8)
  }

  // Without optimisation, steps · levels² for each information would take many minutes here.
  @Test(.timeLimit(.minutes(3))) func `many levels are no matter`() throws {
    let (data, x, groups) = Self.sample(3000, deviations: [0.6], levels: [300], seed: 31)
    let fit = try CoxFrailtyModel().fit(data, design: CoxTests.design(x), groups: groups)
    #expect(fit.search.converged)
    #expect(fit.relativeGradient <= 1e-9)
    // 300 levels with eight events each tell a standard deviation to about 0.04.
    expectClose(fit.components[0].variance.squareRoot(), 0.6, absolute: 0.16)
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
    // More levels than memory and patience are for, refused at once.
    model.distribution = .normal
    let many = Grouping(name: "many", codes: groups[0].codes, levelCount: 6000)
    let refusal = #expect(throws: NumericsError.self) { try model.fit(data, design: design, groups: [many]) }
    #expect(refusal?.description.contains("6000 levels and 1 columns") ?? false)
    let separated = try CoxTests.design(data.events.map { $0 ? 1.0 : 0 })
    #expect(throws: NumericsError.self) {
      try CoxFrailtyModel().fit(data, design: separated, groups: groups)
    }
  }
}
