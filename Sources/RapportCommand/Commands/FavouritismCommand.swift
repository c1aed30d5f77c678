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

  @OptionGroup var options: ViewOptions

  func run() throws {
    try Session.run(config: options.input.config, [options.input, options.scoring, options.running]) { session in
      let result = try session.findFavouritism(options.input.events)
      try session.show(
        json: FileText(JSONValue.object(["favouritism": JSONValue(encoding: result.answer)]).text()),
        csv: ResultTables.favouritism(result.answer),
        text: FavouritismView(result.answer, console: session.console).text)
      session.tellTimes(result)
    }
  }
}
