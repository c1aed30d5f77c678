import ArgumentParser
import Rapport

/// One indicator against chance.
struct FunnelPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "funnel", abstract: "Managers' shares or rates of one indicator, with limits of chance.",
    discussion: """
      Examples:
        rapport plot funnel events.csv --indicator answered-within-target -o targets.svg
      """)

  @OptionGroup var options: PlotOptions

  @Option(
    help: ArgumentHelp("A share or a rate, such as promises-kept-on-time.", valueName: "name"),
    completion: .list(Indicator.allCases.map { Wording.spelled($0.rawValue) }))
  var indicator: String

  func run() throws {
    try options.run { try Plot.funnel($0.assessment, indicator: indicator) }
  }
}
