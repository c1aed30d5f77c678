import CSimdJSON

/// Turns the records of chunks into events: one thread's reader, with the sink that it owns.
///
/// For speed the state is one struct without copies, fields are slices of the chunk, and nothing is made into a string
/// except for rows that are refused. The order of checks is the order in which a person would look at a row; the first
/// that fails is the row's reason.
struct RowReader<Sink: ChunkSink>: ~Copyable {
  typealias Bytes = UnsafeRawBufferPointer

  var sink: Sink
  private(set) var rejects = Rejects.empty
  private(set) var refusedRows: [RefusedRow] = []
  /// Rows read, refused ones included, by input.
  private(set) var rowsByInput: [Int]
  /// Their sum.
  private(set) var rowCount = 0

  private let runStart: Instant
  private let ratings: ClosedRange<Int32>
  private let keepsRefusedRows: Bool
  private let nulls: [[UInt8]]
  /// Whether any of them may be written in another Unicode form.
  private let haveNullsForms: Bool
  private let kinds: ByteWordTable<EventKind>
  private(set) var times: TimeParser
  private var scanner = FieldScanner()
  private var json: JSONRowReader?
  /// The lines of the current layout, if that is JSON.
  private var jsonLines = JSONLineScanner([])
  /// The current row's fields by ``ContractColumn/slot``; empty where absent.
  private let slots: UnsafeMutablePointer<Bytes>

  /// For rows that name one person twice, in whichever Unicode forms.
  private var names = NameForms()

  private let options: ReadingOptions
  /// The short way for the current layout, if it has one.
  private var plain: PlainLayout?

  // The row being read, for messages.
  private var layout: InputLayout?
  private var input = 0
  private var line = 0
  private var text = Bytes(start: nil, count: 0)
  /// Whether it says something in protection: then messages tell its place and nothing of what stands in it.
  private var isProtected = false

  init(sink: consuming Sink, options: ReadingOptions, inputCount: Int) {
    self.sink = sink
    self.options = options
    runStart = options.runStart
    let thousandths = { (value: Double) in Int32((max(-2e6, min(2e6, value)) * 1000).rounded()) }
    ratings = thousandths(options.surveyScale.lowerBound)...thousandths(options.surveyScale.upperBound)
    keepsRefusedRows = options.rejectsFile != nil
    nulls = (options.profile?.nulls ?? []).map { Array($0.composed.utf8) }
    haveNullsForms = nulls.contains { $0.contains { $0 >= 0x80 } }
    kinds = ByteWordTable(EventKind.allCases.map { ($0.rawValue, $0) })
    times = TimeParser(
      formats: (options.profile?.timeFormats ?? []).compactMap { TimeFormat($0) }, zone: options.timeZone,
      isOfEvents: true)
    rowsByInput = [Int](repeating: 0, count: inputCount)
    slots = .allocate(capacity: ContractColumn.slotCount)
    slots.initialize(repeating: Bytes(start: nil, count: 0), count: ContractColumn.slotCount)
  }

  deinit { slots.deallocate() }

  /// Gives up the sink.
  consuming func takeSink() -> Sink { sink }

