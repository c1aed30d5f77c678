import Foundation
import RapportIngestion
import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct PlotTests {
  /// An assessment of so many managers, partners, indicators and months, whose names `id` gives.
  static func assessment(
    _ count: Int, isOrdinal: Bool = true, id: (Int) -> String = { "M\($0)" }
  ) -> Assessment {
    var assessment = SampleAssessment.make(isOrdinal: isOrdinal)
    assessment.managers = (0..<count).map { i in
      SampleAssessment.manager(
        id(i), health: 10 + 80 * Double(i * 37 % count) / Double(count), promises: 0.5, lowest: i % 7 == 0 ? 0.7 : 0.1,
        tier: 1 + i * 3 / count)
    }
    assessment.ranking.order = assessment.managers.map(\.id)
    assessment.favouritism.pairs = (0..<count).map { i in
      var pair = i % 9 == 0 ? SampleAssessment.signal : SampleAssessment.unclear
      (pair.manager, pair.partner) = (id(i), "P1")
      let ratio = 0.2 + Double(i * 53 % count) / Double(count) * 3
      (pair.ratio, pair.low, pair.high) = (ratio, ratio * 0.6, ratio * 1.8)
      return pair
    }
    let partner = assessment.favouritism.partners[0]
    assessment.favouritism.partners = (0..<count).map { i in
      var own = partner
      own.partner = id(i)
      return own
    }
    assessment.factors.parallelAnalysis?.eigenvalues = (0..<count).map { 3 / Double($0 + 1) }
    assessment.factors.parallelAnalysis?.thresholds = (0..<count).map { 1 / Double($0 + 1) }
    // Every third manager outside, many of them at nearly the same place.
    var funnel = assessment.funnels[0]
    funnel.managers = count
    funnel.outside = []
    funnel.inside = []
    for i in 0..<count {
      if i % 3 == 0 {
        let value = i % 2 == 0 ? 0.5 + Double(i % 5) / 100 : 0.97
        funnel.outside.append(
          .init(
            manager: id(i), size: 30 + Double(i * 7 % 10), value: value, side: .below, level: 0.998, designEffect: 1,
            low: 0.55, high: 0.95))
      } else {
        funnel.inside.append(.init(size: 1 + Double(i % 40), value: 0.75))
      }
    }
    assessment.funnels = [funnel]
    return assessment
  }

  /// A manager's trends over so many months.
  static func trends(months: Int, manager: String = "M1") throws -> Plot {
    let path = TrendPath(
      months: (0..<months).map { i in
        let level = TrendMonth.Level(value: 0.5 + 0.3 * Double(i % 7) / 7, low: 0.4, high: 0.9)
        let month = i % 12 + 1
        return TrendMonth(
          month: "\(2000 + i / 12)-\(month < 10 ? "0" : "")\(month)", filtered: level, smoothed: level, events: 5)
      })
    return try #require(
      Plot.trend(
        ManagerTrends(
          manager: manager,
          indicators: Dictionary(uniqueKeysWithValues: Wording.trendOrder.map { ($0, .estimated(path)) })),
        times: TimeWords()))
  }

  /// A comparison of so many requests with as many others.
  static func comparison(_ count: Int) -> WaitComparison {
    func curve(_ pace: Double, median: Double?) -> WaitComparison.Curve {
      WaitComparison.Curve(
        falls: (1...count).map { (Double($0) * pace, 1 - Double($0) / Double(count)) }, end: Double(count) * pace,
        median: median
      ) { fall in
        let share = 1 - Double(fall + 1) / Double(count)
        return share > 0 ? (share * 0.8, min(1, share * 1.2 + 0.01)) : nil
      }
    }
    return WaitComparison(
      requests: count, answered: count, leftOut: 1, others: count, own: curve(977, median: 7200),
      comparable: curve(1465, median: nil))
  }

  static func all(_ count: Int, isOrdinal: Bool = true, id: (Int) -> String = { "M\($0)" }) throws -> [Plot] {
    let assessment = assessment(count, isOrdinal: isOrdinal, id: id)
    return [
      try Plot.ranking(assessment), try Plot.ranking(assessment, limit: count),
      try Plot.funnel(assessment, indicator: "answered-within-target"), try Plot.factors(assessment),
      try Plot.evenness(assessment), try Plot.evenness(assessment, partner: "P1"),
      try trends(months: count, manager: id(0)),
      Plot.wait(comparison(count), of: assessment.managers[0], basis: assessment.basis),
    ]
  }

  @Test(arguments: [5, 50, 500], [true, false])
  func `labels never overlap and stay within`(count: Int, isOrdinal: Bool) throws {
    for plot in try Self.all(count, isOrdinal: isOrdinal) {
      let boxes = try PlotBoxes(plot.file)
      #expect(boxes.boxes.count > 5, "\(plot.title)")
      #expect(boxes.overlaps == [], "\(plot.title)")
      #expect(boxes.outside == [], "\(plot.title)")
    }
  }

  @Test func `drawings of one manager are named so`() throws {
    #expect(try Plot.ranking(Self.assessment(1)).label.hasPrefix("health of 1 manager with its interval, "))
    #expect(try Plot.ranking(Self.assessment(2)).label.hasPrefix("health of 2 managers with intervals, "))
    #expect(try Plot.ranking(Self.assessment(5), limit: 4).file.contains("… 1 manager between …"))
  }

  // So that the test above can fail.
  @Test func `overlaps are seen`() throws {
    let file =
      "<svg width=\"100\" height=\"50\"><g transform=\"translate(0 5)\"><text x=\"10\" y=\"20\" class=\"t\">one</text>"
      + "</g><text x=\"30\" y=\"28\" text-anchor=\"end\" class=\"t\">two</text><text x=\"95\" y=\"20\">out</text></svg>"
    let boxes = try PlotBoxes(file)
    #expect(boxes.overlaps == ["'one' and 'two'"])
    #expect(boxes.outside == ["out"])
  }

  static let malicious = [
    "<script>alert(1)</script>", "\"><svg onload='x()'>&amp;", "\u{202E}gnp.live\u{202C}", "]]><!--",
    String(repeating: "W", count: 10_000) + "end", "👩‍👩‍👧‍👦🏳️‍🌈 team", "a" + String(repeating: "\u{0301}", count: 10_000),
    "null\u{0}\u{1B}[31m\u{FFFE}\u{FFFF}", "line\nbreak", "\u{5D0}\u{5D1}\u{5D2} \u{627}\u{628}",
  ]

  @Test(arguments: malicious) func `malicious identifiers are inert and legible`(id: String) throws {
    for plot in try Self.all(5, id: { "\(id)\($0)" }) {
      let file = plot.file
      // Well-formed XML of nothing but what drawings are made of.
      let boxes = try PlotBoxes(file)
      #expect(boxes.overlaps == [], "\(plot.title)")
      #expect(boxes.outside == [], "\(plot.title)")
      #expect(file.utf8.count < 100_000)
      let names = Set(file.matches(of: /<([a-z]+)[ >\/]/).map { String($0.1) })
      #expect(names.isSubset(of: ["svg", "title", "desc", "style", "rect", "g", "text", "line", "path", "circle"]))
      #expect(!file.contains(/\son[a-z]+=['"]/) && !file.contains("href"))
      #expect(
        !file.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || (0x200E...0x200F).contains($0.value) })
      #expect(!file.contains(String(repeating: "\u{0301}", count: 5)))
    }
  }

  // Both ends of a long name stay: they tell one from another.
  @Test func `long identifiers are told apart`() throws {
    let plot = try Plot.ranking(Self.assessment(5) { String(repeating: "x", count: 5000) + "\($0)" })
    let labels = try PlotBoxes(plot.file).boxes.map(\.text).filter { $0.hasPrefix("xxx") && $0.contains("…") }
    #expect(Set(labels.compactMap(\.last)) == Set("01234"))
    #expect(labels.allSatisfy { $0.count < 40 })
  }

  @Test func `a file says in words what it shows, and brings its own style`() throws {
    let plot = try Plot.ranking(SampleAssessment.make())
    let file = plot.file
    #expect(
      file.hasPrefix(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "))
    #expect(file.contains("role=\"img\" aria-labelledby=\"title desc\""))
    #expect(file.contains("<title id=\"title\">Ranking by health</title>"))
    #expect(file.contains("More likely than not last of 5: M1"))
    #expect(file.contains("<style>.t{font:12px system-ui,"))
    // Programs that draw SVG don't all know variables.
    #expect(!file.contains("var(") && !file.contains("script"))
  }

  @Test func `what can't be drawn is told`() throws {
    let assessment = SampleAssessment.make()
    #expect(throws: PlotError.unknownManager("M9", known: assessment.managers.map(\.id))) {
      try Plot.trend(assessment, manager: "M9")
    }
    #expect(throws: PlotError.unknownPartner("P9", known: ["P1"])) { try Plot.evenness(assessment, partner: "P9") }
    #expect(throws: PlotError.unknownIndicator("promise", known: ["answered-within-target"])) {
      try Plot.funnel(assessment, indicator: "promise")
    }
    #expect(throws: PlotError.self) { try Plot.funnel(assessment, indicator: "typical wait") }
    #expect(throws: PlotError.nothingToDraw("fewer than 5 requests of 'M1' were answered: too few for a curve")) {
      try Plot.wait(assessment, manager: "M1")
    }
    var empty = assessment
    empty.factors = FactorStudy()
    empty.ranking.order = []
    #expect(throws: PlotError.self) { try Plot.factors(empty) }
    #expect(throws: PlotError.nothingToDraw("no manager has evidence enough for a score of health")) {
      try Plot.ranking(empty)
    }
  }

  // By hand: ratios 0.5 (0.1–2), 25 (15–40) and 0.05 (0.01–0.08) on an axis from 0.1 to 10, that is 90 to 610 pixels: the
  // second and third marks lie beyond its ends.
  @Test func `what lies beyond the axis has an arrow at its end`() throws {
    func pair(_ ratio: Double, _ low: Double, _ high: Double) -> PairFinding {
      var pair = SampleAssessment.unclear
      (pair.ratio, pair.low, pair.high) = (ratio, low, high)
      return pair
    }
    func file(_ pairs: [PairFinding]) -> String { Plot.ratios(pairs) { _ in "name" }.file }
    let within = file([pair(0.5, 0.2, 2)])
    #expect(within.matches(of: /<circle/).count == 1 && within.matches(of: /<path/).count == 0)
    let beyond = file([pair(0.5, 0.1, 2), pair(25, 15, 40), pair(0.05, 0.01, 0.08)])
    #expect(beyond.matches(of: /<circle/).count == 1)
    #expect(beyond.matches(of: /<path d="M610 [0-9.]+l-8 -4/).count == 1)
    #expect(beyond.matches(of: /<path d="M8[0-9.]* [0-9.]+l8 -4/).count == 1)
    #expect(beyond.contains("An arrow: beyond the end of the axis."))
  }

  @Test func `of one partner, managers with too few requests are counted, not drawn`() throws {
    var assessment = SampleAssessment.make()
    assessment.favouritism.pairs = [SampleAssessment.signal, SampleAssessment.waitsOnly]
    let boxes = try PlotBoxes(Plot.evenness(assessment, partner: "P1").file).boxes.map(\.text)
    #expect(boxes.contains("M2") && !boxes.contains("M1"))
    #expect(boxes.joined(separator: " ").contains("Not drawn: 1 manager with fewer than the 20 requests"))
    assessment.favouritism.pairs = [SampleAssessment.waitsOnly]
    #expect(throws: PlotError.nothingToDraw("no manager has enough for a verdict with 'P1', so none is drawn")) {
      try Plot.evenness(assessment, partner: "P1")
    }
  }

  @Test func `half within a minute of stamps without seconds are answered in under one`() {
    var assessment = SampleAssessment.make()
    var comparison = Self.comparison(5)
    comparison.own.median = 20
    func counts() -> String {
      Plot.wait(comparison, of: assessment.managers[0], basis: assessment.basis).captions[1]
    }
    #expect(counts().hasSuffix("half are answered within 20 s."))
    assessment.basis.tellsSeconds = false
    #expect(counts().hasSuffix("half are answered in under 1 min."))
  }

  // By hand: the sample's manager opened 4 + 6 requests; 5 are compared and 1 has nothing to be compared with.
  @Test func `requests that are no part of waits are counted`() {
    let assessment = SampleAssessment.make()
    let plot = Plot.wait(Self.comparison(5), of: assessment.managers[0], basis: assessment.basis)
    #expect(
      plot.captions.last?.hasPrefix("Of 10 requests 4 are no part of these waits: requests that HR made of the manager")
        == true)
    #expect(plot.captions[0].contains("Waits are as recorded, with all partners together; the typical wait"))
    #expect(Sentences.withoutWaits(Self.comparison(9), opened: 10) == nil)
  }

  @Test(arguments: ["loopClosure", "loop-closure", "Feedback followed up", "feedback followed up"])
  func `an indicator is called by its key, or by its title on the page`(name: String) {
    #expect(Plot.indicator(named: name) == .loopClosure)
    #expect(Plot.indicator(named: "feedback") == nil)
  }

  @Test(arguments: ["answeredWithinTarget", "answered-within-target", "Answered within target"])
  func `an indicator's name may be spelled in three ways`(name: String) throws {
    #expect(try Plot.funnel(SampleAssessment.make(), indicator: name).title.hasSuffix("answered within target"))
  }

  @Test func `the least even partner stands first`() throws {
    var findings = SampleAssessment.make().favouritism
    let one = findings.partners[0]
    findings.partners = [1.2, 2.5, 1.7].enumerated().map { i, ratio in
      var own = one
      (own.partner, own.medianRatio, own.low, own.high) = ("P\(i)", ratio, 1, 3)
      return own
    }
    let plot = try #require(Plot.medianRatios(findings))
    #expect(try PlotBoxes(plot.file).boxes.map(\.text).filter { $0.hasPrefix("P") } == ["P1", "P2", "P0"])
  }

  // By hand: 120 managers, at most 60: 30 from each end, and a heading for the 60 between.
  @Test func `the ends of a long ranking`() throws {
    let boxes = try PlotBoxes(Plot.ranking(Self.assessment(120)).file).boxes.map(\.text)
    #expect(boxes.contains("… 60 managers between …"))
    #expect(boxes.contains("M29") && !boxes.contains("M30") && !boxes.contains("M89") && boxes.contains("M90"))
  }
}
