import CScanning
import Glibc
import Synchronization

/// From everything added to a ledger.
///
/// Each row is written once, where it belongs, with numbers of parties and categories as they come; when all are known and
/// in order, the numbers in the rows are replaced by those of the ledger, row after row.
extension CaseStore {
  /// What a thread brings besides the cases.
  struct Part: Sendable {
    var counts: RowCounts
    /// Rows of case tables.
    var tables: Ledger?
  }

  /// What one thread has put in order.
  private struct Sorted: Sendable {
    /// The parties of its rows, numbered by position.
    var parties: [CodeTuple] = []
    var usedCategories: [Bool]
    /// The steps of its shards, by family.
    var steps: [(shard: Int, byFamily: [[CaseStep]])] = []
    /// Its shards of events without a case, and how many are left of each without duplicates.
    var contacts: [(shard: Int, count: Int)] = []
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
    func tuple(_ row: OpenCase) -> CodeTuple {
      CodeTuple(
        first: code(of: row.manager, .manager), second: code(of: row.partner, .partner),
        third: code(of: row.responder, .partner))
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
  /// - Throws: ``IngestionError`` of kind `unusable` where the keys of one family are more than a table holds.
  /// - Complexity: O(n) in cases, O(n log n) in names and parties
  func finish(_ parts: [Part], threads: Int) throws(IngestionError) -> Ledger {
    for family in CaseFamily.allCases {
      let keyBytes = (0..<Self.shardCount).reduce(0) { $0 + families(of: $1)[Int(family.rawValue)].keyBytes }
      try CaseTable.check(keyBytes: keyBytes, of: family)
    }
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
    let contactCounts = contacts.counts
    ledger.contacts = [ContactRow](unsafeUninitializedCapacity: contactCounts.reduce(0, +)) { rows, initialized in
      LargePages.advise(rows)
      var steps: [(shard: Int, byFamily: [[CaseStep]])] = []
      ledger.tables = tables(from: 0, []) { tables in
        var room = LedgerRoom(tables: tables, contacts: rows, contactCounts: contactCounts)
        let sorted = sort(into: room, codes, categoryCount: all.categories.tuples.count, threads: threads)
        var kept = contactCounts
        for (shard, count) in sorted.flatMap(\.contacts) { kept[shard] = count }
        room.closeGaps(kept)
        initialized = room.contactStarts.end
        let parties = Self.parties(sorted, in: room, hasGaps: kept != contactCounts)
        ledger.parties = parties.all
        let categories = Self.categories(all.categories.tuples, used: sorted.map(\.usedCategories), codes)
        ledger.categories = categories.all
        Self.number(room, sorted, parties: parties.codes, categories: categories.codes, threads: threads)
        steps = sorted.flatMap(\.steps).sorted { $0.shard < $1.shard }
      }
      for family in 0..<Self.familyCount { ledger.tables[family].steps = steps.flatMap { $0.byFamily[family] } }
    }
  }

  /// The tables of families from one on, and that of case tables, empty. Called with all tables' room; steps come later.
  private func tables(from family: Int, _ room: [LedgerRoom.Table], fill: ([LedgerRoom.Table]) -> Void) -> [CaseTable] {
    guard family < Self.familyCount else {
      fill(room)
      return [CaseTable()]
    }
    let shards = (0..<Self.shardCount).map { families(of: $0)[family] }
    let rowStarts = LedgerRoom.Starts(shards.map(\.count))
    let keyStarts = LedgerRoom.Starts(shards.map(\.keyBytes))
    var table = CaseTable()
    var others: [CaseTable] = []
    table.rows = [CaseRow](unsafeUninitializedCapacity: rowStarts.end) { rows, initializedRows in
      LargePages.advise(rows)
      table.keys = [UInt8](unsafeUninitializedCapacity: keyStarts.end) { keys, initializedKeys in
        LargePages.advise(keys)
        let place = LedgerRoom.Table(rows: rows, keys: keys, rowStarts: rowStarts, keyStarts: keyStarts)
        others = tables(from: family + 1, room + [place], fill: fill)
        initializedKeys = keyStarts.end
      }
      initializedRows = rowStarts.end
    }
    return [table] + others
  }

  // MARK: Rows to their places

  /// Puts all rows in canonical order where they belong; each thread takes the next shard as it comes free, and numbers the
  /// parties of all that it takes. Frees what it has read bit by bit.
  private func sort(into room: LedgerRoom, _ codes: NewCodes, categoryCount: Int, threads: Int) -> [Sorted] {
    let next = Atomic<Int>(0)
    let dues = contacts.dues
    return Parallel.map(max(1, min(threads, Self.shardCount))) { _ in
      var parties = PartyTable()
      defer { parties.deallocate() }
      var sorted = Sorted(usedCategories: [Bool](repeating: false, count: categoryCount))
      var gathered: [OpenContact] = []
      while true {
        let shard = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if shard < Self.shardCount {
          let steps = sorted.usedCategories.withUnsafeMutableBufferPointer { used in
            (0..<Self.familyCount).map { self.sort(shard, $0, into: room.tables[$0], codes, &parties, used) }
          }
          sorted.steps.append((shard, steps))
        } else if shard < Self.shardCount + Self.contactShardCount {
          let shard = shard - Self.shardCount
          gathered.removeAll(keepingCapacity: true)
          self.contacts.use(shard) { block in
            gathered.append(contentsOf: UnsafeBufferPointer(start: block.start, count: block.count))
          }
          let place = UnsafeMutableBufferPointer(rebasing: room.contacts[room.contactStarts[shard]])
          sorted.contacts.append((shard, Self.sort(gathered, dues, into: place, codes, &parties)))
        } else {
          sorted.parties = parties.tuples
          return sorted
        }
      }
    }
  }

  /// Rows whose parties are looked up together, so that the memory that each waits for comes meanwhile.
  private static let blockRows = 64
  /// How many rows ahead a row is asked for.
  private static let rowsAhead = 16

  /// Writes a family's cases of one shard in canonical order, and gives back their steps.
  private func sort(
    _ shard: Int, _ family: Int, into room: LedgerRoom.Table, _ codes: NewCodes, _ parties: inout PartyTable,
    _ usedCategories: UnsafeMutableBufferPointer<Bool>
  ) -> [CaseStep] {
    families(of: shard)[family].freeIndex()
    let cases = families(of: shard)[family]
    if cases.count == 0 { return [] }
    let order = cases.canonicalOrder(sharedBits: Self.shardBits)
    let places = room.rowStarts[shard]
    let rows = UnsafeMutableBufferPointer(rebasing: room.rows[places]).baseAddress!
    let keys = room.keys.baseAddress!
    var keyEnd = room.keyStarts[shard].lowerBound
    var newRows = [UInt32](repeating: 0, count: cases.steps.isEmpty ? 0 : order.count)
    withUnsafeTemporaryAllocation(of: CodeTuple.self, capacity: Self.blockRows) { tuples in
      for start in stride(from: 0, to: order.count, by: Self.blockRows) {
        let count = min(Self.blockRows, order.count - start)
        for index in 0..<count {
          let place = start + index
          if place + Self.rowsAhead < order.count { cases.prefetch(row: Int(order[place + Self.rowsAhead].index)) }
          let row = Int(order[place].index)
          let values = cases.rows + row
          cases.withKey(of: row) { key in
            memcpy(keys + keyEnd, key.baseAddress!, key.count)
            keyEnd += key.count
          }
          let category = values.pointee.categories
          usedCategories[Int(category)] = true
          (rows + place).initialize(
            to: CaseRow(
              keyEnd: UInt32(truncatingIfNeeded: keyEnd), parties: 0, categories: category,
              extra: values.pointee.extra,
              opened: values.pointee.opened, answered: values.pointee.answered, closed: values.pointee.closed,
              due: values.pointee.due))
          tuples[index] = codes.tuple(values.pointee)
          parties.prefetch(tuples[index])
          if !newRows.isEmpty { newRows[row] = UInt32(places.lowerBound + place) }
        }
        for index in 0..<count { rows[start + index].parties = parties.code(of: tuples[index]) }
      }
    }
    var steps = cases.steps
    for step in steps.indices {
      steps[step].row = newRows[Int(steps[step].row)]
      steps[step].person = codes.code(of: steps[step].person, .partner)
    }
    families(of: shard)[family].free()
    return CaseTable.canonical(steps)
  }

  /// Writes the events without a case of one shard in canonical order, each once, and tells how many there are.
  private static func sort(
    _ contacts: [OpenContact], _ dues: [Instant], into room: UnsafeMutableBufferPointer<ContactRow>, _ codes: NewCodes,
    _ parties: inout PartyTable
  ) -> Int {
    guard let rows = room.baseAddress, !contacts.isEmpty else { return 0 }
    let order = UniformOrder.sorted(contacts.count, sharedBits: contactShardBits) { contacts[$0].fingerprint.high }
    withUnsafeTemporaryAllocation(of: CodeTuple.self, capacity: blockRows) { tuples in
      for start in stride(from: 0, to: order.count, by: blockRows) {
        let count = min(blockRows, order.count - start)
        for index in 0..<count {
          let contact = contacts[Int(order[start + index].index)]
          (rows + start + index).initialize(to: contact.row(dues, parties: 0))
          tuples[index] = codes.tuple(contact)
          parties.prefetch(tuples[index])
        }
        for index in 0..<count { rows[start + index].parties = parties.code(of: tuples[index]) }
      }
    }
    // Rows of one hash are mostly one row that was read twice.
    var (kept, start) = (0, 0)
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].hash == order[start].hash { end += 1 }
      if end - start > 1 {
        let same = ContactRow.canonical(Array(room[start..<end]), parties: parties.tuples, order: SortedCodes())
        for row in same {
          rows[kept] = row
          kept += 1
        }
      } else {
        if kept < start { rows[kept] = rows[start] }
        kept += 1
      }
      start = end
    }
    return kept
  }

