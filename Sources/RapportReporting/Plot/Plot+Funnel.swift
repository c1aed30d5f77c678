import RapportScoring

extension Plot {
  /// One indicator of all managers over how much each rests on, with limits: a funnel plot.
  ///
  /// - Parameter indicator: a name such as `promisesKeptOnTime`, or the page's title of it; hyphens, spaces and capitals
  ///   don't matter.
  /// - Throws: ``PlotError`` where there is no such indicator, or it has no funnel here.
  public static func funnel(_ assessment: Assessment, indicator: String) throws(PlotError) -> Plot {
    guard !assessment.funnels.isEmpty else {
      throw .nothingToDraw("too few managers share an indicator that is a share or a rate")
    }
    let drawn = assessment.funnels.map { Wording.spelled($0.indicator) }
    let known = self.indicator(named: indicator)
    if let funnel = assessment.funnels.first(where: { $0.indicator == known?.rawValue }) {
      var plot = self.funnel(funnel)
      plot.source = source(assessment)
      return plot
    }
    if let known {
      throw .nothingToDraw(
        "\(Wording.indicator(known.rawValue)) has no funnel here: it is no share or rate, or too few managers have it; "
          + "there are \(drawn.joined(separator: ", "))")
    }
    throw .unknownIndicator(indicator, known: drawn)
  }

  /// A funnel of an assessment.
  static func funnel(_ funnel: Funnel) -> Plot {
    let title = Wording.indicator(funnel.indicator)
    let label =
      "\(title) of \(Figure.count(funnel.managers, "manager")) over \(Wording.size(of: funnel.indicator)), with limits"
    let outside = funnel.outside.prefix(20).map { "\(name($0.manager)) (\($0.side.rawValue))" }
    return Plot(
      title: "Differences and chance: \(title)",
      captions: [
        "Each mark is one manager's own value, over how much it rests on; filled marks lie outside the limits. Outside is "
          + "a reason to look, not a judgement: what makes cases differ isn't held equal here.",
        Sentences.funnel(funnel),
      ], label: label,
      summary: outside.isEmpty ? "" : "Outside the limits: \(Sentences.list(outside))",
      drawing: FunnelPlot(funnel: funnel, description: label).drawing)
  }

  /// The indicator that is called so: by its key, however it is spelt, or by the title that people read.
  public static func indicator(named name: String) -> Indicator? {
    let wanted = letters(name)
    return Indicator.allCases.first { letters($0.rawValue) == wanted }
      ?? Indicator.allCases.first { letters(Wording.indicator($0.rawValue)) == wanted }
  }

  /// What two spellings of a name have in common.
  private static func letters(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}
