import RapportIngestion
import RapportTestSupport
import Testing

@testable import RapportScoring

/// One event through every stage, each number by hand.
@Suite struct OneEventTests {
  static let file = "timestamp,kind,manager,partner,value\n2026-03-02T09:00:00Z,decision,ann,pat,1\n"

  static func ledger() throws -> Ledger {
    var options = ReadingOptions(runStart: EventLog.instant("2027-01-01"))
    options.timeZone = .utc
    return try ingest([.bytes(Array(file.utf8), name: "one.csv")], options: options).ledger
  }

  static func history() throws -> History {
    try ledger().history(HistoryOptions(runStart: EventLog.instant("2027-01-01")))
  }

  // bytes → events → ledger: one row read, one event used.
  @Test func `read and added`() throws {
    let quality = try Self.history().dataQuality
    #expect(quality.rowsRead == 1 && quality.eventsUsed == 1 && quality.rejected.isEmpty)
    #expect(quality.kinds == ["decision": 1])
  }

  // ledger → history: one contact of ann and pat, value 1 = 1,000 thousandths, in March 2026; as of the event itself.
  @Test func `told as a contact`() throws {
    let history = try Self.history()
    let contact = try #require(history.contacts.first)
    #expect(history.contacts.count == 1 && history.managers == ["ann"] && history.partners == ["pat"])
    #expect(contact.kind == .decision && contact.actor == .partner && contact.thousandths == 1_000)
    #expect(contact.month == Month(year: 2026, month: 3) && history.asOf == EventLog.instant("2026-03-02 09:00"))
  }

  // history → indicator: 1 joint of 1 decision. Prior of one unit: mean (1 + ½)/(1 + 1) = ¾, weight 2. Posterior mean
  // (¾ · 2 + 1)/(2 + 1) = ⅚, as 1 + 99 · (⅚ − 0.1)/0.8 = 91.75 points.
  @Test func `counted as one joint decision of one`() throws {
    let history = try Self.history()
    let evidence = try #require(Alignment.jointDecisions(history, Level(.manager, pairs: PairTable(history)))).whole
    #expect(evidence.detail("joint") == 1 && evidence.detail("decisions") == 1)
    let posteriors = IndicatorPosteriors(evidence)
    expectClose(posteriors.posteriors[0].value, 5.0 / 6, relative: 1e-12)
    expectClose(Goalposts.points(for: .jointDecisions, value: 5.0 / 6), 91.75, relative: 1e-12)
    #expect(!posteriors.isShown(0))
  }

  // history → trust: one positive piece of benevolence, the same prior and posterior mean.
  @Test func `believed as one positive piece of evidence`() throws {
    let history = try Self.history()
    let pairs = PairTable(history)
    let evidence = TrustEvidence(history, pairs, surveyScale: 1...5)
    #expect(evidence.contributions.count == 1)
    let fit = TrustModel(halfLifeDays: 180, asymmetry: 1).fit(evidence, pairCount: 1, asOf: history.months.upperBound)
    expectClose(fit.mean(0, .inPartner), 5.0 / 6, relative: 1e-12)
    #expect(fit.facets(.inPartner) == [TrustFacet.benevolence.rawValue])
  }

  // Sixty requests of one manager: there are waits, but nobody to compare them with.
  @Test func `of one manager nothing is compared`() throws {
    var text = "timestamp,kind,manager,partner,case\n"
    for i in 0..<60 {
      let day = "2026-0\(1 + i / 28)-\(i % 28 < 9 ? "0" : "")\(1 + i % 28)"
      text += "\(day)T09:00:00Z,request,ann,pat,R\(i)\n\(day)T1\(i % 10):30:00Z,response,ann,pat,R\(i)\n"
    }
    var options = ReadingOptions(runStart: EventLog.instant("2027-01-01"))
    options.timeZone = .utc
    let history = try ingest([.bytes(Array(text.utf8), name: "ann.csv")], options: options).ledger
      .history(HistoryOptions(runStart: EventLog.instant("2027-01-01")))
    let assessment = try assess(history, options: AssessmentOptions())
    let manager = try #require(assessment.managers.first)
    #expect(manager.indicators["typicalWait"]?.score.estimate != nil)
    #expect(manager.indicators["evenness"]?.score.estimate == nil)
    #expect(manager.indicators["adjustedResponseRatio"]?.score.estimate == nil)
    #expect(assessment.favouritism.pairs.isEmpty)
    #expect(!assessment.notes.contains { $0.contains("very unevenly") })
  }

  // → assessment: one piece is too little for any score, each says how much it would take, and a note what was read.
  @Test func `assessed as too little`() throws {
    let assessment = try assess(try Self.history(), options: AssessmentOptions())
    let ann = try #require(assessment.managers.first)
    #expect(ann.indicators["jointDecisions"] == nil)
    #expect(ann.health == .insufficient(n: 0, needed: 1))
    #expect(ann.trust == .insufficient(n: 1, needed: 3))
    #expect(assessment.basis.measuredDomains == [] && assessment.basis.unmeasuredThoughRead == ["alignment"])
    #expect(
      assessment.notes.contains(
        "Not measured, since too few managers have enough evidence: joint decisions (0 managers; 1 needed)."
      ))
    #expect(ann.partners == ["pat"] && ann.rank == nil && assessment.ranking.order.isEmpty)
  }
}

extension IndicatorEvidence {
  /// The first unit's raw count of this name.
  fileprivate func detail(_ name: String) -> Double? { details.first { $0.name == name }?.values.first ?? nil }
}
