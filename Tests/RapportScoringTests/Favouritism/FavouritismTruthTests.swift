import Foundation
import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

/// Findings on queues whose truth is known.
@Suite struct FavouritismTruthTests {
  static func find(_ queue: QueueHistory) -> (findings: FavouritismFindings, timing: TimingModel?) {
    let history = queue.make()
    let options = AssessmentOptions()
    let (timing, reason) = TimingModel.fit(history, options: options)
    return (
      FavouritismFindings.find(
        in: history, choices: QueueChoices(history, options: options), timing: timing, reason: reason, options: options),
      timing
    )
  }

  /// Disciplines under which nobody is favoured, with managers who differ in urgency, topics and hours.
  static let nulls: [(name: String, queue: QueueHistory)] = {
    func queue(_ change: (inout QueueHistory) -> Void) -> QueueHistory {
      var queue = QueueHistory()
      queue.partners = 4
      queue.days = 150
      change(&queue)
      return queue
    }
    return [
      ("weighing urgency and age", queue { _ in }),
      ("first in first out", queue { ($0.patience, $0.urgency, $0.disciplineSpread) = (30, 0, 0) }),
      ("strict priority", queue { ($0.urgency, $0.disciplineSpread) = (12, 0) }),
      ("shortest job first", queue { ($0.size, $0.urgency, $0.disciplineSpread) = (8, 0, 0) }),
      ("every partner another way", queue { $0.disciplineSpread = 3 }),
      ("overloaded", queue { $0.load = 0.97 }),
    ]
  }()

  @Test(arguments: nulls.indices)
  func `nobody is favoured: no signal`(_ index: Int) throws {
    let (findings, timing) = Self.find(Self.nulls[index].queue)
    let fitted = try #require(timing)
    #expect(findings.pairs.count { $0.sValue != nil } > 50)
    #expect(findings.pairs.allSatisfy { $0.verdict != .signal }, "\(Self.nulls[index].name)")
    #expect(findings.managers.allSatisfy { $0.verdict != .signal }, "\(Self.nulls[index].name)")
    #expect(findings.groups.count == 2)
    #expect(findings.groups.allSatisfy { $0.verdict != .signal }, "\(Self.nulls[index].name)")
    // Plain estimates are calibrated: their squared z-scores average 1, within four standard errors, √(2/96) each.
    let z = fitted.pairs.compactMap { pair in pair.estimate.map { $0 / (pair.estimateVariance ?? 1).squareRoot() } }
    expectClose(z.reduce(0) { $0 + $1 * $1 } / Double(z.count), 1, absolute: 4 * (2 / Double(z.count)).squareRoot())
  }

