import ArgumentParser
import Rapport

/// How favouritism is looked for: those of ``ScoringOptions`` that change what is found.
struct FavouritismOptions: SettingOptions {
  @Option(help: ScoringOptions.intervalHelp)
  var interval: String?

  @Option(help: ScoringOptions.followUpHelp)
  var followUp: String?

  @Option(help: ScoringOptions.bootstrapHelp)
  var bootstrap: String?

  var settings: [(name: String, value: JSONValue?)] {
    [("interval", Self.text(interval)), ("follow-up", Self.text(followUp)), ("bootstrap", Self.text(bootstrap))]
  }
}
