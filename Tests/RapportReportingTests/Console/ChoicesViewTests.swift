import RapportReporting
import Testing

@testable import RapportScoring

@Suite struct ChoicesViewTests {
  static func text(_ evidence: QueueEvidence) throws -> String {
    let explanation = try Explanation(manager: "M2", partner: "P1", in: SampleAssessment.make(), evidence: evidence)
    return ChoicesView(explanation, console: Console()).text
  }

  @Test func `a pick with what it passed over`() throws {
    let text = try Self.text(SampleAssessment.evidence)
    let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(
      words.contains(
        "41 times P1 picked a request of M2 while others' were open; below is the most telling one: what "
          + "would be least likely if everybody were treated alike."))
    #expect(
      words.contains(
        "Where a request of M2 stood beside another's, one of M2 was picked in 41 of 90 choices, 46 %; with equal chances 25 % each time."
      ))
    #expect(
      words.contains(
        "how long each had waited, topic, priority and so on. “Waited” leaves out absences and pauses, and"))
    #expect(words.contains("begins when P1 had the request. “Passed over” are older"))
    #expect(words.contains("requests than the picked one, of the same topic and priority."))
    var bare = SampleAssessment.evidence
    bare.comparableBy = []
    let plain = try Self.text(bare).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(plain.contains("how long each had waited and so on. “Waited”"))
    #expect(plain.contains("“Passed over” are older requests than the picked one."))
    #expect(text.contains("1. 2026-05-04 09:30: picked out of 3, 1 passed over; chance 5 %."))
    let lines = text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("R-M2") && $0.contains("2026-05-01 08:00") && $0.hasSuffix("5 %  picked") })
    #expect(lines.contains { $0.hasPrefix("R-M1") && $0.hasSuffix("60 %  passed over") })
    #expect(lines.contains { $0.hasPrefix("R-M3") && $0.hasSuffix("35 %") })
  }

  @Test func `hours are working hours on a calendar only`() throws {
    var assessment = SampleAssessment.make()
    func text() throws -> String {
      let evidence = SampleAssessment.evidence
      let explanation = try Explanation(manager: "M2", partner: "P1", in: assessment, evidence: evidence)
      return ChoicesView(explanation, console: Console()).text
    }
    let plain = try text()
    #expect(plain.contains("waited, h ") && !plain.contains("working h"))
    assessment.basis.workingCalendar = true
    #expect(try text().contains("waited, working h"))
  }

  @Test func `picks of others, and a long queue`() throws {
    var evidence = SampleAssessment.evidence
    evidence.kind = .passedOver
    evidence.choices[0].isSample = true
    evidence.choices[0].requests += (10..<30).map { SampleAssessment.queueRequest("M\($0)", 0.01) }
    let text = try Self.text(evidence)
    #expect(text.contains("41 times P1 picked another's request while one of M2 was open"))
    #expect(text.contains("picked out of 23 (a sample of the queue), 1 of M2 passed over"))
    #expect(text.contains("… and 15 more; --choices --format csv lists them."))
  }

  @Test(arguments: ChoiceObstacle.allCases) func `why there is none`(_ obstacle: ChoiceObstacle) throws {
    let text = try Self.text(QueueEvidence(kind: .picked, total: 0, choices: [], obstacle: obstacle))
    let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("None can be shown: \(ChoiceWords.obstacle(obstacle))."))
  }

  @Test func `none asked for`() throws {
    let text = try Self.text(QueueEvidence(kind: .picked, total: 41, choices: [], obstacle: nil))
    #expect(text.contains("while others' were open; --limit shows them."))
  }
}
