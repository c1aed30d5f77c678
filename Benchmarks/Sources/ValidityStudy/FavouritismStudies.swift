import Foundation
import Rapport
import RapportSimulation

/// An organisation of 60 managers with ten requests each a month, in which only what is planted differs.
private func organisation(_ seed: UInt64, _ change: (inout SimulationSettings) -> Void) throws -> Trial {
  var settings = SimulationSettings()
  (settings.managers, settings.partners, settings.seed) = (60, 6, seed)
  (settings.traitSpread, settings.favouredShare, settings.trendShare) = (0, 0, 0)
  settings.requestsPerMonth = 10
  settings.behaviours = [.requests, .absences]
  settings.referenceRequests = 0
  change(&settings)
  return try Trial(settings)
}

/// Signals of favouritism where there is none, with confounded request mixes and every way of working.
enum FalseSignalStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## Signals where nobody is favoured\n")
    print("Runs with any signal, by level, and signals at pairs in all.\n")
    print("| discipline | confounding | runs | any pair | any partner | any manager | any group | pair signals |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    let disciplines: [QueueDiscipline] = [
      .choice, .firstInFirstOut, .strictPriority, .shortestJobFirst, .batching, .mixed,
    ]
    for (discipline, confounding) in disciplines.map({ ($0, 0.6) }) + [(.choice, 0.0), (.choice, 1.0)] {
      var runs = [0, 0, 0, 0]
      var signals = 0
      for seed in seeds {
        let findings = try organisation(seed) {
          $0.discipline = discipline
          $0.confounding = confounding
        }.assessment.favouritism
        let counts = [
          findings.pairs.count { $0.verdict == .signal }, findings.partners.count { $0.verdict == .signal },
          findings.managers.count { $0.verdict == .signal }, findings.groups.count { $0.verdict == .signal },
        ]
        for (level, count) in counts.enumerated() where count > 0 { runs[level] += 1 }
        signals += counts[0]
      }
      print(
        "| \(discipline.rawValue) | \(text(confounding, 1)) | \(seeds.count) | \(runs[0]) | \(runs[1]) | \(runs[2]) "
          + "| \(runs[3]) | \(signals) |")
    }
  }
}

/// How often planted favour is found.
enum PowerStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## Planted favour\n")
    print(
      "60 managers, 4 partners at 92 % load. Factor: planted on the odds of being picked next. Since who waits long is "
        + "picked sooner anyway, waits change by less: true and estimated readiness are geometric means over planted pairs "
        + "of how many times as fast they are answered as comparable requests. Found: the verdict is a signal in the "
        + "planted direction.\n")
    print("| factor | runs | planted | true readiness | estimated | found | power | wrong signals | share wrong |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for factor in [1.6, 2.5, 4.0, 10.0, 0.25] {
      var planted = 0
      var found = 0
      var wrong = 0
      var truths: [Double] = []
      var estimates: [Double] = []
      for seed in seeds {
        let trial = try organisation(seed) {
          $0.partners = 4
          $0.favouredShare = 0.08
          $0.favouredFactor = factor
          $0.utilisation = 0.92
          $0.referenceRequests = 300
        }
        var favoured: [[String]: Double] = [:]
        for pair in trial.truth.pairs where pair.planted != 1 {
          favoured[[pair.manager, pair.partner]] = pair.timingRatio.map { 1 / $0 }
        }
        planted += favoured.count
        for finding in trial.assessment.favouritism.pairs {
          let truth = favoured[[finding.manager, finding.partner]]
          if let truth {
            truths.append(log(truth))
            estimates.append(log(finding.estimate.ratio))
          }
          guard finding.verdict == .signal else { continue }
          if truth != nil && (finding.ratio > 1) == (factor > 1) { found += 1 } else { wrong += 1 }
        }
      }
      print(
        "| \(text(factor)) | \(seeds.count) | \(planted) | \(text(exp(mean(truths)))) | \(text(exp(mean(estimates)))) "
          + "| \(found) | \(text(Double(found) / Double(max(planted, 1)))) | \(wrong) "
          + "| \(text(Double(wrong) / Double(max(found + wrong, 1)))) |")
    }
  }
}
