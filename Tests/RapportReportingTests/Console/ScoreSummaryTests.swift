import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct ScoreSummaryTests {
  @Test(arguments: [40, 60, 100]) func `what got worse is attention, what got better isn't`(_ width: Int) throws {
    let text = ScoreSummary(SampleAssessment.withTrends(), console: Console(width: width)).text
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width })
    let better = try #require(text.range(of: "\n\nWhat got better\n• M2: escalations fell"))
    let worse = try #require(text.range(of: "\n• M1: answered within"))
    let attention = try #require(text.range(of: "Who may need attention\n"))
    #expect(attention.upperBound < worse.lowerBound && worse.upperBound < better.lowerBound)
    #expect(!ScoreSummary(SampleAssessment.make(), console: Console(width: width)).text.contains("What got better"))
  }
}
