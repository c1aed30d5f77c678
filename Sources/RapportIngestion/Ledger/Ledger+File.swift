import Glibc

/// The ledger's file: a magic word, a version, and sections of columns with a checksum each.
///
///     "RAPPORT\n" · version (UInt32) · sections (UInt32) · sections × { length (UInt64) · checksum (UInt64) · bytes }
///
/// Sections: what it was built from, names, tuples, a table per family and one for case tables, contacts. Rows stand in
/// blocks of 4096, column by column, numbers in as few bytes as a block's range needs (``LedgerWriter``). A change of the
/// layout, or of what says that two rows are one event, raises the version; a file of another version is refused with a message that says to ingest again.
extension Ledger {
  static let magic = Array("RAPPORT\n".utf8)
  static let fileVersion: UInt32 = 6

  // MARK: Writing

  /// Writes the ledger to a file, aside first and then renamed, so that a file is either the old or the new one. A link is followed, and
  /// who may read the old one may read the new one.
  ///
  /// - Parameter threads: how many pack rows; the file doesn't depend on it.
  /// - Throws: ``IngestionError`` of kind `output` with the system's reason.
  public func write(to path: String, threads: Int = 1) throws(IngestionError) {
    _ = try write(to: path, replaces: true, threads: threads)
  }

  /// Writes the ledger to a file that mustn't be there yet; otherwise as ``write(to:threads:)``.
  ///
  /// - Returns: `false`, and nothing has changed, where one is there, somebody else having made it meanwhile.
  public func create(at path: String, threads: Int = 1) throws(IngestionError) -> Bool {
    try write(to: path, replaces: false, threads: threads)
  }

  private func write(to path: String, replaces: Bool, threads: Int) throws(IngestionError) -> Bool {
    let failure = WholeFile.write(to: path, replaces: replaces) { descriptor in
      var writer = LedgerWriter(descriptor: descriptor)
      write(to: &writer, threads: threads)
      return writer.failure
    }
    if failure == EEXIST, !replaces { return false }
    guard failure == 0 else {
      throw IngestionError(.output, "\(path): the ledger can't be written (\(String(cString: strerror(failure))))")
    }
    return true
  }

  /// The bytes of the ledger's file.
  func fileBytes(threads: Int = 1) -> [UInt8] {
    var writer = LedgerWriter()
    write(to: &writer, threads: threads)
    return writer.bytes
  }

  private func write(to writer: inout LedgerWriter, threads: Int) {
    var head = Self.magic
    withUnsafeBytes(of: Self.fileVersion.littleEndian) { head.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt32(4 + Self.tableCount).littleEndian) { head.append(contentsOf: $0) }
    writer.write(head: head)
    func section(_ body: (inout LedgerWriter) -> Void) {
      writer.beginSection()
      body(&writer)
      writer.endSection()
    }
    section(writeOrigin)
    section(writeNames)
    section(writeTuples)
    for table in tables { section { Self.write(table, to: &$0, threads: threads) } }
    section { writeContacts(to: &$0, threads: threads) }
  }

  private func writeOrigin(to writer: inout LedgerWriter) {
    writer.write(timeZone?.name ?? "")
    let ends = surveyScale.map { [$0.lowerBound, $0.upperBound] } ?? []
    writer.write(UInt32(ends.count))
    for end in ends { writer.write(end.bitPattern) }
    writer.write(UInt32(inputs.count))
    for input in inputs { writer.write(input) }
    for count in [
      counts.linkedRows, counts.contactRows, counts.caseRows, counts.lateEntries, counts.lateSeconds,
      counts.rowsWithEntryTime,
    ] { writer.write(Int64(count)) }
    let entries = RejectReason.allCases.compactMap { reason in rejects.entries[reason].map { (reason, $0) } }
    writer.write(UInt32(entries.count))
    for (reason, entry) in entries {
      writer.write(reason.rawValue)
      writer.write(Int64(entry.count))
      writer.write(UInt32(entry.places.count))
      for place in entry.places {
        writer.write(place.file)
        writer.write(Int64(place.line))
        writer.write(place.found)
      }
    }
  }

