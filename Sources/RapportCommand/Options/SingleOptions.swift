/// Options that take one value: of two the parser would keep the last and say nothing of the first.
///
/// They say what is read, of whom, how it is scored and where the result goes, so that a lost one would mislead. Of those that say
/// how a run goes (`--format`, `--color`, `--seed`, `--threads`, `--draws`, `--limit`) the last counts: it goes over an alias.
enum SingleOptions {
  /// Each with all its spellings.
  private static let spellings: [[String]] = [
    ["--profile"], ["--config"], ["--timezone"], ["--calendar", "--default-calendar"], ["--as-of"], ["--max-bad"],
    ["--rejects"], ["--survey-scale"], ["--manager"], ["--partner"], ["--indicator"], ["--by"], ["--weights"],
    ["--interval"], ["--follow-up"], ["--half-life"], ["--asymmetry"], ["--bootstrap"], ["--settings"],
    ["--output", "-o"],
  ]

  /// What to do instead of giving an option twice, where that isn't plain.
  private static let cures: [String: String] = [
    "--profile": "read each export with its own profile into a ledger of its own (`rapport ingest`), then name every "
      + "ledger with --ledger",
    "--weights": "name all domains in one, as in responsiveness=2,conflict=0.5",
  ]

  /// What is wrong with options that are given twice; `nil` where none is.
  static func complaint(about arguments: [String]) -> String? {
    var seen: Set<String> = []
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") {
      let name = argument.prefix { $0 != "=" }
      let own = spellings.first { $0.contains { $0 == name } }
      guard let option = own?.first else { continue }
      if !seen.insert(option).inserted {
        return "\(option) is given twice and takes one value" + (cures[option].map { "; \($0)" } ?? "")
      }
    }
    return nil
  }
}
