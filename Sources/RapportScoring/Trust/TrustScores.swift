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
    pairs = parallelMap(count: table.count, threads: threads) {
      Self.scores(fit, directions, [$0], options, keepsDraws: false)
    }
    managers = parallelMap(count: table.managerCount, threads: threads) {
      Self.scores(fit, directions, managerPairs[$0], options, keepsDraws: options.rankBy == .trust)
    }
    partners = parallelMap(count: table.partnerCount, threads: threads) {
      Self.scores(fit, directions, byPartner[$0], options, keepsDraws: false)
    }
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

  /// Trust over some pairs together.
  ///
  /// Draws of a pair come from the pair's own stream, so that its numbers are the same wherever it is used.
  private static func scores(
    _ fit: TrustModel.Fit, _ directions: [TrustDirection], _ pairs: [Int], _ options: AssessmentOptions,
    keepsDraws: Bool
  ) -> Scores {
    let counts = TrustDirection.allCases.map { count(fit, $0, pairs) }
    let least = directions.map { counts[$0.rawValue] }.min() ?? 0
    var scores = Scores(
      both: .insufficient(n: least, needed: needed), inPartner: .insufficient(n: counts[0], needed: needed),
      inManager: .insufficient(n: counts[1], needed: needed),
      gap: .insufficient(n: min(counts[0], counts[1]), needed: needed))
    guard counts.contains(where: { $0 >= needed }) else { return scores }
    let draws = keepsDraws ? options.draws : options.drawsOfPairs
    let blank = [Double](repeating: 0, count: draws)
    // Draws of each direction of each pair, and their sums by weight.
    let measured = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    var sums = [blank, blank]
    var both = blank
    var means = [0.0, 0.0]
    let weights = TrustDirection.allCases.map { direction in pairs.reduce(0) { $0 + fit.weight($1, direction) } }
    let allWeight = directions.reduce(0) { $0 + weights[$1.rawValue] }
    var value = 0.0
    var pairDraws = [blank, blank]
    for pair in pairs where measured.contains(where: { fit.weight(pair, $0) > 0 }) {
      var stream = RandomStream(seed: options.seed, purpose: "trust", unit: UInt64(pair))
      for direction in measured {
        fit.draw(pair, direction, &stream, into: &pairDraws[direction.rawValue])
        guard weights[direction.rawValue] > 0 else { continue }
        let share = fit.weight(pair, direction) / weights[direction.rawValue]
        means[direction.rawValue] += share * fit.mean(pair, direction)
        for i in 0..<draws { sums[direction.rawValue][i] += share * pairDraws[direction.rawValue][i] }
      }
      guard allWeight > 0 else { continue }
      let share = directions.reduce(0) { $0 + fit.weight(pair, $1) } / allWeight
      value += share * directions.reduce(1) { $0 * fit.mean(pair, $1, power: 1 / Double(directions.count)) }
      for i in 0..<draws {
        both[i] +=
          share
          * (directions.count == 2
            ? (pairDraws[0][i] * pairDraws[1][i]).squareRoot() : pairDraws[directions[0].rawValue][i])
      }
    }
    func score(_ value: Double, _ draws: [Double], _ weight: Double) -> Score {
      var draws = draws
      let limits = Quantiles.select(&draws, [(1 - options.interval) / 2, (1 + options.interval) / 2])
      return .estimated(
        Estimate(value: 100 * value, low: 100 * limits[0], high: 100 * limits[1], effectiveN: weight))
    }
    func isKnown(_ k: Int) -> Bool { counts[k] >= needed && weights[k] > 0 }
    if isKnown(0) { scores.inPartner = score(means[0], sums[0], weights[0]) }
    if isKnown(1) { scores.inManager = score(means[1], sums[1], weights[1]) }
    if isKnown(0) && isKnown(1) {
      scores.gap = score(means[0] - means[1], zip(sums[0], sums[1]).map { $0 - $1 }, min(weights[0], weights[1]))
    }
    if directions.allSatisfy({ isKnown($0.rawValue) }) {
      scores.both = score(value, both, allWeight)
      if keepsDraws { scores.draws = both.map { 100 * $0 } }
    }
    return scores
  }
}
