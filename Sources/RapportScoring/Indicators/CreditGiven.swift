import RapportIngestion

/// Recognitions per 100 interactions, both directions together.
enum CreditGiven {
  /// In a week in which both sides of a pair recognise each other, only those of the side that has more count, so that mutual
  /// praise gains nothing, and thanking back takes nothing away. Interactions: requests, feedback, promises, conflicts, check-ins, decisions, objections,
  /// alternatives.
  static func evidence(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.recognition) else { return nil }
    var interactions = level.counts(history)
    let read = history.months(of: .recognition)
    func interact(_ manager: Int32, _ partner: Int32, _ month: Month) {
      if partner >= 0, read.contains(month) { interactions.add(level.unit(manager, partner), month) }
    }
    for row in history.requests(of: level.kind) { interact(row.manager, row.partner, row.openedMonth) }
    for row in history.promises { interact(row.manager, row.partner, row.madeMonth) }
    for row in history.feedback { interact(row.manager, row.partner, row.givenMonth) }
    for row in history.conflicts { interact(row.manager, row.partner, row.openedMonth) }
    for (row, month) in zip(history.contacts, Alignment.months(history.contacts, level.kind)) {
      switch row.kind {
      case .checkIn, .decision, .objection, .alternative: interact(row.manager, row.partner, month)
      default: break
      }
    }
    let (counted, recognitions) = (interactions, recognitions(history).filter { read.contains($0.month) })
    return MonthlyEvidence(history.months) { months in
      var given = [Double](repeating: 0, count: level.count)
      var byPartner = given
      var byManager = given
      for week in weeks(recognitions.filter { months.contains($0.month) }) {
        let unit = level.unit(week.manager, week.partner)
        guard unit >= 0 else { continue }
        given[unit] += Double(week.counted)
        byPartner[unit] += Double(week.byPartner)
        byManager[unit] += Double(week.byManager)
      }
      let interactions = counted.counts(months)
      guard interactions.contains(where: { $0 > 0 }) else { return nil }
      return IndicatorEvidence(
        indicator: .creditGiven, measure: .rate(events: given, exposure: interactions.map { $0 / 100 }),
        counts: interactions.map { Int($0) },
        details: [
          ("recognitions", given), ("fromHR", byPartner), ("fromManager", byManager), ("interactions", interactions),
        ])
    }
  }

  /// One recognition within a pair.
  struct Recognition {
    var manager: Int32
    var partner: Int32
    /// Monday to Sunday, UTC.
    var week: Int
    var instant: Instant
    var month: Month
    var isByManager: Bool
  }

  /// By manager, partner, moment.
  static func recognitions(_ history: History) -> [Recognition] {
    history.contacts.filter { $0.kind == .recognition && $0.partner >= 0 && $0.actor != nil }
      .map {
        Recognition(
          manager: $0.manager, partner: $0.partner, week: week(of: $0.instant), instant: $0.instant, month: $0.month,
          isByManager: $0.actor == .manager)
      }
      .sorted { ($0.manager, $0.partner, $0.instant) < ($1.manager, $1.partner, $1.instant) }
  }

  /// One pair's recognitions of one week.
  struct Week {
    var manager: Int32
    var partner: Int32
    var week: Int
    /// The first of them.
    var first: Instant
    var byManager = 0
    var byPartner = 0
    /// Those that count: of the side that has more.
    var counted: Int { max(byManager, byPartner) }
  }

  /// Recognitions by pair and week, in the order in which they stand.
  static func weeks(_ recognitions: [Recognition]) -> [Week] {
    var result: [Week] = []
    for row in recognitions {
      if result.last.map({ ($0.manager, $0.partner, $0.week) != (row.manager, row.partner, row.week) }) ?? true {
        result.append(Week(manager: row.manager, partner: row.partner, week: row.week, first: row.instant))
      }
      if row.isByManager { result[result.count - 1].byManager += 1 } else { result[result.count - 1].byPartner += 1 }
    }
    return result
  }

  /// 1970-01-01 was a Thursday; weeks begin on Mondays.
  private static func week(of instant: Instant) -> Int {
    let day = Int((Double(instant.milliseconds) / 86_400_000).rounded(.down))
    return Int((Double(day + 3) / 7).rounded(.down))
  }
}
