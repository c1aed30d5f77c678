import RapportNumerics

/// Trust of units of one kind, each over some pairs, whose draws come a batch at a time.
///
/// A unit's sums of draws stand in memory from its first pair to its last.
struct TrustUnits: Sendable {
  /// By unit, once all its pairs are added.
  private(set) var scores: [TrustScores.Scores]
  private let fit: TrustModel.Fit
  private let directions: [TrustDirection]
  private let unitOfPair: [Int]
  /// By unit, in rising order.
  private let pairs: [[Int]]
  private let isShown: [Bool]
  private let draws: Int
  private let keepsDraws: Bool
  private let options: AssessmentOptions
  /// Units that wait for further pairs.
  private var begun: [Int: TrustTally] = [:]

  /// - Parameters:
  ///   - directions: those that both directions together rest on.
  ///   - draws: how many of each pair's count.
  ///   - keepsDraws: whether scores keep theirs.
  init(
    _ fit: TrustModel.Fit, _ directions: [TrustDirection], unitOfPair: [Int], count: Int, draws: Int, keepsDraws: Bool,
    options: AssessmentOptions
  ) {
    (self.fit, self.directions, self.unitOfPair, self.options) = (fit, directions, unitOfPair, options)
    (self.draws, self.keepsDraws) = (draws, keepsDraws)
    var pairs = [[Int]](repeating: [], count: count)
    for (pair, unit) in unitOfPair.enumerated() { pairs[unit].append(pair) }
    self.pairs = pairs
    isShown = pairs.map { TrustTally.isShown(fit, $0) }
    let without = TrustTally(fit, directions, of: [], draws: draws)
    scores = Array(repeating: without.scores(options, keepsDraws: false), count: count)
  }

  /// Whether the pair's unit has evidence enough for any score; draws of others are of no use.
  func isShown(pair: Int) -> Bool { isShown[unitOfPair[pair]] }

  /// Adds the pairs that come next.
  ///
  /// - Parameter drawn: by pair and direction; empty where a pair has no evidence, or nobody needs it.
  mutating func add(_ batch: Range<Int>, _ drawn: [[[Double]]]) {
    let units = Dictionary(grouping: batch) { unitOfPair[$0] }.sorted { $0.key < $1.key }
    let before = self
    typealias After = (tally: TrustTally?, scores: TrustScores.Scores?)
    let after = parallelMap(count: units.count, threads: options.threads) { i -> After in
      let (unit, pairs) = units[i]
      let all = before.pairs[unit]
      var tally =
        before.begun[unit] ?? TrustTally(before.fit, before.directions, of: all, draws: before.draws)
      for pair in pairs { tally.add(pair, drawn[pair - batch.lowerBound]) }
      guard pairs.last == all.last else { return (tally, nil) }
      return (nil, tally.scores(before.options, keepsDraws: before.keepsDraws))
    }
    for (unit, after) in zip(units, after) {
      begun[unit.key] = after.tally
      if let own = after.scores { scores[unit.key] = own }
    }
  }
}
