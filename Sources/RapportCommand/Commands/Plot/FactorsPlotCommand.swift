import ArgumentParser
import Rapport

/// The factor study.
struct FactorsPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factors", abstract: "How many factors the indicators have, and their loadings.",
    discussion: """
      Examples:
        rapport plot factors events.csv -o factors.svg
      """)

  @OptionGroup var options: PlotOptions

  func run() throws {
    try options.run { try Plot.factors($0.assessment) }
  }
}
