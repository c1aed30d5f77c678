import Foundation
import Peers
import RapportNumerics

/// Job (e): times factor analysis against R's psych and GPArotation and Python's factor_analyzer in alternating runs, on the
/// same rows.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks FactorSpeed [--draws N] [--starts N] [--runs N] \
///       [--results FILE]
///
/// 5,000 rows of 25 variables with five correlated factors. One thread on either side. Prints a table in Markdown, with
/// how far apart both are, so that the same work is compared. Needs Rscript with psych and GPArotation (Debian: r-base-core
/// r-cran-psych r-cran-gparotation), and factor_analyzer in the Python that PEERS_PYTHON names.
@main struct FactorSpeed {
  static func main() throws {
    let (draws, starts) = (PeerTable.number("--draws", 100), PeerTable.number("--starts", 30))
    let rows = ManyRows.planted(count: 5000)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("factor-speed-\(getpid()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try ManyRows.text(rows).write(to: file, atomically: true, encoding: .utf8)

    var own: [String: [TimedRun]] = [:]
    var other: [String: [TimedRun]] = [:]
    for _ in 0..<PeerTable.number("--runs", 5) {
      for (name, run) in try OwnTasks.run(rows, draws: draws, starts: starts) { own[name, default: []].append(run) }
      let numbers = ["\(ManyRows.factors)", "\(draws)", "\(starts)"]
      for (script, arguments) in [("factor_peers.R", numbers), ("factor_peers.py", [numbers[0]])] {
        for (name, run) in try PeerScript(script).results([file.path] + arguments) {
          other[name, default: []].append(run)
        }
      }
    }
    let table = try PeerTable(job: "e")
    for (name, title, peer) in [
      ("parallel", "parallel analysis, \(draws) draws", "psych"),
      ("bootstrap", "bootstrap of loadings, \(draws) draws", "psych"),
      ("rotation", "oblimin, \(starts) starts", "GPArotation"),
      ("analysis", "minimum residuals and oblimin, one start", "factor_analyzer"),
    ] {
      guard let mine = own[name], let theirs = other[name], mine[0].found.count == theirs[0].found.count else {
        fatalError("no answer for \(name)")
      }
      let apart = zip(mine[0].found, theirs[0].found).map { abs($0 - $1) }.max() ?? .nan
      guard apart < 0.01 else { fatalError("\(name): \(mine[0].found), \(peer) \(theirs[0].found)") }
      try table.add(title, peer: peer, own: mine, other: theirs, difference: String(format: "%.0e", apart))
    }
  }
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

  /// With a header; numbers as they are.
  static func text(_ rows: Matrix) -> String {
    let header = (1...rows.columns).map { "v\($0)" }.joined(separator: ",")
    let lines = (0..<rows.rows).map { i in rows.row(i).map { "\($0)" }.joined(separator: ",") }
    return ([header] + lines).joined(separator: "\n")
  }
}

/// Rapport's runs.
enum OwnTasks {
  static func run(_ rows: Matrix, draws: Int, starts: Int) throws -> [String: TimedRun] {
    var tasks: [String: TimedRun] = [:]
    tasks["parallel"] = try TimedRun.measure {
      let result = try ParallelAnalysis(draws: draws).run(
        correlation: SampleMoments(complete: rows).correlation, observations: rows.rows)
      return [Double(result.factors.count), Double(result.components.count)]
    }
    let table: [[Double?]] = (0..<rows.rows).map { rows.row($0) }
    let analysis = FactorAnalysis(factors: ManyRows.factors, extraction: .minimumResiduals)
    tasks["bootstrap"] = try TimedRun.measure {
      let solution = try analysis.fit(correlation: SampleMoments(complete: rows).correlation)
      guard LoadingBootstrap(draws: draws).run(rows: table, analysis: analysis, solution: solution) != nil else {
        return []
      }
      return largest(solution.loadings)
    }
    let plain = FactorAnalysis(factors: ManyRows.factors, extraction: .minimumResiduals, rotation: .none)
    let loadings = try plain.fit(correlation: SampleMoments(complete: rows).correlation).loadings
    tasks["rotation"] = try TimedRun.measure(repetitions: 20) {
      [try FactorRotation.oblimin().rotate(loadings, starts: starts).criterion ?? .nan]
    }
    var single = FactorAnalysis(
      factors: ManyRows.factors, extraction: .minimumResiduals, rotation: .oblimin(normalized: true))
    (single.rotationStarts, single.extractionStarts) = (0, 1)
    tasks["analysis"] = try TimedRun.measure(repetitions: 5) {
      largest(try single.fit(correlation: SampleMoments(complete: rows).correlation).loadings)
    }
    return tasks
  }

  private static func largest(_ loadings: Matrix) -> [Double] {
    Array(loadings.elements.map(abs).sorted(by: >)[..<5])
  }
}
