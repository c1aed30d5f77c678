import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct ChoiceProfileTests {
  // Four differences at once: the likelihood's own differences, alternative by alternative too, and its slopes.
  @Test(arguments: ChoiceSetsFixture.shapes)
  func `changes are those of the likelihood`(_ denseCount: Int, _ flagCount: Int) {
    let (units, columns) = (ChoiceSetsFixture.units(5, seed: 31), ChoiceSetsFixture.effects(denseCount, flagCount))
    for weighted in [false, true] {
      let sets = ChoiceSetsFixture.random(
        sets: 300, units: units, columns: columns, seed: 32, weighted: weighted, denseCount: denseCount,
        flagCount: flagCount)
      let weights = weighted ? (0..<300).map { 1 - 0.003 * Double($0) } : []
      var stream = RandomStream(seed: 33, purpose: "changes")
      let changes = (0..<5 + columns.count).map { _ in
        SIMD4(0, 1e-6 * stream.normal(), 0.3 * stream.normal(), 2 * stream.normal())
      }
      let found = ChoiceChanges(sets, units: units, columns: columns, weights: weights).at(changes)
      let here = ChoiceDerivatives(sets, units: units, columns: columns, weights: weights)
      let plain = ChoiceSetsFixture.logLikelihood(sets, units: units, columns: columns, weights: weights)
      for lane in 0..<4 {
        let newUnits = (0..<5).map { units[$0] + changes[$0][lane] }
        let newColumns = columns.indices.map { columns[$0] + changes[5 + $0][lane] }
        let there = ChoiceDerivatives(sets, units: newUnits, columns: newColumns, weights: weights)
        expectClose(
          found.values[lane], there.slopes.logLikelihood - here.slopes.logLikelihood, relative: 1e-10, absolute: 1e-11)
        expectClose(
          found.values[lane],
          ChoiceSetsFixture.logLikelihood(sets, units: newUnits, columns: newColumns, weights: weights) - plain,
          relative: 1e-10, absolute: 1e-10)
        expectClose(found.slopes.map { $0[lane] }, there.slopes.units + there.slopes.columns, absolute: 1e-10)
      }
      #expect(abs(found.values[0]) < 1e-12)
    }
  }

  /// The deviance's error by Newton's method on the likelihood with two conditions, solved with their multipliers.
  private static func plainError(
    _ fit: ChooserFit, of unit: Int, against value: Double, _ sets: ChoiceSets, _ prior: CommonColumns,
    _ variance: Double
  ) throws -> Double {
    let (unitCount, count) = (fit.units.count, fit.units.count + fit.columns.count)
    var weights = fit.unitVariances.enumerated().map { $0 == unit ? 0 : 1 / $1 }
    let total = weights.reduce(0, +)
    weights = weights.map { $0 / total }
    func objective(_ point: [Double]) -> (value: Double, slopes: [Double], curvature: Matrix) {
      let own = ChoiceDerivatives(
        sets, units: Array(point[..<unitCount]), columns: Array(point[unitCount...]), weights: fit.regularities)
      var value = own.slopes.logLikelihood
      var slopes = own.slopes.units + own.slopes.columns
      var curvature = Matrix(rows: count, columns: count)
      for j in 0..<count {
        for i in j..<count {
          curvature[i, j] =
            i < unitCount
            ? own.unitBlock[i, j]
            : j < unitCount ? own.border[i - unitCount, j] : own.columnBlock[i - unitCount, j - unitCount]
          curvature[j, i] = curvature[i, j]
        }
      }
      for k in 0..<count {
        let (mean, spread) =
          k < unitCount ? (0, variance) : (prior.means[k - unitCount], prior.variances[k - unitCount])
        value -= 0.5 * (point[k] - mean) * (point[k] - mean) / spread
        slopes[k] -= (point[k] - mean) / spread
        curvature[k, k] += 1 / spread
      }
      return (value, slopes, curvature)
    }
    let top = fit.units + fit.columns
    var point = top
    point[unit] = value
    var here = objective(point)
    for _ in 0..<30 {
      var system = Matrix(rows: count + 2, columns: count + 2)
      for j in 0..<count { for i in 0..<count { system[i, j] = here.curvature[i, j] } }
      system[unit, count] = 1
      system[count, unit] = 1
      for k in 0..<unitCount {
        system[k, count + 1] = weights[k]
        system[count + 1, k] = weights[k]
      }
      let step = try LU(system).solve(here.slopes + [0, 0])
      let gain = dot(Array(step[..<count]), here.slopes)
      if gain < 1e-12 { break }
      var length = 1.0
      while length > 1e-9 {
        let next = objective(point.indices.map { point[$0] + length * step[$0] })
        if next.value > here.value || gain < 1e-9 {
          point = point.indices.map { point[$0] + length * step[$0] }
          here = next
          break
        }
        length *= 0.5
      }
    }
    return abs(fit.units[unit] - value) / (2 * (objective(top).value - here.value)).squareRoot()
  }

  // Six and thirteen units, so that places in the four lanes fall free; picks that are taken for lapses; a nearly strict
  // rule; values near and far.
  @Test(arguments: [(6, 0.0), (13, 0), (6, 4), (6, 60)])
  func `errors by likelihood are those of Newton's method in full`(_ count: Int, _ strictness: Double) throws {
    var columns = ChoiceSetsFixture.columns
    columns[2] += strictness
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(
        sets: 400, units: ChoiceSetsFixture.units(count, seed: 41).map { 2 * $0 }, columns: columns, seed: 42),
      ChoiceSetsFixture.random(
        sets: strictness > 0 ? 8 : 1, units: [Double](repeating: 0, count: count),
        columns: [Double](repeating: 0, count: 8), seed: 43))
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
    let own = try #require(fit.choosers[0])
    #expect(own.record.converged)
    for value in [0.1, -2] {
      let errors = own.standardErrors(
        of: Array(0..<count), against: value, sets, prior: fit.common, unitVariance: model.unitVariance)
      for unit in 0..<count {
        expectClose(
          try #require(errors[unit]),
          try Self.plainError(own, of: unit, against: value, sets, fit.common, model.unitVariance), relative: 1e-5)
      }
    }
  }

  // What one set in eight says of how far from quadratic the likelihood is, against all sets: picks by a nearly strict rule and
  // by an easy one, some of them lapses, values near and far.
  @Test(arguments: [0.0, 4])
  func `a part of many sets gives nearly the errors of all`(_ strictness: Double) throws {
    var columns = ChoiceSetsFixture.columns
    columns[2] += strictness
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(
        sets: 4000, units: ChoiceSetsFixture.units(6, seed: 44).map { 2 * $0 }, columns: columns, seed: 45),
      ChoiceSetsFixture.random(
        sets: strictness > 0 ? 40 : 1, units: [Double](repeating: 0, count: 6),
        columns: [Double](repeating: 0, count: 8), seed: 46))
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
    let own = try #require(fit.choosers[0])
    #expect(own.record.converged && (strictness == 0 || !own.regularities.isEmpty))
    var farthest = 0.0
    for value in [0.3, -2] {
      func errors(_ step: Int) throws -> [Double] {
        try own.standardErrors(
          of: Array(0..<6), against: value, sets, every: step, prior: fit.common, unitVariance: model.unitVariance
        ).map { try #require($0) }
      }
      let (all, part) = (try errors(1), try errors(8))
      expectClose(part, all, relative: 0.025)
      for (error, variance) in zip(all, own.unitVariances) {
        farthest = max(farthest, abs(log(error / variance.squareRoot())))
      }
    }
    // Their curvature alone is much further away.
    #expect(farthest > 0.1)
  }

  // Whoever stands in few sets isn't told by a part of them.
  @Test func `units that stood in few sets are told by all of them`() throws {
    var joined = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(
        sets: 2600, units: [0.4, -0.3, 0.2], columns: ChoiceSetsFixture.columns, seed: 47, length: 3),
      ChoiceSetsFixture.random(
        sets: 60, units: [0, 0, 0, 1], columns: ChoiceSetsFixture.columns, seed: 48, length: 3))
    joined.unitCount = 4
    let sets = joined
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
    let own = try #require(fit.choosers[0])
    let step = try #require(sets.partStep(atMost: 32))
    #expect(sets.partStep == 8 && step > 8)
    func errors(every step: Int) -> [Double?] {
      own.standardErrors(
        of: [0, 3], against: -0.5, sets, every: step, prior: fit.common, unitVariance: model.unitVariance)
    }
    let found = own.standardErrors(
      of: [0, 3], against: -0.5, sets, prior: fit.common, unitVariance: model.unitVariance)
    #expect(found == [errors(every: step)[0], errors(every: 1)[1]])
  }

  // Unit 0 has nearly all the requests and stands in every set; what is known of it lies in the few where unit 1 stands too, and a
  // part has next to none of these.
  @Test func `one who stands nearly alone is told by all sets`() throws {
    var columns = ChoiceSetsFixture.columns
    columns[2] += 3
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(sets: 2600, units: [0], columns: columns, seed: 61, length: 3),
      ChoiceSetsFixture.random(sets: 90, units: [0, 0.5], columns: columns, seed: 62, length: 3)
    ).with(unitCount: 2)
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
    let own = try #require(fit.choosers[0])
    let step = try #require(sets.partStep(atMost: 32))
    func errors(every step: Int) -> [Double?] {
      own.standardErrors(
        of: [0, 1], against: -1, sets, every: step, prior: fit.common, unitVariance: model.unitVariance)
    }
    let found = own.standardErrors(
      of: [0, 1], against: -1, sets, prior: fit.common, unitVariance: model.unitVariance)
    #expect(found == errors(every: 1))
    // The part would have said something else.
    let part = try errors(every: step).map { try #require($0) }
    let all = try found.map { try #require($0) }
    #expect(abs(log(part[0] / all[0])) > 0.03)
  }

  @Test func `an effect isn't held against itself, nor one unit against nothing`() {
    let model = QueueChoiceModel()
    let sets = ChoiceSetsFixture.contest(30, 10)
    let fit = model.fit(choosers: 1, columnCount: 0, threads: 1) { _ in sets }
    let own = fit.choosers[0]!
    let errors = own.standardErrors(
      of: [1, 0], against: own.units[1], sets, prior: fit.common, unitVariance: model.unitVariance)
    #expect(errors[0] == nil && errors[1] != nil)
  }
}
