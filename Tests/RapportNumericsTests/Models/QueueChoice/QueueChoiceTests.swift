import Glibc
@testable import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct QueueChoiceTests {
  static let flat = ColumnPrior(means: [], variances: [])

  // Unit 0 against unit 1, picked 30 and 10 times: log odds log 3, variance of the difference 1/30 + 1/10. A prior of
  // variance 10⁶ moves neither by 10⁻⁶.
  @Test func `a contest of two by hand`() {
    let fit = ChooserFit.fit(
      ChoiceSetsFixture.contest(30, 10), prior: Self.flat, unitVariance: 1e6, start: nil)
    #expect(fit.record.converged)
    expectClose(fit.units[0] - fit.units[1], log(3), relative: 1e-6)
    expectClose(fit.unitVariances[0] + fit.unitVariances[1], 1.0 / 30 + 1.0 / 10, relative: 1e-5)
    expectClose(fit.logLikelihood, 30 * log(0.75) + 10 * log(0.25), relative: 1e-9)
  }

  // One pick of 3,001 goes against all the others: taken as it is, log odds are log 3000; as a lapse, it hardly counts.
  @Test func `lapses are set aside, or not`() {
    let sets = ChoiceSetsFixture.contest(3000, 1)
    var model = QueueChoiceModel()
    model.priorDeviation = 1000
    let robust = model.fit(sets, means: [], variances: [])
    #expect(robust.regularities.last! < 0.5 && robust.units[0] - robust.units[1] > log(3000) + 0.3)
    model.setsLapsesAside = false
    let plain = model.fit(sets, means: [], variances: [])
    #expect(plain.regularities.isEmpty)
    expectClose(plain.units[0] - plain.units[1], log(3000), relative: 1e-5)
  }

  // A strict rule for 150 picks and none for 105: it takes 14 rounds to tell which picks follow it. Begun where it ended a fit
  // stays there; one that was stopped before is told as what it is.
  @Test(arguments: [UInt64(116), 217])
  func `lapses are told from picks by the rule until they settle`(_ seed: UInt64) {
    let units = [0.0, 0, 0, 0]
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(sets: 150, units: units, columns: [60, 0, 0, 0, 0, 0, 0, 0], seed: seed, length: 12),
      ChoiceSetsFixture.random(
        sets: 105, units: units, columns: [Double](repeating: 0, count: 8), seed: seed + 100, length: 12))
    let prior = ColumnPrior(means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    let fit = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil)
    #expect(fit.record.converged)
    let again = ChooserFit.fit(
      sets, prior: prior, unitVariance: 6.25, start: (fit.units, fit.columns, fit.regularities))
    #expect(again.record.converged && again.regularities == fit.regularities)
    let stopped = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil, mostRounds: 12)
    #expect(!stopped.record.converged && stopped.record.stop == .evaluations)
  }

  @Test func `conjugate gradients end where the dense arrow ends`() {
    let units = ChoiceSetsFixture.units(12, seed: 3)
    let sets = ChoiceSetsFixture.random(sets: 400, units: units, columns: ChoiceSetsFixture.columns, seed: 4)
    let prior = ColumnPrior(
      means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    let dense = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil)
    let sparse = ChooserFit.fitLarge(sets, prior: prior, unitVariance: 6.25, weights: [], start: nil)
    #expect(dense.record.converged && sparse.record.converged)
    for k in 0..<12 { expectClose(sparse.units[k], dense.units[k], absolute: 1e-4) }
    for j in 0..<8 { expectClose(sparse.columns[j], dense.columns[j], absolute: 1e-4) }
    expectClose(sparse.logLikelihood, dense.logLikelihood, absolute: 1e-6)
    // What conjugate gradients leave out of variances, units competing with each other, is a few parts in a hundred here.
    for k in 0..<12 { expectClose(sparse.unitVariances[k], dense.unitVariances[k], relative: 0.2) }
  }

  // Each set holds a unit of the first six and one of the others, and the first column hardly tells more than which of them is
  // which: the units' block is twice its diagonal where they differ, and with its diagonal alone nothing would be left of
  // what the column is worth but a negative number.
  @Test func `columns that go with units are worth what they are, however many units there are`() {
    let flat = ChoiceSetsFixture.random(
      sets: 1200, units: [Double](repeating: 0, count: 12), columns: [Double](repeating: 0, count: 8), seed: 63,
      length: 2)
    var sets = ChoiceSets(unitCount: 12, denseCount: 1, flagCount: 0, categoryCount: 0, columnCount: 1)
    for set in 0..<flat.count {
      let isFirst = set % 2 == 0
      for (k, r) in (flat.starts[set]..<flat.starts[set + 1]).enumerated() {
        let ofFirst = isFirst == (k == 0)
        sets.itemUnits.append(Int32(flat.unit(r) / 2 + (ofFirst ? 0 : 6)))
        sets.items.append(Int32(sets.itemUnits.count - 1))
        sets.dense.append((ofFirst ? 1 : 0) + 0.1 * flat.dense[2 * r])
        sets.flags.append(0)
      }
      sets.starts.append(sets.items.count)
    }
    let prior = ColumnPrior(means: [0], variances: [6.25])
    let dense = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil, setsLapsesAside: false)
    let sparse = ChooserFit.fitLarge(sets, prior: prior, unitVariance: 6.25, weights: [], start: nil)
    #expect(dense.record.converged && sparse.record.converged)
    expectClose(sparse.columns, dense.columns, absolute: 1e-4)
    expectClose(sparse.columnCovariance[0, 0], dense.columnCovariance[0, 0], relative: 1e-6)
    expectClose(sparse.columnInformation[0, 0], dense.columnInformation[0, 0], relative: 1e-6)
    expectClose(sparse.columnEvidence, dense.columnEvidence, absolute: 1e-3)
    #expect(sparse.columnInformation[0, 0] > 0)
  }

  // A part of so many sets is where the search begins; it ends where it would from nothing.
  @Test func `a search that begins at a part ends at the same maximum`() {
    let units = ChoiceSetsFixture.units(6, seed: 51)
    let sets = ChoiceSetsFixture.random(
      sets: 2400, units: units, columns: ChoiceSetsFixture.columns, seed: 52, weighted: true)
    let prior = ColumnPrior(means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    let part = sets.every(8)
    #expect(part.isConsistent && part.count == 300 && sets.partStep == 8)
    for (k, set) in stride(from: 0, to: 2400, by: 8).enumerated() {
      let (own, whole) = (part.starts[k]..<part.starts[k + 1], sets.starts[set]..<sets.starts[set + 1])
      #expect(own.map { part.unit($0) } == whole.map { sets.unit($0) } && part.flags[own] == sets.flags[whole])
      func levels(_ sets: ChoiceSets, _ range: Range<Int>) -> [[Int32]] {
        sets.items[range].map(Int.init).map { Array(sets.itemColumns[2 * $0..<2 * $0 + 2]) }
      }
      #expect(levels(part, own) == levels(sets, whole))
      #expect(part.logWeights[own] == sets.logWeights[whole])
      #expect(
        part.dense[2 * own.lowerBound..<2 * own.upperBound] == sets.dense[2 * whole.lowerBound..<2 * whole.upperBound])
    }
    let fit = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil, setsLapsesAside: false)
    let plain = ChoiceSearch(sets: sets, prior: prior, unitVariance: 6.25, weights: [], passing: 1e-14)
      .climb([Double](repeating: 0, count: 6), prior.means)
    #expect(fit.record.converged && fit.record.evaluations < plain.record.evaluations)
    for k in 0..<6 { expectClose(fit.units[k], plain.units[k], absolute: 1e-7) }
    for j in 0..<8 { expectClose(fit.columns[j], plain.columns[j], absolute: 1e-7) }
  }

  // Unit 4 stands in 60 sets of 2,600, none of which is in the part, and is picked whenever it is: the part says that its
  // effect may be anything.
  @Test func `a unit that a part doesn't know is found all the same`() {
    let units = [0.4, -0.3, 0.2, 0.1]
    var sets = ChoiceSetsFixture.random(
      sets: 2600, units: units, columns: ChoiceSetsFixture.columns, seed: 57, length: 3)
    sets.unitCount = 5
    for set in stride(from: 3, to: 480, by: 8) {
      let first = sets.items[sets.starts[set]]
      sets.itemUnits[Int(first)] = 4
    }
    let prior = ColumnPrior(means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    #expect(sets.partStep == 8 && sets.count(withUnit: 4) == 60 && sets.every(8).count(withUnit: 4) == 0)
    let fit = ChooserFit.fit(sets, prior: prior, unitVariance: 6.25, start: nil, setsLapsesAside: false)
    #expect(fit.record.converged && fit.record.evaluations < 16)
    let slopes = ChoiceSlopes(sets, units: fit.units, columns: fit.columns, weights: [])
    for k in 0..<5 { expectClose(slopes.units[k], fit.units[k] / 6.25, absolute: 1e-3) }
    for j in 0..<8 { expectClose(slopes.columns[j], fit.columns[j] / 6.25, absolute: 1e-3) }
  }

  // Errors, and what columns are worth, are those of the whole likelihood's curvature where the search ended: by the full Hessian
  // there. The rule is nearly strict, unit 1 is picked a few times only, and fits that lead to another end further from the maximum.
  @Test(arguments: [nil, 1e-4]) func `what a fit tells is of all sets, at its end`(_ passing: Double?) {
    var columns = ChoiceSetsFixture.columns
    columns[2] += 4
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(sets: 2540, units: [0], columns: columns, seed: 58, length: 3),
      ChoiceSetsFixture.random(sets: 60, units: [0, -2.5], columns: columns, seed: 59, length: 3)
    ).with(unitCount: 2)
    #expect(sets.partStep == 8)
    let prior = ColumnPrior(means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    func fit(tellsColumns: Bool) -> ChooserFit {
      ChooserFit.fit(
        sets, prior: prior, unitVariance: 6.25, start: nil, passing: passing, tellsColumns: tellsColumns,
        setsLapsesAside: false)
    }
    let found = fit(tellsColumns: true)
    let arrow = Arrow(
      ChoiceDerivatives(sets, units: found.units, columns: found.columns, weights: []), prior: prior, unitVariance: 6.25
    )
    let (own, whole) = (found.columnInformation, arrow.columnInformation(prior))
    for j in 0..<8 { expectClose(own[j, j], whole[j, j], relative: 0.005) }
    let variances = QuasiVariances.fit(arrow.unitCovariance()).values
    for k in 0..<2 { expectClose(found.unitVariances[k], variances[k], relative: 0.01) }
    guard passing != nil else { return }
    // One set in eight tells another story.
    let part = fit(tellsColumns: false).columnInformation
    let farthest = (0..<8).map { abs(log(part[$0, $0] / whole[$0, $0])) }.max()!
    #expect(farthest > 0.02)
  }

  // Under another prior effects move; where to, the quadratic likelihood tells to second order.
  @Test func `a fit is moved to another prior`() throws {
    let sets = ChoiceSetsFixture.random(
      sets: 400, units: ChoiceSetsFixture.units(6, seed: 53), columns: ChoiceSetsFixture.columns, seed: 54)
    let wide = ColumnPrior(means: [Double](repeating: 0, count: 8), variances: [Double](repeating: 6.25, count: 8))
    let fit = ChooserFit.fit(sets, prior: wide, unitVariance: 6.25, start: nil, setsLapsesAside: false)
    let common = CommonColumns(
      means: [Double](repeating: 0.3, count: 8), variances: [Double](repeating: 0.05, count: 8), choosers: 3)
    let narrow = ColumnPrior(means: common.means, variances: common.variances)
    let found = ChooserFit.fit(sets, prior: narrow, unitVariance: 6.25, start: nil, setsLapsesAside: false)
    let moved = common.moved(fit)
    func distance(_ units: [Double], _ columns: [Double]) -> Double {
      zip(units + columns, found.units + found.columns).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(distance(moved.units, moved.columns) < 0.1 * distance(fit.units, fit.columns))
  }

  // Six choosers with 400 picks each; estimates lie within four standard errors of what was planted, and squared
  // z-scores of units' effects average one.
  @Test func `planted effects are found`() {
    let planted = (0..<6).map { ChoiceSetsFixture.units(10, seed: 100 + UInt64($0)) }
    let sets = (0..<6).map {
      ChoiceSetsFixture.random(
        sets: 400, units: planted[$0], columns: ChoiceSetsFixture.columns, seed: 200 + UInt64($0))
    }
    let fit = QueueChoiceModel().fit(choosers: 6, columnCount: 8, threads: 2) { sets[$0] }
    for (j, column) in ChoiceSetsFixture.columns.enumerated() {
      expectClose(
        fit.common.means[j], column,
        absolute: 4 * (fit.common.meanVariances[j] + fit.common.variances[j] / 6).squareRoot())
    }
    var squares = 0.0
    for (chooser, units) in zip(fit.choosers, planted) {
      let own = chooser!
      #expect(own.record.converged && own.regularities.allSatisfy { $0 > 0.5 })
      let weights = own.unitVariances.map { 1 / $0 }
      let total = weights.reduce(0, +)
      let shift = zip(weights, zip(own.units, units)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) } / total
      for k in 0..<10 {
        let z = own.units[k] - units[k] - shift
        squares += z * z / own.unitVariances[k]
      }
    }
    // 60 effects less one shift per chooser.
    expectClose(squares / 54, 1, absolute: 4 * (2.0 / 54).squareRoot())
    // Threads don't change a bit.
    let again = QueueChoiceModel().fit(choosers: 6, columnCount: 8, threads: 1) { sets[$0] }
    #expect(again.common == fit.common)
    #expect(zip(again.choosers, fit.choosers).allSatisfy { $0!.units == $1!.units })
  }

  /// A chooser who always picks the item with the first flag, in sets of ten.
  static func strict(contradictions: Int) -> ChoiceSets {
    var sets = ChoiceSetsFixture.random(
      sets: 400, units: [Double](repeating: 0, count: 6), columns: [0, 0, 60, 0, 0, 0, 0, 0], seed: 9, length: 10)
    // Some picks of somebody else, by unit 5.
    var changed = 0
    for set in 0..<sets.count where changed < contradictions {
      let range = sets.starts[set] + 1..<sets.starts[set + 1]
      guard let other = range.first(where: { sets.unit($0) == 5 }), sets.unit(sets.starts[set]) != 5 else { continue }
      let first = sets.starts[set]
      sets.items.swapAt(first, other)
      sets.flags.swapAt(first, other)
      for d in 0..<2 { sets.dense.swapAt(2 * first + d, 2 * other + d) }
      changed += 1
    }
    return sets
  }

  @Test func `a strict rule separates the data and says nothing of units`() {
    let fit = QueueChoiceModel().fit(choosers: 1, columnCount: 8, threads: 1) { _ in Self.strict(contradictions: 0) }
    let own = fit.choosers[0]!
    #expect(own.record.converged)
    #expect(own.units.allSatisfy { abs($0) < 0.5 })
    #expect(own.columns[2] > 5)
    for k in 0..<6 { #expect(own.unitVariances[k].squareRoot() > 1) }
  }

  // In a contest of two the likelihood is known: with the difference at zero it is n log ½.
  @Test func `errors by likelihood are those of the deviance`() throws {
    let sets = ChoiceSetsFixture.contest(30, 10)
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 0, threads: 1) { _ in sets }
    let own = fit.choosers[0]!
    let error = try #require(
      own.standardErrors(of: [0], against: own.units[1], sets, prior: fit.common, unitVariance: model.unitVariance)[0])
    let deviance = 2 * (30 * log(0.75) + 10 * log(0.25) - 40 * log(0.5))
    // The prior of 2.5 takes a little.
    expectClose(error, log(3) / deviance.squareRoot(), relative: 0.05)
  }

  @Test func `picks as even as the model expects have dispersion one, and waves more`() {
    let units = ChoiceSetsFixture.units(8, seed: 21)
    let columns = ChoiceSetsFixture.columns
    let even = ChoiceSetsFixture.random(sets: 1200, units: units, columns: columns, seed: 22)
    let model = QueueChoiceModel()
    let fit = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in even }
    let dispersion = ChoiceDispersion(even, fit.choosers[0]!)
    #expect(dispersion.degreesOfFreedom > 100)
    expectClose(dispersion.factor, 1, absolute: 4 * (2 / dispersion.degreesOfFreedom).squareRoot())
    // The same picks with effects that turn round halfway.
    let all = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(sets: 600, units: units.map { 3 * $0 }, columns: columns, seed: 23),
      ChoiceSetsFixture.random(sets: 600, units: units.map { -3 * $0 }, columns: columns, seed: 24))
    let wavy = model.fit(choosers: 1, columnCount: 8, threads: 1) { _ in all }
    #expect(ChoiceDispersion(all, wavy.choosers[0]!).factor > 2)
  }

  // Forty choosers as even as expected: their φ scatter about 1 like χ²(700)/700, and widen nobody's errors but by their
  // mean. One who isn't even keeps most of his own φ.
  @Test func `dispersions that differ by chance alone are shared`() {
    var stream = RandomStream(seed: 41, purpose: "dispersions")
    var dispersions = (0..<40).map { _ in
      ChoiceDispersion(factor: stream.gamma(shape: 350) / 350, degreesOfFreedom: 700)
    }
    let even = ChoiceDispersion.moderated(dispersions).reduce(0, +) / 40
    let cut = dispersions.reduce(0) { $0 + max(1, $1.factor) } / 40
    #expect(even - 1 < 0.5 * (cut - 1), "\(even), one by one \(cut)")
    dispersions.append(ChoiceDispersion(factor: 4, degreesOfFreedom: 700))
    #expect(ChoiceDispersion.moderated(dispersions)[40] > 2.5)
    #expect(ChoiceDispersion.moderated([]) == [])
    #expect(ChoiceDispersion.moderated([ChoiceDispersion(factor: 1, degreesOfFreedom: 0)]) == [1])
    // One alone keeps its own, and doesn't lend it to those who say nothing: (5 + 700 · 1.8)/705, (5 + 2 · 6)/7 and 1.
    let alone = ChoiceDispersion.moderated([
      ChoiceDispersion(factor: 1.8, degreesOfFreedom: 700), ChoiceDispersion(factor: 6, degreesOfFreedom: 2),
      ChoiceDispersion(factor: 0.2, degreesOfFreedom: 0),
    ])
    expectClose(alone, [1265.0 / 705, 17.0 / 7, 1], relative: 1e-12)
    // One who says nothing doesn't hide that others differ.
    dispersions[0] = ChoiceDispersion(factor: 1, degreesOfFreedom: 0.1)
    #expect(ChoiceDispersion.moderated(dispersions)[40] > 2.5)
  }

  // Two units: what one has too much the other has too little, in each of 24 periods, so that both tell 23 degrees of freedom
  // between them; counted twice they would be 40 or more.
  @Test func `residuals of two units count once`() {
    let sets = ChoiceSetsFixture.random(sets: 1200, units: [0, 0.3], columns: ChoiceSetsFixture.columns, seed: 61)
    let fit = QueueChoiceModel().fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
    let degrees = ChoiceDispersion(sets, fit.choosers[0]!).degreesOfFreedom
    #expect(degrees > 20 && degrees < 28, "\(degrees)")
  }

  // φ over 120 tables of picks as even as the model expects: its mean is 1, and it scatters as its degrees of freedom say. Two
  // periods tell half of what they would if they didn't mirror each other; 120 tables know d to a factor of 1.3.
  @Test(arguments: [(100, 6), (300, 10)])
  func `dispersion scatters as its degrees of freedom say`(count: Int, units: Int) {
    let own = ChoiceSetsFixture.units(units, seed: 71)
    let found = (0..<120).map { table -> ChoiceDispersion in
      let sets = ChoiceSetsFixture.random(
        sets: count, units: own, columns: ChoiceSetsFixture.columns, seed: UInt64(1000 + table))
      let fit = QueueChoiceModel().fit(choosers: 1, columnCount: 8, threads: 1) { _ in sets }
      return ChoiceDispersion(sets, fit.choosers[0]!)
    }
    let factors = Moments(found.map(\.factor))
    let degrees = found.reduce(0) { $0 + $1.degreesOfFreedom } / 120
    let scattered = 2 * factors.mean * factors.mean / factors.variance!
    #expect(abs(factors.mean - 1) < 0.1, "\(factors.mean)")
    #expect(degrees / scattered > 0.7 && degrees / scattered < 1.4, "\(degrees), scattered like \(scattered)")
  }

  @Test func `residuals sum to nothing, and to each item's surprise`() {
    let sets = ChoiceSetsFixture.contest(3, 1)
    let residuals = ChoiceResiduals(sets, chances: sets.probabilities(columns: []))
    // Treated alike each has one half: 3 − 2 and 1 − 2.
    #expect(residuals.values == [1, -1])
    #expect(residuals.variances == [1, 1])
  }
}
