import RapportNumerics
import RapportTestSupport
import Testing

/// Exact tail areas against every division, every sign and every order, counted one by one.
@Suite struct PermutationExactnessTests {
  /// All ways to choose `count` of the first n whole numbers.
  private static func choices(_ n: Int, _ count: Int) -> [[Int]] {
    (0..<(1 << n)).filter { $0.nonzeroBitCount == count }.map { mask in (0..<n).filter { mask >> $0 & 1 == 1 } }
  }

  /// All orders of the first n whole numbers.
  private static func orders(_ n: Int) -> [[Int]] {
    guard n > 0 else { return [[]] }
    var result: [[Int]] = []
    for rest in orders(n - 1) {
      for place in 0..<n { result.append(Array(rest[..<place]) + [n - 1] + Array(rest[place...])) }
    }
    return result
  }

  private static func values(_ count: Int, seed: Int, tied: Bool) -> [Double] {
    var stream = RandomStream(seed: UInt64(seed), purpose: "exactness")
    return (0..<count).map { _ in tied ? Double(stream.integer(below: 4)) : stream.normal() }
  }

  @Test(arguments: 1...6, [false, true])
  func `two samples: every division`(_ seed: Int, _ tied: Bool) {
    let all = Self.values(9, seed: seed, tied: tied)
    let test = MannWhitney(Array(all[..<4]), Array(all[4...]))
    let ranks = Ranks.of(all)
    let sums = Self.choices(9, 4).map { $0.reduce(0.0) { $0 + ranks[$1] } }
    let own = ranks[..<4].reduce(0, +)
    expectClose(test.exact().greater, Double(sums.count { $0 >= own }) / Double(sums.count), relative: 1e-14)
    expectClose(test.exact().less, Double(sums.count { $0 <= own }) / Double(sums.count), relative: 1e-14)
    if Ranks.tieCorrection(all) > 0 {
      let mean = 4 * 5.0
      let beyond = sums.count { abs($0 - mean) >= abs(own - mean) }
      expectClose(test.exact().twoSided, Double(beyond) / Double(sums.count), relative: 1e-14)
    }
  }

  @Test(arguments: 1...6, [false, true])
  func `differences: every sign`(_ seed: Int, _ tied: Bool) {
    let differences = Self.values(9, seed: seed, tied: tied).map { tied ? $0 - 1.5 : $0 }
    let test = SignedRank(differences)
    let ranks = Ranks.of(differences.map(abs))
    let sums = (0..<(1 << 9)).map { mask -> Double in
      var sum = 0.0
      for k in 0..<9 where mask >> k & 1 == 1 { sum += ranks[k] }
      return sum
    }
    expectClose(test.exact().greater, Double(sums.count { $0 >= test.statistic }) / 512, relative: 1e-14)
    expectClose(test.exact().less, Double(sums.count { $0 <= test.statistic }) / 512, relative: 1e-14)
  }

  @Test(arguments: 1...4)
  func `rank correlation: every order`(_ seed: Int) throws {
    let x = Self.values(7, seed: seed, tied: false)
    let y = Self.values(7, seed: seed + 100, tied: false)
    func score(_ order: [Int]) -> Int {
      var sum = 0
      for i in 0..<7 {
        for j in 0..<i {
          let isAlike = (x[i] > x[j]) == (y[order[i]] > y[order[j]])
          sum += isAlike ? 1 : -1
        }
      }
      return sum
    }
    let own = abs(score(Array(0..<7)))
    let orders = Self.orders(7)
    expectClose(
      Correlation.kendallExact(x, y), Double(orders.count { abs(score($0)) >= own }) / Double(orders.count),
      relative: 1e-13)
  }
}
