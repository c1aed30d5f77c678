import RapportIngestion

extension TrendEvidence {
  /// Every indicator that the history gives by month, in the order of ``Indicator``.
  ///
  /// A new trend is a function that gathers its evidence, and a line here.
  static func all(_ history: History, _ timing: TimingModel?, _ pairs: PairTable, _ months: HistoryMonths)
    -> [TrendEvidence]
  {
    [
      adjustedResponseRatio(timing, months), answeredWithinTarget(history, pairs, months),
      resolvedForGood(history, pairs, months),
      pairRegularity(history, pairs, months),
      promisesKeptOnTime(history, pairs, months), escalationRate(history, pairs, months),
    ]
    .compactMap { $0 }
  }

  /// Mean of adjusted log waits of the requests whose follow-up ended then; none of managers whose waits are known by the day only.
  static func adjustedResponseRatio(_ timing: TimingModel?, _ months: HistoryMonths) -> TrendEvidence? {
    guard let timing else { return nil }
    let waits = timing.monthlyWaits
    let counts = waits.counts.indices.map {
      timing.byDay.managers.contains($0 / months.count) ? 0 : waits.counts[$0]
    }
    guard counts.contains(where: { $0 > 0 }) else { return nil }
    return TrendEvidence(
      .adjustedResponseRatio, measure: .mean(values: waits.means, variances: waits.variances, counts: counts),
      monthCount: months.count)
  }

  /// Requests by the month in which their target passed.
  private static func answeredWithinTarget(_ history: History, _ pairs: PairTable, _ months: HistoryMonths)
    -> TrendEvidence?
  {
    var counts = MonthlyCounts(history, pairs, months)
    for spell in history.requests(of: .manager) where spell.asker == .manager && !spell.excludedFromWaits {
      guard let met = spell.metTarget(asOf: history.asOf) else { continue }
      counts.add(spell.manager, spell.partner, months.place(of: spell.due), first: met, second: true)
    }
    return counts.share(.answeredWithinTarget)
  }

  /// Resolutions by the month in which their 30 days ended; `nil` where the input holds no reopening.
  private static func resolvedForGood(_ history: History, _ pairs: PairTable, _ months: HistoryMonths) -> TrendEvidence?
  {
    guard history.holdsReopenings else { return nil }
    var counts = MonthlyCounts(history, pairs, months)
    for spell in history.spells where spell.asker == .manager {
      guard let good = spell.resolvedForGood(asOf: history.asOf) else { continue }
      counts.add(
        spell.manager, spell.partner, months.place(of: spell.resolved.advanced(days: 30)), first: good, second: true)
    }
    return counts.share(.resolvedForGood)
  }

  /// Months of the manager's pairs, exposed for half of it or longer, and whether there was a check-in.
  private static func pairRegularity(_ history: History, _ pairs: PairTable, _ months: HistoryMonths) -> TrendEvidence?
  {
    guard history.kinds.contains(.checkIn) else { return nil }
    var met = [Bool](repeating: false, count: pairs.count * months.count)
    for contact in history.contacts where contact.kind == .checkIn && contact.partner >= 0 {
      let pair = pairs.position(manager: contact.manager, partner: contact.partner)
      if pair >= 0, let place = months.place(contact.month) { met[pair * months.count + place] = true }
    }
    var counts = MonthlyCounts(history, pairs, months)
    let counted = history.countedPlaces(of: .checkIn)
    for pair in 0..<pairs.count {
      let days = pairs.days[pair]
      for place in counted.clamped(to: days.indices) where Int(days[place]) >= MonthTable.leastDays {
        counts.add(
          pairs.managers[pair], pairs.partners[pair], place, first: met[pair * months.count + place], second: true)
      }
    }
    return counts.share(.regularity, key: "pairRegularity")
  }

  /// Commitments by the month in which they were due; ones released by then are out.
  private static func promisesKeptOnTime(_ history: History, _ pairs: PairTable, _ months: HistoryMonths)
    -> TrendEvidence?
  {
    var counts = MonthlyCounts(history, pairs, months)
    for promise in history.promises where promise.family == .commitment {
      guard let kept = promise.keptOnTime(asOf: history.asOf) else { continue }
      counts.add(promise.manager, promise.partner, months.place(of: promise.due), first: kept, second: true)
    }
    return counts.share(.promisesKeptOnTime)
  }

  /// Escalations, and requests that the manager made, by month.
  private static func escalationRate(_ history: History, _ pairs: PairTable, _ months: HistoryMonths) -> TrendEvidence?
  {
    var counts = MonthlyCounts(history, pairs, months)
    for contact in history.contacts
    where contact.kind == .escalation && contact.actor != .partner && history.isCounted(contact) {
      counts.add(contact.manager, contact.partner, months.place(contact.month), first: true, second: false)
    }
    let read = history.months(of: .escalation)
    for spell in history.requests(of: .manager) where spell.asker == .manager && read.contains(spell.openedMonth) {
      counts.add(spell.manager, spell.partner, months.place(spell.openedMonth), first: false, second: true)
    }
    return counts.rate(.escalationRate, unit: 100)
  }
}
