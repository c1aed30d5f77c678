@testable import RapportReporting
@testable import RapportScoring
import Testing

@Suite struct ExplanationTests {
  let assessment = SampleAssessment.make()

  // By hand: the others' shares of promises kept are 0.9, 0.8, 0.7, 0.75, 0.95, so the median is 0.8 and all five have more points.
  @Test func `peers are all other managers with the indicator`() throws {
    let explanation = try Explanation(manager: "M1", in: assessment)
    let promises = try #require(explanation.peers.first { $0.indicator == "promisesKeptOnTime" })
    #expect(promises.peers == 5)
    #expect(promises.peerMedian == 0.8)
    #expect(promises.peersBelow == 0)
    #expect(!explanation.peers.contains { $0.indicator == "surveyScore" })
  }

  // By hand: of five others the best quarter begins at place 5 · 3 / 4 = 3 from below: 0.7, 0.75, 0.8, 0.9, 0.95 → 0.9. The composite
  // of M1's own points has domains responsiveness, 67, and follow-through, 50, and with 90 for 0.9 the latter is 90.
  @Test func `a move is the gain of the composite`() throws {
    let explanation = try Explanation(manager: "M1", in: assessment)
    let move = try #require(explanation.moves.first)
    #expect(move.indicator == "promisesKeptOnTime")
    #expect(move.to == 0.9)
    let expected = (67.0 * 90).squareRoot() - (67.0 * 50).squareRoot()
    #expect(abs(move.gain - expected) < 1e-9)
  }

  // By hand, with slippage assumed at 30 points: follow-through is (50 + 30)/2 = 40, and at 90 for promises 60.
  @Test func `a move counts what is assumed in the same domain`() throws {
    var assessment = SampleAssessment.make()
    let few = Score.insufficient(n: 1, needed: 3)
    assessment.managers[0].indicators["slippage"] = IndicatorScore(
      score: few, points: few, evidence: ["assumedPoints": 30])
    let move = try #require(try Explanation(manager: "M1", in: assessment).moves.first)
    #expect(move.indicator == "promisesKeptOnTime")
    #expect(abs(move.gain - ((67.0 * 60).squareRoot() - (67.0 * 40).squareRoot())) < 1e-9)
  }

