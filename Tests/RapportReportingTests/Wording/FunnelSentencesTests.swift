import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct FunnelSentencesTests {
  @Test func `who lies outside, beside what chance would put there`() {
    #expect(
      Sentences.funnel(SampleAssessment.funnel(outside: "M1"))
        == "Of 5 managers around 75 %, 1 lies beyond the 95 % limits (by chance alone up to 0.3) and 1 lies beyond the "
        + "99.8 % limits (by chance alone up to 0.01). Managers differ by more than chance alone, and the limits allow for "
        + "that.")
    var funnel = SampleAssessment.funnel(outside: "M1")
    funnel.outside = []
    funnel.overdispersion.betweenDeviation = 0
    #expect(Sentences.funnel(funnel).hasPrefix("Of 5 managers around 75 %, none lies beyond the 95 % limits"))
    #expect(Sentences.funnel(funnel).hasSuffix("(by chance alone up to 0.01)."))
  }

  @Test func `one manager's place`() throws {
    var assessment = SampleAssessment.make()
    let outside = try Explanation(manager: "M1", in: assessment)
    #expect(outside.funnels.map(\.position) == [.below] && outside.funnels[0].level == 0.998)
    #expect(
      Sentences.funnels(outside.funnels)
        == "Outside the limits that chance sets around all managers: answered within target (below the 99.8 % limits).")
    let within = try Explanation(manager: "M2", in: assessment)
    #expect(
      Sentences.funnels(within.funnels)
        == "Within the limits that chance sets around all managers on the one share or rate.")
    let view = ExplainView(within, assessment: assessment, console: Console(width: 120)).text
    #expect(view.contains("Within the limits that chance sets around all managers"))
    #expect(try within.tree()["funnels"]?.elements.first?["position"] == "within")

    var other = SampleAssessment.funnel(outside: "M3")
    other.indicator = "promisesKeptOnTime"
    assessment.funnels.append(other)
    #expect(
      Sentences.funnels(try Explanation(manager: "M1", in: assessment).funnels).hasSuffix(
        "99.8 % limits); within them on the one other share or rate."))
    #expect(
      Sentences.funnels(try Explanation(manager: "M2", in: assessment).funnels).hasSuffix("on all 2 shares and rates."))
    // A pair has none, and a manager without a value of the indicator neither.
    #expect(try Explanation(manager: "M2", partner: "P1", in: assessment).funnels.isEmpty)
    assessment.managers[1].indicators["answeredWithinTarget"] = nil
    #expect(try Explanation(manager: "M2", in: assessment).funnels.map(\.indicator) == ["promisesKeptOnTime"])
  }

  @Test func `the page draws every funnel`() throws {
    let page = try Page(SampleAssessment.make(firstID: "a<b"), version: "0.1.0").html()
    #expect(page.contains("<h2 id=\"funnels\">"))
    #expect(page.contains("answered within target of 5 managers over cases, with limits"))
    #expect(page.contains("a&lt;b</text>") && !page.contains("a<b"))
    #expect(page.contains("below 99.8 %") && page.contains("55 % to 95 %"))
    var none = SampleAssessment.make()
    none.funnels = []
    #expect(try Page(none, version: "0.1.0").html().contains("Too few managers share"))
  }
}
