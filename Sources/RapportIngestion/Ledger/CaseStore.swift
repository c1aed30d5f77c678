import CScanning
import Glibc
import Synchronization

/// All cases that are being read, in shards by their keys' hashes, for all threads.
///
/// A thread gathers events by shard and gives each shard many at once, under the shard's lock:
/// so that a case is one row whoever reads its events, and nothing is merged in the end. Hashes order cases in a ledger,
/// and a shard is a range of hashes: sorted one by one, shards are the whole in order.
final class CaseStore: @unchecked Sendable {
  /// Leading bits of hashes that tell the shard.
  static let shardBits = 4
  static let shardCount = 1 << shardBits

  /// An event without a case on its way to a ledger, codes as those of ``SharedNames``: 48 bytes.
  struct OpenContact {
    var fingerprint: Fingerprint
    var instant: Instant
    var manager: UInt32
    var partner: UInt32
    /// The request that it is about: 1 + its code; 0 where it is about none.
    var escalated: UInt32
    var thousandths: Int32
    /// Position + 1 in the shard's due times; 0 where it has none.
    var due: UInt32 = 0
    var kind: EventKind
    var actor: Party?
    var isProtected: Bool
  }

  /// A contact with its due time.
  struct ContactEvent {
    var contact: OpenContact
    var due: Instant
  }

  struct Shard {
    var families: UnsafeMutablePointer<CaseShard>
    var contacts: [OpenContact] = []
    /// Due times are few, so that most contacts need no room for one.
    var dues: [Instant] = []
  }

  let names = SharedNames()
  let timeZone: TimeZoneRules
  private let shards: UnsafeMutablePointer<Shard>
  private let locks: UnsafeMutablePointer<pthread_mutex_t>

  /// - Parameter timeZone: the report's, which cuts months; the ledger keeps it.
  init(timeZone: TimeZoneRules) {
    self.timeZone = timeZone
    shards = .allocate(capacity: Self.shardCount)
    locks = .allocate(capacity: Self.shardCount)
    for index in 0..<Self.shardCount {
      let families = UnsafeMutablePointer<CaseShard>.allocate(capacity: CaseFamily.allCases.count)
      for family in CaseFamily.allCases { (families + Int(family.rawValue)).initialize(to: CaseShard(family)) }
      (shards + index).initialize(to: Shard(families: families))
      (locks + index).initialize(to: pthread_mutex_t())
      pthread_mutex_init(locks + index, nil)
    }
  }

  deinit {
    for index in 0..<Self.shardCount {
      for family in CaseFamily.allCases.indices { shards[index].families[family].deallocate() }
      shards[index].families.deinitialize(count: CaseFamily.allCases.count)
      shards[index].families.deallocate()
      pthread_mutex_destroy(locks + index)
    }
    shards.deinitialize(count: Self.shardCount)
    shards.deallocate()
    locks.deallocate()
  }

