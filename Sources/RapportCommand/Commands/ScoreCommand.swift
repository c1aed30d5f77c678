import ArgumentParser
import Rapport

/// The main job.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Scores every manager, pair and partner, and writes the report.",
    discussion: """
      Prints which relationships may need attention, how sure that is, and where the report is. With --output, writes \
      assessment.json (everything), managers.csv, pairs.csv, partners.csv, favouritism.csv, factors.csv, \
      trends.csv, data-quality.json, report.html and manifest.json: all of them or none.

      Examples:
        rapport score events.csv --roster managers.csv --roster partners.csv -o result
        rapport score exports/ --profile zendesk-tickets --as-of 2026-06-30 --format json
        rapport score --ledger 2026.ledger today.csv --config rapport.toml
        zcat log.csv.gz | rapport score - --map case=number,manager=caller,opened=created,responded=closed
      """)

  @OptionGroup var options: ViewOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The folder to write; replaced if rapport wrote it.", valueName: "dir"), completion: .directory)
  var output: String?

  func run() throws {
    try options.run { session in
      if let output { try session.configuration.set(option: "output", to: .string(output)) }
      if let folder = session.outputFolder {
        try folder.check()
        session.configuration.written.append(folder.path)
      }
    } show: { session, result in
      let folder = session.outputFolder
      if let folder { try session.write(&result, to: folder) }
      // As JSON and CSV standard output holds a result of its own.
      try session.show(
        of: session.configuration.format == .table ? folder?.path : nil,
        json: result.assessment.json(threads: session.configuration.threads),
        csv: ResultTables(result.assessment).managers(),
        text: ScoreSummary(result.assessment, console: session.console, folder: folder?.path).text)
    }
  }
}