  private func writeNames(to writer: inout LedgerWriter) {
    for list in names {
      writer.write(column: list.bytes)
      writer.write(packed: list.ends)
    }
  }

  private func writeTuples(to writer: inout LedgerWriter) {
    for tuples in [parties, categories] {
      writer.write(packed: tuples.map(\.first))
      writer.write(packed: tuples.map(\.second))
      writer.write(packed: tuples.map(\.third))
      writer.write(packed: tuples.map(\.flags))
    }
  }

  /// A later step's instant as the file has it: from the opening on, where there is one.
  @inline(__always)
  private static func stored(_ instant: Instant, since opened: Instant) -> Int64 {
    instant.isPresent && opened.isPresent ? instant.milliseconds &- opened.milliseconds : instant.milliseconds
  }

  @inline(__always)
  private static func restored(_ stored: Int64, since opened: Instant) -> Instant {
    Instant(milliseconds: stored != .max && opened.isPresent ? stored &+ opened.milliseconds : stored)
  }

  /// Writes the number of rows, then what `body` writes of each block of them.
  private static func write<Row: Sendable>(
    blocksOf rows: [Row], to writer: inout LedgerWriter, threads: Int,
    _ body: @Sendable (UnsafeBufferPointer<Row>, _ start: Int, inout LedgerWriter) -> Void
  ) {
    writer.write(UInt64(rows.count))
    // So many blocks at a time that threads seldom wait for each other.
    let pieceRows = 8 * LedgerWriter.blockRows
    writer.write(pieces: (rows.count + pieceRows - 1) / pieceRows, threads: threads) { piece, writer in
      rows.withUnsafeBufferPointer { rows in
        let end = min(rows.count, (piece + 1) * pieceRows)
        for start in stride(from: piece * pieceRows, to: end, by: LedgerWriter.blockRows) {
          body(UnsafeBufferPointer(rebasing: rows[start..<min(end, start + LedgerWriter.blockRows)]), start, &writer)
        }
      }
    }
  }

  private static func write(_ table: CaseTable, to writer: inout LedgerWriter, threads: Int) {
    write(blocksOf: table.rows, to: &writer, threads: threads) { block, start, writer in
      let count = block.count
      let firstKey = start == 0 ? 0 : table.rows[start - 1].keyEnd
      writer.pack(count) { Int64(block[$0].keyEnd &- ($0 == 0 ? firstKey : block[$0 &- 1].keyEnd)) }
      table.keys.withUnsafeBytes {
        writer.write(raw: UnsafeRawBufferPointer(rebasing: $0[Int(firstKey)..<Int(block[count - 1].keyEnd)]))
      }
      writer.pack(count) { Int64(block[$0].parties) }
      writer.pack(count) { Int64(block[$0].categories) }
      writer.pack(count) { Int64(block[$0].extra) }
      writer.pack(count) { block[$0].opened.milliseconds }
      writer.pack(count) { stored(block[$0].answered, since: block[$0].opened) }
      writer.pack(count) { stored(block[$0].closed, since: block[$0].opened) }
      writer.pack(count) { stored(block[$0].due, since: block[$0].opened) }
    }
    writer.write(packed: table.steps.map(\.row))
    writer.write(packed: table.steps.map(\.person))
    writer.write(packed: table.steps.map(\.kind.ordinal))
    writer.write(packed: table.steps.map(\.actor.rawValue))
    writer.write(packed: table.steps.map(\.instant.milliseconds))
    writer.write(packed: table.steps.map(\.due.milliseconds))
  }

  /// The actor of a contact that is never attributed.
  private static let noActor = UInt8.max