  /// Reads one chunk of the input with the given position in the order of reading.
  mutating func read(_ chunk: Chunk, of input: Int, layout: InputLayout) {
    if self.layout !== layout {
      plain = PlainLayout(layout, options: options)
      if layout.format == .json { jsonLines = JSONLineScanner(layout.header) }
    }
    self.layout = layout
    self.input = input
    for slot in 0..<ContractColumn.slotCount { slots[slot] = Bytes(start: nil, count: 0) }
    for constant in layout.constants { slots[constant.column.slot] = constant.value.bytes }
    let isUTF8 =
      chunk.survey.has_high == 0 || chunk.bytes.isEmpty
      || rapport_is_utf8(chunk.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), chunk.bytes.count) != 0
    switch layout.format {
    case .delimited(let delimiter): readDelimited(chunk, layout, delimiter, isUTF8: isUTF8)
    case .json: readJSON(chunk, layout, isUTF8: isUTF8)
    }
  }

  @inline(__always)
  private mutating func countRows(_ rows: Int) {
    rowsByInput[input] += rows
    rowCount += rows
  }

  // MARK: Records to fields

  /// How many records ahead a sink is told of one.
  private static var recordsAhead: Int { 8 }

  private mutating func readDelimited(_ chunk: Chunk, _ layout: InputLayout, _ delimiter: UInt8, isUTF8: Bool) {
    scanner.begin(chunk.bytes, delimiter: delimiter, hasQuotes: chunk.survey.has_quotes != 0)
    var plain = isUTF8 ? plain : nil
    plain?.holdsHighBytes = chunk.survey.has_high != 0
    let columnCount = layout.header.count
    var nextLine = chunk.firstLine
    // Only where quoted line feeds occur must lines be counted within records.
    let hasQuotedFeeds = chunk.lineFeeds > scanner.endedRecordCount
    // A quote that is never closed makes everything behind it one record.
    let openRecord = scanner.endsInQuotes ? scanner.recordCount - 1 : -1
    var rowCountOfChunk = 0
    defer { countRows(rowCountOfChunk) }
    rows: for record in 0..<scanner.recordCount {
      scanner.select(record)
      line = nextLine
      nextLine += hasQuotedFeeds ? scanner.lineFeeds() : 1
      text = scanner.record
      if scanner.isEmpty { continue }
      rowCountOfChunk &+= 1
      if let plain, let ahead = scanner.plainRecord(record &+ Self.recordsAhead, fieldCount: columnCount) {
        sink.prefetch(ahead, plain)
      }
      if let plain, scanner.fieldCount == columnCount, record != openRecord,
        sink.take(scanner.plainRecord, plain, times: &times, runStart: runStart, ratings: ratings)
      {
        continue
      }
      if record == openRecord {
        // Every line in it is a row that can't be read.
        let lines = scanner.lineFeeds() - (text.last == 10 ? 1 : 0)
        refuse(.badQuotes, "a quote that is never closed" + (lines > 1 ? ", \(lines) lines before the end" : ""))
        rejects.add(.badQuotes, count: lines - 1)
        rowCountOfChunk += lines - 1
        continue
      }
      if !isUTF8, rapport_is_utf8(text.baseAddress!.assumingMemoryBound(to: UInt8.self), text.count) == 0 {
        refuse(.invalidUTF8)
        continue
      }
      if scanner.fieldCount != columnCount {
        if scanner.fieldCount < columnCount {
          refuse(.tooFewFields, "\(scanner.fieldCount) of \(columnCount) fields")
          continue
        }
        // Spreadsheets write empty cells behind the last column.
        for field in columnCount..<scanner.fieldCount where scanner.field(field)?.isEmpty != true {
          refuse(.tooManyFields, "\(scanner.fieldCount) fields, expected \(columnCount)")
          continue rows
        }
      }
      for field in layout.fields {
        guard let bytes = scanner.field(field.index) else {
          refuse(.badQuotes, "\(field.column.rawValue)")
          continue rows
        }
        guard put(bytes, field) else { continue rows }
      }
      interpret(layout)
    }
  }

  private mutating func readJSON(_ chunk: Chunk, _ layout: InputLayout, isUTF8: Bool) {
    if json == nil { json = JSONRowReader() }
    // One key may stand for two columns, such as a solution that is taken for the answer; the reader is asked for it once.
    let keys = Array(Set(layout.fields.map(\.index))).sorted()
    let places = layout.fields.map { field in keys.firstIndex(of: field.index)! }
    json!.wanted(keys.map { layout.header[$0] })
    var plain = isUTF8 ? plain : nil
    plain?.holdsHighBytes = chunk.survey.has_high != 0
    jsonLines.begin(chunk.bytes)
    if layout.awaitsKeys {
      for line in 0..<jsonLines.lineCount { layout.note(keys: json!.keys(of: jsonLines.text(line)) ?? []) }
    }
    var records = [PlainRecord?](repeating: nil, count: JSONLineScanner.batch)
    for first in stride(from: 0, to: jsonLines.lineCount, by: JSONLineScanner.batch) {
      let count = min(JSONLineScanner.batch, jsonLines.lineCount - first)
      if let plain {
        for place in 0..<count {
          records[place] = jsonLines.scan(first + place, at: place)
          if let record = records[place] { sink.prefetch(record, plain) }
        }
      }
      for place in 0..<count {
        (line, text) = (chunk.firstLine + first + place, jsonLines.text(first + place))
        if let plain, let record = records[place],
          sink.take(record, plain, times: &times, runStart: runStart, ratings: ratings)
        {
          countRows(1)
        } else if !text.trimmed.isEmpty {
          countRows(1)
          readJSONLine(layout, places)
        }
      }
    }
  }

  /// The long way of a line.
  private mutating func readJSONLine(_ layout: InputLayout, _ places: [Int]) {
    if let failure = json!.read(text) { return refuse(failure) }
    for (place, field) in zip(places, layout.fields) {
      guard put(json!.value(place).trimmed, field) else { return }
    }
    interpret(layout)
  }

  /// Puts a field into its slot, its value mapped; `false` when the profile says that the row is no event.
  @inline(__always)
  private mutating func put(_ bytes: Bytes, _ field: InputLayout.Field) -> Bool {
    var bytes = bytes
    if !nulls.isEmpty, !bytes.isEmpty, isNull(bytes) { bytes = Bytes(start: nil, count: 0) }
    if let values = field.values {
      // A profile's words are composed, and compare with the field's own bytes first.
      let value = values[bytes] ?? NameForm.composed(bytes).flatMap { $0.withUnsafeBytes { values[$0] } }
      if let mapped = value ?? field.otherwise {
        if mapped.bytes.isEmpty && field.column == .kind {
          refuse(.notMapped, found(.kind, bytes))
          return false
        }
        bytes = mapped.bytes
      }
    }
    slots[field.column.slot] = bytes
    return true
  }

  private func isNull(_ bytes: Bytes) -> Bool {
    func holds(_ word: Bytes) -> Bool { nulls.contains { $0.count == word.count && $0.elementsEqual(word) } }
    if holds(bytes) { return true }
    return haveNullsForms && NameForm.composed(bytes).map { $0.withUnsafeBytes { holds($0) } } ?? false
  }

  // MARK: Fields to events

  @inline(__always)
  private func slot(_ column: ContractColumn) -> Bytes { slots[column.slot] }

  private mutating func interpret(_ layout: InputLayout) {
    if layout.isCaseTable { interpretCase() } else { interpretEvent() }
  }

  private mutating func interpretEvent() {
    let kindBytes = slot(.kind)
    guard let kind = kinds[kindBytes] else {
      return refuse(kindBytes.isEmpty ? .missingKind : .unknownKind, found(.kind, kindBytes))
    }
    isProtected = LedgerBuilder.Contact.isProtected(kind, channel: slot(.channel))
    defer { isProtected = false }
    let timeBytes = slot(.timestamp)
    guard let timestamp = times.instant(timeBytes) else {
      return refuse(timeBytes.isEmpty ? .missingTime : .badTime, found(.timestamp, timeBytes))
    }
    if timestamp > runStart { return refuse(.futureTime, found(.timestamp, timeBytes)) }
    let manager = slot(.manager)
    let partner = slot(.partner)
    if manager.isEmpty, kind != .absence { return refuse(.missingManager) }
    let actorBytes = slot(.actor)
    let actor: Party?
    if actorBytes.isEmpty || kind.defaultActor == nil {
      // Of kinds that are never attributed it isn't used, whatever stands there.
      actor = kind.defaultActor
    } else if actorBytes.elementsEqual("manager".utf8) {
      actor = .manager
    } else if actorBytes.elementsEqual("partner".utf8) {
      actor = .partner
    } else {
      return refuse(.badActor, found(.actor, actorBytes))
    }
    // A partner's absence is the partner's alone.
    if manager.isEmpty, actor != .partner { return refuse(.missingManager) }
    if partner.isEmpty, kind.needsPartner || (kind == .absence && actor == .partner) {
      return refuse(.missingPartner, found(.kind, kindBytes))
    }
    if names.areOne(manager, partner) {
      return refuse(.selfRequest, found(.manager, manager))
    }
    let caseKey = slot(.caseKey)
    if caseKey.isEmpty, kind.family != nil { return refuse(.missingCase, found(.kind, kindBytes)) }

    var event = RawEvent(
      kind: kind, actor: actor, timestamp: timestamp, manager: manager, partner: partner, caseKey: caseKey,
      topic: slot(.topic), priority: slot(.priority), channel: slot(.channel),
      fingerprint: Fingerprint(high: 0, low: 0))

    let valueBytes = slot(.value)
    switch kind {
    case .survey:
      guard let value = FixedPoint.thousandths(valueBytes), ratings.contains(value) else {
        return refuse(.badValue, found(.value, valueBytes))
      }
      event.thousandths = value
    case .decision:
      guard let value = FixedPoint.thousandths(valueBytes), value == 0 || value == 1000 else {
        return refuse(.badValue, found(.value, valueBytes))
      }
      event.thousandths = value
    case .checkIn where !valueBytes.isEmpty:
      guard let value = FixedPoint.thousandths(valueBytes), value >= 0 else {
        return refuse(.badValue, found(.value, valueBytes))
      }
      event.thousandths = value
    default: break
    }

    let dueBytes = slot(.due)
    if !dueBytes.isEmpty {
      if let due = times.due(dueBytes, of: kind) {
        event.due = due
      } else if kind == .request || times.isBeforeEvents(dueBytes) {
        remove(.dueUnreadable, found(.due, dueBytes))
      } else {
        return refuse(.badDue, found(.due, dueBytes))
      }
    }
    let recordedBytes = slot(.recordedAt)
    if !recordedBytes.isEmpty {
      if let recorded = times.instant(recordedBytes) {
        event.recordedAt = recorded
      } else {
        remove(.recordedUnreadable, found(.recordedAt, recordedBytes))
      }
    }
    if kind.family == nil {
      let id = slot(.id)
      event.fingerprint =
        isProtected && id.isEmpty
        ? LedgerBuilder.Contact.fingerprint(ofProtected: kind, timestamp: timestamp)
        : id.isEmpty ? StableHash.fingerprint(text) : StableHash.fingerprint(ofID: id, kind)
      event.isKnownByRow = id.isEmpty && !isProtected
    }
    sink.add(event)
  }

  private mutating func interpretCase() {
    let caseKey = slot(.caseKey)
    let manager = slot(.manager)
    let partner = slot(.partner)
    if caseKey.isEmpty { return refuse(.missingCase) }
    if manager.isEmpty { return refuse(.missingManager) }
    let openedBytes = slot(.opened)
    guard let opened = times.instant(openedBytes) else {
      return refuse(openedBytes.isEmpty ? .missingTime : .badTime, found(.opened, openedBytes))
    }
    if opened > runStart { return refuse(.futureTime, found(.opened, openedBytes)) }
    if names.areOne(manager, partner) {
      return refuse(.selfRequest, found(.manager, manager))
    }
    var row = RawCase(
      caseKey: caseKey, manager: manager, partner: partner, topic: slot(.topic), priority: slot(.priority),
      channel: slot(.channel), opened: opened)
    if let time = laterTime(
      .responded, opened, .respondedUnreadable, .respondedBeforeOpened, .respondedInFuture, &row.excludedFromWaits)
    {
      row.responded = time
    }
    if let time = laterTime(
      .resolved, opened, .resolvedUnreadable, .resolvedBeforeOpened, .resolvedInFuture, &row.excludedFromWaits)
    {
      row.resolved = time
    }
    if let time = laterTime(
      .withdrawn, opened, .withdrawnUnreadable, .withdrawnBeforeOpened, .withdrawnInFuture, &row.excludedFromWaits)
    {
      row.withdrawn = time
    }
    let dueBytes = slot(.due)
    if !dueBytes.isEmpty {
      if let due = times.due(dueBytes, of: .request) {
        row.due = due
      } else {
        remove(.dueUnreadable, found(.due, dueBytes))
      }
    }
    row.input = input
    row.line = line
    row.record = text
    sink.add(row)
  }

  /// A time after the opening; an impossible one is removed, counted, and excludes the request from waits.
  @inline(__always)
  private mutating func laterTime(
    _ column: ContractColumn, _ opened: Instant, _ unreadable: RejectReason, _ early: RejectReason,
    _ future: RejectReason, _ isExcluded: inout Bool
  ) -> Instant? {
    let bytes = slot(column)
    if bytes.isEmpty { return nil }
    let reason: RejectReason
    if let time = times.instant(bytes) {
      if time >= opened && time <= runStart { return time }
      reason = time < opened ? early : future
    } else {
      reason = unreadable
    }
    isExcluded = true
    remove(reason, found(column, bytes))
    return nil
  }

  // MARK: Rows that can't be used

  /// What stands in a column, for a message: `kind 'respnse'`; nothing of what is said in protection.
  @inline(never)
  private func found(_ column: ContractColumn, _ bytes: Bytes) -> String {
    if isProtected { return "" }
    if bytes.isEmpty { return "\(column.rawValue) is empty" }
    let text = String(decoding: bytes.prefix(40), as: UTF8.self).printable
    return "\(column.rawValue) '\(text)\(bytes.count > 40 ? "…" : "")'"
  }

  @inline(never)
  private mutating func refuse(_ reason: RejectReason, _ found: String = "") {
    rejects.add(reason, at: Rejects.Place(file: layout?.shortName ?? "", line: line, found: found))
    guard keepsRefusedRows else { return }
    refusedRows.append(RefusedRow(input: input, line: line, reason: reason, found: found, text: Array(text)))
  }

  @inline(never)
  private mutating func remove(_ reason: RejectReason, _ found: String) {
    rejects.add(reason, at: Rejects.Place(file: layout?.shortName ?? "", line: line, found: found))
  }
}
