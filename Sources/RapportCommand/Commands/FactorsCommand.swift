import ArgumentParser
import Rapport

/// The factor study.
struct FactorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factors", abstract: "Says what the indicators have in common, and whether one number is justified.",
    discussion: """
      Examples:
        rapport factors events.csv
        rapport factors events.csv --format json
      """)

  @OptionGroup var options: ViewOptions

  func run() throws {
    try options.run { session, result in
      try session.show(
        json: FileText(JSONValue.object(["factors": JSONValue(encoding: result.assessment.factors)]).text()),
        csv: ResultTables(result.assessment).factors(),
        text: FactorsView(result.assessment.factors, console: session.console).text)
    }
  }
}
