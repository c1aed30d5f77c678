import RapportScoring

extension Plot {
  /// How evenly partners answer: of one partner, every manager's ratio; of all, each partner's spread, and how waiting is
  /// shared out over managers.
  ///
  /// - Throws: ``PlotError`` where nobody has this identifier, or nothing is known of evenness.
  public static func evenness(_ assessment: Assessment, partner: String? = nil) throws(PlotError) -> Plot {
    guard let partner else {
      var plot = try evennessOfAll(assessment.favouritism)
      plot.source = source(assessment, hasIntervals: true)
      return plot
    }
    guard assessment.partners.contains(where: { $0.id == partner }) else {
      throw .unknownPartner(partner, known: assessment.partners.map(\.id))
    }
    let name = name(partner, columns: 40)
    let findings = assessment.favouritism.pairs.filter { $0.partner == partner }
    guard !findings.isEmpty else {
      throw .nothingToDraw("nothing can be told of how evenly '\(name)' answers: no two managers can be compared")
    }
    let judged = findings.filter(\.isJudged)
    guard !judged.isEmpty else {
      throw .nothingToDraw("no manager has enough for a verdict with '\(name)', so none is drawn")
    }
    var plot = ratios(judged) { Self.name($0.manager) }
    if judged.count < findings.count {
      let rest = findings.count - judged.count
      plot.captions.append(
        "Not drawn: \(Figure.count(rest, "manager")) with fewer than the \(FavouritismFindings.fewestForVerdict) requests in "
          + "queues with others' that a verdict needs.")
    }
    plot.title = "How evenly \(name) answers"
    plot.captions.insert(
      "Ratios above 1: the manager is answered more readily than comparable requests of \(name)'s other managers "
        + "(\(assessment.favouritism.basis)). A signal is something to look into, not a judgement of a person.", at: 0)
    if let own = assessment.favouritism.partners.first(where: { $0.partner == partner }) {
      plot.summary = own.statement
    }
    plot.source = source(assessment, hasIntervals: true)
    return plot
  }

  /// Ratios of pairs with their intervals, the pairs whose direction is surest first.
  ///
  /// - Parameter label: what a row is called.
  static func ratios(_ findings: [PairFinding], limit: Int = rowLimit, label: (PairFinding) -> String) -> Plot {
    let rows = FavouritismView.ordered(findings).prefix(limit).compactMap { pair in
      pair.shown.map {
        IntervalPlot.Row(
          label: label(pair), value: $0.ratio, low: $0.low, high: $0.high, isMarked: pair.verdict == .signal)
      }
    }
    let isCut = rows.count < findings.count
    let phrase =
      isCut
      ? "Ratios of the \(rows.count) of \(Figure.count(findings.count)) pairs whose direction is surest"
      : "Ratios of the \(rows.count) pairs whose direction is surest"
    let low = min(0.5, max(0.1, rows.map(\.low).min() ?? 0.5))
    let high = max(2, min(10, rows.map(\.high).max() ?? 2))
    let signals = findings.count { $0.verdict == .signal }
    let fewest = FavouritismFindings.fewestForVerdict
    return Plot(
      title: isCut
        ? "The pairs whose direction is surest"
        : "Pairs with \(fewest) or more requests in queues (\(Figure.count(signals)) of "
          + "\(Figure.count(findings.count)) \(signals == 1 ? "is a signal" : "are signals"))",
      captions: [
        "A thick line with a filled mark: a signal. An arrow: beyond the end of the axis."
          + (isCut ? " \(phrase)." : "")
      ], label: phrase,
      drawing: IntervalPlot(
        rows: Array(rows), axisTitle: "ratio; left of 1 less readily, right of 1 more readily", domain: low...high,
        reference: 1, isLogarithmic: true, description: phrase
      ).drawing)
  }

  /// Each partner's median ratio between two of its managers, the least even first; `nil` where no partner has one.
  static func medianRatios(_ findings: FavouritismFindings, limit: Int = 100) -> Plot? {
    let partners = findings.partners.sorted { a, b in
      let (x, y) = (a.medianRatio ?? 0, b.medianRatio ?? 0)
      return x != y ? x > y : a.partner < b.partner
    }
    let rows = partners.compactMap { partner -> IntervalPlot.Row? in
      guard partner.isShown, let ratio = partner.medianRatio, let low = partner.low, let high = partner.high else {
        return nil
      }
      return IntervalPlot.Row(
        label: name(partner.partner), value: ratio, low: low, high: high, isMarked: partner.verdict == .signal)
    }
    guard !rows.isEmpty else { return nil }
    let label = "Median ratio between two managers of the same partner"
    let top = max(2, min(10, rows.map(\.high).max() ?? 2))
    let rest = partners.count - rows.count
    return Plot(
      title: "How evenly each partner answers",
      captions: [
        "Take two of a partner's managers at random: how many times as readily is the one answered as the other, out of "
          + "comparable open requests? 1 is even. Of a partner who treats one manager or a few apart: of two others. The least even stands "
          + "first. A thick line with a filled mark: a signal."
      ]
        + (rows.count > limit
          ? [
            "Drawn are the \(limit) least even of the \(Figure.count(rows.count, "partner")) of whom enough is known; favouritism.csv has all."
          ] : [])
        + (rest > 0
          ? ["Of \(Figure.count(rest, "other partner")) too little is known to tell even from uneven."] : []),
      label: label,
      drawing: IntervalPlot(
        rows: Array(rows.prefix(limit)), axisTitle: "median ratio", domain: 1...top, isLogarithmic: true,
        description: label
      ).drawing)
  }

  /// The Lorenz curve of adjusted waiting.
  static func lorenz(_ evenness: InequalityFinding) -> Plot {
    let quarters = [5, 10, 15].compactMap { step -> String? in
      guard evenness.lorenz.indices.contains(step) else { return nil }
      let point = evenness.lorenz[step]
      return "\(Figure.percent(point.requests)) of the requests bear \(Figure.percent(point.waiting)) of the waiting"
    }
    let label = "Lorenz curve of adjusted waiting, shortest waits first: \(Sentences.list(quarters))"
    return Plot(
      title: "How waiting is shared out",
      captions: [
        "Adjusted waiting is in multiples of what comparable requests wait with the same partner; each manager counts with "
          + "the mean of their requests. Even if nobody were treated differently such means would differ, by chance.",
        evenness.statement,
      ], label: label,
      drawing: LorenzPlot(
        points: evenness.lorenz.map { ($0.requests, $0.waiting) }, horizontalTitle: "share of requests",
        verticalTitle: "share of adjusted waiting", description: label
      ).drawing)
  }

  private static func evennessOfAll(_ findings: FavouritismFindings) throws(PlotError) -> Plot {
    let parts = [medianRatios(findings, limit: rowLimit), findings.evenness.map(lorenz)].compactMap { $0 }
    guard var plot = parts.first else {
      throw .nothingToDraw("nothing can be told of how evenly partners answer: no two managers can be compared")
    }
    plot.title = "How evenly partners answer"
    plot.captions = parts.flatMap(\.captions)
    plot.label = parts.map(\.label).joined(separator: "; ")
    plot.panels = parts.map { Panel(heading: $0.title, drawing: $0.panels[0].drawing) }
    return plot
  }
}
