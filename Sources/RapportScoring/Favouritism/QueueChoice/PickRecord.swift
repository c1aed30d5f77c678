import RapportNumerics

/// How often one of a pair's requests was picked out of queues in which one stood beside another manager's, and what its chances
/// in these queues add up to with everybody treated alike.
///
///     n = Σ 1[own picked]        E = Σ Σ_own p
///
/// A request that is passed over stands in the next queue as well, so that E can be larger than the number of requests; it is
/// told as a share of the queues. n/E is how much more often than by equal chances the pair was picked at queues as they were.
public struct PickRecord: Codable, Sendable, Equatable {
  /// Queues in which a request of the pair stood beside one of another manager.
  public var queues = 0
  /// How many of them it was picked out of.
  public var picks = 0
  /// What the chances of the pair's requests add up to with everybody treated alike; of sampled queues by their weights. No number of
  /// requests, and often more than these: a share of `queues`.
  public var expected = 0.0

  /// "picked in 34 of 189 choices, 18 %; with equal chances 5.2 % each time".
  public var statement: String { Wording.picks(self) }

  /// One partner's records, by unit.
  ///
  /// - Parameters:
  ///   - queues: by unit, counted whole.
  ///   - picks: likewise.
  ///   - chances: of each alternative of the sets, everybody treated alike.
  /// - Complexity: O(alternatives).
  static func all(_ sets: ChoiceSets, queues: [Int], picks: [Int], chances: [Double]) -> [PickRecord] {
    var records = zip(queues, picks).map { PickRecord(queues: $0, picks: $1) }
    // What a sample shows of one unit alone can have been picked beside others; all chances are that unit's own then.
    for unit in records.indices { records[unit].expected = Double(picks[unit]) }
    for set in 0..<sets.count {
      let alternatives = sets.starts[set]..<sets.starts[set + 1]
      let picked = sets.unit(alternatives.lowerBound)
      guard alternatives.contains(where: { sets.unit($0) != picked }) else { continue }
      records[picked].expected -= 1
      for alternative in alternatives { records[sets.unit(alternative)].expected += chances[alternative] }
    }
    return records
  }
}
