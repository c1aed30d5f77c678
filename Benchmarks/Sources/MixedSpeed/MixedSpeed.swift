import Foundation
import Peers
import RapportNumerics

/// Job (c): times mixed models against R's lme4 and Python's statsmodels in alternating runs, on the same rows.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks MixedSpeed [--rows N] [--runs N] [--results FILE]
///
/// 450,000 rows, 2,000 managers, 100 partners, 4,000 pairs, nine fixed columns; restricted likelihood, one thread on either
/// side, from rows in memory. Beside lme4 all three groupings; beside statsmodels, which can't cross so many, managers alone. Prints
/// a table in Markdown. Needs Rscript with lme4 (Debian: r-base-core r-cran-lme4), and statsmodels in the Python that PEERS_PYTHON
/// names.
@main struct MixedSpeed {
  static func main() throws {
    let rows = ManagedRows.planted(count: PeerTable.number("--rows", 450_000))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("mixed-speed-\(getpid()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try rows.text.write(to: file, atomically: true, encoding: .utf8)
    let table = try PeerTable(job: "c")
    let runs = PeerTable.number("--runs", 5)
    for (peer, script, groups) in [
      ("lme4", "mixed_peers.R", ["manager", "partner", "manager:partner"]),
      ("statsmodels", "mixed_peers.py", ["manager"]),
    ] {
      var (own, other): ([TimedRun], [TimedRun]) = ([], [])
      for _ in 0..<runs {
        own.append(try Self.fit(rows, groups: groups))
        guard let run = try PeerScript(script).results([file.path])["mixed"] else { fatalError("\(script): no result") }
        other.append(run)
      }
      guard own[0].found.count == other[0].found.count else { fatalError("\(peer) estimates other things") }
      let apart = zip(own[0].found, other[0].found).map { abs($0 - $1) / abs($1) }.max() ?? .nan
      guard apart < 1e-3 else { fatalError("estimates differ from those of \(peer) by \(apart)") }
      try table.add(
        "\(PeerTable.grouped(rows.y.count)) rows, \(groups.joined(separator: ", "))", peer: peer, own: own,
        other: other,
        difference: String(format: "%.0e of an estimate", apart))
    }
  }

  /// Coefficients, then variances of the groupings and of the residual.
  private static func fit(_ rows: ManagedRows, groups: [String]) throws -> TimedRun {
    let codes = ["manager": rows.managers, "partner": rows.partners, "manager:partner": rows.pairs]
    let groups = groups.map { name in
      let codes = codes[name] ?? []
      return Grouping(name: name, codes: codes, levelCount: Int(codes.max() ?? -1) + 1)
    }
    return try TimedRun.measure {
      let design = try DesignMatrix(
        rows: rows.y.count,
        terms: [
          .category(.init(name: "priority", levels: ["a", "b", "c"], codes: rows.priorities)),
          .category(.init(name: "topic", levels: ["a", "b", "c", "d", "e"], codes: rows.topics)),
          .number(name: "x1", values: rows.x1), .number(name: "x2", values: rows.x2),
        ])
      let fit = try LinearMixedModel().fit(ResponseCells(rows: rows.y), design: design, groups: groups)
      return fit.coefficients.map(\.estimate) + fit.components.map(\.variance) + [fit.residualVariance]
    }
  }
}

/// Requests of managers to partners, each manager to two of them.
struct ManagedRows {
  private(set) var managers: [Int32] = []
  private(set) var partners: [Int32] = []
  private(set) var pairs: [Int32] = []
  private(set) var priorities: [Int32] = []
  private(set) var topics: [Int32] = []
  private(set) var x1: [Double] = []
  private(set) var x2: [Double] = []
  private(set) var y: [Double] = []

  static func planted(count: Int, managers: Int = 2000, partners: Int = 100) -> ManagedRows {
    var rows = ManagedRows()
    var stream = RandomStream(seed: 1, purpose: "mixed speed")
    let u = (0..<managers).map { _ in 0.3 * stream.normal() }
    let v = (0..<partners).map { _ in 0.5 * stream.normal() }
    let w = (0..<(2 * managers)).map { _ in 0.2 * stream.normal() }
    for _ in 0..<count {
      let manager = stream.integer(below: managers)
      let second = stream.integer(below: 2)
      let partner = (manager * 7 + second * 31) % partners
      let (priority, topic) = (stream.integer(below: 3), stream.integer(below: 5))
      let (a, b) = (stream.normal(), stream.uniform())
      rows.managers.append(Int32(manager))
      rows.partners.append(Int32(partner))
      rows.pairs.append(Int32(2 * manager + second))
      rows.priorities.append(Int32(priority))
      rows.topics.append(Int32(topic))
      rows.x1.append(a)
      rows.x2.append(b)
      let fixed = 9 - 0.3 * Double(priority) + 0.1 * Double(topic) + 0.2 * a - 0.4 * b
      rows.y.append(fixed + u[manager] + v[partner] + w[2 * manager + second] + stream.normal())
    }
    return rows
  }

  /// With a header; numbers as they are.
  var text: String {
    let levels = ["a", "b", "c", "d", "e"]
    var lines = ["manager,partner,priority,topic,x1,x2,y"]
    for i in y.indices {
      lines.append(
        "m\(managers[i]),p\(partners[i]),\(levels[Int(priorities[i])]),\(levels[Int(topics[i])]),\(x1[i]),\(x2[i]),\(y[i])"
      )
    }
    return lines.joined(separator: "\n")
  }
}
