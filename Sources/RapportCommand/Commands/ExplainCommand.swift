import ArgumentParser
import Rapport

/// One manager, explained.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains one manager's scores, or one pair: what they are made of, and what would move them.",
    discussion: """
      Examples:
        rapport explain events.csv --manager M17
        rapport explain events.csv --manager M17 --partner P01 --format json
      """)

  @OptionGroup var options: ViewOptions

  @Option(help: ArgumentHelp("The manager to explain.", valueName: "id"))
  var manager: String

  @Option(help: ArgumentHelp("The partner, to explain the pair.", valueName: "id"))
  var partner: String?

  func run() throws {
    try options.run { session, result in
      let explanation = try Explanation(manager: manager, partner: partner, in: result.assessment)
      try session.show(
        json: FileText(explanation.tree().text()), csv: explanation.table(),
        text: ExplainView(explanation, assessment: result.assessment, console: session.console).text)
    }
  }
}
