/// Rows of case tables whose case number is that of another request too, found again by name and line.
///
/// Only the merged ledger knows that numbers repeat, and it keeps no rows. So where some do, the inputs are read twice
/// more: once for hashes of all keys and of the requests behind them, once for the rows whose key stands for several. Of each
/// number's requests the ledger keeps the one that was opened first (`CaseFold.merge(tableRow:into:index:order:)`); of each
/// other the row that tells it last is told here, as the ledger counts it: its earlier states are superseded.
enum RepeatedCases {
  /// The refused rows of inputs that can be read again, by input and line.
  ///
  /// Of a number that stands in another input too, the request that was opened first isn't told: whether it is the one that the ledger
  /// keeps isn't known.
  static func find(
    _ inputs: [(position: Int, source: InputSource)], options: ReadingOptions
  ) throws(IngestionError) -> [RefusedRow] {
    guard !inputs.isEmpty else { return [] }
    let (positions, sources) = (inputs.map(\.position), inputs.map(\.source))
    var quiet = options
    quiet.rejectsFile = nil
    let marks = try readEvents(
      sources, options: quiet, makeSink: { MarkSink() }, finish: { (sink: consuming MarkSink) in sink.marks }
    ).parts.flatMap { $0 }.sorted()
    var repeated: Set<UInt64> = []
    for (mark, next) in zip(marks, marks.dropFirst()) where mark.key == next.key && mark.request != next.request {
      repeated.insert(mark.key)
    }
    let wanted = repeated
    let rows = try readEvents(
      sources, options: quiet, makeSink: { RowSink(wanted: wanted) }, finish: { (sink: consuming RowSink) in sink.rows }
    ).parts.flatMap { $0 }
    return Dictionary(grouping: rows, by: \.key).values
      .flatMap { rows in
        Dictionary(rows.map { ($0.request, $0) }, uniquingKeysWith: min).values
          .sorted { $0.request < $1.request }.dropFirst()
      }
      .map { row in
        RefusedRow(
          input: positions[row.input], line: row.line, reason: .caseRepeats,
          found: "case '\(String(decoding: row.key.prefix(40), as: UTF8.self).printable)'", text: row.text)
      }
      .sorted()
  }

  /// A name as ledgers have it.
  private static func name(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { NameForm.composed(bytes) ?? Array(bytes) }

  /// The hashes of a row's key, and of what says which request it tells.
  private struct Mark: Comparable, Sendable {
    let key: UInt64
    let request: UInt64

    init(_ row: RawCase) {
      key = StableHash.of(row.caseKey)
      let seed = UInt64(bitPattern: row.opened.milliseconds)
      request = name(row.manager).withUnsafeBytes { StableHash.of($0, seed: seed) }
    }

    static func < (a: Mark, b: Mark) -> Bool { (a.key, a.request) < (b.key, b.request) }
  }

  private struct MarkSink: ChunkSink {
    var marks: [Mark] = []
    mutating func add(_ event: RawEvent) {}
    mutating func add(_ row: RawCase) { marks.append(Mark(row)) }
  }

  private struct RowSink: ChunkSink {
    let wanted: Set<UInt64>
    var rows: [Row] = []
    init(wanted: Set<UInt64>) { self.wanted = wanted }
    mutating func add(_ event: RawEvent) {}
    mutating func add(_ row: RawCase) {
      if wanted.contains(StableHash.of(row.caseKey)) { rows.append(Row(row)) }
    }
  }

  /// Which of a number's requests a row tells.
  private struct Request: Hashable, Comparable, Sendable {
    let opened: Int64
    let manager: [UInt8]

    static func < (a: Request, b: Request) -> Bool {
      a.opened != b.opened ? a.opened < b.opened : a.manager.lexicographicallyPrecedes(b.manager)
    }
  }

  /// A row that outlives its chunk; of one request the row that counts in ledgers sorts first.
  private struct Row: Comparable, Sendable {
    let key: [UInt8]
    let request: Request
    /// What it tells besides names.
    let state: CaseRow
    let names: [[UInt8]]
    let isExcluded: Bool
    let input: Int
    let line: Int
    let text: [UInt8]

    init(_ row: RawCase) {
      key = Array(row.caseKey)
      request = Request(opened: row.opened.milliseconds, manager: name(row.manager))
      state = CaseRow(row, parties: 0, categories: 0)
      names = [row.partner, row.topic, row.priority, row.channel].map(name)
      isExcluded = row.excludedFromWaits
      input = row.input
      line = row.line
      text = Array(row.record)
    }

    static func < (a: Row, b: Row) -> Bool {
      let (new, old) = (a.state.progress, b.state.progress)
      if new.last != old.last { return new.last > old.last }
      if new.steps != old.steps { return new.steps > old.steps }
      let times = [
        (a.state.answered, b.state.answered), (a.state.closed, b.state.closed), (a.state.due, b.state.due),
      ]
      for (x, y) in times where x != y { return x < y }
      if a.state.extra != b.state.extra { return a.state.extra < b.state.extra }
      for (x, y) in zip(a.names, b.names) where x != y {
        // What is absent sorts last.
        if x.isEmpty || y.isEmpty { return y.isEmpty }
        return x.lexicographicallyPrecedes(y)
      }
      if a.isExcluded != b.isExcluded { return b.isExcluded }
      return (a.input, a.line) < (b.input, b.line)
    }
  }
}
