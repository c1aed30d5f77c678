import ArgumentParser
import Rapport

/// Findings on response times.
struct FavouritismCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "favouritism", abstract: "Finds who is answered more or less readily than comparable others.",
    discussion: """
      A signal is something to look into, not a judgement of a person. Ratios above 1 mean answered more readily.

      Examples:
        rapport favouritism events.csv
        rapport favouritism events.csv --roster managers.csv --format csv > favouritism.csv
      """,
    aliases: ["favoritism"])

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Scoring") var scoring: FavouritismOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run(config: input.config, [input, scoring, running]) { session in
      let result = try session.findFavouritism(input.events)
      try session.show(
        json: FileText(JSONValue.object(["favouritism": JSONValue(encoding: result.answer)]).text()),
        csv: ResultTables.favouritism(result.answer),
        text: FavouritismView(result.answer, console: session.console).text)
      session.tellTimes(result)
    }
  }
}
