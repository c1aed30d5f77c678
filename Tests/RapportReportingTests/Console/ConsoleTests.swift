import RapportIngestion
import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct ConsoleTests {
  @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("", 0), ("a\u{200B}b", 2)])
  func `display width`(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func `text is cut to the width`() {
    #expect(DisplayWidth.truncated("abcdef", to: 4) == "abc…")
    #expect(DisplayWidth.truncated("日本語", to: 5) == "日本…")
    #expect(DisplayWidth.truncated("abc", to: 3) == "abc")
    #expect(DisplayWidth.truncated("abc", to: 0).isEmpty)
  }

  @Test func `prose is wrapped at spaces`() {
    #expect(DisplayWidth.wrapped("one two three four five six", to: 20) == ["one two three four", "five six"])
    #expect(DisplayWidth.wrapped("", to: 20) == [""])
    #expect(DisplayWidth.wrapped("one two three four 90 % five", to: 20) == ["one two three four", "90 % five"])
  }

  @Test func `names lose their middle`() {
    #expect(DisplayWidth.shortened("anna.schmidt", to: 12) == "anna.schmidt")
    #expect(DisplayWidth.shortened("anna.schmidt", to: 7) == "ann…idt")
    #expect(DisplayWidth.shortened("日本語日本語", to: 7) == "日…本語")
    #expect(DisplayWidth.shortened("abc", to: 2) == "a…")
  }

  @Test func `control and reordering marks become visible`() {
    #expect(Legible.text("a\u{1B}[31mb\u{202E}c") == "a\u{FFFD}[31mb\u{FFFD}c")
    #expect(Legible.text(String(repeating: "x", count: 500)).count == 201)
  }

  @Test(arguments: [40, 60, 72, 80, 100, 120]) func `every view fits the terminal`(_ width: Int) throws {
    let assessment = SampleAssessment.make()
    let console = Console(width: width)
    let explanation = try Explanation(manager: "M1", in: assessment)
    let pair = try Explanation(
      manager: "M2", partner: "P1", in: assessment, evidence: SampleAssessment.evidence)
    for text in [
      ScoreSummary(assessment, console: console, folder: "result").text,
      RankingTable(assessment, console: console).text,
      FavouritismView(assessment.favouritism, console: console).text,
      FactorsView(assessment.factors, console: console).text,
      CheckView(assessment.dataQuality, console: console).text,
      ExplainView(explanation, assessment: assessment, console: console).text,
      ExplainView(pair, assessment: assessment, console: console).text, ChoicesView(pair, console: console).text,
    ] {
      let tooWide = text.split(separator: "\n").filter { DisplayWidth.of($0) > width }
      #expect(tooWide.isEmpty)
    }
  }

  @Test(arguments: [60, 72, 80, 100, 120]) func `names and verdicts survive in every view`(_ width: Int) throws {
    // As wide as addresses are, and alike but for their ends.
    let names = ["anna.schmidt@example.org", "anna.schmitz@example.org"]
    var assessment = SampleAssessment.make(firstID: names[0])
    assessment.managers[1].id = names[1]
    assessment.ranking.order = assessment.ranking.order.map { $0 == "M2" ? names[1] : $0 }
    assessment.pairs[0].manager = names[0]
    assessment.pairs[0].partner = "learning-and-development-03"
    for i in assessment.favouritism.pairs.indices {
      assessment.favouritism.pairs[i].manager = names[i]
      assessment.favouritism.pairs[i].partner = "learning-and-development-0\(i)"
    }
    let console = Console(width: width)
    /// Lines of a view with a name's beginning, however it is shortened, and its end.
    func lines(_ text: String, _ beginning: String, _ end: String) -> [Substring] {
      text.split(separator: "\n").filter { line in
        line.split(separator: " ").contains { $0.hasPrefix(beginning) && $0.hasSuffix(end) }
      }
    }
    let findings = FavouritismView(assessment.favouritism, console: console).text
    // The verdict stands in the name's line, or begins there where it is broken.
    #expect(lines(findings, "anna", ".org").contains { $0.contains("signal") && $0.contains("1.90×") })
    #expect(lines(findings, "anna", ".org").contains { $0.contains("insufficient") && $0.contains("1.02×") })
    #expect(lines(findings, "learn", "00").count == 1 && lines(findings, "learn", "01").count == 1)
    for part in ["no material", "evidence", "P1", "unit = sales", "1.10×", "1.30×"] { #expect(findings.contains(part)) }
    let ranking = RankingTable(assessment, console: console).text
    for (name, score) in [("anna.schmidt@example.org", "40"), ("anna.schmitz@example.org", "70"), ("M5", "60")] {
      #expect(ranking.split(separator: "\n").contains { $0.contains(name) && $0.contains(" \(score)") })
    }
    let explained = ExplainView(
      try Explanation(manager: names[0], in: assessment), assessment: assessment, console: console
    ).text
    #expect(lines(explained, "learning-", "03").contains { $0.contains("70") && $0.contains("60") })
    let indicators = FactorsView(assessment.factors, console: console).text
    #expect(indicators.contains("answered within target") && indicators.contains("0.80"))
    #expect(CheckView(assessment.dataQuality, console: console).text.contains("check_in"))
  }

  // Whose ratio it is was in the statement alone: beside 1.10× stood that a signal is meant, of whom nothing said.
  @Test(arguments: [40, 60, 80, 120]) func `a partner's ratio says whom it leaves out`(_ width: Int) {
    var findings = SampleAssessment.make().favouritism
    #expect(!FavouritismView(findings, console: Console(width: width)).text.contains(FavouritismView.butFor))
    findings.partners[0].apart = ["M1", "M2"]
    let text = FavouritismView(findings, console: Console(width: width)).text
    // Headings and cells may be broken at spaces.
    #expect(["but", "M1,", "M2"].allSatisfy { text.split { " \n".contains($0) }.contains(Substring($0)) }, "\(text)")
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= width }, "\(text)")
    findings.partners[0].apart += ["M3", "M4"]
    #expect(FavouritismView.apart(findings.partners[0]) == "M1, M2, M3, …")
  }

  @Test func `the summary says who, how sure, what was refused and where the report is`() {
    let text = ScoreSummary(SampleAssessment.make(), console: Console(), folder: "out").text
    #expect(text.contains("M1: health 40 (32–48; 10 requests, too little on 1 indicator)"))
    #expect(text.contains("probability 70 %"))
    #expect(text.contains("P1 answered M2 1.9 times as readily"))
    #expect(text.contains("Response-time findings (queue choices)"))
    #expect(text.contains("Report: out/report.html"))
    #expect(text.contains("A note that must be read."))
    #expect(text.contains("bad time 40"))
    #expect(text.contains("2 of 4 domains"))
  }

  @Test func `tiers stand in place of a list`() {
    let text = ScoreSummary(SampleAssessment.make(isOrdinal: false), console: Console()).text
    #expect(text.contains("Tiers by health"))
    #expect(text.contains("Most of the differences may be chance."))
    #expect(text.contains("upper tier"))
    #expect(text.contains("--output DIR"))
  }

  @Test func `many managers in tiers are summed up by tier`() {
    var assessment = SampleAssessment.make(isOrdinal: false)
    let one = assessment.managers[1]
    assessment.managers = (10..<40).map { i in
      var manager = one
      manager.id = "N\(i)"
      return manager
    }
    assessment.ranking.order = assessment.managers.map(\.id)
    assessment.ranking.tiers = [.init(tier: 1, side: .above, name: "Highest", managers: assessment.ranking.order)]
    let summed = RankingTable(assessment, console: Console(), limit: 10).lines
    #expect(summed.contains("Highest        30   70–70  N10, N11, N12, …"))
    #expect(RankingTable(assessment, console: Console()).lines.count == 32)
    assessment.ranking.isOrdinal = true
    let cut = RankingTable(assessment, console: Console(), limit: 10).lines
    #expect(cut.contains("… 10 between …"))
    assessment.ranking.order = []
    #expect(RankingTable(assessment, console: Console()).lines == ["No manager has a score to rank."])
  }

  @Test func `nobody stands out without a lowest tenth`() {
    let text = Sentences.attention(SampleAssessment.make(lowest: 0.2))
    #expect(text.count == 1)
    #expect(text[0].sentence.contains("For no manager"))
    var one = SampleAssessment.make()
    one.ranking.rankability = nil
    #expect(Sentences.attention(one)[0].sentence.hasPrefix("Nobody stands out"))
    one.managers = one.managers.filter { $0.id == "M4" }
    #expect(Sentences.attention(one)[0].sentence.hasPrefix("No manager has enough evidence"))
    var two = SampleAssessment.make()
    two.managers.removeAll { !["M1", "M4"].contains($0.id) }
    #expect(Sentences.attention(two)[0].sentence == "With 1 manager who has a score of health nobody can stand out.")
  }

  // Of 461 the page's ranking shows 30 at its end.
  @Test func `of a long list it is said where the rest is, and in what order`() throws {
    var assessment = SampleAssessment.make(lowest: 0.9)
    #expect(!Sentences.readingAttention(assessment).contains("come first"))
    let first = try #require(assessment.managers.first { $0.id == "M1" })
    assessment.managers += (0..<7).map { i in
      var manager = first
      manager.id = "N\(i)"
      manager.rank?.probabilityLowestTenth = 0.5 + 0.05 * Double(i)
      return manager
    }
    assessment.ranking.order += (0..<7).map { "N\($0)" }
    let told = Sentences.attention(assessment).map(\.sentence)
    #expect(told.count == 6 && told[1].hasPrefix("N6: health 40") && told[4].hasPrefix("N3: "))
    // Of 461 whom nobody need attend to any more 30 had left, and nothing said so.
    var later = assessment
    for i in later.managers.indices where ["N6", "N0"].contains(later.managers[i].id) {
      later.managers[i].left = "2026-04-06T00:00:00Z"
    }
    let departed = Sentences.attention(later).map(\.sentence)
    #expect(departed[1].hasSuffix(" Left on 6 April 2026.") && departed[0] == told[0])
    #expect(departed.last?.hasSuffix(" expected to stand higher after all. 2 of them have left.") == true)
    let drawn = try Plot.ranking(later)
    #expect(drawn.svg.contains(">N6<") && drawn.svg.components(separatedBy: ", left<").count == 3)
    // 8 − 0.9 − (0.5 + … + 0.8) is 2.55.
    #expect(
      told.last
        == "And 3 more, down to 50 %: `rapport rank` lists every manager. Of all 8 about 3 are expected to stand higher after all."
    )
    #expect(
      Sentences.readingAttention(assessment).contains(
        " Listed are those more likely than not in the lowest tenth, the likeliest first, of equally likely ones the lowest score. A "
          + "lowest tenth there always is, and not being listed clears nobody."))
    let page = try Page(assessment, version: "0.1.0").plainHTML()
    #expect(
      page.contains(
        "And 3 more, down to 50 %: the list of managers below has them first in the order “likeliest in the lowest tenth "
          + "first”; managers.csv has all."))
    #expect(page.contains("<option value=\"lowest -1\">likeliest in the lowest tenth first</option>"))
  }

  // M24 with health 42 and 96 % stood before M25 with 41 and 96 %: 0.961 and 0.960, one draw of a thousand.
  @Test func `of those that read as equally likely the lowest score comes first`() throws {
    var assessment = SampleAssessment.make(lowest: 0.9)
    let first = try #require(assessment.managers.first { $0.id == "M1" })
    for (id, health, lowest) in [("N1", 42.0, 0.961), ("N2", 41, 0.96), ("N3", 44, 0.9951), ("N4", 43, 0.991)] {
      var manager = first
      manager.id = id
      manager.health = SampleAssessment.estimated(health, health - 8, health + 8)
      manager.rank?.probabilityLowestTenth = lowest
      assessment.managers.append(manager)
      assessment.ranking.order.append(id)
    }
    #expect(Sentences.attention(assessment).map { $0.manager ?? "" } == ["N4", "N3", "N2", "N1", "M1"])
    #expect([0, 0.0099, 0.01, 0.961, 0.99, 0.9901, 1].map(Figure.wholePercent) == [0, 0, 1, 96, 99, 100, 100])
  }

  // On the sample what isn't measured lowers M29 by 5.5 points, the most of all.
  @Test func `what is assumed is named where it lowers most`() throws {
    var assessment = SampleAssessment.make(lowest: 0.9)
    func told(_ points: KeyValuePairs<String, Double>) throws -> String {
      let place = try #require(assessment.managers.firstIndex { $0.id == "M1" })
      assessment.managers[place].attribution?.contributions = points.map {
        .init(indicator: $0.key, domain: "", points: $0.value)
      }
      let sentence = try #require(Sentences.attention(assessment).first?.sentence)
      return sentence.components(separatedBy: " %; ").last ?? ""
    }
    #expect(
      try told(["regularity": -3, "resolvedForGood": -1.9, "evenness": -1, "notMeasured": -5.5])
        == "of what is measured, lowered most by regular check-ins and resolved for good; of the 11.4 points below the reference of 50.0, 5.5 come "
        + "of points assumed for want of evidence on survey score."
    )
    #expect(
      try told(["regularity": -3, "evenness": -1, "notMeasured": -2])
        == "of what is measured, lowered most by regular check-ins and evenness; of the 6.0 points below the reference of 50.0, 2.0 come of "
        + "points assumed for want of evidence on survey score."
    )
    #expect(
      try told(["regularity": -3, "evenness": -2.5, "notMeasured": -2])
        == "lowered most by regular check-ins and evenness.")
    #expect(
      try told(["regularity": 1, "notMeasured": -2])
        == "of the 1.0 points below the reference of 50.0, 2.0 come of points assumed for want of evidence on survey score."
    )
  }

  // Places and probabilities are of what is ranked: they never stand beside another score.
  @Test func `attention, places and probabilities are of what is ranked`() throws {
    var assessment = SampleAssessment.make(lowest: 0.9)
    let byHealth = Sentences.attention(assessment)
    #expect(byHealth.contains { $0.sentence.contains(": health ") && $0.sentence.contains("lowered most by") })
    assessment.ranking.by = .trust
    let byTrust = Sentences.attention(assessment)
    #expect(
      byTrust.contains {
        $0.sentence.contains(": trust 60 (50–70; 10 requests, too little on 1 indicator), last of 5")
      })
    #expect(byTrust.allSatisfy { !$0.sentence.contains("health") && !$0.sentence.contains("lowered most by") })
    let text = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: Console(width: 200)
    ).text
    #expect(text.contains("rank by trust") || text.contains("Tier by trust"))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(page.contains("Probability of being last of 5 by trust: "))
    #expect(page.contains("</bdi></span><span>trust 60 (50–70) · health "))
  }

  @Test func `explain shows contributions, peers, moves, months and what isn't known`() throws {
    var assessment = SampleAssessment.make()
    let first = try #require(assessment.managers.firstIndex { $0.id == "M1" })
    assessment.managers[first].attribution?.contributions.append(
      .init(indicator: Attribution.notMeasured, domain: Attribution.notMeasured, points: -1.5))
    assessment.basis.unmeasuredIndicators = ["resolvedForGood"]
    assessment.managers[first].indicators["promisesKeptOnTime"]?.evidence = [
      "keptByHR": 5, "dueByHR": 7, "keptByManager": 1, "dueByManager": 2,
    ]
    let text = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: Console()
    ).text
    for part in [
      "Each side apart", "promises kept on time: HR 5 of 7, the manager 1 of 2.",
      "What health is made of", "promises kept on time", "−12.0", "Compared with the other managers",
      "Where a change would move the score most (not a target; ratings left out)", "Evidence by month", "2026-05",
      "month is exposed where the manager was", "exposed", "yes",
      "What is not known",
      "fewer than 5 respondents", "not measured, assumed", "−1.5", "resolved for good: no reopening was read",
    ] { #expect(text.contains(part)) }
    let pair = ExplainView(
      try Explanation(manager: "M2", partner: "P1", in: assessment), assessment: assessment, console: Console()
    ).text
    let words = pair.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("What the log can't tell: urgency agreed outside the log."))
    let lines = pair.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("queue choices, shrunken") && $0.hasSuffix("1.90×  1.40–2.60") })
    #expect(lines.contains { $0.hasPrefix("waits (Cox model)") && $0.hasSuffix("1.30×  1.15–1.50") })
  }

  @Test func `a pair shows each side's steps, but not what one person answered`() throws {
    var assessment = SampleAssessment.make()
    assessment.pairs[0].indicators["initiativeBalance"] = SampleAssessment.indicator(
      0.4, points: 40, ["byManager": 3, "initiated": 4])
    assessment.pairs[0].indicators["surveyScore"] = SampleAssessment.indicator(
      3.5, points: 60, ["ratingOfHR": 2, "ratingsOfHR": 1, "countedOfHR": 1])
    let pair = try Explanation(manager: "M2", partner: "P1", in: assessment)
    let text = ExplainView(pair, assessment: assessment, console: Console()).text
    #expect(text.contains("Each side apart\n• balance of initiative: 3 of 4 first steps by the manager."))
    #expect(!text.contains("rating)"))
  }

  @Test func `a study without a result says why`() {
    let text = FactorsView(FactorStudy(insufficient: "Too few managers."), console: Console()).text
    #expect(text.contains("Too few managers."))
  }

  // By hand: 3 + 2 rows refused and one left out; a value that was removed refuses no row. Of 11,993 events 2 are left out,
  // and one that looks odd is used.
  @Test func `a check tells what became of every row, in the singular and plural, and names inputs`() {
    var quality = DataQuality()
    quality.rowsRead = 12_000
    quality.eventsUsed = 11_991
    quality.duplicates = 1
    quality.rejected = ["badTime": 3, "unknownKind": 2, "selfRequest": 1, "dueUnreadable": 7]
    quality.rejections = [
      "badTime": .init(
        count: 3, .refused, examples: [.init(input: 2, line: 12, found: "timestamp 'x'"), .init(input: 3, line: 4)]),
      "unknownKind": .init(count: 2, .refused), "selfRequest": .init(count: 1, .leftOut),
      "dueUnreadable": .init(count: 7, .valueRemoved),
    ]
    quality.observations = [
      "orphanResponse": .init(count: 2, .leftOut),
      "lateEntry": .init(count: 1, .used, advice: "Recent months may change."),
    ]
    let console = Console(width: 200)
    let text = CheckView(quality, inputNames: InputNames(["b.csv", "in/a.csv"]), console: console).text
    let rows =
      "12,000 rows read: 5 refused (<0.1 %), 1 left out and 1 duplicate merged. The others hold 11,993 events: 11,991 used, "
      + "2 left out."
    #expect(text.split { $0 == " " || $0 == "\n" }.joined(separator: " ").contains(rows))
    #expect(text.contains("Refused\n• bad time: 3."))
    #expect(text.contains("Left out\n• orphan response: 2.\n• self request: 1.\n"))
    #expect(text.contains("Used without a value\n• due unreadable: 7."))
    #expect(text.contains("Used, but worth a look\n• late entry: 1. Recent months may change."))
    #expect(text.contains("b.csv:12: timestamp 'x'; input 3, line 4."))
    #expect(CheckView(quality, console: console).text.contains("input 2, line 12: timestamp 'x'"))
    #expect(
      Sentences.quality(quality) == [
        rows, "Refused: bad time 3, unknown kind 2.", "Left out: orphan response 2, self request 1.",
        "Odd but used: late entry 1 (`rapport check` tells more).",
      ])
  }

  // By hand: of 100 rows 40 are told again later; 2 answers lay before their requests, in both rows of each.
  @Test func `rows that later ones supersede are told, and times that both lack count once`() {
    var quality = DataQuality()
    quality.rowsRead = 100
    quality.superseded = 40
    quality.eventsUsed = 110
    (quality.kinds, quality.confidential) = (["request": 105], 5)
    quality.requests.total = 60
    quality.requests.answered = 50
    quality.requests.open = 10
    quality.rejections = ["respondedBeforeOpened": .init(count: 4, .valueRemoved)]
    quality.observations = ["excludedFromWaits": .init(count: 2, .used)]
    let text = CheckView(quality, console: Console(width: 400)).text
    #expect(text.contains("100 rows read: 40 superseded. The others hold 110 events, all used. A superseded row tells"))
    #expect(text.contains("request          105\nconfidential       5\n"), "\(text)")
    #expect(
      Sentences.requests(quality).hasPrefix("60 requests: 50 answered, 8 open, 2 answered at a time before the request")
    )
    quality.superseded = 0
    #expect(Sentences.requests(quality).contains("50 answered, 6 open, 4 answered at a time before"))
  }

  @Test func `how many people there are is told, and that some may count twice`() throws {
    var assessment = SampleAssessment.make()
    (assessment.dataQuality.managers, assessment.dataQuality.partners) = (82, 1)
    #expect(CheckView(assessment.dataQuality, console: Console()).text.contains("\n82 managers and 1 partner.\n"))
    func texts() throws -> [String] {
      [
        ScoreSummary(assessment, console: Console()).text,
        try Page(assessment, version: "0.1.0").html().replacing("&#39;", with: "'"),
      ].map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }
    #expect(try texts().allSatisfy { !$0.contains("named differently") })
    assessment.dataQuality.observations["furtherSpellings"] = .init(
      count: 1, .used, examples: [.init("manager 'Busch, Lutz' and 'BUSCH, LUTZ'")], advice: "Write them alike.")
    let spelt =
      "People may be named differently by different systems: 1 identifier differs from another in letter case or blanks only: "
      + "manager 'Busch, Lutz' and 'BUSCH, LUTZ'"
    #expect(try texts().allSatisfy { $0.contains("\(spelt). If so, one person counts as several") })
    assessment.dataQuality.observations["managersApart"] = .init(
      count: 82, .used, examples: [.init("of 57 managers with requests none has a check-in")], advice: "Are they?")
    let apart =
      "82 managers are named by one kind of events and not by another: of 57 managers with requests none has a check-in"
    #expect(try texts().allSatisfy { $0.contains("\(spelt); \(apart). If so,") })
    #expect(
      CheckView(assessment.dataQuality, console: Console(width: 200)).text.contains(
        "• managers apart: 82. Are they? For example of 57 managers"))
  }

  @Test func `rows that were merged are told, with what may be wrong`() throws {
    var quality = SampleAssessment.make().dataQuality
    quality.observations["repeatedWithoutCase"] = .init(count: 149, .merged, advice: "Give each row an id.")
    #expect(
      CheckView(quality, console: Console(width: 200)).text.contains(
        "Merged\n• repeated without case: 149. Give each row an id."))
    #expect(
      Sentences.quality(quality).contains("Merged: repeated without case 149 (`rapport check` tells more)."))
    var assessment = SampleAssessment.make()
    assessment.dataQuality = quality
    #expect(try Page(assessment, version: "0.1.0").html().contains("Rows that repeat another and count once"))
  }

  @Test func `an empty check has its headline`() {
    #expect(CheckView(DataQuality(), console: Console()).text.contains("0 rows read"))
    #expect(Sentences.quality(DataQuality()) == ["0 rows read."])
  }
}
