import RapportNumerics
import Testing

@testable import RapportIngestion

/// From when on a kind was read.
@Suite struct BeginningsTests {
  /// By month, who has the kind.
  private static func managers(_ months: [[Int32]]) -> MonthsOfManagers {
    MonthsOfManagers(months.enumerated().flatMap { month, own in own.map { ($0, month) } }, monthCount: months.count)
  }

  // Ten managers, so that two make a beginning: the fifth month, one manager alone being early in the second and third. Four of twelve
  // months have fewer than two managers: 1/C(12, 4) = 1/495. Had two managers been early, the third would have been it.
  @Test func `a fifth makes a beginning`() {
    let (none, all): ([Int32], [Int32]) = ([], Array(0..<10))
    let months = Self.managers([none, [3], [3], none] + [[Int32]](repeating: all, count: 8))
    #expect(months.count == 10 && months.fewest == 2 && months.monthsBefore(2) == 4)
    #expect(!months.isLuck(before: 4, 2) && months.beginning == 4)
    #expect(Self.managers([none, [3], [4], none] + [[Int32]](repeating: all, count: 8)).monthsBefore(2) == 2)
    #expect(Self.managers([]).count == 0 && Self.managers([none, none]).monthsBefore(1) == 2)
    for (count, fewest) in [(1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)] {
      #expect(Self.managers([Array(0..<Int32(count))]).fewest == fewest)
    }
  }

  // A training a month of each of five of forty managers: no month has the eight that make a beginning, so that C(g, f)/C(n, f) is 1. Of
  // all sets of eight of 24 months, seven of which nobody has any in, 108 of 735,471 have fewer than eight managers; of two months with one
  // such, 45 of 276 (counted by a script).
  @Test func `what few have in a month is told by drawn orders`() {
    func months(before: Int, of count: Int) -> MonthsOfManagers {
      Self.managers(
        (0..<count).map { month in month < before ? [] : (0..<5).map { Int32((month * 5 + $0 * 11) % 40) } })
    }
    let late = months(before: 7, of: 24)
    #expect(late.count == 40 && late.monthsBefore(8) == 8)
    #expect(!late.isLuck(before: 8, 8) && late.beginning == 8)
    let early = months(before: 1, of: 24)
    #expect(early.monthsBefore(8) == 2 && early.isLuck(before: 2, 8) && early.beginning == nil)
  }

  // Four months of nothing before eight of five of forty managers each: of five months at random 8 sets of 792 have fewer than eight
  // managers, but four at random without any are one of 495.
  @Test func `what few have in a month begins where anybody has one`() {
    let months = Self.managers((0..<12).map { month in month < 4 ? [] : (0..<5).map { Int32(month * 5 + $0 - 20) } })
    #expect(months.count == 40 && months.monthsBefore(8) == 5 && months.isLuck(before: 5, 8))
    #expect(months.monthsBefore(1) == 4 && months.beginning == 4)
  }

  // Nothing begins: managers with shares of months of their own, months in which more or fewer have the kind. Of 4,000 logs 20 may be
  // told a beginning by either test; a script that counts all sets said 2 to 14.
  @Test(arguments: [(5, 0.5, 12), (8, 0.8, 12), (40, 0.3, 24), (200, 0.05, 12)])
  func `without a beginning one in 200 logs is told one`(count: Int, share: Double, monthCount: Int) {
    var told = 0
    for log in 0..<4000 as Range<UInt64> {
      var stream = RandomStream(seed: log, purpose: "beginnings")
      let own = (0..<count).map { _ in share * 2 * stream.uniform() }
      let months = (0..<monthCount).map { _ in
        let common = 2 * stream.uniform()
        return (0..<count).filter { stream.uniform() < own[$0] * common }.map { Int32($0) }
      }
      let managers = Self.managers(months)
      if managers.count >= 5, managers.beginning != nil { told += 1 }
    }
    #expect(told <= 20, "\(told) of 4,000")
  }
}