  // MARK: Numbers

  /// The parties of all threads' rows in order, and by thread the place of each.
  ///
  /// - Parameter hasGaps: whether there may be parties of rows that were left out, so that no row has them any more.
  private static func parties(
    _ sorted: [Sorted], in room: LedgerRoom, hasGaps: Bool
  ) -> (all: [CodeTuple], codes: [[UInt32]]) {
    let used = sorted.map { thread -> [Bool] in
      var used = [Bool](repeating: !hasGaps, count: thread.parties.count)
      if hasGaps {
        for (shard, _) in thread.steps {
          for table in room.tables {
            for row in table.rows[table.rowStarts[shard]] { used[Int(row.parties)] = true }
          }
        }
        for (shard, _) in thread.contacts {
          for row in room.contacts[room.contactStarts[shard]] { used[Int(row.parties)] = true }
        }
      }
      return used
    }
    var union = TupleInterner()
    for (thread, used) in zip(sorted, used) {
      for (tuple, isUsed) in zip(thread.parties, used) where isUsed { _ = union.intern(tuple) }
    }
    let all = union.tuples.sorted()
    let places = TupleInterner(all)
    let codes = zip(sorted, used).map { thread, used in
      zip(thread.parties, used).map { tuple, isUsed in isUsed ? places.code(of: tuple) : CodeTuple.none }
    }
    return (all, codes)
  }

