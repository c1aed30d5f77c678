/// Trust over some pairs together, whose draws are added one pair at a time.
struct TrustTally: Sendable {
  private let fit: TrustModel.Fit
  /// Those that both directions together rest on.
  private let directions: [TrustDirection]
  private let isShown: Bool
  /// Pieces of evidence, and what it weighs, by direction.
  private let counts: [Int]
  private let weights: [Double]
  private let allWeight: Double
  /// Sums over pairs by weight: of draws by direction and of both together, and of means likewise.
  private var sums: [[Double]]
  private var both: [Double]
  private var means = [0.0, 0.0]
  private var value = 0.0

  /// - Parameters:
  ///   - pairs: all that will be added.
  ///   - draws: how many of each count, from the first on.
  init(_ fit: TrustModel.Fit, _ directions: [TrustDirection], of pairs: [Int], draws: Int) {
    self.fit = fit
    self.directions = directions
    counts = TrustDirection.allCases.map { direction in pairs.reduce(0) { $0 + fit.count($1, direction) } }
    let weights = TrustDirection.allCases.map { direction in pairs.reduce(0) { $0 + fit.weight($1, direction) } }
    self.weights = weights
    allWeight = directions.reduce(0) { $0 + weights[$1.rawValue] }
    isShown = Self.isShown(fit, pairs)
    both = isShown ? [Double](repeating: 0, count: draws) : []
    sums = [both, both]
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
    for direction in TrustDirection.allCases {
      let (d, own) = (direction.rawValue, drawn[direction.rawValue])
      guard !own.isEmpty, weights[d] > 0 else { continue }
      let share = fit.weight(pair, direction) / weights[d]
      means[d] += share * fit.mean(pair, direction)
      Self.add(own, to: &sums[d]) { share * $0 }
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
      gap: .insufficient(n: min(counts[0], counts[1]), needed: needed))
    guard isShown else { return scores }
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
      if keepsDraws { scores.draws = both.map { Float(100 * $0) } }
    }
    return scores
  }
}
