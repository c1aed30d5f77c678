import Glibc
@testable import RapportNumerics
import RapportTestSupport
import Testing

/// Effects without the one item that sets them apart most, against leaving items out one by one.
@Suite struct ChooserDeletionTests {
  /// One queue worked off from the oldest on by four units' items, but that the first of unit 0 waits for `passes` picks.
  private static func queue(sets count: Int, passes: Int, seed: UInt64) -> ChoiceSets {
    var sets = ChoiceSets(unitCount: 4, denseCount: 0, flagCount: 1, categoryCount: 0, columnCount: 1)
    var stream = RandomStream(seed: seed, purpose: "queue")
    var open: [Int32] = []
    func enter(_ unit: Int) {
      sets.itemUnits.append(Int32(unit))
      open.append(Int32(sets.itemUnits.count - 1))
    }
    for unit in [0, 1, 2, 3, 1] { enter(unit) }
    for set in 0..<count {
      // Now and then the next but one comes first, so that units' chances are known.
      let place = set < passes || stream.uniform() < 0.02 ? 1 : 0
      let picked = open.remove(at: place)
      sets.items += [picked] + open
      // The flag of the oldest.
      sets.flags += place == 0 ? [1, 0, 0, 0, 0] : [0, 1, 0, 0, 0]
      sets.starts.append(sets.items.count)
      enter(stream.integer(below: 4))
    }
    return sets
  }

  private static func fit(_ sets: ChoiceSets) throws -> ChooserFit {
    let fit = QueueChoiceModel().fit(choosers: 1, columnCount: sets.columnCount, threads: 1) { _ in sets }
    let own = try #require(fit.choosers[0])
    #expect(own.record.converged)
    return own
  }

  /// The effect of a unit without an item, by bisection of the slope of what is left.
  private static func plain(_ fit: ChooserFit, _ sets: ChoiceSets, unit: Int, without item: Int) -> Double {
    let shares = sets.probabilities(units: fit.units, columns: fit.columns)
    func slope(_ change: Double) -> Double {
      var sum = -(fit.units[unit] + change) / QueueChoiceModel().unitVariance
      for set in 0..<sets.count {
        let own = sets.starts[set]..<sets.starts[set + 1]
        if Int(sets.items[own.lowerBound]) == item { continue }
        var (mine, others) = (0.0, 0.0)
        for r in own where Int(sets.items[r]) != item {
          if sets.unit(r) == unit { mine += shares[r] * exp(change) } else { others += shares[r] }
        }
        if mine + others == 0 { continue }
        let weight = fit.regularities.isEmpty ? 1 : fit.regularities[set]
        sum += weight * ((sets.unit(own.lowerBound) == unit ? 1 : 0) - mine / (mine + others))
      }
      return sum
    }
    var (low, high) = (-30.0, 30.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    return fit.units[unit] + low
  }

  // Against values on either side, with and without an item that is passed over.
  @Test(arguments: [(0, 5.0), (3, 5), (6, 5), (0, -5), (6, -5)])
  func `the item that sets a unit apart most is the one of all`(_ passes: Int, _ value: Double) throws {
    let sets = Self.queue(sets: 150, passes: passes, seed: 71)
    let own = try Self.fit(sets)
    let found = own.withoutOneItem(
      of: [3, 0, 1], against: value, sets, unitVariance: QueueChoiceModel().unitVariance)
    for (unit, found) in zip([3, 0, 1], found) {
      let all = sets.itemUnits.indices.filter { Int(sets.itemUnits[$0]) == unit }.map {
        Self.plain(own, sets, unit: unit, without: $0)
      }
      expectClose(try #require(found), try #require(value > 0 ? all.max() : all.min()), absolute: 1e-5)
    }
  }

  @Test func `one item that is passed over again and again makes an effect, and nothing else does`() throws {
    let sets = Self.queue(sets: 300, passes: 6, seed: 72)
    let own = try Self.fit(sets)
    let others = own.units.dropFirst().reduce(0, +) / 3
    #expect(own.units[0] < others - 1)
    let without = own.withoutOneItem(
      of: [0, 1], against: others, sets, unitVariance: QueueChoiceModel().unitVariance)
    #expect(abs(try #require(without[0]) - others) < 0.5)
    let change = abs(try #require(without[0]) - own.units[0])
    #expect(abs(try #require(without[1]) - own.units[1]) < change / 3)
    // Held against something far below, the item that is passed over isn't what sets the unit apart.
    let found = own.withoutOneItem(of: [0], against: -9, sets, unitVariance: QueueChoiceModel().unitVariance)
    let below = try #require(found[0])
    #expect(own.units[0] - below < change / 2 && below < own.units[0])
  }

  @Test func `nothing is told of who never stood beside another`() throws {
    var sets = Self.queue(sets: 40, passes: 0, seed: 73)
    sets.unitCount = 5
    let own = try Self.fit(sets)
    #expect(own.withoutOneItem(of: [4], against: 1, sets, unitVariance: 6.25) == [nil])
    #expect(own.withoutOneItem(of: [], against: 1, sets, unitVariance: 6.25).isEmpty)
  }
}
