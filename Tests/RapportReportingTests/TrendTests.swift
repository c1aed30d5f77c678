import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct TrendTests {
  /// The sample with trends of M1 and M2.
  static func sample(_ id: String = "M1") -> Assessment {
    func level(_ value: Double) -> TrendMonth.Level {
      TrendMonth.Level(value: value, low: value - 0.1, high: value + 0.1)
    }
    func path(_ values: [Double], _ higher: Double?, change: Double? = nil) -> TrendPath {
      TrendPath(
        months: values.enumerated().map {
          TrendMonth(
            month: "2026-0\($0 + 1)", filtered: level($1), smoothed: level($1 - 0.05), events: $0 == 2 ? 0 : 7)
        },
        direction: higher.map { TrendPath.Direction(since: "2026-01", probabilityHigher: $0) },
        changeProbability: change)
    }
    func estimate(_ value: Double) -> Estimate {
      Estimate(value: value, low: value - 0.1, high: value + 0.1, effectiveN: 20)
    }
    var assessment = SampleAssessment.make(firstID: id)
    assessment.trends.managers = [
      ManagerTrends(
        manager: id,
        indicators: [
          "answeredWithinTarget": .estimated(path([0.8, 0.8, 0.8, 0.6, 0.5, 0.5], 0.02, change: 0.99)),
          "promisesKeptOnTime": .estimated(path([0.5, 0.6, 0.6, 0.7, 0.7, 0.8], 0.97, change: 0.1)),
          "regularity": .estimated(path([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], nil)),
          "escalationRate": .insufficient(n: 4, needed: 6),
        ],
        changes: [
          TrendChange(
            indicator: "answeredWithinTarget", month: "2026-04", probability: 0.99, before: estimate(0.8),
            after: estimate(0.5))
        ]),
      ManagerTrends(manager: "M2", indicators: ["regularity": .estimated(path([0.5, 0.5], 0.6))]),
    ]
    return assessment
  }

  @Test func `trends in sentences`() throws {
    let trends = try #require(Self.sample().trends.managers.first)
    #expect(
      Sentences.trends(trends) == [
        "answered within target: 50 % (40 % to 60 %) in 2026-06, falling since 2026-01 (probability 98 %). "
          + "Changed about 2026-04 (probability 99 %): 80 % before, 50 % after.",
        "regular check-ins: 50 % (40 % to 60 %) in 2026-06, steady: months differ by no more than chance.",
        "promises kept on time: 80 % (70 % to 90 %) in 2026-06, rising since 2026-01 (probability 97 %).",
      ])
    #expect(Sentences.trendsUntold(trends) == "Too few months with evidence: escalations (4 of 6).")
    #expect(Sentences.changes(Self.sample().trends) == "Changed over time: M1.")
    #expect(Sentences.changes(Trends(reason: "none")) == nil)
    #expect(
      Sentences.direction(try #require(Self.sample().trends.managers[1].indicators["regularity"]?.path))
        == "no clear direction since 2026-01")
  }

  @Test(arguments: [40, 60, 100]) func `explain and summary show them within the terminal`(_ width: Int) throws {
    let assessment = Self.sample()
    let console = Console(width: width)
    let explained = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: console
    ).text
    #expect(explained.contains("\n\nTrends\n• answered within target: 50 %"))
    let summary = ScoreSummary(assessment, console: console).text
    #expect(summary.contains("• Changed over time: M1.\n"))
    #expect([explained, summary].allSatisfy { $0.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width } })
    let other = try Explanation(manager: "M3", in: assessment)
    #expect(other.trends == nil)
    #expect(!ExplainView(other, assessment: assessment, console: console).text.contains("Trends"))
    let tree = try Explanation(manager: "M1", in: assessment).tree()
    #expect(tree["trends"]?["managers"]?.elements.map { $0["manager"] } == ["M1"])
    #expect(try Explanation(manager: "M2", partner: "P1", in: assessment).tree()["trends"] == nil)
  }

  @Test func `a row per month, the change where it begins`() throws {
    let table = try ResultTables(Self.sample()).trends()
    #expect(table.rowCount == 6 * 3 + 1 + 2)
    #expect(
      table.columns.prefix(10) == [
        "manager", "indicator", "month", "events", "filtered.high", "filtered.low", "filtered.value", "smoothed.high",
        "smoothed.low", "smoothed.value",
      ])
    let rows = (0..<table.rowCount).map { Dictionary(uniqueKeysWithValues: zip(table.columns, table.row($0))) }
    #expect(rows.map { $0["change.probability"] == "0.99" } == rows.indices.map { $0 == 3 })
    #expect(rows[3]["change.after.value"] == "0.5" && rows[3]["month"] == "2026-04")
    #expect(rows.filter { $0["status"] == "insufficient" }.map { $0["n"] } == ["4"])
    var none = SampleAssessment.make()
    none.trends.reason = "no months"
    #expect(try ResultTables(none).trends().csv == "reason,status\nno months,insufficient\n")
  }

  @Test func `the page draws levels with their band, and what is known now dashed`() throws {
    let html = try Page(Self.sample("a<b"), version: "0").html()
    #expect(html.contains("Trends of a&lt;b by month") && !html.contains("a<b"))
    #expect(html.components(separatedBy: "class=\"band\"").count == 5)
    #expect(html.contains("answered within target: 50 % (40 % to 60 %) in 2026-06"))
    #expect(html.contains("Changed over time: "))
    #expect(!(try Page(SampleAssessment.make(), version: "0").html()).contains("class=\"band\""))
  }
}
