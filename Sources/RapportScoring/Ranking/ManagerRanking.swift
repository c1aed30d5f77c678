import RapportNumerics

/// Places of managers by one score, with what isn't known about them (METHODS.md §10).
struct ManagerRanking: Sendable {
  var ranking: Ranking
  /// By manager; `nil` without a score.
  var ranks: [Rank?]

  /// What is ranked: each manager's score, its posterior draws, and its unshrunken value.
  struct Entry: Sendable {
    var score: Score
    var draws: [Float]
    var plain: (score: Double, error: Double)?
  }

  /// An ordinal list is given from this rankability on.
  static let ordinalFrom = 0.5
  /// Below this rankability nobody is put above or below the middle but whoever stands out from all (``Spread``).
  static let toldApartFrom = 0.1

  init(_ entries: [Entry], names: [String], by: RankedScore, options: AssessmentOptions) {
    ranks = Array(repeating: nil, count: entries.count)
    let units = entries.indices.filter { entries[$0].score.estimate != nil && !entries[$0].draws.isEmpty }
    guard units.count >= 2 else {
      ranking = Ranking(
        by: by, rankability: nil, isOrdinal: false, order: units.map { names[$0] },
        tiers: units.isEmpty
          ? [] : [Ranking.Tier(tier: 1, name: "Only one manager", managers: units.map { names[$0] })],
        reason: units.isEmpty
          ? "No manager has enough evidence for this score." : "One manager only has enough evidence for this score.")
      return
    }
    let posterior = PosteriorRanking(units.map { entries[$0].draws }, options: options)
    var spread: Spread?
    let reason: String
    do throws(ScoringError) {
      let found = try Spread(units.map { entries[$0].plain })
      spread = found
      reason = Self.reason(found.rankability)
    } catch {
      reason = error.description
    }
    let rankability = spread?.rankability
    let isOrdinal = (rankability ?? 0) >= Self.ordinalFrom
    let isTold = spread.flatMap { $0.rankability >= Self.toldApartFrom ? nil : $0.standsOut }
    let sides = zip(Tiers.assign(posterior), isTold ?? units.map { _ in true }).map { $1 ? $0 : .notTold }
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
          tier: i + 1, name: Self.name(side),
          managers: units.indices.filter { sides[$0] == side }.map { names[units[$0]] })
      },
      reason: reason)
  }

  /// What unshrunken scores say of all managers together (METHODS.md §14.9).
  struct Spread {
    /// ρ, with τ² by restricted maximum likelihood of a normal-normal model.
    var rankability: Double
    /// Whether a score lies further from the common mean than the furthest of n equal managers would in 1 of 20
    /// organisations:
    ///
    ///     |score − mean| / error > Φ⁻¹(1 − 0.05 / 2n)
    ///
    /// Source: funnel limits, Spiegelhalter (2005), Funnel plots for comparing institutional performance; Bonferroni's
    /// inequality.
    var standsOut: [Bool]

    /// - Throws: ``ScoringError``, a sentence for the reader, with fewer than 3 scores, or where τ² can't be found.
    init(_ plain: [(score: Double, error: Double)?]) throws(ScoringError) {
      let known = plain.compactMap { $0 }
      guard known.count >= 3 else {
        throw ScoringError(
          "\(Wording.count(known.count, "manager")) with a score from own evidence: how much of the variance between them is real "
            + "(rankability) can be told from 3 on; tiers only.")
      }
      // A score whose error came out as 0 (every value at the end of its goalposts) would weigh without end.
      func variance(_ error: Double) -> Double { max(error * error, 1e-6) }
      let variances = known.map { variance($0.error) }
      let fit: NormalNormalFit
      do throws(NumericsError) {
        fit = try NormalNormal().fit(estimates: known.map(\.score), variances: variances)
      } catch {
        throw ScoringError(
          "How much of the variance between unadjusted scores is real (rankability) can't be told: \(error.description); tiers only."
        )
      }
      // Some score has an error above zero, so there is a share.
      rankability = Rankability.share(betweenVariance: fit.betweenVariance, errorVariances: variances)!
      let limit = Normal.standard.quantile(1 - 0.05 / (2 * Double(known.count)))
      standsOut = plain.map { plain in
        plain.map { abs($0.score - fit.coefficients[0]) > limit * variance($0.error).squareRoot() } ?? false
      }
    }
  }

  private static func name(_ side: Tiers.Side) -> String {
    switch side {
    case .above: "Above the middle"
    case .notTold: "Not told apart"
    case .below: "Below the middle"
    }
  }

  private static func reason(_ rankability: Double) -> String {
    let share = "\(Int((rankability * 100).rounded())) %"
    if rankability >= ordinalFrom {
      return "\(share) of the variance between unadjusted scores is real (rankability), so an order is warranted; "
        + "its intervals say how far."
    }
    if rankability < toldApartFrom {
      return
        "Only \(share) of the variance between unadjusted scores is real (rankability below 10 %): differences are "
        + "hardly more than chance alone gives, so nobody is put above or below the middle unless one stands further "
        + "out than chance would put anybody."
    }
    return "Only \(share) of the variance between unadjusted scores is real (rankability below 50 %): an order would "
      + "mostly show chance, so managers stand in tiers: above or below the middle where that is at least 95 % sure or "
      + "a place in the highest or lowest tenth as likely as not, and otherwise not told apart."
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
