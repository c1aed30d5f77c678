import RapportScoring

/// The factor study as people read it in a terminal.
public struct FactorsView {
  private let study: FactorStudy
  private let console: Console

  public init(_ study: FactorStudy, console: Console) {
    self.study = study
    self.console = console
  }

  /// The text, ending in a line break.
  public var text: String {
    var lines = [console.heading("What the indicators have in common across managers")]
    lines += console.paragraph(Sentences.factors(study))
    if study.status == .estimated { lines += [""] + size + [""] + loadings + [""] + fit }
    let congruence = Sentences.congruence(study)
    if !congruence.isEmpty { lines += console.paragraph(congruence) }
    for left in study.leftOut {
      lines += console.paragraph("Left out: \(Sentences.leftOut(left))", bullet: "• ")
    }
    for note in Sentences.notes(study) { lines += console.paragraph(note, bullet: "Note: ") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var size: [String] {
    var sentence = "\(Figure.count(study.observations, "manager")), \(Figure.count(study.variables.count, "indicator"))"
    if let kmo = study.kmo { sentence += ", KMO \(Figure.number(kmo, digits: 2))" }
    if let parallel = study.parallelAnalysis {
      sentence += "; parallel analysis finds \(parallel.factors) factor\(parallel.factors == 1 ? "" : "s")"
    }
    if let map = study.map { sentence += ", minimum average partial \(map.factors)" }
    return console.paragraph(sentence + ".")
  }

  private var loadings: [String] {
    var table = ConsoleTable(
      [.text("indicator")] + (0..<study.factors).map { .number("factor \($0 + 1)") } + [
        .number("communality", leavesAt: 1)
      ])
    for (i, variable) in study.variables.enumerated() where i < study.loadings.count {
      table.append(
        [Wording.indicator(variable)] + study.loadings[i].map { Figure.number($0, digits: 2) }
          + [i < study.communalities.count ? Figure.number(study.communalities[i], digits: 2) : "–"])
    }
    return table.lines(on: console)
  }

  private var fit: [String] {
    var parts: [String] = []
    func add(_ name: String, _ value: Double?, _ digits: Int = 3, _ low: Double? = nil, _ high: Double? = nil) {
      guard let value else { return }
      let range = low.flatMap { low in
        high.map { " (\(Figure.number(low, digits: digits)) to \(Figure.number($0, digits: digits)))" }
      }
      parts.append("\(name) \(Figure.number(value, digits: digits))\(range ?? "")")
    }
    if let chiSquare = study.chiSquare, let degrees = study.degreesOfFreedom {
      parts.append("χ² \(Figure.number(chiSquare, digits: 1)) on \(Figure.number(degrees, digits: 0))")
    }
    if let p = study.pValue { parts.append("p \(Figure.pValue(p))") }
    add("RMSEA", study.rmsea)
    add("TLI", study.tli)
    add("CFI", study.cfi)
    add("SRMR", study.srmr)
    let omega = study.omega
    add("ω total", omega?.total, 2, omega?.totalLow, omega?.totalHigh)
    add("ω hierarchical", omega?.hierarchical, 2, omega?.hierarchicalLow, omega?.hierarchicalHigh)
    add("α", study.alpha, 2, study.alphaLow, study.alphaHigh)
    var lines = parts.isEmpty ? [] : console.paragraph("Fit: " + parts.joined(separator: ", ") + ".")
    if let withheld = study.scoresWithheld { lines += console.paragraph(withheld) }
    return lines
  }
}
