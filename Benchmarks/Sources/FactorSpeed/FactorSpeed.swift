import Foundation
import PeerScripts
import RapportNumerics

/// Times factor analysis against R's psych and GPArotation in one run, on the same rows.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks FactorSpeed [--draws N] [--starts N]
///
/// 5,000 rows of 25 variables with five correlated factors. One thread on either side. Prints a table in Markdown, with
/// what both found, so that the same work is compared; by CPU time, which neighbours on the machine disturb least. Needs Rscript with psych and GPArotation (Debian: r-base-core
/// r-cran-psych r-cran-gparotation).
@main struct FactorSpeed {
  static func main() throws {
    let arguments = CommandLine.arguments
    func number(_ name: String, _ value: Int) -> Int {
      arguments.firstIndex(of: name).flatMap { i in arguments.dropFirst(i + 1).first.flatMap(Int.init) } ?? value
    }
    let draws = number("--draws", 1000)
    let starts = number("--starts", 30)
    let rows = ManyRows.planted(count: 5000)
    let own = try OwnTimes(rows, draws: draws, starts: starts)
    let peers = try PeerTimes(rows, factors: ManyRows.factors, draws: draws, starts: starts)
    print("| task | Rapport, s | CPU | R, s | CPU | times the CPU | Rapport found | R found |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |")
    for (name, title) in [
      ("parallel", "parallel analysis, \(draws) draws"), ("bootstrap", "bootstrap of loadings, \(draws) draws"),
      ("rotation", "oblimin, \(starts) starts"),
    ] {
      guard let (one, other) = own.tasks[name].flatMap({ one in peers.tasks[name].map { (one, $0) } }) else {
        print("| \(title) | no answer |")
        continue
      }
      let found = [one, other].map { $0.found.map { String(format: "%.5g", $0) }.joined(separator: " ") }
      print(
        "| \(title) | \(Self.figure(one.wall)) | \(Self.figure(one.cpu)) | \(Self.figure(other.wall)) | "
          + "\(Self.figure(other.cpu)) | \(Int(other.cpu / one.cpu)) | \(found[0]) | \(found[1]) |")
    }
  }

  /// Three digits.
  private static func figure(_ seconds: Double) -> String { String(format: "%.3g", seconds) }
}

/// How long a task took, and what it found.
struct TaskTime {
  var wall: Double
  var cpu: Double
  var found: [Double]
}

/// Rows with known factors.
enum ManyRows {
  static let factors = 5
  static let variables = 25

  /// Variable j loads 0.5 to 0.8 on factor j mod 5; factors correlate at 0.3.
  static func planted(count: Int) -> Matrix {
    Matrix(
      rows: (0..<count).map { i in
        var stream = RandomStream(seed: 1, purpose: "factor speed", unit: UInt64(i))
        let common = 0.3.squareRoot() * stream.normal()
        let scores = (0..<factors).map { _ in common + 0.7.squareRoot() * stream.normal() }
        return (0..<variables).map { j in
          let loading = 0.5 + 0.3 * Double(j / factors) / 4
          return loading * scores[j % factors] + (1 - loading * loading).squareRoot() * stream.normal()
        }
      })
  }
}

/// Rapport's times.
struct OwnTimes {
  private(set) var tasks: [String: TaskTime] = [:]

  init(_ rows: Matrix, draws: Int, starts: Int) throws {
    tasks["parallel"] = try Self.time {
      let result = try ParallelAnalysis(draws: draws).run(
        correlation: SampleMoments(complete: rows).correlation, observations: rows.rows)
      return [Double(result.factors.count), Double(result.components.count)]
    }
    let table: [[Double?]] = (0..<rows.rows).map { rows.row($0) }
    let analysis = FactorAnalysis(factors: ManyRows.factors, extraction: .minimumResiduals)
    tasks["bootstrap"] = try Self.time {
      let solution = try analysis.fit(correlation: SampleMoments(complete: rows).correlation)
      guard LoadingBootstrap(draws: draws).run(rows: table, analysis: analysis, solution: solution) != nil else {
        return []
      }
      return Array(solution.loadings.elements.map(abs).sorted(by: >)[..<5])
    }
    let plain = FactorAnalysis(factors: ManyRows.factors, extraction: .minimumResiduals, rotation: .none)
    let loadings = try plain.fit(correlation: SampleMoments(complete: rows).correlation).loadings
    tasks["rotation"] = try Self.time(repetitions: 20) {
      [try FactorRotation.oblimin().rotate(loadings, starts: starts).criterion ?? .nan]
    }
  }

  /// The time of one of so many repetitions.
  private static func time(repetitions: Int = 1, _ work: () throws -> [Double]) rethrows -> TaskTime {
    let cpu = clock()
    let watch = ContinuousClock()
    let start = watch.now
    var found: [Double] = []
    for _ in 0..<repetitions { found = try work() }
    let wall = (watch.now - start) / .seconds(1)
    return TaskTime(
      wall: wall / Double(repetitions), cpu: Double(clock() - cpu) / 1e6 / Double(repetitions), found: found)
  }
}

/// R's times, from factor_peers.R.
struct PeerTimes {
  private(set) var tasks: [String: TaskTime] = [:]

  init(_ rows: Matrix, factors: Int, draws: Int, starts: Int) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("factor-speed-\(getpid()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    let header = (1...rows.columns).map { "v\($0)" }.joined(separator: ",")
    let lines = (0..<rows.rows).map { i in rows.row(i).map { "\($0)" }.joined(separator: ",") }
    try ([header] + lines).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    let printed = try RScript("factor_peers.R").run([file.path, "\(factors)", "\(draws)", "\(starts)"])
    for line in printed where line.hasPrefix("result ") {
      let parts = line.split(separator: " ").dropFirst()
      let numbers = parts.dropFirst().compactMap { Double($0) }
      guard let name = parts.first, numbers.count >= 2 else { continue }
      tasks[String(name)] = TaskTime(wall: numbers[0], cpu: numbers[1], found: Array(numbers[2...]))
    }
  }
}
