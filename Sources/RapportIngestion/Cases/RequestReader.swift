/// Tells requests: their spells with each partner, as of a moment.
struct RequestReader: Sendable {
  let events: CaseReader
  let caseRows: CaseReader
  let parties: [CodeTuple]
  let categories: [CodeTuple]
  let asOf: Instant
  let clocks: Clocks
  let months: MonthTable
  let zone: TimeZoneRules

  /// One request: its row among events and its row among case tables; −1 where it has none.
  struct Place: Sendable {
    var event: Int32
    var caseRow: Int32

    /// The request as an example.
    var seen: SeenCase {
      event >= 0
        ? SeenCase(table: CaseFamily.request.rawValue, row: event)
        : SeenCase(table: UInt8(Ledger.caseTableIndex), row: caseRow)
    }
  }

  /// The requests among events (`a`) and among case tables (`b`), in the order of their keys' hashes.
  static func places(_ a: CaseTable, _ b: CaseTable) -> [Place] {
    if b.rows.isEmpty { return a.rows.indices.map { Place(event: Int32($0), caseRow: -1) } }
    if a.rows.isEmpty { return b.rows.indices.map { Place(event: -1, caseRow: Int32($0)) } }
    let seed = UInt64(CaseFamily.request.rawValue)
    let (hashesA, hashesB) = (a.keyHashes(seed: seed), b.keyHashes(seed: seed))
    var result: [Place] = []
    var (i, j) = (0, 0)
    while i < a.rows.count || j < b.rows.count {
      let order: Int
      if i == a.rows.count || j == b.rows.count {
        order = i == a.rows.count ? 1 : -1
      } else if hashesA[i] != hashesB[j] {
        order = hashesA[i] < hashesB[j] ? -1 : 1
      } else {
        order = a.withKey(of: i) { x in b.withKey(of: j) { y in Identifiers.compare(x, y) } }
      }
      result.append(Place(event: order <= 0 ? Int32(i) : -1, caseRow: order >= 0 ? Int32(j) : -1))
      if order <= 0 { i += 1 }
      if order >= 0 { j += 1 }
    }
    return result
  }

