import RapportScoring

/// Scores by name, each with its interval and where that lies between 0 and 100.
enum ScoreTable {
  /// - Parameter scores: each with what its evidence is of.
  static func lines(_ scores: [(name: String, score: Score, by: RankedScore)], basis: Basis, console: Console)
    -> [String]
  {
    var table = ConsoleTable(
      [.text("score"), .number("value"), .prose("interval"), .drawing("0      50     100")], elsewhere: "--format json")
    for (name, score, by) in scores {
      table.append(
        name, Figure.points(score), Wording.interval(score, of: by, basis),
        score.estimate.map { RankingTable.bar($0) } ?? "")
    }
    return table.lines(on: console)
  }
}
