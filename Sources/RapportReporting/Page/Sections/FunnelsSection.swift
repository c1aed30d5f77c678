import RapportScoring

/// Managers' own shares and rates against what chance and managers' usual differences would give.
struct FunnelsSection {
  let funnels: [Funnel]
  /// Indicators that the input measures.
  private let measured: [String]

  init(_ assessment: Assessment) {
    funnels = assessment.funnels
    let known = assessment.managers.reduce(into: Set<String>()) { $0.formUnion($1.indicators.keys) }
    measured = Wording.indicatorOrder.filter { known.contains($0) }
  }

  /// Managers that a table lists; JSON has all.
  private static let limit = 40

  var section: Page.Section {
    var blocks = [
      Block(paragraphs: [
        "Each mark is one manager's own share or rate, from bare counts, over how much it rests on. The curves are "
          + "limits that chance and managers' usual differences leave at least about 95 % and 99.8 % of managers within, more where a limit "
          + "stands at an end that nobody can pass; they narrow as counts grow. Outside is a reason to look, not a judgement: what makes cases differ isn't held "
          + "equal here. Inside doesn't say that a manager is like the others, where managers differ much."
      ])
    ]
    if funnels.isEmpty {
      blocks = [Block(paragraphs: [Sentences.noFunnels(measured: measured)])]
    }
    blocks += funnels.map(block)
    return Page.Section(anchor: "funnels", heading: "Differences and chance", blocks: blocks)
  }

  private func block(_ funnel: Funnel) -> Block {
    let title = Wording.indicator(funnel.indicator)
    let size = Wording.size(of: funnel.indicator)
    let plot = Plot.funnel(funnel)
    var block = Block(heading: title, paragraphs: [Sentences.funnel(funnel)])
    block.drawing = (plot.svg, plot.label)
    guard !funnel.outside.isEmpty else { return block }
    // How many times as far out as the limit, on its side.
    func distance(_ unit: Funnel.Outside) -> Double {
      let limit = unit.side == .below ? unit.low : unit.high
      return (unit.value - funnel.centre) / (limit - funnel.centre)
    }
    let shown = funnel.outside.sorted { a, b in (b.level, distance(b), a.manager) < (a.level, distance(a), b.manager) }
      .prefix(Self.limit)
    block.table = PageTable(
      caption: shown.count < funnel.outside.count
        ? "The \(shown.count) farthest out of \(Figure.count(funnel.outside.count)) outside; assessment.json has all"
        : "Outside, the farthest out first",
      headings: [
        ("manager", false), (size, true), ("value", false), ("where", false),
        ("limits", false),
      ],
      rows: shown.map { unit in
        let told = Wording.apart(unit.value, unit.low, unit.high, of: funnel.indicator)
        return [
          unit.manager, Figure.number(unit.size, digits: funnel.kind == .share ? 0 : 1), told[0],
          "\(unit.side.rawValue) the \(Wording.level(unit.level)) limits, "
            + (Wording.isBetterHigher(funnel.indicator) == (unit.side == .above) ? "better" : "worse"),
          "\(told[1]) to \(told[2])",
        ]
      }, managerColumn: 0)
    return block
  }
}
