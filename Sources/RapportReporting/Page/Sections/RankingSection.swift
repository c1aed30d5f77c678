import RapportScoring

/// Who stands where, and how sure that is.
struct RankingSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  var section: Page.Section {
    let ranking = assessment.ranking
    let name = Wording.domain(ranking.by.rawValue)
    let reading = [
      Sentences.orderDoubt(assessment) ?? "", ranking.reason,
      ranking.isOrdinal ? "Below 50 %, tiers would stand in place of a list." : "", Sentences.order(ranking),
      Sentences.rankWidths(assessment),
    ]
    var blocks = [Block(paragraphs: reading.filter { !$0.isEmpty })]
    if let plot = try? Plot.ranking(assessment, anchor: Page.anchor) {
      blocks.append(Block(paragraphs: plot.captions, drawing: (plot.svg, plot.label)))
    }
    if let method = MethodBlock(assessment.ranking).block { blocks.append(method) }
    let heading = ranking.isOrdinal ? "Ranking by \(name)" : "Tiers by \(name)"
    return Page.Section(anchor: "ranking", heading: heading, blocks: blocks)
  }
}
