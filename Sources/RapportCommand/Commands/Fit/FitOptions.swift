import ArgumentParser
import Rapport

/// What every model takes: a table and the fixed part.
struct FitOptions: ParsableArguments {
  @Argument(help: "The table: CSV or NDJSON, plain or compressed; - for standard input.")
  var table: String

  @Option(
    help: ArgumentHelp(
      "Columns that explain, and products such as size:topic; separated by commas.", valueName: "terms"))
  var fixed: [String] = []

  @Option(help: ArgumentHelp("Columns of numbers that are categories.", valueName: "columns"))
  var categorical: [String] = []

  @Option(
    help: ArgumentHelp(
      "The level without a column, as topic=pay (default: the first in sorted order).", valueName: "column=level"))
  var reference: [String] = []

  /// The fixed part of the model.
  var terms: FixedTerms { FixedTerms(fixed, categorical: categorical, references: reference) }

  /// Reads the table.
  func read(_ session: Session) throws(IngestionError) -> Table {
    session.progress.begin("\(Stage.reading)")
    let table = try Table(reading: InputSource(argument: table))
    session.progress.begin("fitting")
    return table
  }
}
