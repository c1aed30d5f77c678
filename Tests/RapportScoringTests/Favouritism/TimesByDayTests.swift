import Glibc
import RapportTestSupport
import Testing

@testable import RapportIngestion
@testable import RapportScoring

/// Waits of which only the days are known.
@Suite struct TimesByDayTests {
  private static func day(_ instant: Instant) -> Instant {
    Instant(milliseconds: instant.milliseconds / 86_400_000 * 86_400_000)
  }

  /// Six partners, of whom these write dates alone.
  private static func history(byDay partners: Set<Int32>) -> History {
    var queue = QueueHistory()
    (queue.managersPerPartner, queue.days) = (6, 120)
    var history = queue.make()
    for index in history.spells.indices where partners.contains(history.spells[index].partner) {
      var spell = history.spells[index]
      (spell.opened, spell.entered, spell.ended) = (day(spell.opened), day(spell.entered), day(spell.ended))
      (spell.enteredClock, spell.endedClock) = (spell.entered.milliseconds, spell.ended.milliseconds)
      spell.workingSeconds = spell.ended.seconds(since: spell.entered)
      spell.elapsedSeconds = spell.workingSeconds
      history.spells[index] = spell
    }
    return history
  }

  // Waits of none, one, two and three days are multiples of a day, and none counts as less; a minute stays the least of the other's.
  @Test func `what is known by the day came within a day`() {
    let waits: [(partner: Int32, hours: Double)] = [
      (0, 0), (0, 24), (0, 48), (0, 72), (1, 0), (1, 24.5), (1, 47.25), (1, 3),
    ]
    var history = TimingCohortTests.history(
      waits.map { TimingCohortTests.spell(age: 90, hours: $0.hours, .answered, partner: $0.partner) })
    history.partners = ["p", "q"]
    let cohort = TimingCohort(history, followUpDays: 30)
    expectClose(
      cohort.responses.map { exp($0) }, [86_400, 86_400, 172_800, 259_200, 60, 88_200, 170_100, 10_800],
      relative: 1e-12)
  }

  // Partner 0's own six managers ask it for 70 % of their requests, and the next partner's six for 30 %.
  @Test func `adjusted ratios aren't told where most times are by the day`() throws {
    let history = Self.history(byDay: [0])
    let timing = try #require(TimingModel.fit(history, options: quick).model)
    #expect(timing.byDay.partners == [0] && timing.byDay.managers == Set(0..<6))
    #expect(timing.byDay.holds(manager: 3, partner: 0) && timing.byDay.holds(manager: 8, partner: 0))
    #expect(!timing.byDay.holds(manager: 8, partner: 1))
    #expect(
      timing.summary.notes.contains(
        "Of 6 managers, 1 partner and 12 pairs most times are dates without a time of day: their adjusted response ratios "
          + "aren't told."))
    let level = history.level(.manager)
    let evidence = try #require(TimingIndicators.adjustedResponseRatio(timing, level))
    let ratio = try #require(IndicatorSet(level, [evidence], threads: 1).indicators.first)
    #expect((0..<36).map { ratio.isShown($0) } == (0..<36).map { $0 >= 6 })
    #expect(evidence.suppressed.count == 6 && evidence.suppressed[5] == "times by the day only")
    let pairs = try #require(TimingIndicators.adjustedResponseRatio(timing, history.level(.pair)))
    #expect(pairs.suppressed.count == 12)
    let partners = try #require(TimingIndicators.adjustedResponseRatio(timing, history.level(.partner)))
    #expect(partners.suppressed.keys.sorted() == [0])
  }

  // Partner 0's dates are midnights of UTC, as some systems export them; the report's zone is two hours ahead.
  @Test func `midnights of UTC are dates in every zone`() throws {
    var history = Self.history(byDay: [0])
    history.timeZone = TimeZoneRules(name: "+02:00", fixedOffset: 7200)
    let timing = try #require(TimingModel.fit(history, options: quick).model)
    #expect(timing.byDay.partners == [0] && timing.byDay.holds(manager: 3, partner: 0))
    #expect(!timing.byDay.holds(manager: 8, partner: 1))
  }

  @Test func `of dates alone there is no adjusted ratio, and it says so`() throws {
    let history = Self.history(byDay: Set(0..<6))
    let timing = try #require(TimingModel.fit(history, options: quick).model)
    let level = history.level(.manager)
    let evidence = try #require(TimingIndicators.adjustedResponseRatio(timing, level))
    #expect(evidence.suppressed.count == 36 && !evidence.tellsAny)
    #expect(IndicatorSet(level, [evidence], threads: 1).indicators.isEmpty)
    #expect(timing.summary.notes.contains { $0.hasPrefix("Of 36 managers, 6 partners and ") })
    #expect(TrendEvidence.adjustedResponseRatio(timing, HistoryMonths(history)) == nil)
    // No level has a signal.
    let findings = FavouritismFindings.find(
      in: history, choices: QueueChoices(history, options: quick), timing: timing, reason: nil, options: quick)
    #expect(findings.basis == "timing model only" && findings.groups.count == 2)
    #expect(findings.pairs.allSatisfy { $0.verdict != .signal })
    #expect(findings.managers.allSatisfy { $0.verdict != .signal })
    // Nor a figure of a pair's or a manager's waits, which count from midnight.
    #expect(!findings.pairs.isEmpty && !findings.managers.isEmpty)
    for pair in findings.pairs {
      #expect(pair.method == "timing" && pair.requests > 0 && pair.shown == nil && pair.estimate == nil)
      #expect(pair.timing == nil && pair.timingDifference == nil && pair.cox == nil && pair.localFalseSignRate == nil)
      #expect(pair.eValue == nil && pair.eValueOfLimit == nil && pair.minimumDetectableRatio == nil)
      #expect(
        !pair.statement.contains("×") && pair.statement.contains("; most times are dates without a time of day, so"))
    }
    for manager in findings.managers {
      #expect(manager.ratio == nil && manager.low == nil && manager.high == nil && manager.estimate == nil)
      #expect(manager.sValue == nil && manager.localFalseSignRate == nil && !manager.statement.contains("×"))
      #expect(manager.statement.contains(": most times are dates without a time of day ("), "\(manager.statement)")
    }
    #expect(findings.groups.allSatisfy { $0.verdict != .signal })
  }
}
