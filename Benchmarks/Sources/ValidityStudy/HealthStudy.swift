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
    print(
      "60 managers alike in everything but, where confounding is above 0, the mix of their requests, which moves waits "
        + "that nothing adjusts. Planted spread: standard deviation of planted health within a run.\n")
    print(
      "| months | confounding | seeds | rankability, mean | largest | ordinal lists | several tiers | planted spread "
        + "| coverage of health |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (months, confounding) in [(6, 0.0), (12, 0.0), (12, 0.6)] {
      var rankability: [Double] = []
      var ordinal = 0
      var tiers = 0
      var whole = Agreement()
      var spreads: [Double] = []
      for seed in seeds {
        var settings = SimulationSettings()
        (settings.managers, settings.partners, settings.months, settings.seed) = (60, 8, months, seed)
        (settings.traitSpread, settings.favouredShare, settings.trendShare) = (0, 0, 0)
        settings.confounding = confounding
        let trial = try Trial(settings)
        rankability.append(trial.assessment.ranking.rankability ?? 0)
        if trial.assessment.ranking.isOrdinal { ordinal += 1 }
        if trial.assessment.ranking.tiers.filter({ !$0.managers.isEmpty }).count > 1 { tiers += 1 }
        let planted = trial.managers.compactMap(\.truth.health)
        let middle = mean(planted)
        spreads.append(mean(planted.map { ($0 - middle) * ($0 - middle) }).squareRoot())
        for (truth, assessed) in trial.managers {
          if let estimate = assessed.health.estimate, let health = truth.health { whole.add(estimate, truth: health) }
        }
      }
      print(
        "| \(months) | \(text(confounding, 1)) | \(seeds.count) | \(text(mean(rankability))) "
          + "| \(text(rankability.max() ?? 0)) | \(ordinal) | \(tiers) | \(text(mean(spreads))) "
          + "| \(text(whole.coverage, 3)) |")
    }
  }
}
