extension Ledger {
  /// The latest event of the ledger, `nil` when it is empty; due times and ends of absences aren't events, and protected
  /// events, which leave no trace, move nothing.
  public var lastEvent: Instant? { lastEvent(upTo: Instant(milliseconds: .max)) }

  /// Of those no later than this.
  private func lastEvent(upTo limit: Instant) -> Instant? {
    var last: Int64 = .min
    func see(_ instant: Instant) {
      if instant.isPresent && instant <= limit { last = max(last, instant.milliseconds) }
    }
    for table in tables.indices {
      for row in tables[table].rows {
        see(row.opened)
        see(row.answered)
        see(row.closed)
        if table == Self.caseTableIndex { see(row.withdrawn) }
      }
      // The steps of case tables are refused requests.
      if table != Self.caseTableIndex { for step in tables[table].steps { see(step.instant) } }
    }
    for contact in contacts where !contact.isProtected { see(contact.instant) }
    return last == .min ? nil : Instant(milliseconds: last)
  }

  /// The earliest event of the ledger, protected ones left out; `nil` when it is empty.
  public var firstEvent: Instant? {
    var first = Instant.absent
    for table in tables.indices {
      for row in tables[table].rows { first = min(first, row.opened, row.answered, row.closed) }
      if table != Self.caseTableIndex { for step in tables[table].steps { first = min(first, step.instant) } }
    }
    for contact in contacts where !contact.isProtected { first = min(first, contact.instant) }
    return first.ifPresent
  }

  /// What the rows say once they are seen together: everything that models read.
  ///
  /// - Throws: ``IngestionError``: `unusable` when the ledger holds no event up to as-of (and an empty history isn't asked
  ///   for), or was loaded from a file and as-of lies before its last event, or rosters contradict each other; `configuration` when a
  ///   calendar is wrong or not defined.
  /// - Complexity: O(n log n) in cases, in parallel by chunks of cases and by partner.
  public func history(_ options: HistoryOptions) throws(IngestionError) -> History {
    guard holdsUnusedNames else { return try told(options) }
    var ledger = self
    ledger.keepUsedNames()
    return try ledger.told(options)
  }

  private func told(_ options: HistoryOptions) throws(IngestionError) -> History {
    let asOf = try moment(options)
    let earliest = firstEvent.flatMap { $0 <= asOf ? $0 : nil }
    guard earliest != nil && timeZone != nil || options.keepsEmpty else {
      throw IngestionError(.unusable, "no event to score: the input holds none up to the moment asked for")
    }
    let (first, zone) = (earliest ?? asOf, timeZone ?? .utc)
    let managers = names[NameSpace.manager.rawValue].strings
    let partners = names[NameSpace.partner.rawValue].strings
    let people = try People(rosters: options.rosters, managers: managers, partners: partners)
    let months = MonthTable(from: first, to: asOf, in: zone)
    var tally = HistoryTally.empty

    var contacts = contactsTold(asOf: asOf, months: months, tally: &tally)
    let absences = Self.absences(contacts, zone: zone, tally: &tally)
    let clocks = try Clocks(
      options: options, people: people, absences: absences, zone: zone, span: first..<max(asOf, first.advanced()))

    let requests = requestsTold(
      asOf: asOf, clocks: clocks, months: months, zone: zone, partnerCount: partners.count, threads: options.threads)
    tally.merge(requests.tally)
    let escalated = escalatedRequests(contacts, requests: requests)
    Self.nameEscalatedPartners(&contacts, escalated, requests: requests)
    let ordered = GroupedOrder.sorted(
      [contacts], groups: managers.count + 1, threads: options.threads, group: { Int($0.contact.manager) + 1 },
      precedes: { $0.contact.precedes($1.contact) })
    let linked = linkedTold(
      LinkedReader(parties: parties, asOf: asOf, months: months), managerCount: managers.count, threads: options.threads
    )
    tally.merge(linked.tally)

    var history = History(
      asOf: asOf, firstEvent: first, timeZone: zone, months: months.months, managers: managers, partners: partners,
      topics: names[NameSpace.topic.rawValue].strings, priorities: names[NameSpace.priority.rawValue].strings,
      channels: names[NameSpace.channel.rawValue].strings, spells: requests.spells, promises: linked.promises,
      feedback: linked.feedback, conflicts: linked.conflicts, contacts: ordered.map(\.contact),
      exposure: Exposure(managerDays: [], partnerDays: [], pairs: []), kinds: [],
      hasWorkingCalendar: clocks.hasWorkingCalendar, managerAttributes: people.managerAttributes,
      partnerAttributes: people.partnerAttributes, dataQuality: DataQuality())
    history.surveyScale = surveyScale
    for kind in EventKind.allCases where tally.used[Int(kind.ordinal)] > 0 { history.kinds.insert(kind) }
    history.beginnings = History.beginnings(history.contacts, months: history.months)
    history.tellsSeconds = tally.stamps == 0 || tally.minuteStamps < tally.stamps
    history.partnerCalendars = partners.indices.map { clocks.of(.partner, Int32($0)).calendar }
    let answerers = clocks.withoutCalendar.isEmpty ? [:] : history.answerers
    func answering(_ party: Party) -> [Int32] {
      (clocks.withoutCalendar[party] ?? []).filter { answerers[party]?.contains($0) == true }
    }
    (history.partnersWithoutCalendar, history.managersWithoutCalendar) = (answering(.partner), answering(.manager))
    history.unusedCalendars = clocks.unusedCalendars
    history.pauses = requests.pauses
    for (index, request) in escalated where contacts[index].contact.actor != .partner {
      let instant = contacts[index].contact.instant
      history.escalations[request] = min(history.escalations[request] ?? instant, instant)
    }
    history.lastEvent = lastEvent(upTo: asOf) ?? .absent
    func stays(_ entries: [Roster.Entry?]) -> [Stay] {
      entries.map { Stay(from: $0?.from ?? .absent, until: $0?.lastMoment ?? .absent) }
    }
    (history.managerStays, history.partnerStays) = (stays(people.managers), stays(people.partners))
    history.exposure = Exposure(of: history, people: people, absences: absences)
    history.dataQuality = DataQuality(of: history, ledger: self, tally: tally, people: people, options: options)
    return history
  }

