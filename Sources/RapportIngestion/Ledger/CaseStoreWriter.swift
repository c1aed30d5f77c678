import Glibc

/// One thread's way into a ``CaseStore``: codes names, and gathers each shard's events until they are worth its lock.
///
/// Rows of the usual shape come as they stand in the chunk (``take(_:_:times:runStart:ratings:)``), all others as events.
struct CaseStoreWriter: ChunkSink {
  private let state: UnsafeMutablePointer<State>

  init(_ store: CaseStore) {
    state = .allocate(capacity: 1)
    state.initialize(to: State(store))
  }

  func add(_ event: RawEvent) { state.pointee.add(event) }

  func add(_ row: RawCase) { state.pointee.tables.add(row) }

  @inline(__always)
  func take(
    _ record: PlainRecord, _ layout: PlainLayout, times: inout TimeParser, runStart: Instant,
    ratings: ClosedRange<Int32>
  ) -> Bool {
    state.pointee.take(record, layout, &times, runStart, ratings)
  }

  @inline(__always)
  func prefetch(_ record: PlainRecord, _ layout: PlainLayout) { state.pointee.prefetch(record, layout) }

  /// What is left besides the store's; the writer must not be used afterwards.
  func finish() -> CaseStore.Part {
    state.pointee.flushAll()
    let part = state.pointee.part()
    state.pointee.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
    return part
  }
}

