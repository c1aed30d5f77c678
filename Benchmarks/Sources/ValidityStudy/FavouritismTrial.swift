import Foundation
import Rapport
import RapportNumerics
import RapportSimulation

/// A manager with a partner.
struct PairKey: Hashable, Sendable {
  var manager: String
  var partner: String
}

/// One organisation whose queues hold something to choose from, and what was found in it.
///
/// 127 managers, three of ten partners each: 381 pairs of about 105 requests over a year, a manager's three partners
/// asked about equally often.
struct FavouritismTrial: Sendable {
  /// Planted factors on the odds of being picked next; pairs without are left out.
  let planted: [PairKey: Double]
  let findings: FavouritismFindings
  let requests: Int
  /// Pairs that naive comparisons flag, and whether as answered sooner; by the comparison.
  let naive: [[PairKey: Bool]]

  /// Simulates an organisation in which only what is planted differs, and finds favouritism in it.
  ///
  /// - Parameter comparing: whether naive comparisons look at it too.
  init(_ seed: UInt64, comparing: Bool = false, _ change: (inout SimulationSettings) -> Void) throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.partnersPerManager, settings.seed) = (127, 10, 3, seed)
    (settings.traitSpread, settings.favouredShare, settings.trendShare) = (0, 0, 0)
    (settings.requestsPerMonth, settings.volumeSpread, settings.homeShare) = (29, 0.2, 0.36)
    settings.utilisation = 0.93
    settings.requestLuck = 0
    settings.confounding = 0.8
    settings.behaviours = [.requests, .absences]
    settings.referenceRequests = 0
    change(&settings)
    let organisation = try simulate(settings)
    var planted: [PairKey: Double] = [:]
    for pair in organisation.truth.pairs where pair.planted != 1 {
      planted[PairKey(manager: pair.manager, partner: pair.partner)] = pair.planted
    }
    self.planted = planted
    let history = try organisation.history()
    requests = history.spells.count { $0.isFirst && $0.asker == .manager }
    findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
    naive = comparing ? try NaiveComparisons(history).flagged() : []
  }

  /// One trial per seed, several at a time; the number of threads can't change a number.
  static func all(
    _ seeds: [UInt64], threads: Int, comparing: Bool = false,
    _ change: @Sendable (inout SimulationSettings) -> Void
  ) throws -> [FavouritismTrial] {
    try parallelMap(count: seeds.count, threads: threads) {
      try FavouritismTrial(seeds[$0], comparing: comparing, change)
    }
  }

  /// What was planted in a pair: 1 where nothing.
  func truth(_ finding: PairFinding) -> Double {
    planted[PairKey(manager: finding.manager, partner: finding.partner)] ?? 1
  }

  /// Signals of pairs, and whether they say sooner.
  var signals: [PairKey: Bool] {
    var result: [PairKey: Bool] = [:]
    for finding in findings.pairs where finding.verdict == .signal {
      result[PairKey(manager: finding.manager, partner: finding.partner)] = (finding.ratio ?? 1) > 1
    }
    return result
  }

  /// How flagged pairs compare with the planted ones.
  func tally(_ flagged: [PairKey: Bool]) -> Tally {
    let right = flagged.count { key, isSooner in planted[key].map { ($0 > 1) == isSooner } ?? false }
    return Tally(planted: planted.count, flagged: flagged.count, right: right)
  }
}

/// How many pairs were flagged, and how many of them rightly.
struct Tally: Sendable {
  var planted: Int
  var flagged: Int
  var right: Int

  /// Wrong ones among the flagged; 0 where none is flagged.
  var falseShare: Double { Double(flagged - right) / Double(max(flagged, 1)) }
}

/// Tallies of several runs.
struct Tallies {
  var runs: [Tally]

  /// Mean over runs of the wrong ones among the flagged.
  var falseDiscoveryProportion: Double { mean(runs.map(\.falseShare)) }
  /// The planted ones that were found.
  var power: Double {
    Double(runs.reduce(0) { $0 + $1.right }) / Double(max(1, runs.reduce(0) { $0 + $1.planted }))
  }
  var flaggedPerRun: Double { mean(runs.map { Double($0.flagged) }) }
}

/// The middle value; 0 of none.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  if sorted.isEmpty { return 0 }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
