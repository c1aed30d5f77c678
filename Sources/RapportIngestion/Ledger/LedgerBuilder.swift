/// Builds a ledger row by row, plainly: what is said of a case is said by `CaseFold`.
///
/// Reading inputs goes through a `CaseStore` instead, which gives the same ledger faster; tests hold the two together.
public struct LedgerBuilder: EventSink, Sendable {
  private struct Family: Sendable {
    var keys: ByteInterner
    var rows: [CaseRow] = []
    var steps: [CaseStep] = []
    init(_ family: CaseFamily) { keys = ByteInterner(seed: UInt64(family.rawValue)) }
  }

  private struct AppearanceOrder: CodeOrder {
    let names: [ByteInterner]
    func precedes(_ a: UInt32, _ b: UInt32, in space: NameSpace) -> Bool {
      let names = names[space.rawValue]
      return names.withBytes(of: a) { x in names.withBytes(of: b) { y in Identifiers.compare(x, y) < 0 } }
    }
  }

  private let timeZone: TimeZoneRules
  private var names = NameSpace.allCases.map { _ in ByteInterner() }
  private var forms = NameForms()
  private var fold = CaseFold()
  private var families = (0..<Ledger.tableCount).map { Family(Ledger.family(ofTable: $0)) }
  private var contacts: [ContactRow] = []
  private var counts = RowCounts.empty
  /// The latest categories: rows of one export often repeat them.
  private var latestCategories: (CodeTuple, UInt32)?

  /// - Parameter timeZone: the report's, which cuts months; the ledger keeps it.
  public init(timeZone: TimeZoneRules) { self.timeZone = timeZone }

  /// Rows added so far.
  public var rowCount: Int { counts.rows }

  /// Adds an event.
  ///
  /// A linked kind needs a case; readers refuse rows without one.
  public mutating func add(_ event: RawEvent) {
    counts.addEntry(recordedAt: event.recordedAt, timestamp: event.timestamp)
    guard let family = event.kind.family else { return addContact(event) }
    counts.linkedRows += 1
    let table = Int(family.rawValue)
    let (index, isNew) = families[table].keys.intern(event.caseKey)
    if isNew { families[table].rows.append(fold.emptyRow(keyEnd: 0)) }
    let actor = event.actor ?? event.kind.defaultActor ?? .manager
    let manager = code(event.manager, .manager)
    let partner = code(event.partner, .partner)
    fold.see(manager: manager, in: &families[table].rows[Int(index)], order: AppearanceOrder(names: names))
    var step = CaseStep(row: index, kind: event.kind, actor: actor, instant: event.timestamp)
    let spilled: CaseStep?
    switch event.kind.slot {
    case .opened:
      let opening = CaseFold.Opening(
        instant: event.timestamp, actor: actor, manager: manager, partner: partner,
        categories: categories(event.topic, event.priority, event.channel, flags: 0), due: event.due)
      spilled = fold.open(
        &families[table].rows[Int(index)], opening, kind: event.kind, index: index,
        order: AppearanceOrder(names: names))
    case .answered:
      step.person = partner
      spilled = fold.answer(&families[table].rows[Int(index)], step, order: AppearanceOrder(names: names))
    case .closed:
      spilled = fold.close(&families[table].rows[Int(index)], step)
    case nil:
      if event.kind == .reassign { step.person = partner }
      if event.kind == .renegotiation { step.due = event.due }
      spilled = step
    }
    if let spilled { families[table].steps.append(spilled) }
  }

  /// Adds a row of a case table: a whole request, in one of its states.
  public mutating func add(_ row: RawCase) {
    counts.caseRows += 1
    let table = Ledger.caseTableIndex
    let (index, isNew) = families[table].keys.intern(row.caseKey)
    let parties = CodeTuple(
      first: code(row.manager, .manager), second: code(row.partner, .partner), third: CodeTuple.none)
    let flags = row.excludedFromWaits ? Ledger.excludedFlag : 0
    let new = CaseRow(
      row, parties: fold.parties.intern(parties),
      categories: categories(row.topic, row.priority, row.channel, flags: flags))
    if isNew {
      families[table].rows.append(new)
    } else if let refused = fold.merge(
      tableRow: new, into: &families[table].rows[Int(index)], index: index, order: AppearanceOrder(names: names))
    {
      families[table].steps.append(refused)
    }
  }

