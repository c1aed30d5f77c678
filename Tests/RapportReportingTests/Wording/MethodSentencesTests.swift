import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct MethodSentencesTests {
  // Of 4,997 managers limits of ranks lay 5 apart.
  @Test func `that limits of ranks are rounded is told where they are`() {
    var ranking = SampleAssessment.make().ranking
    ranking.order = (0..<1000).map { "M\($0)" }
    #expect(!Sentences.order(ranking).contains("rounded"))
    ranking.order = (0..<4997).map { "M\($0)" }
    #expect(
      Sentences.order(ranking).hasSuffix("With this many managers the limits of ranks are rounded: to about 5 places."))
    // Tiers show no ranks.
    ranking.isOrdinal = false
    #expect(!Sentences.order(ranking).contains("rounded"))
  }

  @Test func `how far ranks hang on the method`() {
    var ranking = SampleAssessment.make().ranking
    #expect(
      Sentences.method(ranking)
        == "How health is put together moves ranks by 1.2 places on average; weights matter most.")
    // What ranks together say doesn't name the choice that the shift hangs on.
    ranking.method?.factors[1].ranksTotal = 0.95
    #expect(Sentences.method(ranking).hasSuffix("weights matter most."))
    // 0.9 leads 0.8 by 1.8 standard errors of the difference, 0.95 by 2.7.
    ranking.method?.factors[1].total = 0.9
    #expect(Sentences.method(ranking).hasSuffix("on average; no single choice matters most."))
    ranking.method?.factors[1].total = 0.95
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

  @Test func `what an order means is said where there is one, how health is made where health is ranked`() throws {
    let health =
      "Health is the geometric mean of its domains: a low one pulls it down further than a high one lifts it."
    let order =
      "The best stand first, by expected rank: the mean of the ranks that the evidence leaves possible, 1 the highest."
    var assessment = SampleAssessment.make()
    #expect(Sentences.order(assessment.ranking) == "\(order) \(health)")
    #expect(Sentences.order(SampleAssessment.make(isOrdinal: false).ranking) == health)
    for text in [
      RankingTable(assessment, console: Console()).text, try Page(assessment, version: "0.1.0").html(),
    ] {
      #expect(text.split { $0 == " " || $0 == "\n" }.joined(separator: " ").contains("\(order) \(health)"))
    }
    assessment.ranking.by = .trust
    #expect(Sentences.order(assessment.ranking) == order)
    assessment.ranking.order = []
    #expect(Sentences.order(assessment.ranking).isEmpty)
  }

  // From 1 to 4 are four places. Where the first may be fourth and the last first, no end is told apart.
  @Test func `ends of a list are told apart where their intervals are`() throws {
    var assessment = SampleAssessment.make()
    #expect(
      Sentences.rankWidths(assessment)
        == "Half of the managers have an interval of 4 places or more: not even the first and the last are told apart for sure."
    )
    func place(last: (Double, Double), others: (Double, Double)) {
      for i in assessment.managers.indices {
        let (low, high) = assessment.managers[i].id == "M1" ? last : others
        assessment.managers[i].rank?.low = low
        assessment.managers[i].rank?.high = high
      }
    }
    place(last: (4, 5), others: (1, 3))
    #expect(
      Sentences.rankWidths(assessment)
        == "Half of the managers have an interval of 3 places or more: the ends of the list are told apart well."
    )
    place(last: (2, 2), others: (1, 1))
    #expect(
      Sentences.rankWidths(assessment)
        == "More than half of the managers have an interval of a single place: the ends of the list are told apart well."
    )
    assessment.ranking.isOrdinal = false
    #expect(Sentences.rankWidths(assessment).isEmpty)
  }

  // Of three managers neighbours were told apart with more than 99 %, and "hardly" was said of them.
  @Test func `neighbours are told of in lists of ten, and only where most of their intervals overlap`() {
    func told(_ count: Int, width: Double) -> String {
      var assessment = SampleAssessment.make()
      assessment.managers = (1...count).map { place in
        var manager = SampleAssessment.manager(
          "M\(place)", health: 50, promises: 0.5, lowest: 0.1, tier: 1)
        manager.rank?.low = max(1, Double(place) - width)
        manager.rank?.high = min(Double(count), Double(place) + width)
        return manager
      }
      assessment.ranking.order = assessment.managers.map(\.id)
      return Sentences.rankWidths(assessment)
    }
    let hardly = ": the ends of the list are told apart well, neighbours hardly."
    let well = ": the ends of the list are told apart well."
    #expect(told(10, width: 1).hasSuffix(hardly) && told(30, width: 3).hasSuffix(hardly))
    for text in [told(10, width: 0), told(9, width: 1), told(3, width: 0)] { #expect(text.hasSuffix(well)) }
    #expect(told(3, width: 1).hasSuffix("told apart for sure."))
  }

  @Test func `ranks with other ways stand beside those without`() throws {
    let assessment = SampleAssessment.make()
    let table = RankingTable(assessment, console: Console()).text
    #expect(table.contains("1.2 places on average") && table.contains("other ways"))
    #expect(table.contains("allow for that too."))
    #expect(table.contains("1–4         1–5"))
    let page = try Page(assessment, version: "0.1.0").plainHTML()
    #expect(page.contains("Rank 1–4; 1–5 with other ways to put health together."))
    #expect(page.contains("between 1/2 and 2 times what is configured"))
    // Shares below 0 are estimates of 0.
    #expect(page.contains("<td class=\"n\">60 %</td><td class=\"n\">70 %</td><td class=\"n\">0 % ± 2</td>"))

    var other = assessment
    other.ranking.method = nil
    for i in other.managers.indices { other.managers[i].rank?.withMethod = nil }
    #expect(!RankingTable(other, console: Console()).text.contains("method"))
    #expect(!(try Page(other, version: "0.1.0").html().contains("put health together")))
  }

  @Test func `where no order is warranted nothing is said of places`() throws {
    let assessment = SampleAssessment.make(isOrdinal: false)
    #expect(Sentences.method(assessment.ranking).isEmpty)
    let table = RankingTable(assessment, console: Console()).text
    #expect(!table.contains("other ways") && !table.contains("place"))
    let explanation = try Explanation(manager: "M2", in: assessment)
    let text = ExplainView(explanation, assessment: assessment, console: Console(width: 200)).text
    #expect(text.contains("Tier: ") && text.contains("; last of 5 with probability"))
    #expect(!text.contains("rank ") && !text.contains("other ways"))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(!page.contains("How far ranks hang on the method") && !page.contains("other ways"))
  }

  @Test func `explain tells both`() throws {
    let assessment = SampleAssessment.make()
    let explanation = try Explanation(manager: "M2", in: assessment)
    let text = ExplainView(explanation, assessment: assessment, console: Console(width: 200)).text
    #expect(text.contains("(1–4; 1–5 with other ways to put health together)"))
  }
}
