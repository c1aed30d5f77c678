import ArgumentParser
import Rapport

/// How evenly partners answer.
struct EvennessPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evenness", abstract: "How evenly partners answer different managers, or one partner does.",
    discussion: """
      Examples:
        rapport plot evenness events.csv -o evenness.svg
        rapport plot evenness events.csv --partner P01 -o P01.png
      """)

  @OptionGroup var options: PlotOptions

  @Option(help: ArgumentHelp("One partner: each manager's ratio.", valueName: "id"))
  var partner: String?

  func run() throws {
    try options.run { try Plot.evenness($0.assessment, partner: partner) }
  }
}
