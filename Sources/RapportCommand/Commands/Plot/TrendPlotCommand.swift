import ArgumentParser
import Rapport

/// One manager by month.
struct TrendPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend", abstract: "One manager's indicators by month: as known then and as known now.",
    discussion: """
      Examples:
        rapport plot trend events.csv --manager M17 -o M17.svg
      """)

  @OptionGroup var options: PlotOptions

  @Option(help: ArgumentHelp("The manager to draw.", valueName: "id"))
  var manager: String

  func run() throws {
    try options.run { try Plot.trend($0.assessment, manager: manager) }
  }
}
