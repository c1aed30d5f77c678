import RapportScoring

/// How far ranks hang on how health is put together.
struct MethodBlock {
  let ranking: Ranking
  init(_ ranking: Ranking) { self.ranking = ranking }

  /// `nil` where that wasn't varied, and where no order is warranted.
  var block: Block? {
    guard ranking.isOrdinal, let study = ranking.method else { return nil }
    func share(_ value: Double?, _ error: Double?) -> String {
      guard let value else { return "–" }
      let text = Figure.percent(min(1, max(0, value)))
      return error.map { "\(text) ± \(Figure.number(100 * $0, digits: 0))" } ?? text
    }
    return Block(
      heading: "How far ranks hang on the method",
      paragraphs: [Sentences.method(ranking), Sentences.varied(study.varied)],
      table: PageTable(
        caption:
          "How much of what the choices do to ranks is each one's doing: by itself, and with all that it does together with "
          + "others. First to each manager's rank (mean share of the variance), then to how far ranks shift on average; with standard "
          + "errors (\(Figure.count(study.managers, "manager")), \(Figure.count(study.points)) ways to put it together)",
        headings: [
          ("choice", false), ("of single ranks: by itself", true), ("with others", true),
          ("of the mean shift: by itself", true),
          ("with others", true),
        ],
        rows: study.factors.map {
          [
            Wording.factor($0.name), share($0.ranksFirstOrder, $0.ranksFirstOrderError),
            share($0.ranksTotal, $0.ranksTotalError), share($0.firstOrder, $0.firstOrderError),
            share($0.total, $0.totalError),
          ]
        }))
  }
}
