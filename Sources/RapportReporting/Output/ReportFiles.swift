import Dispatch
import RapportScoring

/// Everything that `rapport score --output` writes, by file name.
public enum ReportFiles {
  /// The files, the manifest last: a folder that has one is whole.
  ///
  /// - Parameter threads: how many work; they can't change a byte.
  /// - Throws: `EncodingError` where a number isn't finite, which is a defect.
  public static func all(
    _ assessment: Assessment, manifest: JSONValue, version: String, threads: Int = 1
  ) throws -> [(name: String, text: String)] {
    let tables = ResultTables(assessment)
    let files: [(name: String, make: @Sendable () throws -> String)] = [
      ("assessment.json", { try assessment.json() }),
      ("managers.csv", { try tables.managers().csv }),
      ("pairs.csv", { try tables.pairs().csv }),
      ("partners.csv", { try tables.partners().csv }),
      ("favouritism.csv", { try tables.favouritism().csv }),
      ("factors.csv", { try tables.factors().csv }),
      ("data-quality.json", { try JSONValue(encoding: assessment.dataQuality).text() }),
      ("report.html", { try Page(assessment, manifest: manifest, version: version, threads: threads).html() }),
      ("manifest.json", { manifest.text() }),
    ]
    guard threads > 1 else { return try files.map { ($0.name, try $0.make()) } }
    let texts = [Result<String, any Error>](unsafeUninitializedCapacity: files.count) { buffer, count in
      nonisolated(unsafe) let base = buffer.baseAddress
      DispatchQueue.concurrentPerform(iterations: files.count) { i in
        base.map { ($0 + i).initialize(to: Result { try files[i].make() }) }
      }
      count = files.count
    }
    return try zip(files, texts).map { ($0.name, try $1.get()) }
  }
}
