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
    let rows = assessment.favouritism.partners.compactMap { partner -> IntervalPlot.Row? in
      guard let ratio = partner.medianRatio, let low = partner.low, let high = partner.high else { return nil }
      return IntervalPlot.Row(
        label: PageText.safe(partner.partner), value: ratio, low: low, high: high, isMarked: partner.verdict == .signal)
    }
    guard !rows.isEmpty else { return nil }
    let label = "Median ratio between two managers of the same partner"
    let top = max(2, min(10, rows.map(\.high).max() ?? 2))
    return Block(
      heading: "How evenly each partner answers",
      paragraphs: [
        "Take two of a partner's managers at random: how many times longer does the one wait for comparable "
          + "requests? 1 is even."
      ],
      drawing: (
        IntervalPlot(
          rows: Array(rows.prefix(100)), axisTitle: "median ratio", domain: 1...top, isLogarithmic: true,
          description: label
        ).svg, label
      ))
  }
}
