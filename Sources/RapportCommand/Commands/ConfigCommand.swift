import ArgumentParser
import Rapport

/// The effective configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Prints the effective configuration: options over the file over the defaults.",
    discussion: """
      The output is a rapport.toml that says the same wherever it is written, so its paths are whole. Profile, \
      rosters and calendars are checked as a run would.

      Examples:
        rapport config > rapport.toml
        rapport config --config rapport.toml --half-life 90
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Scoring") var scoring: ScoringOptions
  @OptionGroup(title: "Run") var running: RunOptions

  @Option(name: [.short, .long], help: ArgumentHelp("The folder that score would write.", valueName: "dir"))
  var output: String?

  func run() throws {
    try Session.run(config: input.config, [input, scoring, running]) { session in
      if let output { try session.configuration.set(option: "output", to: .string(output)) }
      session.configuration.written += session.configuration.output.map { [$0] } ?? []
      guard input.events.isEmpty else {
        throw RapportError(.usage, "config reads no events; leave '\(input.events[0])' out")
      }
      try session.configuration.validate()
      try session.show(
        json: FileText(session.configuration.tree.text()), csv: FlatTable([session.configuration.tree]),
        text: session.configuration.resolved(against: Machine.workingFolder).toml
      )
    }
  }
}
