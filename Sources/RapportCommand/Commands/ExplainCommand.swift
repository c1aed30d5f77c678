import ArgumentParser
import Rapport

/// One manager, explained.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains one manager's scores, or one pair: what they are made of, and what would move them.",
    discussion: """
      Examples:
        rapport explain events.csv --manager M017
        rapport explain events.csv --manager M017 --partner P03 --format json
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Scoring") var scoring: ScoringOptions
  @OptionGroup(title: "Run") var running: RunOptions

  @Option(help: ArgumentHelp("The manager to explain.", valueName: "id"))
  var manager: String

  @Option(help: ArgumentHelp("The partner, to explain the pair.", valueName: "id"))
  var partner: String?

  func run() throws {
    try Session.run(config: input.config, [input, scoring, running]) { session in
      let result = try session.assess(input.events)
      let explanation = try Explanation(manager: manager, partner: partner, in: result.assessment)
      try session.show(
        json: FileText(explanation.tree().text()), csv: explanation.table,
        text: ExplainView(explanation, assessment: result.assessment, console: session.console).text)
      session.tellTimes(result)
    }
  }
}
