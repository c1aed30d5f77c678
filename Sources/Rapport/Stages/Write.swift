/// Writes everything that is known of a run into a folder: the assessment, its tables, the report and the manifest.
///
/// The folder is written aside and renamed: all of it or nothing. What manifest and page say of scoring is what the assessment was made
/// with (`Basis.options`), whatever `configuration` says.
///
/// - Parameters:
///   - times: what each stage took, for the manifest.
///   - arguments: how the program was called, for the manifest.
/// - Throws: ``RapportError`` of kind `outputExists` where the folder isn't rapport's, `output` where writing fails.
public func write(
  _ assessment: Assessment, from loaded: Loaded, configuration: Configuration, times: StageTimes? = nil,
  arguments: [String] = [], to folder: OutputFolder
) throws {
  let manifest = Manifest(
    arguments: arguments, configuration: configuration.with(assessment.basis.options), statistics: loaded.statistics,
    inputNames: loaded.inputNames, times: times ?? loaded.times, started: loaded.runStart)
  try folder.write(
    ReportFiles.all(
      assessment, manifest: manifest.tree, version: rapportVersion, spreadsheetSafe: configuration.spreadsheetSafe,
      threads: configuration.threads))
}
