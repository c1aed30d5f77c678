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

/// A topic that one manager has alone.
@Suite struct OwnLevelsTests {
  /// One manager asks of a topic of its own, and of it `others` requests are another's.
  private static func history(others: Int = 0) -> History {
    var queue = QueueHistory()
    (queue.partners, queue.secondPartnerShare) = (1, 0)
    var history = queue.make()
    history.topics.append("visas")
    var left = others
    for index in history.spells.indices {
      if history.spells[index].manager == 0 { history.spells[index].topic = 4 }
      if history.spells[index].manager == 1, left > 0 {
        history.spells[index].topic = 4
        left -= 1
      }
    }
    return history
  }

  @Test func `a topic of one's own is found`() throws {
    let alone = OwnLevels(Self.history())
    #expect(alone.level(manager: 0, partner: 0) == OwnLevels.Level(category: "topic", name: "visas", share: 1))
    // Topics that all ask belong to nobody.
    #expect((1..<12).allSatisfy { alone.level(manager: $0, partner: 0) == nil })
    let nearly = try #require(OwnLevels(Self.history(others: 3)).level(manager: 0, partner: 0))
    #expect(nearly.share >= 0.95 && nearly.share < 1)
    #expect(OwnLevels(Self.history(others: 30)).level(manager: 0, partner: 0) == nil)
  }

  // "About 2,890 more choices would show it" was said of one that three and nine times the data told no better.
  @Test func `whether it is the topic or the manager isn't a matter of more choices`() throws {
    let history = Self.history()
    let findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
    let pair = try #require(findings.pairs.first { $0.manager == "m1000" })
    #expect(pair.verdict != .noMaterialDifference && pair.furtherChoices == nil)
    #expect(
      pair.statement.contains(
        " At p100, requests of topic visas are m1000's alone: whether it is the topic or the manager can't be told, however many choices "
          + "there are."), "\(pair.statement)")
    #expect(!pair.statement.contains("would show"))
    #expect(findings.pairs.dropFirst().allSatisfy { !$0.statement.contains("visas") })
  }
}
