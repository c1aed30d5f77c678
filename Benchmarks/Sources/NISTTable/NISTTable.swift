import Foundation
import RapportNumerics

/// How many digits of NIST's certified values (Statistical Reference Datasets) come out.
///
///     swift run -c release --package-path Benchmarks NISTTable [FOLDER]
///
/// FOLDER is the reference kit, `../shared/reference` unless given: every case in it whose name speaks of NIST is computed.
/// Prints a table in Markdown: the fewest digits right among a quantity's values.
@main struct NISTTable {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "../shared/reference"
    let cases = try FileManager.default.contentsOfDirectory(atPath: folder + "/cases").filter { $0.contains("nist") }
    print("| data | level | quantity | digits | against |")
    print("| --- | --- | --- | ---: | --- |")
    for name in cases.sorted() {
      for set in try CertifiedSet.read(folder: "\(folder)/cases/\(name)") {
        for row in try set.rows() {
          let digits = String(format: "%.1f", row.digits)
          print("| \(set.name) | \(set.level) | \(row.quantity) | \(digits) | \(row.against) |")
        }
      }
    }
  }
}
