import ArgumentParser
import Rapport

/// How a run goes and how its result is written.
struct RunOptions: SettingOptions {
  @Option(
    help: "How the result is written: table, csv or json (default: table).",
    completion: .list(Configuration.Format.allCases.map(\.rawValue)))
  var format: String?

  @Option(
    help:
      "Colour and bold print in tables: auto (on a terminal, unless NO_COLOR is set), always or never (default: auto).",
    completion: .list(Configuration.ColorChoice.allCases.map(\.rawValue)))
  var color: String?

  @Flag(help: "CSV tables: an apostrophe before identifiers that a spreadsheet would run as formulas.")
  var spreadsheetSafe = false

  @Option(help: "Where every random number starts (default: 1).")
  var seed: String?

  @Option(help: "Threads; they never change a result (default: all processors).")
  var threads: String?

  @Flag(help: "No progress and no notes on standard error.")
  var quiet = false

  @Flag(help: "Tells where time went: seconds, share, bytes and events a second and peak memory of each stage.")
  var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other; give one of them.") }
  }

  var settings: [(name: String, value: JSONValue?)] {
    [
      ("format", Self.text(format)), ("color", Self.text(color)), ("spreadsheet-safe", Self.flag(spreadsheetSafe)),
      ("seed", Self.text(seed)), ("threads", Self.text(threads)),
      ("quiet", Self.flag(quiet)), ("verbose", Self.flag(verbose)),
    ]
  }
}
