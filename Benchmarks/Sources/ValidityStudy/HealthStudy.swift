import Rapport
import RapportSimulation

/// Whether estimated health and indicators correlate with the planted ones, and how often intervals hold them.
enum HealthStudy {
  /// Months of data, and how much managers' traits differ, the usual being 1.
  private static let rows: [(months: Int, traitSpread: Double)] = [(6, 1), (12, 1), (24, 1), (12, 0.3)]

  static func run(_ seeds: [UInt64]) throws {
    print("\n## Health against planted truth\n")
    print(
      "60 managers, 8 partners, one organisation per seed; intervals are to cover 90 %. Named: managers put above or "
        + "below the middle; wrongly: of them, whose planted health is on the other side of the planted median.\n")
    print(
      "| months | traits | managers | correlation, mean | r², mean | rankability, mean | coverage | bias | named | wrongly |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    var table: [String: Agreement] = [:]
    for (months, traitSpread) in rows {
      var correlations: [Double] = []
      var whole = Agreement()
      var rankability: [Double] = []
      var named = 0
      var wrongly = 0
      var indicators: [String: Agreement] = [:]
      for seed in seeds {
        var settings = SimulationSettings()
        (settings.managers, settings.partners, settings.months, settings.seed) = (60, 8, months, seed)
        settings.traitSpread = traitSpread
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
        let sides = Sides(trial)
        named += sides.named
        wrongly += sides.wrongly
        if let found = trial.assessment.ranking.rankability { rankability.append(found) }
      }
      print(
        "| \(months) | \(text(traitSpread, 1)) | \(whole.count) | \(text(mean(correlations))) "
          + "| \(text(mean(correlations.map { $0 * $0 }))) | \(text(mean(rankability))) "
          + "| \(text(whole.coverage, 3)) | \(text(whole.bias)) | \(named) | \(wrongly) |")
      if (months, traitSpread) == (12, 1) { table = indicators }
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
}

/// How many managers an organisation's tiers put above or below the middle, and how many of them wrongly.
struct Sides {
  private(set) var named = 0
  private(set) var wrongly = 0

  init(_ trial: Trial) {
    let names = Dictionary(trial.assessment.ranking.tiers.map { ($0.tier, $0.name) }, uniquingKeysWith: { a, _ in a })
    let sorted = trial.managers.compactMap(\.truth.health).sorted()
    guard !sorted.isEmpty else { return }
    let median = 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
    for (truth, assessed) in trial.managers {
      guard let health = truth.health, let name = assessed.rank.flatMap({ names[$0.tier] }) else { continue }
      let isAbove = name.hasPrefix("Likely above")
      guard isAbove || name.hasPrefix("Likely below") else { continue }
      named += 1
      if isAbove != (health > median) { wrongly += 1 }
    }
  }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

/// Whether managers between whom nothing differs are left unranked.
enum NullStudy {
  static func run(_ seeds: [UInt64]) throws {
    print("\n## No difference between managers\n")
    print(
      "60 managers alike in everything but, where confounding is above 0, the mix of their requests, which moves waits "
        + "that nothing adjusts. Planted spread: standard deviation of planted health within a run. Named: managers put "
        + "above or below the middle, in all runs; wrongly: of them, whose planted health is on the other side of the "
        + "planted median.\n")
    print(
      "| months | confounding | seeds | rankability, mean | largest | ordinal lists | several tiers | named | wrongly "
        + "| planted spread | coverage of health |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (months, confounding) in [(6, 0.0), (12, 0.0), (12, 0.6)] {
      var rankability: [Double] = []
      var ordinal = 0
      var tiers = 0
      var named = 0
      var wrongly = 0
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
        let sides = Sides(trial)
        named += sides.named
        wrongly += sides.wrongly
        let planted = trial.managers.compactMap(\.truth.health)
        let middle = mean(planted)
        spreads.append(mean(planted.map { ($0 - middle) * ($0 - middle) }).squareRoot())
        for (truth, assessed) in trial.managers {
          if let estimate = assessed.health.estimate, let health = truth.health { whole.add(estimate, truth: health) }
        }
      }
      print(
        "| \(months) | \(text(confounding, 1)) | \(seeds.count) | \(text(mean(rankability))) "
          + "| \(text(rankability.max() ?? 0)) | \(ordinal) | \(tiers) | \(named) | \(wrongly) | \(text(mean(spreads))) "
          + "| \(text(whole.coverage, 3)) |")
    }
  }
}
