import Foundation
import RapportNumerics

/// How many digits of NIST's certified values (Statistical Reference Datasets) come out.
///
///     swift run -c release --package-path Benchmarks NISTTable [FOLDER]
///
/// FOLDER is the reference kit, `../shared/reference` unless given: every case in it whose name speaks of NIST is computed.
/// Prints a table in Markdown: by quantity the fewest digits right among its values, and of these the fewest. Where
/// the kit has it, a second line compares with exact arithmetic on the doubles that the decimals were read as.
@main struct NISTTable {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "../shared/reference"
    let cases = try FileManager.default.contentsOfDirectory(atPath: folder + "/cases").filter { $0.contains("nist") }
    print("| data | level | against | fewest | digits by quantity |")
    print("| --- | --- | --- | ---: | --- |")
    for name in cases.sorted() {
      for set in try CertifiedSet.read(folder: "\(folder)/cases/\(name)") {
        for comparison in try set.comparisons() {
          let digits = comparison.digits.map { "\($0.quantity) \(text($0.digits))" }.joined(separator: ", ")
          let fewest = text(comparison.digits.map(\.digits).min() ?? 0)
          print("| \(set.name) | \(set.level) | \(comparison.against) | \(fewest) | \(digits) |")
        }
      }
    }
  }

  private static func text(_ digits: Double) -> String { String(format: "%.1f", digits) }
}
