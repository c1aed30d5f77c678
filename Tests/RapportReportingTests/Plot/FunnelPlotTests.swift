import Testing

@testable import RapportReporting

@Suite struct FunnelPlotTests {
  // By hand: sizes 0–40 lie on 60–500; the larger half of the curves' sizes (20, 40) has limits 0.5–1, the values are 0.5–0.8:
  // 0.5 stands at 250, 1 at 30, the centre 0.75 in the middle, 140.
  @Test func `marks stand where their values are`() {
    let svg = FunnelPlot(funnel: SampleAssessment.funnel(outside: "M & 1"), description: "A funnel").drawing.svg
    #expect(svg.contains("<line x1=\"60\" y1=\"140\" x2=\"500\" y2=\"140\" class=\"reference\"/>"))
    #expect(svg.contains("<circle cx=\"500\" cy=\"250\" r=\"4\" class=\"point marked\"/>"))
    #expect(svg.contains("<circle cx=\"390\" cy=\"140\" r=\"3\" class=\"point plain\"/>"))
    // The lower 95 % limits 0.5, 0.55, 0.65.
    #expect(svg.contains("<path d=\"M170 250L280 228L500 184\" class=\"series random\"/>"))
    #expect(svg.contains("M &amp; 1</text>") && svg.contains("99.8 % limits"))
    #expect(svg.contains("50 %") && svg.contains("cases"))
  }
}
