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

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Scoring") var scoring: ScoringOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run(config: input.config, [input, scoring, running]) { session in
      let result = try session.assess(input.events)
      let by = result.assessment.ranking.by
      let table = RankingTable(result.assessment, console: session.console)
      try session.show(
        json: FileText(
          JSONValue.object([
            "ranking": JSONValue(encoding: result.assessment.ranking),
            "managers": LazyRows(result.assessment.managers) { ResultTables.rankingRow($0, by: by) }.all(),
          ]).text()),
        csv: ResultTables(result.assessment).ranking(),
        text: ([session.console.heading(table.title), result.assessment.ranking.reason] + table.lines)
          .joined(separator: "\n") + "\n")
      session.tellTimes(result)
    }
  }
}
