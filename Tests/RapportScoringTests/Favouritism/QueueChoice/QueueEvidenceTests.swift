import Glibc
import RapportIngestion
@testable import RapportScoring
import RapportTestSupport
import Testing

/// The queues behind a finding.
@Suite struct QueueEvidenceTests {
  typealias Asked = PartnerChoicesTests.Asked

  /// Findings in which a pair has this ratio, and columns next to no effect.
  static func findings(_ history: History, manager: String, ratio: Double) -> FavouritismFindings {
    var findings = FavouritismFindings()
    findings.pairs = [
      PairFinding(
        manager: manager, partner: "p", ratio: ratio, low: ratio, high: ratio, localFalseSignRate: 0, verdict: .signal,
        method: "choice", estimate: RatioInterval(ratio: ratio, low: ratio, high: ratio), requests: 1, answered: 1,
        eValue: 1, eValueOfLimit: 1, minimumDetectableRatio: 1, adjustedFor: [], notAdjustedFor: [], statement: "")
    ]
    findings.choice = ChoiceSummary(
      choices: 0, replies: 0, meanQueue: 2, partners: 1, obstacles: [:],
      coefficients: QueueColumns(history).names.map {
        .init(name: $0, estimate: 0, standardError: 1, deviationOfPartners: 1e-4)
      }, sampledChoices: 0, references: [:], workingCalendar: false, comparableBy: [], adjustedFor: [],
      notAdjustedFor: [],
      pooledLevels: [:])
    return findings
  }

  static func evidence(_ asked: [Asked], _ manager: String, ratio: Double, limit: Int = 10) -> QueueEvidence {
    let history = PartnerChoicesTests.history(asked)
    return QueueEvidence(
      history, findings: findings(history, manager: manager, ratio: ratio), manager: manager, partner: "p",
      limit: limit, options: quick)
  }

  /// a (10.0), b (10.1) and c (10.2, another topic) wait while another of a's is worked on until 11. Then b is picked, at
  /// 12 c, and at 12.5 a, beside c's second of 11.5.
  static let queue =
    PartnerChoicesTests.warmUp + [
      Asked(manager: 0, at: 9.5, end: 11), Asked(manager: 0, at: 10, end: 13, due: 10.5),
      Asked(manager: 1, at: 10.1, end: 12), Asked(manager: 2, at: 10.2, end: 12.5, topic: 1),
      Asked(manager: 2, at: 11.5, end: 14),
    ]

  // Without effects each of three open requests has a third of the chance.
  @Test func `a favoured pair's picks, with what they passed over`() throws {
    let evidence = Self.evidence(Self.queue, "b", ratio: 2)
    #expect(evidence.kind == .picked && evidence.total == 1 && evidence.obstacle == nil)
    #expect(evidence.comparableBy == ["topic"])
    let choice = try #require(evidence.choices.first)
    #expect(choice.moment == "1970-01-01T11:00:00Z" && choice.passedOver == 1 && !choice.isSample)
    expectClose(choice.probability, 1.0 / 3, absolute: 1e-6)
    // It stood there once, and was picked: one pick of one, where a third was expected.
    let record = try #require(evidence.record)
    #expect(record.queues == 1 && record.picks == 1)
    expectClose(record.expected, 1.0 / 3, absolute: 1e-6)
    #expect(choice.requests.map(\.manager) == ["b", "a", "c"])
    #expect(choice.requests.map(\.isPicked) == [true, false, false])
    // c's is younger, and of another topic; a's is older.
    #expect(choice.requests.map(\.isPassedOver) == [false, true, false])
    #expect(choice.requests.map(\.overdue) == [nil, true, nil])
    #expect(choice.requests.map(\.topic) == ["pay", "pay", "leave"])
    expectClose(choice.requests.map(\.waitedHours), [0.9, 1, 0.8], absolute: 1e-9)
    #expect(choice.requests[1].opened == "1970-01-01T10:00:00Z")
    #expect(choice.requests.allSatisfy { $0.request == nil })
  }

  @Test func `for a pair that comes last, the picks of others while it waited`() {
    let evidence = Self.evidence(Self.queue, "a", ratio: 0.5)
    #expect(evidence.kind == .passedOver && evidence.total == 2)
    // At 11 b's younger one of the same kind; at 12 c's, of another topic. Both are as likely but for rounding.
    let inTime = evidence.choices.sorted { $0.moment < $1.moment }
    #expect(inTime.map(\.passedOver) == [1, 0])
    #expect(inTime.map { $0.requests[0].manager } == ["b", "c"])
    expectClose(evidence.choices.map(\.probability), [1.0 / 3, 1.0 / 3], absolute: 1e-6)
    #expect(Self.evidence(Self.queue, "a", ratio: 0.5, limit: 1).choices == [evidence.choices[0]])
    #expect(Self.evidence(Self.queue, "a", ratio: 0.5, limit: 0).total == 2)
  }

