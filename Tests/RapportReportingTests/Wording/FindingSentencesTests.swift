import RapportIngestion
import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct FindingSentencesTests {
  /// Six pairs: two signals, one without material difference, one that can't be told, two with too few requests.
  static var findings: FavouritismFindings {
    var findings = SampleAssessment.favouritism
    var rest = SampleAssessment.signal
    rest.verdict = .insufficientEvidence
    var none = rest
    none.verdict = .noMaterialDifference
    var few = rest
    (few.requests, few.sValue) = (19, nil)
    findings.pairs = [SampleAssessment.signal, SampleAssessment.signal, none, rest, few, few]
    return findings
  }

  @Test func `how many pairs are judged, and how`() {
    #expect(
      Sentences.verdicts(Self.findings)
        == "Of 6 pairs with waits that can be used, 4 have the 20 requests in queues with others' that a verdict needs; of these, 2 are signals worth "
        + "looking into, 1 shows no material difference, and for 1 the evidence is insufficient. The other 2 have too few "
        + "to say.")
    var all = Self.findings
    all.pairs.removeLast(2)
    #expect(
      Sentences.verdicts(all).hasPrefix(
        "Of 4 pairs with waits that can be used, 2 are signals worth looking into, 1 shows"))
    all.pairs = [SampleAssessment.signal]
    #expect(Sentences.verdicts(all).hasPrefix("Of 1 pair with waits that can be used, "))
    all.pairs = [Self.findings.pairs[5]]
    #expect(
      Sentences.verdicts(all)
        == "Of 1 pair with waits that can be used none has the 20 requests in queues with others' that a verdict needs."
    )
    // Two whose partners' times are too coarse, and one whose partner's model has no fit: they may have requests enough.
    all = Self.findings
    for obstacle in [ChoiceObstacle.resolution, .resolution, .notConverged] {
      var untold = Self.findings.pairs[5]
      (untold.obstacle, untold.choices, untold.requests) = (obstacle, nil, 62)
      all.pairs.append(untold)
    }
    #expect(
      Sentences.verdicts(all).hasPrefix(
        "Of 9 pairs with waits that can be used, 4 have the 20 requests in queues with others' that a verdict needs, and an order of picks that can be told; "
          + "of these, 2 are signals"))
    #expect(
      Sentences.verdicts(all).hasSuffix(
        " Of the other 5, 2 have fewer than 20 requests in queues with others', and for 3 the order of picks can't be told "
          + "(times too coarse: 2, no fit: 1)."))
    // Those with few requests whose times are too coarse as well are counted among the few, and told.
    (all.pairs[4].obstacle, all.pairs[4].requests) = (.resolution, 19)
    #expect(
      Sentences.verdicts(all).contains(
        " Of the other 5, 2 have fewer than 20 requests in queues with others' (the times of 1 of these are too coarse "
          + "besides), and for 3 the order"))
    all.pairs.removeSubrange(4..<6)
    #expect(
      Sentences.verdicts(all).hasSuffix(
        " For the other 3 the order of picks can't be told (times too coarse: 2, no fit: 1)."))
    all.pairs = [Self.findings.pairs[5], all.pairs[6]]
    #expect(
      Sentences.verdicts(all)
        == "Of 2 pairs with waits that can be used none can be judged. Of them, 1 has fewer than 20 requests in queues with others', and for 1 the "
        + "order of picks can't be told (no fit: 1).")
    // Too coarse times of a pair with too few requests anyway: it is the requests that it lacks.
    all.pairs[1].requests = 19
    #expect(
      Sentences.verdicts(all)
        == "Of 2 pairs with waits that can be used none has the 20 requests in queues with others' that a verdict needs."
    )
    all.pairs = []
    #expect(Sentences.verdicts(all) == "No pair has a request that can be compared.")
  }

  // By hand: one is wrong with its own chance; 2 · 0.01 are fewer than 1; 1.5 + 0.02 are 2 of 12; without signals nothing is wrong.
  @Test func `how many signals are expected to be none`() throws {
    var assessment = SampleAssessment.make()
    let one =
      "The one signal, of a pair that is answered more readily, is wrong about the direction, or no difference at all, with probability "
      + "1 %."
    func texts() throws -> [String] {
      [
        ScoreSummary(assessment, console: Console(width: 400)).text,
        FavouritismView(assessment.favouritism, console: Console(width: 400)).text,
        try Page(assessment, version: "0.1.0").plainHTML(),
      ].map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }
    let single = try texts()
    #expect(single.allSatisfy { $0.contains(one) })
    #expect(single[2].ranges(of: one).count == 2)
    #expect(single[2].contains(Sentences.readingSignals.replacing("'", with: "&#39;")))
    #expect(single[1].contains(Sentences.readingSignals))
    assessment.favouritism.pairs = Self.findings.pairs
    for _ in 0..<10 {
      var pair = SampleAssessment.signal
      pair.localFalseSignRate = 0.15
      assessment.favouritism.pairs.append(pair)
    }
    let told = try #require(Sentences.falseSigns(assessment.favouritism))
    #expect(
      told.hasPrefix(
        "Of these 12 signals, all for more readily answered, about 2 are expected to be wrong about the direction"
      ))
    assessment.favouritism.pairs = [SampleAssessment.signal, SampleAssessment.signal]
    #expect(
      Sentences.falseSigns(assessment.favouritism)?.hasPrefix("Of these 2 signals, both for more readily") == true)
    assessment.favouritism.pairs[0].ratio = 0.5
    #expect(
      Sentences.falseSigns(assessment.favouritism)
        == "Of these 2 signals, 1 for more and 1 for less readily answered, fewer than 1 is expected to be wrong about the direction, or "
        + "no difference at all.")
    assessment.favouritism.pairs.removeLast()
    #expect(
      Sentences.falseSigns(assessment.favouritism)?.hasPrefix("The one signal, of a pair that is answered less readily")
        == true)
    assessment.favouritism.pairs = [SampleAssessment.unclear]
    #expect(Sentences.falseSigns(assessment.favouritism) == nil)
    #expect(
      Sentences.readingSignals.hasPrefix(
        "A pair is a signal where its ratio is at least 1.25×, or at most 0.80×, its own"))
    #expect(
      Sentences.readingSignals.contains("is below 20 %, and") && Sentences.readingSignals.contains("is below 5 %."))
  }

  // Pages had the ratio of plain waits beside the adjusted one, the text didn't.
  @Test func `groups have the ratio of waits without adjustment in the text too`() throws {
    var findings = SampleAssessment.make().favouritism
    findings.groups[0].unadjusted = RatioInterval(ratio: 0.17, low: 0.1, high: 0.3)
    func text() -> String { FavouritismView(findings, console: Console(width: 400)).text }
    #expect(text().contains("unadjusted") && text().contains("0.17"))
    #expect(FavouritismView.unadjusted(findings.groups[0]) == Figure.ratio(0.17))
    // Nothing is known of waits.
    findings.groups[0].unadjusted = RatioInterval(ratio: 1, low: 1, high: 1)
    #expect(FavouritismView.unadjusted(findings.groups[0]) == "–")
  }

  // Of three managers no median ratio is told, and their finding is one all the same.
  @Test func `partners without a median ratio are among those compared`() throws {
    var findings = SampleAssessment.make().favouritism
    (findings.partners[0].medianRatio, findings.partners[0].gini) = (nil, nil)
    #expect(findings.comparedPartners.map(\.partner) == ["P1"])
    findings.partners[0].pValue = nil
    #expect(findings.comparedPartners.isEmpty)
  }

  // "gender = woman, 1.34× (1.05–1.71), insufficient evidence" stood in a table without the q-value, 0.418, that it goes by.
  @Test func `groups have the q-value that their verdict goes by`() throws {
    var assessment = SampleAssessment.make()
    assessment.favouritism.groups[0].qValue = 0.418
    let page = try Page(assessment, version: "0.1.0").plainHTML()
    let view = FavouritismView(assessment.favouritism, console: Console(width: 400)).text
    for text in [page, view.split { $0 == " " || $0 == "\n" }.joined(separator: " ")] {
      #expect(text.contains("0.418"))
      #expect(
        text.contains(
          "A group is a signal where its ratio rests on queue choices and is at least 1.25×, or at most 0.80×, and its q-value is below "
            + "5 %. Of many groups some stand apart by chance, so an interval may leave out 1.00 without a signal."))
    }
  }

  // Of 300 simulated managers "location = remote, 0.89 (0.82–0.98)" stood as no material difference, and nothing said what that was.
  @Test func `what a verdict of no material difference goes by, at every level`() throws {
    #expect(Sentences.readingVerdicts(pairs: [.signal], groups: [.insufficientEvidence]) == nil)
    #expect(
      Sentences.readingVerdicts(groups: [.noMaterialDifference])
        == "“No material difference” is said where the 90 % interval lies between 0.80× and 1.25×: of groups that of the adjusted ratio. "
        + "Where the interval that is shown leaves out 1.00, there is a difference, but one too small to matter: less readily by less "
        + "than a fifth, or more readily by less than a quarter.")
    let all: [FavouritismVerdict] = [.noMaterialDifference]
    let told = try #require(Sentences.readingVerdicts(pairs: all, managers: all, groups: all, partners: all))
    #expect(
      told.contains(
        ": of pairs and managers that of their own data alone, before it is drawn towards what is usual (favouritism.csv has it as the "
          + "estimate, at the level that is shown); of groups that of the adjusted ratio; of partners that of the median ratio, given "
          + "requests enough to show more. Where"))
    #expect(FavouritismView.words(.noMaterialDifference, 0.82, 0.98) == "a difference, not material")
    #expect(FavouritismView.words(.noMaterialDifference, 1.02, 1.2) == "a difference, not material")
    // Told with two digits, 0.998 is 1.00.
    #expect(FavouritismView.words(.noMaterialDifference, 0.9, 0.998) == "no material difference")
    #expect(FavouritismView.words(.noMaterialDifference, nil, nil) == "no material difference")
    #expect(FavouritismView.words(.signal, 0.2, 0.5) == "signal")
    var assessment = SampleAssessment.make()
    assessment.favouritism.groups[0].ratio = 0.89
    (assessment.favouritism.groups[0].low, assessment.favouritism.groups[0].high) = (0.82, 0.98)
    for text in [
      FavouritismView(assessment.favouritism, console: Console(width: 200)).text,
      try Page(assessment, version: "0.1.0").html(),
    ] { #expect(text.contains("a difference, not material")) }
  }

  // Whose estimate is 1.00 has no verdict for that: of 5,000 managers none had "no material difference".
  @Test func `managers across partners are counted by verdict`() throws {
    var assessment = SampleAssessment.make()
    let unclear = assessment.favouritism.managers[0]
    func manager(_ i: Int, _ verdict: FavouritismVerdict) -> ManagerFinding {
      var manager = unclear
      (manager.manager, manager.verdict) = ("N\(i)", verdict)
      return manager
    }
    let managers = (0..<120).map {
      manager($0, $0 < 2 ? .signal : $0 < 3 ? .noMaterialDifference : .insufficientEvidence)
    }
    let told =
      "Of 120 managers with requests in queues, 2 are signals worth looking into, 1 shows no material difference, and for 117 the evidence is "
      + "insufficient."
    #expect(Sentences.verdicts(acrossPartners: managers) == told)
    assessment.favouritism.managers = managers
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(page.contains(told))
    #expect(page.contains("The 100 whose direction is surest, whatever their verdict; favouritism.csv has all."))
  }

  // No interval near 1 is shown of a partner of whom an unevenness wouldn't show, and partners of whom nothing is known are
  // no rows of dashes.
  @Test func `of partners only what is known is shown`() throws {
    var findings = Self.findings
    let known = try #require(findings.partners.first { $0.medianRatio != nil })
    var open = known
    (open.partner, open.verdict, open.medianRatio, open.low, open.high) = ("P7", .insufficientEvidence, 1, 1, 1)
    open.couldShow = false
    var unknown = open
    (unknown.partner, unknown.medianRatio, unknown.low, unknown.high) = ("P8", nil, nil, nil)
    (unknown.gini, unknown.giniByChance, unknown.theil, unknown.pValue) = (nil, nil, nil, nil)
    findings.partners = [known, open, unknown]
    #expect(known.isShown && !open.isShown && !unknown.isShown)
    open.high = 1.3
    #expect(!open.isShown)
    open.couldShow = true
    #expect(open.isShown)
    let text = FavouritismView(findings, console: Console(width: 200)).text
    #expect(text.contains("P7") && !text.contains("P8") && !text.contains("1.00–1.00"))
    #expect(text.contains("Of 1 other not even that can be told"))
    let plot = try #require(Plot.medianRatios(findings))
    #expect(
      plot.captions.contains { $0.contains("Of 2 other partners too little is known") } && !plot.svg.contains("P7"))
    var assessment = SampleAssessment.make()
    assessment.favouritism = findings
    #expect(!(try Page(assessment, version: "0.1.0").html().contains("1.00–1.00")))
    findings.partners = [unknown]
    #expect(Plot.medianRatios(findings) == nil)
    #expect(
      FavouritismView(findings, console: Console(width: 200)).text.contains("Of the one partner nothing can be told"))
  }

  @Test func `the clearest of each kind come first, and how many more there are`() throws {
    var findings = Self.findings
    let partner = try #require(findings.partners.first { $0.verdict == .signal })
    findings.partners = [1.5, 3, 2].enumerated().map { i, ratio in
      var other = partner
      (other.partner, other.medianRatio, other.statement) = ("P\(i)", ratio, "P\(i) is uneven.")
      return other
    }
    let manager = try #require(findings.managers.first)
    // Nearer ends of intervals: 1.25, 2 and 1/0.4 = 2.5 times.
    findings.managers = [(1.25, 9), (2, 3), (0.1, 0.4)].enumerated().map { i, ends in
      var other = manager
      (other.manager, other.verdict, other.low, other.high) = ("M\(i)", .signal, ends.0, ends.1)
      other.statement = "M\(i) is answered otherwise."
      return other
    }
    let told = Sentences.favouritism(findings, limit: 2, elsewhere: "they stand below")
    let start = try #require(told.firstIndex(of: "P1 is uneven."))
    #expect(
      told[start..<start + 6] == [
        "P1 is uneven.", "P2 is uneven.", "And 1 more partner; they stand below.", "M2 is answered otherwise.",
        "M1 is answered otherwise.", "And 1 more manager; they stand below.",
      ])
  }

  @Test func `what weakens findings stands wherever they do`() throws {
    var assessment = SampleAssessment.make()
    let caveat = "13 % of requests were still unanswered."
    let console = Console(width: 200)
    func texts() throws -> [String] {
      let manager = try Explanation(manager: "M2", in: assessment)
      let pair = try Explanation(manager: "M2", partner: "P1", in: assessment, evidence: SampleAssessment.evidence)
      return [
        ScoreSummary(assessment, console: console).text, FavouritismView(assessment.favouritism, console: console).text,
        ExplainView(manager, assessment: assessment, console: console).text,
        ExplainView(pair, assessment: assessment, console: console).text,
        try Page(assessment, version: "0.1.0").plainHTML(),
      ]
    }
    #expect(try texts().allSatisfy { !$0.contains(caveat) })
    assessment.favouritism.caveat = caveat
    for text in try texts() { #expect(text.contains(caveat)) }
  }

  // Of the five partners told first out of 431 all five intervals lay above the planted ratio.
  @Test func `the largest of many partners are told to be so partly by chance`() {
    var findings = SampleAssessment.favouritism
    let partner = findings.partners[0]
    findings.partners = (1...6).map { i in
      var own = partner
      (own.partner, own.verdict) = ("Q\(i)", .signal)
      return own
    }
    #expect(Sentences.favouritism(findings).contains(Sentences.readingLargest))
    findings.partners.removeLast()
    #expect(!Sentences.favouritism(findings).contains(Sentences.readingLargest))
  }

  // A pair of 131 requests whose times are too coarse hasn't too little to judge.
  @Test func `a pair without a verdict says which kind of none`() {
    var pair = SampleAssessment.unclear
    pair.sValue = nil
    (pair.obstacle, pair.requests) = (.resolution, 131)
    // Waiting for more requests settles nothing where times are too coarse.
    for requests in [131, 19] {
      pair.requests = requests
      #expect(FavouritismView.words(pair) == "times too coarse")
    }
    pair.obstacle = .noChoice
    #expect(FavouritismView.words(pair) == "in no queue with others'")
    pair.obstacle = nil
    #expect(FavouritismView.words(pair) == "too few requests")
    // Requests enough, but too few pairs that have them.
    pair.requests = 20
    #expect(FavouritismView.words(pair) == "too few pairs to show what is usual")
    pair.sValue = 0.4
    #expect(FavouritismView.words(pair) == "insufficient evidence")
  }

  // On the sample the limit was told between five uneven partners, and held nobody down.
  @Test func `whose health a limit holds down is counted`() {
    var assessment = SampleAssessment.make()
    #expect(Sentences.capped(assessment) == nil)
    for (i, points) in [20.0, 30].enumerated() {
      assessment.managers[i].indicators["evenness"] = SampleAssessment.indicator(1.2, points: points)
    }
    #expect(
      Sentences.capped(assessment)
        == "Fewer than 25 points hold health down: on evenness 1 of 2 managers has so few.")
    assessment.managers[0].indicators["evenness"] = nil
    #expect(Sentences.capped(assessment)?.hasSuffix(": on evenness none of 1 manager has so few.") == true)
    for (i, points) in [20.0, 30, 20].enumerated() {
      assessment.managers[i].indicators["settlementTime"] = SampleAssessment.indicator(9, points: points)
    }
    #expect(
      Sentences.capped(assessment)?.hasSuffix(
        " and on time to settle conflicts 2 of 3 managers have so few (so many that the scale doesn't fit this log: it says nothing of "
          + "single ones).") == true)
  }

  @Test func `before names a caution`() throws {
    var findings = SampleAssessment.favouritism
    let sentences = Sentences.favouritism(findings)
    #expect(
      sentences.first == "These are questions, not accusations: look at the requests before anybody is spoken to.")
    #expect(sentences.contains { $0.hasPrefix("P1 answered M2 1.9 times") })
    findings.pairs = [SampleAssessment.unclear]
    findings.partners = []
    #expect(Sentences.favouritism(findings).first == Sentences.verdicts(findings))
  }

  @Test func `only pairs with enough for a verdict are drawn and listed`() throws {
    var assessment = SampleAssessment.make()
    var few = SampleAssessment.unclear
    (few.manager, few.requests, few.sValue) = ("M7 few", 19, nil)
    var waits = SampleAssessment.waitsOnly
    waits.manager = "M8 waits"
    let console = Console(width: 200)
    func texts() throws -> [String] {
      [
        FavouritismView(assessment.favouritism, console: console).text, try Page(assessment, version: "0.1.0").html(),
      ]
    }
    assessment.favouritism.pairs += [few, waits]
    for text in try texts() {
      #expect(!text.contains("M7 few") && !text.contains("M8 waits") && text.contains("1.02×"))
      #expect(!text.contains(Sentences.noPairJudged))
    }
    // What such a verdict goes by is said where there is one at any level, here of a group; on a manager's page where a pair has it.
    var alike = assessment
    for (view, times) in [
      (FavouritismView(alike.favouritism, console: console).text, 1),
      (try Page(alike, version: "0.1.0").plainHTML(), 1),
    ] {
      #expect(
        view.components(separatedBy: "“No material difference” is said where the 90 % interval").count == times + 1)
    }
    alike.favouritism.groups = []
    for text in [
      FavouritismView(alike.favouritism, console: console).text, try Page(alike, version: "0.1.0").html(),
    ] {
      #expect(!text.contains("“No material difference” is said"))
    }
    alike.favouritism.pairs[1].verdict = .noMaterialDifference
    for (view, times) in [
      (FavouritismView(alike.favouritism, console: console).text, 1),
      (try Page(alike, version: "0.1.0").plainHTML(), 2),
    ] {
      #expect(
        view.components(separatedBy: "“No material difference” is said where the 90 % interval").count == times + 1)
    }
    #expect(try texts()[1].contains("The pairs with 20 or more requests in queues; the other 2 are in favouritism.csv"))
    assessment.favouritism.pairs = [few, waits]
    for text in try texts() {
      #expect(!text.contains("M7 few") && !text.contains("M8 waits"))
      #expect(text.contains("No pair has enough for a verdict, so none is drawn or listed."))
      #expect(!text.contains("whose direction is surest"))
    }
  }

  /// A finding of queue choices whose waits say this.
  static func pair(
    _ verdict: FavouritismVerdict, _ ratio: Double, cox: (Double, Double, Double)?,
    timing: (Double, Double, Double)? = nil
  ) -> PairFinding {
    var pair = SampleAssessment.signal
    pair.verdict = verdict
    (pair.ratio, pair.low, pair.high) = (ratio, ratio * 0.8, ratio * 1.2)
    pair.cox = cox.map { RatioInterval(ratio: $0.0, low: $0.1, high: $0.2) }
    pair.timing = timing.map { RatioInterval(ratio: $0.0, low: $0.1, high: $0.2) }
    return pair
  }

  // A pair of few managers has its counts and a wide interval; the manager's own page has dashes for one whose times are dates.
  @Test func `what isn't told leaves dashes, and no sentence`() throws {
    var unplaced = SampleAssessment.unclear
    (unplaced.sValue, unplaced.localFalseSignRate, unplaced.minimumDetectableRatio) = (nil, nil, nil)
    (unplaced.eValue, unplaced.eValueOfLimit) = (nil, nil)
    var byDay = SampleAssessment.waitsOnly
    (byDay.ratio, byDay.low, byDay.high, byDay.estimate, byDay.timing) = (nil, nil, nil, nil, nil)
    (byDay.localFalseSignRate, byDay.minimumDetectableRatio) = (nil, nil)
    (byDay.eValue, byDay.eValueOfLimit, byDay.obstacle) = (nil, nil, .resolution)
    #expect(Sentences.evidence(unplaced, comparableBy: []).count == 2 && Sentences.estimators(unplaced).count == 3)
    #expect(Sentences.evidence(byDay, comparableBy: []).count == 1 && Sentences.estimators(byDay).isEmpty)
    let cells = PairColumn.all(for: [unplaced]).map { ($0.heading, $0.cell(unplaced)) }
    #expect(cells.filter { $0.1 == "–" }.map(\.0) == ["false sign", "detectable"])
    #expect(PairColumn.all(for: [byDay]).prefix(4).map { $0.cell(byDay) } == ["M1", "P1", "–", "–"])
    var assessment = SampleAssessment.make()
    assessment.favouritism.pairs = [unplaced, byDay]
    assessment.favouritism.managers = assessment.favouritism.managers.map {
      var manager = $0
      (manager.ratio, manager.low, manager.high, manager.estimate) = (nil, nil, nil, nil)
      (manager.sValue, manager.localFalseSignRate) = (nil, nil)
      return manager
    }
    #expect(
      Sentences.verdicts(assessment.favouritism).hasPrefix(
        "Of 2 pairs with waits that can be used, 1 has the 20 requests in queues with others' that a verdict needs, and an order of picks "
          + "that can be told; of these, none is a signal"))
    let text = FavouritismView(assessment.favouritism, console: Console(width: 200)).text
    #expect(text.contains("too few pairs to show what is usual") && !text.contains(Sentences.noPairJudged))
    #expect(try Page(assessment, version: "0.1.0").html().contains("too few pairs to show what is usual"))
    let pair = assessment.pairs[0]
    (byDay.manager, byDay.partner) = (pair.manager, pair.partner)
    assessment.favouritism.pairs = [byDay]
    let explanation = try Explanation(manager: pair.manager, partner: pair.partner, in: assessment)
    let explained = ExplainView(explanation, assessment: assessment, console: Console()).text
    #expect(explained.contains("Verdict: times too coarse.") && !explained.contains("waits, plain"))
    // Of tables the cell is empty.
    let table = try ResultTables.favouritism(assessment.favouritism)
    let ratio = try #require(table.columns.firstIndex(of: "ratio"))
    #expect(table.row(0)[ratio].isEmpty && !table.columns.contains("estimate.ratio"))
  }

  @Test func `where waits say something else`() throws {
    // Of a signal its own statement tells what waits say.
    #expect(Sentences.disagreement(Self.pair(.signal, 2, cox: (0.6, 0.4, 0.8), timing: (0.7, 0.55, 0.9))) == nil)
    // None by choices, though waits show one: told where both models are clear and agree, with both figures.
    let later = try #require(
      Sentences.disagreement(
        Self.pair(.insufficientEvidence, 0.9, cox: (0.6, 0.45, 0.8), timing: (0.7, 0.55, 0.9))))
    #expect(
      later
        == "By waits it looks answered later (timing model 0.70×, 0.55–0.90; Cox model 0.60×, 0.45–0.80), of which the "
        + "order of picks tells too little: waits also tell how long the work takes.")
    let none = try #require(
      Sentences.disagreement(Self.pair(.noMaterialDifference, 1.1, cox: (1.6, 1.2, 2), timing: (1.2, 1.05, 1.4))))
    #expect(none.hasPrefix("By waits it looks answered sooner (") && none.contains("doesn't bear out"))
    for (cox, timing) in [
      ((0.6, 0.45, 0.8), nil), ((0.6, 0.45, 0.8), (0.9, 0.7, 1.2)), ((0.6, 0.45, 0.8), (1.4, 1.1, 1.8)),
      ((0.9, 0.85, 0.95), (0.9, 0.85, 0.95)),
    ] as [((Double, Double, Double), (Double, Double, Double)?)] {
      #expect(Sentences.disagreement(Self.pair(.insufficientEvidence, 0.9, cox: cox, timing: timing)) == nil)
    }
    // In words where the pair is explained.
    var assessment = SampleAssessment.make()
    assessment.favouritism.pairs[1] = Self.pair(
      .insufficientEvidence, 0.9, cox: (0.6, 0.45, 0.8), timing: (0.7, 0.55, 0.9))
    let explanation = try Explanation(manager: "M2", partner: "P1", in: assessment)
    let text = ExplainView(explanation, assessment: assessment, console: Console()).text
    #expect(text.split { $0 == " " || $0 == "\n" }.joined(separator: " ").contains(later))
  }

  // Of 24 requests 9 were picked, where equal chances added up to 56 over all choices.
  @Test func `that there are more choices than requests is explained wherever choices are told`() {
    let told = "so there may be many more choices than requests."
    #expect(Sentences.readingRatios.contains(told))
    #expect(Sentences.favouritism(Self.findings).contains { $0.contains(told) })
  }

  @Test func `an interval that ends at one is explained`() {
    var pair = SampleAssessment.signal
    #expect(!Sentences.evidence(pair, comparableBy: []).joined().contains("ends at exactly 1.00"))
    pair.low = 1
    #expect(
      Sentences.evidence(pair, comparableBy: []).joined().contains(
        "An interval that ends at exactly 1.00 leaves it open"))
    #expect(Sentences.readingRatios.contains("ends at exactly 1.00"))
  }

  @Test func `a signal whose interval holds one says what its verdict hangs on`() throws {
    let remark = "An interval that holds 1.00, no difference, means that what was picked in the pair's queues alone"
    var assessment = SampleAssessment.make()
    func told() throws -> [Bool] {
      let pair = assessment.favouritism.pairs[1]
      let explain = try [nil, "P1"].map {
        let explanation = try Explanation(manager: "M2", partner: $0, in: assessment)
        let text = ExplainView(explanation, assessment: assessment, console: Console()).text
        return text.split { $0 == " " || $0 == "\n" }.joined(separator: " ").contains(remark)
      }
      let page = try Page(assessment, version: "0.1.0").html().ranges(of: "An interval that holds 1.00").count
      // Beside the finding, and on the manager's page.
      return [Sentences.evidence(pair, comparableBy: []).joined().contains(remark), page == 2] + explain
    }
    #expect(try told() == [false, false, false, false])
    assessment.favouritism.pairs[1].low = 0.95
    let beyond = try told()
    #expect(beyond == [true, true, true, true])
    // Where there is no signal nothing hangs on it, and an end at exactly 1 is told otherwise.
    assessment.favouritism.pairs[1].low = 1
    #expect(try told() == [false, false, false, false])
    (assessment.favouritism.pairs[1].low, assessment.favouritism.pairs[1].verdict) = (0.95, .insufficientEvidence)
    #expect(try told() == [false, false, false, false])
  }

  @Test func `a strength is that of the ratio that is shown`() {
    #expect(
      Sentences.evidence(SampleAssessment.signal, comparableBy: []).contains {
        $0.contains(
          "if it were 3.20 times as common among this manager's requests as among others', and itself made requests as many times as "
            + "likely to be answered sooner; if it is stronger in one of the two, less is enough in the other. To leave it open whether "
            + "there is any difference, 2.10 times would do"
        )
      })
    // An interval that reaches 1 needs nothing to bring it there.
    var reaching = SampleAssessment.signal
    reaching.eValueOfLimit = 1
    #expect(
      Sentences.evidence(reaching, comparableBy: []).contains {
        $0.hasSuffix(
          "as likely to be answered sooner; if it is stronger in one of the two, less is enough in the other (the E-value)."
        )
      })
  }

  @Test func `scores at the end of their scales are told`() throws {
    func score(_ value: Double, _ width: Double) -> Score { SampleAssessment.estimated(value, value, value + width) }
    func indicator(_ points: Score) -> IndicatorScore {
      IndicatorScore(score: SampleAssessment.estimated(2, 1, 3), points: points, evidence: [:])
    }
    let indicators = [
      "predictability": indicator(score(1, 0)), "evenness": indicator(score(1, 0.01)),
      "typicalWait": indicator(score(100, 0)), "answeredWithinTarget": indicator(score(60, 9)),
    ]
    let text = try #require(Sentences.scaleEnds(["health": score(10, 0.01)], indicators))
    #expect(
      text.hasPrefix(
        "At an end of their scales: predictability and evenness at the lowest; typical wait at the highest. Points go no "
      ))
    #expect(Sentences.scaleEnds(["health": score(10, 3)], indicators) == nil)
    // Only what the score without width is made of.
    let waits = try #require(
      Sentences.scaleEnds(["responsiveness": score(90, 0), "consistency": score(9, 3)], indicators))
    #expect(waits.hasPrefix("At an end of their scales: typical wait at the highest. Points"))
    #expect(Sentences.scaleEnds(["followThrough": score(90, 0)], indicators) == nil)
    var assessment = SampleAssessment.make()
    #expect(Sentences.scaleEnds(assessment) == nil)
    assessment.managers[1].health = score(10, 0.01)
    assessment.managers[1].indicators.merge(indicators) { $1 }
    let id = assessment.managers[1].id
    let console = Console(width: 300)
    #expect(
      ScoreSummary(assessment, console: console).text.contains(
        "The interval of 1 manager's health has hardly any width: what the score"))
    #expect(try Page(assessment, version: "0.1.0").html().contains("The interval of 1 manager&#39;s health has hardly"))
    assessment.partners[0].consistency = score(1, 0)
    #expect(
      try #require(Sentences.scaleEnds(assessment)).hasPrefix(
        "The intervals of 1 manager's health and 1 partner's consistency have hardly any width"))
    #expect(try #require(Sentences.scaleEnds(assessment, ofManagers: false)).hasPrefix("The interval of 1 partner's"))
    // Two who stand together: a probability of 79 % beside an interval without width.
    #expect(Sentences.scaleEnds(assessment)?.contains("share the places") == false)
    assessment.managers[0].health = score(10, 0.01)
    #expect(Sentences.scaleEnds(assessment)?.contains("share the places") == true)
    #expect(Sentences.scaleEnds(assessment, ofManagers: false)?.contains("share the places") == false)
    let explanation = try Explanation(manager: id, in: assessment)
    #expect(
      ExplainView(explanation, assessment: assessment, console: console).text.contains("At an end of their scales"))
  }
}