  /// As of when: what was asked for, else the last event not after the start of the run.
  private func moment(_ options: HistoryOptions) throws(IngestionError) -> Instant {
    guard let last = lastEvent else {
      if options.keepsEmpty { return options.asOf ?? options.runStart }
      throw IngestionError(.unusable, "no event to score: the input holds no usable event")
    }
    guard let asked = options.asOf else { return min(last, options.runStart) }
    // A day, since a date may be meant in another zone, or its whole day.
    guard asked <= options.runStart.advanced(days: 1) else {
      throw IngestionError(
        .usage,
        "--as-of lies in the future, about which nothing is known: who hasn't been heard of until then would count as silent; "
          + "leave it out for the last event")
    }
    if isLoaded && asked < last {
      let moment = DataQuality.minute(last.milliseconds / 60_000, in: timeZone ?? .utc)
      throw IngestionError(
        .unusable,
        "\(loadedFrom.joined(separator: ", ")): a saved ledger can't be scored as of a moment before its last event, which is of "
          + "\(moment) (\((timeZone ?? .utc).name)); score the events themselves with --as-of")
    }
    return asked
  }

  /// A contact, and the code of the request that it is about.
  private typealias ToldContact = (contact: Contact, request: UInt32?)

  /// Events of kinds that stand alone, by fingerprint; protected ones are counted and never listed.
  ///
  /// Of what is confidential it isn't told which lies after as-of, since reports as of two moments would date a single one.
  private func contactsTold(asOf: Instant, months: MonthTable, tally: inout HistoryTally) -> [ToldContact] {
    var result: [ToldContact] = []
    result.reserveCapacity(contacts.count)
    for row in contacts {
      if row.isProtected {
        tally.confidential += 1
        continue
      }
      guard row.instant <= asOf else {
        if row.kind == .survey, parties[Int(row.parties)].second == CodeTuple.none {
          tally.confidential += 1
        } else {
          tally.afterAsOf += 1
        }
        continue
      }
      tally.use(row.kind)
      let tuple = parties[Int(row.parties)]
      let contact = Contact(
        kind: row.kind, actor: row.actor, manager: RequestReader.code(tuple.first),
        partner: RequestReader.code(tuple.second),
        instant: row.instant, month: months.month(of: row.instant),
        thousandths: row.thousandths == ContactRow.noValue ? nil : row.thousandths, due: row.due,
        isKnownByRow: row.isKnownByRow)
      result.append((contact, tuple.flags == 0 ? nil : tuple.flags - 1))
    }
    return result
  }

  /// Which contacts are escalations of a request that is known, and of which.
  private func escalatedRequests(
    _ contacts: [ToldContact], requests: ToldRequests
  ) -> [(contact: Int, request: Int32)] {
    contacts.enumerated().compactMap { index, told in
      guard let code = told.request else { return nil }
      return names[NameSpace.escalated.rawValue].withBytes(of: Int(code)) {
        requests.reader.request(withKey: $0, in: requests.places)
      }.map { (index, $0) }
    }
  }

  /// Gives escalations that name a request and no partner the partner who held the request then.
  private static func nameEscalatedPartners(
    _ contacts: inout [ToldContact], _ escalated: [(contact: Int, request: Int32)], requests: ToldRequests
  ) {
    var waiting: [Int32: [Int]] = [:]
    for (index, request) in escalated where contacts[index].contact.partner < 0 {
      waiting[request, default: []].append(index)
    }
    if waiting.isEmpty { return }
    // Of the spells that began by then, the last.
    var latest = [Instant](repeating: Instant(milliseconds: .min), count: contacts.count)
    for spell in requests.spells {
      for index in waiting[spell.request] ?? []
      where spell.entered <= contacts[index].contact.instant && spell.entered > latest[index] {
        latest[index] = spell.entered
        contacts[index].contact.partner = spell.partner
      }
    }
  }

