import ArgumentParser

/// The models by themselves, on any table.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fits one of the models to any table, for analysts and for checks against R.",
    discussion: """
      A table is a CSV file (comma, semicolon or tab) or NDJSON, plain or compressed, or - for standard input. Empty \
      fields, NA and NaN are missing; rows where the model misses something are left out and counted. Text columns are \
      categories with treatment contrasts.

      Examples:
        rapport fit mixed waits.csv --response hours --fixed topic --random manager,partner,manager:partner
        rapport fit cox waits.csv --stop hours --event answered --fixed topic,priority --strata partner
        rapport fit choice queue.csv --start opened --stop answered --event chosen --strata partner --fixed priority
        rapport fit factors tests.csv --factors 3
      """,
    subcommands: [MixedFitCommand.self, ChoiceFitCommand.self, CoxFitCommand.self, FactorsFitCommand.self])
}
