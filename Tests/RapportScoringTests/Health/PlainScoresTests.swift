import Glibc
import RapportNumerics
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
    _ values: [Double?], halves: [(first: [IndicatorPosteriors], second: [IndicatorPosteriors])] = []
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
    let first = [Self.ratings(zip(values, signs).map { $0 + 0.2 * $1 }, variance: 0.02)]
    let second = [Self.ratings(zip(values, signs).map { $0 - 0.2 * $1 }, variance: 0.02)]
    let (scores, all) = Self.scores(values, halves: [(first, second)])
    #expect(abs(scores.inflation - 16.0 / 3) < 1e-9)
    #expect(abs(scores.score(0, of: all).error - 3.96 * (16.0 / 3).squareRoot()) < 1e-9)
    // Halves that agree don't narrow them.
    let (agreeing, _) = Self.scores(values, halves: [(first, first)])
    #expect(agreeing.inflation == 1)
    // Over splits, squares and what is expected of them are added up.
    let (both, _) = Self.scores(values, halves: [(first, second), (first, first)])
    #expect(abs(both.inflation - 8.0 / 3) < 1e-9)
    // What moves everybody alike counts for nothing.
    let (moved, _) = Self.scores(
      values,
      halves: [([Self.ratings(values.map { $0 + 0.3 }, variance: 0.02)], [Self.ratings(values, variance: 0.02)])])
    #expect(moved.inflation == 1)
  }

  /// Typical waits alone: points are 1 + 99 (log 288,000 − log w)/log 80.
  static func waits(_ logs: [Double], deviation: Double) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .typicalWait,
        measure: .mean(estimates: logs, variances: logs.map { _ in deviation * deviation }, isLog: true),
        counts: logs.map { _ in 10 }))
  }

  static func waits(
    _ logs: [Double], deviation: Double, halves: [(first: [IndicatorPosteriors], second: [IndicatorPosteriors])]
  ) -> (scores: PlainScores, of: [IndicatorPosteriors]) {
    let all = [waits(logs, deviation: deviation)]
    return (
      PlainScores(
        all, unitCount: logs.count, composite: Composite([.typicalWait], domainWeights: [:])!, ranked: nil,
        halves: halves, options: AssessmentOptions()), all
    )
  }

  // Points are straight in log w, so an error of 0.4 of log w is 0.4 · 99 / log 80 points, whatever the unit's own wait came
  // out as.
  @Test func `luck in a wait isn't luck in its error`() {
    let (scores, all) = Self.waits([9.6, 10, 10.2, 10.4, 10.8], deviation: 0.4, halves: [])
    for unit in 0..<5 {
      let error = scores.score(unit, of: all).error
      #expect(abs(error - 0.4 * 99 / log(80)) < 1e-9, "unit \(unit): \(error)")
    }
  }

  // Halves of 2,000 alike units err by twice the variance that their errors say: φ is 2, within four times 2 √(2/2000).
  @Test func `halves of waits tell how much too small the errors are`() {
    var stream = RandomStream(seed: 31, purpose: "halves of waits")
    func drawn() -> [IndicatorPosteriors] {
      [Self.waits((0..<2000).map { _ in 10.2 + 0.4 * 2.0.squareRoot() * stream.normal() }, deviation: 0.4)]
    }
    let (first, second) = (drawn(), drawn())
    let (scores, _) = Self.waits(
      [Double](repeating: 10.2, count: 2000), deviation: 0.3, halves: [(first: first, second: second)])
    #expect(abs(scores.inflation - 2) < 0.26, "\(scores.inflation)")
  }
}