  @Test func `why there is nothing to show`() {
    let alone = (0..<10).map { Asked(manager: 0, at: Double($0), end: Double($0) + 1.5) }
    #expect(Self.evidence(alone, "a", ratio: 2).obstacle == .noQueue)
    #expect(Self.evidence(Self.queue, "nobody", ratio: 2).obstacle == .noChoice)
    let history = PartnerChoicesTests.history(Self.queue)
    let none = QueueEvidence(
      history, findings: FavouritismFindings(), manager: "a", partner: "p", options: quick)
    #expect(none.obstacle == .noChoice && none.choices.isEmpty && none.total == 0)
  }

  // With two partners the page told the prior, N(0, 2.5²), as what partners go by.
  @Test(arguments: [(2, false), (3, true)])
  func `what partners have in common is told of three or more`(_ partners: Int, _ isTold: Bool) throws {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.days, queue.load) = (partners, 6, 60, 0.95)
    let (findings, _) = FavouritismTruthTests.find(queue)
    let choice = try #require(findings.choice)
    #expect(choice.partners == partners && choice.coefficients.isEmpty != isTold)
    // Each partner's own way is held equal all the same, for findings and the choices behind them.
    let pair = try #require(findings.pairs.first { $0.record != nil })
    let evidence = QueueEvidence(
      queue.make(), findings: findings, manager: pair.manager, partner: pair.partner, options: AssessmentOptions())
    #expect(!evidence.choices.isEmpty && evidence.obstacle == nil)
    expectClose(try #require(pair.record).expected, try #require(evidence.record).expected, relative: 1e-2)
  }

  // Every pair, on queues with planted favour: the choices are as many, and pass over as many, as the finding says.
  @Test func `choices add up to the findings`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.days, queue.load) = (3, 6, 60, 0.95)
    queue.favours = [[1, 0]: log(5), [8, 1]: -log(5)]
    let (findings, _) = FavouritismTruthTests.find(queue)
    let history = queue.make()
    #expect(findings.pairs.contains { $0.verdict == .signal })
    let told = findings.pairs.filter { $0.choices != nil }
    #expect(told.count > 20)
    for pair in told {
      let evidence = QueueEvidence(
        history, findings: findings, manager: pair.manager, partner: pair.partner, limit: .max,
        options: AssessmentOptions())
      let passedOver = evidence.choices.reduce(0) { $0 + $1.passedOver }
      #expect(evidence.total == evidence.choices.count)
      // Over all queues in which it could have been picked before another, beside what equal treatment would give.
      let record = try #require(evidence.record)
      #expect(record.picks <= record.queues && record.picks == pair.choices)
      let told = try #require(pair.record)
      #expect(told.picks == record.picks && told.queues == record.queues)
      // The partner's coefficients are estimated anew for the evidence.
      expectClose(told.expected, record.expected, relative: 1e-3)
      #expect(record.expected > 0 && record.expected < Double(record.queues))
      if pair.verdict == .signal { #expect((Double(record.picks) > record.expected) == ((pair.ratio ?? 1) > 1)) }
      if evidence.kind == .picked {
        #expect(evidence.total == pair.choices && passedOver == pair.overtakes)
        #expect(evidence.choices.allSatisfy { $0.requests[0].manager == pair.manager })
      } else {
        #expect(passedOver == pair.overtaken)
        #expect(evidence.choices.allSatisfy { $0.requests[0].manager != pair.manager })
        #expect(evidence.choices.allSatisfy { $0.requests.contains { $0.manager == pair.manager } })
      }
      // The least likely under equal treatment first: own picks with little chance, others' while own had much.
      let chances = evidence.choices.map(\.probability)
      let isInOrder = chances == (evidence.kind == .picked ? chances.sorted() : chances.sorted(by: >))
      #expect(isInOrder, "\(pair.manager) and \(pair.partner)")
      for choice in evidence.choices.prefix(3) {
        expectClose(choice.requests.reduce(0) { $0 + $1.probability }, 1, absolute: 1e-9)
        #expect(choice.requests.count { $0.isPicked } == 1 && choice.requests.count > 1)
      }
      if pair.verdict == .signal { #expect(!evidence.choices.isEmpty) }
    }
  }
}
