import Foundation
import Rapport
import RapportSimulation

/// Power against the planted factor and the number of requests, and what naive comparisons get wrong as data grow.
enum PowerCurve {
  static let factors = [1.25, 1.6, 2, 2.5, 4]
  /// Requests per pair and year.
  static let volumes = [25.0, 50, 100, 200]
  /// The factor at which naive comparisons are looked at.
  static let comparedFactor = 2.5

  /// - Parameter plots: the folder for `favouritism-power.svg` and `favouritism-false.svg`; `nil`: none are drawn.
  static func run(_ seeds: [UInt64], threads: Int, plots: String?) throws {
    print("\n## Power by factor and number of requests\n")
    print("About 20 of 381 pairs are favoured. In brackets: mean share of wrong ones among the signals.\n")
    print("| requests per pair | in queues | " + factors.map { "\(text($0))×" }.joined(separator: " | ") + " |")
    print("|" + String(repeating: " ---: |", count: factors.count + 2))
    var power: [[Double]] = []
    var compared: [[Tallies]] = []
    for volume in volumes {
      var cells: [String] = []
      var own: [Double] = []
      var queued: [Double] = []
      for factor in factors {
        let isCompared = factor == comparedFactor
        let trials = try FavouritismTrial.all(seeds, threads: threads, comparing: isCompared) {
          $0.favouredShare = PowerStudy.plantedShare
          $0.favouredFactor = factor
          // 381 pairs, 127 managers, 12 months; some of the time somebody is away.
          $0.requestsPerMonth = volume * 381 / 127 / 12 * 1.06
        }
        let tallies = Tallies(runs: trials.map { $0.tally($0.signals) })
        own.append(tallies.power)
        cells.append("\(text(tallies.power)) (\(text(tallies.falseDiscoveryProportion)))")
        queued += trials.flatMap { $0.findings.pairs.map { Double($0.requests) } }
        if isCompared {
          compared.append(
            [tallies]
              + NaiveComparisons.names.indices.map { k in Tallies(runs: trials.map { $0.tally($0.naive[k]) }) })
        }
      }
      power.append(own)
      print("| \(text(volume, 0)) | \(text(median(queued), 0)) | \(cells.joined(separator: " | ")) |")
    }
    let names = ["queue choices"] + NaiveComparisons.names
    print("\n### More data, \(text(comparedFactor))×: wrong ones among the flagged pairs (and power)\n")
    print("| requests per pair | " + names.joined(separator: " | ") + " |")
    print("|" + String(repeating: " ---: |", count: names.count + 1))
    for (volume, own) in zip(volumes, compared) {
      let cells = own.map { "\(text($0.falseDiscoveryProportion)) (\(text($0.power)))" }
      print("| \(text(volume, 0)) | \(cells.joined(separator: " | ")) |")
    }
    guard let plots else { return }
    try draw(power, to: plots + "/favouritism-power.svg")
    try draw(compared, names, to: plots + "/favouritism-false.svg")
  }

  private static func draw(_ power: [[Double]], to path: String) throws {
    let plot = CurvePlot(
      curves: zip(volumes, power).reversed().map { volume, own in
        CurvePlot.Curve(name: "\(text(volume, 0)) requests per pair", points: Array(zip(factors, own)))
      }, horizontalTitle: "planted factor on the odds of being picked next", ticks: factors, isLogarithmic: true,
      verticalTitle: "planted pairs found",
      description: "Share of planted pairs that are found, against the planted factor, for "
        + volumes.map { text($0, 0) }.joined(separator: ", ") + " requests per pair.")
    try Data(plot.file(title: "Planted pairs that are found").utf8).write(to: URL(fileURLWithPath: path))
  }

  private static func draw(_ compared: [[Tallies]], _ names: [String], to path: String) throws {
    let plot = CurvePlot(
      curves: names.indices.map { k in
        CurvePlot.Curve(
          name: names[k],
          points: zip(volumes, compared).map { (x: $0, y: $1[k].falseDiscoveryProportion) }, isMarked: k > 0)
      }, horizontalTitle: "requests per pair", ticks: volumes, isLogarithmic: true,
      verticalTitle: "wrong ones among the flagged pairs",
      description:
        "Mean share of wrong ones among flagged pairs, against requests per pair, for queue choices and four "
        + "comparisons of response times.")
    try Data(plot.file(title: "Wrong ones among the flagged pairs").utf8).write(to: URL(fileURLWithPath: path))
  }
}
