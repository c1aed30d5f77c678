extension DataQuality {
  /// The report on a ledger, told by its history.
  init(of history: History, ledger: Ledger, tally: HistoryTally, people: People, options: HistoryOptions) {
    self.init()
    let rejects = ledger.rejects
    let anonymous = history.contacts.count { $0.kind == .survey && $0.partner < 0 }
    let confidentialCount = tally.confidential + anonymous
    confidential = confidentialCount / Self.confidentialGroup * Self.confidentialGroup
    rowsRead =
      ledger.counts.rows + rejects.refusedRows + rejects.leftOutRows - (confidentialCount - confidential)
    var counted = tally.used
    counted[Int(EventKind.survey.ordinal)] -= anonymous
    eventsUsed = counted.reduce(0, +) + confidential
    duplicates = ledger.duplicateRows - tally.caseSharedAtOnce
    superseded = ledger.supersededRows
    requests = tally.requests
    let names = ledger.inputNames(read: options.inputs)
    for (reason, entry) in rejects.byFrequency {
      add(rejected: reason, entry.count, examples: entry.places.map { Example($0, reason, names) })
    }
    // What ledgers and pipes can't tell by line they tell by number.
    let repeated =
      options.repeatedCases.isEmpty
      ? ledger.repeatedCases().map { Example(ledger.caseName($0)) }
      : options.repeatedCases.map { Example($0, .caseRepeats, names) }
    add(rejected: .caseRepeats, ledger.repeatedCaseRows, examples: repeated)
    for kind in EventKind.allCases where counted[Int(kind.ordinal)] > 0 {
      kinds[kind.rawValue] = counted[Int(kind.ordinal)]
    }
    func cases(_ oddity: Oddity) -> [Example] { (tally.examples[oddity] ?? []).map { Example(ledger.caseName($0)) } }
    observeTimes(ledger, tally, cases: cases)
    observeAlike(history)
    observeCases(history, tally: tally, cases: cases)
    observeLonelyTimes(history)
    observeBeginnings(history)
    observePeople(history, tally: tally, people: people)
    (managers, partners) = (history.managers.count, history.partners.count)
    observeNames(history)
    observeBulkClosing(history, tally: tally, smallest: options.bulkClosingCases)
    if let note = history.reopeningNote { notes.append(note) }
    if let note = history.silenceNote { notes.append(note) }
    if let note = history.calendarNote { notes.append(note) }
    // Who has none is told by an observation.
    if let note = history.unusedCalendarNote { notes.append(note) }
  }

  private mutating func add(rejected reason: RejectReason, _ count: Int, examples: [Example]) {
    guard count > 0 else { return }
    rejected[reason.rawValue, default: 0] += count
    rejections[reason.rawValue, default: Finding(count: 0, reason.consequence, advice: reason.advice)].count += count
    rejections[reason.rawValue]?.examples += examples
  }

  /// What case numbers of two managers mean, and their cure.
  static let sharedCaseAdvice =
    "One case number stands for cases of two managers; only the first opening counts, and steps of both count as its own. "
    + "Give each system's cases a prefix of their own."

  /// What steps of a case that name another manager mean, and their cure.
  static let stepsOfOthersAdvice =
    "Cases with steps that name another manager than the opening does; all steps count for the one who opened the case. Where a team's "
    + "manager changed meanwhile, that is as it should be. Where two systems give their cases the same numbers, steps of one system "
    + "count for cases of the other, and those of one moment merge as duplicates: give each system's cases a prefix of their own."

  /// Notes a finding, unless its count is zero.
  mutating func observe(
    _ name: String, _ count: Int, as consequence: Consequence = .used, _ advice: String, examples: [Example] = []
  ) {
    if count > 0 { observations[name] = Finding(count: count, consequence, examples: examples, advice: advice) }
  }

  private mutating func observeTimes(_ ledger: Ledger, _ tally: HistoryTally, cases: (Oddity) -> [Example]) {
    observe(
      "afterAsOf", tally.afterAsOf, as: .leftOut,
      "Events after the moment that the report is about; they are left out.")
    observe(
      "lateEntry", ledger.counts.lateEntries,
      "Entered a day or more after they happened; recent months may still change.")
    observe(
      "repeatedWithoutCase", ledger.repeatedContactRows, as: .merged,
      "Rows without a case that repeat kind and id of another row or, without an id, all of it (of concerns and protected escalations the "
        + "moment); they count once. Where they are different events, as anonymous ratings of one day are, give each row an id."
    )
    observe(
      "idShared", ledger.sharedIDs, as: .merged,
      "Events without a case that share kind and id with a different event: their rows differ in moment, manager or partner. Of each "
        + "the row with the earliest moment counts and the others are merged with it. Where two systems number their events from 1 on, "
        + "give each system's ids a prefix of its own; where rows were corrected, leave the old ones out.")
    observe(
      "negativeWait", tally.negativeWaits, as: .leftOut,
      "Responses dated before their request; they are left out, and the request takes no part in waits. Compare the "
        + "clocks of the two systems.", examples: cases(.negativeWait))
    observe(
      "outOfOrder", tally.outOfOrder, as: .leftOut, "Steps dated before the opening of their case; they are left out.",
      examples: cases(.outOfOrder))
    observe(
      "targetBeforeRequest", tally.targetBeforeRequest, as: .valueRemoved,
      "Targets that lie before the request itself; they aren't used, so these requests count as ones without target. Check how targets "
        + "are exported: a wrong year, day and month swapped, or another time zone. A date alone lasts until its day ends.",
      examples: cases(.targetBeforeRequest))
    observe(
      "dueBeforePromise", tally.dueBeforePromise, as: .valueRemoved,
      "Promises and goals due before they were made; such a due time isn't used, so they count neither as kept nor as broken. "
        + "Check how due times are exported: a wrong year, day and month swapped, or another time zone. A date alone lasts until its "
        + "day ends.", examples: cases(.dueBeforePromise))
    observe(
      "pausedShare", tally.pausedRequests,
      "Requests that were paused: \(Self.percent(tally.pausedSeconds, of: tally.workingSeconds)) of all working time "
        + "within requests. Pauses stop the clock, so response figures should be read together with them.")
    if tally.midnightStamps * 20 > tally.stamps {
      observe(
        "dayResolution", tally.midnightStamps,
        "Times at midnight: \(Self.percent(tally.midnightStamps, of: tally.stamps)) of request and response times. Dates "
          + "without a time of day can't tell which of two requests was answered first.")
    }
  }

  /// A few events long before all others, as wrong clocks and default dates leave them.
  private mutating func observeLonelyTimes(_ history: History) {
    var events = [Int](repeating: 0, count: history.months.count)
    func see(_ month: Month) { events[month.index - history.months.lowerBound.index] += 1 }
    for spell in history.spells where spell.isFirst { see(spell.openedMonth) }
    for promise in history.promises { see(promise.madeMonth) }
    for feedback in history.feedback { see(feedback.givenMonth) }
    for conflict in history.conflicts { see(conflict.openedMonth) }
    for contact in history.contacts { see(contact.month) }
    let total = events.reduce(0, +)
    var (before, lonely, empty) = (0, 0, 0)
    for count in events {
      if count > 0, empty >= 12, before * 100 <= total { lonely = before }
      before += count
      empty = count == 0 ? empty + 1 : 0
    }
    observe(
      "lonelyTimes", lonely,
      "Events at least a year before all later ones; they stretch the period that everyone is judged by. Check their "
        + "dates, or leave them out.")
  }

  /// Kinds that hardly anybody has in the first months, and then everybody.
  private mutating func observeBeginnings(_ history: History) {
    let late = EventKind.allCases.compactMap { kind in history.beginnings[kind].map { (kind, $0) } }
    observe(
      "kindBeginsLater", late.count,
      "Kinds of which hardly anybody has any before some month, where chance leaves that to fewer than one log in 200: the time before "
        + "counts for nobody as time without them, and the few of that time count neither in rates nor in shares of months, but as "
        + "contacts all the same (who began them, trust, the last one). If more were recorded before, add them.",
      examples: late.prefix(Rejects.placesKept).map { kind, month in
        let before = history.contacts.count { $0.kind == kind && $0.month < month }
        return Example(
          "\(kind.rawValue) from \(month.description) on, the log from \(history.months.lowerBound.description)"
            + (before > 0 ? ", \(before) before" : ""))
      })
  }

  private mutating func observeCases(_ history: History, tally: HistoryTally, cases: (Oddity) -> [Example]) {
    for kind in EventKind.allCases {
      let name = String(describing: kind)
      observe(
        "orphan" + name.prefix(1).uppercased() + name.dropFirst(), tally.orphans[Int(kind.ordinal)], as: .leftOut,
        "Steps of cases that nothing in the input opens; they are left out. Cases opened before the data begin look "
          + "like this, and misspelt case numbers.", examples: cases(.orphan(kind)))
    }
    observe(
      "caseShared", tally.caseShared, as: .leftOut, Self.sharedCaseAdvice, examples: cases(.caseShared))
    observe(
      "stepsOfOthers", tally.stepsOfOthers, Self.stepsOfOthersAdvice, examples: cases(.stepsOfOthers))
    observe(
      "repeatedSteps", tally.repeatedSteps,
      "Second openings of a case, pauses while paused, resumes while running; the first counts.",
      examples: cases(.repeatedSteps))
    observe(
      "answersNothing", tally.answersNothing, as: .leftOut,
      "Responses by the one who asked, or after the withdrawal: they answer nothing, and are left out. Remarks of those who asked look "
        + "like this. If answers do, see that 'actor' says who acted: where it is empty, a response is the partner's.",
      examples: cases(.answersNothing))
    observe(
      "stepsAfterEnd", tally.stepsAfterEnd,
      "Requests passed on, paused, resumed or withdrawn after their answer or withdrawal; what is measured is the time until then, so "
        + "that these change nothing.", examples: cases(.stepsAfterEnd))
    observe(
      "excludedFromWaits", tally.excluded, "Requests with an impossible time; they take no part in waits.",
      examples: cases(.excluded))
    // Where any answer was read, or refused, 'responded' is mapped.
    let isMapped =
      kinds[EventKind.response.rawValue] != nil
      || [.respondedUnreadable, .respondedBeforeOpened, .respondedInFuture].contains { (reason: RejectReason) in
        rejected[reason.rawValue] != nil
      }
    observe(
      "resolvedWithoutResponse", tally.resolvedWithoutResponse,
      "Resolved, but without a usable time of an answer, and not withdrawn; they count as open."
        + (isMapped ? "" : " If a resolution is an answer in your system, map its time to 'responded' as well."),
      examples: cases(.resolvedWithoutResponse))
    observe(
      "responderUnknown", tally.responderUnknown,
      "Answered, but by whom isn't known; they count for the manager's waits and for no partner.",
      examples: cases(.responderUnknown))
    observe(
      "answeredByOther", tally.answeredByOther,
      "Requests answered by somebody else than the partner they were put to, without a row that passes them on; all their time "
        + "counts as that of who answered, whose queues they are left out of. Export the reassignment: when they changed hands, as "
        + "'reassign'.", examples: cases(.answeredByOther))
    observe(
      "unassigned", tally.requests.unassigned, "Open requests that no partner holds; they count for the manager only.",
      examples: cases(.unassigned))
    observe(
      "lastPartnerOnly", tally.requests.reassigned == 0 && history.partners.count > 1 ? tally.requests.tabular : 0,
      "Requests that came as one row each, which names the last partner. If any were passed on, their time with earlier "
        + "partners counts as the last one's; add the steps of their history as events.")
    observe(
      "selfConfirmed", tally.selfConfirmed,
      "Promises confirmed as kept by nobody but the one who made them; a confirmation by the other side is firmer.",
      examples: cases(.selfConfirmed))
  }

  private mutating func observePeople(_ history: History, tally: HistoryTally, people: People) {
    observe(
      "absenceWithoutEnd", tally.endlessAbsences,
      "Absences that don't say when they end, or whose end isn't after their beginning; they last one day.")
    observe(
      "notInEvents", people.unseen.values.reduce(0) { $0 + $1.count },
      "People in a roster whom no event names; nothing can be said about them.",
      examples: Self.examples(people.unseen, near: people.unlisted, "in the events"))
    observe(
      "notInRoster", people.unlisted.values.reduce(0) { $0 + $1.count },
      "People in the events whom the roster lacks; they have no group, no calendar of their own, and count as in the role from their "
        + "first event on. Add them, or write their identifiers as the events do.",
      examples: Self.examples(people.unlisted, near: people.unseen, "in the roster"))
    observeRoles(history)
    observeFunctions(history)
    for (name, lacking, names) in [
      ("partnersWithoutCalendar", history.partnersWithoutCalendar, history.partners),
      ("managersWithoutCalendar", history.managersWithoutCalendar, history.managers),
    ] {
      observe(
        name, lacking.count,
        "No calendar of their own and no common one, though others have one: every hour counts for them, so their waits don't "
          + "compare with the others'. \(History.calendarCure)",
        examples: lacking.prefix(Rejects.placesKept).map { Example("'\(names[Int($0)])'") })
    }
    var partnersOf = [Int](repeating: 0, count: history.managers.count)
    for pair in history.exposure.pairs { partnersOf[Int(pair.manager)] += 1 }
    observe(
      "managersWithOnePartner", partnersOf.count { $0 == 1 },
      "Managers in contact with one partner only; what is theirs and what is the pair's can't be told apart.")
  }

  /// The first few people, each with the one of the others whom a slip of the pen may have made of them.
  ///
  /// - Parameter near: people who lack a counterpart as well; of those who have one, whoever looks alike is somebody else.
  private static func examples(_ people: [Party: [String]], near: [Party: [String]], _ place: String) -> [Example] {
    Array(
      Party.allCases.flatMap { party in
        (people[party] ?? []).prefix(Rejects.placesKept).map { id in
          let nearest = NearestWord.nearest(to: id, among: near[party] ?? [])
          return Example("\(party) '\(id)'" + (nearest.map { " (\(place): '\($0)')" } ?? ""))
        }
      }.prefix(Rejects.placesKept))
  }

  /// Events of people whom a roster has in the role at another time only.
  ///
  /// Anonymous ratings aren't among them: how many there are of one manager isn't told.
  private mutating func observeRoles(_ history: History) {
    let stays: [Party: [Stay]] = [.manager: history.managerStays, .partner: history.partnerStays]
    guard stays.values.contains(where: { $0.contains { $0.from.isPresent || $0.until.isPresent } }) else { return }
    struct Person: Hashable { var party: Party, code: Int32 }
    var outside: [Person: (before: Int, after: Int)] = [:]
    var events = 0
    func see(_ instant: Instant, _ people: (Party, Int32)...) {
      var isOutside = false
      for (party, code) in people where code >= 0 {
        guard let stay = stays[party]?[Int(code)] else { continue }
        let (isEarly, isLate) = (
          stay.from.isPresent && instant < stay.from, stay.until.isPresent && instant > stay.until
        )
        if isEarly { outside[Person(party: party, code: code), default: (0, 0)].before += 1 }
        if isLate { outside[Person(party: party, code: code), default: (0, 0)].after += 1 }
        isOutside = isOutside || isEarly || isLate
      }
      if isOutside { events += 1 }
    }
    for spell in history.spells {
      see(spell.entered, (.manager, spell.manager), (.partner, spell.partner))
      guard spell.outcome == .answered else { continue }
      see(spell.ended, spell.asker == .manager ? (.partner, spell.partner) : (.manager, spell.manager))
    }
    for promise in history.promises { see(promise.made, (.manager, promise.manager), (.partner, promise.partner)) }
    for feedback in history.feedback { see(feedback.given, (.manager, feedback.manager), (.partner, feedback.partner)) }
    for conflict in history.conflicts {
      see(conflict.opened, (.manager, conflict.manager), (.partner, conflict.partner))
    }
    for contact in history.contacts where contact.kind != .survey || contact.partner >= 0 {
      see(contact.instant, (.manager, contact.manager), (.partner, contact.partner))
    }
    let most = outside.sorted { a, b in
      let (x, y) = (a.value.before + a.value.after, b.value.before + b.value.after)
      return x != y ? x > y : (a.key.party.rawValue, a.key.code) < (b.key.party.rawValue, b.key.code)
    }
    observe(
      "outsideRole", events,
      "Requests, answers and other events of people before their 'from' or after their 'until' in a roster; they count, while that "
        + "time doesn't count as time in the role. Check the roster's dates, and whom events name.",
      examples: most.prefix(Rejects.placesKept).map { person, count in
        let name = (person.party == .manager ? history.managers : history.partners)[Int(person.code)]
        let told = [(count.before, "before 'from'"), (count.after, "after 'until'")].filter { $0.0 > 0 }
        return Example("\(person.party) '\(name)': " + told.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
      })
  }

  /// Many cases answered by one partner within one minute.
  private mutating func observeBulkClosing(_ history: History, tally: HistoryTally, smallest: Int) {
    // With dates only, every busy day would look like bulk closing.
    guard tally.midnightStamps * 2 <= tally.stamps else {
      notes.append("Bulk closing can't be seen: most times are dates without a time of day.")
      return
    }
    var cases = 0
    var largest: [(count: Int, partner: Int32, minute: Int64)] = []
    var start = history.spells.startIndex
    while start < history.spells.endIndex {
      let partner = history.spells[start].partner
      var end = start
      while end < history.spells.endIndex, history.spells[end].partner == partner { end += 1 }
      if partner >= 0 {
        let minutes = history.spells[start..<end].lazy.filter { $0.outcome == .answered && $0.asker == .manager }
          .map { $0.ended.milliseconds / 60_000 }.sorted()
        var first = 0
        for index in stride(from: 1, through: minutes.endIndex, by: 1) {
          if index < minutes.endIndex, minutes[index] == minutes[first] { continue }
          if index - first >= smallest {
            cases += index - first
            largest.append((index - first, partner, minutes[first]))
          }
          first = index
        }
      }
      start = end
    }
    largest.sort { ($1.count, $0.partner, $0.minute) < ($0.count, $1.partner, $1.minute) }
    observe(
      "bulkClosing", cases,
      "Requests answered by one partner in the same minute as at least \(smallest - 1) others; such replies tell little "
        + "about waits.",
      examples: largest.prefix(Rejects.placesKept).map {
        Example("\(history.partners[Int($0.partner)]), \(Self.minute($0.minute, in: history.timeZone)): \($0.count)")
      })
  }

  /// `12.3 %`, rounded half up; whole numbers only, so that it is the same everywhere.
  static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0.0 %" }
    let thousandths = (part * 2000 + whole) / (2 * whole)
    return "\(thousandths / 10).\(thousandths % 10) %"
  }

  /// As in `2026-03-01 10:05`.
  static func minute(_ minute: Int64, in zone: TimeZoneRules) -> String {
    let local = zone.localSeconds(of: Instant(milliseconds: minute * 60_000))
    let date = CivilDate(dayNumber: (local >= 0 ? local : local - 86_399) / 86_400)
    let (year, month, day) = date.components
    let minutes = (local - date.dayNumber * 86_400) / 60
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day)) \(two(minutes / 60)):\(two(minutes % 60))"
  }
}

extension Ledger {
  /// How an example names a case.
  func caseName(_ seen: SeenCase) -> String {
    let key = tables[Int(seen.table)].withKey(of: Int(seen.row)) { String(decoding: $0, as: UTF8.self) }
    return "\(Self.family(ofTable: Int(seen.table))) '\(key)'"
  }
}
