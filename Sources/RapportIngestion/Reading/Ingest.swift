/// What ingestion gives: the ledger, and how it was read.
public struct IngestionResult: Sendable {
  /// Everything that was read, refused rows counted.
  public var ledger: Ledger
  /// Bytes, rows, seconds: never part of a result.
  public var statistics: ReadingStatistics
  /// Columns of the inputs that nothing uses, each once, in byte order.
  public var ignoredColumns: [String]
  /// The first rows that were refused because their case number is another request's too, both of inputs that can be read again: a
  /// pipe can't.
  /// Not part of the ledger, because which rows they are depends on what is read together.
  public var repeatedCases: [Rejects.Place]
  /// How many rows of repeated cases ``ReadingOptions/rejectsFile`` lacks, and why; `nil` where it has them all, or there is none.
  public var rejectsNote: String?
  /// What ``ingest(_:options:progress:)`` would have thrown because more rows were refused than
  /// ``ReadingOptions/maximumBadShare`` allows, where ``ReadingOptions/keepsRefused`` keeps the rest; otherwise `nil`.
  public var refusal: IngestionError?
}

/// Reads inputs into a ledger: the whole stage from bytes to ledger.
///
/// Chunks of whole records are read by several threads into one store of cases, which becomes the ledger. The result
/// depends on the inputs and on nothing else: not on threads, chunks, or the order in which threads finish.
///
/// - Parameter progress: called now and then from any thread, one call at a time.
/// - Throws: ``IngestionError``: inputs that can't be read or understood, no usable row, more refused rows than
///   `maximumBadShare`, an input given twice, a rejects file that can't be written or would replace something else.
public func ingest(
  _ inputs: [InputSource], options: ReadingOptions, progress: (@Sendable (ReadingProgress) -> Void)? = nil
) throws(IngestionError) -> IngestionResult {
  try RejectsFile.check(inputs, options: options)
  let store = CaseStore(timeZone: options.timeZone)
  var outcome = try readEvents(
    inputs, options: options, progress: progress, makeSink: { CaseStoreWriter(store) },
    finish: { writer in writer.finish() })

  let start = ProcessClock.seconds
  var ledger = try store.finish(outcome.parts, threads: options.threads)
  outcome.parts = []
  ledger.rejects = outcome.rejects
  // What a rating says hangs on the scale; a ledger without ratings fits any.
  if ledger.contacts.contains(where: { $0.kind == .survey }) { ledger.surveyScale = options.surveyScale }
  // The exports of two quiet days are the same bytes, a header; they add nothing that could count twice.
  for input in outcome.statistics.inputs where input.rows > 0 {
    try ledger.remember(input: input.sha256, named: input.name)
  }
  outcome.statistics.seconds["merge"] = ProcessClock.seconds - start

  let repeated = ledger.repeatedCaseRows > 0 ? try RepeatedCases.find(outcome.repeatable, options: options) : []
  let places = repeated.prefix(Rejects.placesKept).map {
    Rejects.Place(file: InputNames.short(outcome.statistics.inputs[$0.input].name), line: $0.line, found: $0.found)
  }
  let areAllRepeatable = outcome.repeatable.count == outcome.statistics.inputs.count
  let unwritten = areAllRepeatable ? 0 : max(0, ledger.repeatedCaseRows - repeated.count)
  if options.rejectsFile != nil, !repeated.isEmpty { outcome.refusedRows = (outcome.refusedRows + repeated).sorted() }
  try RejectsFile.write(outcome, options: options)
  var refusal: IngestionError?
  do throws(IngestionError) {
    try checkRefused(
      outcome.rejects, repeated: ledger.repeatedCaseRows, places: places, unwritten: unwritten,
      rows: outcome.statistics.rows, untold: ledger.untoldRows, inputs: outcome.statistics.inputs, options: options)
  } catch {
    // Without a single row there is nothing to report on either.
    guard options.keepsRefused, outcome.statistics.rows > 0 else { throw error }
    refusal = error
  }
  // One number of rows, wherever it is told.
  outcome.statistics.rows -= ledger.untoldRows
  return IngestionResult(
    ledger: ledger, statistics: outcome.statistics, ignoredColumns: outcome.ignoredColumns, repeatedCases: places,
    rejectsNote: options.rejectsFile == nil || unwritten == 0
      ? nil : "The file of refused rows lacks \(unwritten) \(unwritten == 1 ? "row" : "rows")\(passed(unwritten)).",
    refusal: refusal)
}

/// Why so many rows aren't among those that were written.
private func passed(_ rows: Int) -> String {
  ", whose \(rows == 1 ? "case stands" : "cases stand") in standard input or a pipe, which can't be read again"
}

/// What reading gives, before anything is merged.
struct ReadingOutcome<Part: Sendable>: Sendable {
  /// One of each thread.
  var parts: [Part]
  var rejects: Rejects
  /// By input and line; empty unless a rejects file is asked for.
  var refusedRows: [RefusedRow]
  var statistics: ReadingStatistics
  var ignoredColumns: [String]
  /// The inputs that can be read again, each with its position in the order of reading; a pipe can't.
  var repeatable: [(position: Int, source: InputSource)]
}

