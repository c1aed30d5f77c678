import RapportScoring

/// The ends of a ranking in words: its tenths, or among fewer than ten managers, of whom a tenth is one, the last and the first.
extension Ranking {
  /// `in the lowest tenth`, or `last of 3`.
  var atLowEnd: String { hasTenths ? "in the lowest tenth" : "last of \(Figure.count(order.count))" }

  /// How likely a manager is at each end: `Probability of the lowest tenth: 14 %; of the highest tenth: 79 %.`
  ///
  /// - Parameter ranked: what places are by, where that isn't health.
  func ends(_ rank: Rank, ranked: String) -> String {
    let (low, high) =
      hasTenths
      ? ("the lowest tenth", "the highest tenth") : ("being last of \(Figure.count(order.count))", "being first")
    let told =
      "Probability of \(low)\(ranked): \(Figure.probability(rank.probabilityLowestTenth)); of \(high): "
      + "\(Figure.probability(rank.probabilityHighestTenth))."
    // Only where differences are within what chance gives do ends and tiers disagree.
    let isLikely = max(rank.probabilityLowestTenth, rank.probabilityHighestTenth) >= 0.5
    guard hasTenths, isLikely, !isOrdinal, side(rank) == .notTold else { return told }
    return told
      + " But differences between managers are hardly more than chance alone would give: this place isn't told apart from others'."
  }

  /// The order of managers that begins with whom the summary names.
  var likeliestLowFirst: String {
    hasTenths ? "likeliest in the lowest tenth first" : "likeliest to be last first"
  }

  /// Whether a manager is named for the low end: as likely as not there, and in a list or below the middle. Of whom it says that
  /// they aren't told apart, a page names nobody.
  func marks(_ manager: ManagerAssessment) -> Bool {
    guard let rank = manager.rank, rank.probabilityLowestTenth >= 0.5 else { return false }
    return isOrdinal || side(rank) == .below
  }

  /// Whether anybody is told apart from others, by a list or by tiers.
  var tellsApart: Bool { isOrdinal || tiers.count > 1 }

  /// What that mark says.
  var meaningOfMark: String { "A thick line with a filled mark: more likely than not \(atLowEnd)." }
}
