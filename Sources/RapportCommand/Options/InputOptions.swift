import ArgumentParser
import Rapport

/// What is read, and how.
struct InputOptions: SettingOptions {
  @Argument(help: "Event logs or case tables: files, globs, folders, or - for standard input.", completion: .file())
  var events: [String] = []

  @Option(help: "A rapport.toml; options win over it.", completion: .file(extensions: ["toml"]))
  var config: String?

  @Option(
    help:
      "A known profile (see rapport profiles) or a TOML file that says how a system's columns are named; one for all inputs.",
    completion: .list(Profile.builtIn.map(\.name).sorted()))
  var profile: String?

  @Option(
    name: .customLong("map"), parsing: .singleValue,
    help: ArgumentHelp("Columns by their names in the input; goes over the profile.", valueName: "contract=foreign,…"))
  var mapping: [String] = []

  @Option(
    name: .customLong("roster"), parsing: .singleValue,
    help: ArgumentHelp("A table that describes managers or partners; may be given several times.", valueName: "file"),
    completion: .file())
  var rosters: [String] = []

  @Option(
    name: .customLong("ledger"), parsing: .singleValue,
    help: ArgumentHelp("A saved ledger; may be given several times.", valueName: "file"), completion: .file())
  var ledgers: [String] = []

  @Option(help: "The zone of times without offset, and of the report's months.")
  var timezone: String?

  @Option(
    name: [.customLong("calendar"), .customLong("default-calendar")],
    help: "The [calendar.NAME] of partners whose roster names none; default-calendar in rapport.toml.")
  var calendar: String?

  @Option(help: "Tells everything as of this moment; a date alone is its first moment. Default: the last event.")
  var asOf: String?

  @Option(help: "Stops when more than this percentage of the rows is refused.")
  var maxBad: String?

  @Option(help: ArgumentHelp("Writes refused rows in full.", valueName: "file"), completion: .file())
  var rejects: String?

  @Option(help: "The ends of the survey scale, as in 0-10 (default: the ledger's, else 1-5).")
  var surveyScale: String?

  @Option(help: .hidden)
  var chunkBytes: String?

  var settings: [(name: String, value: JSONValue?)] {
    [
      ("profile", Self.text(profile)), ("map", Self.texts(mapping)), ("roster", Self.texts(rosters)),
      ("ledger", Self.texts(ledgers)), ("timezone", Self.text(timezone)), ("default-calendar", Self.text(calendar)),
      ("as-of", Self.text(asOf)), ("max-bad", Self.text(maxBad)), ("rejects", Self.text(rejects)),
      ("survey-scale", Self.text(surveyScale)), ("chunk-bytes", Self.text(chunkBytes)),
    ]
  }
}
