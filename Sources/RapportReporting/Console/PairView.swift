import RapportScoring

/// One pair explained, as people read it in a terminal.
struct PairView {
  private let pair: PairAssessment
  private let explanation: Explanation
  private let assessment: Assessment
  private let console: Console

  init(_ pair: PairAssessment, explanation: Explanation, assessment: Assessment, console: Console) {
    self.pair = pair
    self.explanation = explanation
    self.assessment = assessment
    self.console = console
  }

  /// The text, ending in a line break.
  var text: String {
    let unknown = UnknownList.lines(
      pair.indicators, health: pair.health, domains: [Domain.consistency.rawValue: pair.consistency],
      basis: assessment.basis, console: console)
    // Of a pair, a side's rating is what one named person answered: nothing to read out.
    let sides = SideList.lines(pair.indicators.filter { $0.key != "surveyScore" }, console: console)
    return [scores, peers, sides, finding, choices, unknown].filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var scores: [String] {
    var lines = [console.heading("\(Legible.text(pair.manager)) with \(Legible.text(pair.partner))")]
    let ofManager = pair.ofManagers
    let asked =
      ofManager.requests == 0
      ? ""
      : " And \(Figure.count(ofManager.requests, "request")) that the partner made of the manager: "
        + "\(Figure.count(ofManager.answered)) answered, \(Figure.count(ofManager.open)) open."
    let others = pair.requests - pair.answered - pair.open
    lines += console.paragraph(
      "\(Figure.count(pair.requests, "request")): \(Figure.count(pair.answered)) answered, "
        + "\(Figure.count(pair.open)) open" + (others > 0 ? ", \(Figure.count(others)) withdrawn or passed on." : ".")
        + asked)
    lines += ScoreTable.lines(
      [
        .init("health", pair.health, .health), .init("trust", pair.trust, .trust),
        .init("  in the partner", pair.trustInPartner, .trust, \.inPartner),
        .init("  in the manager", pair.trustInManager, .trust, \.inManager),
        .init("consistency", pair.consistency, .consistency),
      ], basis: assessment.basis, console: console)
    let made = ["health": pair.health, "consistency": pair.consistency]
    if let ends = Sentences.scaleEnds(made, pair.indicators) { lines += console.paragraph(ends) }
    if let gap = explanation.trustGap {
      lines += console.paragraph(
        "Gap in trust: \(Figure.number(abs(gap), digits: 0)) points"
          + (abs(gap) < 0.5
            ? "" : gap > 0 ? " more in the partner than in the manager" : " more in the manager than in the partner")
          + "; compare the two intervals before reading anything into it.")
    }
    let manager = explanation.manager
    lines += console.paragraph(
      "\(Legible.text(manager.id)) with all \(Figure.count(manager.partners.count, "partner")): health "
        + "\(Figure.points(manager.health)) (\(Wording.interval(manager.health, of: .health, assessment.basis))), trust "
        + "\(Figure.points(manager.trust)) (\(Wording.interval(manager.trust, of: .trust, assessment.basis))).")
    return lines
  }

  private var peers: [String] {
    guard !explanation.peers.isEmpty else { return [] }
    return [console.heading("Indicators, compared with the other pairs")]
      + PeerTable.lines(
        explanation.peers, of: pair.indicators, times: TimeWords(assessment.basis), console: console)
  }

  private var finding: [String] {
    let heading = console.heading("Response times (\(assessment.favouritism.basis))")
    guard let finding = explanation.findings.first else {
      return [heading] + console.paragraph("No request of this pair can be compared with others.")
    }
    var lines = [heading] + console.paragraph(finding.statement)
    let estimators = Sentences.estimators(finding)
    if !estimators.isEmpty {
      var table = ConsoleTable([.text("estimator"), .number("ratio"), .number("interval")])
      for (name, ratio) in estimators {
        table.append(name, Figure.ratio(ratio.ratio), Figure.limits(ratio.low, ratio.high))
      }
      lines += table.lines(on: console)
    }
    lines += console.paragraph(
      (["Verdict: \(FavouritismView.words(finding))."]
        + [Sentences.readingVerdicts(pairs: [finding.verdict])].compactMap { $0 }).joined(separator: " "))
    let model = assessment.favouritism.choice
    for sentence in Sentences.evidence(finding, comparableBy: model?.comparableBy ?? []) {
      lines += console.paragraph(sentence, bullet: "• ")
    }
    if let caveat = assessment.favouritism.caveat { lines += console.paragraph(caveat, bullet: "• ") }
    let adjusted = model?.adjustedFor ?? assessment.favouritism.timing?.adjustedFor ?? []
    lines += console.paragraph(
      Sentences.adjusted(adjusted, model?.notAdjustedFor ?? finding.notAdjustedFor))
    return lines
  }

  private var choices: [String] { ChoicesView(explanation, console: console).lines }
}
