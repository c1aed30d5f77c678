import RapportIngestion

/// Puts the scores of every manager into the words of the output.
struct ManagerAssessments {
  let history: History
  let pairs: PairTable
  let health: HealthScores
  let trust: TrustScores
  let ranking: ManagerRanking

  init(
    _ history: History, _ pairs: PairTable, _ health: HealthScores, _ trust: TrustScores, _ ranking: ManagerRanking
  ) {
    self.history = history
    self.pairs = pairs
    self.health = health
    self.trust = trust
    self.ranking = ranking
  }

  /// - Parameter waits: by manager.
  func values(_ waits: [WaitComparison?]) -> [ManagerAssessment] {
    let months = MonthCounts(history)
    let percentiles = percentiles(health.units.map { $0.health.estimate?.value })
    let contacts = interactionsByPair()
    return history.managers.indices.map { m in
      let scores = health.units[m]
      let trust = trust.managers[m]
      let own = (pairs.starts[m]..<pairs.starts[m + 1]).sorted { (contacts[$0], $1) > (contacts[$1], $0) }
      return ManagerAssessment(
        id: history.managers[m], attributes: attributes(history.managerAttributes, m), health: scores.health,
        trust: trust.both, trustInPartner: trust.inPartner, trustInManager: trust.inManager, trustGap: trust.gap,
        consistency: scores.consistency, domains: scores.domains, indicators: scores.indicators,
        attribution: scores.attribution, rank: ranking.ranks[m], healthPercentile: percentiles[m],
        months: months.rows(m), partners: own.map { history.partners[Int(pairs.partners[$0])] },
        trustRankByAsymmetry: self.trust.ranksByAsymmetry(m), waits: waits[m], joined: stay(m)?.joined,
        left: stay(m)?.left)
    }
  }

  /// When the manager came and left, where that lies within the period.
  private func stay(_ m: Int) -> (joined: String?, left: String?)? {
    guard history.managerStays.indices.contains(m) else { return nil }
    let stay = history.managerStays[m]
    func day(_ instant: Instant) -> String? {
      guard instant.isPresent, instant > history.firstEvent, instant < history.asOf else { return nil }
      return String(iso8601(instant, history.timeZone).prefix(10))
    }
    return (day(stay.from), day(stay.until))
  }

  /// The share of scored managers below, ties counting half; `nil` without a score.
  private func percentiles(_ values: [Double?]) -> [Double?] {
    let count = Double(values.count { $0 != nil })
    return SharedRanks.of(values).map { $0.map { (count - $0 + 0.5) / count } }
  }

  /// How many interactions each pair has, of whatever kind.
  private func interactionsByPair() -> [Int] {
    var counts = [Int](repeating: 0, count: pairs.count)
    func count(_ manager: Int32, _ partner: Int32) {
      if manager >= 0, partner >= 0 { counts[pairs.position(manager: manager, partner: partner)] += 1 }
    }
    for row in history.spells where !row.isReturn { count(row.manager, row.partner) }
    for row in history.promises { count(row.manager, row.partner) }
    for row in history.feedback { count(row.manager, row.partner) }
    for row in history.conflicts { count(row.manager, row.partner) }
    for row in history.contacts { count(row.manager, row.partner) }
    return counts
  }
}

/// Evidence per manager and calendar month.
struct MonthCounts {
  private var rows: [[MonthEvidence]]

  init(_ history: History) {
    let first = history.months.lowerBound.index
    let count = history.months.upperBound.index - first + 1
    rows = history.managers.indices.map { m in
      (0..<count).map { k in
        let days = m < history.exposure.managerDays.count ? history.exposure.managerDays[m] : []
        return MonthEvidence(
          month: Month(index: first + k).description, requests: 0, answered: 0, promisesDue: 0, promisesKept: 0,
          checkIns: 0, exposed: k < days.count && Int(days[k]) >= MonthEvidence.leastExposedDays)
      }
    }
    func add(_ manager: Int32, _ month: Month, _ change: (inout MonthEvidence) -> Void) {
      let k = month.index - first
      if manager >= 0 && k >= 0 && k < count { change(&rows[Int(manager)][k]) }
    }
    for spell in history.spells {
      if spell.isFirst { add(spell.manager, spell.openedMonth) { $0.requests += 1 } }
      if spell.outcome == .answered { add(spell.manager, spell.endedMonth) { $0.answered += 1 } }
    }
    for promise in history.promises {
      guard let kept = promise.keptOnTime(asOf: history.asOf) else { continue }
      add(promise.manager, promise.knownMonth ?? history.timeZone.month(of: promise.due)) {
        $0.promisesDue += 1
        if kept { $0.promisesKept += 1 }
      }
    }
    for contact in history.contacts where contact.kind == .checkIn {
      add(contact.manager, contact.month) { $0.checkIns += 1 }
    }
  }

