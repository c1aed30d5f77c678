import RapportNumerics

/// How often one of a pair's requests was picked out of queues in which one stood beside another manager's, and what its chances
/// in these queues add up to with everybody treated alike.
///
///     n = Σ 1[own picked]        E = Σ Σ_own p
///
/// A request that is passed over stands in the next queue as well, so that E can be larger than the number of requests; n/E is
/// how much more often than by equal chances the pair was picked at queues as they were.
public struct PickRecord: Codable, Sendable, Equatable {
  /// Queues in which a request of the pair stood beside one of another manager; of queues so long that they were sampled, those in
  /// whose sample one did.
  public var queues = 0
  /// How many of them it was picked out of.
  public var picks = 0
  /// What the chances of the pair's requests add up to with everybody treated alike; of sampled queues by their weights.
  public var expected = 0.0

  /// One partner's records, by unit.
  ///
  /// - Parameter columns: β of what makes requests differ.
  /// - Complexity: O(alternatives · columns that aren't zero).
  static func all(_ sets: ChoiceSets, columns: [Double]) -> [PickRecord] {
    var records = [PickRecord](repeating: PickRecord(), count: sets.unitCount)
    var seen = [Int](repeating: -1, count: sets.unitCount)
    for set in 0..<sets.count {
      let alternatives = sets.starts[set]..<sets.starts[set + 1]
      let picked = sets.unit(alternatives.lowerBound)
      guard alternatives.contains(where: { sets.unit($0) != picked }) else { continue }
      records[picked].picks += 1
      for (alternative, chance) in zip(alternatives, sets.probabilities(of: set, columns: columns)) {
        let unit = sets.unit(alternative)
        records[unit].expected += chance
        if seen[unit] != set { records[unit].queues += 1 }
        seen[unit] = set
      }
    }
    return records
  }
}
