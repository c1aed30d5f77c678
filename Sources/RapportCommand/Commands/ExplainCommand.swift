import ArgumentParser
import Rapport

/// One manager, explained.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains one manager's scores, or one pair: what they are made of, and what weighs most in them.",
    discussion: """
      Examples:
        rapport explain events.csv --manager M17
        rapport explain events.csv --manager M17 --partner P01 --format json
        rapport explain events.csv --manager M17 --partner P01 --choices --format csv > queues.csv
      """)

  @OptionGroup var options: ViewOptions

  @Option(help: ArgumentHelp("The manager to explain.", valueName: "id"))
  var manager: String?

  @Option(help: ArgumentHelp("The partner, to explain the pair.", valueName: "id"))
  var partner: String?

  @Flag(help: "Of a pair, only the queues that its finding rests on: who was picked out of what.")
  var choices = false

  @Option(help: ArgumentHelp("At most so many of those queues (default: 10).", valueName: "n"))
  var limit: Int?

  func validate() throws {
    guard manager != nil else {
      guard let partner else {
        throw ValidationError("explain needs --manager ID: whom to explain (`rapport rank` lists the managers)")
      }
      throw ValidationError(
        "explain tells of one manager, or of one manager with one partner; add --manager ID beside --partner \(partner). "
          + "How \(partner) answers all managers is drawn by `rapport plot evenness --partner \(partner)`")
    }
    if partner == nil, choices || limit != nil {
      throw ValidationError("\(choices ? "--choices" : "--limit") is about a pair; give --partner ID beside it")
    }
    if let limit, limit < 0 { throw ValidationError("--limit is \(limit); it must be 0 or more") }
  }

  func run() throws {
    guard let manager else { return }
    try options.run { session, result in
      var evidence: QueueEvidence?
      if let partner {
        evidence = QueueEvidence(
          result.loaded.history, findings: result.assessment.favouritism, manager: manager, partner: partner,
          limit: limit ?? 10, options: result.assessment.basis.options, ledger: result.loaded.ledger)
      }
      let explanation = try Explanation(
        manager: manager, partner: partner, in: result.assessment, evidence: evidence)
      if choices {
        return try session.show(
          json: FileText(explanation.choiceTree().text()), csv: explanation.choiceTable(),
          text: ChoicesView(explanation, console: session.console).text)
      }
      try session.show(
        json: FileText(explanation.tree().text()), csv: explanation.table(),
        text: ExplainView(explanation, assessment: result.assessment, console: session.console).text)
    }
  }
}
