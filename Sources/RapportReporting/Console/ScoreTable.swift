import RapportScoring

/// Scores by name, each with its interval and where that lies between 0 and 100.
enum ScoreTable {
  struct Row {
    var name: String
    var score: Score
    /// What its evidence is of.
    var by: RankedScore
    /// Of a score of trust in one direction, what tells of that.
    var direction: KeyPath<TrustBasis, [TrustKind]>?

    init(_ name: String, _ score: Score, _ by: RankedScore, _ direction: KeyPath<TrustBasis, [TrustKind]>? = nil) {
      (self.name, self.score, self.by, self.direction) = (name, score, by, direction)
    }
  }

  static func lines(_ scores: [Row], basis: Basis, console: Console) -> [String] {
    var table = ConsoleTable(
      [.text("score"), .number("value"), .prose("interval"), .drawing("0      50     100")], elsewhere: "--format json")
    for row in scores {
      table.append(
        row.name, Figure.points(row.score), Wording.interval(row.score, of: row.by, basis, in: row.direction),
        row.score.estimate.map { RankingTable.bar($0) } ?? "")
    }
    return table.lines(on: console)
  }
}
