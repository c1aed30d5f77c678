import ArgumentParser
import Glibc
import Rapport

/// Creates a ledger or adds to it.
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Creates a ledger from events, or adds events to one.",
    discussion: """
      A ledger remembers its inputs and refuses the same one twice. Merging is adding: January's ledger and \
      February's give what reading both gives. Exports of a case table may overlap: of a request that \
      stands in both the later state counts. Of several runs that add to one ledger at once each waits for the one \
      before. Rosters are read when the ledger is scored; --roster says here which files \
      of a folder are rosters and no events, and are passed over.

      Examples:
        rapport ingest january.csv --ledger 2026.ledger
        rapport ingest february.csv --ledger 2026.ledger
        rapport score --ledger 2026.ledger --output result
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run(config: input.config, [input, running]) { session in
      guard session.configuration.ledgers.count == 1, let path = session.configuration.ledgers.first else {
        throw RapportError(.usage, "ingest needs exactly one --ledger FILE to create or add to")
      }
      guard !input.events.isEmpty else { throw RapportError(.usage, "ingest needs events to add; name files or -") }
      // What stands in a configuration file is for other commands too; rosters say which files of a folder aren't events.
      let unused = [("--as-of", input.asOf != nil), ("--calendar", input.calendar != nil)]
      if let option = unused.first(where: \.1)?.0 {
        throw RapportError(.usage, "\(option) has no effect on a ledger; give it when the ledger is scored")
      }
      if let obstacle = WholeFile.obstacle(at: path) {
        throw RapportError(.output, "\(path): the ledger can't be written: \(obstacle)")
      }
      session.configuration.written.append(path)
      var (reading, isNew) = try add(to: path, &session)
      reading.times.end(.writing)
      // As `rapport check` counts them: rows whose case number is another request's are refused too.
      let (repeated, superseded) = (reading.ledger.repeatedCaseRows, reading.ledger.supersededRows)
      let refused = reading.ledger.rejects.refusedRows + repeated
      let used = reading.ledger.toldRowCount - repeated - superseded
      let summary: JSONValue = [
        "ledger": [
          "path": .string(path), "created": .bool(isNew), "cases": .integer(Int64(reading.ledger.caseCount)),
          "inputs": .integer(Int64(reading.ledger.inputs.count)),
          "timezone": .string(reading.timeZone.name), "rowsAdded": .integer(Int64(reading.statistics.rows)),
          "rowsUsed": .integer(Int64(used)),
          "rowsRefused": .integer(Int64(refused)), "rowsSuperseded": .integer(Int64(superseded)),
        ]
      ]
      let shared = reading.ledger.sharedCaseOpenings
      let apart = [
        (refused, "\(Figure.count(refused)) refused"), (superseded, "\(Figure.count(superseded)) superseded"),
        (shared, "\(Figure.count(shared)) under another case's number"),
      ].filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
      let told = apart.isEmpty ? "" : "; \(apart) (rapport check --ledger \(path) says why)"
      try session.show(
        of: path, json: FileText(summary.text()), csv: FlatTable([summary["ledger"] ?? .null], leading: ["path"]),
        text:
          "\(isNew ? "Created" : "Added to") \(path): \(Figure.count(reading.statistics.rows, "row")) read; it now holds "
          + "\(Figure.count(used, "row")) in \(Figure.count(reading.ledger.caseCount, "case")) from "
          + "\(Figure.count(reading.ledger.inputs.count)) \(reading.ledger.inputs.count == 1 ? "input" : "inputs")\(told).\n"
      )
      for note in [reading.statistics.emptyNote, reading.rejectsNote].compactMap({ $0 }) { session.note(note) }
      session.tell(reading.times, reading.statistics, events: used)
    }
  }

  /// Reads the events into the ledger's file, and says whether that is new. Of several runs that do so at once each adds to what
  /// the one before left.
  private func add(to path: String, _ session: inout Session) throws -> (LedgerReading, isNew: Bool) {
    let (told, threads) = (session, session.configuration.threads)
    func hold<Result>(_ body: (_ isFound: Bool) throws -> Result) rethrows -> Result {
      try FileLock.hold(
        on: path, waiting: { told.note("Waiting for another run, which is adding to \(path).") }, body)
    }
    let (first, isNew) = try hold { isFound in
      // A ledger that was made since is nobody's to replace without its lock: it is merged with below.
      let isNew = !isFound && (access(path, F_OK) != 0 || FileLock.isPlainFile(path))
      if isNew { session.configuration.ledgers = [] }
      let reading = try read(
        input.events.map { InputSource(argument: $0) }, configuration: session.configuration, observer: session.observer
      )
      session.progress.begin("\(Stage.writing)")
      if isNew { return (reading, try reading.ledger.create(at: path, threads: threads)) }
      try reading.ledger.write(to: path, threads: threads)
      return (reading, false)
    }
    var reading = first
    if isNew || !session.configuration.ledgers.isEmpty { return (reading, isNew) }
    // Another run made the ledger while this one was reading.
    try hold { _ in
      session.progress.begin("\(Stage.merging)")
      try reading.add(to: path, configuration: session.configuration)
      session.progress.begin("\(Stage.writing)")
      try reading.ledger.write(to: path, threads: threads)
    }
    return (reading, false)
  }
}
