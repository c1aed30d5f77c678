import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct FunnelSentencesTests {
  @Test func `who lies outside, beside how many do anyway and by chance alone`() {
    #expect(
      Sentences.funnel(SampleAssessment.funnel(outside: "M1"))
        == "Of 5 managers around 75 %, 1 lies outside, beyond both limits (about 0.2 expected beyond those of 95 % and about "
        + "0.01 expected beyond those of 99.8 %). The limits allow for how much managers usually differ; of limits by chance "
        + "alone, 2 lie beyond the 95 % ones and 1 of them beyond those of 99.8 %. Good and bad cases tend to come in the "
        + "same months, so chance moves these shares more than their counts suggest (variances up to 1.4 times as large); the limits "
        + "allow for that too."
    )
    var funnel = SampleAssessment.funnel(outside: "M1")
    funnel.outside = []
    funnel.overdispersion.betweenDeviation = 0
    funnel.clustering?.largestDesignEffect = 1.01
    #expect(
      Sentences.funnel(funnel)
        == "Of 5 managers around 75 %, none lies beyond the 95 % limits (about 0.2 expected) and none beyond those of 99.8 % "
        + "(about 0.01 expected). Managers differ no more than chance explains.")
    // Of one-to-one time of 4,997 managers "about 0.00" were expected beyond limits from 0 to 100 %.
    funnel.managers = 5000
    #expect(
      Sentences.funnel(funnel).contains(
        "none lies beyond the 95 % limits (hardly any expected) and none beyond"
      ))
    funnel.managers = 5
    funnel.outside = SampleAssessment.funnel(outside: "M1").outside
    #expect(Sentences.funnel(funnel).hasSuffix(" The others differ no more than chance explains."))
  }

  @Test func `why there are none, without statistics`() throws {
    let purpose = "Here managers would stand beside what chance alone gives, by what can be counted: "
    let waits = Sentences.noFunnels(measured: ["typicalWait", "evenness"])
    #expect(waits.hasPrefix(purpose))
    #expect(
      waits.hasSuffix(
        " Nothing of the kind was read: what this input measures (typical wait and evenness) is no count."))
    #expect(Sentences.noFunnels(measured: []).hasSuffix(" Nothing of the kind was read."))
    #expect(
      Sentences.noFunnels(measured: ["typicalWait", "regularity"]).hasSuffix(
        " Of what was read that would be regular check-ins, but it takes five managers with enough cases, who aren't all "
          + "at 0 or all at 100 %."))
    #expect(Funnels.fewestManagers == 5)
    var assessment = SampleAssessment.make()
    assessment.funnels = []
    let html = try Page(assessment, version: "0.1.0").html()
    #expect(html.contains("that would be answered within target and promises kept on time, but it takes five managers"))
  }

  @Test func `one manager's place`() throws {
    var assessment = SampleAssessment.make()
    let outside = try Explanation(manager: "M1", in: assessment)
    #expect(outside.funnels.map(\.position) == [.below] && outside.funnels[0].level == 0.998)
    #expect(
      Sentences.funnels(outside.funnels)
        == "Outside the limits that chance and managers' usual differences leave: answered within target (below those of "
        + "99.8 %)."
    )
    let within = try Explanation(manager: "M2", in: assessment)
    #expect(
      Sentences.funnels(within.funnels)
        == "Within the limits that chance and managers' usual differences leave, on the one share or rate.")
    // Within the limits, but chance alone would leave it outside.
    let differing = try Explanation(manager: "M3", in: assessment)
    #expect(differing.funnels.map(\.beyondChance) == [.init(position: .above, level: 0.95, value: 0.8, size: 40)])
    #expect(
      Sentences.funnels(differing.funnels)
        == "Within the limits that chance and managers' usual differences leave, on the one share or rate. Chance "
        + "alone would put 19 of 20 managers on answered within target (80 % by bare counts, all managers together 75 %) nearer to the "
        + "others, but managers here usually differ as much as that.")
    let view = ExplainView(within, assessment: assessment, console: Console(width: 120)).text
    #expect(view.contains("Within the limits that chance and managers' usual differences leave"))
    #expect(try within.tree()["funnels"]?.elements.first?["position"] == "within")

    var other = SampleAssessment.funnel(outside: "M3")
    other.indicator = "promisesKeptOnTime"
    assessment.funnels.append(other)
    #expect(
      Sentences.funnels(try Explanation(manager: "M1", in: assessment).funnels).hasSuffix(
        "those of 99.8 %); within them on the one other share or rate."))
    #expect(
      Sentences.funnels(try Explanation(manager: "M2", in: assessment).funnels).hasSuffix("on all 2 shares and rates."))
    // A pair has none, and a manager without a value of the indicator neither.
    #expect(try Explanation(manager: "M2", partner: "P1", in: assessment).funnels.isEmpty)
    assessment.managers[1].indicators["answeredWithinTarget"] = nil
    #expect(try Explanation(manager: "M2", in: assessment).funnels.map(\.indicator) == ["promisesKeptOnTime"])
  }

  @Test func `the page draws every funnel`() throws {
    let page = try Page(SampleAssessment.make(firstID: "a<b"), version: "0.1.0").plainHTML()
    #expect(page.contains("<h2 id=\"funnels\">"))
    #expect(page.contains("answered within target of 5 managers over cases, with limits"))
    #expect(page.contains("a&lt;b</text>") && !page.contains("a<b"))
    #expect(page.contains("below the 99.8 % limits, worse") && page.contains("55 % to 95 %"))
    // By hand: 0.106 below 0.112 both read 11 %.
    #expect(Wording.apart(0.106, 0.112, 1, of: "regularity") == ["10.6 %", "11.2 %", "100.0 %"])
    #expect(Wording.apart(0.1, 0.112, 1, of: "regularity") == ["10 %", "11 %", "100 %"])
    #expect(Wording.apart(7.26, 1, 7.254, of: "creditGiven") == ["7.26", "1.00", "7.25"])
  }
}
