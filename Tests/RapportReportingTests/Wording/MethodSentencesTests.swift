import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct MethodSentencesTests {
  @Test func `how far ranks hang on the method`() {
    var ranking = SampleAssessment.make().ranking
    #expect(
      Sentences.method(ranking)
        == "How health is put together moves ranks by 1.2 places on average; weights matter most.")
    ranking.method?.factors[1].ranksTotal = 0.9
    ranking.method?.meanRankShift = 1.02
    #expect(
      Sentences.method(ranking)
        == "How health is put together moves ranks by 1.0 place on average; the kind of mean across domains matters most."
    )
    ranking.method?.meanRankShift = 0.04
    #expect(Sentences.method(ranking) == "How health is put together hardly moves ranks.")
    ranking.method = nil
    #expect(Sentences.method(ranking).isEmpty)
  }

  @Test func `ranks with other ways stand beside those without`() throws {
    let assessment = SampleAssessment.make()
    let table = RankingTable(assessment, console: Console()).text
    #expect(table.contains("1.2 places on average") && table.contains("any method"))
    #expect(table.contains("1–4         1–5"))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(page.contains("Rank 1–4; 1–5 with other ways to put health together."))
    #expect(page.contains("between 1/2 and 2 times what is configured"))
    // Shares below 0 are estimates of 0.
    #expect(page.contains("<td class=\"n\">60 %</td><td class=\"n\">70 %</td><td class=\"n\">0 %</td>"))

    var other = assessment
    other.ranking.method = nil
    for i in other.managers.indices { other.managers[i].rank?.withMethod = nil }
    #expect(!RankingTable(other, console: Console()).text.contains("method"))
    #expect(!(try Page(other, version: "0.1.0").html().contains("put health together")))
  }

  @Test func `explain tells both`() throws {
    let assessment = SampleAssessment.make()
    let explanation = try Explanation(manager: "M2", in: assessment)
    let text = ExplainView(explanation, assessment: assessment, console: Console(width: 200)).text
    #expect(text.contains("(1–4; 1–5 with other ways to put health together)"))
  }
}
