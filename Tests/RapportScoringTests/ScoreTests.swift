import Foundation
import RapportScoring
import Testing

@Suite struct ScoreTests {
  @Test(arguments: [
    Score.estimated(Estimate(value: 1, low: 0.5, high: 2, effectiveN: 3)),
    .insufficient(n: 2, needed: 5), .suppressed(reason: "fewer than 5 respondents"),
  ])
  func `survives JSON`(_ score: Score) throws {
    #expect(try JSONDecoder().decode(Score.self, from: JSONEncoder().encode(score)) == score)
  }
}
