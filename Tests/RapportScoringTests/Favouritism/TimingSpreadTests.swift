import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct TimingSpreadTests {
  /// Sums of one unit's residuals by month, of one pair.
  static func unit(_ months: [[Double]]) -> TimingSpread.Unit { units([[months]])[0] }

  /// Sums of units' residuals by pair and then by month.
  static func units(_ units: [[[[Double]]]]) -> [TimingSpread.Unit] {
    var (residuals, ofMonth, starts): ([Double], [Int32], [Int]) = ([], [], [0])
    for months in units.flatMap({ $0 }) {
      for (month, own) in months.enumerated() {
        residuals += own
        ofMonth += repeatElement(Int32(month), count: own.count)
      }
      starts.append(residuals.count)
    }
    let answers = TimingSpread.Answers(residuals, months: ofMonth, starts: starts, threads: 1)
    var first = 0
    return units.map { pairs in
      defer { first += pairs.count }
      return answers.unit(of: Array(first..<first + pairs.count))
    }
  }

  // Residuals ±1 in one month, ±3 in another, all within the bound, so that κ is τ: e²/mean e² − 1 = x = −0.8, −0.8, 0.8, 0.8, Σ x² = 2.56;
  // n (n − 2)/(n + 1) = 1.6, so κ₂ = 1.6. Pairs of one month, in both orders: A = 2 · 0.64 · 2 = 2.56, M = 4, N = 12;
  // γ = (2.56 + 2.56 · 4/12)/4 / (4 · 8/12/4) = 0.8533/0.6667 = 1.28. D = (1.6 + 1.28 · 4/4)/2 = 1.44.
  @Test func `clusters, worked by hand`() {
    let unit = Self.unit([[1, -1], [3, -3]])
    expectClose(unit.variance * TimingSpread.bounded.expectedSquare, 20.0 / 3, relative: 1e-12)
    let clustering = VarianceClustering([unit])
    expectClose(clustering.kurtosis, 1.6, relative: 1e-12)
    expectClose(clustering.covariance, 1.28, relative: 1e-12)
    expectClose(clustering.designEffect(unit), 1.44, relative: 1e-12)
  }

  // Independent normal residuals are no less telling than they are, however they are spread over pairs: with each pair's mean
  // taken for the unit's, D was 0.8 for six pairs of two and 2.3 for ten pairs most of which had one.
  @Test(arguments: [[15, 15, 15], [2, 2, 2, 2, 2, 2], [4, 3, 1, 1, 1, 1, 1, 1, 1, 1], [40]])
  func `pairs of any size have no effect of their own`(sizes: [Int]) {
    var stream = RandomStream(seed: 31, purpose: "pairs")
    let units = Self.units(
      (0..<3000).map { _ in
        sizes.map { n in
          let residuals = (0..<n).map { _ in stream.normal() }
          return [Array(residuals[..<(n / 2)]), Array(residuals[(n / 2)...])]
        }
      })
    let clustering = VarianceClustering(units)
    #expect((1.9..<2.25).contains(clustering.kurtosis), "\(clustering.kurtosis)")
    #expect(clustering.covariance < 0.1, "\(clustering.covariance)")
    #expect(abs(clustering.designEffect(units[0]) - 1) < 0.13)
  }

  // Errors are those that units have: of a normal, of 9 degrees and of 45, and of tails that are heavier. 4,000 variances of log s² have
  // an error of 2.2 %. Those of plain squares of a t distribution were 24 % (9 degrees) and 14 to 19 % (45) larger than told.
  @Test(arguments: [([10], 1e6), ([15, 16, 17], 1e6), ([10], 6.0), ([15, 16, 17], 6.0)])
  func `variances vary as they say`(sizes: [Int], tail: Double) throws {
    var stream = RandomStream(seed: 32, purpose: "degrees")
    let units = Self.units(
      (0..<4000).map { _ in
        sizes.map { n in
          [(0..<n).map { _ in stream.normal() / (2 * stream.gamma(shape: tail / 2) / tail).squareRoot() }]
        }
      })
    let found = try #require(Moments(units.map { log($0.variance) }).variance)
    let degrees = units[0].degrees / VarianceClustering(units).designEffect(units[0])
    #expect(abs(log(found / trigamma(degrees / 2))) < (degrees < 9 ? 0.15 : 0.08), "\(found), \(trigamma(degrees / 2))")
  }

  // Thirty answers around their pair's middle, and one that came after a minute, or after weeks: wherever it lies, s² grows by no more
  // than 2.5 s does: 30 v₁ = Σ e² + 6.25 v₁. As a plain square the minute's more than tripled it.
  @Test func `one answer far off counts for no more than one at the bound`() {
    let usual = (0..<30).map { Normal.standard.quantile((Double($0) + 0.5) / 30) }
    let before = Self.unit([usual]).variance
    for far in [-9.0, -6, 4] {
      let after = Self.unit([usual + [far]]).variance
      #expect(after > before && after < 1.3 * before, "\(after), before \(before), at \(far)")
    }
    expectClose(Self.unit([usual + [-9]]).variance, Self.unit([usual + [6]]).variance, relative: 0.01)
  }

  @Test func `edges`() {
    #expect(TimingSpread.moderated([]).isEmpty)
    let none = TimingSpread.moderated([Self.unit([[1]]), TimingSpread.Unit()])
    #expect(none.allSatisfy { $0.variance == 0 && $0.degrees == 0 })
    let alike = TimingSpread.moderated([Self.unit([[1, 1]]), Self.unit([[2, 2, 2]])])
    #expect(alike.allSatisfy { $0.variance == 0 && $0.degrees > 0 })
    // One unit with residuals, one without any: the latter has the prior's.
    let few = TimingSpread.moderated([Self.unit([[1, -1, 2, -2]]), TimingSpread.Unit(), Self.unit([[1, 1]])])
    #expect(few.allSatisfy { $0.variance > 0 && $0.variance.isFinite && $0.degrees > 0 && $0.degrees.isFinite })
  }

  /// Sixty units with five residuals in each of twelve months.
  ///
  /// - Parameters: `spread` of units' log σ, `monthly` of months' log σ within a unit, `tail`: degrees of freedom of residuals.
  static func organisation(
    _ seed: UInt64, spread: Double, monthly: Double, tail: Double
  ) -> (truths: [Double], units: [TimingSpread.Unit]) {
    var stream = RandomStream(seed: seed, purpose: "timing spread")
    func residual(_ sigma: Double) -> Double {
      sigma * stream.normal() / (2 * stream.gamma(shape: tail / 2) / tail).squareRoot()
    }
    let sigmas = (0..<60).map { _ in exp(spread * stream.normal()) }
    let found = units(
      sigmas.map { sigma in
        [
          (0..<12).map { _ in
            let ofMonth = sigma * exp(monthly * stream.normal())
            return (0..<5).map { _ in residual(ofMonth) }
          }
        ]
      })
    // What a unit of many more answers would show, but for its own σ.
    let all = (0..<40_000).map { _ in residual(exp(monthly * stream.normal())) }
    let variance = TimingSpread.bounded.variance(all.map { $0 * $0 }, weights: all.map { _ in 1 })
    return (sigmas.map { $0 * variance.squareRoot() }, found)
  }

  // What 90 % intervals of σ hold, 1,200 units each: without any difference between units, with one, with months that go
  // together, and with heavier tails. With d₀ from moments and residuals taken as independent and normal they held 49, 87, 65
  // and 81 % on 200 such organisations, and had no width in half of those of the first row.
  @Test(arguments: [(0.0, 0.0, 1e6), (0.1, 0.0, 1e6), (0.1, 0.4, 1e6), (0.1, 0.0, 6.0)])
  func `intervals hold what they say`(spread: Double, monthly: Double, tail: Double) {
    var (held, narrow) = (0, 0)
    for seed in 1...20 as ClosedRange<UInt64> {
      let (truths, units) = Self.organisation(seed, spread: spread, monthly: monthly, tail: tail)
      for (truth, found) in zip(truths, TimingSpread.moderated(units)) {
        let posterior = Posterior.spread(scale: found.variance, degrees: found.degrees)
        let (low, high) = (posterior.quantile(0.05)!, posterior.quantile(0.95)!)
        if low <= exp(truth) && exp(truth) <= high { held += 1 }
        if log(high) < 1.02 * log(low) { narrow += 1 }
      }
    }
    // Errors of one organisation's units go together in what the prior has wrong: 0.86 allows for that.
    #expect(held > 1032, "\(held) of 1200")
    #expect(spread > 0 || held >= 1100, "\(held) of 1200")
    #expect(spread == 0 || held < 1150, "\(held) of 1200")
    #expect(narrow == 0, "\(narrow) of 1200 without width")
  }
}