  // Two of fourteen are picked three times as readily, the others alike: of 91 twosomes 66 are of those. Whatever is told of a partner's
  // typical twosome must hold 1, and name the two where it is a signal.
  @Test func `where few are favoured, nothing is said of any two`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.secondPartnerShare, queue.days) = (8, 14, 0, 200)
    for partner in 0..<8 {
      for favoured in [3, 8] { queue.favours[[partner * 14 + favoured, partner]] = log(3) }
    }
    let findings = Self.find(queue).findings
    let signals = findings.partners.filter { $0.verdict == .signal }
    #expect(signals.count >= 4)
    // Of a partner whose others differ by chance, or whose favoured ones are no signals themselves, it is told as if of any two.
    let told = signals.filter { ($0.low ?? 2) <= 1.0001 && !$0.apart.isEmpty }
    for finding in signals {
      #expect(finding.apart.allSatisfy { finding.statement.contains("\($0) is picked") }, "\(finding.statement)")
      #expect(finding.apart.isEmpty == !finding.statement.contains(" apart: "), "\(finding.statement)")
    }
    // Whoever is treated apart is among the favoured.
    let favoured = Set((0..<8).flatMap { partner in [3, 8].map { "m\(1000 + partner * 14 + $0)" } })
    #expect(favoured.isSuperset(of: told.flatMap(\.apart)), "\(told.map(\.apart))")
    #expect(findings.partners.allSatisfy { $0.verdict == .signal || $0.apart.isEmpty })
    #expect(4 * told.count >= 3 * signals.count, "\(signals.map(\.statement))")
  }

  // Four partners favour one manager and put another last, 4 : 1 against the rest. In ratios of waits that is less, and
  // how much less depends on the queue; direction and false discoveries are what counts.
  @Test func `planted favour is found, and little else`() throws {
    var queue = QueueHistory()
    queue.partners = 4
    queue.load = 0.95
    for partner in 0..<4 {
      queue.favours[[partner * 12 + partner, partner]] = log(4)
      queue.favours[[partner * 12 + 11 - partner, partner]] = -log(4)
    }
    let (findings, timing) = Self.find(queue)
    let signals = findings.pairs.filter { $0.verdict == .signal }
    func truth(_ pair: PairFinding) -> Double? {
      queue.favours[[Int(pair.manager.dropFirst())! - 1000, Int(pair.partner.dropFirst())! - 100]]
    }
    let right = signals.filter { truth($0) != nil }
    #expect(right.count >= 6, "\(right.count) of 8")
    #expect(signals.count - right.count <= 1)
    for pair in right {
      let favour = try #require(truth(pair))
      let told = try #require(pair.shown)
      #expect((told.ratio > 1) == (favour > 0))
      #expect(told.low <= told.ratio && told.ratio <= told.high)
      #expect(pair.method == "choice" && pair.choices! >= 20 && pair.statement.contains("worth looking into. "))
      #expect((try #require(pair.ratioAtReply) > 1) == (favour > 0))
      #expect((try #require(pair.ratioWithoutOneRequest) > 1) == (favour > 0))
      let (eValue, eValueOfLimit) = (try #require(pair.eValue), try #require(pair.eValueOfLimit))
      #expect(eValue >= eValueOfLimit && eValueOfLimit >= 1)
      // Of the ratio that is shown, not of the plain estimate.
      func risk(_ ratio: Double) -> Double { EValue.riskRatio(commonHazardRatio: ratio) }
      let shown = EValue(ratio: risk(told.ratio), low: risk(told.low), high: risk(told.high))
      #expect(eValue == shown.point && eValueOfLimit == shown.limit)
    }
    // Two of some 24 managers make a partner uneven beyond chance, though the typical two are treated alike.
    #expect(findings.partners.count { ($0.qValue ?? 1) < 0.05 } >= 3)
    #expect(
      findings.partners.allSatisfy { $0.medianRatio! >= $0.low! && $0.medianRatio! <= $0.high! && $0.managers >= 12 })
    let summary = try #require(timing).summary
    #expect(summary.shareByWhoIsAsking > 0.01 && summary.shareByWhoIsAsking < 0.2)
    expectClose(summary.components.reduce(0) { $0 + $1.share }, 1, relative: 1e-12)
    // Everything is a number that JSON can hold, and comes back the same.
    let json = try JSONEncoder().encode(findings)
    #expect(try JSONDecoder().decode(FavouritismFindings.self, from: json) == findings)
    // And the same again, to the bit.
    #expect(Self.find(queue).findings == findings)
  }

  // One partner puts one manager last, 1 : 30, and treats the other eleven alike, as other partners do theirs: of two of its managers
  // one typically isn't picked more readily than the other, and all partners' figures say so.
  @Test func `one manager put last is named, and doesn't make the others uneven`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.secondPartnerShare, queue.days) = (4, 0, 120)
    queue.favours[[3, 0]] = -log(30)
    let findings = Self.find(queue).findings
    let uneven = try #require(findings.partnerSignals.first)
    #expect(findings.partnerSignals.count == 1 && uneven.partner == "p100")
    #expect(uneven.statement.hasPrefix("p100 treats one manager apart: m1003 is picked "), "\(uneven.statement)")
    #expect(uneven.apart == ["m1003"])
    #expect(try #require(uneven.medianRatio) < 1.2 && uneven.high! < 1.4, "\(uneven.statement)")
    #expect(findings.partners.allSatisfy { $0.low! <= $0.medianRatio! && $0.medianRatio! <= $0.high! })
  }

  @Test func `statements name topic and priority where the log has them`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.days) = (2, 6, 40)
    let common = ", of the same topic and priority; "
    var history = queue.make()
    for isKnown in [true, false] {
      let findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
      let told = findings.pairs.filter { $0.choices != nil }.map { $0.statement.replacing(")", with: "; ") }
      #expect(!told.isEmpty && told.allSatisfy { $0.contains("of others") && $0.contains(common) == isKnown })
      #expect(findings.choice?.comparableBy == (isKnown ? ["topic", "priority"] : []))
      for place in history.spells.indices { (history.spells[place].topic, history.spells[place].priority) = (-1, -1) }
    }
  }

  @Test func `many requests without an answer are told`() {
    #expect(FavouritismFindings.caveat(unanswered: 0.1, ofAllPartners: true, AssessmentOptions()) == nil)
    #expect(FavouritismFindings.caveat(lastPartnerOnly: 0) == nil)
    #expect(
      FavouritismFindings.caveat(lastPartnerOnly: 5)?.hasPrefix(
        "5 requests came as one row, which names the last partner only. Whether any was passed on isn't known;") == true
    )
    let caveat = FavouritismFindings.caveat(unanswered: 0.134, ofAllPartners: true, AssessmentOptions()) ?? ""
    #expect(
      caveat.hasPrefix(
        "13 % of requests made 30 days or more before the end, and neither withdrawn nor passed on, were never answered. "
      ))
    let ofSome = FavouritismFindings.caveat(unanswered: 0.134, ofAllPartners: false, AssessmentOptions()) ?? ""
    #expect(
      ofSome.hasPrefix(
        "13 % of requests to partners whose order of picks can be told, made 30 days or more before the end and neither "
          + "withdrawn nor passed on, were never answered. "))
    #expect(caveat.hasSuffix("findings may be no more than differences in being answered at all."))
  }

  // By hand: of five requests made 40 days before the end one is open, one was answered after 35 days, one at once, one was
  // withdrawn and one passed on: one of three was never answered. One made 29 days before the end may still be. A partner
  // whose fit didn't converge isn't used.
  @Test func `late answers are answers`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.days) = (1, 60)
    var history = queue.make()
    let choices = QueueChoices(history, options: AssessmentOptions())
    #expect(choices.partners.map(\.obstacle) == [nil])
    let outcomes: [(days: Int, RequestSpell.Outcome, stood: Int)] = [
      (40, .open, 40), (40, .answered, 35), (40, .answered, 0), (40, .withdrawn, 33), (40, .reassigned, 33),
      (29, .open, 29),
    ]
    history.spells = outcomes.map { days, outcome, stood in
      var spell = history.spells[0]
      spell.outcome = outcome
      spell.opened = history.asOf.advanced(days: -days)
      spell.entered = spell.opened
      spell.ended = spell.opened.advanced(days: stood)
      return spell
    }
    var partners = choices.partners
    expectClose(FavouritismFindings.unansweredShare(history, partners, days: 30), 1.0 / 3, relative: 1e-12)
    partners[0].converged = false
    #expect(FavouritismFindings.unansweredShare(history, partners, days: 30) == 0)
  }

  // Half, nine in ten and 99 in 100: the intervals that are shown differ, what is said of anybody doesn't.
  @Test func `verdicts don't hang on the level of the intervals that are shown`() throws {
    var queue = QueueHistory()
    queue.partners = 4
    queue.load = 0.95
    for partner in 0..<4 { queue.favours[[partner * queue.managersPerPartner, partner]] = log(4) }
    let history = queue.make()
    let findings = [0.5, 0.9, 0.99].map { level in
      var options = AssessmentOptions()
      options.interval = level
      let (timing, reason) = TimingModel.fit(history, options: options)
      return FavouritismFindings.find(
        in: history, choices: QueueChoices(history, options: options), timing: timing, reason: reason, options: options)
    }
    func verdicts(_ findings: FavouritismFindings) -> [[FavouritismVerdict]] {
      [
        findings.pairs.map(\.verdict), findings.partners.map(\.verdict), findings.managers.map(\.verdict),
        findings.groups.map(\.verdict),
      ]
    }
    #expect(verdicts(findings[0]) == verdicts(findings[1]) && verdicts(findings[2]) == verdicts(findings[1]))
    func widths(_ findings: FavouritismFindings) -> Double {
      findings.pairs.compactMap(\.estimate).reduce(0) { $0 + $1.high - $1.low }
        + findings.partners.reduce(0) { $0 + ($1.high ?? 0) - ($1.low ?? 0) }
    }
    #expect(widths(findings[0]) < widths(findings[1]) && widths(findings[1]) < widths(findings[2]))
    #expect(findings[0].groups[0].high < findings[2].groups[0].high)
  }

  @Test func `a favoured group is found across partners`() throws {
    var queue = QueueHistory()
    queue.partners = 4
    queue.groupFavour = 1.2
    queue.load = 0.95
    let (findings, _) = Self.find(queue)
    let north = try #require(findings.groups.first { $0.value == "north" })
    let south = try #require(findings.groups.first { $0.value == "south" })
    #expect(north.verdict == .signal && north.ratio > 1.25 && north.low > 1)
    #expect(south.ratio < 0.8 && south.managers == 24 && north.unadjusted.ratio > 1.1)
    #expect(north.qValue < 0.05)
    // A target of a day: kept for the favoured more often.
    #expect(try #require(north.withinTargetRatio).ratio > 1.02)
    expectClose(north.ratio * south.ratio, 1, relative: 1e-9)
  }

  // Twelve managers of one partner, one favoured 8 : 1: who asks matters, and the profile interval ends above zero.
  @Test func `whether it matters who asks is tested where samples are asked for`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.days, queue.secondPartnerShare, queue.load) = (1, 90, 0, 0.95)
    queue.favours[[3, 0]] = log(8)
    queue.favours[[4, 0]] = -log(8)
    var options = AssessmentOptions()
    options.bootstrap = 9
    let tested = try #require(TimingModel.fit(queue.make(), options: options).model).summary
    let manager = try #require(tested.components.first { $0.group == "manager" })
    let test = try #require(manager.test)
    #expect(test.samples == 9 && test.statistic > 4 && test.pValue < 0.05)
    #expect(try #require(test.bootstrapPValue) >= 0.1)
    #expect(try #require(manager.low) > 0 && manager.low! < manager.variance && manager.high! > manager.variance)
    let residual = try #require(tested.components.last)
    #expect(residual.test == nil && residual.low! < residual.variance && residual.high! > residual.variance)
    let plain = try #require(TimingModel.fit(queue.make(), options: AssessmentOptions()).model).summary
    #expect(plain.components.allSatisfy { $0.test == nil })
  }

  @Test func `too little to compare is said, not guessed`() {
    var queue = QueueHistory()
    queue.partners = 2
    queue.days = 33
    queue.perDay = 4
    let (findings, timing) = Self.find(queue)
    #expect(timing == nil && findings.timing == nil)
    #expect(
      findings.pairs.allSatisfy { $0.method == "choice" && $0.timing == nil && $0.verdict == .insufficientEvidence })
    #expect(
      findings.notes[0].hasPrefix("The timing model needs 50 requests that arrived at least 30 days before the end"))
  }

  // One partner, whose managers nobody else serves: pair and manager are the same thing.
  @Test func `one partner: managers and pairs can't be told apart`() throws {
    var queue = QueueHistory()
    queue.partners = 1
    queue.secondPartnerShare = 0
    let (findings, timing) = Self.find(queue)
    let fitted = try #require(timing)
    #expect(fitted.pairVariance == 0 && fitted.partnerVariance == 0)
    #expect(
      fitted.summary.notes.contains("Every manager has one partner only, so that manager and pair can't be told apart.")
    )
    #expect(findings.pairs.count == 12)
    #expect(findings.managers.allSatisfy { $0.note == "one partner only: manager and pair can't be told apart" })
    #expect(fitted.pair(manager: 3, partner: 0)?.effect.requests == fitted.managers[3]?.requests)
    #expect(fitted.pair(manager: 3, partner: 1) == nil)
  }

  // A search that is stopped early stands in for one that doesn't settle.
  @Test func `what doesn't settle says so and finds nothing`() throws {
    var queue = QueueHistory()
    queue.partners = 4
    queue.days = 60
    let history = queue.make()
    let options = AssessmentOptions()
    var model = QueueChoiceModel()
    model.maximumRounds = 1
    var shrinkage = ReferencedShrinkage()
    shrinkage.maximumRounds = 1
    let cases = [
      (QueueChoices(history, options: options, model: model), "what waiting, topics and priorities do"),
      (QueueChoices(history, options: options, shrinkage: shrinkage), "partners' usual treatment"),
    ]
    #expect(QueueChoices(history, options: options).note == nil)
    for (choices, what) in cases {
      let note = try #require(choices.note)
      #expect(note.contains(what) && note.contains("didn't settle in 1 round"), "\(note)")
      #expect(choices.pairs.isEmpty)
      let findings = FavouritismFindings.find(
        in: history, choices: choices, timing: nil, reason: nil, options: options)
      #expect(findings.notes.contains(note))
      #expect(findings.pairs.allSatisfy { $0.verdict != .signal })
    }
  }
}