  // From 5.91 hours to 5.89 both read 5.9: no advice. Without a calendar hours aren't called working hours.
  @Test func `a move that reads as none isn't advised, and hours are hours without a calendar`() throws {
    var assessment = SampleAssessment.make()
    for i in assessment.managers.indices {
      assessment.managers[i].indicators["typicalWait"] = SampleAssessment.indicator(
        i == 1 ? 21_300 : 21_200, points: i == 1 ? 50 : 52)
    }
    #expect(Wording.value(21_300, of: "typicalWait") == Wording.value(21_200, of: "typicalWait"))
    let explanation = try Explanation(manager: "M2", in: assessment)
    #expect(!explanation.moves.contains { $0.indicator == "typicalWait" })
    assessment.managers[1].indicators["typicalWait"] = SampleAssessment.indicator(36_000, points: 40)
    let longer = try Explanation(manager: "M2", in: assessment)
    #expect(longer.moves.contains { $0.indicator == "typicalWait" })
    func text() -> String { ExplainView(longer, assessment: assessment, console: Console(width: 200)).text }
    assessment.basis.workingCalendar = true
    #expect(
      text().contains("typical wait (what HR does): estimated 10.0 working h, 40 points. The best quarter")
    )
    assessment.managers[1].indicators["typicalWait"] = SampleAssessment.indicator(36_000, points: 1.2)
    let lowest = try Explanation(manager: "M2", in: assessment)
    #expect(
      ExplainView(lowest, assessment: assessment, console: Console(width: 200)).text
        .contains("estimated 10.0 working h, 1 point. The best quarter"))
    assessment.basis.workingCalendar = false
    #expect(
      text().contains("typical wait (what HR does): estimated 10.0 h, 40 points. The best")
        && !text().contains("working h"))
    #expect(text().contains("Where a change would move the score most (not a target; ratings left out)"))
  }

  // Nobody should be talked into a better rating, so none is told, in JSON neither.
  @Test func `whose a weight is, and none of survey scores`() throws {
    var assessment = SampleAssessment.make()
    for i in assessment.managers.indices {
      assessment.managers[i].indicators["surveyScore"] = SampleAssessment.indicator(
        i == 0 ? 2.5 : 4, points: i == 0 ? 20 : 80)
    }
    let moves = try Explanation(manager: "M1", in: assessment).moves
    #expect(moves.map(\.indicator) == ["promisesKeptOnTime"] && moves.map(\.direction) == ["both"])
    let tree = try Explanation(manager: "M1", in: assessment).tree()
    #expect(tree["moves"]?.elements.map { $0["direction"] } == ["both"])
    #expect(
      Sentences.move(moves[0], times: TimeWords()).hasPrefix(
        "promises kept on time (what HR and the manager do): estimated 50 %, 50 points. The best quarter of the others begins at 90 points (of "
          + "values, at 90 %): with these health would be about"
      ))
  }

  @Test func `a roster's attributes stand below, not in the headline`() throws {
    var assessment = SampleAssessment.make()
    assessment.managers[0].attributes = ["gender": "woman", "unit": "sales"]
    let text = ExplainView(
      try Explanation(manager: "M1", in: assessment), assessment: assessment, console: Console(width: 200)
    ).text
    #expect(text.hasPrefix("M1\n") && text.contains("\nIn the roster: gender woman, unit sales.\n"))
    let page = try Page(assessment, version: "0.1.0").html()
    let summaries = page.components(separatedBy: "<summary>").dropFirst().map {
      $0.components(separatedBy: "</summary>")[0]
    }
    #expect(!summaries.isEmpty && !summaries.contains { $0.contains("sales") || $0.contains("woman") })
    #expect(page.contains("In the roster: gender woman, unit sales.") && page.contains(">woman</option>") == false)
    (assessment.managers[0].joined, assessment.managers[0].left) = ("2026-02-01", "2026-03-10")
    #expect(
      Sentences.roster(assessment.managers[0])
        == "In the roster: gender woman, unit sales, since 1 February 2026, left on 10 March 2026. Contact is expected in that time "
        + "only.")
    assessment.managers[0].attributes = [:]
    assessment.managers[0].left = nil
    #expect(Sentences.roster(assessment.managers[0])?.hasPrefix("In the roster: since 1 February 2026.") == true)
    assessment.managers[0].joined = nil
    #expect(Sentences.roster(assessment.managers[0]) == nil)
  }

  @Test func `scores of pairs and partners have their intervals`() throws {
    let text = ExplainView(
      try Explanation(manager: "M2", in: assessment), assessment: assessment, console: Console(width: 200)
    ).text
    #expect(text.contains("70 (60–80)  60 (50–70)"))
    #expect(text.contains("A request that was passed on counts with each partner who held it."))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(page.contains(">70 (60–80)</td>") && page.contains(">60 (50–70)</td>"))
    // What each total counts.
    #expect(page.contains("evenness those without a known partner or that hadn&#39;t had 30 days to be answered in"))
    #expect(page.contains("Bars: requests opened, any that HR made of the manager among them."))
  }

  @Test func `the tree holds the manager's part alone`() throws {
    let explanation = try Explanation(manager: "M2", in: assessment)
    let tree = try explanation.tree()
    #expect(tree["managers"]?.elements.map { $0["id"] } == ["M2"])
    #expect(tree["pairs"]?.elements.count == 1)
    #expect(tree["favouritism"]?["pairs"]?.elements.count == 1)
    #expect(tree["trustGap"] == nil && explanation.trustGap == nil)
    #expect(try explanation.table().columns.prefix(2) == ["manager", "indicator"])
  }

  // By hand: trust in the partner is 64, in the manager 56; one other pair has the share 0.6 answered within target
  // against this pair's 0.8, and fewer points.
  @Test func `a pair is its object, its finding, the gap in trust, and the other pairs`() throws {
    var assessment = assessment
    var other = assessment.pairs[0]
    other.manager = "M1"
    other.indicators["answeredWithinTarget"] = SampleAssessment.indicator(0.6, points: 34)
    assessment.pairs.append(other)
    let explanation = try Explanation(manager: "M2", partner: "P1", in: assessment)
    #expect(explanation.trustGap == 8)
    #expect(
      explanation.peers == [
        .init(indicator: "answeredWithinTarget", value: 0.8, points: 67, peers: 1, peerMedian: 0.6, peersBelow: 1)
      ])
    let tree = try explanation.tree()
    #expect(tree["pairs"] == .array([try JSONValue(encoding: assessment.pairs[0])]))
    #expect(tree["favouritism"]?["pairs"]?.elements.map { $0["verdict"] } == ["signal"])
    #expect(tree["trustGap"] == .number(8))
    #expect(tree["managers"] == nil)
    let table = try explanation.table()
    #expect(table.rowCount == 1)
    let row = Dictionary(uniqueKeysWithValues: zip(table.columns, table.row(0)))
    #expect(row["manager"] == "M2" && row["partner"] == "P1" && row["requests"] == "44")
    #expect(row["favouritism.verdict"] == "signal" && row["favouritism.ratio"] == "1.9")
  }

  @Test func `a pair's choices, and a row per open request`() throws {
    let explanation = try Explanation(
      manager: "M2", partner: "P1", in: assessment, evidence: SampleAssessment.evidence)
    let tree = try explanation.tree()
    #expect(tree["choices"]?.elements.count == 1 && tree["choiceTotal"] == .integer(41))
    #expect(tree["choiceKind"] == "picked" && tree["choiceObstacle"] == .null)
    #expect(tree["choiceRecord"] == ["queues": 90, "picks": 41, "expected": .number(22.25)])
    #expect(tree["choices"]?.elements[0]["requests"]?.elements.map { $0["manager"] } == ["M2", "M1", "M3"])
    #expect(try explanation.choiceTree()["choices"] == tree["choices"])
    let table = try explanation.choiceTable()
    #expect(table.rowCount == 3 && table.columns.prefix(4) == ["choice", "moment", "request", "manager"])
    let row = Dictionary(uniqueKeysWithValues: zip(table.columns, table.row(1)))
    #expect(row["choice"] == "1" && row["manager"] == "M1" && row["isPassedOver"] == "true" && row["overdue"] == "true")
    // Of a manager there are none.
    let manager = try Explanation(manager: "M2", in: assessment, evidence: SampleAssessment.evidence)
    #expect(try manager.evidence == nil && manager.tree()["choices"] == nil)
  }

  @Test func `a pair without finding or trust has neither`() throws {
    var assessment = assessment
    assessment.favouritism.pairs = []
    assessment.pairs[0].trustInManager = .insufficient(n: 1, needed: 3)
    let explanation = try Explanation(manager: "M2", partner: "P1", in: assessment)
    #expect(explanation.trustGap == nil)
    #expect(try explanation.tree()["trustGap"] == .null)
    let text = ExplainView(explanation, assessment: assessment, console: Console()).text
    #expect(text.contains("No request of this pair can be compared"))
    #expect(!text.contains("Gap in trust"))
  }

  @Test func `unknown names are told with those that are known`() {
    #expect(throws: ExplanationError.unknownManager("X", known: ["M1", "M2", "M3", "M4", "M5", "M6"])) {
      try Explanation(manager: "X", in: assessment)
    }
    #expect(throws: ExplanationError.unknownPartner("P9", manager: "M2", known: ["P1"])) {
      try Explanation(manager: "M2", partner: "P9", in: assessment)
    }
  }

  @Test func `a manager's trends are part of it, a pair's aren't`() throws {
    let assessment = SampleAssessment.withTrends()
    let tree = try Explanation(manager: "M1", in: assessment).tree()
    #expect(tree["trends"]?["managers"]?.elements.map { $0["manager"] } == ["M1"])
    #expect(try Explanation(manager: "M2", partner: "P1", in: assessment).tree()["trends"] == nil)
  }
}
