import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct TrendSentencesTests {
  @Test func `where indicators stand, and whether that is better`() throws {
    let assessment = SampleAssessment.withTrends()
    let trends = try #require(assessment.trends.managers.first)
    #expect(
      Sentences.trends(trends, models: assessment.trends.indicators) == [
        "adjusted response time: 0.71× the time of comparable requests (0.61× to 0.81×) in 2026-05, better than in "
          + "2026-01 (shorter with probability 99 %).",
        "answered within target: 50 % (40 % to 60 %) in 2026-06, worse than in 2026-01 (lower with probability 98 %). "
          + "Changed about 2026-04 compared with the same partners' other managers (probability 99 %): "
          + "80 % before, 50 % after, in usual months; as they were, 82 % and 52 %.",
        "resolved for good: 50 % (40 % to 60 %) in 2026-06, whether it moved can't be told.",
        "check-ins with each partner: 50 % (40 % to 60 %) in 2026-06, no change can be told: with so few cases a month, a "
          + "change isn't told from chance, which doesn't say that there was none.",
        "promises kept on time: 80 % (70 % to 90 %) in 2026-06, better than in 2026-01 (higher with probability 97 %).",
      ])
    #expect(Sentences.trendsUntold(trends) == "Too few months with evidence: escalations (4 of 6).")
    let other = try #require(assessment.trends.managers[1].indicators["pairRegularity"]?.path)
    #expect(Sentences.direction(other, of: "pairRegularity", isSteady: false) == "no clear difference from 2026-01")
  }

  // On the sample 10 were told as better and 1 as worse on answers within the target: the months, not those ten.
  @Test func `how many are told as better and worse stands beside each trend`() throws {
    var assessment = SampleAssessment.withTrends()
    let told = try #require(Sentences.directions(assessment.trends))
    #expect(
      told.hasPrefix(
        "Over the months these are told: adjusted response time as better for 1 and as worse for 0 of 1 manager, "))
    #expect(told.contains("answered within target as better for 0 and as worse for 1 of 1 manager"))
    #expect(try Page(assessment, version: "0").html().contains(told))
    assessment.trends.managers.removeFirst()
    #expect(Sentences.directions(assessment.trends) == nil)
  }

  // Fewer escalations are better, a smaller share answered in time is worse.
  @Test func `what changed is told with indicator, month and both rates, worse and better apart`() {
    let trends = SampleAssessment.withTrends().trends
    #expect(
      Sentences.changes(trends, better: false).map(\.sentence) == [
        "M1: answered within target fell from 80 % to 50 % about 2026-04 compared with the same partners' other managers, as in usual "
          + "months (probability 99 %); as they were, from 82 % to 52 %."
      ])
    #expect(
      Sentences.changes(trends, better: true).map(\.sentence) == [
        "M2: escalations fell from 5.0 to 2.0 per 100 requests about 2026-04 compared with the same partners' other managers, as in "
          + "usual months (probability 98 %); as they were, from 5.1 to 1.9 per 100 requests."
      ])
    var many = trends
    many.managers = (1...7).map { i in
      ManagerTrends(manager: "M\(i)", changes: trends.managers[0].changes)
    }
    let told = Sentences.changes(many, better: false)
    #expect(
      told.count == 6 && told[0].manager == "M1" && told[5].manager == nil
        && told[5].sentence == "2 more such changes are in trends.csv.")
    #expect(Sentences.changes(many, better: true).isEmpty)
    // Relative to others it fell, but its own cases didn't: nobody is to read that under what got worse.
    many.managers[0].changes[0].ownAfter = 0.9
    #expect(Sentences.changes(many, better: false).allSatisfy { $0.manager != "M1" })
    #expect(Sentences.changes(many, better: true).isEmpty)
    #expect(Sentences.changes(Trends(reason: "none"), better: false).isEmpty)
  }

  @Test func `every trend has a title of its own`() {
    #expect(Wording.trendOrder.contains("pairRegularity") && !Wording.trendOrder.contains("regularity"))
    #expect(Wording.indicator("pairRegularity") != Wording.indicator("regularity"))
    #expect(!Wording.meaning("pairRegularity").isEmpty)
  }
}
