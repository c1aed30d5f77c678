import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct OwnValuesTests {
  static func ratings(_ values: [Double?], variance: Double) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .surveyScore,
        measure: .mean(estimates: values, variances: values.map { _ in variance }, isLog: false),
        counts: values.map { $0 == nil ? 0 : 10 }))
  }

  static func departures(
    _ indicators: [IndicatorPosteriors], _ halves: [(first: [IndicatorPosteriors], second: [IndicatorPosteriors])] = []
  ) throws -> Departures {
    OwnValues(
      indicators, unitCount: indicators[0].plain.count,
      composite: try #require(Composite(indicators.map(\.indicator), domainWeights: [:])), ranked: nil, halves: halves,
      options: AssessmentOptions()
    ).departures
  }

  // An error of 0.1 each, the mean of three 3.25: distances of 1, −2 and 1 errors, whose variance is 2/3.
  @Test func `own values, by hand`() throws {
    let found = try Self.departures([Self.ratings([3.35, 3.05, nil, 3.35], variance: 0.01)])
    for (z, expected) in zip(found.standardized, [1.0, -2, nil, 1]) {
      #expect((z == nil) == (expected == nil))
      if let z, let expected { #expect(abs(z - expected / (2.0 / 3).squareRoot()) < 1e-9) }
    }
    #expect(found.inflation == 1)
  }

  // Errors of 0.1 and 0.2: the mean is (4 · 3.3 + 4 · 3.2 + 3.5)/9 = 29.5/9; the last lies 2/9 from it, in errors 10/9, whose variance is 8/9.
  @Test func `who is known better counts for more of the mean`() throws {
    let ratings = IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .surveyScore,
        measure: .mean(estimates: [3.3, 3.2, 3.5], variances: [0.01, 0.01, 0.04], isLog: false), counts: [10, 10, 10]))
    let z = try #require(try Self.departures([ratings]).standardized[2])
    #expect(abs(z - 10.0 / 9 / (8.0 / 9).squareRoot()) < 1e-9)
  }

  // Differences of ±0.4 with mean 0 and variances of 0.02 each: φ = 4 · 0.4² / (4 · 0.04 · 3/4) = 16/3.
  @Test func `halves that differ by more than chance widen the errors`() throws {
    let values = [3.25, 3.35, 3.05, 3.25]
    let signs = [1.0, -1, 1, -1]
    let all = [Self.ratings(values, variance: 0.01)]
    let first = [Self.ratings(zip(values, signs).map { $0 + 0.2 * $1 }, variance: 0.02)]
    let second = [Self.ratings(zip(values, signs).map { $0 - 0.2 * $1 }, variance: 0.02)]
    #expect(abs(try Self.departures(all, [(first, second)]).inflation - 16.0 / 3) < 1e-9)
    // Halves that agree don't narrow them.
    #expect(try Self.departures(all, [(first, first)]).inflation == 1)
    // Over splits, squares and what is expected of them are added up.
    #expect(abs(try Self.departures(all, [(first, second), (first, first)]).inflation - 8.0 / 3) < 1e-9)
    // What moves everybody alike counts for nothing.
    let moved = [Self.ratings(values.map { $0 + 0.3 }, variance: 0.02)]
    #expect(try Self.departures(all, [(moved, [Self.ratings(values, variance: 0.02)])]).inflation == 1)
  }

  // Two indicators that err together: z of a promise kept late is that of both. Of alike units halves of each differ by √2 errors, so
  // by 2 in squares for each alone; together by Σ (a₁ + a₂)²/Σ (a₁² + a₂²) as much again, up to 2.
  @Test func `parts that err together widen the errors`() throws {
    var stream = RandomStream(seed: 8, purpose: "parts")
    let shocks = (0..<3000).map { _ in stream.normal() }
    func splits(_ shocks: (Int) -> [Double]) -> [[[Departures.Part?]]] {
      [(0..<3000).map { unit in shocks(unit).map { Departures.Part(value: $0, variance: 1) } }]
    }
    let sizes = shocks.map { _ in [1.0, 1] }
    let units = splits { _ in [0, 0] }[0]
    let together = Departures(units, sizes: sizes, splits: splits { [shocks[$0], shocks[$0]] })
    expectClose(together.inflation, 2, absolute: 0.2)
    let apart = Departures(units, sizes: sizes, splits: splits { [shocks[$0], shocks[($0 + 1) % 3000]] })
    expectClose(apart.inflation, 1, absolute: 0.1)
    // What matters less widens less: (1 + 0.5)²/(1 + 0.25).
    let uneven = Departures(
      units, sizes: shocks.map { _ in [1.0, 0.5] }, splits: splits { [shocks[$0], shocks[$0]] })
    expectClose(uneven.inflation, 1.8, absolute: 0.18)
  }

  // Who had a bad half is believed, by it, to stand where luck matters: at a scale's end, where most errors move nothing. Errors are right
  // here, and sizes of each unit's own would say φ = 1.7: of 3,000 halves √(2/3000) = 0.026 is a standard error.
  @Test func `errors aren't widened for whose errors matter`() {
    var stream = RandomStream(seed: 9, purpose: "sizes by luck")
    let differences = (0..<3000).map { _ in stream.normal() }
    func parts(_ values: [Double]) -> [[Departures.Part?]] { values.map { [Departures.Part(value: $0, variance: 1)] } }
    let found = Departures(
      parts(differences.map { _ in 0 }), sizes: differences.map { [abs($0) > 0.7 ? 1 : 0.1] },
      splits: [parts(differences)])
    expectClose(found.inflation, 1, absolute: 0.1)
  }

  /// Typical waits alone: points are 1 + 99 (log 288,000 − log w)/log 80.
  static func waits(_ logs: [Double], deviation: Double) -> IndicatorPosteriors {
    IndicatorPosteriors(
      IndicatorEvidence(
        indicator: .typicalWait,
        measure: .mean(estimates: logs, variances: logs.map { _ in deviation * deviation }, isLog: true),
        counts: logs.map { _ in 10 }))
  }

  // An hour, and all waits up to it, gets 100 points: what a wait of minutes varies by is no error in points, and so counts for nothing
  // beside one of hours. Both ratings are one error above the mean: alone they would say so.
  @Test func `luck beyond a goalpost counts for nothing`() throws {
    let logs = [3.0, 3.0, 10.2, 9.4]
    let ratings = Self.ratings([3.35, 3.05, 3.35, 3.25], variance: 0.01)
    let found = try Self.departures([Self.waits(logs, deviation: 0.1), ratings])
    let alone = try Self.departures([ratings])
    for unit in [0, 1] {
      expectClose(try #require(found.standardized[unit]), try #require(alone.standardized[unit]), relative: 1e-9)
    }
    // A wait of hours above the others' is a departure downwards, that of the rating upwards.
    let (together, rating) = (try #require(found.standardized[2]), try #require(alone.standardized[2]))
    #expect(together < rating - 1)
  }

  // Waits and ratings that are both three errors worse than the others' depart by more together than either alone; where one is better
  // they cancel, about.
  @Test func `who is worse in two ways departs further`() throws {
    func found(wait: Double, rating: Double) throws -> Double {
      let waits = Self.waits([10.2 + 0.4 * wait] + Array(repeating: 10.2, count: 19), deviation: 0.4)
      let ratings = Self.ratings([3.3 + 0.1 * rating] + Array(repeating: 3.3, count: 19), variance: 0.01)
      return try #require(try Self.departures([waits, ratings]).standardized[0])
    }
    let both = try found(wait: 3, rating: -3)
    let (slow, low) = (try found(wait: 3, rating: 0), try found(wait: 0, rating: -3))
    #expect(both < slow - 0.3 && both < low - 0.3)
    let (better, mixed) = (try found(wait: -3, rating: 3), try found(wait: 3, rating: 3))
    #expect(better > 0 && abs(mixed) < -both / 2)
  }

  // Halves of 2,000 alike units err by twice the variance that their errors say: φ is 2, within four times 2 √(2/2000).
  @Test func `halves of waits tell how much too small the errors are`() throws {
    var stream = RandomStream(seed: 31, purpose: "halves of waits")
    func drawn() -> [IndicatorPosteriors] {
      [Self.waits((0..<2000).map { _ in 10.2 + 0.4 * 2.0.squareRoot() * stream.normal() }, deviation: 0.4)]
    }
    let (first, second) = (drawn(), drawn())
    let all = [Self.waits([Double](repeating: 10.2, count: 2000), deviation: 0.3)]
    let inflation = try Self.departures(all, [(first: first, second: second)]).inflation
    expectClose(inflation, 2, absolute: 0.26)
  }
}
