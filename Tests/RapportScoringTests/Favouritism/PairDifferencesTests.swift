import Glibc
import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

/// Two managers of one partner held against each other.
@Suite struct PairDifferencesTests {
  // By hand: 0.9/0.2 is clear; 0.9/0.5 isn't, whatever the variances say.
  @Test func `what is known of a difference goes before what is known of the two`() throws {
    let effects = [0.9, 0].map { (mean: $0, variance: 0.02) }
    let twosome = PairDifferences.Twosome(1, 0)
    func clear(_ error: Double, level: Double = 0.05) -> [PairDifferences.Difference] {
      PairDifferences(effects, errors: [twosome: error], groups: [[0, 1]], level: level, interval: 0.9).clear
    }
    #expect(clear(0.5).isEmpty)
    let ratio = try #require(clear(0.3).first).ratio
    expectClose(ratio.low, exp(0.9 - 1.6448536269514722 * 0.3), relative: 1e-9)
    // p = 0.0027: clear at five in a hundred, not at two in a thousand.
    #expect(clear(0.3, level: 0.002).isEmpty)
  }

  // One request of the first manager's waits for twenty hours for a reason that the log doesn't tell; the oldest goes first else.
  // Everything that passes it over says one thing.
  @Test func `one request that is held up is no difference between two`() throws {
    var (plain, clear) = (0, 0)
    for seed in UInt64(1)...12 {
      var queue = QueueHistory()
      (queue.partners, queue.managersPerPartner, queue.secondPartnerShare, queue.days) = (1, 2, 0, 120)
      (queue.patience, queue.urgency, queue.disciplineSpread, queue.seed) = (30, 0, 0, seed)
      var history = queue.make()
      let own = history.spells.indices.filter {
        history.spells[$0].manager == 0 && history.spells[$0].outcome == .answered
      }
      let held = own[own.count / 2]
      history.spells[held].ended = history.spells[held].ended.advanced(days: 1)
      history.spells[held].endedClock += 86_400_000
      let choices = QueueChoices(history, options: AssessmentOptions())
      guard choices.pairs.count == 2 else { continue }
      let (one, other) = (choices.pairs[0], choices.pairs[1])
      let error = (one.logOddsError * one.logOddsError + other.logOddsError * other.logOddsError).squareRoot()
      let known = one.differenceErrors[other.manager]
      #expect(known == other.differenceErrors[one.manager])
      if abs(one.logOdds - other.logOdds) > 1.96 * error {
        plain += 1
        #expect(try #require(known) > 0)
      }
      clear += try #require(UnplacedPairs(choices, interval: 0.9)).differences.clear.count
    }
    #expect(plain > clear && clear <= 1, "\(plain) by variances, \(clear) told")
  }
}
