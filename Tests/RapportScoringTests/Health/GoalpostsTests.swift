import Foundation
import RapportScoring
import RapportTestSupport
import Testing

@Suite struct GoalpostsTests {
  @Test func `the table holds every indicator, in order, with its own description`() {
    #expect(Goalposts.table.map(\.indicator) == Indicator.allCases.map(\.rawValue))
    for (goalpost, indicator) in zip(Goalposts.table, Indicator.allCases) {
      #expect(goalpost.domain == indicator.domain.rawValue)
      #expect(goalpost.direction == indicator.direction.rawValue && goalpost.role == indicator.role.rawValue)
      #expect(goalpost.lowest != goalpost.highest && !goalpost.reason.isEmpty)
    }
  }

  @Test(arguments: Indicator.allCases)
  func `points run from 1 to 100 and stay there beyond`(_ indicator: Indicator) {
    let goalpost = Goalposts.goalpost(indicator)
    #expect(abs(Goalposts.points(for: indicator, value: goalpost.lowest) - 1) < 1e-12)
    #expect(abs(Goalposts.points(for: indicator, value: goalpost.highest) - 100) < 1e-12)
    let beyond =
      goalpost.isLogarithmic
      ? goalpost.highest * goalpost.highest / goalpost.lowest
      : 2 * goalpost.highest - goalpost.lowest
    #expect(Goalposts.points(for: indicator, value: beyond) == 100)
  }

  // By hand: a ratio of 1 lies halfway between 2 and ½ in logs: 1 + 99/2 = 50.5. A share of 0.7 lies halfway between 0.4
  // and 1. Eight hours lie log 10 / log 80 = 0.52546 of the way from 80 hours to 1 hour.
  @Test func `points, worked by hand`() {
    #expect(abs(Goalposts.points(for: .adjustedResponseRatio, value: 1) - 50.5) < 1e-12)
    #expect(abs(Goalposts.points(for: .promisesKeptOnTime, value: 0.7) - 50.5) < 1e-12)
    #expect(abs(Goalposts.points(for: .typicalWait, value: 28_800) - (1 + 99 * 0.5254612)) < 1e-4)
    #expect(abs(Goalposts.points(for: .escalationRate, value: 2.5) - (1 + 99 * 0.75)) < 1e-12)
  }

  // The table of the docs is that of the code, cell by cell.
  @Test func `the documented table is this one`() throws {
    let page = try Repository.text("docs/Rapport.docc/Indicators.md")
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    .filter { Double($0[1]) != nil }
    #expect(rows.count == Goalposts.table.count && page.contains("Version `\(Goalposts.version)`"))
    for (row, goalpost) in zip(rows, Goalposts.table) {
      #expect(row[0] == goalpost.indicator && Double(row[1]) == goalpost.lowest && Double(row[2]) == goalpost.highest)
      #expect(row[3] == (goalpost.isLogarithmic ? "logarithmic" : "linear") && row[4] == goalpost.reason)
      #expect(page.contains("- `\(goalpost.indicator)` (\(goalpost.unit);"))
    }
  }
}
