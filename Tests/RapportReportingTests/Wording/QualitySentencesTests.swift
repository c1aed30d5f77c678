import RapportIngestion
import Testing

@testable import RapportReporting

@Suite struct QualitySentencesTests {
  // By hand: 2 of 200 cases are one in a hundred, 2 of 201 fewer.
  @Test func `steps of other managers are a warning from one case in a hundred on`() {
    var quality = DataQuality()
    quality.kinds = ["request": 150, "goal": 50, "response": 500]
    #expect(Sentences.stepsOfOthers(quality) == nil)
    quality.observations["stepsOfOthers"] = .init(count: 2, .used)
    #expect(Sentences.stepsOfOthers(quality)?.hasPrefix("2 cases have steps that name another manager") == true)
    quality.kinds["commitment"] = 1
    #expect(Sentences.stepsOfOthers(quality) == nil)
    quality.kinds = ["request": 1]
    quality.observations["stepsOfOthers"] = .init(count: 1, .used)
    #expect(Sentences.stepsOfOthers(quality)?.hasPrefix("1 case has steps that name another manager") == true)
  }
}
