/// Rows of case tables whose case stands in another row too, found again by name and line.
///
/// Only the merged ledger knows that cases repeat, and it keeps no rows. So where some do, the inputs are read twice
/// more: once for the hashes of all keys, once for the rows behind hashes that occur twice. Of each case's rows the
/// ledger keeps the one that sorts first (`CaseFold.precedes(tableRow:)`); the others are told here.
enum RepeatedCases {
  /// The refused rows of inputs that can be read again, by input and line.
  ///
  /// Of a case of theirs that stands in another input too, the row that sorts first isn't told: whether it is the one that the ledger
  /// keeps isn't known.
  static func find(
    _ inputs: [(position: Int, source: InputSource)], options: ReadingOptions
  ) throws(IngestionError) -> [RefusedRow] {
    guard !inputs.isEmpty else { return [] }
    let (positions, sources) = (inputs.map(\.position), inputs.map(\.source))
    var quiet = options
    quiet.rejectsFile = nil
    let hashes = try readEvents(
      sources, options: quiet, makeSink: { HashSink() }, finish: { (sink: consuming HashSink) in sink.hashes }
    ).parts.flatMap { $0 }.sorted()
    var repeated: Set<UInt64> = []
    for index in hashes.indices.dropFirst() where hashes[index] == hashes[index - 1] { repeated.insert(hashes[index]) }
    let wanted = repeated
    let rows = try readEvents(
      sources, options: quiet, makeSink: { RowSink(wanted: wanted) }, finish: { (sink: consuming RowSink) in sink.rows }
    ).parts.flatMap { $0 }
    return Dictionary(grouping: rows, by: \.key).values
      .flatMap { $0.sorted().dropFirst() }
      .map { row in
        RefusedRow(
          input: positions[row.input], line: row.line, reason: .caseRepeats,
          found: "case '\(String(decoding: row.key.prefix(40), as: UTF8.self).printable)'", text: row.text)
      }
      .sorted()
  }

  private struct HashSink: ChunkSink {
    var hashes: [UInt64] = []
    mutating func add(_ event: RawEvent) {}
    mutating func add(_ row: RawCase) { hashes.append(StableHash.of(row.caseKey)) }
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

  /// A row that outlives its chunk; sorts as ledgers sort the rows of one case.
  private struct Row: Comparable, Sendable {
    let key: [UInt8]
    let times: [Instant]
    let names: [[UInt8]]
    let isExcluded: Bool
    let input: Int
    let line: Int
    let text: [UInt8]

    init(_ row: RawCase) {
      key = Array(row.caseKey)
      times = [row.opened, row.responded, row.resolved, row.due, row.withdrawn]
      names = [row.manager, row.partner, row.topic, row.priority, row.channel].map { Array($0) }
      isExcluded = row.excludedFromWaits
      input = row.input
      line = row.line
      text = Array(row.record)
    }

    static func < (a: Row, b: Row) -> Bool {
      for (x, y) in zip(a.times, b.times) where x != y { return x < y }
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