  private mutating func addContact(_ event: RawEvent) {
    counts.contactRows += 1
    let contact = Contact(event)
    let parties = CodeTuple(
      first: code(contact.manager, .manager), second: code(contact.partner, .partner), third: CodeTuple.none,
      flags: contact.request.isEmpty ? 0 : code(contact.request, .escalated) + 1)
    contacts.append(
      ContactRow(
        fingerprint: contact.fingerprint, instant: event.timestamp, due: contact.due,
        parties: fold.parties.intern(parties), thousandths: event.thousandths ?? ContactRow.noValue, kind: event.kind,
        actor: contact.actor, isProtected: contact.isProtected, isKnownByRow: contact.isKnownByRow))
  }

  /// What a ledger keeps of an event without a case: of what is said in protection, which is never attributed to a person, neither
  /// anybody's name, nor a request, nor a due time; of an absence nobody's name but that of who was away.
  struct Contact {
    let isProtected: Bool
    let manager: UnsafeRawBufferPointer
    let partner: UnsafeRawBufferPointer
    let actor: Party?
    let due: Instant
    /// The key of the request that an escalation is about; empty where there is none.
    let request: UnsafeRawBufferPointer
    /// What says that two rows are the same: of two escalations about a request case, actor and time, as for linked kinds. Of what
    /// is said in protection nothing but the row's own: whoever holds a ledger may try names and cases against its fingerprints.
    let fingerprint: Fingerprint
    /// Whether that comes from the whole row.
    let isKnownByRow: Bool

    init(_ event: RawEvent) {
      isProtected = Self.isProtected(event.kind, channel: event.channel)
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      // An absence is its actor's: whoever else stands in the row, as where a column wants a name, had nothing to do with it.
      let absent = event.kind == .absence ? event.actor ?? .manager : nil
      manager = isProtected || absent == .partner ? nothing : event.manager
      partner = isProtected || absent == .manager ? nothing : event.partner
      actor = isProtected ? nil : event.actor
      due = isProtected ? .absent : event.due
      request = isProtected || event.kind != .escalation ? nothing : event.caseKey
      isKnownByRow = event.isKnownByRow && request.isEmpty && !isProtected
      fingerprint =
        request.isEmpty
        ? event.fingerprint
        : Self.fingerprint(ofCase: request, actor: event.actor, timestamp: event.timestamp)
    }

    /// Whether an event is said in protection.
    static func isProtected(_ kind: EventKind, channel: UnsafeRawBufferPointer) -> Bool {
      kind == .concern || (kind == .escalation && isProtected(channel))
    }

    /// Whether a channel makes an escalation one that never counts against anyone: `protected`, in small letters or capitals, with
    /// or without blanks around it, since one that is taken for another channel counts without a word.
    static func isProtected(_ channel: UnsafeRawBufferPointer) -> Bool {
      guard let first = channel.firstIndex(where: { $0 > 0x20 }), channel.count - first >= 9 else { return false }
      // Bit 5 apart, no byte but a letter's is that of a letter.
      return channel[first..<first + 9].lazy.map { $0 | 0x20 }.elementsEqual("protected".utf8)
        && channel[(first + 9)...].allSatisfy { $0 <= 0x20 }
    }

    /// The fingerprint of what is said in protection and has no `id`: its kind and moment, which tell of nobody.
    static func fingerprint(ofProtected kind: EventKind, timestamp: Instant) -> Fingerprint {
      let time = UInt64(bitPattern: timestamp.milliseconds)
      let seed = UInt64(kind.ordinal) + 512
      return Fingerprint(
        high: StableHash.of(StableHash.of(seed, time), time), low: StableHash.of(StableHash.of(seed + 256, time), time))
    }

