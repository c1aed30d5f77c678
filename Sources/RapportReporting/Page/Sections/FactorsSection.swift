import RapportScoring

/// What the indicators have in common, and whether one number is justified.
struct FactorsSection {
  let study: FactorStudy
  init(_ assessment: Assessment) { study = assessment.factors }

  var section: Page.Section {
    var blocks = [Block(heading: "Is one health number justified?", paragraphs: [Sentences.factors(study)])]
    if study.status == .estimated {
      blocks += [scree, loadings, fit].compactMap { $0 }
      let congruence = Sentences.congruence(study)
      if !congruence.isEmpty {
        blocks.append(Block(heading: "Do the factors stay the same over time?", paragraphs: [congruence]))
      }
      if let withheld = study.scoresWithheld { blocks.append(Block(note: withheld)) }
    }
    let left = study.leftOut.map(Sentences.leftOut)
    if !left.isEmpty { blocks.append(Block(heading: "Indicators left out", bullets: left)) }
    let notes = Sentences.notes(study)
    if !notes.isEmpty { blocks.append(Block(heading: "What to know about this study", bullets: notes)) }
    return Page.Section(anchor: "factors", heading: "Factor study", blocks: blocks)
  }

  private var scree: Block? {
    Plot.scree(study).map { Block(heading: $0.title, paragraphs: $0.captions, drawing: ($0.svg, $0.label)) }
  }

  private var loadings: Block? {
    guard let plot = Plot.loadings(study) else { return nil }
    return Block(
      heading: plot.title, drawing: (plot.svg, plot.label),
      table: PageTable(
        caption: "The same loadings, and how much of each indicator the factors explain (communality)",
        headings: [("indicator", false)] + (0..<study.factors).map { ("factor \($0 + 1)", true) } + [
          ("communality", true)
        ],
        rows: study.variables.indices.map { i in
          [Wording.indicator(study.variables[i])] + study.loadings[i].map { Figure.number($0, digits: 2) }
            + [i < study.communalities.count ? Figure.number(study.communalities[i], digits: 2) : "–"]
        }))
  }

  private var fit: Block? {
    var rows: [[String]] = []
    func add(_ name: String, _ value: Double?, _ meaning: String, digits: Int = 3) {
      if let value { rows.append([name, Figure.number(value, digits: digits), meaning]) }
    }
    add("managers", Double(study.observations), "rows that the study rests on", digits: 0)
    add("KMO", study.kmo, "sampling adequacy; from 0.6 on usable", digits: 2)
    add(
      "χ²", study.chiSquare, "misfit, on \(Figure.number(study.degreesOfFreedom ?? 0, digits: 0)) degrees of freedom",
      digits: 1)
    if let p = study.pValue {
      rows.append(["p", Figure.pValue(p), "chance of a misfit this large if the model held"])
    }
    add("RMSEA", study.rmsea, "misfit per degree of freedom; below 0.06 close")
    add("TLI", study.tli, "against no common factors; from 0.95 on close")
    add("CFI", study.cfi, "against no common factors; from 0.95 on close")
    add("SRMR", study.srmr, "mean residual correlation; below 0.08 close")
    func limits(_ low: Double?, _ high: Double?) -> String {
      guard let low, let high else { return "" }
      return "; 90 % interval \(Figure.number(low, digits: 2)) to \(Figure.number(high, digits: 2))"
    }
    let omega = study.omega
    add(
      "ω total", omega?.total,
      "share of a sum score that is common" + limits(omega?.totalLow, omega?.totalHigh), digits: 2)
    add(
      "ω hierarchical", omega?.hierarchical,
      "share of a sum score that is one general factor" + limits(omega?.hierarchicalLow, omega?.hierarchicalHigh),
      digits: 2)
    add(
      "explained common variance", study.explainedCommonVariance,
      "share of what is common that is one general "
        + "factor",
      digits: 2)
    guard !rows.isEmpty else { return nil }
    return Block(
      heading: "Fit",
      table: PageTable(
        caption: "How well the factors describe the correlations",
        headings: [("figure", false), ("value", true), ("meaning", false)], rows: rows))
  }
}
