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
    return
      "Probability of \(low)\(ranked): \(Figure.probability(rank.probabilityLowestTenth)); of \(high): "
      + "\(Figure.probability(rank.probabilityHighestTenth))."
  }

  /// The order of managers that begins with whom the summary names.
  var likeliestLowFirst: String {
    hasTenths ? "likeliest in the lowest tenth first" : "likeliest to be last first"
  }

  /// Whether a manager is drawn with the mark of those who are as likely as not at the low end. Where nobody is told apart, nobody is.
  func marks(_ manager: ManagerAssessment) -> Bool {
    (isOrdinal || tiers.count > 1) && (manager.rank?.probabilityLowestTenth ?? 0) >= 0.5
  }

  /// What that mark says.
  var meaningOfMark: String { "A thick line with a filled mark: more likely than not \(atLowEnd)." }
}
