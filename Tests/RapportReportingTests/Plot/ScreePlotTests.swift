import Testing

@testable import RapportReporting

@Suite struct ScreePlotTests {
  // By hand: 3 > 2, 1 < 1.5, and −0.1 > −0.2 again, which parallel analysis doesn't count.
  @Test func `only the factors that parallel analysis counts are filled`() {
    let svg = ScreePlot(eigenvalues: [3, 1, -0.1], thresholds: [2, 1.5, -0.2], description: "").drawing.svg
    #expect(svg.matches(of: /point marked/).count == 1)
    #expect(svg.matches(of: /point plain/).count == 2)
  }
}