/// Reads inputs in parallel, each thread into a sink of its own, which it finishes when there is nothing left to read.
func readEvents<Sink: ChunkSink & SendableMetatype, Part: Sendable>(
  _ sources: [InputSource], options: ReadingOptions, progress: (@Sendable (ReadingProgress) -> Void)? = nil,
  makeSink: @Sendable () -> Sink, finish: @Sendable (consuming Sink) -> Part
) throws(IngestionError) -> ReadingOutcome<Part> {
  let start = ThreadClock.seconds
  try options.profile?.validate()
  var prepared: [InputQueue.Prepared] = []
  for source in try InputFiles.resolve(sources, passingOver: options.passedOver) {
    prepared.append(try prepare(source, options: options))
  }
  let opening = ThreadClock.seconds - start

  let queue = InputQueue(prepared, options: options, progress: progress)
  let workers = Parallel.map(options.threads) { _ in
    work(queue, makeSink(), finish, options: options)
  }
  var statistics = ReadingStatistics()
  var rowsByInput = [Int](repeating: 0, count: prepared.count)
  var rejects = Rejects.empty
  for worker in workers {
    for (index, rows) in worker.rowsByInput.enumerated() { rowsByInput[index] += rows }
    rejects.merge(worker.rejects)
    statistics.timesWithOffset += worker.timesWithOffset
    statistics.timesWithoutOffset += worker.timesWithoutOffset
    statistics.seconds["parse", default: 0] += worker.parseSeconds
    statistics.seconds["hash", default: 0] += worker.hashSeconds
    statistics.seconds["finish", default: 0] += worker.finishSeconds
  }
  let read = try queue.finish(rowsByInput: rowsByInput)
  for input in prepared { try input.layout.checkKeys() }
  statistics.inputs = read.inputs
  statistics.textBytes = read.textBytes
  statistics.rows = rowsByInput.reduce(0, +)
  statistics.seconds["open"] = opening
  statistics.seconds["cut"] = read.cutSeconds
  statistics.seconds["hash", default: 0] += read.hashSeconds
  return ReadingOutcome(
    parts: workers.map(\.part), rejects: rejects, refusedRows: workers.flatMap(\.refused).sorted(),
    statistics: statistics, ignoredColumns: ignoredColumns(prepared),
    repeatable: prepared.enumerated().filter { $0.element.opened == nil }.map { ($0.offset, $0.element.input) })
}

/// What one thread brings back.
private struct WorkerOutcome<Part: Sendable>: Sendable {
  var part: Part
  var rejects: Rejects
  var refused: [RefusedRow]
  var rowsByInput: [Int]
  var timesWithOffset: Int
  var timesWithoutOffset: Int
  var parseSeconds: Double
  var hashSeconds: Double
  var finishSeconds: Double
}

/// One thread: takes work until there is none.
private func work<Sink: ChunkSink & SendableMetatype, Part: Sendable>(
  _ queue: InputQueue, _ sink: consuming Sink, _ finish: (consuming Sink) -> Part, options: ReadingOptions
) -> WorkerOutcome<Part> {
  var reader = RowReader(sink: sink, options: options, inputCount: queue.inputs.count)
  var parseSeconds = 0.0
  var hashSeconds = 0.0
  var rows = 0
  var used: TextRegion?
  while let work = queue.next(after: reader.rowCount - rows, reusing: used) {
    rows = reader.rowCount
    let start = ThreadClock.seconds
    switch work {
    case .parse(let chunk, let input, let layout, let hash, let number):
      // Before anything else, because others wait for their turns; and the bytes are near for what follows.
      hash?.update(chunk, number: number)
      let hashed = ThreadClock.seconds
      reader.read(chunk, of: input, layout: layout)
      used = chunk.isAlone ? chunk.owner : nil
      hashSeconds += hashed - start
      parseSeconds += ThreadClock.seconds - hashed
    case .hash(let region, let input):
      queue.finishHash(SHA256Digest.of(UnsafeRawBufferPointer(region.bytes)), of: input)
      hashSeconds += ThreadClock.seconds - start
    }
  }
  let (rowsByInput, times) = (reader.rowsByInput, reader.times)
  let (rejects, refused) = (reader.rejects, reader.refusedRows)
  let start = ThreadClock.seconds
  let part = finish(reader.takeSink())
  return WorkerOutcome(
    part: part, rejects: rejects, refused: refused, rowsByInput: rowsByInput, timesWithOffset: times.withOffset,
    timesWithoutOffset: times.withoutOffset, parseSeconds: parseSeconds, hashSeconds: hashSeconds,
    finishSeconds: ThreadClock.seconds - start)
}