  /// The categories that rows have in order, and the place of each.
  private static func categories(
    _ tuples: [CodeTuple], used: [[Bool]], _ codes: NewCodes
  ) -> (all: [CodeTuple], codes: [UInt32]) {
    let tuples = tuples.map { tuple in
      CodeTuple(
        first: codes.code(of: tuple.first, .topic), second: codes.code(of: tuple.second, .priority),
        third: codes.code(of: tuple.third, .channel), flags: tuple.flags)
    }
    let order = tuples.indices.filter { index in used.contains { $0[index] } }.sorted { tuples[$0] < tuples[$1] }
    var places = [UInt32](repeating: CodeTuple.none, count: tuples.count)
    for (new, old) in order.enumerated() { places[old] = UInt32(new) }
    return (order.map { tuples[$0] }, places)
  }

  /// Replaces the numbers of parties and categories in all rows.
  ///
  /// - Parameters:
  ///   - parties: by thread, for the rows that it has written.
  ///   - categories: for all rows.
  private static func number(
    _ room: LedgerRoom, _ sorted: [Sorted], parties: [[UInt32]], categories: [UInt32], threads: Int
  ) {
    var pieces: [(thread: Int, shard: Int, isContacts: Bool)] = []
    for (thread, part) in sorted.enumerated() {
      pieces += part.steps.map { (thread, $0.shard, false) } + part.contacts.map { (thread, $0.shard, true) }
    }
    let all = pieces
    _ = Parallel.map(all.count, threads: threads) { piece in
      let (thread, shard, isContacts) = all[piece]
      parties[thread].withUnsafeBufferPointer { parties in
        if isContacts {
          for place in room.contactStarts[shard] {
            room.contacts[place].parties = parties[Int(room.contacts[place].parties)]
          }
          return
        }
        categories.withUnsafeBufferPointer { categories in
          for table in room.tables {
            for place in table.rowStarts[shard] {
              table.rows[place].parties = parties[Int(table.rows[place].parties)]
              table.rows[place].categories = categories[Int(table.rows[place].categories)]
            }
          }
        }
      }
    }
  }
}
