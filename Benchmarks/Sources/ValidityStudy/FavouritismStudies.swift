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

/// How often planted favour is found, and how many signals are wrong.
enum PowerStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## Planted favour\n")
    print(
      "A pair is planted with the factor on the odds of being picked; found: its verdict is a signal. The ratio is what "
        + "the findings estimate (by the timing model: a ratio of waits, smaller than the odds).\n")
    print(
      "| factor | utilisation | runs | planted | found | power | wrong signals | share wrong | mean ratio of planted |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (factor, utilisation) in [(1.6, 0.85), (2.5, 0.75), (2.5, 0.85), (4.0, 0.85), (0.4, 0.85)] {
      var planted = 0
      var found = 0
      var wrong = 0
      var ratios: [Double] = []
      for seed in seeds {
        let trial = try organisation(seed) {
          $0.favouredShare = 0.08
          $0.favouredFactor = factor
          $0.utilisation = utilisation
        }
        let favoured = Set(trial.truth.pairs.filter { $0.planted != 1 }.map { [$0.manager, $0.partner] })
        planted += favoured.count
        for finding in trial.assessment.favouritism.pairs {
          let isPlanted = favoured.contains([finding.manager, finding.partner])
          if isPlanted { ratios.append(finding.ratio) }
          guard finding.verdict == .signal else { continue }
          if isPlanted && (finding.ratio > 1) == (factor > 1) { found += 1 } else { wrong += 1 }
        }
      }
      print(
        "| \(text(factor, 1)) | \(text(utilisation)) | \(seeds.count) | \(planted) | \(found) "
          + "| \(text(Double(found) / Double(max(planted, 1)))) | \(wrong) "
          + "| \(text(Double(wrong) / Double(max(found + wrong, 1)))) | \(text(mean(ratios))) |")
    }
  }
}
