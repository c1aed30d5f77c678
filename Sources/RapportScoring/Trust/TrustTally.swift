/// Trust over some pairs together, whose draws are added one pair at a time.
///
/// Each direction is a mean over pairs by its own evidence. The gap compares the same pairs in both: over those with evidence
/// w₀, w₁ of each it is
///
///     gap = Σ w (T₀ − T₁) / Σ w        w = w₀ w₁ / (w₀ + w₁)
///
/// since a pair's difference varies like 1/w₀ + 1/w₁. The difference of the two means would also tell that one direction is
/// known of other pairs than the other.
struct TrustTally: Sendable {
  private let fit: TrustModel.Fit
  /// Those that both directions together rest on.
  private let directions: [TrustDirection]
  private let isShown: Bool
  /// Pieces of evidence, and what it weighs, by direction.
  private let counts: [Int]
  private let weights: [Double]
  private let allWeight: Double
  /// The same over pairs with evidence of both directions, and what these weigh in the gap.
  private let sharedCounts: [Int]
  private let sharedWeights: [Double]
  private let gapWeight: Double
  /// Sums over pairs by weight: of draws by direction, of both together and of their difference, and of means likewise.
  private var sums: [[Double]]
  private var both: [Double]
  private var gaps: [Double]
  private var means = [0.0, 0.0]
  private var value = 0.0
  private var gap = 0.0

  /// - Parameters:
  ///   - pairs: all that will be added.
  ///   - draws: how many of each count, from the first on.
  init(_ fit: TrustModel.Fit, _ directions: [TrustDirection], of pairs: [Int], draws: Int) {
    self.fit = fit
    self.directions = directions
    func counted(_ pairs: [Int]) -> [Int] {
      TrustDirection.allCases.map { direction in pairs.reduce(0) { $0 + fit.count($1, direction) } }
    }
    func weighed(_ pairs: [Int]) -> [Double] {
      TrustDirection.allCases.map { direction in pairs.reduce(0) { $0 + fit.weight($1, direction) } }
    }
    counts = counted(pairs)
    let weights = weighed(pairs)
    self.weights = weights
    let shared = pairs.filter { Self.gapWeight(fit, $0) > 0 }
    sharedCounts = counted(shared)
    sharedWeights = weighed(shared)
    gapWeight = shared.reduce(0) { $0 + Self.gapWeight(fit, $1) }
    allWeight = directions.reduce(0) { $0 + weights[$1.rawValue] }
    isShown = Self.isShown(fit, pairs)
    both = isShown ? [Double](repeating: 0, count: draws) : []
    sums = [both, both]
    gaps = sharedCounts.min()! >= TrustScores.needed ? both : []
  }

  /// What a pair weighs in the gap; 0 without evidence of either direction.
  private static func gapWeight(_ fit: TrustModel.Fit, _ pair: Int) -> Double {
    let weights = TrustDirection.allCases.map { fit.weight(pair, $0) }
    return weights[0] > 0 && weights[1] > 0 ? weights[0] * weights[1] / (weights[0] + weights[1]) : 0
  }

  /// Whether some pairs have evidence enough for any score together; draws of others are of no use.
  static func isShown(_ fit: TrustModel.Fit, _ pairs: [Int]) -> Bool {
    TrustDirection.allCases.contains { direction in
      pairs.reduce(0) { $0 + fit.count($1, direction) } >= TrustScores.needed
    }
  }

  /// Adds a pair.
  ///
  /// - Parameter drawn: by direction; empty where the pair has no evidence.
  mutating func add(_ pair: Int, _ drawn: [[Double]]) {
    guard isShown, !drawn.isEmpty else { return }
    var own = [0.0, 0.0]
    for direction in TrustDirection.allCases {
      let d = direction.rawValue
      guard !drawn[d].isEmpty, weights[d] > 0 else { continue }
      let share = fit.weight(pair, direction) / weights[d]
      own[d] = fit.mean(pair, direction)
      means[d] += share * own[d]
      Self.add(drawn[d], to: &sums[d]) { share * $0 }
    }
    let gapShare = gaps.isEmpty ? 0 : Self.gapWeight(fit, pair) / gapWeight
    if gapShare > 0 {
      gap += gapShare * (own[0] - own[1])
      Self.add(zip(drawn[0], drawn[1]).map { $0 - $1 }, to: &gaps) { gapShare * $0 }
    }
    guard allWeight > 0 else { return }
    let share = directions.reduce(0) { $0 + fit.weight(pair, $1) } / allWeight
    value += share * directions.reduce(1) { $0 * fit.mean(pair, $1, power: 1 / Double(directions.count)) }
    let first = drawn[directions[0].rawValue]
    guard directions.count == 2 else { return Self.add(first, to: &both) { share * $0 } }
    let second = drawn[directions[1].rawValue]
    let products = both.indices.map { first[$0] * second[$0] }
    Self.add(products, to: &both) { share * $0.squareRoot() }
  }

  @inline(__always) private static func add(
    _ own: [Double], to sums: inout [Double], _ term: (Double) -> Double
  ) {
    precondition(own.count >= sums.count, "\(own.count) draws, expected \(sums.count)")
    sums.withUnsafeMutableBufferPointer { sums in for i in sums.indices { sums[i] += term(own[i]) } }
  }

  /// The scores, once all pairs are added.
  func scores(_ options: AssessmentOptions, keepsDraws: Bool) -> TrustScores.Scores {
    let needed = TrustScores.needed
    let least = directions.map { counts[$0.rawValue] }.min() ?? 0
    var scores = TrustScores.Scores(
      both: .insufficient(n: least, needed: needed), inPartner: .insufficient(n: counts[0], needed: needed),
      inManager: .insufficient(n: counts[1], needed: needed),
      gap: .insufficient(n: sharedCounts.min()!, needed: needed))
    guard isShown else { return scores }
    func score(_ value: Double, _ draws: [Double], _ weight: Double) -> Score {
      let limits = Quantiles.select(draws, [(1 - options.interval) / 2, (1 + options.interval) / 2])
      return .estimated(Estimate(around: 100 * value, limits.map { 100 * $0 }, effectiveN: weight))
    }
    func isKnown(_ k: Int) -> Bool { counts[k] >= needed && weights[k] > 0 }
    if isKnown(0) { scores.inPartner = score(means[0], sums[0], weights[0]) }
    if isKnown(1) { scores.inManager = score(means[1], sums[1], weights[1]) }
    if !gaps.isEmpty { scores.gap = score(gap, gaps, sharedWeights.min()!) }
    if directions.allSatisfy({ isKnown($0.rawValue) }) {
      scores.both = score(value, both, allWeight)
      if keepsDraws { scores.draws = both.map { Float(100 * $0) } }
    }
    return scores
  }
}
