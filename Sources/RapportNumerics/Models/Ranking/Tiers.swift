/// Units that stand above the middle, below it, or can't be told from it.
///
/// A unit is above where that has at least the stated probability, and below likewise. Among ten units or more, one that is
/// as likely as not in the lowest tenth is below too, and one in the highest tenth above: whoever is named for a place near
/// an end can't stand in the middle. (Among fewer a tenth is one unit, and half of two units are always its lowest.)
/// Comparing with the middle and not with one another needs one decision a unit, and neither end is where it starts.
///
/// Source: Goldstein & Spiegelhalter (1996), League tables and their limitations; Lin, Louis, Paddock & Ridgeway (2006),
/// Loss function based ranking in two-stage, hierarchical models.
public enum Tiers {
  /// A unit's side of the middle.
  public enum Side: String, Codable, Sendable, CaseIterable {
    case above
    case notTold
    case below
  }

  /// From so many units on, a place in a tenth decides too: among fewer it is one unit's, the first or the last.
  public static let unitsForTenths = 10

  /// The side of each unit.
  ///
  /// - Parameter probability: that decides, above ½.
  public static func assign(_ ranking: PosteriorRanking, probability: Double = 0.95) -> [Side] {
    precondition(probability > 0.5 && probability < 1, "probability is \(probability), expected between ½ and 1")
    let above = ranking.probabilityAboveMiddle
    let hasTenths = above.count >= unitsForTenths
    return above.indices.map { unit in
      if 1 - above[unit] >= probability || (hasTenths && ranking.probabilityLowestTenth[unit] >= 0.5) { return .below }
      if above[unit] >= probability || (hasTenths && ranking.probabilityHighestTenth[unit] >= 0.5) { return .above }
      return .notTold
    }
  }
}
