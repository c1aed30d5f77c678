import RapportNumerics

/// Places of managers by one score, with what isn't known about them (METHODS.md §10).
struct ManagerRanking: Sendable {
  var ranking: Ranking
  /// By manager; `nil` without a score.
  var ranks: [Rank?]

  /// What is ranked: each manager's score and its posterior draws.
  struct Entry: Sendable {
    var score: Score
    var draws: [Float]
  }

  /// An ordinal list is given from this rankability on.
  static let ordinalFrom = 0.5
  /// Rankability is said from so many managers on.
  static let rankabilityFrom = 3

  /// - Parameter departures: of the same score from own values; `nil` where none are known.
  init(_ entries: [Entry], names: [String], by: RankedScore, departures: Departures? = nil, options: AssessmentOptions)
  {
    ranks = Array(repeating: nil, count: entries.count)
    let units = entries.indices.filter { entries[$0].score.estimate != nil && !entries[$0].draws.isEmpty }
    guard units.count >= 2 else {
      ranking = Ranking(
        by: by, rankability: nil, isOrdinal: false, order: units.map { names[$0] },
        tiers: units.isEmpty
          ? [] : [Ranking.Tier(tier: 1, side: .notTold, name: "Only one manager", managers: units.map { names[$0] })],
        reason: units.isEmpty
          ? "No manager has enough evidence for this score." : "One manager only has enough evidence for this score.")
      return
    }
    let posterior = PosteriorRanking(units.map { entries[$0].draws }, options: options)
    let rankability =
      units.count < Self.rankabilityFrom
      ? nil
      : Rankability.share(ofDraws: units.map { entries[$0].draws }, errorInflation: departures?.inflation ?? 1)
    // Below what equal managers reach by chance nobody is put above or below the middle but who stands out from all.
    let chance = Rankability.chanceLimit(unitCount: units.count)
    let isOrdinal = (rankability ?? 0) >= max(Self.ordinalFrom, chance)
    let isTold = units.map { (rankability ?? 1) >= chance || departures?.standsOut($0) ?? false }
    let sides = zip(Tiers.assign(posterior), isTold).map { $1 ? $0 : .notTold }
    let present = Tiers.Side.allCases.filter { sides.contains($0) }
    let tiers = sides.map { present.firstIndex(of: $0)! + 1 }
    for (i, unit) in units.enumerated() {
      ranks[unit] = Rank(
        expected: posterior.expectedRanks[i], percentile: posterior.percentiles[i], low: posterior.lowerRanks[i],
        high: posterior.upperRanks[i], probabilityLowestTenth: posterior.probabilityLowestTenth[i],
        probabilityHighestTenth: posterior.probabilityHighestTenth[i], tier: tiers[i])
    }
    let order = units.indices.sorted {
      isOrdinal
        ? (posterior.expectedRanks[$0], units[$0]) < (posterior.expectedRanks[$1], units[$1])
        : (tiers[$0], units[$0]) < (tiers[$1], units[$1])
    }
    ranking = Ranking(
      by: by, rankability: rankability, isOrdinal: isOrdinal, order: order.map { names[units[$0]] },
      tiers: present.enumerated().map { i, side in
        Ranking.Tier(
          tier: i + 1, side: side, name: Self.name(side),
          managers: units.indices.filter { sides[$0] == side }.map { names[units[$0]] })
      },
      reason: rankability.map { Self.reason($0, chance: chance, of: units.count) }
        ?? "\(Wording.count(units.count, "manager")) with a score: how much of the variance between them is backed by "
        + "evidence (rankability) can be said from \(Self.rankabilityFrom) on; tiers only.")
  }

  private static func name(_ side: Tiers.Side) -> String {
    switch side {
    case .above: "Likely above the middle"
    case .notTold: "Not told apart"
    case .below: "Likely below the middle"
    }
  }

  /// Why there is a list, or none.
  ///
  /// - Parameters:
  ///   - chance: the rankability that so many equal managers reach by chance.
  ///   - managers: how many have a score.
  static func reason(_ rankability: Double, chance: Double, of managers: Int) -> String {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    let backed = "\(percent(rankability)) of the variance between managers is backed by evidence"
    if rankability < chance {
      return
        "Only \(backed) (rankability; of so many equal managers chance alone gives up to \(percent(chance))): nobody is put "
        + "above or below the middle unless one stands further out than chance would put anybody."
    }
    if rankability < ordinalFrom {
      // Among fewer a tenth is one manager, and decides no tier.
      let tenth =
        managers < Tiers.unitsForTenths ? "" : " or a place in the highest or lowest tenth as likely as not"
      return "Only \(backed) (rankability below 50 %): an order would "
        + "mostly show chance, though single managers far out may be told. So managers stand in tiers: above or below the middle where "
        + "that is at least 95 % sure\(tenth), and otherwise not told apart. Tiers go by how sure that is, so that their scores overlap."
    }
    return "\(backed) (rankability), so an order is warranted; its intervals say how far."
  }
}

extension PosteriorRanking {
  /// Ranks over draws, as many of each unit.
  init(_ draws: [[Float]], options: AssessmentOptions) {
    self.init(
      unitCount: draws.count, draws: draws[0].count, level: options.interval, threads: options.threads
    ) { index, values in
      for unit in values.indices { values[unit] = Double(draws[unit][index]) }
    }
  }
}
