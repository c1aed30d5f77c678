import Rapport

/// A factor analysis for people.
struct FactorsFitView {
  let fit: TableFactorFit
  let console: Console

  init(_ fit: TableFactorFit, console: Console) {
    self.fit = fit
    self.console = console
  }

  private var study: FactorStudy { fit.study }

  var text: String {
    var text = FitText(console: console)
    let manner = [study.extraction.map { $0 == .ml ? "maximum likelihood" : "minimum residuals" }, study.rotation]
      .compactMap(\.self).filter { $0 != "none" }
    text.heading(
      "\(Figure.count(study.factors, "factor")) of \(Figure.count(study.variables.count, "variable")) in "
        + Figure.count(study.observations, "observation")
        + (manner.isEmpty ? "" : ", by \(manner.joined(separator: " and "))"))
    if study.factors > 0 { loadings(&text) }
    text.heading("How many factors")
    var table = ConsoleTable([
      .number("factor"), .number("eigenvalue"), .number("of common factors"), .number("random data's 95 %"),
      .number("MAP", leavesAt: 2), .number("VSS 1", leavesAt: 1), .number("VSS 2", leavesAt: 1),
    ])
    func entry(_ values: [Double?]?, _ i: Int) -> String {
      guard let values, i < values.count, let value = values[i] else { return "–" }
      return Figure.number(value, digits: 3)
    }
    let simple = fit.simpleStructure?.fits
    for (i, eigenvalue) in study.eigenvalues.enumerated() {
      let parallel = study.parallelAnalysis
      table.append(
        "\(i + 1)", Figure.number(eigenvalue, digits: 3),
        parallel.map { Figure.number($0.eigenvalues[i], digits: 3) } ?? "–",
        parallel.map { Figure.number($0.thresholds[i], digits: 3) } ?? "–",
        entry(study.map?.values, i), entry(simple?.first, i), entry(simple?.last, i))
    }
    text.table(table)
    var counts: [String] = []
    if let parallel = study.parallelAnalysis { counts.append("parallel analysis \(parallel.factors)") }
    if let map = study.map { counts.append("minimum average partial \(map.factors)") }
    if let count = fit.simpleStructure?.factors(complexity: 1) { counts.append("very simple structure \(count)") }
    text.paragraph("Suggested number: \(counts.joined(separator: ", ")).")
    text.heading("Fit")
    text.paragraph(indices.joined(separator: ", ") + ".")
    items(&text)
    text.notes(fit.notes.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 })
    return text.text
  }

  private func loadings(_ text: inout FitText) {
    text.heading("Loadings")
    var table = ConsoleTable(
      [.text("variable")] + (1...study.factors).map { .number("factor \($0)") }
        + [.number("uniqueness"), .number("KMO", leavesAt: 1)])
    for (i, variable) in study.variables.enumerated() {
      table.append(
        [variable] + study.loadings[i].map { Figure.number($0, digits: 3) } + [
          Figure.number(study.uniquenesses[i], digits: 3),
          study.kmoByVariable[i].map { Figure.number($0, digits: 2) } ?? "–",
        ])
    }
    text.table(table)
    guard study.factors > 1, study.factorCorrelations.indices.contains(1) else { return }
    var correlations: [String] = []
    for i in 1..<study.factors {
      for j in 0..<i {
        correlations.append("\(j + 1) with \(i + 1) \(Figure.number(study.factorCorrelations[i][j], digits: 2))")
      }
    }
    text.paragraph("Factor correlations: \(correlations.joined(separator: ", ")).")
  }

  /// What each variable adds to a sum of all.
  private func items(_ text: inout FitText) {
    text.heading("As one scale")
    var table = ConsoleTable([
      .text("variable"), .number("with the sum of the others"), .number("α without it", leavesAt: 1),
    ])
    for (i, variable) in study.variables.enumerated() {
      table.append(
        (fit.reversed.contains(variable) ? "−" : "") + variable,
        fit.items.itemRestCorrelations[i].map { Figure.number($0, digits: 2) } ?? "–",
        fit.items.alphaIfDropped[i].map { Figure.number($0, digits: 2) } ?? "–")
    }
    text.table(table)
    var parts: [String] = []
    if let alpha = study.alpha {
      let error = fit.items.standardizedAlphaStandardError.map { " ± \(Figure.number($0, digits: 2))" } ?? ""
      let limits = Self.limits(study.alphaLow, study.alphaHigh)
      parts.append("α \(Figure.number(alpha, digits: 2))\(error)\(limits)")
    }
    if let lambda = fit.items.guttmanLambda6 { parts.append("λ₆ \(Figure.number(lambda, digits: 2))") }
    parts.append("average correlation \(Figure.number(fit.items.averageCorrelation, digits: 2))")
    text.paragraph("Standardised: \(parts.joined(separator: ", ")).")
  }

  private var indices: [String] {
    var parts: [String] = []
    func add(_ name: String, _ value: Double?, _ digits: Int = 3) {
      if let value { parts.append("\(name) \(Figure.number(value, digits: digits))") }
    }
    if let chiSquare = study.chiSquare, let degrees = study.degreesOfFreedom {
      parts.append("χ² \(Figure.number(chiSquare, digits: 2)) on \(Figure.number(degrees, digits: 0))")
    }
    if let pValue = study.pValue { parts.append("p \(Figure.pValue(pValue))") }
    if let rmsea = study.rmsea, let low = study.rmseaLow, let high = study.rmseaHigh {
      parts.append(
        "RMSEA \(Figure.number(rmsea, digits: 3)) (90 % interval \(Figure.number(low, digits: 3)) to "
          + "\(Figure.number(high, digits: 3)))")
    }
    add("TLI", study.tli)
    add("CFI", study.cfi)
    add("SRMR", study.srmr)
    add("BIC", study.bic, 1)
    parts.append("KMO \(study.kmo.map { Figure.number($0, digits: 2) } ?? "–")")
    if let omega = study.omega {
      parts.append("ω total \(Figure.number(omega.total, digits: 2))\(Self.limits(omega.totalLow, omega.totalHigh))")
      if let value = omega.hierarchical {
        let limits = Self.limits(omega.hierarchicalLow, omega.hierarchicalHigh)
        parts.append("ω hierarchical \(Figure.number(value, digits: 2))\(limits)")
      }
    }
    return parts
  }

  /// A 90 % interval in brackets; empty without one.
  private static func limits(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "" }
    return " (90 % interval \(Figure.number(low, digits: 2)) to \(Figure.number(high, digits: 2)))"
  }
}