  func rows(_ manager: Int) -> [MonthEvidence] { rows[manager] }
}

/// The roster's attributes of one person; silent ones are left out.
private func attributes(_ columns: [String: [String?]], _ code: Int) -> [String: String] {
  columns.compactMapValues { $0[code] }
}

/// Managers' requests of a pair or partner by outcome, and beside them the partner's. One that came back counts once, as it ended
/// the last time.
private struct RequestCounts {
  var ofManagers = RequestsOfManagers()
  var requests = 0
  var answered = 0
  var open = 0
  var withdrawn = 0
  var reassigned = 0
  var pausedSeconds = 0
  var standingSeconds = 0

  mutating func add(_ spell: RequestSpell) {
    guard spell.asker == .manager else {
      if !spell.isReturn { ofManagers.requests += 1 }
      if spell.outcome == .answered { ofManagers.answered += 1 }
      if spell.outcome == .open { ofManagers.open += 1 }
      return
    }
    // Before, it was passed on.
    if spell.isReturn { reassigned -= 1 } else { requests += 1 }
    switch spell.outcome {
    case .answered: answered += 1
    case .open: open += 1
    case .withdrawn: withdrawn += 1
    case .reassigned: reassigned += 1
    }
    pausedSeconds += spell.pausedSeconds
    standingSeconds += spell.pausedSeconds + spell.workingSeconds
  }
}

/// Every pair, by manager, then partner.
func pairAssessments(
  _ history: History, _ pairs: PairTable, _ health: HealthScores, _ trust: TrustScores
) -> [PairAssessment] {
  var counts = [RequestCounts](repeating: RequestCounts(), count: pairs.count)
  for spell in history.spells where spell.partner >= 0 {
    counts[pairs.position(manager: spell.manager, partner: spell.partner)].add(spell)
  }
  return (0..<pairs.count).map { pair in
    let scores = health.units[pair]
    return PairAssessment(
      manager: history.managers[Int(pairs.managers[pair])], partner: history.partners[Int(pairs.partners[pair])],
      requests: counts[pair].requests, answered: counts[pair].answered, open: counts[pair].open,
      ofManagers: counts[pair].ofManagers,
      health: scores.health, trustInPartner: trust.pairs[pair].inPartner, trustInManager: trust.pairs[pair].inManager,
      trust: trust.pairs[pair].both, consistency: scores.consistency, indicators: scores.indicators)
  }
}

/// Every partner, in the order of identifiers. A reassigned request counts once for each partner that held it.
func partnerAssessments(
  _ history: History, _ pairs: PairTable, _ health: HealthScores, _ trust: TrustScores, options: AssessmentOptions
) -> [PartnerAssessment] {
  var counts = [RequestCounts](repeating: RequestCounts(), count: history.partners.count)
  for spell in history.spells where spell.partner >= 0 { counts[Int(spell.partner)].add(spell) }
  let sorted = SortedWaits(history, Level(.partner, pairs: pairs), options: options)
  let waits = Waits(sorted, MonthSelection(history.months))
  return history.partners.indices.map { p in
    let row = counts[p]
    let scores = health.units[p]
    let curve = waits.curves[p]
    let limits = waits.medianLimits(p, sorted)
    return PartnerAssessment(
      id: history.partners[p], attributes: attributes(history.partnerAttributes, p), requests: row.requests,
      answered: row.answered, open: row.open, ofManagers: row.ofManagers,
      withdrawn: row.withdrawn, reassigned: row.reassigned,
      pausedShare: row.standingSeconds > 0 ? Double(row.pausedSeconds) / Double(row.standingSeconds) : nil,
      wait: PartnerAssessment.Wait(
        median: curve.median, low: limits.low, high: limits.high, restrictedMean: curve.restrictedMean),
      trust: trust.partners[p].both, health: scores.health, consistency: scores.consistency)
  }
}
