import ArgumentParser
import Rapport

/// The ranking as intervals.
struct RankingPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ranking", abstract: "Managers' scores with intervals, in order or in tiers.",
    discussion: """
      Examples:
        rapport plot ranking events.csv -o ranking.svg
        rapport plot ranking events.csv --by trust --limit 500 -o trust.svg
      """)

  @OptionGroup var options: PlotOptions

  @Option(help: ArgumentHelp("At most so many managers; the ends of a longer ranking (default: 60).", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 2 { throw ValidationError("--limit is \(limit); it must be 2 or more") }
  }

  func run() throws {
    try options.run { try Plot.ranking($0.assessment, limit: limit ?? Plot.rowLimit) }
  }
}
