import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct RankingEndsTests {
  /// So many managers with a score, the last of them likely at the low end.
  static func assessment(_ count: Int, lowest: Double = 0.9) -> Assessment {
    var assessment = SampleAssessment.make()
    assessment.managers = (0..<count).map { i in
      SampleAssessment.manager(
        "N\(i)", health: Double(70 - i), promises: 0.9, lowest: i == count - 1 ? lowest : 0.05, tier: 1)
    }
    assessment.ranking.order = assessment.managers.map(\.id)
    assessment.ranking.tiers = [.init(tier: 1, side: .notTold, name: "one", managers: assessment.ranking.order)]
    return assessment
  }

  private func texts(_ assessment: Assessment) throws -> [String] {
    let console = Console(width: 400)
    let last = try #require(assessment.managers.last).id
    return [
      ScoreSummary(assessment, console: console).text, RankingTable(assessment, console: console).text,
      ExplainView(try Explanation(manager: last, in: assessment), assessment: assessment, console: console).text,
      try Plot.ranking(assessment).file, try Page(assessment, version: "0.1.0").html(),
    ]
  }

  // A tenth of three managers is one of them: chance alone puts each last in one of three cases, not in one of ten.
  @Test func `of fewer than ten managers nobody is in a tenth, but last or first`() throws {
    let few = Self.assessment(3)
    for text in try texts(few) {
      #expect(text.contains("last of 3"))
      #expect(!text.contains("in the lowest tenth") && !text.contains("10th"))
    }
    #expect(
      Sentences.attention(few).map(\.sentence)[0].contains("last of 3 with probability 90 %."))
    #expect(Sentences.readingAttention(few).contains("Of 3 one is always last, whatever the scores."))
    #expect(RankingTable(few, console: Console(width: 400)).text.contains("P last of 3"))
    let page = try Page(few, version: "0.1.0").plainHTML()
    #expect(page.contains("Probability of being last of 3: 90 %; of being first: 10 %. A thick line"))
    #expect(page.contains("<option value=\"lowest -1\">likeliest to be last first</option>"))
    #expect(page.contains("call the lowest and the highest tenth is one manager each of so few"))
    #expect(
      Sentences.attention(Self.assessment(9, lowest: 0.2))[0].sentence.contains("relationships stand last of 9. "))
    var two = Self.assessment(9)
    two.managers[7].rank?.probabilityLowestTenth = 0.6
    #expect(
      Sentences.readingAttention(two).contains(
        "Listed are those more likely than not last of 9, the likeliest first, of equally likely ones the lowest score. Of 9 one "
          + "is always last, and not being listed clears nobody."))
  }

  @Test func `of ten managers and more the ends are tenths`() throws {
    let ten = Self.assessment(10)
    for text in try texts(ten) {
      #expect(text.contains("lowest tenth") || text.contains("P lowest 10th"))
      #expect(!text.contains("last of"))
    }
    #expect(Sentences.attention(ten)[0].sentence.contains("in the lowest tenth with probability 90 %"))
    #expect(!Sentences.readingAttention(ten).contains("always"))
    #expect(
      try Page(ten, version: "0.1.0").plainHTML().contains(
        "Probability of the lowest tenth: 90 %; of the highest tenth: 10 %. A thick line with a filled mark: more likely than not in "
          + "the lowest tenth."))
  }

  /// What the managers' part of the page draws with the mark.
  private func marked(_ assessment: Assessment) throws -> [String] {
    let page = try Page(assessment, version: "0.1.0").html()
    let part = try #require(page.components(separatedBy: "<h2 id=\"managers\">").last).components(
      separatedBy: "<h2 id=\"partners\">")[0]
    return part.components(separatedBy: "</text>").filter { $0.contains("class=\"interval marked\"") }.compactMap {
      $0.components(separatedBy: ">").last
    }
  }

  // The best of thirty had the mark whose meaning is "more likely than not in the lowest tenth". Each row's mark stands between its
  // label and its figures.
  @Test func `managers' pages mark whom the ranking marks, on the score that is ranked`() throws {
    var assessment = Self.assessment(12)
    #expect(try marked(assessment) == ["59 (51–67)"])
    assessment.ranking.by = .trust
    #expect(try marked(assessment) == ["60 (50–70)"])
    for i in assessment.managers.indices { assessment.managers[i].trustInManager = .insufficient(n: 0, needed: 3) }
    #expect(try marked(assessment) == ["64 (54–74)"])
    (assessment.ranking.by, assessment.ranking.isOrdinal) = (.health, false)
    // Where nobody is told apart, nobody is marked.
    #expect(try marked(assessment).isEmpty)
    #expect(try marked(Self.assessment(12, lowest: 0.4)).isEmpty)
  }

  // Of 31 managers with a probability of 0.5 and more, one stood out, and all were named beside "nobody is put above or below the middle".
  @Test func `whoever isn't told apart is named for no end`() throws {
    var assessment = Self.assessment(12)
    assessment.managers[10].rank?.probabilityLowestTenth = 0.95
    assessment.ranking.isOrdinal = false
    let order = assessment.ranking.order
    assessment.ranking.tiers = [
      .init(tier: 1, side: .notTold, name: "Not told apart", managers: Array(order.prefix(11))),
      .init(tier: 2, side: .below, name: "Likely below the middle", managers: ["N11"]),
    ]
    assessment.managers[11].rank?.tier = 2
    let told = Sentences.attention(assessment)
    #expect(told.count == 1 && told[0].manager == "N11" && told[0].sentence.contains("with probability 90 %"))
    #expect(try marked(assessment) == ["59 (51–67)"])
    let plot = try Plot.ranking(assessment)
    #expect(plot.summary == "More likely than not in the lowest tenth: N11")
    let page = try Page(assessment, version: "0").html()
    let doubt = "But differences between managers are hardly more than chance alone would give: this place"
    #expect(page.components(separatedBy: doubt).count == 2)
    // The one who stood out is likely enough no more: of ten the rest are likely, and nobody is named.
    assessment.managers[11].rank?.probabilityLowestTenth = 0.4
    #expect(
      Sentences.attention(assessment).map(\.sentence) == [
        "Nobody is told apart from the others as standing in the lowest tenth. Read single managers' pages rather than the order."
      ])
    let silent = try Plot.ranking(assessment)
    #expect(silent.summary == "Nobody is told apart from the others as standing in the lowest tenth")
    #expect(silent.captions.allSatisfy { !$0.contains("thick line") })
  }

  @Test func `the list of managers is told to be in an order that can be chosen`() throws {
    #expect(
      try Page(Self.assessment(10), version: "0.1.0").html().contains(
        "One entry per manager, in the order of identifiers unless another is chosen."))
  }
}