  private func writeContacts(to writer: inout LedgerWriter, threads: Int) {
    Self.write(blocksOf: contacts, to: &writer, threads: threads) { rows, _, writer in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * rows.count) { prints in
        for index in rows.indices {
          prints[2 * index] = rows[index].fingerprint.high.littleEndian
          prints[2 * index + 1] = rows[index].fingerprint.low.littleEndian
        }
        writer.write(raw: UnsafeRawBufferPointer(prints))
      }
      writer.pack(rows.count) { rows[$0].instant.milliseconds }
      writer.pack(rows.count) { Self.stored(rows[$0].due, since: rows[$0].instant) }
      writer.pack(rows.count) { Int64(rows[$0].parties) }
      writer.pack(rows.count) { rows[$0].thousandths == ContactRow.noValue ? .max : Int64(rows[$0].thousandths) }
      writer.pack(rows.count) { Int64(rows[$0].kind.ordinal) }
      writer.pack(rows.count) { Int64(rows[$0].actor?.rawValue ?? Self.noActor) }
      writer.pack(rows.count) {
        (rows[$0].isProtected ? 1 : 0) | (rows[$0].isKnownByRow ? 2 : 0) | (rows[$0].isShared ? 4 : 0)
      }
    }
  }

  // MARK: Reading

  /// Reads a ledger's file.
  ///
  /// - Throws: ``IngestionError``: `noInput` when the file is missing, unreadable, cut off or damaged; `unusable` when it
  ///   is no ledger or of another version.
  public init(contentsOf path: String) throws(IngestionError) {
    let bytes = try FileBytes.read(path)
    if bytes.isEmpty { throw InputText.empty(path) }
    try self.init(fileBytes: bytes, path: path)
  }

  init(fileBytes bytes: [UInt8], path: String) throws(IngestionError) {
    func damaged(_ what: String) -> IngestionError {
      IngestionError(.noInput, "\(path): the ledger is damaged (\(what)); restore it or ingest the events again")
    }
    guard bytes.starts(with: Self.magic) else {
      throw IngestionError(.unusable, "\(path): not a ledger; make one with rapport ingest EVENTS --ledger FILE")
    }
    var reader = LedgerReader(bytes[Self.magic.count...])
    guard let version = reader.number(UInt32.self), let sectionCount = reader.number(UInt32.self) else {
      throw damaged("it ends within its header")
    }
    guard version == Self.fileVersion else {
      throw IngestionError(
        .unusable,
        "\(path): a ledger of version \(version), and this program reads version \(Self.fileVersion); ingest the events again"
      )
    }
    guard sectionCount == UInt32(4 + Self.tableCount) else { throw damaged("\(sectionCount) sections") }
    var sections: [ArraySlice<UInt8>] = []
    var offset = Self.magic.count + 8
    for section in 0..<Int(sectionCount) {
      var header = LedgerReader(bytes[min(offset, bytes.count)...])
      guard let length = header.number(UInt64.self), let checksum = header.number(UInt64.self),
        length <= UInt64(bytes.count - offset - 16)
      else { throw damaged("it ends within section \(section + 1) of \(sectionCount)") }
      let content = bytes[offset + 16..<offset + 16 + Int(length)]
      guard LedgerReader.checksum(of: content) == checksum else {
        throw damaged("the checksum of section \(section + 1) of \(sectionCount) doesn't match")
      }
      sections.append(content)
      offset += 16 + Int(length)
    }
    guard offset == bytes.count else { throw damaged("bytes behind its end") }
    self.init()
    try readOrigin(sections[0], path: path)
    guard readNames(sections[1]) else { throw damaged("names") }
    guard readTuples(sections[2]) else { throw damaged("tuples") }
    for table in tables.indices {
      guard let content = readTable(sections[3 + table], at: table) else {
        throw damaged("table \(table + 1)")
      }
      tables[table] = content
    }
    guard readContacts(sections[3 + Self.tableCount]) else { throw damaged("contacts") }
    loadedFrom = [path]
    for input in inputs { origins[input] = "ledger '\(path)'" }
  }

  private mutating func readOrigin(_ section: ArraySlice<UInt8>, path: String) throws(IngestionError) {
    var reader = LedgerReader(section)
    let damaged = IngestionError(
      .noInput, "\(path): the ledger is damaged (origin); restore it or ingest the events again")
    guard let zone = reader.text(), let endCount = reader.number(UInt32.self), endCount == 0 || endCount == 2 else {
      throw damaged
    }
    if !zone.isEmpty { timeZone = try TimeZoneRules(named: zone) }
    if endCount == 2 {
      guard let low = reader.number(UInt64.self).map(Double.init(bitPattern:)),
        let high = reader.number(UInt64.self).map(Double.init(bitPattern:)), low < high
      else { throw damaged }
      surveyScale = low...high
    }
    guard let inputCount = reader.number(UInt32.self) else { throw damaged }
    for _ in 0..<inputCount {
      guard let input = reader.text() else { throw damaged }
      inputs.append(input)
    }
    var numbers: [Int] = []
    for _ in 0..<6 {
      guard let number = reader.number(Int64.self) else { throw damaged }
      numbers.append(Int(number))
    }
    counts = RowCounts(
      linkedRows: numbers[0], contactRows: numbers[1], caseRows: numbers[2], lateEntries: numbers[3],
      lateSeconds: numbers[4], rowsWithEntryTime: numbers[5])
    guard let reasonCount = reader.number(UInt32.self) else { throw damaged }
    for _ in 0..<reasonCount {
      guard let name = reader.text(), let reason = RejectReason(rawValue: name), let count = reader.number(Int64.self),
        let placeCount = reader.number(UInt32.self), count >= Int64(placeCount)
      else { throw damaged }
      for _ in 0..<placeCount {
        guard let file = reader.text(), let line = reader.number(Int64.self), let found = reader.text() else {
          throw damaged
        }
        rejects.add(reason, at: Rejects.Place(file: file, line: Int(line), found: found))
      }
      rejects.add(reason, count: Int(count) - Int(placeCount))
    }
    guard reader.isAtEnd else { throw damaged }
  }

  private mutating func readNames(_ section: ArraySlice<UInt8>) -> Bool {
    var reader = LedgerReader(section)
    for space in names.indices {
      guard let bytes = reader.column(), let ends = reader.packed(of: UInt32.self),
        Self.areEnds(ends, of: bytes.count)
      else { return false }
      names[space] = Identifiers(bytes: bytes, ends: ends)
    }
    return reader.isAtEnd
  }

  /// Whether `ends` ascend up to `count`.
  private static func areEnds(_ ends: [UInt32], of count: Int) -> Bool {
    zip(ends, ends.dropFirst()).allSatisfy { $0 <= $1 } && Int(ends.last ?? 0) == count
  }

  private mutating func readTuples(_ section: ArraySlice<UInt8>) -> Bool {
    var reader = LedgerReader(section)
    let spaces: [[NameSpace]] = [[.manager, .partner, .partner], [.topic, .priority, .channel]]
    for kind in 0..<2 {
      guard let first = reader.packed(of: UInt32.self), let second = reader.packed(of: UInt32.self),
        let third = reader.packed(of: UInt32.self), let flags = reader.packed(of: UInt32.self),
        first.count == second.count, first.count == third.count, first.count == flags.count
      else { return false }
      for (column, space) in zip([first, second, third], spaces[kind]) {
        let limit = names[space.rawValue].count
        guard column.allSatisfy({ $0 == CodeTuple.none || Int($0) < limit }) else { return false }
      }
      if kind == 0 {
        let limit = names[NameSpace.escalated.rawValue].count
        guard flags.allSatisfy({ Int($0) <= limit }) else { return false }
      }
      let tuples = first.indices.map {
        CodeTuple(first: first[$0], second: second[$0], third: third[$0], flags: flags[$0])
      }
      if kind == 0 { parties = tuples } else { categories = tuples }
    }
    return reader.isAtEnd
  }

  private func readTable(_ section: ArraySlice<UInt8>, at number: Int) -> CaseTable? {
    let family = Self.family(ofTable: number)
    var reader = LedgerReader(section)
    guard let rowCount = reader.rowCount() else { return nil }
    var table = CaseTable()
    table.rows.reserveCapacity(rowCount)
    var columns = [[Int64]](repeating: [], count: 8)
    for start in stride(from: 0, to: rowCount, by: LedgerWriter.blockRows) {
      let count = min(LedgerWriter.blockRows, rowCount - start)
      guard reader.unpack(count, into: &columns[0]) else { return nil }
      var keyEnd = table.keys.count
      for length in columns[0] {
        guard length >= 0, length <= Int64(UInt32.max) else { return nil }
        keyEnd += Int(length)
      }
      guard keyEnd <= Int(UInt32.max), let keys = reader.raw(keyEnd - table.keys.count) else { return nil }
      keyEnd = table.keys.count
      table.keys.append(contentsOf: keys)
      for column in 1..<8 { guard reader.unpack(count, into: &columns[column]) else { return nil } }
      for index in 0..<count {
        keyEnd += Int(columns[0][index])
        guard let party = Self.position(columns[1][index], below: parties.count),
          let category = Self.position(columns[2][index], below: categories.count),
          let extra = UInt32(exactly: columns[3][index])
        else { return nil }
        let opened = Instant(milliseconds: columns[4][index])
        table.rows.append(
          CaseRow(
            keyEnd: UInt32(keyEnd), parties: party, categories: category, extra: extra, opened: opened,
            answered: Self.restored(columns[5][index], since: opened),
            closed: Self.restored(columns[6][index], since: opened),
            due: Self.restored(columns[7][index], since: opened)))
      }
    }
    guard let stepRows = reader.packed(of: UInt32.self), let stepPeople = reader.packed(of: UInt32.self),
      let stepKinds = reader.packed(of: UInt8.self), let stepActors = reader.packed(of: UInt8.self),
      let stepInstants = reader.packed(of: Int64.self), let stepDues = reader.packed(of: Int64.self), reader.isAtEnd
    else { return nil }
    let stepColumns = [stepPeople.count, stepKinds.count, stepActors.count, stepInstants.count, stepDues.count]
    guard stepColumns.allSatisfy({ $0 == stepRows.count }), stepRows.allSatisfy({ Int($0) < rowCount }) else {
      return nil
    }
    table.steps.reserveCapacity(stepRows.count)
    let peopleCount = names[Self.spaceOfPeople(inStepsOf: number).rawValue].count
    for index in stepRows.indices {
      guard let kind = EventKind(ordinal: stepKinds[index]), kind.family == family,
        let actor = Party(rawValue: stepActors[index]),
        stepPeople[index] == CodeTuple.none || Int(stepPeople[index]) < peopleCount
      else { return nil }
      table.steps.append(
        CaseStep(
          row: stepRows[index], person: stepPeople[index], kind: kind, actor: actor,
          instant: Instant(milliseconds: stepInstants[index]), due: Instant(milliseconds: stepDues[index])))
    }
    return table
  }

  /// A position in a list of `count` entries.
  private static func position(_ value: Int64, below count: Int) -> UInt32? {
    value >= 0 && value < Int64(count) ? UInt32(exactly: value) : nil
  }

  private mutating func readContacts(_ section: ArraySlice<UInt8>) -> Bool {
    var reader = LedgerReader(section)
    guard let rowCount = reader.rowCount() else { return false }
    contacts.reserveCapacity(rowCount)
    var columns = [[Int64]](repeating: [], count: 7)
    for start in stride(from: 0, to: rowCount, by: LedgerWriter.blockRows) {
      let count = min(LedgerWriter.blockRows, rowCount - start)
      var prints: [UInt64] = []
      for _ in 0..<2 * count {
        guard let half = reader.number(UInt64.self) else { return false }
        prints.append(half)
      }
      for column in columns.indices { guard reader.unpack(count, into: &columns[column]) else { return false } }
      for index in 0..<count {
        guard let party = Self.position(columns[2][index], below: parties.count),
          let ordinal = UInt8(exactly: columns[4][index]), let kind = EventKind(ordinal: ordinal), kind.family == nil,
          let actor = UInt8(exactly: columns[5][index]), actor == Self.noActor || Party(rawValue: actor) != nil,
          (0...7).contains(columns[6][index]),
          let value = columns[3][index] == .max ? ContactRow.noValue : Int32(exactly: columns[3][index])
        else { return false }
        let instant = Instant(milliseconds: columns[0][index])
        contacts.append(
          ContactRow(
            fingerprint: Fingerprint(high: prints[2 * index], low: prints[2 * index + 1]), instant: instant,
            due: Self.restored(columns[1][index], since: instant), parties: party, thousandths: value, kind: kind,
            actor: Party(rawValue: actor), isProtected: columns[6][index] & 1 != 0,
            isKnownByRow: columns[6][index] & 2 != 0, isShared: columns[6][index] & 4 != 0))
      }
    }
    return reader.isAtEnd
  }
}
