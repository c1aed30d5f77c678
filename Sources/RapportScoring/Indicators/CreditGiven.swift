import RapportIngestion

/// Recognitions per 100 interactions, both directions together.
enum CreditGiven {
  /// In a week in which both sides of a pair recognise each other, only those of the side that has more count, so that mutual
  /// praise gains nothing, and thanking back takes nothing away. Interactions: requests, feedback, promises, conflicts, check-ins, decisions, objections,
  /// alternatives.
  static func evidence(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.recognition) else { return nil }
    var rates = MonthRates(unitCount: level.count, months: history.months)
    let read = history.months(of: .recognition)
    func interact(_ manager: Int32, _ partner: Int32, _ month: Month) {
      if partner >= 0, read.contains(month) { rates.add(level.unit(manager, partner), month, exposure: 1) }
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
    var byPartner = [Double](repeating: 0, count: level.count)
    var byManager = byPartner
    for week in weeks(recognitions(history).filter { read.contains($0.month) }) {
      let unit = level.unit(week.manager, week.partner)
      guard unit >= 0 else { continue }
      rates.add(unit, week.month, events: Int32(week.counted))
      byPartner[unit] += Double(week.byPartner)
      byManager[unit] += Double(week.byManager)
    }
    let counted = rates
    return MonthlyEvidence(history.months, details: [("fromHR", byPartner), ("fromManager", byManager)]) { months in
      let (given, interactions) = counted.totals(months)
      guard interactions.contains(where: { $0 > 0 }) else { return nil }
      return IndicatorEvidence(
        indicator: .creditGiven, measure: .rate(events: given, exposure: interactions.map { $0 / 100 }),
        counts: interactions.map { Int($0) }, clustering: counted.clustering(months),
        details: [("recognitions", given), ("interactions", interactions)])
    }
  }

  /// One recognition within a pair.
  struct Recognition {
    var manager: Int32
    var partner: Int32
    /// The day number of its Monday; weeks are those of the report's time zone.
    var monday: Int
    var instant: Instant
    var month: Month
    var isByManager: Bool
  }

  /// By manager, partner, moment.
  static func recognitions(_ history: History) -> [Recognition] {
    let zone = history.timeZone
    return history.contacts.filter { $0.kind == .recognition && $0.partner >= 0 && $0.actor != nil }
      .map {
        let date = zone.date(of: $0.instant)
        return Recognition(
          manager: $0.manager, partner: $0.partner, monday: date.dayNumber - date.weekday, instant: $0.instant,
          month: $0.month, isByManager: $0.actor == .manager)
      }
      .sorted { ($0.manager, $0.partner, $0.instant) < ($1.manager, $1.partner, $1.instant) }
  }

  /// One pair's recognitions of one week.
  struct Week {
    var manager: Int32
    var partner: Int32
    var monday: Int
    /// That of the first of them.
    var month: Month
    var byManager = 0
    var byPartner = 0
    /// Those that count: of the side that has more.
    var counted: Int { max(byManager, byPartner) }
  }

  /// Recognitions by pair and week, in the order in which they stand.
  static func weeks(_ recognitions: [Recognition]) -> [Week] {
    var result: [Week] = []
    for row in recognitions {
      if result.last.map({ ($0.manager, $0.partner, $0.monday) != (row.manager, row.partner, row.monday) }) ?? true {
        result.append(Week(manager: row.manager, partner: row.partner, monday: row.monday, month: row.month))
      }
      if row.isByManager { result[result.count - 1].byManager += 1 } else { result[result.count - 1].byPartner += 1 }
    }
    return result
  }
}
