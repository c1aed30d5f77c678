import Foundation
import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct PageTests {
  static let manifest: JSONValue = [
    "inputs": [["name": "events.csv", "bytes": 99, "sha256": "abc"]],
    "options": ["seed": 7, "output": .null], "blas": "reference", "started": "2026-07-01T00:00:00Z",
  ]

  func page(_ id: String = "M1", isOrdinal: Bool = true) throws -> String {
    try Page(SampleAssessment.make(firstID: id, isOrdinal: isOrdinal), manifest: Self.manifest, version: "0.1.0").html()
  }

  @Test func `every section is there with what it must say`() throws {
    let html = try page()
    for anchor in [
      "summary", "ranking", "managers", "partners", "favouritism", "factors", "data-quality", "methods", "manifest",
    ] {
      #expect(html.contains("<h2 id=\"\(anchor)\">"))
      #expect(html.contains("href=\"#\(anchor)\""))
    }
    for text in [
      "These findings rest on queue choices.", "One number is justified with reservations.",
      "not a judgement of a person", "events.csv",
      "What is not known", "fewer than 5 respondents", "health 40 (32–48)", "insufficient evidence",
      "Every target met.", "No working calendar", "0.80",
      // Findings: estimators side by side, what partners go by, how waiting is shared out, and who isn't told apart.
      "queue choices, shrunken 1.90 (1.40–2.60); queue choices, plain 2.10 (1.50–3.00); waits (timing model, above 1: shorter), shrunken",
      "waits (Cox model) 1.30", "Held equal: how long each had waited and priority.",
      "A request that is overdue has 2.23",
      "a request with priority low rather than normal", "The lower half bears a quarter of the waiting.",
      "Of 2 managers with requests in queues none can be judged across partners: the evidence is insufficient.",
      "Those whose estimate isn&#39;t 1.00, the surest direction first, whatever their verdict; favouritism.csv has all.",
      "<td class=\"n\">17</td>",
    ] { #expect(html.contains(text)) }
    #expect(!html.contains("{{"))
  }

  @Test func `nothing is fetched, and only our own style and script may act`() throws {
    let html = try page()
    #expect(html.contains("default-src 'none'"))
    #expect(!html.contains("http://") && !html.contains("https://"))
    #expect(!html.contains(" style=\"") && !html.contains(" onclick"))
    #expect(html.components(separatedBy: "<script").count == 2)
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\u{0600}<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "'; drop", "<\u{301}b>", "&amp;", "\"\u{301} onfocus=alert(1)", "'\u{20DD}x", "\u{202E}evil", "a\u{0}b",
  ])
  func `foreign text is inert wherever it stands`(_ text: String) throws {
    let html = try page(everywhere: text)
    let plain = try page(everywhere: "M1")
    // No tag more and no attribute ended: as many signs of our own as with a name that has none.
    for sign in ["<", ">", "\"", "'"] as [Unicode.Scalar] {
      let count = html.unicodeScalars.count { $0 == sign }
      let expected = plain.unicodeScalars.count { $0 == sign }
      #expect(count == expected, "\(sign)")
    }
    #expect(!html.unicodeScalars.contains("\u{202E}") && !html.unicodeScalars.contains("\u{0}"))
  }

  /// A page on which a manager, its partner, the names and values of attributes and a sentence are this text.
  private func page(everywhere text: String) throws -> String {
    var assessment = SampleAssessment.make(firstID: text)
    assessment.managers[0].attributes = [text: text]
    assessment.managers[1].attributes = [text: "other"]
    assessment.managers[0].partners = [text]
    assessment.managers[1].partners = ["P1"]
    assessment.pairs[0].partner = text
    assessment.partners[0].id = text
    assessment.partners[0].attributes = [text: text]
    assessment.favouritism.partners[0].statement = text
    assessment.favouritism.groups[0].attribute = text
    assessment.favouritism.groups[0].value = text
    assessment.notes.append(text)
    return try Page(assessment, manifest: ["options": ["map": .string(text)]], version: "0.1.0").html()
  }

  // In "אבי כהן: health 34 (21–42)" the name drew the figures behind it to its other side.
  @Test func `names from right to left are isolated in sentences`() throws {
    let (start, end) = ("\u{2068}", "\u{2069}")
    for (text, isolated) in [
      ("אבי כהן: health 34", "\(start)אבי כהן\(end): health 34"), ("of עבד-الله.", "of \(start)עבד-الله\(end)."),
      ("אבי, كريم and Zoë <3", "\(start)אבי\(end), \(start)كريم\(end) and Zoë &lt;3"), ("plain & 日本", "plain &amp; 日本"),
      ("\u{202E}אבי\u{2069}", "\u{FFFD}\(start)אבי\(end)\u{FFFD}"), ("אבי ", "\(start)אבי\(end) "),
    ] { #expect(PageText.sentence(text) == isolated) }
    var assessment = SampleAssessment.make()
    assessment.notes = ["אבי כהן has one note."]
    #expect(try Page(assessment, version: "0.1.0").html().contains("<li>\(start)אבי כהן\(end) has one note.</li>"))
  }

  @Test func `a long identifier is shown in full once and cut in drawings`() throws {
    let id = String(repeating: "x", count: 10_000)
    let html = try page(id)
    #expect(html.contains("<bdi>\(id)</bdi>"))
  }

  @Test func `tiers have their headings in the plot`() throws {
    let html = try page(isOrdinal: false)
    #expect(html.contains("Tiers by health"))
    #expect(html.contains(">Tier: upper tier</text>"))
  }

  // On a service desk's log 3497 of 5244 managers have no score, and many sent one request.
  @Test func `counts are of one or of many, and a place is among those who have one`() throws {
    var assessment = SampleAssessment.make()
    #expect(
      try Page(assessment, version: "0.1.0").html().contains("higher than that of 4 of the 4 other managers who have a")
    )
    #expect(try Page(assessment, version: "0.1.0").html().contains("higher than that of 0 of the 4 other managers who"))
    assessment.managers[1].months.removeLast()
    (assessment.managers[1].months[0].requests, assessment.managers[1].months[0].answered) = (1, 1)
    #expect(try Page(assessment, version: "0.1.0").html().contains("In all 1 request, 1 answer, 1 check-in."))
    #expect(try Page(assessment, version: "0.1.0").html().contains("Times until the first answer"))
    assessment.basis.workingCalendar = true
    #expect(try Page(assessment, version: "0.1.0").html().contains("Working times until the first answer"))
  }

  // Of 1,014 signals the findings below hold a hundred, so they aren't where all are.
  @Test func `where the signals are that the summary doesn't tell`() throws {
    var assessment = SampleAssessment.make()
    assessment.favouritism.pairs = (0..<120).map { i in
      var pair = SampleAssessment.signal
      pair.manager = "S\(i)"
      return pair
    }
    let parts = try Page(assessment, version: "0.1.0").html().components(separatedBy: "<h2 id=\"favouritism\">")
    #expect(parts[0].contains("And 115 more pairs; favouritism.csv lists all."))
    #expect(parts[1].ranges(of: "Estimates side by side").count == 100)
  }

  // 109 h showed 12 points where the goalposts give 80 h one.
  @Test func `points aren't those that goalposts give to what is shown, and hours are those of the calendar`() throws {
    var assessment = SampleAssessment.make()
    assessment.goalposts.append(Goalposts.goalpost(.typicalWait))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(
      page.contains(
        "<p>Points are means over all values that the evidence leaves possible, so they needn&#39;t be those"))
    #expect(page.contains("not the points of the value that is shown."))
    #expect(page.contains("Points run from 1 to 100 on fixed scales") && page.contains("trust runs from 0 to 100."))
    #expect(!page.contains("Scores run from 0 to 100") && !page.contains("points from 1 to 100"))
    #expect(page.contains("<td>80\u{A0}h</td>") && !page.contains("working\u{A0}h</td>"))
    assessment.basis.workingCalendar = true
    #expect(try Page(assessment, version: "0.1.0").html().contains("<td>80\u{A0}working\u{A0}h</td>"))
  }

  @Test func `a page without any score still stands`() throws {
    var assessment = SampleAssessment.make()
    assessment.managers = []
    assessment.partners = []
    assessment.pairs = []
    assessment.ranking.order = []
    assessment.favouritism = .init()
    assessment.factors = .init(insufficient: "Too few managers.")
    let html = try Page(assessment, version: "0.1.0").html()
    #expect(html.contains("Too few managers."))
    #expect(html.contains("No pair has a request that can be compared."))
  }
}
