import Foundation
import Rapport
import RapportSimulation

/// How often planted favour is found, how much of what is found is wrong, and whether intervals hold the truth.
enum PowerStudy {
  static let factors = [1.25, 1.6, 2.5, 4, 0.625, 0.4]
  /// 20 of 381 pairs, on average.
  static let plantedShare = 20.0 / 381

  static func run(_ seeds: [UInt64], rows: ClosedRange<Int>, threads: Int) throws {
    print("\n## Planted favour\n")
    print(
      "Factor: planted on the odds of being picked next, in about 20 of 381 pairs. Found: the verdict is a signal in the "
        + "planted direction. Luck: differences between requests that no log tells. Load: how full partners' time is. False "
        + "discoveries: mean over runs of the wrong ones among the signals. Intervals of 90 %: "
        + "how many hold the planted factor.\n")
    print(
      "| factor | luck | load | runs | requests | in queues, per pair | planted | signals | false discoveries | power "
        + "| plain, all | plain, planted | shown, all | shown, planted | median estimate | median shown |")
    print("|" + String(repeating: " ---: |", count: 16))
    var compared: [(factor: Double, trials: [FavouritismTrial])] = []
    let cases = factors.map { ($0, 0.0, 0.93) } + [(2.5, 0.7, 0.93), (1.6, 0.7, 0.93), (1.6, 0, 0.96)]
    for (row, (factor, luck, load)) in cases.enumerated() where rows.contains(row + 1) {
      let isCompared = row < factors.count
      let trials = try FavouritismTrial.all(seeds, threads: threads, comparing: isCompared) {
        $0.favouredShare = plantedShare
        $0.favouredFactor = factor
        $0.requestLuck = luck
        $0.utilisation = load
      }
      if isCompared { compared.append((factor, trials)) }
      printRow(factor, luck, load, trials)
      Offenders.printSignals(trials, seeds, title: "\(factor) luck \(luck) load \(load)")
    }
    compare(compared)
    if rows.contains(cases.count + 1) { try groups(seeds, threads: threads) }
  }

  private static func printRow(_ factor: Double, _ luck: Double, _ load: Double, _ trials: [FavouritismTrial]) {
    var (plainAll, plainPlanted, shownAll, shownPlanted) = (0, 0, 0, 0)
    var family = 0
    var ratios: [Double] = []
    var ratiosShown: [Double] = []
    var requests: [Double] = []
    for trial in trials {
      for finding in trial.findings.pairs where finding.sValue != nil {
        let truth = trial.truth(finding)
        guard let estimate = finding.estimate, let ratio = finding.shown else { continue }
        let plain = estimate.low <= truth && truth <= estimate.high
        let shown = ratio.low <= truth && truth <= ratio.high
        family += 1
        requests.append(Double(finding.requests))
        if plain { plainAll += 1 }
        if shown { shownAll += 1 }
        guard truth != 1 else { continue }
        ratios.append(estimate.ratio)
        ratiosShown.append(ratio.ratio)
        if plain { plainPlanted += 1 }
        if shown { shownPlanted += 1 }
      }
    }
    let tallies = Tallies(runs: trials.map { $0.tally($0.signals) })
    func share(_ count: Int, _ of: Int) -> String { text(Double(count) / Double(max(of, 1)), 3) }
    print(
      "| \(text(factor, 3)) | \(text(luck, 1)) | \(text(load)) | \(trials.count) | \(trials.reduce(0) { $0 + $1.requests } / trials.count) "
        + "| \(text(median(requests), 0)) | \(trials.reduce(0) { $0 + $1.planted.count }) "
        + "| \(tallies.runs.reduce(0) { $0 + $1.flagged }) | \(text(tallies.falseDiscoveryProportion, 3)) "
        + "| \(text(tallies.power, 3)) | \(share(plainAll, family)) | \(share(plainPlanted, ratios.count)) "
        + "| \(share(shownAll, family)) | \(share(shownPlanted, ratios.count)) | \(text(median(ratios))) "
        + "| \(text(median(ratiosShown))) |")
  }

  /// What usual comparisons make of the same data.
  private static func compare(_ compared: [(factor: Double, trials: [FavouritismTrial])]) {
    if compared.isEmpty { return }
    print("\n### The same data, compared as usual\n")
    print(
      "Each pair's response times against those of the partner's other pairs, at a false discovery rate of 5 % "
        + "(Benjamini–Hochberg).\n")
    print("| factor | comparison | flagged pairs a run | wrong among them | power |")
    print("| ---: | --- | ---: | ---: | ---: |")
    for (factor, trials) in compared {
      for (k, name) in (["queue choices"] + NaiveComparisons.names).enumerated() {
        let tallies = Tallies(runs: trials.map { $0.tally(k == 0 ? $0.signals : $0.naive[k - 1]) })
        print(
          "| \(text(factor, 3)) | \(name) | \(text(tallies.flaggedPerRun, 1)) "
            + "| \(text(tallies.falseDiscoveryProportion, 2)) | \(text(tallies.power, 2)) |")
      }
    }
  }

  /// A group of managers answered sooner by every partner.
  private static func groups(_ seeds: [UInt64], threads: Int) throws {
    print("\n### A favoured group\n")
    print(
      "Managers whose location is remote, about 42 of 127, are picked more readily by everybody. Found: a signal for them. "
        + "Others: runs with a signal for a value of unit, level or gender.\n")
    print("| factor | runs | found | median ratio | true ratio in interval | others |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for factor in [1.0, 1.25, 1.6, 0.625] {
      let trials = try FavouritismTrial.all(seeds, threads: threads) {
        if factor != 1 {
          $0.groupDifferences = [GroupDifference(attribute: "location", value: "remote", factor: factor)]
        }
      }
      let remote = trials.compactMap { trial in
        trial.findings.groups.first { $0.attribute == "location" && $0.value == "remote" }
      }
      let found = remote.count { $0.verdict == .signal && (factor == 1 || ($0.ratio > 1) == (factor > 1)) }
      let others = trials.count { trial in
        trial.findings.groups.contains { $0.attribute != "location" && $0.verdict == .signal }
      }
      print(
        "| \(text(factor, 3)) | \(trials.count) | \(found) | \(text(median(remote.map(\.ratio)))) "
          + "| \(remote.count { $0.low <= factor && factor <= $0.high }) | \(others) |")
    }
  }
}
