import RapportScoring

/// Scores by name, each with its interval and where that lies between 0 and 100.
enum ScoreTable {
  static func lines(_ scores: [(name: String, score: Score)], console: Console) -> [String] {
    var table = ConsoleTable(
      [.text("score"), .number("value"), .prose("interval"), .drawing("0      50     100")], elsewhere: "--format json")
    for (name, score) in scores {
      table.append(
        name, Figure.points(score), Figure.interval(score), score.estimate.map { RankingTable.bar($0) } ?? "")
    }
    return table.lines(on: console)
  }
}
