import RapportIngestion
import RapportReporting
import Testing

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
  }

  @Test func `control and reordering marks become visible`() {
    #expect(Legible.text("a\u{1B}[31mb\u{202E}c") == "a\u{FFFD}[31mb\u{FFFD}c")
    #expect(Legible.text(String(repeating: "x", count: 500)).count == 201)
  }

  @Test func `tables line up and fit`() {
    var table = ConsoleTable([.text("name"), .number("n"), .text("a long remark")])
    table.append("日本", "7", "short")
    table.append("b", "1,234", String(repeating: "z", count: 60))
    let free = table.lines(width: nil)
    #expect(free[0] == "name      n  a long remark")
    #expect(free[2] == "日本      7  short")
    #expect(table.lines(width: 30).allSatisfy { DisplayWidth.of($0) <= 30 })
    // Too narrow for all columns: the last goes.
    #expect(table.lines(width: 14).allSatisfy { DisplayWidth.of($0) <= 14 })
  }

  @Test(arguments: [40, 80, 120]) func `every view fits the terminal`(_ width: Int) throws {
    let assessment = SampleAssessment.make()
    let console = Console(width: width)
    let explanation = try Explanation(manager: "M1", in: assessment)
    for text in [
      ScoreSummary(assessment, console: console, folder: "result").text,
      FavouritismView(assessment.favouritism, console: console).text,
      FactorsView(assessment.factors, console: console).text,
      CheckView(assessment.dataQuality, console: console).text,
      ExplainView(explanation, assessment: assessment, console: console).text,
    ] {
      let tooWide = text.split(separator: "\n").filter { DisplayWidth.of($0) > width }
      #expect(tooWide.isEmpty)
    }
  }

  @Test func `the summary says who, how sure, what was refused and where the report is`() {
    let text = ScoreSummary(SampleAssessment.make(), console: Console(), folder: "out").text
    #expect(text.contains("M1: health 40 (32–48)"))
    #expect(text.contains("probability 70 %"))
    #expect(text.contains("P1 answered M2 1.9 times as readily"))
    #expect(text.contains("timing model only"))
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
    assessment.ranking.tiers = [.init(tier: 1, name: "Highest", managers: assessment.ranking.order)]
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
    #expect(text[0].contains("For no manager"))
    var one = SampleAssessment.make()
    one.ranking.rankability = nil
    #expect(Sentences.attention(one)[0].hasPrefix("Nobody stands out"))
    one.managers = one.managers.filter { $0.id == "M4" }
    #expect(Sentences.attention(one)[0].hasPrefix("No manager has enough evidence"))
  }

  @Test func `explain shows contributions, peers, moves, months and what isn't known`() throws {
    var assessment = SampleAssessment.make()
    let first = try #require(assessment.managers.firstIndex { $0.id == "M1" })
    assessment.managers[first].indicators["promisesKeptOnTime"]?.evidence = [
      "keptByHR": 5, "dueByHR": 7, "keptByManager": 1, "dueByManager": 2,
    ]
    let text = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: Console()
    ).text
    for part in [
      "Each side apart", "promises kept on time: HR 5 of 7, the manager 1 of 2.",
      "What health is made of", "promises kept on time", "−12.0", "Compared with the other managers",
      "What would move health most", "Evidence by month", "2026-05", "What is not known", "fewer than 5 respondents",
    ] { #expect(text.contains(part)) }
    let pair = ExplainView(
      try Explanation(manager: "M2", partner: "P1", in: assessment), assessment: assessment, console: Console()
    ).text
    #expect(pair.contains("Not adjusted for urgency that isn't recorded."))
    #expect(pair.contains("Shrunken ratio 1.90×"))
  }

  @Test func `a study without a result says why`() {
    let text = FactorsView(FactorStudy(insufficient: "Too few managers."), console: Console()).text
    #expect(text.contains("Too few managers."))
  }

  @Test func `an empty check has its headline`() {
    #expect(CheckView(DataQuality(), console: Console()).text.contains("0 rows read"))
    #expect(Sentences.quality(DataQuality()) == ["0 rows read, none refused."])
  }
}
