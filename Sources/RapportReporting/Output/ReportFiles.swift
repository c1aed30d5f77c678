import RapportScoring

/// Everything that `rapport score --output` writes, by file name.
public enum ReportFiles {
  /// A file that is made when it is written, so that never two large ones stand in memory.
  public typealias File = (name: String, make: () throws -> FileText)

  /// The names of ``all(_:manifest:version:spreadsheetSafe:threads:)``, in its order.
  public static let names = [
    "assessment.json", "managers.csv", "pairs.csv", "partners.csv", "favouritism.csv", "factors.csv", "trends.csv",
    "data-quality.json", "report.html", "manifest.json",
  ]

  /// The files, the manifest last: a folder that has one is whole. Making one throws `EncodingError` where a number
  /// isn't finite, which is a defect.
  ///
  /// - Parameters:
  ///   - spreadsheetSafe: whether identifiers in tables that a spreadsheet would run begin with an apostrophe.
  ///   - threads: how many work; they can't change a byte.
  public static func all(
    _ assessment: Assessment, manifest: JSONValue, version: String, spreadsheetSafe: Bool = false, threads: Int = 1
  ) -> [File] {
    let tables = ResultTables(assessment, threads: threads)
    return [
      ("assessment.json", { try assessment.json(threads: threads) }),
      ("managers.csv", { try tables.managers().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("pairs.csv", { try tables.pairs().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("partners.csv", { try tables.partners().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("favouritism.csv", { try tables.favouritism().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("factors.csv", { try tables.factors().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("trends.csv", { try tables.trends().csvText(spreadsheetSafe: spreadsheetSafe) }),
      ("data-quality.json", { FileText(try JSONValue(encoding: assessment.dataQuality).text()) }),
      (
        "report.html",
        { FileText(try Page(assessment, manifest: manifest, version: version, threads: threads).html()) }
      ),
      ("manifest.json", { FileText(manifest.text()) }),
    ]
  }
}
