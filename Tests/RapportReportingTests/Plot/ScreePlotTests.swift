import Testing

@testable import RapportReporting

@Suite struct ScreePlotTests {
  // The study's number, not a count of its own: −0.1 lies above −0.2 again, which parallel analysis doesn't count.
  @Test func `only the factors that parallel analysis counts are filled`() {
    let svg = ScreePlot(eigenvalues: [3, 1, -0.1], thresholds: [2, 1.5, -0.2], factors: 1, description: "")
      .drawing.svg
    #expect(svg.matches(of: /point marked/).count == 1)
    #expect(svg.matches(of: /point plain/).count == 2)
  }
}
