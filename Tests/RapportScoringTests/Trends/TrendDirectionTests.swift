import Glibc
import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

/// Which way levels are told to have gone where partners have bad spells that pass.
@Suite struct TrendDirectionTests {
  /// Nine in ten targets met in a usual month, six a month; the logit of a partner's months has spells with a deviation of
  /// 1, of which half is left a month later.
  ///
  /// - Returns: beside the evidence the real level of each manager's months.
  private static func spells(
    _ organisation: FalseChangeTests.Organisation, _ seed: UInt64
  ) -> (evidence: TrendEvidence, levels: [[Double]]) {
    var stream = RandomStream(seed: seed, purpose: "spells")
    let months = FalseChangeTests.Organisation.months
    let shifts = (0..<organisation.partners).map { _ in
      var shift = stream.normal()
      return (0..<months).map { _ in
        defer { shift = 0.5 * shift + 0.75.squareRoot() * stream.normal() }
        return shift
      }
    }
    var (first, second) = (
      [Int32](repeating: 0, count: organisation.managers * months),
      [Int32](repeating: 0, count: organisation.managers * months)
    )
    let pairs = organisation.pairs
    let levels = (0..<organisation.managers).map { manager in
      let own = 2.6 + 0.3 * stream.normal()
      let partners = (pairs.starts[manager]..<pairs.starts[manager + 1]).map { Int(pairs.partners[$0]) }
      return (0..<months).map { month in
        var level = 0.0
        for partner in partners {
          let share = 1 / (1 + exp(-own - shifts[partner][month]))
          level += share / Double(partners.count)
          let cases = stream.poisson(mean: 6 / Double(partners.count))
          first[manager * months + month] += Int32(stream.binomial(trials: cases, probability: share))
          second[manager * months + month] += Int32(cases)
        }
        return level
      }
    }
    return (
      TrendEvidence(
        .answeredWithinTarget, measure: .share(successes: first, trials: second), monthCount: months), levels
    )
  }

  // A walk that stays where it went, with errors from the months before, told falls and hardly any rise, and more than one in
  // twenty wrongly: printed beside.
  @Test func `directions are right and lean to neither side`() throws {
    let organisation = try FalseChangeTests.Organisation(managers: 500, partners: 50)
    var (told, walk) = ((up: 0, down: 0, wrong: 0), (up: 0, down: 0, wrong: 0))
    func count(_ change: LevelEstimate, _ real: Double, _ told: inout (up: Int, down: Int, wrong: Int)) {
      guard abs(change.level) > 1.644_853_6 * change.standardDeviation else { return }
      if change.level > 0 { told.up += 1 } else { told.down += 1 }
      if change.level * real < 0 { told.wrong += 1 }
    }
    for seed in 1...6 as ClosedRange<UInt64> {
      let (evidence, real) = Self.spells(organisation, seed)
      let levels = try TrendLevels(evidence, organisation.months, managerCount: organisation.managers)
      for manager in levels.managers {
        let place = FalseChangeTests.Organisation.months - 1
        let moved = real[manager][place] - real[manager][place - 6]
        if let change = try levels.change(manager, from: place - 6, to: place) { count(change, moved, &told) }
        if let change = try levels.path(manager).change(from: place - 6, to: place) { count(change, moved, &walk) }
      }
    }
    print("told \(told); by a level that stays where it went \(walk)")
    let all = told.up + told.down
    #expect(all > 30 && told.wrong * 20 <= all, "\(told), \(walk)")
    // Spells of the same partner go together: within twice the binomial error with ten managers a partner it may be 2 to 1.
    #expect(told.up < 2 * told.down && told.down < 2 * told.up, "\(told), \(walk)")
  }
}
