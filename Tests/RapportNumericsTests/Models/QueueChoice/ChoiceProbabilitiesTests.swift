import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct ChoiceProbabilitiesTests {
  /// One set: dense values, flag bits, and categories' columns by item.
  static func sets(
    dense: [Float], flags: [UInt16], categories: [Int32], units: [Int32]? = nil, logWeights: [Float] = []
  ) -> ChoiceSets {
    var sets = ChoiceSets(
      unitCount: dense.count, denseCount: 1, flagCount: 1, categoryCount: 1, columnCount: 3)
    sets.itemUnits = units ?? dense.indices.map { Int32($0) }
    sets.itemColumns = categories
    sets.starts = [0, dense.count]
    sets.items = dense.indices.map { Int32($0) }
    (sets.dense, sets.flags, sets.logWeights) = (dense, flags, logWeights)
    return sets
  }

  // Odds 2³ : 2 · 3 : 5 with β = (log 2, log 3, log 5): 8/19, 6/19, 5/19.
  @Test func `odds multiply over columns`() {
    let sets = Self.sets(dense: [3, 1, 0], flags: [0, 1, 0], categories: [-1, -1, 2])
    expectClose(
      sets.probabilities(columns: [log(2), log(3), log(5)]), [8.0 / 19, 6.0 / 19, 5.0 / 19], relative: 1e-12)
    // The last stands for three like it: 8, 6 and 15.
    let sampled = Self.sets(
      dense: [3, 1, 0], flags: [0, 1, 0], categories: [-1, -1, 2], logWeights: [0, 0, Float(log(3.0))])
    expectClose(
      sampled.probabilities(columns: [log(2), log(3), log(5)]), [8.0 / 29, 6.0 / 29, 15.0 / 29], relative: 1e-6)
  }

  @Test func `huge effects overflow nothing`() {
    let sets = Self.sets(dense: [1, 0, 0], flags: [0, 0, 0], categories: [-1, -1, -1])
    #expect(sets.probabilities(columns: [1e4, 0, 0]) == [1, 0, 0])
    #expect(sets.probabilities(columns: [-1e4, 0, 0]) == [0, 0.5, 0.5])
  }

  // Of few alternatives and of thousands.
  @Test(arguments: [false, true])
  func `chances of what was picked are those of each set's first`(_ weighted: Bool) {
    let (units, columns) = (ChoiceSetsFixture.units(5, seed: 51), ChoiceSetsFixture.columns)
    let sets = ChoiceSetsFixture.joined(
      ChoiceSetsFixture.random(sets: 400, units: units, columns: columns, seed: 52, weighted: weighted),
      ChoiceSetsFixture.random(sets: 3, units: units, columns: columns, seed: 53, length: 3000, weighted: weighted))
    #expect(sets.longest > 1024)
    let all = sets.probabilities(units: units, columns: columns)
    #expect(
      sets.pickedProbabilities(units: units, columns: columns) == sets.starts.dropLast().map { all[$0] })
  }

  // Two choosers are too few to show how choosers differ: each is fitted under the prior N(0, 2.5²) alone.
  @Test func `one chooser anew under a known distribution is what the model gives`() throws {
    var stream = RandomStream(seed: 3, purpose: "one chooser")
    var own = ChoiceSets(unitCount: 3, denseCount: 1, flagCount: 1, categoryCount: 0, columnCount: 2)
    for _ in 0..<60 {
      for unit in 0..<3 {
        own.items.append(Int32(own.itemUnits.count))
        own.itemUnits.append(Int32(unit))
        own.dense.append(Float(stream.normal()))
        own.flags.append(stream.uniform() < 0.5 ? 1 : 0)
      }
      // Any of the three was picked: rotate it to the front.
      let picked = own.items.count - 3 + stream.integer(below: 3)
      own.items.swapAt(own.items.count - 3, picked)
      own.dense.swapAt(own.dense.count - 3, picked)
      own.flags.swapAt(own.flags.count - 3, picked)
      own.starts.append(own.items.count)
    }
    let sets = own
    let model = QueueChoiceModel()
    let fit = try #require(model.fit(choosers: 2, columnCount: 2, threads: 1) { _ in sets }.choosers[0])
    let again = model.fit(sets, means: [0, 0], variances: [model.unitVariance, model.unitVariance])
    #expect(again.record.converged)
    expectClose(again.units, fit.units, absolute: 1e-9)
    expectClose(again.columns, fit.columns, absolute: 1e-9)
  }
}
