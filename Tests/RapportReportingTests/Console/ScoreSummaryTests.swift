import RapportIngestion
import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct ScoreSummaryTests {
  @Test(arguments: [40, 60, 100]) func `what got worse is attention, what got better isn't`(_ width: Int) throws {
    let text = ScoreSummary(SampleAssessment.withTrends(), console: Console(width: width)).text
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width })
    let better = try #require(text.range(of: "\n\nWhat got better\n• M2: escalations fell"))
    let worse = try #require(text.range(of: "\n• M1: answered within"))
    let attention = try #require(text.range(of: "Relationships that may need attention\n"))
    #expect(attention.upperBound < worse.lowerBound && worse.upperBound < better.lowerBound)
    #expect(!ScoreSummary(SampleAssessment.make(), console: Console(width: width)).text.contains("What got better"))
  }

  @Test func `a score is no rating of the manager, and days are days`() throws {
    let assessment = SampleAssessment.make()
    let console = Console(width: 200)
    let page = try Page(assessment, version: "0.1.0").plainHTML()
    for text in [ScoreSummary(assessment, console: console).text, page] {
      let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains(Sentences.readingAttention(assessment)) && !words.contains("Who may need attention"))
      #expect(words.contains("30 June 2026") && !words.contains("2026-06-30T"))
    }
    #expect(Wording.day("2025-12-01T22:04:04+01:00") == "1 December 2025" && Wording.day("soon") == "soon")
    #expect(page.contains("from 1 May 2026 to 30 June 2026 (Europe/London)"))
  }

  @Test func `whose doing a low score is, and what requests without an answer do to it`() {
    var assessment = SampleAssessment.make()
    assessment.goalposts.append(
      Goalpost(
        indicator: "promisesKeptOnTime", domain: "followThrough", direction: "both", role: "formative", unit: "share",
        lowest: 0.4, highest: 1, isLogarithmic: false, reason: "Every promise kept."))
    // Of 100 requests 15 are open.
    let open =
      "15 % of requests (15 of 100) have no answer, and count as still waiting: whoever sends much that needs no "
      + "answer scores low."
    #expect(
      Sentences.readingAttention(assessment)
        == "A low score describes how HR and this manager work together; part of it is what HR does alone. It is no rating of "
        + "the manager. Of 5 one is always last, whatever the scores. \(open)")
    for place in assessment.managers.indices {
      assessment.managers[place].indicators = assessment.managers[place].indicators.filter {
        $0.key == "answeredWithinTarget"
      }
    }
    assessment.dataQuality.requests.open = 10
    #expect(
      Sentences.readingAttention(assessment)
        == "A low score says how this manager is served: all that this input measures is what HR does. It is no rating of the "
        + "manager. Of 5 one is always last, whatever the scores.")
  }

  @Test func `where most stand at an end of a scale, points tell nothing`() {
    var assessment = SampleAssessment.make()
    #expect(Sentences.crowdedEnds(assessment) == nil)
    let count = assessment.managers.count
    for place in assessment.managers.indices.prefix(count / 2 + 1) {
      assessment.managers[place].indicators["answeredWithinTarget"] = SampleAssessment.indicator(0.1, points: 1)
    }
    let told =
      "answered within target (\(count / 2 + 1) of \(count) near the lowest): the scale doesn't fit this log there"
    #expect(Sentences.crowdedEnds(assessment)?.contains(told) == true)
    #expect(
      RankingTable(assessment, console: Console(width: 300)).text.contains("Half of the managers or more stand at"))
    // Next to an end is as crowded: on the sample 28 of 30 have 95 points or more on slippage.
    func crowded(_ points: Double) -> String? {
      for place in assessment.managers.indices.prefix(count / 2 + 1) {
        assessment.managers[place].indicators["answeredWithinTarget"] = SampleAssessment.indicator(0.1, points: points)
      }
      return Sentences.crowdedEnds(assessment)
    }
    #expect(crowded(95)?.contains("(\(count / 2 + 1) of \(count) near the highest)") == true && crowded(94.9) == nil)
    #expect(crowded(6)?.contains("near the lowest") == true && crowded(6.1) == nil)
  }

  // A service desk has no check-ins: of its log 205 of 211 pairs with a score stand above their manager.
  @Test func `pairs score lower only where events are split over partners`() throws {
    var assessment = SampleAssessment.make()
    let plain =
      "Compare pairs with pairs and partners with partners only: where there is little evidence each leans on what is usual "
      + "among its own kind, and a manager's health is no mean of the pairs'."
    #expect(Sentences.comparing(assessment.managers) == plain)
    #expect(try Page(assessment, version: "0.1.0").html().contains("each leans on what is usual among its own kind"))
    assessment.managers[1].indicators["regularity"] = SampleAssessment.indicator(0.5, points: 50)
    #expect(
      Sentences.comparing(assessment.managers).contains(
        "only: a check-in counts for the one partner it was with, which lowers their scores, and"))
    assessment.managers[1].indicators["oneToOneTime"] = SampleAssessment.indicator(0.5, points: 50)
    #expect(Sentences.readingPairs(assessment).contains("only: a check-in or an hour together counts for"))
    // Unless passing on was read each request counts with one partner.
    assessment.dataQuality.kinds["reassign"] = nil
    #expect(!Sentences.readingPairs(assessment).contains("passed on"))
    assessment.dataQuality.kinds["reassign"] = 2
    #expect(
      Sentences.readingPairs(assessment).hasPrefix(
        "A request that was passed on counts with each partner who held it. "))
    // What nobody has enough evidence of lowers nothing.
    let none = Score.insufficient(n: 1, needed: 3)
    assessment.managers[1].indicators["regularity"] = IndicatorScore(score: none, points: none, evidence: [:])
    #expect(Sentences.comparing(assessment.managers).contains("only: an hour together counts for"))
  }

  // The service desk's log has columns for reopenings and reassignments (46 % above 0) that no mapping names.
  @Test func `what wasn't read isn't known, and is no zero`() throws {
    var assessment = SampleAssessment.make()
    assessment.dataQuality.requests.reassigned = 1
    func texts() throws -> [String] {
      [
        ScoreSummary(assessment, console: Console(width: 300)).text,
        CheckView(assessment.dataQuality, console: Console(width: 300)).text,
        try Page(assessment, version: "0.1.0").plainHTML(),
      ].map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }
    #expect(Sentences.requests(assessment.dataQuality) == "100 requests: 80 answered, 15 open, 5 withdrawn.")
    var undated = assessment.dataQuality
    undated.rejections[RejectReason.respondedBeforeOpened.rawValue] = DataQuality.Finding(count: 2, .valueRemoved)
    #expect(
      Sentences.requests(undated)
        == "100 requests: 80 answered, 13 open, 2 answered at a time before the request and counted as open, 5 withdrawn."
    )
    let known = try texts()
    #expect(known.allSatisfy { $0.contains("5 withdrawn") } && known[1].contains("; 1 reassignment."))
    #expect(known[0].contains("Columns of the input that weren't read: colour."))
    #expect(known[1].contains("Columns not read: colour."))
    #expect(
      known[2].contains("Columns of the input that weren&#39;t read: colour.") && known[2].contains("10 %</td></tr>"))
    let row = "<td class=\"n\">15</td><td class=\"n\">"
    #expect(known[2].contains("\(row)1</td>"))
    // Nothing of the kind was read, though the counts say 0.
    assessment.dataQuality.kinds = ["request": 100]
    (assessment.dataQuality.requests.withdrawn, assessment.dataQuality.requests.reassigned) = (0, 0)
    assessment.partners[0].reassigned = 0
    let unknown = try texts()
    #expect(!unknown.contains { $0.contains("0 withdrawn") || $0.contains("0 reassignments") })
    #expect(unknown[0].contains("80 answered, 15 open; no withdrawal was read."))
    #expect(unknown[1].contains("withdrawals not read; reassignments not read."))
    #expect(unknown[2].contains("\(row)–</td>") && !unknown[2].contains("10 %</td></tr>"))
    // Counts of reopenings and reassignments can't be mapped.
    #expect(
      unknown[0].contains(
        "can name times of targets and withdrawals with --map (due=…, withdrawn=…) where a column holds them; reopenings and passing on "
          + "are read as events only, each a row of its own."))
    // A long list is cut and counted.
    assessment.dataQuality.ignoredColumns = (1...23).map { "c\($0)" }
    #expect(Sentences.unread(assessment.dataQuality)?.contains(" c19, c20 and 3 more. What they may hold") == true)
    assessment.dataQuality.ignoredColumns = []
    #expect(Sentences.unread(assessment.dataQuality) == nil)
  }

  @Test func `what the input doesn't hold isn't counted as none`() throws {
    var assessment = SampleAssessment.make()
    let explanation = try Explanation(manager: "M2", in: assessment)
    func text() -> String { ExplainView(explanation, assessment: assessment, console: Console(width: 200)).text }
    // Check-ins, but neither promises nor goals.
    #expect(text().contains("2026-06         6         6                       –     –          0"))
    #expect(!text().contains("promises and goals when they fell due"))
    assessment.dataQuality.kinds["commitment"] = 3
    #expect(text().contains("2026-06         6         6                       1     1          0"))
    let words = text().split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("promises and goals when they fell due, or were done if that was earlier."))
    #expect(try Page(assessment, version: "0.1.0").html().contains("3 promises and goals due or done, of which 2 kept"))
  }

  @Test func `scales are fixed, scores lean, and intervals are meant to cover`() throws {
    let page = try Page(RankingEndsTests.assessment(10), version: "0.1.0").plainHTML()
    #expect(page.contains("the score leans on what is likely for this manager"))
    #expect(
      page.contains(
        "meant to hold the true value in 90 % of cases. In tests on simulated organisations intervals of 90 % for health did so in 89 to 92 %"
      ))
    #expect(!page.contains("can't move because"))
  }

  // The sample's study has no general factor; with one that explains little, one number isn't supported.
  @Test func `an order by an unsupported number says so above it`() throws {
    var assessment = SampleAssessment.make()
    assessment.factors.omega = nil
    func texts() throws -> [String] {
      let page = try Page(assessment, version: "0.1.0").html()
      let ranking = try #require(page.components(separatedBy: "<h2 id=\"ranking\">").last)
      return [
        ScoreSummary(assessment, console: Console(width: 200)).text,
        RankingTable(assessment, console: Console(width: 200)).text, String(ranking.prefix(600)),
      ].map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }
    #expect(assessment.factors.support == .no)
    #expect(try texts().allSatisfy { $0.contains("One underlying health is not supported by the factor study") })
    assessment.ranking.by = .trust
    #expect(Sentences.orderDoubt(assessment) == nil)
    assessment.ranking.by = .health
    assessment.factors = FactorStudy(insufficient: "Too few managers.")
    #expect(assessment.factors.support == .unknown)
    #expect(try texts().allSatisfy { !$0.contains("is not supported by the factor study") })
  }

  @Test func `what changes can't be judged is for analysts`() throws {
    var assessment = SampleAssessment.withTrends()
    assessment.trends.indicators[0].changes = .init(
      managers: 2, notJudged: 3, expectedShare: 0.1, found: 0, expectedFalseShare: 0, dispersion: 1)
    let page = try Page(assessment, version: "0.1.0").html()
    let parts = page.components(separatedBy: "<h2 id=\"data-quality\">")
    #expect(parts[0].contains("Lasting changes of a rate") == false)
    #expect(parts[1].contains("<h3>Notes for analysts</h3>") && parts[1].contains("Lasting changes of a rate"))
  }

  @Test func `one domain that isn't measured is it`() {
    var basis = SampleAssessment.make().basis
    #expect(
      Sentences.measured(basis).hasSuffix(
        "Nothing was read about conflict and voice, so health says nothing about them."))
    basis.unmeasuredDomains = ["voice"]
    #expect(Sentences.measured(basis).hasSuffix("Nothing was read about voice, so health says nothing about it."))
  }

  // Conflict without weight was among the domains that health was said to rest on.
  @Test func `weights are told, and what was read too little of apart from what wasn't read`() {
    var basis = SampleAssessment.make().basis
    basis.measuredDomains = ["responsiveness", "followThrough", "conflict", "voice"]
    basis.unmeasuredDomains = ["alignment", "communication", "development"]
    basis.unmeasuredThoughRead = ["communication"]
    basis.options.domainWeights = ["voice": 10, "conflict": 0, "followThrough": 1, "alignment": 3]
    #expect(
      Sentences.measured(basis)
        == "Health rests on 3 of 7 domains: responsiveness, follow-through and voice. By the weights given conflict doesn't count; "
        + "voice counts 10 times. Nothing was read about alignment and development, so health says nothing about them. Too little, or "
        + "too recent, is what was read about communication, so health says nothing about it.")
    #expect(
      Sentences.unmeasuredDomains(basis) == [
        "Nothing was read about alignment and development.",
        "Too little, or too recent, is what was read about communication.",
      ])
    (basis.unmeasuredDomains, basis.unmeasuredThoughRead) = ([], [])
    basis.options.domainWeights = ["responsiveness": 0.5]
    #expect(
      Sentences.measured(basis)
        == "Health rests on all 4 domains: responsiveness, follow-through, conflict and voice. By the weights given responsiveness "
        + "counts 0.50 times.")
  }
}
