import RapportScoring

extension Plot {
  /// The share of one manager's requests that still waits, beside comparable requests of others: survival curves.
  ///
  /// - Throws: ``PlotError`` where nobody has this identifier, or too few requests were answered for a curve.
  public static func wait(_ assessment: Assessment, manager: String) throws(PlotError) -> Plot {
    guard let own = assessment.managers.first(where: { $0.id == manager }) else {
      throw .unknownManager(manager, known: assessment.managers.map(\.id))
    }
    guard let comparison = own.waits else {
      throw .nothingToDraw(
        "fewer than \(WaitComparison.fewestAnswers) requests of '\(name(manager))' were answered: too few for a curve")
    }
    var plot = wait(comparison, of: own, basis: assessment.basis)
    plot.source = source(assessment)
    return plot
  }

  /// A manager's curve of waits, and that of comparable requests.
  static func wait(_ comparison: WaitComparison, of manager: ManagerAssessment, basis: Basis) -> Plot {
    let name = name(manager.id, columns: 40)
    let opened = manager.months.isEmpty ? nil : manager.months.reduce(0) { $0 + $1.requests }
    let times = TimeWords(basis)
    func half(_ median: Double?) -> String {
      median.map(times.workingDuration).map { "half are answered \($0.hasPrefix("under") ? "in" : "within") \($0)" }
        ?? "fewer than half are answered so far"
    }
    let counts =
      "\(name): \(Figure.count(comparison.requests, "request")), \(Figure.count(comparison.answered)) answered; "
      + "\(half(comparison.own.median))."
    let others =
      comparison.comparable.map {
        "Comparable: \(Figure.count(comparison.others, "request")) of the same partners' other managers, counted so that "
          + "\(Sentences.list(["partners"] + basis.comparableBy.map { $0 == "priority" ? "priorities" : $0 + "s" })) are mixed alike; \(half($0.median))."
      } ?? "Too few requests of other managers are comparable."
    let leftOut =
      comparison.leftOut > 0
      ? "Left out: \(Figure.count(comparison.leftOut, "request")) of \(name) without comparable ones." : nil
    return Plot(
      title: "How long \(name) waits for an answer",
      captions: [
        "The share that still waits after so much \(times.onCalendar ? "working time" : "time"), with its "
          + "\(Figure.percent(basis.options.interval)) limits; open requests count as still waiting. The lower curve is "
          + "answered sooner. Waits are as recorded, with all partners together; the typical wait among the indicators is an "
          + "estimate, drawn towards what is likely. Adjusted response times hold other things equal too, and a finding is about one "
          + "partner, so they may say otherwise.", counts, others, leftOut,
        Sentences.withoutWaits(comparison, opened: opened),
      ].compactMap { $0 }, label: "Share of requests still waiting by time since the request",
      summary: counts + " " + others,
      drawing: WaitPlot(
        comparison: comparison, name: name,
        timeTitle: "\(times.onCalendar ? "working time" : "time") since the request",
        description: "Share of requests of \(name) still waiting"
      ).drawing)
  }
}
