import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct TrendBlockTests {
  @Test func `the page draws levels with their band, and what is known now dashed`() throws {
    let html = try Page(SampleAssessment.withTrends("a<b"), version: "0").html()
    #expect(html.contains("Trends of a&lt;b by month") && !html.contains("a<b"))
    // Five paths of the first manager, two of the second.
    #expect(html.components(separatedBy: "class=\"band\"").count == 8)
    #expect(html.contains("answered within target: 50\u{A0}% (40\u{A0}% to 60\u{A0}%) in 2026-06"))
    #expect(html.contains("answered within target fell from 80\u{A0}% to 50\u{A0}%"))
    #expect(html.contains("What got better"))
    let plain = try Page(SampleAssessment.make(), version: "0").html()
    #expect(!plain.contains("class=\"band\"") && !plain.contains("What got better"))
  }

  // From 2026-01 to 2026-06; the first path ends in May, so that its last point stands one step before the others'.
  @Test func `months of one name stand below each other`() throws {
    let assessment = SampleAssessment.withTrends()
    let block = TrendBlock(assessment.trends.managers[0], models: assessment.trends.indicators).block
    let svg = try #require(block?.drawing?.svg)
    #expect(svg.contains(">2026-01</text>") && svg.contains(">2026-06</text>"))
    var trends = assessment.trends.managers[0]
    trends.indicators = trends.indicators.filter { $0.key == "adjustedResponseRatio" }
    let alone = try #require(TrendBlock(trends, models: []).block?.drawing?.svg)
    #expect(alone.contains(">2026-05</text>") && !alone.contains(">2026-06</text>"))
  }
}