  /// The shard of a hash.
  @inline(__always) static func shard(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> UInt64(64 - shardBits))
  }

  /// How many events ahead the index is asked for, and the row.
  private static let placeAhead = 32
  private static let rowAhead = 12

  /// Adds events of one shard.
  ///
  /// - Parameter batchKeys: the bytes of the events' long keys.
  func add(_ events: UnsafeBufferPointer<CaseEvent>, batchKeys: UnsafePointer<UInt8>, toShard shard: Int) {
    pthread_mutex_lock(locks + shard)
    defer { pthread_mutex_unlock(locks + shard) }
    let families = shards[shard].families
    let (first, count) = (events.baseAddress!, events.count)
    for index in 0..<min(Self.placeAhead, count) {
      families[Int(first[index].family.rawValue)].prefetchPlace(first[index].hash)
    }
    for index in 0..<count {
      if index &+ Self.placeAhead < count {
        let event = first + (index &+ Self.placeAhead)
        families[Int(event.pointee.family.rawValue)].prefetchPlace(event.pointee.hash)
      }
      if index &+ Self.rowAhead < count {
        let event = first + (index &+ Self.rowAhead)
        families[Int(event.pointee.family.rawValue)].prefetchRow(event.pointee.hash)
      }
      let event = first + index
      families[Int(event.pointee.family.rawValue)].add(event.pointee, batchKeys: batchKeys, names: names)
    }
  }

  /// Adds events without a case of one shard.
  func add(_ contacts: UnsafeBufferPointer<ContactEvent>, toShard shard: Int) {
    pthread_mutex_lock(locks + shard)
    defer { pthread_mutex_unlock(locks + shard) }
    for event in contacts {
      var contact = event.contact
      if event.due.isPresent {
        shards[shard].dues.append(event.due)
        contact.due = UInt32(shards[shard].dues.count)
      }
      shards[shard].contacts.append(contact)
    }
  }

  // MARK: To the ledger

  /// What a thread brings besides the cases.
  struct Part: Sendable {
    var counts: RowCounts
    /// Rows of case tables.
    var tables: Ledger?
  }

  /// A shard in canonical order, before its rows are written.
  private struct Sorted: Sendable {
    var shard: Int
    /// By family: the rows in order.
    var order: [[UInt32]] = []
    /// By family and place in the order: the code of the row's parties, as its thread codes them.
    var rowParties: [[UInt32]] = []
    var keyBytes: [Int] = []
    /// The shard's contacts in order, duplicates left out, and the codes of their parties.
    var contacts: [UInt32] = []
    var contactParties: [UInt32] = []
    var usedCategories: [Bool]
    /// Whether rows were left out because they were the same as others.
    var hasDropped = false
  }

  /// The new codes of what shared names have coded.
  private final class NewCodes: @unchecked Sendable {
    /// By ``NameSpace``.
    private let lists: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>>

    init(_ bySpace: [[UInt32]]) {
      lists = .allocate(capacity: bySpace.count)
      for (space, codes) in bySpace.enumerated() {
        let list = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, codes.count))
        for (old, new) in codes.enumerated() { list[old] = new }
        (lists + space).initialize(to: list)
      }
    }

    deinit {
      for space in NameSpace.allCases { lists[space.rawValue].deallocate() }
      lists.deallocate()
    }

    @inline(__always)
    func code(of old: UInt32, _ space: NameSpace) -> UInt32 {
      old == CodeTuple.none ? old : lists[space.rawValue][Int(old)]
    }

    @inline(__always)
    func tuple(_ contact: OpenContact) -> CodeTuple {
      CodeTuple(
        first: code(of: contact.manager, .manager), second: code(of: contact.partner, .partner), third: CodeTuple.none,
        flags: contact.escalated == 0 ? 0 : code(of: contact.escalated - 1, .escalated) + 1)
    }
  }

  /// The ledger of everything added, in canonical form; frees what it has read.
  ///
  /// - Parameter parts: one of each thread.
  /// - Complexity: O(n) in cases, O(n log n) in names and parties
  func finish(_ parts: [Part], threads: Int) -> Ledger {
    var ledger = Ledger()
    for part in parts { ledger.counts.merge(part.counts) }
    let tables = parts.compactMap(\.tables)
    if ledger.counts.rows > 0 {
      ledger.timeZone = timeZone
      fill(&ledger, threads: threads)
    }
    for table in tables { ledger.merge(table) }
    return ledger
  }

  private func fill(_ ledger: inout Ledger, threads: Int) {
    let all = names.all()
    var newCodes: [[UInt32]] = []
    for space in NameSpace.allCases {
      let (sorted, codes) = Identifiers.sorted(all.names[space.rawValue])
      ledger.names[space.rawValue] = sorted
      newCodes.append(codes)
    }
    let codes = NewCodes(newCodes)
    // Each thread takes the next shard as it comes free, and codes parties for all that it takes.
    let next = Atomic<Int>(0)
    let workers = Parallel.map(max(1, min(threads, Self.shardCount))) { _ -> (tuples: [CodeTuple], shards: [Sorted]) in
      var parties = PartyTable()
      defer { parties.deallocate() }
      var shards: [Sorted] = []
      while true {
        let shard = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard shard < Self.shardCount else { return (Self.used(parties.tuples, shards), shards) }
        shards.append(self.sort(shard, codes, &parties, categoryCount: all.categories.tuples.count))
      }
    }
    ledger.parties = Self.union(workers.map(\.tuples))
    let parties = TupleInterner(ledger.parties)
    var partyCodes = [[UInt32]](repeating: [], count: Self.shardCount)
    var sorted: [Sorted] = []
    for worker in workers {
      let codes = worker.tuples.map { $0 == Self.unused ? CodeTuple.none : parties.code(of: $0) }
      for shard in worker.shards { partyCodes[shard.shard] = codes }
      sorted += worker.shards
    }
    sorted.sort { $0.shard < $1.shard }
    ledger.contacts = contactRows(sorted, partyCodes, threads: threads)
    let used = all.categories.tuples.indices.filter { index in sorted.contains { $0.usedCategories[index] } }
    let tuples = all.categories.tuples.map { tuple in
      CodeTuple(
        first: codes.code(of: tuple.first, .topic), second: codes.code(of: tuple.second, .priority),
        third: codes.code(of: tuple.third, .channel), flags: tuple.flags)
    }
    let categoryOrder = used.sorted { tuples[$0] < tuples[$1] }
    ledger.categories = categoryOrder.map { tuples[$0] }
    var categoryCodes = [UInt32](repeating: CodeTuple.none, count: tuples.count)
    for (new, old) in categoryOrder.enumerated() { categoryCodes[old] = UInt32(new) }

    for family in CaseFamily.allCases {
      ledger.tables[Int(family.rawValue)] = table(
        of: family, sorted, partyCodes: partyCodes, categoryCodes: categoryCodes, codes, threads: threads)
    }
  }

  /// What stands for parties that no row has.
  private static let unused = CodeTuple(
    first: CodeTuple.none, second: CodeTuple.none, third: CodeTuple.none, flags: CodeTuple.none)

  /// Tuples, those replaced by ``unused`` that only rows had which were left out.
  private static func used(_ tuples: [CodeTuple], _ shards: [Sorted]) -> [CodeTuple] {
    guard shards.contains(where: \.hasDropped) else { return tuples }
    var isUsed = [Bool](repeating: false, count: tuples.count)
    for shard in shards {
      for rows in shard.rowParties { for code in rows { isUsed[Int(code)] = true } }
      for code in shard.contactParties { isUsed[Int(code)] = true }
    }
    return tuples.indices.map { isUsed[$0] ? tuples[$0] : unused }
  }

  /// All tuples of lists, each once, in order.
  private static func union(_ lists: [[CodeTuple]]) -> [CodeTuple] {
    var all = PartyTable()
    defer { all.deallocate() }
    for list in lists { for tuple in list where tuple != unused { _ = all.code(of: tuple) } }
    return all.tuples.sorted()
  }

  /// The contacts of all shards, in order; frees them shard by shard.
  private func contactRows(_ sorted: [Sorted], _ partyCodes: [[UInt32]], threads: Int) -> [ContactRow] {
    var starts = [0]
    for shard in sorted { starts.append(starts[starts.count - 1] + shard.contacts.count) }
    let firsts = starts
    return [ContactRow](unsafeUninitializedCapacity: firsts[Self.shardCount]) { rows, initialized in
      LargePages.advise(rows)
      nonisolated(unsafe) let base = rows
      _ = Parallel.map(Self.shardCount, threads: threads) { shard in
        let (contacts, dues) = (self.shards[shard].contacts, self.shards[shard].dues)
        let (order, parties) = (sorted[shard].contacts, sorted[shard].contactParties)
        contacts.withUnsafeBufferPointer { contacts in
          for place in order.indices {
            if place + 16 < order.count { rapport_prefetch(contacts.baseAddress! + Int(order[place + 16])) }
            base.initializeElement(
              at: firsts[shard] + place,
              to: Self.row(contacts[Int(order[place])], dues, parties: partyCodes[shard][Int(parties[place])]))
          }
        }
        (self.shards[shard].contacts, self.shards[shard].dues) = ([], [])
      }
      initialized = firsts[Self.shardCount]
    }
  }

  @inline(__always)
  private static func row(_ contact: OpenContact, _ dues: [Instant], parties: UInt32) -> ContactRow {
    ContactRow(
      fingerprint: contact.fingerprint, instant: contact.instant,
      due: contact.due == 0 ? .absent : dues[Int(contact.due) - 1], parties: parties, thousandths: contact.thousandths,
      kind: contact.kind, actor: contact.actor, isProtected: contact.isProtected)
  }

  /// Rows whose parties are looked up together, so that the memory that each waits for comes meanwhile.
  private static let blockRows = 64

  private func sort(
    _ shard: Int, _ codes: NewCodes, _ parties: inout PartyTable, categoryCount: Int
  ) -> Sorted {
    let families = shards[shard].families
    var result = Sorted(shard: shard, usedCategories: [Bool](repeating: false, count: categoryCount))
    for family in CaseFamily.allCases.indices {
      families[family].freeIndex()
      let cases = families[family]
      let order = cases.canonicalOrder(sharedBits: Self.shardBits)
      var keyBytes = 0
      let rowParties = [UInt32](unsafeUninitializedCapacity: order.count) { buffer, initialized in
        withUnsafeTemporaryAllocation(of: CodeTuple.self, capacity: Self.blockRows) { tuples in
          for start in stride(from: 0, to: order.count, by: Self.blockRows) {
            let count = min(Self.blockRows, order.count - start)
            for index in 0..<count {
              if start + index + 16 < order.count { cases.prefetch(row: Int(order[start + index + 16])) }
              let row = Int(order[start + index])
              let values = cases.rows + row
              keyBytes &+= cases.keyCount(of: row)
              result.usedCategories[Int(values.pointee.categories)] = true
              tuples[index] = CodeTuple(
                first: codes.code(of: values.pointee.manager, .manager),
                second: codes.code(of: values.pointee.partner, .partner),
                third: codes.code(of: values.pointee.responder, .partner))
              parties.prefetch(tuples[index])
            }
            for index in 0..<count { buffer[start + index] = parties.code(of: tuples[index]) }
          }
        }
        initialized = order.count
      }
      result.order.append(order)
      result.rowParties.append(rowParties)
      result.keyBytes.append(keyBytes)
    }
    Self.order(shards[shard].contacts, dues: shards[shard].dues, codes, &parties, into: &result)
    return result
  }

  /// Orders contacts canonically, and codes their parties.
  private static func order(
    _ contacts: [OpenContact], dues: [Instant], _ codes: NewCodes, _ parties: inout PartyTable,
    into result: inout Sorted
  ) {
    let order = UniformOrder.sorted(contacts.count, sharedBits: shardBits) { contacts[$0].fingerprint.high }
    result.contacts.reserveCapacity(order.count)
    result.contactParties.reserveCapacity(order.count)
    contacts.withUnsafeBufferPointer { contacts in
      for start in stride(from: 0, to: order.count, by: blockRows) {
        let end = min(order.count, start + blockRows)
        for place in start..<end {
          if place + 16 < order.count { rapport_prefetch(contacts.baseAddress! + Int(order[place + 16].index)) }
          parties.prefetch(codes.tuple(contacts[Int(order[place].index)]))
        }
        for place in start..<end {
          result.contacts.append(order[place].index)
          result.contactParties.append(parties.code(of: codes.tuple(contacts[Int(order[place].index)])))
        }
      }
    }
    // Rows of one hash are mostly one row that was read twice.
    var (kept, start) = (0, 0)
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].hash == order[start].hash { end += 1 }
      if end - start == 1 {
        (result.contacts[kept], result.contactParties[kept]) = (result.contacts[start], result.contactParties[start])
        kept += 1
      } else {
        let rows = (start..<end).map { place in
          (
            contact: result.contacts[place],
            row: row(contacts[Int(result.contacts[place])], dues, parties: result.contactParties[place])
          )
        }
        let ascending = rows.sorted { a, b in
          a.row.fingerprint != b.row.fingerprint
            ? a.row.fingerprint < b.row.fingerprint
            : a.row.precedes(b.row, parties: parties.tuples, order: SortedCodes())
        }
        for (index, (contact, row)) in ascending.enumerated()
        where index == 0 || ascending[index - 1].row.fingerprint != row.fingerprint {
          (result.contacts[kept], result.contactParties[kept]) = (contact, row.parties)
          kept += 1
        }
      }
      start = end
    }
    result.hasDropped = kept < order.count
    result.contacts.removeLast(order.count - kept)
    result.contactParties.removeLast(order.count - kept)
  }

  /// A family's table; frees its rows shard by shard.
  private func table(
    of family: CaseFamily, _ sorted: [Sorted], partyCodes: [[UInt32]], categoryCodes: [UInt32], _ codes: NewCodes,
    threads: Int
  ) -> CaseTable {
    let index = Int(family.rawValue)
    var rowStarts = [0]
    var keyStarts = [0]
    for shard in sorted {
      rowStarts.append(rowStarts[rowStarts.count - 1] + shard.order[index].count)
      keyStarts.append(keyStarts[keyStarts.count - 1] + shard.keyBytes[index])
    }
    let (rowCount, keyCount) = (rowStarts[Self.shardCount], keyStarts[Self.shardCount])
    precondition(keyCount <= Int(UInt32.max), "one table holds at most 4 GiB of keys")
    var table = CaseTable()
    if rowCount == 0 { return table }
    var steps: [[CaseStep]] = []
    table.rows = [CaseRow](unsafeUninitializedCapacity: rowCount) { rows, initializedRows in
      LargePages.advise(rows)
      nonisolated(unsafe) let rows = rows.baseAddress!
      table.keys = [UInt8](unsafeUninitializedCapacity: keyCount) { keys, initializedKeys in
        nonisolated(unsafe) let keys = keys.baseAddress!
        let starts = (rowStarts, keyStarts)
        steps = Parallel.map(Self.shardCount, threads: threads) { shard in
          self.write(
            shard, family, sorted[shard], rows + starts.0[shard], keys: keys, keyStart: starts.1[shard],
            firstRow: starts.0[shard], partyCodes: partyCodes[shard], categoryCodes: categoryCodes, codes)
        }
        initializedKeys = keyCount
      }
      initializedRows = rowCount
    }
    table.steps = Array(steps.joined())
    return table
  }

  /// Writes the rows and keys of a shard where they belong in a table, and gives back its steps.
  private func write(
    _ shard: Int, _ family: CaseFamily, _ sorted: Sorted, _ rows: UnsafeMutablePointer<CaseRow>,
    keys: UnsafeMutablePointer<UInt8>, keyStart: Int, firstRow: Int, partyCodes: [UInt32], categoryCodes: [UInt32],
    _ codes: NewCodes
  ) -> [CaseStep] {
    let index = Int(family.rawValue)
    let cases = shards[shard].families[index]
    let order = sorted.order[index]
    let rowParties = sorted.rowParties[index]
    var keyEnd = keyStart
    var newRows = [UInt32](repeating: 0, count: cases.steps.isEmpty ? 0 : order.count)
    for place in order.indices {
      let row = Int(order[place])
      if place + 8 < order.count { cases.prefetch(row: Int(order[place + 8])) }
      cases.withKey(of: row) { key in
        memcpy(keys + keyEnd, key.baseAddress!, key.count)
        keyEnd += key.count
      }
      let values = cases.rows + row
      (rows + place).initialize(
        to: CaseRow(
          keyEnd: UInt32(truncatingIfNeeded: keyEnd), parties: partyCodes[Int(rowParties[place])],
          categories: categoryCodes[Int(values.pointee.categories)], extra: values.pointee.actors,
          opened: values.pointee.opened, answered: values.pointee.answered, closed: values.pointee.closed,
          due: values.pointee.due))
      if !newRows.isEmpty { newRows[row] = UInt32(firstRow + place) }
    }
    var steps = cases.steps
    for step in steps.indices {
      steps[step].row = newRows[Int(steps[step].row)]
      steps[step].partner = codes.code(of: steps[step].partner, .partner)
    }
    shards[shard].families[index].free()
    return CaseTable.canonical(steps)
  }
}
