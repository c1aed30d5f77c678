import Rapport
import RapportSimulation

/// Whether estimated health and indicators correlate with the planted ones, and how often intervals hold them.
enum HealthStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## Health against planted truth\n")
    print("60 managers, 8 partners, one organisation per seed; intervals are to cover 90 %.\n")
    print("| months | seeds | managers | correlation, mean | least | coverage | bias | rankability |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for months in [6, 12, 24] {
      var correlations: [Double] = []
      var whole = Agreement()
      var rankability: [Double] = []
      var indicators: [String: Agreement] = [:]
      for seed in seeds {
        var settings = SimulationSettings()
        (settings.managers, settings.partners, settings.months, settings.seed) = (60, 8, months, seed)
        let trial = try Trial(settings)
        var own = Agreement()
        for (truth, assessed) in trial.managers {
          if let estimate = assessed.health.estimate, let health = truth.health {
            own.add(estimate, truth: health)
            whole.add(estimate, truth: health)
          }
          for (name, value) in truth.indicators {
            if let estimate = assessed.indicators[name]?.score.estimate {
              indicators[name, default: Agreement()].add(estimate, truth: value)
            }
          }
        }
        correlations.append(own.correlation)
        if let found = trial.assessment.ranking.rankability { rankability.append(found) }
      }
      print(
        "| \(months) | \(seeds.count) | \(whole.count) | \(text(mean(correlations))) | \(text(correlations.min() ?? 0)) "
          + "| \(text(whole.coverage, 3)) | \(text(whole.bias)) | \(text(mean(rankability))) |")
      if months == 12 { table = indicators }
    }
    print("\nIndicators at 12 months:\n")
    print("| indicator | managers | correlation | coverage | mean truth | bias |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for indicator in Indicator.allCases {
      guard let found = table[indicator.rawValue] else { continue }
      print(
        "| \(indicator.rawValue) | \(found.count) | \(text(found.correlation)) | \(text(found.coverage, 3)) "
          + "| \(text(mean(found.truths), 3)) | \(text(found.bias, 3)) |")
    }
  }

  nonisolated(unsafe) private static var table: [String: Agreement] = [:]
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

/// Whether managers between whom nothing differs are left unranked.
enum NullStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## No difference between managers\n")
    print("60 managers alike in everything but the mix of their requests.\n")
    print("| months | seeds | rankability, mean | largest | ordinal lists | several tiers | coverage of health |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for months in [6, 12] {
      var rankability: [Double] = []
      var ordinal = 0
      var tiers = 0
      var whole = Agreement()
      for seed in seeds {
        var settings = SimulationSettings()
        (settings.managers, settings.partners, settings.months, settings.seed) = (60, 8, months, seed)
        (settings.traitSpread, settings.favouredShare, settings.trendShare) = (0, 0, 0)
        let trial = try Trial(settings)
        rankability.append(trial.assessment.ranking.rankability ?? 0)
        if trial.assessment.ranking.isOrdinal { ordinal += 1 }
        if trial.assessment.ranking.tiers.filter({ !$0.managers.isEmpty }).count > 1 { tiers += 1 }
        for (truth, assessed) in trial.managers {
          if let estimate = assessed.health.estimate, let health = truth.health { whole.add(estimate, truth: health) }
        }
      }
      print(
        "| \(months) | \(seeds.count) | \(text(mean(rankability))) | \(text(rankability.max() ?? 0)) | \(ordinal) | \(tiers) "
          + "| \(text(whole.coverage, 3)) |")
    }
  }
}
