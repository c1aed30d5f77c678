import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct ManagerRankingTests {
  static func entries(_ means: [Double?], deviation: Double) -> [ManagerRanking.Entry] {
    means.enumerated().map { unit, mean in
      guard let mean else {
        return ManagerRanking.Entry(score: .insufficient(n: 1, needed: 3), draws: [])
      }
      var stream = RandomStream(seed: 5, purpose: "ranking test", unit: UInt64(unit))
      let estimate = Estimate(value: mean, low: mean - 2 * deviation, high: mean + 2 * deviation, effectiveN: 9)
      return ManagerRanking.Entry(
        score: .estimated(estimate), draws: (0..<400).map { _ in Float(mean + deviation * stream.normal()) })
    }
  }

  @Test func `clear differences make a list`() throws {
    let entries = Self.entries([10, 30, nil, 50, 70], deviation: 0.5)
    let result = ManagerRanking(entries, names: ["a", "b", "c", "d", "e"], by: .health, options: quick)
    #expect(result.ranking.isOrdinal && result.ranking.order == ["e", "d", "b", "a"])
    #expect(try #require(result.ranking.rankability) > 0.99)
    #expect(result.ranks[2] == nil)
    let top = try #require(result.ranks[4])
    #expect(top.expected == 1 && top.probabilityHighestTenth == 1 && top.tier == 1 && top.low == 1 && top.high == 1)
    #expect(try #require(result.ranks[0]).tier == 2)
    #expect(result.ranking.tiers.map(\.name) == ["Likely above the middle", "Likely below the middle"])
    #expect(result.ranking.tiers.map(\.managers) == [["d", "e"], ["a", "b"]])
    #expect(result.ranking.reason.contains("100 %"))
  }

  @Test func `no difference beyond chance makes tiers`() throws {
    let entries = Self.entries([50, 51, 49, 50.5, 49.5, 50], deviation: 4)
    let result = ManagerRanking(entries, names: ["a", "b", "c", "d", "e", "f"], by: .trust, options: quick)
    #expect(!result.ranking.isOrdinal)
    #expect(try #require(result.ranking.rankability) < 0.1)
    #expect(result.ranking.tiers.map(\.name) == ["Not told apart"])
    #expect(result.ranking.order == ["a", "b", "c", "d", "e", "f"])
    #expect(result.ranking.reason.contains("chance alone gives"))
  }

  // Twenty managers of two kinds that hardly differ but for one, who is more likely than not among the lowest two: whatever the others, that one
  // doesn't stand with those who can't be told apart. With these draws below the middle is less than 95 % sure.
  @Test func `whoever is likely in the lowest tenth stands below the middle`() throws {
    let means: [Double?] = (0..<20).map { $0 == 7 ? 41 : $0 < 10 ? 50 : 52 }
    var entries = Self.entries(means, deviation: 2)
    var stream = RandomStream(seed: 5, purpose: "ranking test", unit: 99)
    entries[7].draws = (0..<400).map { _ in Float(41 + 9 * stream.normal()) }
    let result = ManagerRanking(entries, names: (0..<20).map { "m\($0)" }, by: .health, options: quick)
    #expect(!result.ranking.isOrdinal)
    let rank = try #require(result.ranks[7])
    #expect(rank.probabilityLowestTenth > 0.5 && rank.tier == 2)
    #expect(result.ranking.tiers.map(\.name) == ["Not told apart", "Likely below the middle"])
    #expect(result.ranking.tiers[1].managers == ["m7"])
    for rank in result.ranks where rank?.probabilityLowestTenth ?? 0 >= 0.5 { #expect(rank?.tier == 2) }
  }

  // Twenty managers, the last of whom is surely below the others by the posterior, but who hardly differ altogether. Of twenty equal
  // managers the furthest lies beyond Φ⁻¹(1 − 0.05/40) = 3.02 errors of own values in one organisation of twenty at most: the last stands
  // 3.5 from the others, 3.5 · √(19/20) = 3.41 from all, or 2.8 and 2.73. Halves that differ by 1.5 times as much as their errors say
  // widen these by φ = 2.25, so that 4.4 · √(19/20)/1.5 = 2.9.
  @Test(arguments: [(2.8, 1.0, false), (3.5, 1, true), (4.4, 1.5, false), (5, 1.5, true)])
  func `without real differences only who stands out from all is named`(
    _ distance: Double, _ ratio: Double, _ isNamed: Bool
  ) throws {
    func parts(_ values: [Double]) -> [[Departures.Part?]] { values.map { [Departures.Part(value: $0, variance: 1)] } }
    let departures = Departures(
      parts((0..<20).map { $0 == 19 ? -distance : 0 }), sizes: (0..<20).map { _ in [1] },
      splits: [parts((0..<20).map { ratio * ($0 % 2 == 0 ? 1 : -1) })])
    // Each differs by `ratio`, and by that from a mean of 0, of which 1 − 1/20 is expected.
    expectClose(departures.inflation, max(1, ratio * ratio / 0.95), relative: 1e-12)
    var entries = Self.entries((0..<20).map { _ in 50 }, deviation: 2)
    entries[19].draws = (0..<400).map { _ in 45 }
    let names = (0..<20).map { "m\($0)" }
    let result = ManagerRanking(entries, names: names, by: .health, departures: departures, options: quick)
    let rankability = try #require(result.ranking.rankability)
    #expect(rankability < Rankability.chanceLimit(unitCount: 20) && !result.ranking.isOrdinal)
    #expect(try #require(result.ranks[19]).probabilityLowestTenth > 0.9)
    #expect(
      result.ranking.tiers.map(\.name)
        == (isNamed ? ["Not told apart", "Likely below the middle"] : ["Not told apart"]))
    if isNamed { #expect(result.ranking.tiers[1].managers == ["m19"]) }
    #expect(result.ranking.reason.contains("chance alone gives up to 37 %"), "\(result.ranking.reason)")
    // Told apart by their posteriors alone once differences are real.
    entries[18].draws = entries[18].draws.map { $0 + 20 }
    let clear = ManagerRanking(entries, names: names, by: .health, departures: departures, options: quick)
    #expect(try #require(clear.ranking.rankability) > Rankability.chanceLimit(unitCount: 20))
    #expect(try #require(clear.ranking.tiers.last).managers.contains("m19"))
  }

  @Test func `one scored manager, and none`() {
    let one = ManagerRanking(
      Self.entries([50, nil], deviation: 4), names: ["a", "b"], by: .health, options: quick)
    #expect(one.ranking.rankability == nil && one.ranking.order == ["a"] && one.ranks == [nil, nil])
    let none = ManagerRanking(
      Self.entries([nil], deviation: 4), names: ["a"], by: .health, options: quick)
    #expect(none.ranking.tiers.isEmpty && none.ranking.order.isEmpty)
  }

  // Two scored managers have no rankability, and so no list.
  @Test func `two scored managers`() {
    let two = ManagerRanking(
      Self.entries([20, 80], deviation: 1), names: ["a", "b"], by: .health, options: quick)
    #expect(!two.ranking.isOrdinal && two.ranking.tiers.count == 2 && two.ranks[1]?.expected == 1)
  }

  // Of five equal managers chance makes ρ 0.58 in one organisation of twenty: so an order needs more than one half of so few.
  @Test func `the reason for no list is the one that holds`() throws {
    func ranking(_ means: [Double?], deviation: Double) -> Ranking {
      let names = Array(["a", "b", "c", "d", "e"].prefix(means.count))
      return ManagerRanking(
        Self.entries(means, deviation: deviation), names: names, by: .health, options: quick
      ).ranking
    }
    let two = ranking([20, 50], deviation: 1)
    #expect(two.rankability == nil && !two.isOrdinal && two.reason.contains("2 managers with a score"), "\(two.reason)")
    let few = ranking([40, 45, 50, 55, 60], deviation: 7.5)
    let rankability = try #require(few.rankability)
    #expect(rankability > 0.5 && rankability < 0.57 && !few.isOrdinal)
    #expect(few.reason.contains("chance alone gives up to 58 %"), "\(few.reason)")
    // Among fewer than ten a tenth is one manager, and puts nobody into a tier.
    for (count, tells) in [(9, false), (10, true)] {
      let reason = ManagerRanking.reason(0.45, chance: 0.4, of: count)
      #expect(reason.contains("where that is at least 95 % sure"))
      #expect(reason.contains(" or a place in the highest or lowest tenth as likely as not,") == tells, "\(reason)")
    }
    let more = ranking([40, 45, 50, 55, 60], deviation: 5)
    #expect(more.isOrdinal && more.reason.contains("an order is warranted"), "\(more.reason)")
  }
}
