import RapportScoring

extension Plot {
  /// How many factors there are, and how closely each indicator follows each.
  ///
  /// - Throws: ``PlotError/nothingToDraw(_:)`` where there is no factor study.
  public static func factors(_ assessment: Assessment) throws(PlotError) -> Plot {
    let study = assessment.factors
    guard study.status == .estimated, let scree = scree(study) else {
      throw .nothingToDraw(study.reason.map { "no factor study: \($0)" } ?? "there is no factor study")
    }
    var plot = scree
    plot.title = "Factor study: is one health number justified?"
    plot.captions = [Sentences.factors(study)] + scree.captions
    plot.panels[0].heading = "How many factors"
    plot.source = source(assessment)
    if let loadings = loadings(study) {
      plot.label += "; \(loadings.label)"
      plot.panels.append(Panel(heading: loadings.title, drawing: loadings.panels[0].drawing))
    }
    return plot
  }

  /// How closely each indicator follows each factor, as a heat map; `nil` where there are no loadings.
  static func loadings(_ study: FactorStudy) -> Plot? {
    guard !study.loadings.isEmpty, study.loadings.count == study.variables.count else { return nil }
    let rotation = study.rotation.flatMap { $0 == "none" ? nil : $0 }.map { "\($0) rotation" } ?? "not rotated"
    let label = "Loadings of \(study.variables.count) indicators on \(Figure.count(study.factors, "factor"))"
    return Plot(
      title: "How closely each indicator follows each factor (\(rotation))", captions: [],
      label: label,
      drawing: LoadingsPlot(
        rows: zip(study.variables, study.loadings).map { (Wording.indicator($0), $1) }, description: label
      ).drawing)
  }

  /// Eigenvalues against those of random data; `nil` where there are none.
  static func scree(_ study: FactorStudy) -> Plot? {
    let values = study.parallelAnalysis?.eigenvalues ?? study.eigenvalues
    guard values.count > 1 else { return nil }
    let label = "Eigenvalues of \(values.count) indicators against those of random data"
    let captions = study.parallelAnalysis.map { parallel in
      "Filled marks stand above what random data give in 95 of 100 draws: parallel analysis finds "
        + Figure.count(parallel.factors, "factor")
        + (study.map.map { ", the minimum average partial \($0.factors)" } ?? "") + "."
    }
    return Plot(
      title: "How many factors", captions: [captions].compactMap { $0 }, label: label,
      drawing: ScreePlot(
        eigenvalues: values, thresholds: study.parallelAnalysis?.thresholds ?? [],
        factors: study.parallelAnalysis?.factors ?? 0, description: label
      ).drawing)
  }
}
