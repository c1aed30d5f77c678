import Glibc
@testable import RapportScoring
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct InequalityOfWaitingTests {
  static func measure(
    _ waits: [[Double]], pairs: [(manager: Int, partner: Int)], threads: Int = 1
  ) -> InequalityOfWaiting {
    InequalityOfWaiting(
      waits: waits.flatMap { $0 }, pairOfRow: waits.enumerated().flatMap { pair, own in own.map { _ in Int32(pair) } },
      pairs: pairs, seed: 1, threads: threads)
  }

  // Means 1, 2 and 3 with equal weights: Gini 2/9, Theil ⅓ (½ log ½ + 3/2 log 3/2), a third of the waiting in the lower half. A
  // fourth manager with four requests doesn't count.
  @Test func `three managers by hand`() throws {
    let inequality = Self.measure(
      [[1, 1, 1, 1, 1], [2, 3, 4, 3, 3], [9, 9, 9, 9], [2, 2, 2, 2, 2]], pairs: [(0, 0), (1, 0), (2, 0), (3, 0)])
    let overall = try #require(inequality.overall)
    #expect(overall.managers == 3 && overall.requests == 15)
    expectClose(overall.gini, 2.0 / 9, relative: 1e-12)
    expectClose(overall.theil, (0.5 * log(0.5) + 1.5 * log(1.5)) / 3, relative: 1e-12)
    #expect(overall.lorenz.count == 21 && overall.lorenz[0].waiting == 0 && overall.lorenz[20].waiting == 1)
    expectClose(overall.lorenz[10].waiting, 1.0 / 3, relative: 1e-12)
    expectClose(overall.lorenz[5].waiting, 0.125, relative: 1e-12)
    // One partner: the same between its managers.
    #expect(inequality.partners[0]?.gini == overall.gini && inequality.partners[0]?.theil == overall.theil)
    #expect(overall.statement.hasPrefix("The half of the requests whose managers wait least bears 33 % of the waiting"))
  }

  // A manager's waits with two partners count together; each partner has its own inequality.
  @Test func `managers are one across partners`() throws {
    let inequality = Self.measure(
      [[1, 1, 1, 1, 1], [3, 3, 3, 3, 3], [3, 3, 3, 3, 3], [1, 1, 1, 1, 1], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2]],
      pairs: [(0, 4), (0, 7), (1, 4), (1, 7), (2, 4), (2, 7)])
    #expect(inequality.overall?.gini == 0 && inequality.overall?.theil == 0)
    #expect(inequality.partners.keys.sorted() == [4, 7])
    expectClose(inequality.partners[4]?.gini ?? 0, 2.0 / 9, relative: 1e-12)
  }

  @Test func `nothing differs, so chance has nothing to say either`() throws {
    let same = try #require(
      Self.measure([[2, 2, 2, 2, 2], [2, 2, 2, 2, 2], [2, 2, 2, 2, 2]], pairs: [(0, 0), (1, 0), (2, 0)]).overall)
    #expect(same.gini == 0 && same.giniByChance == 0 && same.giniByChanceHigh == 0 && same.theilByChance == 0)
    // Of two managers one waits longer in any case.
    #expect(Self.measure([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]], pairs: [(0, 0), (1, 0)]).overall == nil)
    #expect(Self.measure([], pairs: []).overall == nil)
  }

  // Twenty managers whose waits come from one distribution lie within what exchanges give; with one put last they don't.
  @Test func `chance is told from difference, on any number of threads`() throws {
    var stream = RandomStream(seed: 9, purpose: "waits")
    var waits = (0..<20).map { _ in (0..<30).map { _ in stream.exponential(rate: 1) } }
    let pairs = (0..<20).map { (manager: $0, partner: $0 % 2) }
    let chance = try #require(Self.measure(waits, pairs: pairs).overall)
    let (mean, high) = try (#require(chance.giniByChance), #require(chance.giniByChanceHigh))
    #expect(mean < high && abs(chance.gini - mean) < 2 * (high - mean))
    waits[3] = waits[3].map { 4 * $0 }
    let one = Self.measure(waits, pairs: pairs)
    let different = try #require(one.overall)
    #expect(try different.gini > #require(different.giniByChanceHigh))
    let other = Self.measure(waits, pairs: pairs, threads: 4)
    #expect(other.overall == different && other.partners == one.partners)
  }
}
