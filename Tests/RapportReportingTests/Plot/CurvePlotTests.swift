import RapportReporting
import Testing

@Suite struct CurvePlotTests {
  private static func plot(_ ends: [Double]) -> CurvePlot {
    CurvePlot(
      curves: ends.enumerated().map {
        CurvePlot.Curve(name: "curve \($0)", points: [(1, 0), (4, $1)], isMarked: $0 == 1)
      }, horizontalTitle: "ratio & more", ticks: [1, 2, 4], isLogarithmic: true, verticalTitle: "power",
      description: "Power against ratio")
  }

  // By hand: x runs from 50 to 470 and 2 lies half way from 1 to 4 by ratio; y runs from 270 (0) to 30 (1).
  @Test func `points stand where their values are`() {
    let svg = Self.plot([0.5]).svg
    #expect(svg.contains("<path d=\"M50 270l420 -120\" class=\"series plain\"/>"))
    #expect(svg.contains("<text x=\"260\" y=\"290\" text-anchor=\"middle\" class=\"t muted\">2</text>"))
    #expect(svg.contains("ratio &amp; more"))
  }

  // Ends at 1, 1 and 0.02: the second name moves down by 15 pixels, the last one stays near 265.2.
  @Test func `names of curves that end together keep apart`() {
    let svg = Self.plot([1, 1, 0.02]).svg
    #expect(svg.contains("<text x=\"482\" y=\"34\" text-anchor=\"start\" class=\"t\">curve 0</text>"))
    #expect(svg.contains("<text x=\"482\" y=\"49\" text-anchor=\"start\" class=\"t\">curve 1</text>"))
    #expect(svg.contains("<text x=\"482\" y=\"269\" text-anchor=\"start\" class=\"t\">curve 2</text>"))
    #expect(svg.contains("series random"))
  }

  // Two ends at 0: the lower name stands at the bottom, the other one moves up.
  @Test func `names stay within the plot`() {
    let svg = Self.plot([0, 0]).svg
    #expect(svg.contains("y=\"259\" text-anchor=\"start\" class=\"t\">curve 0<"))
    #expect(svg.contains("y=\"274\" text-anchor=\"start\" class=\"t\">curve 1<"))
  }

  @Test func `a file of its own has the same shapes`() {
    let plot = Self.plot([0.5])
    let file = plot.file(title: "Power & more")
    let shapes = plot.svg.drop { $0 != ">" }.dropFirst().dropLast("</svg>".count)
    #expect(file.contains(">\(shapes)</g>"))
    #expect(file.contains("<title id=\"title\">Power &amp; more</title>"))
  }
}
