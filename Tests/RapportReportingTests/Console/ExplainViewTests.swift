import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct ExplainViewTests {
  @Test(arguments: [40, 60, 100]) func `trends fit the terminal`(_ width: Int) throws {
    let assessment = SampleAssessment.withTrends()
    let console = Console(width: width)
    let text = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: console
    ).text
    #expect(text.contains("\n\nTrends\nLevels of single months"))
    #expect(text.contains("\n• adjusted response time: 0.71×"))
    #expect(text.contains("\n• answered within target: 50 %"))
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width })
    let other = try Explanation(manager: "M3", in: assessment)
    #expect(other.trends == nil)
    #expect(!ExplainView(other, assessment: assessment, console: console).text.contains("Trends"))
  }
}
