import ArgumentParser
import Rapport

/// The ranking with its uncertainty.
struct RankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank", abstract: "Ranks managers with intervals, or puts them in tiers where the order isn't known.",
    discussion: """
      Examples:
        rapport rank events.csv
        rapport rank events.csv --by trust --interval 0.95
        rapport rank events.csv --by follow-through --format csv > ranking.csv
      """)

  @OptionGroup var options: ViewOptions

  func run() throws {
    try options.run { session, result in
      let by = result.assessment.ranking.by
      try session.show(
        json: FileText(
          JSONValue.object([
            "ranking": JSONValue(encoding: result.assessment.ranking),
            "managers": LazyRows(result.assessment.managers) { ResultTables.rankingRow($0, by: by) }.all(),
          ]).text()),
        csv: ResultTables(result.assessment).ranking(),
        text: RankingTable(result.assessment, console: session.console).text)
    }
  }
}
