@testable import RapportReporting
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct ChoiceWordsTests {
  // e^0.8 = 2.2255, e^−0.7 = 0.4966, 2^1 = 2; e^(0.8 ± 0.16449) = 1.888 and 2.623. The oldest's 1.11 is too little to tell.
  @Test func `what matters most, largest first`() {
    #expect(
      ChoiceWords.sentences(SampleAssessment.choice) == [
        "A request that is overdue has 2.23 times the odds of being picked next (90 % interval 1.89–2.62).",
        "A request with priority low, compared with normal, has 0.50 times the odds of being picked next (90 % interval "
          + "0.42–0.59).",
        "A request that was made twice as long ago has 2.00 times the odds of being picked next (90 % interval "
          + "1.78–2.24).",
      ])
    #expect(ChoiceWords.sentences(SampleAssessment.choice, limit: 1).count == 1)
  }

  // Four in five partners lie within 1.2816 · 0.2 of the mean.
  @Test func `every column has its effect`() {
    let effects = ChoiceWords.effects(SampleAssessment.choice)
    #expect(effects.count == 4)
    #expect(effects[3].subject == "a request with priority low" && effects[3].reference == "normal")
    expectClose(effects[1].partnersHigh / effects[1].partnersLow, 1.6697, absolute: 1e-3)
    for name in QueueColumns.Flag.allCases.map(\.rawValue)
      + [
        QueueColumns.Dense.logWorkingWait, .logElapsedWait, .expectedEffort, .logTimeToTarget, .daysToTarget,
        .logLengthIfOldest, .logLengthIfNewest,
      ].map(\.rawValue)
    {
      var summary = SampleAssessment.choice
      summary.coefficients = [.init(name: name, estimate: 1, standardError: 0.1, deviationOfPartners: 0.1)]
      #expect(ChoiceWords.effects(summary)[0].subject != "a request with \(name)")
    }
  }

  @Test func `without a calendar no hour is a working hour`() {
    var summary = SampleAssessment.choice
    summary.coefficients.append(
      .init(name: "logWorkingWait", estimate: 1, standardError: 0.1, deviationOfPartners: 0.2))
    func wait() -> String? { ChoiceWords.effects(summary).last?.subject }
    #expect(wait() == "a request that has waited twice as long in working hours")
    summary.workingCalendar = false
    #expect(wait() == "a request that has waited twice as long")
    // Passed on, a request has waited longer than this partner has had it: by the clock alone, and on working days.
    summary.coefficients.insert(
      .init(name: "longestHere", estimate: 1, standardError: 0.1, deviationOfPartners: 0.2), at: 1)
    #expect(wait() == "a request that this partner has had twice as long")
    #expect(ChoiceWords.effects(summary)[0].subject == "a request that was made twice as long ago")
    summary.workingCalendar = true
    #expect(wait() == "a request that this partner has had twice as long in working hours")
  }

  // Without a target both columns of the time to it are 0, as at the moment when one is due.
  @Test func `targets are compared with what is due now, and neither column stands alone`() {
    var summary = SampleAssessment.choice
    summary.coefficients = ["logTimeToTarget", "daysToTarget", "withoutTarget"].map {
      .init(name: $0, estimate: 1, standardError: 0.1, deviationOfPartners: 0.2)
    }
    let told = ChoiceWords.sentences(summary)
    #expect(told.count == 3)
    #expect(told.count { $0.contains("(both change together) has ") } == 2)
    #expect(
      told.contains { $0.hasPrefix("A request without a target, compared with one that is due now, has 2.72 times") })
  }

  @Test func `without anything in common that is said in place of a table`() throws {
    let told =
      "What partners have in common can't be told of fewer than three with 30 picks from queues each; each partner's own way is held "
      + "equal all the same."
    var assessment = SampleAssessment.make()
    func texts() throws -> [String] {
      [
        FavouritismView(assessment.favouritism, console: Console()).text,
        try Page(assessment, version: "0.1.0").html().replacing("&#39;", with: "'"),
      ].map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }
    let effect = "A request that is overdue has 2.23 times the odds"
    #expect(try texts().allSatisfy { !$0.contains(told) && $0.contains(effect) })
    #expect(try texts()[1].contains("Odds of being picked next, everything else in this table alike"))
    assessment.favouritism.choice?.coefficients = []
    #expect(try texts().allSatisfy { $0.contains(told) && !$0.contains(effect) })
    #expect(try !texts()[1].contains("Odds of being picked next"))
  }

  @Test func `how many choices, and of whom nothing is told`() {
    #expect(
      Sentences.choices(SampleAssessment.choice)
        == "60 of 80 replies were picked from queues in which several managers' requests stood, with 1 partner (not told "
        + "of others: 2 times too coarse, 1 no fit).")
  }

  private static let both = ["topic", "priority"]

  @Test func `evidence of either kind`() {
    let signal = Sentences.evidence(SampleAssessment.signal, comparableBy: Self.both)
    #expect(signal[0] == "44 requests stood in queues with other managers'; 41 were picked out of such queues.")
    #expect(signal[1].hasPrefix("Times that it overtook older requests of others, of the same topic and priority: 17;"))
    #expect(signal[1].hasSuffix("younger ones: 3."))
    let neither = Sentences.evidence(SampleAssessment.signal, comparableBy: [])
    #expect(neither[1].hasPrefix("Times that it overtook older requests of others: 17;"))
    let unclear = Sentences.evidence(SampleAssessment.waitsOnly, comparableBy: Self.both)
    #expect(unclear[0].hasPrefix("21 requests, 20 of them answered; nothing is known"))
    #expect(Sentences.estimators(SampleAssessment.signal).count == 5)
    #expect(Sentences.estimators(SampleAssessment.waitsOnly).map(\.name) == ["waits, shrunken", "waits, plain"])
  }

  @Test func `columns are those that pairs fill`() {
    let all = PairColumn.all(for: SampleAssessment.favouritism.pairs)
    #expect(all.map(\.heading).contains("Cox") && all.map(\.heading).contains("overtaken"))
    let few = PairColumn.all(for: [SampleAssessment.waitsOnly])
    #expect(few.map(\.heading).contains("requests") && !few.map(\.heading).contains("choices"))
    #expect(few.map { $0.cell(SampleAssessment.waitsOnly) }.prefix(3) == ["M1", "P1", ">20×"])
    // No direction is lent to what has no verdict.
    #expect(few.first { $0.heading == "false sign" }?.cell(SampleAssessment.waitsOnly) == "–")
    #expect(all.first { $0.heading == "false sign" }?.cell(SampleAssessment.signal) == "1 %")
    #expect(!unclearSays("direction is not as stated") && signalSays("direction is not as stated"))
  }

  private func unclearSays(_ words: String) -> Bool {
    Sentences.evidence(SampleAssessment.waitsOnly, comparableBy: Self.both).joined().contains(words)
  }

  private func signalSays(_ words: String) -> Bool {
    Sentences.evidence(SampleAssessment.signal, comparableBy: Self.both).joined().contains(words)
  }
}
