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
    /// Draws of `both` on 0–100, for the ranking; empty where there is no score.
    var draws: [Double] = []
  }

  /// Pieces of evidence before trust in one direction is shown.
  static let needed = 3

  var pairs: [Scores]
  var managers: [Scores]
  var partners: [Scores]
  /// Expected ranks of managers (1 = highest) if negative evidence weighed 1, 2 and 3 times as much as positive; `nil`
  /// without a score.
  var managerRanksByAsymmetry: [[Double?]]
  /// How many of the three facets the input measures, by direction.
  var measuredFacets: (inPartner: Int, inManager: Int)
  /// Managers' trust from their own evidence without a prior, 0–100, with its standard error.
  private var plainManagers: [(score: Double, error: Double)?]

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

  /// A manager's unshrunken trust, for rankability.
  func plain(_ manager: Int) -> (score: Double, error: Double)? { plainManagers[manager] }

  init(_ history: History, _ table: PairTable, options: AssessmentOptions) {
    let scale = options.surveyScaleLow...options.surveyScaleHigh
    let evidence = TrustEvidence(history, table, surveyScale: scale)
    let asOf = history.months.upperBound
    func fit(_ asymmetry: Double) -> TrustModel.Fit {
      TrustModel(halfLifeDays: options.halfLifeDays, asymmetry: asymmetry)
        .fit(evidence, pairCount: table.count, asOf: asOf)
    }
    let fit = fit(options.asymmetry)
    let threads = options.threads
    let managerPairs = (0..<table.managerCount).map { Array(table.starts[$0]..<table.starts[$0 + 1]) }
    var partnerPairs = [[Int]](repeating: [], count: table.partnerCount)
    for pair in 0..<table.count { partnerPairs[Int(table.partners[pair])].append(pair) }
    let byPartner = partnerPairs
    let directions = Self.directions(fit, managerPairs)
    let measured = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    let draws = options.drawsOfPairs
    @Sendable func tally(_ pairs: [Int]) -> TrustTally { TrustTally(fit, directions, of: pairs, draws: draws) }
    let blank = byPartner.map(tally)
    // A pair's draws are the same wherever it is used, so they are made once: for itself, its manager and its partner. Partners
    // take them some managers at a time, in the order of pairs, so that draws of all pairs never stand in memory.
    var (pairs, managers, tallies): ([Scores], [Scores], [TrustTally]) = ([], [], blank)
    for first in stride(from: 0, to: table.managerCount, by: Self.managersAtOnce) {
      let last = min(first + Self.managersAtOnce, table.managerCount)
      typealias Made = (pairs: [Scores], own: Scores, drawn: [[[Double]]])
      let made = parallelMap(count: last - first, threads: threads) { i -> Made in
        let ownPairs = managerPairs[first + i]
        var own = tally(ownPairs)
        var scores: [Scores] = []
        var drawn: [[[Double]]] = []
        for pair in ownPairs {
          var alone = tally([pair])
          if alone.isShown || own.isShown || blank[Int(table.partners[pair])].isShown {
            let draws = Self.draws(fit, measured, pair, draws, options)
            alone.add(pair, draws)
            own.add(pair, draws)
            drawn.append(draws)
          } else {
            drawn.append([])
          }
          scores.append(alone.scores(options, keepsDraws: false))
        }
        let keepsDraws = options.rankBy == .trust
        return (
          scores,
          keepsDraws
            ? Self.scores(fit, directions, ownPairs, options, keepsDraws: true)
            : own.scores(options, keepsDraws: false), drawn
        )
      }
      pairs += made.flatMap(\.pairs)
      managers += made.map(\.own)
      let (start, drawn) = (table.starts[first], made.flatMap(\.drawn))
      let own = Dictionary(grouping: start..<table.starts[last]) { Int(table.partners[$0]) }.sorted { $0.key < $1.key }
      let before = tallies
      let after = parallelMap(count: own.count, threads: threads) { i in
        var tally = before[own[i].key]
        for pair in own[i].value where !drawn[pair - start].isEmpty { tally.add(pair, drawn[pair - start]) }
        return tally
      }
      for (partner, tally) in zip(own, after) { tallies[partner.key] = tally }
    }
    (self.pairs, self.managers) = (pairs, managers)
    partners = tallies.map { $0.scores(options, keepsDraws: false) }
    let hasTrust = managers.map { $0.both.estimate != nil }
    measuredFacets = (fit.facets(.inPartner).count, fit.facets(.inManager).count)
    plainManagers = managerPairs.indices.map { hasTrust[$0] ? Self.plain(fit, directions, managerPairs[$0]) : nil }
    managerRanksByAsymmetry = Self.asymmetries.map { asymmetry in
      guard hasTrust.contains(true) else { return hasTrust.map { _ in nil } }
      let other =
        asymmetry == options.asymmetry
        ? fit
        : TrustModel(
          halfLifeDays: options.halfLifeDays, asymmetry: asymmetry
        ).fit(evidence, pairCount: table.count, asOf: asOf)
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

  /// Trust from the evidence alone, with half a success and half a failure in each facet, by pairs' evidence; the error by
  /// the delta method on log trust.
  private static func plain(
    _ fit: TrustModel.Fit, _ directions: [TrustDirection], _ pairs: [Int]
  ) -> (score: Double, error: Double) {
    var value = 0.0
    var variance = 0.0
    let total = pairs.reduce(0.0) { sum, pair in directions.reduce(sum) { $0 + fit.weight(pair, $1) } }
    for pair in pairs {
      let share = directions.reduce(0) { $0 + fit.weight(pair, $1) } / total
      var logTrust = 0.0
      var logVariance = 0.0
      for direction in directions {
        let facets = fit.facets(direction).map { fit.cell(pair, direction, $0) }.filter { fit.counts[$0] > 0 }
        guard !facets.isEmpty else { continue }
        let exponent = 1 / Double(facets.count * directions.count)
        for cell in facets {
          let (a, b) = (fit.positive[cell] + 0.5, fit.negative[cell] + 0.5)
          let p = a / (a + b)
          logTrust += exponent * WaitCurve.log(p)
          logVariance += exponent * exponent * (1 - p) / (p * (a + b))
        }
      }
      let trust = Posterior.exponential(logTrust)
      value += share * trust
      variance += share * share * trust * trust * logVariance
    }
    return (100 * value, 100 * variance.squareRoot())
  }

  /// Managers whose pairs' draws stand in memory together.
  private static let managersAtOnce = 256

  /// Trust over some pairs together.
  static func scores(
    _ fit: TrustModel.Fit, _ directions: [TrustDirection], _ pairs: [Int], _ options: AssessmentOptions,
    keepsDraws: Bool
  ) -> Scores {
    let draws = keepsDraws ? options.draws : options.drawsOfPairs
    var tally = TrustTally(fit, directions, of: pairs, draws: draws)
    let measured = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    if tally.isShown { for pair in pairs { tally.add(pair, Self.draws(fit, measured, pair, draws, options)) } }
    return tally.scores(options, keepsDraws: keepsDraws)
  }

  /// Draws of trust in a pair, by direction; none of a direction that the input doesn't measure, and none at all without evidence.
  ///
  /// They come from the pair's own stream, so that its numbers are the same wherever it is used.
  private static func draws(
    _ fit: TrustModel.Fit, _ measured: [TrustDirection], _ pair: Int, _ count: Int, _ options: AssessmentOptions
  ) -> [[Double]] {
    guard measured.contains(where: { fit.weight(pair, $0) > 0 }) else { return [] }
    var stream = RandomStream(seed: options.seed, purpose: "trust", unit: UInt64(pair))
    var draws = [[Double]](repeating: [], count: TrustDirection.allCases.count)
    for direction in measured {
      draws[direction.rawValue] = [Double](repeating: 0, count: count)
      fit.draw(pair, direction, &stream, into: &draws[direction.rawValue])
    }
    return draws
  }
}
