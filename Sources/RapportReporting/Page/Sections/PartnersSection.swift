import RapportScoring

/// HR and L&D partners: how long requests wait with them, and how evenly they answer.
struct PartnersSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  var section: Page.Section {
    var blocks = [
      Block(paragraphs: [
        "Waits are working times until the first answer, with open requests taken into account as still "
          + "waiting: leaving them out would make a backlog look fast."
      ])
    ]
    if !assessment.partners.isEmpty { blocks.append(Block(table: waits)) }
    if let evenness { blocks.append(evenness) }
    return Page.Section(anchor: "partners", heading: "Partners", blocks: blocks)
  }

  private var waits: PageTable {
    PageTable(
      caption: "Requests and waits by partner",
      headings: [
        ("partner", false), ("requests", true), ("answered", true), ("open", true), ("passed on", true),
        ("median wait", true), ("interval", true), ("mean wait", true), ("paused", true), ("trust", true),
      ],
      rows: assessment.partners.map { partner in
        let wait = partner.wait
        func duration(_ seconds: Double) -> String {
          Wording.workingDuration(seconds, onCalendar: assessment.basis.workingCalendar)
        }
        return [
          partner.id, Figure.count(partner.requests), Figure.count(partner.answered), Figure.count(partner.open),
          Figure.count(partner.reassigned), wait.median.map(duration) ?? "not reached",
          "\(wait.low.map(duration) ?? "–") to \(wait.high.map(duration) ?? "–")",
          wait.restrictedMean.map(duration) ?? "–", partner.pausedShare.map(Figure.percent) ?? "–",
          Figure.points(partner.trust),
        ]
      })
  }

  private var evenness: Block? {
    Plot.medianRatios(assessment.favouritism).map {
      Block(heading: $0.title, paragraphs: $0.captions, drawing: ($0.svg, $0.label))
    }
  }
}