extension CaseStoreWriter {
  /// Everything of one thread. Behind a pointer, so that the compiler needs no checks for others who might change it.
  fileprivate struct State {
    /// Events that wait for each shard at most.
    private static let eventsPerShard = 256
    /// Bytes of long keys that wait at most.
    private static let keyLimit = 1 << 18

    let store: CaseStore
    var tables: LedgerBuilder
    private var counts = RowCounts.empty
    private let traits: UnsafeMutablePointer<KindTraits>
    /// Spread wide, because every row asks, and seldom twice in a row for the same.
    private var kinds = NameCache(bits: 9)
    /// The kinds whose names are long.
    private var longKinds: [(name: [UInt8], ordinal: UInt32)] = []
    /// By ``NameSpace``.
    private let names: UnsafeMutablePointer<NameCache>
    private var longNames = NameSpace.allCases.map { _ in (ByteInterner(), [UInt32]()) }
    /// Whether a person's name has come in another form than names have (``NameForm``).
    private var spellsOtherwise = false
    /// For rows that may name one person in two forms.
    private var forms = NameForms()
    private static let categoryBits: UInt32 = 10
    /// The latest categories, by a few bits of their codes.
    private let categories: UnsafeMutablePointer<(tuple: CodeTuple, code: UInt32)>

    /// By shard, room for so many each, and how many there are.
    private let events: UnsafeMutablePointer<CaseEvent>
    private let eventCounts: UnsafeMutablePointer<Int>
    /// By shard, the block that is being filled, and how many are in it.
    private let contacts: UnsafeMutablePointer<UnsafeMutablePointer<OpenContact>?>
    private let contactCounts: UnsafeMutablePointer<Int>
    /// Room for more blocks, by group of shards.
    private let freeBlocks: UnsafeMutablePointer<(next: UnsafeMutablePointer<OpenContact>?, count: Int, asked: Int)>
    /// The bytes of keys that are long.
    private var keys: UnsafeMutablePointer<UInt8>
    private var keyCount = 0
    private var keyCapacity = 1 << 12

    init(_ store: CaseStore) {
      self.store = store
      tables = LedgerBuilder(timeZone: store.timeZone)
      traits = .allocate(capacity: EventKind.allCases.count)
      for kind in EventKind.allCases {
        (traits + Int(kind.ordinal)).initialize(to: KindTraits(kind))
        let bytes = Array(kind.rawValue.utf8)
        if bytes.count <= CompactKey.limit {
          kinds.insert(bytes.withUnsafeBytes { CompactKey($0) }, code: UInt32(kind.ordinal))
        } else {
          longKinds.append((bytes, UInt32(kind.ordinal)))
        }
      }
      names = .allocate(capacity: NameSpace.allCases.count)
      for space in NameSpace.allCases { (names + space.rawValue).initialize(to: NameCache()) }
      categories = .allocate(capacity: 1 << Self.categoryBits)
      let nothing = CodeTuple(first: CodeTuple.none, second: CodeTuple.none, third: CodeTuple.none)
      categories.initialize(repeating: (nothing, SharedNames.noCategories), count: 1 << Self.categoryBits)
      events = .allocate(capacity: CaseStore.shardCount * Self.eventsPerShard)
      eventCounts = .allocate(capacity: CaseStore.shardCount)
      eventCounts.initialize(repeating: 0, count: CaseStore.shardCount)
      contacts = .allocate(capacity: CaseStore.contactShardCount)
      contacts.initialize(repeating: nil, count: CaseStore.contactShardCount)
      contactCounts = .allocate(capacity: CaseStore.contactShardCount)
      contactCounts.initialize(repeating: 0, count: CaseStore.contactShardCount)
      freeBlocks = .allocate(capacity: CaseStore.contactShardCount / OpenContacts.shardsPerGroup)
      freeBlocks.initialize(
        repeating: (nil, 0, 0), count: CaseStore.contactShardCount / OpenContacts.shardsPerGroup)
      keys = .allocate(capacity: keyCapacity)
    }

    /// Frees everything; it must not be used afterwards.
    func deallocate() {
      kinds.deallocate()
      for space in NameSpace.allCases { names[space.rawValue].deallocate() }
      names.deallocate()
      traits.deallocate()
      categories.deallocate()
      events.deallocate()
      eventCounts.deallocate()
      contacts.deallocate()
      contactCounts.deallocate()
      freeBlocks.deallocate()
      keys.deallocate()
    }

    func part() -> CaseStore.Part {
      CaseStore.Part(counts: counts, tables: tables.rowCount > 0 ? tables.finish() : nil)
    }

    // MARK: Codes

    /// The number of a kind; ``CodeTuple/none`` where it is none. Mutating, as is all here, so that nothing is copied for it.
    @inline(__always)
    private mutating func ordinal(ofKind bytes: UnsafeRawPointer, _ count: Int) -> UInt32 {
      if count == 0 { return CodeTuple.none }
      return count <= CompactKey.limit ? kinds.code(of: CompactKey(bytes, count: count)) : longOrdinal(bytes, count)
    }

    @inline(never)
    private mutating func longOrdinal(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt32 {
      longKinds.first { $0.name.count == count && memcmp($0.name, bytes, count) == 0 }?.ordinal ?? CodeTuple.none
    }

    /// The code of an identifier, behind whose first byte 16 are readable.
    @inline(__always)
    private mutating func code(_ bytes: UnsafeRawPointer, _ count: Int, _ space: NameSpace) -> UInt32 {
      if count == 0 { return CodeTuple.none }
      guard count <= CompactKey.limit else {
        return longCode(UnsafeRawBufferPointer(start: bytes, count: count), space)
      }
      let key = CompactKey(bytes, count: count)
      let code = names[space.rawValue].code(of: key)
      return code != CodeTuple.none ? code : newCode(key, space)
    }

    /// The code of an identifier.
    private mutating func code(_ bytes: UnsafeRawBufferPointer, _ space: NameSpace) -> UInt32 {
      if bytes.isEmpty { return CodeTuple.none }
      guard bytes.count <= CompactKey.limit else { return longCode(bytes, space) }
      let key = CompactKey(bytes)
      let code = names[space.rawValue].code(of: key)
      return code != CodeTuple.none ? code : newCode(key, space)
    }

    @inline(never)
    private mutating func newCode(_ key: CompactKey, _ space: NameSpace) -> UInt32 {
      let code = key.withBytes { sharedCode($0, space) }
      names[space.rawValue].insert(key, code: code)
      return code
    }

    @inline(never)
    private mutating func longCode(_ bytes: UnsafeRawBufferPointer, _ space: NameSpace) -> UInt32 {
      let (own, isNew) = longNames[space.rawValue].0.intern(bytes)
      if isNew { longNames[space.rawValue].1.append(sharedCode(bytes, space)) }
      return longNames[space.rawValue].1[Int(own)]
    }

    /// The code of what this thread meets for the first time: of a name that of its composed form, so that all its spellings have one.
    private mutating func sharedCode(_ bytes: UnsafeRawBufferPointer, _ space: NameSpace) -> UInt32 {
      guard space.holdsNames, let composed = NameForm.composed(bytes) else {
        return store.names.code(of: bytes, in: space)
      }
      if space.isOfPeople { spellsOtherwise = true }
      return composed.withUnsafeBytes { store.names.code(of: $0, in: space) }
    }

    /// Whether two texts that differ are one name in two forms. They aren't where both have come before, and all were composed.
    @inline(never)
    private mutating func areOneName(
      _ manager: (start: UnsafeRawPointer, count: Int), _ partner: (start: UnsafeRawPointer, count: Int)
    ) -> Bool {
      let a = UnsafeRawBufferPointer(start: manager.start, count: manager.count)
      let b = UnsafeRawBufferPointer(start: partner.start, count: partner.count)
      if let isOne = NameForm.areOne(a, b) { return isOne }
      if !spellsOtherwise, isKnown(manager, .manager), isKnown(partner, .partner) { return false }
      return forms.areOne(a, b)
    }

    @inline(__always)
    private mutating func isKnown(_ name: (start: UnsafeRawPointer, count: Int), _ space: NameSpace) -> Bool {
      name.count <= CompactKey.limit
        ? names[space.rawValue].code(of: CompactKey(name.start, count: name.count)) != CodeTuple.none
        : longNames[space.rawValue].0.contains(UnsafeRawBufferPointer(start: name.start, count: name.count))
    }

    @inline(__always)
    private mutating func code(categories tuple: CodeTuple) -> UInt32 {
      let mixed =
        (tuple.first &+ 1) &* 0x9E37_79B1 &+ (tuple.second &+ 1) &* 0x85EB_CA77 &+ (tuple.third &+ 1) &* 0xC2B2_AE3D
      let latest = categories + Int(mixed &>> (32 &- Self.categoryBits))
      if latest.pointee.tuple == tuple { return latest.pointee.code }
      let code = store.names.code(of: tuple)
      latest.pointee = (tuple, code)
      return code
    }

    // MARK: Rows as they stand

    /// Asks for the places of the names in a row that is soon to be taken.
    @inline(__always)
    mutating func prefetch(_ record: PlainRecord, _ layout: PlainLayout) {
      prefetch(record, layout.manager, .manager)
      prefetch(record, layout.partner, .partner)
    }

    @inline(__always)
    private mutating func prefetch(_ record: PlainRecord, _ position: Int, _ space: NameSpace) {
      guard position >= 0 else { return }
      let lower = Int(truncatingIfNeeded: record.ends[position &- 1] &+ 1)
      let count = Int(truncatingIfNeeded: record.ends[position]) &- lower
      if count > 0, count <= CompactKey.limit {
        names[space.rawValue].prefetch(CompactKey(record.bytes + lower, count: count))
      }
    }

    /// Takes a row if it is of the usual shape and nothing is wrong with it; otherwise nothing has happened.
    ///
    /// Every check here is one of ``RowReader``'s; where one fails, that one says what is wrong.
    @inline(__always)
    mutating func take(
      _ record: PlainRecord, _ layout: PlainLayout, _ times: inout TimeParser, _ runStart: Instant,
      _ ratings: ClosedRange<Int32>
    ) -> Bool {
      let before = times.tally
      if takeRow(record, layout, &times, runStart, ratings) { return true }
      times.tally = before
      return false
    }

    /// As ``take(_:_:_:_:_:)``, except that times may have been counted where it gives `false`.
    @inline(__always)
    private mutating func takeRow(
      _ record: PlainRecord, _ layout: PlainLayout, _ times: inout TimeParser, _ runStart: Instant,
      _ ratings: ClosedRange<Int32>
    ) -> Bool {
      let bytes = record.bytes
      /// A field as it stands.
      @inline(__always) func field(_ position: Int) -> (start: UnsafeRawPointer, count: Int) {
        if position < 0 { return (bytes, 0) }
        let lower = Int(truncatingIfNeeded: record.ends[position &- 1] &+ 1)
        let upper = position == layout.last ? record.end : Int(truncatingIfNeeded: record.ends[position])
        return (bytes + lower, upper &- lower)
      }
      /// Whether a field that isn't empty has neither quotes nor blanks around it.
      @inline(__always) func isBare(_ field: (start: UnsafeRawPointer, count: Int)) -> Bool {
        field.start.load(as: UInt8.self) > 0x22
          && field.start.load(fromByteOffset: field.count &- 1, as: UInt8.self) > 0x20
      }
      @inline(__always) func isEmptyOrBare(_ field: (start: UnsafeRawPointer, count: Int)) -> Bool {
        field.count == 0 || isBare(field)
      }
      let kindField = field(layout.kind)
      let ordinal = ordinal(ofKind: kindField.start, kindField.count)
      guard ordinal != CodeTuple.none else { return false }
      let traits = traits + Int(truncatingIfNeeded: ordinal)
      guard traits.pointee.isPlain else { return false }

      let manager = field(layout.manager)
      let partner = field(layout.partner)
      guard manager.count > 0, isBare(manager) else { return false }
      if partner.count > 0 {
        guard isBare(partner) else { return false }
        if manager.count == partner.count, memcmp(manager.start, partner.start, partner.count) == 0 { return false }
        if layout.holdsHighBytes, areOneName(manager, partner) { return false }
      } else if traits.pointee.needsPartner {
        return false
      }
      let actorField = field(layout.actor)
      var actor = traits.pointee.defaultActor
      if actorField.count == 7 {
        let word = UInt64(littleEndian: actorField.start.loadUnaligned(as: UInt64.self)) &<< 8
        // `manager` and `partner`: which of them nobody could guess, so that it is reckoned.
        let isPartner = word == 0x7265_6E74_7261_7000
        guard isPartner || word == 0x7265_6761_6E61_6D00 else { return false }
        actor = isPartner ? .partner : .manager
      } else if actorField.count != 0 {
        return false
      }

      @inline(__always) func instant(_ field: (start: UnsafeRawPointer, count: Int)) -> Instant? {
        times.plainInstant(field.start, count: field.count)
          ?? times.instant(UnsafeRawBufferPointer(start: field.start, count: field.count))
      }
      /// The time of a field that may be empty; `nil` where it can't be read.
      @inline(__always) func optionalInstant(_ field: (start: UnsafeRawPointer, count: Int)) -> Instant? {
        if field.count == 0 { return .absent }
        return isBare(field) ? instant(field) : nil
      }
      /// Likewise, until when something is due.
      @inline(__always) func optionalDue(_ field: (start: UnsafeRawPointer, count: Int)) -> Instant? {
        if field.count == 0 { return .absent }
        guard isBare(field) else { return nil }
        return times.plainInstant(field.start, count: field.count)
          ?? times.due(UnsafeRawBufferPointer(start: field.start, count: field.count), of: traits.pointee.kind)
      }
      guard let timestamp = instant(field(layout.timestamp)), timestamp <= runStart,
        let due = optionalDue(field(layout.due)), let recordedAt = optionalInstant(field(layout.recordedAt))
      else { return false }

      let key = field(layout.caseKey)
      guard let family = traits.pointee.family else {
        let value = field(layout.value)
        let id = field(layout.id)
        guard isEmptyOrBare(value), isEmptyOrBare(id),
          let thousandths = Self.thousandths(
            UnsafeRawBufferPointer(start: value.start, count: value.count), traits.pointee.kind, ratings)
        else { return false }
        var fingerprint: Fingerprint?
        if traits.pointee.kind == .escalation {
          // A protected one goes the long way.
          let channel = field(layout.channel)
          guard isEmptyOrBare(key), isEmptyOrBare(channel),
            !LedgerBuilder.Contact.isProtected(UnsafeRawBufferPointer(start: channel.start, count: channel.count))
          else { return false }
          if key.count > 0 {
            fingerprint = LedgerBuilder.Contact.fingerprint(
              ofCase: UnsafeRawBufferPointer(start: key.start, count: key.count), actor: actor, timestamp: timestamp)
          }
        }
        if fingerprint == nil, id.count > 0 {
          fingerprint = StableHash.fingerprint(
            ofID: UnsafeRawBufferPointer(start: id.start, count: id.count), traits.pointee.kind)
        }
        let isAboutRequest = traits.pointee.kind == .escalation && key.count > 0
        let row = UnsafeRawBufferPointer(start: bytes + record.start, count: record.end &- record.start)
        counts.contactRows &+= 1
        counts.addEntry(recordedAt: recordedAt, timestamp: timestamp)
        append(
          OpenContact(
            fingerprint: fingerprint ?? StableHash.fingerprint(row), instant: timestamp,
            manager: code(manager.start, manager.count, .manager),
            partner: code(partner.start, partner.count, .partner),
            escalated: isAboutRequest ? code(key.start, key.count, .escalated) + 1 : 0, thousandths: thousandths,
            kind: traits.pointee.kind, actor: actor, isProtected: false,
            isKnownByRow: fingerprint == nil), due: due)
        return true
      }

      var (topic, priority, channel) = (field(layout.topic), field(layout.priority), field(layout.channel))
      let isOpening = traits.pointee.slot == .opened
      if !isOpening { (topic.count, priority.count, channel.count) = (0, 0, 0) }
      guard key.count > 0, isBare(key), isEmptyOrBare(topic), isEmptyOrBare(priority), isEmptyOrBare(channel) else {
        return false
      }
      counts.linkedRows &+= 1
      counts.addEntry(recordedAt: recordedAt, timestamp: timestamp)
      let compact: CompactKey
      let hash: UInt64
      if key.count <= CompactKey.limit {
        compact = CompactKey(key.start, count: key.count)
        hash = StableHash.of(compact, seed: UInt64(family.rawValue))
      } else {
        (compact, hash) = kept(UnsafeRawBufferPointer(start: key.start, count: key.count), family)
      }
      append(
        CaseEvent(
          key: compact, hash: hash, instant: timestamp, due: due, manager: code(manager.start, manager.count, .manager),
          partner: code(partner.start, partner.count, .partner),
          categories: isOpening
            ? code(
              categories: CodeTuple(
                first: code(topic.start, topic.count, .topic), second: code(priority.start, priority.count, .priority),
                third: code(channel.start, channel.count, .channel)))
            : SharedNames.noCategories, kind: traits.pointee.kind, actor: actor, family: family))
      return true
    }

    /// What a value means for a kind; `nil` where it doesn't fit.
    @inline(__always)
    private static func thousandths(
      _ bytes: UnsafeRawBufferPointer, _ kind: EventKind, _ ratings: ClosedRange<Int32>
    ) -> Int32? {
      switch kind {
      case .survey: FixedPoint.thousandths(bytes).flatMap { ratings.contains($0) ? $0 : nil }
      case .decision: FixedPoint.thousandths(bytes).flatMap { $0 == 0 || $0 == 1000 ? $0 : nil }
      case .checkIn where !bytes.isEmpty: FixedPoint.thousandths(bytes).flatMap { $0 >= 0 ? $0 : nil }
      default: ContactRow.noValue
      }
    }

    // MARK: Events

    /// Adds an event that was read the long way.
    @inline(never)
    mutating func add(_ event: RawEvent) {
      counts.addEntry(recordedAt: event.recordedAt, timestamp: event.timestamp)
      guard let family = event.kind.family else { return addContact(event) }
      counts.linkedRows += 1
      let (key, hash) =
        event.caseKey.count <= CompactKey.limit
        ? (CompactKey(event.caseKey), StableHash.of(event.caseKey, seed: UInt64(family.rawValue)))
        : kept(event.caseKey, family)
      let (manager, partner) = (code(event.manager, .manager), code(event.partner, .partner))
      var categories = SharedNames.noCategories
      if event.kind.slot == .opened {
        let tuple = CodeTuple(
          first: code(event.topic, .topic), second: code(event.priority, .priority),
          third: code(event.channel, .channel))
        categories = code(categories: tuple)
      }
      append(
        CaseEvent(
          key: key, hash: hash, instant: event.timestamp, due: event.due, manager: manager, partner: partner,
          categories: categories, kind: event.kind, actor: event.actor ?? event.kind.defaultActor ?? .manager,
          family: family))
    }

    private mutating func addContact(_ event: RawEvent) {
      counts.contactRows += 1
      let contact = LedgerBuilder.Contact(event)
      append(
        OpenContact(
          fingerprint: contact.fingerprint, instant: event.timestamp,
          manager: code(contact.manager, .manager), partner: code(contact.partner, .partner),
          escalated: contact.request.isEmpty ? 0 : code(contact.request, .escalated) + 1,
          thousandths: event.thousandths ?? ContactRow.noValue, kind: event.kind, actor: contact.actor,
          isProtected: contact.isProtected, isKnownByRow: contact.isKnownByRow),
        due: contact.due)
    }

    // MARK: To the shards

    /// Keeps a long key's bytes until its event is given away.
    @inline(never)
    private mutating func kept(_ key: UnsafeRawBufferPointer, _ family: CaseFamily) -> (CompactKey, UInt64) {
      if keyCount > Self.keyLimit { flush() }
      if keyCount + key.count > keyCapacity {
        keyCapacity = (keyCount + key.count) * 2
        let wider = UnsafeMutablePointer<UInt8>.allocate(capacity: keyCapacity)
        wider.update(from: keys, count: keyCount)
        keys.deallocate()
        keys = wider
      }
      memcpy(keys + keyCount, key.baseAddress!, key.count)
      let compact = CompactKey(low: UInt64(keyCount), high: CompactKey.longMark | UInt64(key.count))
      keyCount += key.count
      return (compact, StableHash.of(key, seed: UInt64(family.rawValue)))
    }

    @inline(__always)
    private mutating func append(_ event: CaseEvent) {
      let shard = CaseStore.shard(of: event.hash)
      let count = eventCounts[shard]
      (events + (shard &* Self.eventsPerShard &+ count)).initialize(to: event)
      eventCounts[shard] = count &+ 1
      if count &+ 1 == Self.eventsPerShard { giveEvents(to: shard) }
    }

    @inline(__always)
    private mutating func append(_ contact: OpenContact, due: Instant) {
      let shard = CaseStore.shard(of: contact.fingerprint)
      let count = contactCounts[shard]
      let place = (contacts[shard] ?? newBlock(of: shard)) + count
      place.initialize(to: contact)
      if due.isPresent { place.pointee.due = store.contacts.keep(due: due) }
      contactCounts[shard] = count &+ 1
      if count &+ 1 == OpenContacts.blockRows { giveContacts(to: shard) }
    }

    @inline(never)
    private mutating func newBlock(of shard: Int) -> UnsafeMutablePointer<OpenContact> {
      let group = shard / OpenContacts.shardsPerGroup
      let free = freeBlocks + group
      if free.pointee.count == 0 {
        // Little at first, because most inputs are small; in the end large pages.
        let blocks = min(682, max(16, 8 * free.pointee.asked))
        free.pointee = (store.contacts.room(blocks: blocks, group: group), blocks, blocks)
      }
      let block = free.pointee.next!
      free.pointee.next = block + OpenContacts.blockRows
      free.pointee.count -= 1
      contacts[shard] = block
      return block
    }

    @inline(never)
    private mutating func giveEvents(to shard: Int) {
      let waiting = UnsafeBufferPointer(start: events + shard * Self.eventsPerShard, count: eventCounts[shard])
      store.add(waiting, batchKeys: keys, toShard: shard)
      eventCounts[shard] = 0
    }

    @inline(never)
    private mutating func giveContacts(to shard: Int) {
      if let block = contacts[shard] {
        store.contacts.add(OpenContacts.Block(start: block, count: contactCounts[shard]), toShard: shard)
      }
      (contacts[shard], contactCounts[shard]) = (nil, 0)
    }

    /// Gives every shard the events that wait for it.
    mutating func flush() {
      for shard in 0..<CaseStore.shardCount where eventCounts[shard] > 0 { giveEvents(to: shard) }
      keyCount = 0
    }

    /// Gives away everything.
    mutating func flushAll() {
      flush()
      for shard in 0..<CaseStore.contactShardCount { giveContacts(to: shard) }
    }
  }
}
