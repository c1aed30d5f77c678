import Testing

@testable import RapportScoring

/// Ratings alone: health is their points, 1 + 99 (x − 2) / 2.5, so that 3.25 gives 50.5 and one point of rating 39.6.
@Suite struct PlainScoresTests {
  static func ratings(_ values: [Double?], variance: Double) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .surveyScore,
        measure: .mean(estimates: values, variances: values.map { _ in variance }, isLog: false),
        counts: values.map { $0 == nil ? 0 : 10 }))
  }

  static let composite = Composite([.surveyScore], domainWeights: [:])!

  static func scores(
    _ values: [Double?], halves: [(odd: [IndicatorPosteriors], even: [IndicatorPosteriors])] = []
  ) -> (scores: PlainScores, of: [IndicatorPosteriors]) {
    let all = [ratings(values, variance: 0.01)]
    return (
      PlainScores(
        all, unitCount: values.count, composite: composite, ranked: nil, halves: halves, options: AssessmentOptions()),
      all
    )
  }

  // The error of a rating is 0.1, of its points 3.96.
  @Test func `own values, by hand`() {
    let (scores, all) = Self.scores([3.25, 3.35, 3.05, 3.25])
    #expect(abs(scores.score(0, of: all).score - 50.5) < 1e-9)
    #expect(abs(scores.score(1, of: all).score - 54.46) < 1e-9)
    #expect(abs(scores.score(2, of: all).score - 42.58) < 1e-9)
    #expect(abs(scores.score(0, of: all).error - 3.96) < 1e-9)
    #expect(scores.inflation == 1)
  }

  @Test func `without evidence a unit stands at the prior, and nothing is uncertain about its own values`() {
    let (scores, all) = Self.scores([3.25, 3.35, nil, 3.15])
    #expect(abs(scores.score(2, of: all).score - 50.5) < 0.5)
    #expect(scores.score(2, of: all).error == 0)
  }

  // Differences of ±0.4 with mean 0 and variances of 0.02 each: φ = 4 · 0.4² / (4 · 0.04 · 3/4) = 16/3.
  @Test func `halves that differ by more than chance widen the errors`() {
    let values = [3.25, 3.35, 3.05, 3.25]
    let signs = [1.0, -1, 1, -1]
    let odd = [Self.ratings(zip(values, signs).map { $0 + 0.2 * $1 }, variance: 0.02)]
    let even = [Self.ratings(zip(values, signs).map { $0 - 0.2 * $1 }, variance: 0.02)]
    let (scores, all) = Self.scores(values, halves: [(odd, even)])
    #expect(abs(scores.inflation - 16.0 / 3) < 1e-9)
    #expect(abs(scores.score(0, of: all).error - 3.96 * (16.0 / 3).squareRoot()) < 1e-9)
    // Halves that agree don't narrow them.
    let (agreeing, _) = Self.scores(values, halves: [(odd, odd)])
    #expect(agreeing.inflation == 1)
    // Over splits, squares and what is expected of them are added up.
    let (both, _) = Self.scores(values, halves: [(odd, even), (odd, odd)])
    #expect(abs(both.inflation - 8.0 / 3) < 1e-9)
    // What moves everybody alike counts for nothing.
    let (moved, _) = Self.scores(
      values,
      halves: [([Self.ratings(values.map { $0 + 0.3 }, variance: 0.02)], [Self.ratings(values, variance: 0.02)])])
    #expect(moved.inflation == 1)
  }
}
