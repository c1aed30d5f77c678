import Foundation

/// Works that Rapport and peers did in alternating runs, printed as a table in Markdown.
///
/// With `--results FILE` among the program's arguments every median is appended there, a line of JSON each, for the page that
/// `make bench` writes.
public struct PeerTable {
  private let job: String
  private let results: FileHandle?

  /// Prints the heading.
  ///
  /// - Parameter job: the letter of the job that the works belong to.
  public init(job: String) throws {
    self.job = job
    results = try Self.option("--results").map { path in
      let isThere = FileManager.default.fileExists(atPath: path)
      guard isThere || FileManager.default.createFile(atPath: path, contents: nil),
        let file = FileHandle(forWritingAtPath: path)
      else {
        throw PeerScript.Failure(description: "\(path): can't be written")
      }
      try file.seekToEnd()
      return file
    }
    print("| work | peer | Rapport, wall s | CPU s | peer, wall s | CPU s | times, wall | CPU | difference |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
  }

  /// Prints and keeps the medians of a work's runs.
  ///
  /// - Parameter difference: how far what was found is apart, and in what unit.
  public func add(_ work: String, peer: String, own: [TimedRun], other: [TimedRun], difference: String) throws {
    let (ownWall, ownCPU) = (Self.median(own.map(\.wall)), Self.median(own.map(\.cpu)))
    let (wall, cpu) = (Self.median(other.map(\.wall)), Self.median(other.map(\.cpu)))
    let figures = [ownWall, ownCPU, wall, cpu].map { String(format: "%.3g", $0) }.joined(separator: " | ")
    let times = [wall / ownWall, cpu / ownCPU].map { String(format: $0 < 10 ? "%.1f" : "%.0f", $0) }
      .joined(separator: " | ")
    print("| \(work) | \(peer) | \(figures) | \(times) | \(difference) |")
    for (tool, wall, cpu, runs) in [("Rapport", ownWall, ownCPU, own.count), (peer, wall, cpu, other.count)] {
      try keep([
        "job": job, "work": work, "tool": tool, "wall": wall, "cpu": cpu, "runs": runs, "difference": difference,
      ])
    }
  }

  private func keep(_ result: [String: Any]) throws {
    guard let results else { return }
    try results.write(contentsOf: JSONSerialization.data(withJSONObject: result, options: .sortedKeys) + [10])
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// With a comma between thousands.
  public static func grouped(_ count: Int) -> String {
    let digits = Array(String(count))
    return digits.indices.map { ($0 > 0 && (digits.count - $0) % 3 == 0 ? "," : "") + String(digits[$0]) }.joined()
  }

  /// The value of an option of the program.
  public static func option(_ name: String) -> String? {
    let arguments = CommandLine.arguments
    return arguments.firstIndex(of: name).flatMap { arguments.dropFirst($0 + 1).first }
  }

  /// The number that an option of the program gives.
  public static func number(_ name: String, _ value: Int) -> Int { option(name).flatMap { Int($0) } ?? value }
}
