import RapportIngestion
import Testing

@testable import RapportReporting
@testable import RapportScoring

@Suite struct FactorSentencesTests {
  @Test func `whether factors stay the same`() throws {
    var assessment = SampleAssessment.make()
    #expect(Sentences.congruence(assessment.factors).isEmpty)
    assessment.factors.congruence = [0.97, 0.9, 0.4]
    assessment.factors.likeness = [.same, .similar, .different]
    assessment.factors.congruencePeriods = ["2025-01 to 2025-06", "2025-07 to 2025-12"]
    let sentence = Sentences.congruence(assessment.factors)
    #expect(
      sentence
        == "From 2025-01 to 2025-06 alone and from 2025-07 to 2025-12 alone, factor 1 is the same (0.97), factor 2 is similar "
        + "(0.90) and factor 3 is different (0.40): Tucker's congruence, the same from 0.95 on, similar from 0.85 on. Halves "
        + "of the events differ by chance too, the more the fewer managers there are (40 here).")
    let view = FactorsView(assessment.factors, console: Console()).text
    #expect(view.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(sentence))
    let page = try Page(assessment, version: "0.1.0").html()
    #expect(page.contains("Do the factors stay the same over time?") && page.contains("factor 2 is similar (0.90)"))

    assessment.factors.congruenceByChance = [0.9, 0.8, 0.7]
    assessment.factors.congruenceByChanceLow = [0.8, 0.7, 0.55]
    assessment.factors.congruenceSplits = 20
    #expect(
      Sentences.congruence(assessment.factors).hasSuffix(
        "20 splits of the months into halves at random agree to 0.90, 0.80 and 0.70, one in twenty to no more than 0.80, 0.70 "
          + "and 0.55: of a factor that is more like itself than that, a difference can't be told from chance."))
    assessment.factors.congruenceSplits = 4
    #expect(Sentences.congruence(assessment.factors).contains("4 splits of the months into halves"))
    #expect(Sentences.congruence(assessment.factors).contains("the lowest of them to 0.80, 0.70 and 0.55:"))
    assessment.factors.likeness = [.same, .same, .same]
    #expect(Sentences.congruence(assessment.factors).hasSuffix("similar from 0.85 on."))
    assessment.factors.congruenceReason = "11 months; each half of the period needs 6"
    #expect(
      Sentences.congruence(assessment.factors)
        == "Whether factors stay the same over time can't be said: 11 months; each half of the period needs 6.")
    assessment.factors.status = .insufficient
    #expect(Sentences.congruence(assessment.factors).isEmpty)
  }

  @Test func `notes and titles are words, not keys`() {
    var study = SampleAssessment.factors
    study.variables[0] = "adjustedResponseRatio"
    study.notes = ["No error is left to 'adjustedResponseRatio' with 1 factor."]
    #expect(Sentences.notes(study) == ["No error is left to “adjusted response time” with 1 factor."])
    for (rotation, words) in [("none", "not rotated"), ("promax", "promax rotation")] {
      study.rotation = rotation
      #expect(Plot.loadings(study)?.title == "How closely each indicator follows each factor (\(words))")
    }
  }
}
