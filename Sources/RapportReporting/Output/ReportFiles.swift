import RapportScoring

/// Everything that `rapport score --output` writes, by file name.
public enum ReportFiles {
  /// The files, the manifest last: a folder that has one is whole.
  ///
  /// - Throws: `EncodingError` where a number isn't finite, which is a defect.
  public static func all(
    _ assessment: Assessment, manifest: JSONValue, version: String, threads: Int = 1
  ) throws -> [(name: String, text: String)] {
    let tree = try JSONValue(encoding: assessment)
    let tables = ResultTables(tree)
    return [
      ("assessment.json", tree.text()),
      ("managers.csv", tables.managers.csv),
      ("pairs.csv", tables.pairs.csv),
      ("partners.csv", tables.partners.csv),
      ("favouritism.csv", tables.favouritism.csv),
      ("factors.csv", tables.factors.csv),
      ("data-quality.json", (tree["dataQuality"] ?? .null).text()),
      ("report.html", try Page(assessment, manifest: manifest, version: version, threads: threads).html()),
      ("manifest.json", manifest.text()),
    ]
  }
}
