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
    #expect(svg.contains("<path d=\"M170 250l110 -22l220 -44\" class=\"series random\"/>"))
    #expect(svg.contains("M &amp; 1</text>") && svg.contains("99.8 % limits"))
    #expect(svg.contains("50 %") && svg.contains("cases"))
  }

  // By hand: from −1 at 10 to 1 at 20 a curve enters 0…2 half way, at 15.
  @Test func `limits begin where they enter the range`() {
    let curve = FunnelPlot.within(0...2, [(0, -1), (10, -1), (20, 1), (30, 1.5)])
    #expect(curve.map(\.x) == [15, 20, 30] && curve.map(\.y) == [0, 1, 1.5])
    #expect(FunnelPlot.within(0...2, [(0, 3), (10, 3)]).isEmpty)
    #expect(FunnelPlot.within(0...2, [(0, 2), (10, 1)]).map(\.x) == [0, 10])
  }

  // Nine managers at one place: no name covers another or a mark, and some find no room.
  @Test func `names that find no room are left out`() {
    var funnel = SampleAssessment.funnel(outside: "M1")
    let one = funnel.outside[0]
    funnel.outside = (1...9).map { i in
      var unit = one
      unit.manager = "manager \(i)"
      return unit
    }
    let svg = FunnelPlot(funnel: funnel, description: "").drawing.svg
    let named = (1...9).filter { svg.contains(">manager \($0)</text>") }
    #expect(!named.isEmpty && named.count < 5)
  }
}
