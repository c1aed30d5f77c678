import RapportIngestion

/// Recognitions per 100 interactions, both directions together.
enum CreditGiven {
  /// In a week in which both sides of a pair recognise each other, one recognition counts for both, so that mutual
  /// praise can't be farmed. Interactions: requests, feedback, promises, conflicts, check-ins, decisions, objections,
  /// alternatives.
  static func evidence(_ history: History, _ level: Level) -> IndicatorEvidence? {
    guard history.kinds.contains(.recognition) else { return nil }
    var interactions = [Double](repeating: 0, count: level.count)
    func interact(_ manager: Int32, _ partner: Int32) {
      let unit = partner < 0 ? -1 : level.unit(manager, partner)
      if unit >= 0 { interactions[unit] += 1 }
    }
    for row in history.requests(of: level.kind) { interact(row.manager, row.partner) }
    for row in history.promises { interact(row.manager, row.partner) }
    for row in history.feedback { interact(row.manager, row.partner) }
    for row in history.conflicts { interact(row.manager, row.partner) }
    for row in history.contacts {
      switch row.kind {
      case .checkIn, .decision, .objection, .alternative: interact(row.manager, row.partner)
      default: break
      }
    }
    var given = [Double](repeating: 0, count: level.count)
    var byPartner = given
    var byManager = given
    for week in weeks(history) {
      let unit = level.unit(week.manager, week.partner)
      guard unit >= 0 else { continue }
      given[unit] += Double(week.counted)
      byPartner[unit] += Double(week.byPartner)
      byManager[unit] += Double(week.byManager)
    }
    guard interactions.contains(where: { $0 > 0 }) else { return nil }
    return IndicatorEvidence(
      indicator: .creditGiven, measure: .rate(events: given, exposure: interactions.map { $0 / 100 }),
      counts: interactions.map { Int($0) },
      details: [
        ("recognitions", given), ("fromHR", byPartner), ("fromManager", byManager), ("interactions", interactions),
      ])
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
    /// Those that count: 1 where the praise is mutual.
    var counted: Int { byManager > 0 && byPartner > 0 ? 1 : byManager + byPartner }
  }

  /// Recognitions by pair and week (Monday to Sunday, UTC), by manager, partner, week.
  static func weeks(_ history: History) -> [Week] {
    let rows = history.contacts.filter { $0.kind == .recognition && $0.partner >= 0 && $0.actor != nil }
      .map { ($0.manager, $0.partner, week(of: $0.instant), $0.instant, $0.actor == .manager) }
      .sorted { ($0.0, $0.1, $0.2, $0.3) < ($1.0, $1.1, $1.2, $1.3) }
    var result: [Week] = []
    for row in rows {
      if result.last.map({ ($0.manager, $0.partner, $0.week) != (row.0, row.1, row.2) }) ?? true {
        result.append(Week(manager: row.0, partner: row.1, week: row.2, first: row.3))
      }
      if row.4 { result[result.count - 1].byManager += 1 } else { result[result.count - 1].byPartner += 1 }
    }
    return result
  }

  /// 1970-01-01 was a Thursday; weeks begin on Mondays.
  private static func week(of instant: Instant) -> Int {
    let day = Int((Double(instant.milliseconds) / 86_400_000).rounded(.down))
    return Int((Double(day + 3) / 7).rounded(.down))
  }
}