/// Opens an input, looks at its beginning, and closes it again where it can be opened twice.
func prepare(_ source: InputSource, options: ReadingOptions) throws(IngestionError) -> InputQueue.Prepared {
  let text = try InputText(source)
  let name = text.name == "-" ? "standard input" : text.name
  var begun: [UInt8] = []
  let head = try readHead(of: text, name: name, begun: &begun, options: options)
  let layout = try InputLayout(
    name: name, format: head.format, header: head.header, headerLine: head.headerLine, isSample: head.isSample,
    options: options)
  return InputQueue.Prepared(
    input: source, name: text.name, layout: layout, head: head, opened: text.passing == nil ? nil : (text, begun),
    storedBytes: text.stored?.bytes.count)
}

/// Looks at the beginning of a text; of a stream, `begun` is what was read for it.
///
/// A first part is enough, unless the first record is longer. Twice as much each time, so that a long one isn't looked at again and
/// again; and as much of a stream as of what is in reach, so that the same is found however an input is packed.
private func readHead(
  of text: InputText, name: String, begun: inout [UInt8], options: ReadingOptions
) throws(IngestionError) -> InputHead {
  var size = 1 << 18
  while true {
    let region: TextRegion
    let isWhole: Bool
    switch text.source {
    case .region(let all):
      region = all
      isWhole = size >= all.bytes.count
    case .stream(let stream):
      isWhole = try !stream.read(upTo: size, into: &begun)
      if begun.isEmpty { throw InputText.empty(text.name) }
      region = TextRegion(copying: begun)
    }
    let head = try InputHead.read(
      UnsafeRawBufferPointer(rebasing: region.bytes.prefix(size)), isWhole: isWhole, name: name,
      maximumRecordBytes: options.maximumRecordBytes)
    if let head { return head }
    size *= 2
  }
}

private func ignoredColumns(_ inputs: [InputQueue.Prepared]) -> [String] {
  Set(inputs.flatMap(\.layout.ignored)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Whether so many rows were refused that what is left can't be trusted, or none is left at all.
///
/// - Parameter untold: how many of the rows no count tells.
/// - Throws: ``IngestionError`` of kind `unusable` with the reasons, their counts and the first places.
func checkRefused(
  _ rejects: Rejects, repeated: Int, places: [Rejects.Place], unwritten: Int, rows: Int, untold: Int,
  inputs: [ReadingStatistics.Input], options: ReadingOptions
) throws(IngestionError) {
  let names = inputs.prefix(3).map(\.name).joined(separator: ", ") + (inputs.count > 3 ? ", …" : "")
  guard rows > 0 else {
    throw IngestionError(.unusable, "\(names): a header but no rows; check the export's filter")
  }
  let refused = rejects.refusedRows + repeated
  let used = rows - refused - rejects.leftOutRows
  let told = rows - untold
  let isOverLimit = Double(refused) > options.maximumBadShare * Double(told)
  guard used <= 0 || isOverLimit else { return }
  var all = rejects
  all.add(.caseRepeats, count: repeated)
  let reasons = all.byFrequency.filter { $0.reason.consequence != .valueRemoved }.map { reason, entry in
    let shown = (reason == .caseRepeats ? places : entry.places).prefix(2)
      .map { $0.told(as: reason) }
    return "\(reason.words) \(entry.count)" + (shown.isEmpty ? "" : " (\(shown.joined(separator: "; ")))")
  }
  let top = all.byFrequency.first { $0.reason.consequence == .refused }
  let advice = top.map { " \($0.reason.advice)" } ?? ""
  let cure = top.flatMap { hint($0.reason, $0.entry) }.map { " \($0)" } ?? ""
  let listed = reasons.prefix(4).joined(separator: ", ")
  if isOverLimit {
    let lacking = unwritten == 0 ? "" : " but \(unwritten)\(passed(unwritten))"
    throw IngestionError(
      .unusable,
      "\(names): \(overLimit(refused, of: told, options.maximumBadShare)): \(listed).\(advice)\(cure) "
        + "--rejects FILE writes them all\(lacking); --max-bad P% raises the limit")
  }
  throw IngestionError(.unusable, "\(names): none of \(told) rows can be used: \(listed).\(advice)\(cure)")
}

/// As in `12 of 300 rows (4.0 %) can't be used, more than --max-bad allows (1 %)`.
func overLimit(_ refused: Int, of rows: Int, _ maximumBadShare: Double) -> String {
  let percent = "\(Int((Double(refused) / Double(rows) * 1000).rounded()))"
  let share = percent.count == 1 ? "0.\(percent)" : "\(percent.dropLast()).\(percent.suffix(1))"
  let limit = maximumBadShare * 100
  return "\(refused) of \(rows) rows (\(share) %) can't be used, more than --max-bad allows "
    + "(\(limit == limit.rounded() ? "\(Int(limit))" : "\(limit)") %)"
}

/// What would cure the first row of a reason: the format of its time.
private func hint(_ reason: RejectReason, _ entry: Rejects.Entry) -> String? {
  reason == .badTime ? entry.places.lazy.compactMap(\.quoted).first.flatMap(TimeHint.sentence) : nil
}
