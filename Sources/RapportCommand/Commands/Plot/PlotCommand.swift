import ArgumentParser

/// Plots as files.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draws one of the report's plots into a file, as SVG or PNG.",
    discussion: """
      A plot carries its title, how to read it, and a text alternative. The ending of --output decides: .svg, or .png \
      (needs librsvg's rsvg-convert); - writes SVG to standard output.

      Examples:
        rapport plot ranking events.csv -o ranking.svg
        rapport plot trend events.csv --manager M17 -o M17.png --width 1600
        rapport plot funnel events.csv --indicator promises-kept-on-time -o promises.svg
        rapport plot evenness --ledger 2026.ledger --partner P01 -o - | inkview -
      """,
    subcommands: [
      RankingPlotCommand.self, FunnelPlotCommand.self, FactorsPlotCommand.self, TrendPlotCommand.self,
      WaitPlotCommand.self, EvennessPlotCommand.self,
    ])
}
