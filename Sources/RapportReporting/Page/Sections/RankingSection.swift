import RapportScoring

/// Who stands where, and how sure that is.
struct RankingSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  /// Rows that one plot shows; the ends of a longer ranking are shown, and the rest stands with each manager.
  private static let limit = 60

  var section: Page.Section {
    let ranking = assessment.ranking
    let name = Wording.domain(ranking.by.rawValue)
    var blocks = [Block(paragraphs: [ranking.reason].filter { !$0.isEmpty })]
    if let rankability = ranking.rankability {
      blocks[0].paragraphs.append(
        "Rankability is \(Figure.number(rankability, digits: 2)): the share of the differences between \(name) "
          + "scores that is "
          + "real rather than chance. Below 0.50 tiers stand in place of a list.")
    }
    if let plot { blocks.append(plot) }
    if let method = MethodBlock(assessment.ranking).block { blocks.append(method) }
    let heading = ranking.isOrdinal ? "Ranking by \(name)" : "Tiers by \(name)"
    return Page.Section(anchor: "ranking", heading: heading, blocks: blocks)
  }

  private var plot: Block? {
    let ranking = assessment.ranking
    let byID = Dictionary(assessment.managers.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    let names = Dictionary(ranking.tiers.map { ($0.tier, $0.name) }, uniquingKeysWith: { a, _ in a })
    let order = ranking.order.compactMap { byID[$0] }.filter { ranking.by.score(of: $0).estimate != nil }
    guard !order.isEmpty else { return nil }
    let isCut = order.count > Self.limit
    let shown = isCut ? Array(order.prefix(Self.limit / 2) + order.suffix(Self.limit / 2)) : order
    // Where nobody is told apart, nobody is marked either.
    let tellsApart = ranking.isOrdinal || ranking.tiers.count > 1
    var rows: [IntervalPlot.Row] = []
    var tier: Int?
    for (i, manager) in shown.enumerated() {
      guard let estimate = ranking.by.score(of: manager).estimate else { continue }
      var row = IntervalPlot.Row(
        label: PageText.safe(manager.id), value: estimate.value, low: estimate.low, high: estimate.high,
        isMarked: tellsApart && (manager.rank?.probabilityLowestTenth ?? 0) >= 0.5)
      if isCut && i == Self.limit / 2 {
        row.heading = "… \(Figure.count(order.count - Self.limit)) managers between …"
      } else if !ranking.isOrdinal, let rank = manager.rank, rank.tier != tier {
        row.heading = "Tier: \(names[rank.tier] ?? String(rank.tier))"
      }
      tier = manager.rank?.tier ?? tier
      rows.append(row)
    }
    let name = Wording.domain(ranking.by.rawValue)
    let label = "\(name) of \(Figure.count(rows.count)) managers with intervals, highest first"
    let svg = IntervalPlot(rows: rows, axisTitle: "\(name), 0–100", domain: 0...100, description: label).svg
    return Block(
      paragraphs: [
        "Each line is the interval of one manager's score, the mark its value. A thick line with a filled mark: "
          + "more likely than not in the lowest tenth."
      ], drawing: (svg, label))
  }
}
