import Glibc

/// The ledger's file: a magic word, a version, and sections of columns with a checksum each.
///
///     "RAPPORT\n" · version (UInt32) · sections (UInt32) · sections × { length (UInt64) · checksum (UInt64) · bytes }
///
/// Sections: what it was built from, names, tuples, a table per family and one for case tables, contacts. A change of
/// the layout raises the version; a file of another version is refused with a message that says to ingest again.
extension Ledger {
  static let magic = Array("RAPPORT\n".utf8)
  static let fileVersion: UInt32 = 1

  // MARK: Writing

  /// Writes the ledger to a file, aside first and then renamed, so that a file is either the old or the new one.
  ///
  /// - Throws: ``IngestionError`` of kind `output` with the system's reason.
  public func write(to path: String) throws(IngestionError) {
    let aside = "\(path).\(getpid()).partial"
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.unwritable(path, errno) }
    var failure: Int32 = 0
    let bytes = fileBytes()
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          failure = count == 0 ? EIO : errno
          return
        }
        offset += count
      }
    }
    if failure == 0, fsync(descriptor) != 0, errno != EINVAL { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(aside, path) != 0 { failure = errno }
    if failure != 0 {
      unlink(aside)
      throw Self.unwritable(path, failure)
    }
  }

  private static func unwritable(_ path: String, _ code: Int32) -> IngestionError {
    IngestionError(.output, "\(path): the ledger can't be written (\(String(cString: strerror(code))))")
  }

  /// The bytes of the ledger's file.
  func fileBytes() -> [UInt8] {
    var sections = [originSection(), namesSection(), tuplesSection()]
    sections += tables.map(Self.section)
    sections.append(contactsSection())
    var writer = LedgerWriter()
    writer.append(Self.magic)
    writer.write(Self.fileVersion)
    writer.write(UInt32(sections.count))
    for section in sections {
      writer.write(UInt64(section.count))
      writer.write(section.withUnsafeBytes { StableHash.of($0) })
      writer.append(section)
    }
    return writer.bytes
  }

  private func originSection() -> [UInt8] {
    var writer = LedgerWriter()
    writer.write(timeZone?.name ?? "")
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
    return writer.bytes
  }

  private func namesSection() -> [UInt8] {
    var writer = LedgerWriter()
    for list in names {
      writer.write(column: list.bytes)
      writer.write(column: list.ends)
    }
    return writer.bytes
  }

  private func tuplesSection() -> [UInt8] {
    var writer = LedgerWriter()
    for tuples in [parties, categories] {
      writer.write(column: tuples.map(\.first))
      writer.write(column: tuples.map(\.second))
      writer.write(column: tuples.map(\.third))
      writer.write(column: tuples.map(\.flags))
    }
    return writer.bytes
  }

  private static func section(_ table: CaseTable) -> [UInt8] {
    var writer = LedgerWriter()
    writer.write(column: table.keys)
    writer.write(column: table.rows.map(\.keyEnd))
    writer.write(column: table.rows.map(\.parties))
    writer.write(column: table.rows.map(\.categories))
    writer.write(column: table.rows.map(\.extra))
    writer.write(column: table.rows.map(\.opened.milliseconds))
    writer.write(column: table.rows.map(\.answered.milliseconds))
    writer.write(column: table.rows.map(\.closed.milliseconds))
    writer.write(column: table.rows.map(\.due.milliseconds))
    writer.write(column: table.steps.map(\.row))
    writer.write(column: table.steps.map(\.partner))
    writer.write(column: table.steps.map(\.kind.ordinal))
    writer.write(column: table.steps.map(\.actor.rawValue))
    writer.write(column: table.steps.map(\.instant.milliseconds))
    writer.write(column: table.steps.map(\.due.milliseconds))
    return writer.bytes
  }

  /// The actor of a contact that is never attributed.
  private static let noActor = UInt8.max

  private func contactsSection() -> [UInt8] {
    var writer = LedgerWriter()
    writer.write(column: contacts.map(\.fingerprint.high))
    writer.write(column: contacts.map(\.fingerprint.low))
    writer.write(column: contacts.map(\.instant.milliseconds))
    writer.write(column: contacts.map(\.due.milliseconds))
    writer.write(column: contacts.map(\.parties))
    writer.write(column: contacts.map(\.thousandths))
    writer.write(column: contacts.map(\.kind.ordinal))
    writer.write(column: contacts.map { $0.actor?.rawValue ?? Self.noActor })
    writer.write(column: contacts.map { $0.isProtected ? UInt8(1) : 0 })
    return writer.bytes
  }

  // MARK: Reading

  /// Reads a ledger's file.
  ///
  /// - Throws: ``IngestionError``: `noInput` when the file is missing, unreadable, cut off or damaged; `unusable` when it
  ///   is no ledger or of another version.
  public init(contentsOf path: String) throws(IngestionError) {
    try self.init(fileBytes: try FileBytes.read(path), path: path)
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
      guard content.withUnsafeBytes({ StableHash.of($0) }) == checksum else {
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
      guard let content = readTable(sections[3 + table], family: Self.family(ofTable: table)) else {
        throw damaged("table \(table + 1)")
      }
      tables[table] = content
    }
    guard readContacts(sections[3 + Self.tableCount]) else { throw damaged("contacts") }
    isLoaded = true
  }

  private mutating func readOrigin(_ section: ArraySlice<UInt8>, path: String) throws(IngestionError) {
    var reader = LedgerReader(section)
    let damaged = IngestionError(
      .noInput, "\(path): the ledger is damaged (origin); restore it or ingest the events again")
    guard let zone = reader.text(), let inputCount = reader.number(UInt32.self) else { throw damaged }
    if !zone.isEmpty { timeZone = try TimeZoneRules(named: zone) }
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
      guard let bytes = reader.column(of: UInt8.self), let ends = reader.column(of: UInt32.self),
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
      guard let first = reader.column(of: UInt32.self), let second = reader.column(of: UInt32.self),
        let third = reader.column(of: UInt32.self), let flags = reader.column(of: UInt32.self),
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

  private func readTable(_ section: ArraySlice<UInt8>, family: CaseFamily) -> CaseTable? {
    var reader = LedgerReader(section)
    guard let keys = reader.column(of: UInt8.self), let keyEnds = reader.column(of: UInt32.self),
      let partyCodes = reader.column(of: UInt32.self), let categoryCodes = reader.column(of: UInt32.self),
      let extras = reader.column(of: UInt32.self), let opened = reader.column(of: Int64.self),
      let answered = reader.column(of: Int64.self), let closed = reader.column(of: Int64.self),
      let due = reader.column(of: Int64.self), let stepRows = reader.column(of: UInt32.self),
      let stepPartners = reader.column(of: UInt32.self), let stepKinds = reader.column(of: UInt8.self),
      let stepActors = reader.column(of: UInt8.self), let stepInstants = reader.column(of: Int64.self),
      let stepDues = reader.column(of: Int64.self), reader.isAtEnd
    else { return nil }
    let rowColumns = [
      partyCodes.count, categoryCodes.count, extras.count, opened.count, answered.count, closed.count, due.count,
    ]
    let stepColumns = [stepPartners.count, stepKinds.count, stepActors.count, stepInstants.count, stepDues.count]
    guard rowColumns.allSatisfy({ $0 == keyEnds.count }), stepColumns.allSatisfy({ $0 == stepRows.count }),
      Self.areEnds(keyEnds, of: keys.count), partyCodes.allSatisfy({ Int($0) < parties.count }),
      categoryCodes.allSatisfy({ Int($0) < categories.count }), stepRows.allSatisfy({ Int($0) < keyEnds.count })
    else { return nil }
    var table = CaseTable()
    table.keys = keys
    table.rows = keyEnds.indices.map {
      CaseRow(
        keyEnd: keyEnds[$0], parties: partyCodes[$0], categories: categoryCodes[$0], extra: extras[$0],
        opened: Instant(milliseconds: opened[$0]), answered: Instant(milliseconds: answered[$0]),
        closed: Instant(milliseconds: closed[$0]), due: Instant(milliseconds: due[$0]))
    }
    table.steps.reserveCapacity(stepRows.count)
    let partnerCount = names[NameSpace.partner.rawValue].count
    for index in stepRows.indices {
      guard let kind = EventKind(ordinal: stepKinds[index]), kind.family == family,
        let actor = Party(rawValue: stepActors[index]),
        stepPartners[index] == CodeTuple.none || Int(stepPartners[index]) < partnerCount
      else { return nil }
      table.steps.append(
        CaseStep(
          row: stepRows[index], partner: stepPartners[index], kind: kind, actor: actor,
          instant: Instant(milliseconds: stepInstants[index]), due: Instant(milliseconds: stepDues[index])))
    }
    return table
  }

  private mutating func readContacts(_ section: ArraySlice<UInt8>) -> Bool {
    var reader = LedgerReader(section)
    guard let high = reader.column(of: UInt64.self), let low = reader.column(of: UInt64.self),
      let instants = reader.column(of: Int64.self), let dues = reader.column(of: Int64.self),
      let partyCodes = reader.column(of: UInt32.self), let values = reader.column(of: Int32.self),
      let kinds = reader.column(of: UInt8.self), let actors = reader.column(of: UInt8.self),
      let protections = reader.column(of: UInt8.self), reader.isAtEnd
    else { return false }
    let lengths = [
      low.count, instants.count, dues.count, partyCodes.count, values.count, kinds.count, actors.count,
      protections.count,
    ]
    guard lengths.allSatisfy({ $0 == high.count }), partyCodes.allSatisfy({ Int($0) < parties.count }) else {
      return false
    }
    contacts.reserveCapacity(high.count)
    for index in high.indices {
      guard let kind = EventKind(ordinal: kinds[index]), kind.family == nil,
        actors[index] == Self.noActor || Party(rawValue: actors[index]) != nil
      else { return false }
      contacts.append(
        ContactRow(
          fingerprint: Fingerprint(high: high[index], low: low[index]), instant: Instant(milliseconds: instants[index]),
          due: Instant(milliseconds: dues[index]), parties: partyCodes[index], thousandths: values[index], kind: kind,
          actor: Party(rawValue: actors[index]), isProtected: protections[index] != 0))
    }
    return true
  }
}
