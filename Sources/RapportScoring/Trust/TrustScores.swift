import RapportIngestion
import RapportNumerics

/// Trust of pairs, managers and partners as scores from 0 to 100.
///
/// A manager's or partner's trust is the mean over their pairs, each weighted by its discounted evidence; nothing passes
/// from one pair to another (no transitive trust). A direction is shown from ``needed`` pieces of evidence on, and both
/// together where every direction that counts has as many: otherwise a half of it would be the prior alone. For managers
/// and partners, evidence of a direction counts over all their pairs.
struct TrustScores: Sendable {
  struct Scores: Sendable {
    var both: Score
    var inPartner: Score
    var inManager: Score
    var gap: Score
    /// Draws of `both` on 0–100, for a ranking by trust; otherwise empty, and where there is no score.
    var draws: [Float] = []
  }

  /// Pieces of evidence before trust in one direction is shown.
  static let needed = 3

  var pairs: [Scores]
  var managers: [Scores]
  var partners: [Scores]
  /// Expected ranks of managers (1 = highest) if negative evidence weighed 1, 2 and 3 times as much as positive; `nil`
  /// without a score.
  var managerRanksByAsymmetry: [[Double?]]
  /// What they rest on.
  let basis: TrustBasis
  /// Of managers' trust; `nil` where they aren't ranked by it.
  let departures: Departures?

  /// The weights of negative evidence that ranks are shown for.
  static let asymmetries = [1.0, 2, 3]

  /// A manager's rank by trust if negative evidence weighed 1, 2 and 3 times as much as positive; empty without one.
  func ranksByAsymmetry(_ manager: Int) -> [String: Double] {
    var result: [String: Double] = [:]
    for (asymmetry, ranks) in zip(Self.asymmetries, managerRanksByAsymmetry) {
      if let rank = ranks[manager] { result[String(Int(asymmetry))] = rank }
    }
    return result
  }

  /// - Parameter numbersAtOnce: how many draws stand in memory together, about; can't change the result.
  init(_ history: History, _ table: PairTable, options: AssessmentOptions, numbersAtOnce: Int = 4_000_000) {
    let evidence = TrustEvidence(history, table, surveyScale: options.surveyScale)
    basis = evidence.basis
    let asOf = history.months.upperBound
    @Sendable func fitted(_ asymmetry: Double, _ evidence: TrustEvidence) -> TrustModel.Fit {
      TrustModel(halfLifeDays: options.halfLifeDays, asymmetry: asymmetry)
        .fit(evidence, pairCount: table.count, asOf: asOf)
    }
    let fit = fitted(options.asymmetry, evidence)
    let managerPairs = (0..<table.managerCount).map { Array(table.starts[$0]..<table.starts[$0 + 1]) }
    let directions = Self.directions(fit, managerPairs)
    let drawing = TrustDraws(fit, options)
    func units(_ units: [Int], count: Int, draws: Int, keepsDraws: Bool = false) -> TrustUnits {
      TrustUnits(
        fit, directions, unitOfPair: units, count: count, draws: draws, keepsDraws: keepsDraws, options: options)
    }
    // A pair's draws are the same wherever it is used, so they are made once: for itself, its manager and its partner. All
    // take them a batch at a time, so that draws of all pairs never stand in memory.
    var alone = units(Array(0..<table.count), count: table.count, draws: drawing.first)
    var ofManagers = units(
      table.managers.map { Int($0) }, count: table.managerCount, draws: drawing.ofRanked,
      keepsDraws: options.rankBy == .trust)
    var ofPartners = units(table.partners.map { Int($0) }, count: table.partnerCount, draws: drawing.first)
    let pairsAtOnce = max(1, numbersAtOnce / (TrustDirection.allCases.count * drawing.all))
    for start in stride(from: 0, to: table.count, by: pairsAtOnce) {
      let batch = start..<min(start + pairsAtOnce, table.count)
      let isNeeded = batch.map {
        alone.isShown(pair: $0) || ofManagers.isShown(pair: $0) || ofPartners.isShown(pair: $0)
      }
      let drawn = parallelMap(count: batch.count, threads: options.threads) { i in
        isNeeded[i] ? drawing.draw(batch.lowerBound + i) : []
      }
      alone.add(batch, drawn)
      ofManagers.add(batch, drawn)
      ofPartners.add(batch, drawn)
    }
    (pairs, managers, partners) = (alone.scores, ofManagers.scores, ofPartners.scores)
    let hasTrust = managers.map { $0.both.estimate != nil }
    let scored = managerPairs.indices.map { hasTrust[$0] ? managerPairs[$0] : [] }
    departures =
      options.rankBy == .trust
      ? Self.departures(
        of: fit, directions, scored,
        months: SplitHalves.months(history, units: table.managerCount, seed: options.seed), threads: options.threads
      ) { fitted(options.asymmetry, evidence.part($0)) } : nil
    managerRanksByAsymmetry = Self.asymmetries.map { asymmetry in
      guard hasTrust.contains(true) else { return hasTrust.map { _ in nil } }
      let other = asymmetry == options.asymmetry ? fit : fitted(asymmetry, evidence)
      let means = managerPairs.indices.map { hasTrust[$0] ? Self.bothMean(other, directions, managerPairs[$0]) : nil }
      return SharedRanks.of(means)
    }
  }

  /// Directions that trust in both rests on: those that the input measures and that some manager has enough evidence of,
  /// so that a stray event can't take everybody's trust away; where that is none, those that it measures.
  private static func directions(_ fit: TrustModel.Fit, _ managers: [[Int]]) -> [TrustDirection] {
    let measured = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    let known = measured.filter { direction in managers.contains { count(fit, direction, $0) >= needed } }
    return known.isEmpty ? measured : known
  }

  /// Pieces of evidence on one direction of some pairs.
  private static func count(_ fit: TrustModel.Fit, _ direction: TrustDirection, _ pairs: [Int]) -> Int {
    pairs.reduce(0) { $0 + fit.count($1, direction) }
  }

  /// The posterior mean of trust in both directions, by pairs' evidence.
  private static func bothMean(_ fit: TrustModel.Fit, _ directions: [TrustDirection], _ pairs: [Int]) -> Double {
    let weights = pairs.map { pair in directions.reduce(0) { $0 + fit.weight(pair, $1) } }
    let total = weights.reduce(0, +)
    return zip(pairs, weights).reduce(0) { sum, row in
      sum + row.1 / total * directions.reduce(1) { $0 * fit.mean(row.0, $1, power: 1 / Double(directions.count)) }
    }
  }
}
