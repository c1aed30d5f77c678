import Glibc
import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

/// Too few managers to show what is usual: nobody is said to differ from it.
@Suite struct FewManagersTests {
  private static func queue(_ managers: Int, favour: Double, seed: UInt64) -> QueueHistory {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.secondPartnerShare) = (1, managers, 0)
    queue.favours = [[0, 0]: log(favour)]
    queue.seed = seed
    return queue
  }

  // One of three or four is picked 2.5 times as readily: the usual treatment of so few lies between, and those who are treated alike
  // were told as put last, in 14 of 20 runs.
  @Test(arguments: [3, 4])
  func `one favoured of a few accuses nobody`(_ managers: Int) throws {
    for seed in UInt64(1)...3 {
      let (findings, _) = FavouritismTruthTests.find(Self.queue(managers, favour: 2.5, seed: seed))
      #expect(findings.pairs.count == managers && findings.signals.isEmpty && findings.managerSignals.isEmpty)
      for pair in findings.pairs {
        #expect(pair.verdict == .insufficientEvidence && pair.furtherChoices == nil, "\(pair.statement)")
        #expect(pair.statement.contains("\(Wording.tooFewForUsual) There are \(managers)."), "\(pair.statement)")
      }
      // What can be told is the difference between two; and an innocent's interval holds the ratio to the favoured one.
      #expect(findings.pairs[0].statement.contains(": m1000 is picked "), "\(findings.pairs[0].statement)")
      #expect(findings.pairs.dropFirst().allSatisfy { ($0.low ?? 1) < 0.6 && ($0.estimate?.low ?? 1) < 0.6 })
      // Who filters by a rate of false signs, here or at managers, finds nobody: nothing is told against a usual that nobody knows.
      for pair in findings.pairs {
        #expect(pair.isJudged && pair.ratio != nil && pair.sValue == nil && pair.localFalseSignRate == nil)
        #expect(pair.eValue == nil && pair.eValueOfLimit == nil && pair.minimumDetectableRatio == nil)
        #expect(pair.ratioWithoutOneRequest == nil && pair.ratioAtReply == nil)
      }
      #expect(findings.managers.count == managers)
      for manager in findings.managers {
        #expect(manager.verdict == .insufficientEvidence && manager.ratio == nil && manager.low == nil)
        #expect(manager.high == nil && manager.estimate == nil && manager.sValue == nil)
        #expect(manager.localFalseSignRate == nil && !manager.statement.contains("×"))
        #expect(manager.statement.hasSuffix(Wording.tooFewForUsual), "\(manager.statement)")
      }
      let partner = findings.partners[0]
      #expect(partner.verdict != .noMaterialDifference && partner.medianRatio == nil && partner.low == nil)
      #expect(partner.apart.isEmpty && partner.pValue != nil && !partner.isShown)
      #expect(findings.notes.contains { $0.hasPrefix(Wording.tooFewForUsual) })
    }
  }

  @Test func `of five there is a usual treatment`() throws {
    let (findings, _) = FavouritismTruthTests.find(Self.queue(5, favour: 2.5, seed: 1))
    #expect(findings.signals.allSatisfy { $0.manager == "m1000" && ($0.ratio ?? 1) > 1 })
    #expect(findings.pairs.allSatisfy { !$0.statement.contains(Wording.tooFewForUsual) && $0.sValue != nil })
    #expect(findings.managers.allSatisfy { $0.ratio != nil && $0.sValue != nil })
  }

  // By hand: z = 0.9/0.2, 0.8/0.2 and 0.1/0.2; the last, p = 0.62, is no difference.
  @Test func `two by two, by hand`() throws {
    let effects = [0.9, 0, 0.1].map { (mean: $0, variance: 0.02) }
    let found = PairDifferences(effects, groups: [[0, 1, 2]], interval: 0.9)
    #expect(found.clear.map(\.more) == [0, 0] && found.clear.map(\.less) == [1, 2])
    let first = try #require(found.clear.first).ratio
    expectClose(first.ratio, exp(0.9), relative: 1e-12)
    expectClose(first.low, exp(0.9 - 1.6448536269514722 * 0.2), relative: 1e-9)
    expectClose(first.high, exp(0.9 + 1.6448536269514722 * 0.2), relative: 1e-9)
    // Of two partners nobody is held against the other's.
    #expect(PairDifferences(effects, groups: [[0], [1, 2]], interval: 0.9).clear.isEmpty)
  }

  // Two of three are alike: they are told apart in at most 5 % of runs, 100 of 2,000 (three standard errors more are 129), whether the
  // third is favoured, put last or like them; of three alike any.
  @Test(arguments: [0.0, 0.92, -0.92])
  func `who are alike are told apart in one run of twenty`(favour: Double) {
    var stream = RandomStream(seed: 5, purpose: "two by two \(favour)")
    var wrong = 0
    for _ in 0..<2000 {
      let effects = [favour, 0, 0].map { (mean: $0 + 0.15 * stream.normal(), variance: 0.15 * 0.15) }
      let found = PairDifferences(effects, groups: [[0, 1, 2]], interval: 0.9)
      if found.clear.contains(where: { favour == 0 || $0.more != 0 && $0.less != 0 }) { wrong += 1 }
    }
    #expect(wrong <= 129)
  }

  /// Differences that are told as clear of a partner's managers, in a history of 80 days: some 700 requests.
  private static func clear(_ managers: Int, favour: Double, seed: UInt64) throws -> [PairDifferences.Difference] {
    var queue = Self.queue(managers, favour: favour, seed: seed)
    queue.days = 80
    let options = AssessmentOptions()
    let choices = QueueChoices(queue.make(), options: options)
    #expect(choices.pairs.map(\.manager) == Array(0..<managers), "seed \(seed)")
    return try #require(UnplacedPairs(choices, interval: options.interval), "seed \(seed)").differences.clear
  }

  // Picks by urgency and age from queues, fitted as every log is: where all are treated alike, at most 5 % of organisations tell a
  // difference. Of 48 at 0.05 each P(X > 8) = 0.0006. A copy of this in Python, read by the tool, told 20 of 450 (8, 8 and 4 of 150
  // with two, three and four managers).
  @Test func `who are treated alike are told apart in one organisation of twenty`() throws {
    var wrong: [String] = []
    for managers in 2...4 {
      for seed in UInt64(101)...116 {
        if try !Self.clear(managers, favour: 1, seed: seed).isEmpty {
          wrong.append("\(managers) managers, seed \(seed)")
        }
      }
    }
    #expect(wrong.count <= 8, "\(wrong)")
  }

  // The copy in Python told it in all of 108 organisations.
  @Test(arguments: 2...4)
  func `who is favoured three times is told from the others`(_ managers: Int) throws {
    var told = 0
    for seed in UInt64(201)...204 {
      if try Self.clear(managers, favour: 3, seed: seed).contains(where: { $0.more == 0 }) { told += 1 }
    }
    #expect(told >= 3, "\(told) of 4")
  }

  @Test func `a few managers' unevenness, in words`() throws {
    let units = [(0.9, 0.01), (0, 0.01), (0.05, 0.01)].map { (mean: $0.0, variance: $0.1) }
    let evenness = try #require(Evenness(units, pValue: 0.001, interval: 0.9))
    let told = RatioInterval(ratio: 3, low: 1.5, high: 9)
    let difference = Wording.difference(
      "M0", "M1", RatioInterval(ratio: 2.46, low: 1.9, high: 3.2), interval: 0.9)
    #expect(
      Wording.evenness("pat", evenness, told, .signal, differences: [difference], managers: 3, interval: 0.9)
        == "pat answers 3 managers unevenly: M0 is picked 2.46× as readily as M1 (90 % interval 1.90–3.20); too few managers to say what "
        + "is typical of two, or which of two is treated as usual: worth looking into.")
    #expect(
      !Wording.evenness("pat", evenness, told, .insufficientEvidence, managers: 3, interval: 0.9).contains("3.00"))
  }
}
