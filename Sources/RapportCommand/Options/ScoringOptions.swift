import ArgumentParser
import Rapport

/// How the assessment is made.
struct ScoringOptions: SettingOptions {
  static let intervalHelp: ArgumentHelp = "The share that intervals cover (default: 0.9)."
  static let followUpHelp = ArgumentHelp("Follow-up limit of the timing model (default: 30).", valueName: "days")
  static let bootstrapHelp = ArgumentHelp(
    "Test whether it matters who asks: samples of the timing model's variance tests, and profile intervals of its variances (default: 0, neither; takes minutes on large inputs).",
    valueName: "samples")

  @Option(
    help: "What managers are ranked by: health, trust, consistency or a domain such as follow-through.",
    completion: .list(RankedScore.allCases.map { Wording.spelled($0.rawValue) }))
  var by: String?

  @Option(help: "Weights of domains in health, as in responsiveness=2,conflict=0.5; 1 where none is given.")
  var weights: String?

  @Option(help: intervalHelp)
  var interval: String?

  @Option(help: followUpHelp)
  var followUp: String?

  @Option(help: ArgumentHelp("Evidence of this age counts half (default: 180).", valueName: "days"))
  var halfLife: String?

  @Option(help: "How much more negative evidence weighs than positive in trust (default: 1).")
  var asymmetry: String?

  @Option(
    help:
      "Joint posterior draws behind the intervals of composites (default: 1000); those of trust, pairs and partners take a quarter, 200 or more."
  )
  var draws: String?

  @Option(help: bootstrapHelp)
  var bootstrap: String?

  var settings: [(name: String, value: JSONValue?)] {
    [
      ("by", Self.text(by)), ("weights", Self.text(weights)), ("interval", Self.text(interval)),
      ("follow-up", Self.text(followUp)), ("half-life", Self.text(halfLife)), ("asymmetry", Self.text(asymmetry)),
      ("draws", Self.text(draws)), ("bootstrap", Self.text(bootstrap)),
    ]
  }
}
