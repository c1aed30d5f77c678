import RapportIngestion
import RapportNumerics

/// Trust of pairs, managers and partners as scores from 0 to 100.
///
/// A manager's or partner's trust is the mean over their pairs, each weighted by its discounted evidence; nothing passes
/// from one pair to another (no transitive trust).
struct TrustScores: Sendable {
  struct Scores: Sendable {
    var both: Score
    var inPartner: Score
    var inManager: Score
    var gap: Score
    /// Draws of `both` on 0–100, for the ranking; empty where there is no score.
    var draws: [Double] = []

    static func insufficient(_ n: Int) -> Scores {
      let score = Score.insufficient(n: n, needed: TrustScores.needed)
      return Scores(both: score, inPartner: score, inManager: score, gap: score)
    }
  }

  /// Pieces of evidence before trust is shown.
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
    pairs = parallelMap(table.count, threads: threads) { Self.scores(fit, [$0], options, keepsDraws: false) }
    managers = parallelMap(table.managerCount, threads: threads) {
      Self.scores(fit, managerPairs[$0], options, keepsDraws: options.rankBy == .trust)
    }
    partners = parallelMap(table.partnerCount, threads: threads) {
      Self.scores(fit, byPartner[$0], options, keepsDraws: false)
    }
    let hasTrust = managers.map { $0.both.estimate != nil }
    measuredFacets = (fit.facets(.inPartner).count, fit.facets(.inManager).count)
    plainManagers = managerPairs.indices.map { hasTrust[$0] ? Self.plain(fit, managerPairs[$0]) : nil }
    managerRanksByAsymmetry = Self.asymmetries.map { asymmetry in
      guard hasTrust.contains(true) else { return hasTrust.map { _ in nil } }
      let other =
        asymmetry == options.asymmetry
        ? fit
        : TrustModel(
          halfLifeDays: options.halfLifeDays, asymmetry: asymmetry
        ).fit(evidence, pairCount: table.count, asOf: asOf)
      let means = managerPairs.indices.map { hasTrust[$0] ? Self.bothMean(other, managerPairs[$0]) : nil }
      return Self.ranks(means)
    }
  }

  /// Directions that the input measures.
  private static func directions(_ fit: TrustModel.Fit) -> [TrustDirection] {
    TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
  }

  /// The posterior mean of trust in both directions, by pairs' evidence.
  private static func bothMean(_ fit: TrustModel.Fit, _ pairs: [Int]) -> Double {
    let directions = directions(fit)
    let weights = pairs.map { pair in directions.reduce(0) { $0 + fit.weight(pair, $1) } }
    let total = weights.reduce(0, +)
    return zip(pairs, weights).reduce(0) { sum, row in
      sum + row.1 / total * directions.reduce(1) { $0 * fit.mean(row.0, $1, power: 1 / Double(directions.count)) }
    }
  }

  /// Trust from the evidence alone, with half a success and half a failure in each facet, by pairs' evidence; the error by
  /// the delta method on log trust.
  private static func plain(_ fit: TrustModel.Fit, _ pairs: [Int]) -> (score: Double, error: Double) {
    let directions = directions(fit)
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

  /// Ranks from 1 = highest; ties share their mean rank.
  static func ranks(_ values: [Double?]) -> [Double?] {
    let order = values.indices.filter { values[$0] != nil }.sorted { (values[$0]!, $1) > (values[$1]!, $0) }
    var ranks = [Double?](repeating: nil, count: values.count)
    var i = 0
    while i < order.count {
      var j = i
      while j + 1 < order.count && values[order[j + 1]] == values[order[i]] { j += 1 }
      for k in i...j { ranks[order[k]] = Double(i + j) / 2 + 1 }
      i = j + 1
    }
    return ranks
  }

  /// Trust over some pairs together.
  ///
  /// Draws of a pair come from the pair's own stream, so that its numbers are the same wherever it is used.
  private static func scores(
    _ fit: TrustModel.Fit, _ pairs: [Int], _ options: AssessmentOptions, keepsDraws: Bool
  ) -> Scores {
    let directions = directions(fit)
    let count = pairs.reduce(0) { sum, pair in directions.reduce(sum) { $0 + fit.count(pair, $1) } }
    guard count >= needed else { return .insufficient(count) }
    let draws = keepsDraws ? options.draws : options.drawsOfPairs
    let blank = [Double](repeating: 0, count: draws)
    // Draws of each direction of each pair, and their sums by weight.
    var sums = [blank, blank]
    var both = blank
    var means = [0.0, 0.0]
    var weights = [0.0, 0.0]
    var counts = [0, 0]
    for direction in directions {
      for pair in pairs {
        weights[direction.rawValue] += fit.weight(pair, direction)
        counts[direction.rawValue] += fit.count(pair, direction)
      }
    }
    let allWeight = weights[0] + weights[1]
    var value = 0.0
    var pairDraws = [blank, blank]
    for pair in pairs {
      let own = directions.map { fit.weight(pair, $0) }
      let weight = own.reduce(0, +)
      guard weight > 0 else { continue }
      var stream = RandomStream(seed: options.seed, purpose: "trust", unit: UInt64(pair))
      for (k, direction) in directions.enumerated() {
        fit.draw(pair, direction, &stream, into: &pairDraws[direction.rawValue])
        guard weights[direction.rawValue] > 0 else { continue }
        let share = own[k] / weights[direction.rawValue]
        means[direction.rawValue] += share * fit.mean(pair, direction)
        for i in 0..<draws { sums[direction.rawValue][i] += share * pairDraws[direction.rawValue][i] }
      }
      let share = weight / allWeight
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
    func directed(_ direction: TrustDirection) -> Score {
      let k = direction.rawValue
      guard counts[k] >= needed else { return .insufficient(n: counts[k], needed: needed) }
      return score(means[k], sums[k], weights[k])
    }
    var gap = Score.insufficient(n: min(counts[0], counts[1]), needed: needed)
    if counts[0] >= needed && counts[1] >= needed {
      gap = score(means[0] - means[1], zip(sums[0], sums[1]).map { $0 - $1 }, min(weights[0], weights[1]))
    }
    return Scores(
      both: score(value, both, allWeight), inPartner: directed(.inPartner), inManager: directed(.inManager), gap: gap,
      draws: keepsDraws ? both.map { 100 * $0 } : [])
  }
}
