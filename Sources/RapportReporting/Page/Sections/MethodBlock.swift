import RapportScoring

/// How far ranks hang on how health is put together.
struct MethodBlock {
  let ranking: Ranking
  init(_ ranking: Ranking) { self.ranking = ranking }

  /// `nil` where that wasn't varied.
  var block: Block? {
    guard let study = ranking.method else { return nil }
    func share(_ value: Double?) -> String { value.map { Figure.percent(min(1, max(0, $0))) } ?? "–" }
    return Block(
      heading: "How far ranks hang on the method",
      paragraphs: [Sentences.method(ranking), Sentences.varied(study.varied)],
      table: PageTable(
        caption: "What each choice makes of the variance of ranks, by itself and together with the others; and of how "
          + "far they shift (\(Figure.count(study.managers, "manager")), \(Figure.count(study.points, "point")))",
        headings: [
          ("choice", false), ("ranks, alone", true), ("ranks, in all", true), ("shift, alone", true),
          ("shift, in all", true),
        ],
        rows: study.factors.map {
          [
            Wording.factor($0.name), share($0.ranksFirstOrder), share($0.ranksTotal), share($0.firstOrder),
            share($0.total),
          ]
        }))
  }
}
