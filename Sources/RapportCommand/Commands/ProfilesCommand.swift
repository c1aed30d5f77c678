import ArgumentParser
import Rapport

/// The profiles that come with rapport.
struct ProfilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "Lists the known profiles, or shows one.",
    discussion: """
      A profile says how a system names its columns, kinds and times. Start your own from a known one:

      Examples:
        rapport profiles
        rapport profiles zendesk-tickets > mine.toml
        rapport score export.csv --profile mine.toml
      """)

  @Argument(help: "The profile to show as TOML.") var name: String?
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in
      if let name {
        if let complaint = Profiles.complaint(about: name) { throw RapportError(.usage, complaint) }
        let profile = try Profiles.named(name)
        let tree = try JSONValue(encoding: profile)
        try session.show(
          json: FileText(tree.text()), csv: FlatTable([tree], leading: ["name"]), text: Profiles.toml(profile))
        return
      }
      let profiles = Profile.builtIn.sorted { $0.name < $1.name }
      var table = ConsoleTable([.text("profile"), .prose("what it reads")])
      for profile in profiles { table.append(profile.name, profile.description) }
      let trees = try profiles.map { try JSONValue(encoding: $0) }
      try session.show(
        json: FileText(JSONValue.object(["profiles": .array(trees)]).text()),
        csv: FlatTable(trees, leading: ["name", "description"]),
        text: table.lines(on: session.console).joined(separator: "\n") + "\n")
    }
  }
}