  /// The request with this key, as a position in `places`; `nil` when there is none.
  func request(withKey key: UnsafeRawBufferPointer, in places: [Place]) -> Int32? {
    let seed = UInt64(CaseFamily.request.rawValue)
    let hash = StableHash.of(key, seed: seed)
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      let place = places[middle]
      let (table, row) = place.event >= 0 ? (events.table, place.event) : (caseRows.table, place.caseRow)
      let order = table.withKey(of: Int(row)) { other -> Int in
        let otherHash = StableHash.of(other, seed: seed)
        return otherHash != hash ? (otherHash < hash ? -1 : 1) : Identifiers.compare(other, key)
      }
      if order == 0 { return Int32(middle) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The spells of the requests at `range` of `places`, in that order, and what was counted.
  func read(_ places: [Place], _ range: Range<Int>) -> Told {
    var told = Told()
    told.spells.reserveCapacity(range.count)
    var steps: [CaseReader.Step] = []
    var pauses: [Range<Instant>] = []
    for request in range {
      read(places[request], request: Int32(request), &steps, &pauses, &told)
    }
    return told
  }

  /// What a stretch of requests tells.
  struct Told: Sendable {
    var spells: [RequestSpell] = []
    var pauses: [RequestPause] = []
    var tally = HistoryTally.empty
  }

  /// Who asked what of whom, and when.
  private struct Opening {
    var row: CaseRow
    var asker: Party
    var isExcluded: Bool
  }

  /// The opening that counts: the earlier of the two tables'.
  private func opening(_ place: Place) -> Opening {
    var result: Opening?
    if place.event >= 0 {
      let row = events.table.rows[Int(place.event)]
      result = Opening(
        row: row, asker: row.actor(of: .opened), isExcluded: false)
    }
    if place.caseRow >= 0 {
      let row = caseRows.table.rows[Int(place.caseRow)]
      let isExcluded = categories[Int(row.categories)].flags & Ledger.excludedFlag != 0
      if result == nil || row.opened < result!.row.opened {
        result = Opening(
          row: row, asker: .manager, isExcluded: isExcluded)
      } else {
        result!.isExcluded = isExcluded
      }
    }
    return result!
  }

  /// Whether an event log's request and a case table's have one case number and different managers; the earlier counts.
  private func isSharedByTables(_ place: Place) -> Bool {
    guard place.event >= 0, place.caseRow >= 0 else { return false }
    let (event, row) = (events.table.rows[Int(place.event)], caseRows.table.rows[Int(place.caseRow)])
    return event.opened <= asOf && row.opened <= asOf
      && parties[Int(event.parties)].first != parties[Int(row.parties)].first
  }

  /// Whether events of a request name another manager than its opening does.
  private func namesOthers(_ place: Place) -> Bool {
    guard place.event >= 0 else { return false }
    let event = events.table.rows[Int(place.event)]
    guard !event.namesOthers, place.caseRow >= 0 else { return event.namesOthers }
    // Where both tables have an opening, it is told that the number is shared.
    let row = caseRows.table.rows[Int(place.caseRow)]
    return !event.opened.isPresent && parties[Int(event.parties)].first != parties[Int(row.parties)].first
  }

  /// Appends the steps of a case-table row up to as-of, its opening excepted.
  private func appendCaseRow(_ index: Int, to steps: inout [CaseReader.Step], tally: inout HistoryTally) {
    let row = caseRows.table.rows[index]
    func append(_ instant: Instant, _ kind: EventKind, _ actor: Party) {
      guard instant.isPresent else { return }
      guard instant <= asOf else {
        tally.afterAsOf += 1
        return
      }
      steps.append(
        CaseReader.Step(
          instant: instant, kind: kind, actor: actor, partner: parties[Int(row.parties)].second, due: .absent))
    }
    append(row.answered, .response, .partner)
    append(row.closed, .resolution, .partner)
    append(row.withdrawn, .withdraw, .manager)
  }

  private func read(
    _ place: Place, request: Int32, _ steps: inout [CaseReader.Step], _ pauses: inout [Range<Instant>],
    _ told: inout Told
  ) {
    steps.removeAll(keepingCapacity: true)
    pauses.removeAll(keepingCapacity: true)
    if place.event >= 0 {
      events.appendSteps(of: Int(place.event), parties: parties, asOf: asOf, to: &steps, tally: &told.tally)
    }
    if place.caseRow >= 0 { appendCaseRow(Int(place.caseRow), to: &steps, tally: &told.tally) }
    let opening = opening(place)
    let opened = opening.row.opened
    guard opened <= asOf else {
      if opened.isPresent { told.tally.afterAsOf += 1 }
      for step in steps {
        told.tally.orphans[Int(step.kind.ordinal)] += 1
        told.tally.note(.orphan(step.kind), place.seen)
      }
      return
    }
    CaseReader.sort(&steps, opened: opened)

    let tuple = parties[Int(opening.row.parties)]
    let category = categories[Int(opening.row.categories)]
    // Nothing can be answered by a time that had passed when it was asked.
    let isTargetEarly = opening.row.due < opened
    let due = isTargetEarly ? .absent : opening.row.due
    var draft = RequestSpell(
      request: request, manager: Self.code(tuple.first), partner: Self.code(tuple.second),
      topic: Self.code(category.first), priority: Self.code(category.second), channel: Self.code(category.third),
      asker: opening.asker, outcome: .open, isFirst: true,
      excludedFromWaits: opening.isExcluded, reopenedWithin30Days: false, opened: opened, entered: opened,
      ended: asOf, due: due, resolved: .absent, workingSeconds: 0, elapsedSeconds: 0, pausedSeconds: 0,
      backlogAtArrival: 0, hourOfWeek: 0, openedMonth: months.month(of: opened), endedMonth: months.months.upperBound)
    let firstSpell = told.spells.count
    var pausedSince = Instant.absent
    var isOpen = true
    var resolved = Instant.absent
    var wasReopened = false
    told.tally.use(.request)

    func end(_ outcome: RequestSpell.Outcome, at instant: Instant) {
      draft.outcome = outcome
      draft.ended = instant
      draft.isReturn = told.spells[firstSpell...].contains { $0.partner == draft.partner }
      if pausedSince.isPresent { pauses.append(pausedSince..<max(instant, pausedSince)) }
      measure(&draft, pauses: pauses, &told.pauses)
      told.spells.append(draft)
    }

    func repeated() {
      told.tally.repeatedSteps += 1
      told.tally.note(.repeatedSteps, place.seen)
    }

    func share() {
      told.tally.caseShared += 1
      told.tally.note(.caseShared, place.seen)
    }

    let isShared = place.event >= 0 && events.table.rows[Int(place.event)].isShared
    if isShared, events.isSharedAtOnce(Int(place.event)) {
      share()
      told.tally.caseSharedAtOnce += 1
    }
    if isSharedByTables(place) { share() }
    // Whose each step is isn't known any more; without any up to as-of, the others' lie after it.
    if !isShared, !steps.isEmpty, namesOthers(place) {
      told.tally.stepsOfOthers += 1
      told.tally.note(.stepsOfOthers, place.seen)
    }

    for (index, step) in steps.enumerated() {
      if step.kind == .request {
        // Which later opening is whose isn't known any more; that another manager's case has its number is.
        if isShared {
          share()
        } else {
          told.tally.use(.request)
          repeated()
        }
        continue
      }
      if step.instant < opened {
        if step.kind == .response && step.actor != opening.asker {
          told.tally.negativeWaits += 1
          told.tally.note(.negativeWait, place.seen)
          draft.excludedFromWaits = true
        } else {
          told.tally.outOfOrder += 1
          told.tally.note(.outOfOrder, place.seen)
        }
        continue
      }
      // Of the other party's responses the first answers, and more may follow; these answer nothing.
      let isWithdrawn = !isOpen && draft.outcome == .withdrawn
      if step.kind == .response, step.actor == opening.asker || isWithdrawn {
        told.tally.answersNothing += 1
        told.tally.note(.answersNothing, place.seen)
        continue
      }
      told.tally.use(step.kind)
      switch step.kind {
      case .pause where isOpen:
        if pausedSince.isPresent { repeated() } else { pausedSince = step.instant }
      case .resume where isOpen:
        if pausedSince.isPresent {
          pauses.append(pausedSince..<step.instant)
          pausedSince = .absent
        } else {
          repeated()
        }
      case .reassign where isOpen:
        let next = Self.code(step.partner)
        if next == draft.partner { break }
        let wasPaused = pausedSince.isPresent
        end(.reassigned, at: step.instant)
        if draft.partner >= 0 { told.tally.requests.reassigned += 1 }
        pauses.removeAll(keepingCapacity: true)
        pausedSince = wasPaused ? step.instant : .absent
        draft.partner = next
        draft.entered = step.instant
        draft.isFirst = false
      case .response where isOpen:
        // A response by another partner without a reassignment makes that partner the case's, unless whose it is answers at the
        // same moment: with dates, whoever adds a note on that day would have it.
        let responder = Self.code(step.partner)
        if opening.asker == .manager, responder >= 0, responder != draft.partner,
          !Self.answers(draft.partner, steps[index...], asker: opening.asker)
        {
          draft.answeredByOther = draft.partner >= 0
          draft.partner = responder
        }
        end(.answered, at: step.instant)
        isOpen = false
      case .withdraw where isOpen:
        end(.withdrawn, at: step.instant)
        isOpen = false
      case .pause, .resume, .reassign, .withdraw:
        told.tally.stepsAfterEnd += 1
        told.tally.note(.stepsAfterEnd, place.seen)
      case .resolution:
        // The last one has yet to last, unless an earlier one didn't.
        if !wasReopened { resolved = step.instant }
      case .reopen:
        if resolved.isPresent, step.instant.seconds(since: resolved) <= 30 * 86_400 { wasReopened = true }
      default: break
      }
    }
    if isOpen { end(.open, at: asOf) }
    told.spells[told.spells.count - 1].resolved = resolved
    told.spells[told.spells.count - 1].reopenedWithin30Days = wasReopened
    if place.caseRow >= 0 { told.tally.requests.tabular += 1 }
    if isTargetEarly {
      told.tally.targetBeforeRequest += 1
      told.tally.note(.targetBeforeRequest, place.seen)
    }
    count(told.spells[firstSpell...], resolved: resolved, seen: place.seen, tally: &told.tally)
  }

  /// Whether a partner is among those who answer at the first of these steps' instant.
  private static func answers(_ partner: Int32, _ steps: ArraySlice<CaseReader.Step>, asker: Party) -> Bool {
    guard partner >= 0, let instant = steps.first?.instant else { return false }
    return steps.prefix { $0.instant == instant }
      .contains { $0.kind == .response && $0.actor != asker && code($0.partner) == partner }
  }

  /// Counts one request, told by its spells.
  private func count(
    _ spells: ArraySlice<RequestSpell>, resolved: Instant, seen: SeenCase, tally: inout HistoryTally
  ) {
    guard let last = spells.last else { return }
    func count(_ counter: WritableKeyPath<HistoryTally, Int>, _ oddity: Oddity) {
      tally[keyPath: counter] += 1
      tally.note(oddity, seen)
    }
    tally.requests.total += 1
    switch last.outcome {
    case .answered:
      tally.requests.answered += 1
      if last.partner < 0 { count(\.responderUnknown, .responderUnknown) }
      if last.answeredByOther { count(\.answeredByOther, .answeredByOther) }
    case .withdrawn: tally.requests.withdrawn += 1
    default:
      tally.requests.open += 1
      if last.partner < 0 { count(\.requests.unassigned, .unassigned) }
      if resolved.isPresent { count(\.resolvedWithoutResponse, .resolvedWithoutResponse) }
    }
    if last.excludedFromWaits { count(\.excluded, .excluded) }
    var paused = 0
    for spell in spells {
      paused += spell.pausedSeconds
      tally.workingSeconds += spell.workingSeconds + spell.pausedSeconds
    }
    tally.pausedSeconds += paused
    if paused > 0 { tally.pausedRequests += 1 }
    countStamp(last.opened, &tally)
    if last.outcome == .answered { countStamp(last.ended, &tally) }
  }

  private func countStamp(_ instant: Instant, _ tally: inout HistoryTally) {
    tally.stamps += 1
    // Zones are whole minutes from UTC today, so only whole minutes need the zone's rules.
    guard instant.milliseconds % 60_000 == 0 else { return }
    tally.minuteStamps += 1
    if zone.localSeconds(of: instant) % 86_400 == 0 { tally.midnightStamps += 1 }
  }

  /// Fills in a spell's times by the clock of whoever has to answer.
  private func measure(_ spell: inout RequestSpell, pauses: [Range<Instant>], _ told: inout [RequestPause]) {
    let clock = spell.asker == .manager ? clocks.of(.partner, spell.partner) : clocks.of(.manager, spell.manager)
    spell.enteredClock = clock.calendar.workedMilliseconds(at: spell.entered)
    spell.endedClock = clock.calendar.workedMilliseconds(at: spell.ended)
    let all = spell.endedClock - spell.enteredClock
    var paused: Int64 = 0
    for pause in pauses {
      let (start, end) = (max(pause.lowerBound, spell.entered), min(pause.upperBound, spell.ended))
      guard end > start else { continue }
      let startClock = clock.calendar.workedMilliseconds(at: start)
      let endClock = clock.calendar.workedMilliseconds(at: end)
      guard endClock > startClock else { continue }
      paused += endClock - startClock
      told.append(
        RequestPause(request: spell.request, partner: spell.partner, startClock: startClock, endClock: endClock))
    }
    spell.workingSeconds = Int((all - paused) / 1000)
    spell.pausedSeconds = Int(paused / 1000)
    spell.elapsedSeconds = spell.ended.seconds(since: spell.entered)
    spell.hourOfWeek = Int16(clock.zone.hourOfWeek(of: spell.entered))
    spell.endedMonth = months.month(of: spell.ended)
  }

  /// A code as histories write it: −1 for none.
  static func code(_ code: UInt32) -> Int32 { code == CodeTuple.none ? -1 : Int32(code) }
}