  /// Each person's own absences; one without an end, or with one that isn't after its beginning, lasts until the end of its day.
  private static func absences(
    _ contacts: [ToldContact], zone: TimeZoneRules, tally: inout HistoryTally
  ) -> [Party: [Int32: [Range<Instant>]]] {
    var result: [Party: [Int32: [Range<Instant>]]] = [:]
    for (contact, _) in contacts where contact.kind == .absence {
      let party = contact.actor ?? .manager
      let code = party == .manager ? contact.manager : contact.partner
      guard code >= 0 else { continue }
      var end = contact.due
      if !end.isPresent || end <= contact.instant {
        tally.endlessAbsences += 1
        end = zone.start(of: CivilDate(dayNumber: zone.date(of: contact.instant).dayNumber + 1))
      }
      result[party, default: [:]][code, default: []].append(contact.instant..<end)
    }
    return result
  }

  /// What linked kinds other than requests say.
  private struct ToldLinked: Sendable {
    var promises: [Promise] = []
    var feedback: [Feedback] = []
    var conflicts: [Conflict] = []
    var tally = HistoryTally.empty
  }

  /// Each by manager, partner and moment, a family to a thread.
  private func linkedTold(_ linked: LinkedReader, managerCount: Int, threads: Int) -> ToldLinked {
    let families: [CaseFamily] = [.commitment, .goal, .feedback, .conflict]
    let parts = Parallel.map(families.count, threads: threads) { index in
      let reader = CaseReader(tables[Int(families[index].rawValue)], family: families[index])
      var part = ToldLinked()
      switch families[index] {
      case .feedback: part.feedback = linked.feedback(reader, tally: &part.tally)
      case .conflict: part.conflicts = linked.conflicts(reader, tally: &part.tally)
      default: part.promises = linked.promises(reader, tally: &part.tally)
      }
      return part
    }
    var told = ToldLinked()
    for part in parts { told.tally.merge(part.tally) }
    // Cases come in the order of their keys' hashes, so sorting them always ends in the same order.
    let groups = managerCount + 1
    told.promises = GroupedOrder.sorted(
      parts.map(\.promises), groups: groups, threads: threads, group: { Int($0.manager) + 1 },
      precedes: { ($0.partner, $0.made) < ($1.partner, $1.made) })
    told.feedback = GroupedOrder.sorted(
      parts.map(\.feedback), groups: groups, threads: threads, group: { Int($0.manager) + 1 },
      precedes: { ($0.partner, $0.given) < ($1.partner, $1.given) })
    told.conflicts = GroupedOrder.sorted(
      parts.map(\.conflicts), groups: groups, threads: threads, group: { Int($0.manager) + 1 },
      precedes: { ($0.partner, $0.opened) < ($1.partner, $1.opened) })
    return told
  }

  /// How many cases a thread takes at a time.
  private static let chunk = 16_384

  /// All requests, told.
  private struct ToldRequests {
    /// By partner, entry and key.
    var spells: [RequestSpell]
    /// By request.
    var pauses: [RequestPause]
    var tally: HistoryTally
    var reader: RequestReader
    var places: [RequestReader.Place]
  }

  private func requestsTold(
    asOf: Instant, clocks: Clocks, months: MonthTable, zone: TimeZoneRules, partnerCount: Int, threads: Int
  ) -> ToldRequests {
    let reader = RequestReader(
      events: CaseReader(tables[Int(CaseFamily.request.rawValue)], family: .request),
      caseRows: CaseReader(tables[Self.caseTableIndex], family: .request), parties: parties, categories: categories,
      asOf: asOf, clocks: clocks, months: months, zone: zone)
    let places = RequestReader.places(reader.events.table, reader.caseRows.table)
    let chunks = Parallel.map((places.count + Self.chunk - 1) / Self.chunk, threads: threads) { index in
      reader.read(places, index * Self.chunk..<min((index + 1) * Self.chunk, places.count))
    }
    var tally = HistoryTally.empty
    for chunk in chunks { tally.merge(chunk.tally) }
    // −1, unassigned, comes first, and is nobody's queue. Spells of one moment stay in the order of requests, as they are read.
    let spells = GroupedOrder.sorted(
      chunks.map(\.spells), groups: partnerCount + 1, threads: threads, group: { Int($0.partner) + 1 },
      time: { $0.entered },
      finish: { spells, group in if group > 0 { Backlog.fill(&spells) } })
    return ToldRequests(
      spells: spells, pauses: chunks.flatMap(\.pauses), tally: tally, reader: reader, places: places)
  }
}

extension History {
  /// Who was asked, by party: whose hours a wait is told in.
  fileprivate var answerers: [Party: Set<Int32>] {
    var result: [Party: Set<Int32>] = [.partner: [], .manager: []]
    for spell in spells {
      let party = spell.asker.other
      result[party]?.insert(party == .partner ? spell.partner : spell.manager)
    }
    return result
  }
}

extension Instant {
  /// The next moment.
  func advanced() -> Instant { Instant(milliseconds: milliseconds + 1) }
}
