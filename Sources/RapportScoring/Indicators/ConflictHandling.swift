import RapportIngestion

/// How conflicts are settled, and how often requests have to be escalated. Few conflicts is never good by itself.
enum ConflictHandling {
  /// Typical seconds (``CensoredTimes``) from conflict to settlement, open ones censored at `asOf`, all at the goalposts' end of 60 days.
  static func settlementTime(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var times = CensoredTimes(level.count, months: history.months)
    let limit = WaitCurve.log(Goalposts.goalpost(.settlementTime).lowest)
    var reopened = [Double](repeating: 0, count: level.count)
    var unsettled = reopened
    for conflict in history.conflicts {
      let unit = level.unit(conflict.manager, conflict.partner)
      let isSettled = conflict.settled <= history.asOf
      let seconds = max((isSettled ? conflict.settled : history.asOf).seconds(since: conflict.opened), 3600)
      times.add(
        unit, in: conflict.openedMonth, logTime: WaitCurve.log(Double(seconds)), isEvent: isSettled, limit: limit)
      guard unit >= 0 else { continue }
      if conflict.reopened { reopened[unit] += 1 }
      if !isSettled || !conflict.isOver { unsettled[unit] += 1 }
    }
    return times.monthly(
      .settlementTime, isLog: true, ended: "settled", all: "conflicts",
      details: [("reopened", reopened), ("unsettled", unsettled)])
  }

  /// Escalations per 100 requests that the manager made; what HR escalated doesn't count, since it speaks of the manager. Protected ones aren't in
  /// a history, so even whether this is measured doesn't tell that somebody used a protected channel.
  static func escalationRate(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.escalation) else { return nil }
    var ordinary = MonthSums<Int32>(unitCount: 1, months: history.months)
    var rates = MonthRates(unitCount: level.count, months: history.months)
    for contact in history.contacts
    where contact.kind == .escalation && contact.actor != .partner && history.isCounted(contact) {
      ordinary.add(0, contact.month)
      rates.add(level.unit(contact.manager, contact.partner), contact.month)
    }
    // An escalation counts with who held the request, so below managers everyone who held it was exposed to it.
    let read = history.months(of: .escalation)
    for spell in history.requests(of: level.kind) where spell.asker == .manager && read.contains(spell.openedMonth) {
      rates.add(level.unit(spell.manager, spell.partner), spell.openedMonth, exposure: 1)
    }
    let (anyone, counted) = (ordinary, rates)
    return MonthlyEvidence(history.months) { months in
      guard anyone.totals(months)[0] > 0 else { return nil }
      let (escalations, requests) = counted.totals(months)
      guard requests.contains(where: { $0 > 0 }) else { return nil }
      return IndicatorEvidence(
        indicator: .escalationRate, measure: .rate(events: escalations, exposure: requests.map { $0 / 100 }),
        counts: requests.map { Int($0) }, clustering: counted.clustering(months),
        details: [("escalations", escalations), ("requests", requests)])
    }
  }
}
