import ArgumentParser
import Rapport

/// The data-quality report alone.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what can be used, what can't and why, and what looks odd.",
    discussion: """
      The report is printed even where more rows are refused than --max-bad allows, or no event can be used; the run then \
      ends as any other would, with that message and exit code 65.

      Examples:
        rapport check events.csv
        rapport check export.csv --profile jira-service --rejects refused.csv --max-bad 5
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run(config: input.config, [input, running]) { session in
      let loaded = try session.load(input.events, keepsRefused: true)
      let quality = try JSONValue(encoding: loaded.history.dataQuality)
      try session.show(
        json: FileText(JSONValue.object(["dataQuality": quality]).text()),
        csv: FlatTable([quality], leading: ["rowsRead", "eventsUsed", "requests"]),
        text: CheckView(
          loaded.history.dataQuality, inputNames: loaded.inputNames, console: session.console
        ).text)
      session.tell(loaded.times, loaded.statistics, events: loaded.ledger.toldRowCount)
      // The report stands; other commands would have refused the input.
      if let refusal = loaded.refusal { throw refusal }
    }
  }
}
