import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct ManagerRankingTests {
  static func entries(_ means: [Double?], deviation: Double, error: Double) -> [ManagerRanking.Entry] {
    means.enumerated().map { unit, mean in
      guard let mean else {
        return ManagerRanking.Entry(score: .insufficient(n: 1, needed: 3), draws: [], plain: nil)
      }
      var stream = RandomStream(seed: 5, purpose: "ranking test", unit: UInt64(unit))
      let estimate = Estimate(value: mean, low: mean - 2 * deviation, high: mean + 2 * deviation, effectiveN: 9)
      return ManagerRanking.Entry(
        score: .estimated(estimate), draws: (0..<400).map { _ in Float(mean + deviation * stream.normal()) },
        plain: (mean, error))
    }
  }

  @Test func `clear differences make a list`() throws {
    let entries = Self.entries([10, 30, nil, 50, 70], deviation: 0.5, error: 0.5)
    let result = ManagerRanking(entries, names: ["a", "b", "c", "d", "e"], by: .health, options: quick)
    #expect(result.ranking.isOrdinal && result.ranking.order == ["e", "d", "b", "a"])
    #expect(try #require(result.ranking.rankability) > 0.99)
    #expect(result.ranks[2] == nil)
    let top = try #require(result.ranks[4])
    #expect(top.expected == 1 && top.probabilityHighestTenth == 1 && top.tier == 1 && top.low == 1 && top.high == 1)
    #expect(try #require(result.ranks[0]).tier == 2)
    #expect(result.ranking.tiers.map(\.name) == ["Above the middle", "Below the middle"])
    #expect(result.ranking.tiers.map(\.managers) == [["d", "e"], ["a", "b"]])
    #expect(result.ranking.reason.contains("100 %"))
  }

  @Test func `no difference beyond chance makes tiers`() throws {
    let entries = Self.entries([50, 51, 49, 50.5, 49.5, 50], deviation: 4, error: 4)
    let result = ManagerRanking(entries, names: ["a", "b", "c", "d", "e", "f"], by: .trust, options: quick)
    #expect(!result.ranking.isOrdinal && result.ranking.rankability == 0)
    #expect(result.ranking.tiers.map(\.name) == ["Not told apart"])
    #expect(result.ranking.order == ["a", "b", "c", "d", "e", "f"])
    #expect(result.ranking.reason.contains("below 10 %"))
  }

  // Twenty managers drawn alike but for one, who is more likely than not among the lowest two: whatever the others, that one
  // doesn't stand with those who can't be told apart. With these draws below the middle is less than 95 % sure.
  @Test func `whoever is likely in the lowest tenth stands below the middle`() throws {
    let means: [Double?] = (0..<20).map { $0 == 7 ? 41 : 50 }
    var entries = Self.entries(means, deviation: 2, error: 1.7)
    var stream = RandomStream(seed: 5, purpose: "ranking test", unit: 99)
    entries[7].draws = (0..<400).map { _ in Float(41 + 9 * stream.normal()) }
    let result = ManagerRanking(entries, names: (0..<20).map { "m\($0)" }, by: .health, options: quick)
    #expect(!result.ranking.isOrdinal)
    let rank = try #require(result.ranks[7])
    #expect(rank.probabilityLowestTenth > 0.5 && rank.tier == 2)
    #expect(result.ranking.tiers.map(\.name) == ["Not told apart", "Below the middle"])
    #expect(result.ranking.tiers[1].managers == ["m7"])
    for rank in result.ranks where rank?.probabilityLowestTenth ?? 0 >= 0.5 { #expect(rank?.tier == 2) }
  }

  // Twenty managers, the last of whom is surely below the others by the posterior; but the scores' variance, 0.05 · 11² or
  // 0.05 · 7², is no more than their errors', 6. Of twenty equal managers the furthest lies beyond Φ⁻¹(1 − 0.05/40) = 3.02
  // errors in one organisation of twenty at most: 0.95 · 11 is 4.3 errors from the mean, 0.95 · 7 is 2.7.
  @Test(arguments: [(7.0, false), (11.0, true)])
  func `without real differences only who stands out from all is named`(_ distance: Double, _ isNamed: Bool) throws {
    let error = 6.0.squareRoot()
    var entries = Self.entries((0..<20).map { $0 == 19 ? 30 : 50 }, deviation: 2, error: error)
    for i in entries.indices { entries[i].plain = (i == 19 ? 50 - distance : 50, error) }
    let result = ManagerRanking(entries, names: (0..<20).map { "m\($0)" }, by: .health, options: quick)
    #expect(try #require(result.ranking.rankability) < ManagerRanking.toldApartFrom)
    #expect(try #require(result.ranks[19]).probabilityLowestTenth == 1)
    #expect(
      result.ranking.tiers.map(\.name) == (isNamed ? ["Not told apart", "Below the middle"] : ["Not told apart"]))
    if isNamed { #expect(result.ranking.tiers[1].managers == ["m19"]) }
    #expect(result.ranking.reason.contains("unless one stands further out"))
    // Told apart by their posteriors alone once differences are real.
    for i in entries.indices { entries[i].plain?.error = 1 }
    let clear = ManagerRanking(entries, names: (0..<20).map { "m\($0)" }, by: .health, options: quick)
    #expect(try #require(clear.ranking.rankability) > ManagerRanking.toldApartFrom)
    #expect(clear.ranking.tiers.last?.managers == ["m19"])
  }

  @Test func `one scored manager, and none`() {
    let one = ManagerRanking(
      Self.entries([50, nil], deviation: 4, error: 4), names: ["a", "b"], by: .health, options: quick)
    #expect(one.ranking.rankability == nil && one.ranking.order == ["a"] && one.ranks == [nil, nil])
    let none = ManagerRanking(
      Self.entries([nil], deviation: 4, error: 4), names: ["a"], by: .health, options: quick)
    #expect(none.ranking.tiers.isEmpty && none.ranking.order.isEmpty)
    #expect((try? ManagerRanking.Spread([(1, 1), nil, (2, 1)])) == nil)
  }

  // Two scored managers have no rankability, and so no list.
  @Test func `two scored managers`() {
    let two = ManagerRanking(
      Self.entries([20, 80], deviation: 1, error: 1), names: ["a", "b"], by: .health, options: quick)
    #expect(!two.ranking.isOrdinal && two.ranking.tiers.count == 2 && two.ranks[1]?.expected == 1)
  }

  // Why there is no rankability is why there is no list.
  @Test func `the reason for no list is the one that holds`() {
    func reason(_ plain: [(score: Double, error: Double)]) -> String {
      var entries = Self.entries([20, 50, 80, 60].prefix(plain.count).map { $0 }, deviation: 1, error: 1)
      for i in entries.indices { entries[i].plain = plain[i] }
      let names = Array(["a", "b", "c", "d"].prefix(plain.count))
      let found = ManagerRanking(entries, names: names, by: .health, options: quick)
      #expect(found.ranking.rankability == nil && !found.ranking.isOrdinal && !found.ranking.tiers.isEmpty)
      return found.ranking.reason
    }
    #expect(reason([(1, 1), (2, 1)]).contains("2 managers with a score from own evidence"))
    let undefined = reason([(1, 1), (2, 1), (3, .nan)])
    #expect(!undefined.contains("from 3 on") && undefined.contains("variance nan"), "\(undefined)")
  }
}
