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

  /// A partner of two managers, one of whom may be favoured.
  private static func history(
    favour: Double = 1, seed: UInt64, _ change: (inout QueueHistory) -> Void = { _ in }
  ) -> History {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.secondPartnerShare, queue.days) = (1, 2, 0, 120)
    (queue.favours, queue.seed) = ([[0, 0]: log(favour)], seed)
    change(&queue)
    return queue.make()
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a difference that stands out has an error of its own, and is told`(_ seed: UInt64) throws {
    let choices = QueueChoices(Self.history(favour: 4, seed: seed), options: AssessmentOptions())
    let (one, other) = (choices.pairs[0], choices.pairs[1])
    let known = try #require(one.differenceErrors[other.manager])
    #expect(known == other.differenceErrors[one.manager])
    #expect(known > 0.1 && known < abs(one.logOdds - other.logOdds) / 2)
    let difference = try #require(UnplacedPairs(choices, interval: 0.9)?.differences.clear.first)
    #expect(difference.more == 0 && difference.less == 1)
    let width = log(difference.ratio.high / difference.ratio.low)
    expectClose(width, 2 * 1.6448536269514722 * known, relative: 1e-9)
  }

  // One request of the first manager's waits for a day more for a reason that the log doesn't tell; the oldest goes first else.
  // Everything that passes it over says one thing.
  @Test func `one request that is held up is no difference between two`() throws {
    var clear = 0
    for seed in UInt64(1)...12 {
      var history = Self.history(seed: seed) { ($0.patience, $0.urgency, $0.disciplineSpread) = (30, 0, 0) }
      let own = history.spells.indices.filter {
        history.spells[$0].manager == 0 && history.spells[$0].outcome == .answered
      }
      let held = own[own.count / 2]
      history.spells[held].ended = history.spells[held].ended.advanced(days: 1)
      history.spells[held].endedClock += 86_400_000
      let choices = QueueChoices(history, options: AssessmentOptions())
      clear += UnplacedPairs(choices, interval: 0.9)?.differences.clear.count ?? 0
    }
    // One in twenty by chance: of 12 seldom more than two.
    #expect(clear <= 2)
  }
}
