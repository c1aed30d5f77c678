import Foundation
import PeerScripts
import RapportNumerics

/// Times a mixed model against R's lme4 in one run, on the same rows.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks MixedSpeed [--rows N]
///
/// 450,000 rows, 2,000 managers, 100 partners, 4,000 pairs, nine fixed columns; restricted likelihood, one thread on either
/// side, from rows in memory. Prints a table in Markdown, and how far the estimates are apart. Needs Rscript with lme4 (Debian:
/// r-base-core r-cran-lme4).
@main struct MixedSpeed {
  static func main() throws {
    let arguments = CommandLine.arguments
    let count =
      arguments.firstIndex(of: "--rows").flatMap { i in arguments.dropFirst(i + 1).first.flatMap(Int.init) } ?? 450_000
    let rows = ManagedRows.planted(count: count)
    let own = try Self.own(rows)
    let peer = try Self.peer(rows)
    print("| | wall, s | CPU, s |")
    print("| --- | ---: | ---: |")
    print("| Rapport | \(figure(own.wall)) | \(figure(own.cpu)) |")
    print("| lme4 | \(figure(peer.wall)) | \(figure(peer.cpu)) |")
    print("| times faster | \(Int(peer.wall / own.wall)) | \(Int(peer.cpu / own.cpu)) |")
    let apart = zip(own.found, peer.found).map { abs($0 - $1) / abs($1) }
    print("\nRapport: \(own.found.map(figure).joined(separator: " "))")
    print("lme4:    \(peer.found.map(figure).joined(separator: " "))")
    print("Largest relative difference of \(apart.count) estimates: \(figure(apart.max() ?? .nan))")
  }

  private static func figure(_ value: Double) -> String { String(format: "%.4g", value) }

  /// How long a fit took; coefficients, then variances of manager, partner, pair and residual.
  private struct Fit {
    var wall: Double
    var cpu: Double
    var found: [Double]
  }

  private static func own(_ rows: ManagedRows) throws -> Fit {
    func group(_ name: String, _ codes: [Int32]) -> Grouping {
      Grouping(name: name, codes: codes, levelCount: Int(codes.max() ?? -1) + 1)
    }
    let groups = [
      group("manager", rows.managers), group("partner", rows.partners), group("manager:partner", rows.pairs),
    ]
    let cpu = clock()
    let watch = ContinuousClock()
    let start = watch.now
    let design = try DesignMatrix(
      rows: rows.y.count,
      terms: [
        .category(.init(name: "priority", levels: ["a", "b", "c"], codes: rows.priorities)),
        .category(.init(name: "topic", levels: ["a", "b", "c", "d", "e"], codes: rows.topics)),
        .number(name: "x1", values: rows.x1), .number(name: "x2", values: rows.x2),
      ])
    let fit = try LinearMixedModel().fit(ResponseCells(rows: rows.y), design: design, groups: groups)
    let wall = (watch.now - start) / .seconds(1)
    return Fit(
      wall: wall, cpu: Double(clock() - cpu) / 1e6,
      found: fit.coefficients.map(\.estimate) + fit.components.map(\.variance) + [fit.residualVariance])
  }

  private static func peer(_ rows: ManagedRows) throws -> Fit {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("mixed-speed-\(getpid()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try rows.text.write(to: file, atomically: true, encoding: .utf8)
    let line = try RScript("mixed_peers.R").run([file.path]).first { $0.hasPrefix("result ") } ?? ""
    let numbers = line.split(separator: " ").compactMap { Double($0) }
    guard numbers.count > 2 else { return Fit(wall: .nan, cpu: .nan, found: []) }
    return Fit(wall: numbers[0], cpu: numbers[1], found: Array(numbers[2...]))
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
