import ArgumentParser
import Rapport

/// One manager's waits.
struct WaitPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "How long one manager's requests wait, beside comparable requests of others.",
    discussion: """
      Examples:
        rapport plot wait events.csv --manager M17 -o wait.svg
      """)

  @OptionGroup var options: PlotOptions

  @Option(help: ArgumentHelp("The manager to draw.", valueName: "id"))
  var manager: String

  func run() throws {
    try options.run { try Plot.wait($0.assessment, manager: manager) }
  }
}
