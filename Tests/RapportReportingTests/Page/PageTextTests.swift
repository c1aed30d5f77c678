import RapportScoring
import Testing

@testable import RapportReporting

extension Page {
  /// The page with plain spaces in its figures, for those who look for a sentence; ``PageTextTests`` look at the spaces.
  func plainHTML() throws -> String { try html().replacing("\u{A0}", with: " ") }
}

@Suite struct PageTextTests {
  // "22 % to 41", and on the next line "%".
  @Test(arguments: [
    ("22 % to 41 %, of the lowest tenth: <1 %.", "22~% to 41~%, of the lowest tenth: &lt;1~%."),
    ("49.4 working h (3.1 h to 90 min; 45 s)", "49.4~working~h (3.1~h to 90~min; 45~s)"),
    ("2 managers, 3 hours, 3.0 days, 4 s2, 5 sé", "2 managers, 3 hours, 3.0 days, 4 s2, 5 sé"),
    ("6 working days", "6 working days"),
    ("h 5", "h 5"), ("5 ", "5 "), ("90 % interval 1.40–2.60", "90~% interval 1.40–2.60"), ("", ""), (" %", " %"),
  ])
  func `no line's end takes a figure from its unit`(text: String, told: String) {
    let wanted = told.replacing("~", with: "\u{A0}")
    #expect(PageText.sentence(text) == wanted)
    #expect(PageText().escapeText(text) == wanted)
  }

  // All that a page tells, but for its style and script; drawings have no lines to break.
  @Test func `a page tears no figure, and everything else keeps plain spaces`() throws {
    let assessment = SampleAssessment.withTrends("M1")
    let html = try Page(assessment, version: "0").html()
    let told = try #require(html.components(separatedBy: "<main>").last).components(separatedBy: "<footer>")[0]
      .replacing(#/<svg.*?<\/svg>/#.dotMatchesNewlines(), with: "")
    #expect(told.contains("\u{A0}%") && told.contains("\u{A0}h"))
    let torn = told.matches(of: #/[0-9] (?:%|(?:working )?h\b|min\b)/#).map { String($0.output) }
    #expect(torn.isEmpty, "\(torn)")
    for drawing in html.matches(of: #/<svg.*?<\/svg>/#.dotMatchesNewlines()) {
      #expect(!drawing.output.contains("\u{A0}"))
    }
    #expect(!ScoreSummary(assessment, console: Console()).text.contains("\u{A0}"))
    #expect(try !JSONValue(encoding: assessment).text().contains("\u{A0}"))
  }
}
