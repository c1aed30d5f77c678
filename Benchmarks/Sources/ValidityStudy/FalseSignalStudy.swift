import Foundation
import Rapport
import RapportSimulation

/// Signals of favouritism where there is none, with confounded request mixes and every way of working.
enum FalseSignalStudy {
  /// One way of working, and what differs between requests.
  struct Case: Sendable {
    var discipline: QueueDiscipline
    var confounding = 0.8
    var luck = 0.0
    /// Managers whose numbers of requests differ widely, and queues that are often empty.
    var isUneven = false
  }

  static let cases: [Case] =
    [QueueDiscipline.choice, .firstInFirstOut, .strictPriority, .shortestJobFirst, .batching, .mixed].map {
      Case(discipline: $0)
    } + [
      Case(discipline: .choice, confounding: 0), Case(discipline: .choice, luck: 0.7),
      Case(discipline: .mixed, luck: 0.7), Case(discipline: .choice, isUneven: true),
      Case(discipline: .batching, isUneven: true), Case(discipline: .mixed, isUneven: true),
    ]

  static func run(_ seeds: [UInt64], rows: ClosedRange<Int>, threads: Int) throws {
    print("\n## Signals where nobody is favoured\n")
    print(
      "Runs with a signal, by level, and at any level; signals in all. Uneven: managers' volumes differ by a standard "
        + "deviation of 0.4 on the log scale, half of them go to the home partner, and queues are at 85 % load.\n")
    print(
      "| discipline | confounding | luck | volumes | runs | pairs | partners | managers | groups | any level | share | "
        + "signals |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    var shares: [Double] = []
    for (row, one) in cases.enumerated() where rows.contains(row + 1) {
      let trials = try FavouritismTrial.all(seeds, threads: threads) {
        $0.discipline = one.discipline
        $0.confounding = one.confounding
        $0.requestLuck = one.luck
        if one.isUneven { ($0.volumeSpread, $0.homeShare, $0.utilisation, $0.requestsPerMonth) = (nil, 0.5, 0.85, 26) }
      }
      var runs = [0, 0, 0, 0]
      var anyLevel = 0
      var signals = 0
      for trial in trials {
        let findings = trial.findings
        let counts = [
          findings.pairs.count { $0.verdict == .signal }, findings.partners.count { $0.verdict == .signal },
          findings.managers.count { $0.verdict == .signal }, findings.groups.count { $0.verdict == .signal },
        ]
        for (level, count) in counts.enumerated() where count > 0 { runs[level] += 1 }
        if counts.contains(where: { $0 > 0 }) { anyLevel += 1 }
        signals += counts.reduce(0, +)
      }
      let share = Double(anyLevel) / Double(trials.count)
      shares.append(share)
      print(
        "| \(one.discipline.rawValue) | \(text(one.confounding, 1)) | \(text(one.luck, 1)) "
          + "| \(one.isUneven ? "uneven" : "even") | \(trials.count) | \(runs[0]) | \(runs[1]) | \(runs[2]) "
          + "| \(runs[3]) | \(anyLevel) | \(text(share, 3)) | \(signals) |")
      Offenders.printSignals(trials, seeds, title: "\(one)")
    }
    print("\nMean share \(text(mean(shares), 3)), largest \(text(shares.max() ?? 0, 3)).")
  }
}

/// What went wrong, on the standard error, for whoever looks after the estimators.
enum Offenders {
  /// Signals that aren't planted.
  static func printSignals(_ trials: [FavouritismTrial], _ seeds: [UInt64], title: String) {
    var lines: [String] = []
    for (trial, seed) in zip(trials, seeds) {
      for finding in trial.findings.pairs
      where finding.verdict == .signal && (trial.truth(finding) > 1) != ((finding.ratio ?? 1) > 1)
        || (finding.verdict == .signal && trial.truth(finding) == 1)
      {
        guard let estimate = finding.estimate, let shown = finding.shown else { continue }
        lines.append(
          "seed \(seed) pair \(finding.manager)/\(finding.partner) estimate \(text(estimate.ratio)) "
            + "(\(text(estimate.low))–\(text(estimate.high))) posterior \(text(shown.ratio)) s \(text(finding.sValue ?? 1, 4)) "
            + "own \(text(finding.localFalseSignRate ?? 1, 4)) choices \(finding.choices ?? 0) requests \(finding.requests)"
        )
      }
      for finding in trial.findings.partners where finding.verdict == .signal && trial.planted.isEmpty {
        lines.append(
          "seed \(seed) partner \(finding.partner) median ratio \(text(finding.medianRatio ?? 0)) p \(text(finding.pValue ?? 1, 5)) q \(text(finding.qValue ?? 1, 4))"
        )
      }
      for finding in trial.findings.managers where finding.verdict == .signal && trial.planted.isEmpty {
        lines.append(
          "seed \(seed) manager \(finding.manager) ratio \(text(finding.ratio ?? 1)) own \(text(finding.localFalseSignRate ?? 1, 4)) s \(text(finding.sValue ?? 1, 4))"
        )
      }
      for finding in trial.findings.groups where finding.verdict == .signal && trial.planted.isEmpty {
        lines.append(
          "seed \(seed) group \(finding.attribute)=\(finding.value) ratio \(text(finding.ratio)) q \(text(finding.qValue, 4))"
        )
      }
    }
    for line in lines.prefix(30) { FileHandle.standardError.write(Data("  [\(title)] \(line)\n".utf8)) }
  }
}
