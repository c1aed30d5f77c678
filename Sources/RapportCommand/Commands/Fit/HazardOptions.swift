import ArgumentParser
import Rapport
import RapportNumerics

/// What models of hazards and of choices take beside the fixed part.
struct HazardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When a row comes under observation: a column of numbers or times (default: before anything happens).",
      valueName: "column"))
  var start: String?

  @Option(help: ArgumentHelp("When it leaves: a column of numbers or times.", valueName: "column"))
  var stop: String?

  @Option(
    help: ArgumentHelp(
      "Whether the event happens at the stop: a column of 1 and 0 or of words, or column=value.", valueName: "column"))
  var event: String

  @Option(help: ArgumentHelp("Columns; rows are compared within their combinations only.", valueName: "columns"))
  var strata: [String] = []

  @Option(
    help: ArgumentHelp(
      "One column, or a product as manager:partner; errors that are robust to dependence within its levels.",
      valueName: "column"))
  var cluster: String?

  @Option(
    help: ArgumentHelp(
      "Groups with normal effects on the log hazard: columns, or products as manager:partner.", valueName: "groups"))
  var random: [String] = []

  @Option(help: "Events at one moment: efron, breslow or exact (default: efron).")
  var ties: String?

  @Option(
    help: ArgumentHelp(
      "The standard deviation of a normal prior on each coefficient, such as 2.5 (default: none).", valueName: "sd"))
  var prior: Double?

  @Option(help: ArgumentHelp("Of times without offset (default: UTC).", valueName: "zone"))
  var timezone: String?

  /// The model that was asked for.
  func model(_ kind: TableHazardModel.Kind, _ options: FitOptions, threads: Int) throws -> TableHazardModel {
    var model = TableHazardModel(kind, event: event)
    model.start = start
    model.stop = stop
    model.fixed = options.terms
    model.strata = strata
    model.cluster = cluster
    model.random = random
    model.prior = prior
    model.threads = threads
    if let ties {
      guard let found = CoxTies(rawValue: ties) else {
        let known = CoxTies.allCases.map(\.rawValue)
        throw RapportError(
          .usage,
          "--ties: found '\(ties)', expected one of \(known.joined(separator: ", "))"
            + NearestWord.suggestion(for: ties, among: known))
      }
      model.ties = found
    }
    if let timezone {
      do throws(IngestionError) {
        model.timeZone = try TimeZoneRules(named: timezone)
      } catch {
        throw RapportError(.usage, "--timezone: \(error)")
      }
    }
    return model
  }

  /// Reads the table, fits the model and shows the fit.
  func run(_ kind: TableHazardModel.Kind, _ options: FitOptions, _ session: Session) throws {
    let model = try model(kind, options, threads: session.configuration.threads)
    let fit = try model.fit(options.read(session))
    let tree = try JSONValue(encoding: fit)
    try session.show(
      json: FileText(tree.text()), csv: FitRows.table(tree, parts: ["coefficients", "variances", "effects"]),
      text: HazardFitView(fit, console: session.console).text)
  }
}
