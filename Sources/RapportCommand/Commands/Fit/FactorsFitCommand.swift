import ArgumentParser
import Rapport
import RapportNumerics

/// A factor analysis of a table.
struct FactorsFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factors", abstract: "Fits common factors to the columns of a table, or to a correlation matrix.",
    discussion: """
      What is missing is taken as missing at random (EM). The number of factors is parallel analysis's unless given. \
      Without --extraction, minimum residuals stand in where maximum likelihood has no proper solution, and a note says so.

      Examples:
        rapport fit factors tests.csv
        rapport fit factors tests.csv --columns cubes,flags,paper,words --factors 2 --rotation promax
        rapport fit factors correlations.csv --correlation --observations 213 --factors 3 --extraction minres --format json
      """)

  @Argument(help: "The table: CSV or NDJSON, plain or compressed; - for standard input.")
  var table: String

  @Option(help: ArgumentHelp("Columns of numbers, separated by commas (default: all).", valueName: "columns"))
  var columns: [String] = []

  @Flag(help: "The table is a correlation or covariance matrix; a column of names may stand in it.")
  var correlation = false

  @Option(help: ArgumentHelp("How many rows a correlation matrix rests on.", valueName: "n"))
  var observations: Int?

  @Option(help: "How many factors: auto or a number (default: auto, by parallel analysis).")
  var factors: String?

  @Option(help: "How loadings are estimated: ml or minres.") var extraction: String?

  @Option(help: "How they are turned: none, varimax, promax or oblimin (default: oblimin).") var rotation: String?

  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in
      var model = TableFactorModel()
      model.columns = columns
      model.isCorrelation = correlation
      model.observations = observations
      model.seed = session.configuration.seed
      model.threads = session.configuration.threads
      if let factors, factors != "auto" {
        guard let count = Int(factors) else {
          throw RapportError(.usage, "--factors: found '\(factors)', expected auto or a whole number, 1 or more")
        }
        model.factors = count
      }
      model.extraction = try Self.choice(
        extraction, "--extraction", [("ml", .maximumLikelihood), ("minres", .minimumResiduals)])
      if let rotation = try Self.choice(
        rotation, "--rotation",
        [("none", FactorRotation.none), ("varimax", .varimax), ("promax", .promax()), ("oblimin", .oblimin())])
      {
        model.rotation = rotation
      }
      session.progress.begin("\(Stage.reading)")
      let read = try Table(reading: InputSource(argument: table))
      session.progress.begin("fitting")
      let fit = try model.fit(read)
      let tree = try JSONValue(encoding: fit)
      try session.show(
        json: FileText(tree.text()), csv: Self.rows(fit),
        text: FactorsFitView(fit, console: session.console).text)
    }
  }

  private static func choice<Value>(
    _ word: String?, _ option: String, _ values: [(word: String, value: Value)]
  ) throws(RapportError) -> Value? {
    guard let word else { return nil }
    if let found = values.first(where: { $0.word == word }) { return found.value }
    let known = values.map(\.word)
    throw RapportError(
      .usage,
      "\(option): found '\(word)', expected one of \(known.joined(separator: ", "))"
        + NearestWord.suggestion(for: word, among: known))
  }

  /// A row per variable.
  private static func rows(_ fit: TableFactorFit) -> FlatTable {
    let study = fit.study
    let rows = study.variables.indices.map { i -> JSONValue in
      var row: [String: JSONValue] = ["variable": .string(study.variables[i])]
      if i < study.loadings.count {
        for (j, loading) in study.loadings[i].enumerated() { row["factor\(j + 1)"] = .number(loading) }
        row["communality"] = .number(study.communalities[i])
        row["uniqueness"] = .number(study.uniquenesses[i])
      }
      row["itemRestCorrelation"] = fit.items.itemRestCorrelations[i].map(JSONValue.number)
      row["alphaIfDropped"] = fit.items.alphaIfDropped[i].map(JSONValue.number)
      row["kmo"] = study.kmoByVariable[i].map(JSONValue.number)
      return .object(row)
    }
    return FlatTable(rows, leading: ["variable"] + (0..<study.factors).map { "factor\($0 + 1)" })
  }
}