    /// The fingerprint of an escalation about a request.
    static func fingerprint(ofCase key: UnsafeRawBufferPointer, actor: Party?, timestamp: Instant) -> Fingerprint {
      let seed = UInt64(actor?.rawValue ?? .max)
      let time = UInt64(bitPattern: timestamp.milliseconds)
      return Fingerprint(
        high: StableHash.of(StableHash.of(key, seed: seed), time),
        low: StableHash.of(StableHash.of(key, seed: seed + 256), time))
    }
  }

  private mutating func code(_ bytes: UnsafeRawBufferPointer, _ space: NameSpace) -> UInt32 {
    if bytes.isEmpty { return CodeTuple.none }
    guard space.holdsNames, NameForm.mayChange(bytes) else { return names[space.rawValue].intern(bytes).code }
    let number = forms.number(of: bytes)
    return forms.withName(number) { names[space.rawValue].intern($0).code }
  }

  private mutating func categories(
    _ topic: UnsafeRawBufferPointer, _ priority: UnsafeRawBufferPointer, _ channel: UnsafeRawBufferPointer,
    flags: UInt32
  ) -> UInt32 {
    let tuple = CodeTuple(
      first: code(topic, .topic), second: code(priority, .priority), third: code(channel, .channel), flags: flags)
    if let latestCategories, latestCategories.0 == tuple { return latestCategories.1 }
    let code = fold.categories.intern(tuple)
    latestCategories = (tuple, code)
    return code
  }

  /// The ledger of everything added, in canonical form.
  ///
  /// - Complexity: O(n log n) in cases
  public consuming func finish() -> Ledger {
    var ledger = Ledger()
    ledger.timeZone = timeZone
    ledger.counts = counts
    // What is absent from every row of the fold must not remain: the empty tuples go when tuples are compacted.
    ledger.contacts = ContactRow.canonical(
      contacts, parties: fold.parties.tuples, order: AppearanceOrder(names: names))
    var newCodes: [[UInt32]] = []
    for space in NameSpace.allCases {
      let (sorted, codes) = Identifiers.sorted(names[space.rawValue])
      ledger.names[space.rawValue] = sorted
      newCodes.append(codes)
    }
    ledger.parties = fold.parties.tuples
    ledger.categories = fold.categories.tuples
    for table in families.indices {
      ledger.tables[table] = Self.canonical(families[table])
      families[table] = Family(.request)
    }
    ledger.recode(newCodes)
    // Recoding changed the order of people, and with it which of two rows of one step counts.
    for table in ledger.tables.indices { ledger.tables[table].steps = CaseTable.canonical(ledger.tables[table].steps) }
    ledger.keepUsedTuples()
    return ledger
  }

  /// The rows in the order of their keys' hashes, then keys; steps follow their rows, not yet sorted.
  private static func canonical(_ family: Family) -> CaseTable {
    let hashes = family.keys.hashes
    var order = Array(0..<UInt32(family.rows.count))
    order.sort { a, b in
      let (x, y) = (hashes[Int(a)], hashes[Int(b)])
      if x != y { return x < y }
      return family.keys.withBytes(of: a) { p in
        family.keys.withBytes(of: b) { q in Identifiers.compare(p, q) < 0 }
      }
    }
    var table = CaseTable()
    table.rows.reserveCapacity(order.count)
    table.keys.reserveCapacity(family.keys.bytes.count)
    var newRows = [UInt32](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() {
      newRows[Int(old)] = UInt32(new)
      family.keys.withBytes(of: old) { table.keys.append(contentsOf: $0) }
      var row = family.rows[Int(old)]
      row.keyEnd = UInt32(table.keys.count)
      table.rows.append(row)
    }
    table.steps = family.steps
    for index in table.steps.indices { table.steps[index].row = newRows[Int(table.steps[index].row)] }
    return table
  }
}
