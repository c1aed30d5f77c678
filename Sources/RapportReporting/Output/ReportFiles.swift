import RapportScoring

/// Everything that `rapport score --output` writes, by file name.
public enum ReportFiles {
  /// The files, the manifest last: a folder that has one is whole.
  ///
  /// - Throws: `EncodingError` where a number isn't finite, which is a defect.
  public static func all(
    _ assessment: Assessment, manifest: JSONValue, version: String, threads: Int = 1
  ) throws -> [(name: String, text: String)] {
    let tables = ResultTables(assessment)
    return [
      ("assessment.json", try assessment.json()),
      ("managers.csv", try tables.managers().csv),
      ("pairs.csv", try tables.pairs().csv),
      ("partners.csv", try tables.partners().csv),
      ("favouritism.csv", try tables.favouritism().csv),
      ("factors.csv", try tables.factors().csv),
      ("data-quality.json", try JSONValue(encoding: assessment.dataQuality).text()),
      ("report.html", try Page(assessment, manifest: manifest, version: version, threads: threads).html()),
      ("manifest.json", manifest.text()),
    ]
  }
}
