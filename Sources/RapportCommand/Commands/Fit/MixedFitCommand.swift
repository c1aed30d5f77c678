import ArgumentParser
import Rapport

/// A linear mixed model of a table.
struct MixedFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mixed", abstract: "Fits a linear mixed model: fixed terms and random intercepts.",
    discussion: """
      Random intercepts may be crossed or nested, and a:b is every combination that occurs. Variances by restricted \
      likelihood (REML), as lme4's lmer has them; --ml maximises the plain likelihood.

      Examples:
        rapport fit mixed waits.csv --response hours --fixed topic,size --random manager,partner,manager:partner
        rapport fit mixed waits.csv.gz --response hours --fixed size:topic,size,topic --reference topic=pay --random manager --ml
        rapport fit mixed waits.csv --response hours --random manager --format json
      """)

  @OptionGroup var options: FitOptions

  @Option(help: ArgumentHelp("The column of numbers to explain.", valueName: "column"))
  var response: String

  @Option(
    help: ArgumentHelp(
      "Groups with an intercept each: columns, or products as manager:partner; separated by commas.",
      valueName: "groups"))
  var random: [String] = []

  @Option(
    help: ArgumentHelp(
      "A column of positive numbers: a row of weight 2 is as sure as the mean of two rows.", valueName: "column"))
  var weights: String?

  @Flag(help: "The plain likelihood, for comparing fits whose fixed terms differ (default: the restricted one).")
  var ml = false

  @Option(
    help: ArgumentHelp(
      "Intervals of variances: profile or none (default: profile, up to 100,000 rows).", valueName: "kind"))
  var intervals: TableMixedModel.Intervals?

  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in
      var model = TableMixedModel(response: response)
      model.fixed = options.terms
      model.random = random
      model.weights = weights
      model.intervals = intervals
      model.criterion = ml ? .likelihood : .restricted
      let fit = try model.fit(options.read(session))
      let tree = try JSONValue(encoding: fit)
      try session.show(
        json: FileText(tree.text()), csv: FitRows.table(tree, parts: ["fixed", "variances", "effects"]),
        text: MixedFitView(fit, console: session.console).text)
    }
  }
}

extension TableMixedModel.Intervals: ExpressibleByArgument {}
