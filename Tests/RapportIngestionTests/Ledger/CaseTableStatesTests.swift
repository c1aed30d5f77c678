import RapportTestSupport
import Testing

@testable import RapportIngestion

/// Exports of case tables that overlap: rows that tell one request in several states, and requests of one number.
@Suite struct CaseTableStatesTests {
  typealias Telling = (inout EventLog) -> Void

  static func log(_ tellings: [Telling]) -> EventLog {
    var log = EventLog()
    for telling in tellings { telling(&log) }
    return log
  }

  static func merged(_ ledgers: [Ledger]) -> Ledger {
    var result = Ledger.empty
    for ledger in ledgers { result.merge(ledger) }
    return result
  }

  /// Expects the ledger of `first` and `second`, in any order, in one log or in two, to hold what that of `kept` holds.
  static func expect(
    _ first: @escaping Telling, _ second: @escaping Telling, give kept: Telling, _ comment: String, refused: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var alone = EventLog()
    kept(&alone)
    let ledgers = [
      log([first, second]).ledger, log([second, first]).ledger,
      merged([log([first]).ledger, log([second]).ledger]), merged([log([second]).ledger, log([first]).ledger]),
    ]
    for ledger in ledgers {
      #expect(
        Self.told(ledger).counted == Self.told(alone.ledger).counted, "\(comment)", sourceLocation: sourceLocation)
      #expect(ledger == ledgers[0], "\(comment)", sourceLocation: sourceLocation)
      #expect(ledger.repeatedCaseRows == refused, "\(comment)", sourceLocation: sourceLocation)
      #expect(ledger.supersededRows == 1 - refused, "\(comment)", sourceLocation: sourceLocation)
    }
  }

  /// What a ledger's case table says, in words: each case's row, and whose other requests have its number.
  static func told(_ ledger: Ledger) -> (counted: [String: String], refused: [String: Set<String>]) {
    let table = ledger.tables[Ledger.caseTableIndex]
    let names = ledger.names.map(\.strings)
    func name(_ code: UInt32, _ space: NameSpace) -> String {
      code == CodeTuple.none ? "-" : names[space.rawValue][Int(code)]
    }
    func time(_ instant: Instant) -> String { instant.isPresent ? "\(instant.milliseconds)" : "-" }
    func key(_ row: Int) -> String { table.withKey(of: row) { String(decoding: $0, as: UTF8.self) } }
    var counted: [String: String] = [:]
    var refused: [String: Set<String>] = [:]
    for (index, row) in table.rows.enumerated() {
      let (people, category) = (ledger.parties[Int(row.parties)], ledger.categories[Int(row.categories)])
      counted[key(index)] =
        [
          name(people.first, .manager), time(row.opened), time(row.answered), time(row.closed), time(row.withdrawn),
          time(row.due), name(people.second, .partner), name(category.first, .topic), "\(category.flags)",
        ].joined(separator: " ")
    }
    for step in table.steps {
      refused[key(Int(step.row)), default: []].insert("\(name(step.person, .manager)) \(time(step.instant))")
    }
    return (counted, refused)
  }

  static let opened = "2026-01-05 09:00"

  @Test func `an open request that was answered since is answered, by who answered it`() {
    let january: Telling = { $0.row(case: "1", "ann", "pat", opened: Self.opened, due: "2026-01-06", topic: "other") }
    let february: Telling = {
      $0.row(
        case: "1", "ann", "quin", opened: Self.opened, responded: "2026-02-03", due: "2026-01-07", topic: "pay")
    }
    Self.expect(january, february, give: february, "")
  }

  // What sorts first would be the earlier resolution; its export is superseded as a whole.
  @Test func `a request that was reopened has its latest resolution, and the partner and topic beside it`() {
    let january: Telling = {
      $0.row(case: "1", "ann", "pat", opened: Self.opened, responded: "2026-01-06", resolved: "2026-01-07", topic: "a")
    }
    let february: Telling = {
      $0.row(case: "1", "ann", "quin", opened: Self.opened, responded: "2026-01-06", resolved: "2026-02-10", topic: "b")
    }
    Self.expect(january, february, give: february, "")
  }

  @Test func `the state with the latest step counts, then the one with more, then the one that sorts first`() {
    func row(
      responded: String? = nil, resolved: String? = nil, withdrawn: String? = nil, partner: String = "pat",
      due: String? = nil, excluded: Bool = false
    ) -> Telling {
      return {
        $0.row(
          case: "1", "ann", partner, opened: Self.opened, responded: responded, resolved: resolved, due: due,
          withdrawn: withdrawn, excluded: excluded)
      }
    }
    let pairs: [(String, later: Telling, Telling)] = [
      ("withdrawn since", row(withdrawn: "2026-02-02"), row()),
      ("withdrawn after an answer", row(withdrawn: "2026-02-02"), row(responded: "2026-02-01")),
      ("answered after a withdrawal", row(responded: "2026-02-03"), row(withdrawn: "2026-02-02")),
      ("a later answer", row(responded: "2026-02-03"), row(responded: "2026-02-02")),
      (
        "a later step beats more of them", row(resolved: "2026-02-03"),
        row(responded: "2026-02-01", resolved: "2026-02-02")
      ),
      ("as late, more steps", row(responded: "2026-02-01", resolved: "2026-02-02"), row(resolved: "2026-02-02")),
      ("no later step: taken back", row(responded: "2026-02-01", resolved: "2026-02-02"), row(responded: "2026-02-01")),
      ("as late, as many: who sorts first", row(responded: "2026-02-01", partner: "ann"), row(responded: "2026-02-01")),
      ("a partner before none", row(), row(partner: "")),
      ("the earlier target", row(due: "2026-01-08"), row(due: "2026-01-09")),
      ("a target before none", row(due: "2026-01-08"), row()),
      ("a time that was put right", row(), row(excluded: true)),
    ]
    for (comment, later, other) in pairs { Self.expect(later, other, give: later, comment) }
  }

  @Test func `requests that differ in manager or opening are several, of which the first opened counts`() {
    let first: Telling = { $0.row(case: "1", "zoe", "pat", opened: Self.opened) }
    let later: Telling = { $0.row(case: "1", "ann", "pat", opened: "2026-01-05 10:00", responded: "2026-02-03") }
    Self.expect(first, later, give: first, "a later opening", refused: 1)
    let again: Telling = { $0.row(case: "1", "zoe", "pat", opened: "2026-01-05 10:00", responded: "2026-02-03") }
    Self.expect(first, again, give: first, "a later opening of the same manager", refused: 1)
    let other: Telling = { $0.row(case: "1", "ann", "pat", opened: Self.opened) }
    Self.expect(first, other, give: other, "another manager's at the same moment", refused: 1)
  }

  // By hand: three requests have number 1, told by 2, 3 and 1 rows: two are refused, and of 2 + 3 + 1 rows 1 + 2 are superseded.
  @Test func `a refused request counts once, in however many states it is told`() throws {
    func row(_ manager: String, _ day: Int, responded: String? = nil) -> Telling {
      return { $0.row(case: "1", manager, "pat", opened: "2026-01-0\(day)", responded: responded) }
    }
    let rows = [
      row("ann", 1), row("ann", 1, responded: "2026-02-01"), row("bob", 2), row("bob", 2),
      row("bob", 2, responded: "2026-01-03"), row("ann", 3, responded: "2026-03-05"),
    ]
    let ledger = Self.log(rows).ledger
    #expect(ledger.repeatedCaseRows == 2 && ledger.supersededRows == 3 && ledger.caseCount == 1)
    #expect(Self.merged(rows.reversed().map { Self.log([$0]).ledger }) == ledger)
    let history = try HistoryTests.history(Self.log(rows))
    let quality = history.dataQuality
    #expect(quality.rejected == ["caseRepeats": 2] && quality.superseded == 3 && quality.rowsRead == 6)
    #expect(quality.rowsRefused == 2 && quality.eventsUsed == 2)
    #expect(
      quality.rejections["caseRepeats"]?.examples == [.init("request '1'")]
        && quality.rejections["caseRepeats"]?.advice.contains("give each system's cases a prefix of their own") == true)
    // Refused requests have no part in when everything began and ended.
    #expect(ledger.lastEvent == EventLog.instant("2026-02-01") && ledger.firstEvent == EventLog.instant("2026-01-01"))
    #expect(Self.log([rows[0], row("bob", 9)]).ledger.lastEvent == EventLog.instant("2026-01-01"))
  }

  // Who had a case in January and no longer, and who asked under another's number: the last export alone doesn't know them.
  @Test func `nobody is listed for a superseded or refused row alone`() throws {
    func full(_ log: inout EventLog) {
      log.row(
        case: "1", "bob", "pat", opened: "2026-01-01", responded: "2026-02-01", topic: "pay", priority: "b",
        channel: "mail")
      log.row(case: "2", "cem", "quin", opened: "2026-01-02", topic: "other", priority: "c")
      log.event("2026-01-03", .escalation, "dee", case: "2", id: 1)
      log.event("2026-01-04", .checkIn, "dee", "rob", id: 2)
    }
    func rest(_ log: inout EventLog) {
      log.row(case: "1", "bob", "amy", opened: "2026-01-01", topic: "asked", priority: "a", channel: "app")
      log.row(case: "1", "ann", "ben", opened: "2026-01-02", topic: "none", priority: "d")
    }
    var (alone, both) = (EventLog(), EventLog())
    full(&alone)
    rest(&both)
    full(&both)
    var (expected, found) = (try HistoryTests.history(alone), try HistoryTests.history(both))
    #expect(expected.managers == ["bob", "cem", "dee"] && expected.partners == ["pat", "quin", "rob"])
    #expect(found.managers == expected.managers && found.partners == expected.partners)
    #expect(found.topics == ["other", "pay"] && found.priorities == ["b", "c"] && found.channels == ["mail"])
    #expect(found.spells.map { [$0.manager, $0.partner] } == expected.spells.map { [$0.manager, $0.partner] })
    #expect(
      found.spells.map { [$0.topic, $0.priority, $0.channel] }
        == expected.spells.map { [$0.topic, $0.priority, $0.channel] })
    #expect(found.contacts.map { [$0.manager, $0.partner] } == expected.contacts.map { [$0.manager, $0.partner] })
    #expect(found.dataQuality.superseded == 1 && found.dataQuality.rejected == ["caseRepeats": 1])
    // Beside linked events the names of all steps stay.
    for index in [0, 1] {
      var log = index == 0 ? alone : both
      log.event("2026-01-05", .response, "eve", "sam", case: "3")
      if index == 0 { expected = try HistoryTests.history(log) } else { found = try HistoryTests.history(log) }
    }
    #expect(expected.managers == ["bob", "cem", "dee", "eve"] && found.managers == ["ann"] + expected.managers)
  }

  // The table's first request is ann's, so the log's, which is bob's and later, doesn't count; nor does the table's other one.
  @Test func `beside an event log each row is counted once`() throws {
    var log = EventLog()
    log.row(case: "1", "ann", "pat", opened: "2026-01-01")
    log.row(case: "1", "ann", "pat", opened: "2026-01-01", responded: "2026-01-03")
    log.row(case: "1", "bob", "pat", opened: "2026-01-02")
    log.event("2026-01-02", .request, "bob", "pat", case: "1")
    let quality = try HistoryTests.history(log).dataQuality
    #expect(quality.rowsRead == 4 && quality.superseded == 1 && quality.rejected == ["caseRepeats": 1])
    #expect(quality.observations["caseShared"]?.count == 1 && quality.requests.total == 1)
    #expect(quality.requests.answered == 1)
    let ledger = log.ledger
    #expect(ledger.sharedCaseOpenings == 1)
    try ledger.checkSharedCases(maximumBadShare: 0.5, inputs: ["a.csv"])
    let error = #expect(throws: IngestionError.self) {
      try ledger.checkSharedCases(maximumBadShare: 0.4, inputs: ["a.csv"])
    }
    let message = error?.description ?? ""
    #expect(
      message.contains(
        "2 of 4 rows (50.0 %) can't be used, more than --max-bad allows (40 %): case shared 1 (request '1'), "
          + "case repeats 1 (request '1'). "), "\(message)")
    #expect(message.contains(DataQuality.sharedCaseAdvice) && message.contains(RejectReason.caseRepeats.advice))
  }
}

// MARK: Any order

extension CaseTableStatesTests {
  /// A row of a case table by hand; hours after 2026-01-05, absent ones nil.
  struct Row {
    var key: Int
    var manager: Int
    var opened: Int
    var responded: Int?
    var resolved: Int?
    var withdrawn: Int?
    var due: Int?
    var partner: Int?
    var topic: Int?
    var isExcluded: Bool

    /// Few of everything, so that everything meets everything.
    init(_ generator: inout FieldScannerTests.Generator) {
      func maybe(_ share: Double, _ values: Range<Int>) -> Int? {
        Double.random(in: 0..<1, using: &generator) < share ? Int.random(in: values, using: &generator) : nil
      }
      key = Int.random(in: 0..<4, using: &generator)
      manager = maybe(0.1, 0..<3) ?? 0
      opened = maybe(0.1, 0..<3) ?? 1
      (responded, resolved, withdrawn) = (maybe(0.6, 5..<8), maybe(0.4, 5..<9), maybe(0.2, 5..<9))
      (due, partner, topic) = (maybe(0.3, 9..<11), maybe(0.8, 0..<2), maybe(0.8, 0..<2))
      isExcluded = maybe(0.1, 0..<1) != nil
      if isExcluded { resolved = nil }
    }

    static func instant(_ hour: Int) -> String { "2026-01-05 \(hour < 10 ? "0" : "")\(hour):00" }

    func add(to log: inout EventLog) {
      log.row(
        case: "c\(key)", "m\(manager)", partner.map { "p\($0)" } ?? "", opened: Self.instant(opened),
        responded: responded.map(Self.instant), resolved: resolved.map(Self.instant), due: due.map(Self.instant),
        withdrawn: withdrawn.map(Self.instant), topic: topic.map { "t\($0)" } ?? "", excluded: isExcluded)
    }

    static let header = "case,manager,partner,opened,responded,resolved,withdrawn,due,topic,note\n"

    /// The row of a file; an excluded one has a resolution before its opening.
    var line: String {
      func time(_ hour: Int?) -> String { hour.map(Self.instant) ?? "" }
      return
        "c\(key),m\(manager),\(partner.map { "p\($0)" } ?? ""),\(time(opened)),\(time(responded)),"
        + "\(isExcluded ? "2025-01-01" : time(resolved)),\(time(withdrawn)),\(time(due)),\(topic.map { "t\($0)" } ?? "")"
    }

    /// Which request of its number it tells; the first counts.
    var request: [Int] { [opened, manager] }

    /// The state with the least of it counts; what is absent sorts last.
    var rank: [Int] {
      let steps = [responded, resolved, withdrawn].compactMap { $0 }
      let last = steps.max() ?? opened
      return [-last, -steps.count] + [responded, resolved, due, withdrawn, partner, topic].map { $0 ?? .max }
        + [isExcluded ? 1 : 0]
    }
  }

  /// What must come out, told by the rows alone.
  static func expected(_ rows: [Row]) -> (ledger: Ledger, refused: [String: Set<String>], requests: Int) {
    var log = EventLog()
    var refused: [String: Set<String>] = [:]
    var requests = 0
    for (key, rows) in Dictionary(grouping: rows, by: \.key) {
      let told = Dictionary(grouping: rows, by: \.request).sorted { $0.key.lexicographicallyPrecedes($1.key) }
      requests += told.count
      told[0].value.min { $0.rank.lexicographicallyPrecedes($1.rank) }!.add(to: &log)
      for other in told.dropFirst() {
        let opened = EventLog.instant(Row.instant(other.key[0]))
        refused["c\(key)", default: []].insert("m\(other.key[1]) \(opened.milliseconds)")
      }
    }
    return (log.ledger, refused, requests)
  }

  // What must come out is told by the rows alone.
  @Test
  func
    `whatever the order and the parts, of each request the latest state is kept, and of each number the first request`()
    throws
  {
    var (refusedInAll, supersededInAll) = (0, 0)
    for seed in 0..<200 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let rows = (0..<Int.random(in: 1...40, using: &generator)).map { _ in Row(&generator) }
      let expected = Self.expected(rows)
      var whole = EventLog()
      for row in rows { row.add(to: &whole) }
      let told = Self.told(whole.ledger)
      #expect(told.counted == Self.told(expected.ledger).counted, "seed \(seed)")
      #expect(told.refused == expected.refused, "seed \(seed)")
      let refusedCount = expected.refused.values.reduce(0) { $0 + $1.count }
      #expect(whole.ledger.repeatedCaseRows == refusedCount, "seed \(seed)")
      #expect(whole.ledger.supersededRows == rows.count - expected.requests, "seed \(seed)")
      refusedInAll += refusedCount
      supersededInAll += whole.ledger.supersededRows

      var parts = (0..<Int.random(in: 1...5, using: &generator)).map { _ in EventLog() }
      for row in rows.shuffled(using: &generator) {
        row.add(to: &parts[Int.random(in: 0..<parts.count, using: &generator)])
      }
      let ledgers = parts.map(\.ledger)
      let merged = Self.merged(ledgers.shuffled(using: &generator))
      #expect(merged == whole.ledger && merged.fileBytes() == whole.ledger.fileBytes(), "seed \(seed)")
      if seed % 10 == 0 { expectMergeLaws(ledgers + [.empty]) }
      // Once more changes nothing but how many rows were read.
      var again = whole.ledger
      for ledger in ledgers { again.merge(ledger) }
      #expect(again.counts.caseRows == 2 * rows.count)
      again.counts = whole.ledger.counts
      #expect(again == whole.ledger, "seed \(seed)")
      #expect(try Ledger(fileBytes: merged.fileBytes(), path: "x") == merged)

      try Self.expectSameOfFiles(rows.shuffled(using: &generator), whole.ledger, "seed \(seed)")
    }
    #expect(refusedInAll > 300 && supersededInAll > 2000, "\(refusedInAll) \(supersededInAll)")
  }

  /// Files, by one thread and by several; and that exactly the refused requests' rows are written.
  static func expectSameOfFiles(_ rows: [Row], _ whole: Ledger, _ comment: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/rejects.csv"
    let middle = rows.count / 2
    let files = [Array(rows[..<middle]), Array(rows[middle...])].enumerated().filter { !$0.element.isEmpty }
    var expected: Set<String> = []
    for (_, own) in Dictionary(grouping: rows.indices, by: { rows[$0].key }) {
      let told = Dictionary(grouping: own, by: { rows[$0].request }).sorted { $0.key.lexicographicallyPrecedes($1.key) }
      for (_, states) in told.dropFirst() {
        let place = states.sorted().min { rows[$0].rank.lexicographicallyPrecedes(rows[$1].rank) }!
        let (file, line) = place < middle ? (0, place + 2) : (1, place - middle + 2)
        expected.insert("\(file).csv,\(line),caseRepeats,case 'c\(rows[place].key)',\"\(rows[place].line),\(file)\"")
      }
    }
    for (threads, chunkBytes) in [(1, 1 << 18), (3, 200)] {
      let options = ReadingFixture.options {
        $0.threads = threads
        $0.chunkBytes = chunkBytes
        $0.maximumBadShare = 1
        $0.rejectsFile = path
      }
      let inputs = files.map { file in
        InputSource.bytes(
          Array((Row.header + file.element.map { "\($0.line),\(file.offset)\n" }.joined()).utf8),
          name: "\(file.offset).csv")
      }
      let result = try ingest(inputs, options: options)
      #expect(result.ledger.tables == whole.tables, "\(comment), \(threads) threads")
      let written = String(decoding: try FileBytes.read(path), as: UTF8.self).split(separator: "\n").dropFirst()
        .map(String.init).filter { $0.contains(",caseRepeats,") }
      #expect(Set(written) == expected && written.count == expected.count, "\(comment)")
      #expect(result.ledger.repeatedCaseRows == expected.count, "\(comment)")
    }
  }
}

// MARK: Rolling exports

extension CaseTableStatesTests {
  /// A request with its whole story, in days after New Year 2026.
  struct Story {
    var number: Int
    var opened: Double
    var answered: Double
    /// When it was resolved, and, where it was reopened, until when and when again.
    var resolved: Double
    var reopened: Double?
    var resolvedAgain: Double?
    var isWithdrawn: Bool
    var partners: (first: Int, last: Int)
    var topics: (first: Int, last: Int)

    init(_ number: Int, _ generator: inout FieldScannerTests.Generator) {
      func days(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
      func happens(_ share: Double) -> Bool { days(0...1) < share }
      self.number = number
      opened = days(0...80)
      answered = opened + days(0.01...25)
      resolved = answered + days(0.01...10)
      // What isn't closed in time isn't reopened: the last export has everything in its last state but what is open.
      if happens(0.3), resolved + 20 < 88 {
        reopened = resolved + days(0.1...10)
        resolvedAgain = reopened! + days(0.1...9)
      }
      isWithdrawn = happens(0.1)
      let (partner, topic) = (Int.random(in: 0..<5, using: &generator), Int.random(in: 0..<3, using: &generator))
      partners = (partner, happens(0.4) ? 4 - partner : partner)
      topics = (topic, happens(0.3) ? 2 - topic : topic)
    }

    static func time(_ day: Double) -> String {
      let minutes = Int(day * 1440)
      let date = CivilDate(dayNumber: CivilDate(year: 2026, month: 1, day: 1).dayNumber + minutes / 1440).components
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(minutes / 60 % 24)):\(two(minutes % 60))"
    }

    /// When nothing about it changes any more.
    var ends: Double { isWithdrawn ? answered : resolvedAgain ?? resolved }

    /// Its row in an export of that day: passed on with the answer, filed under another topic with the resolution.
    func add(to log: inout EventLog, on day: Double) {
      guard opened <= day else { return }
      let isAnswered = answered <= day
      var end: Double? = resolved <= day && !isWithdrawn ? resolved : nil
      if let reopened, reopened <= day { end = nil }
      if let resolvedAgain, resolvedAgain <= day, !isWithdrawn { end = resolvedAgain }
      log.row(
        case: "R\(number)", "m\(number % 7)", "p\(isAnswered ? partners.last : partners.first)",
        opened: Self.time(opened), responded: isAnswered && !isWithdrawn ? Self.time(answered) : nil,
        resolved: end.map(Self.time), due: Self.time(opened + 5),
        withdrawn: isAnswered && isWithdrawn ? Self.time(answered) : nil,
        topic: "t\(end == nil ? topics.first : topics.last)")
    }
  }

  // Each month's export has what is open, and what changed in the last 31 days. That of the last day would have everything.
  @Test func `a rolling export of three months gives what a last export of everything gives, to the bit`() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let stories = (0..<400).map { Story($0, &generator) }
      var full = EventLog()
      for story in stories { story.add(to: &full, on: 90) }
      var months: [EventLog] = []
      for day in [31.0, 59, 90] {
        var month = EventLog()
        for story in stories where story.ends > day - 31 { story.add(to: &month, on: day) }
        months.append(month)
      }
      let (january, february, march) = (months[0].ledger, months[1].ledger, months[2].ledger)
      #expect(march.caseCount < full.ledger.caseCount)
      for order in [
        [january, february, march], [march, february, january], [february, january, march],
        [march, january, february], [january, march, february], [february, march, january],
      ] {
        var merged = Self.merged(order)
        #expect(merged.supersededRows == merged.rowCount - full.ledger.rowCount && merged.supersededRows > 100)
        #expect(merged.repeatedCaseRows == 0 && merged.counts.caseRows == order.reduce(0) { $0 + $1.counts.caseRows })
        merged.counts = full.ledger.counts
        #expect(merged == full.ledger, "seed \(seed)")
        #expect(merged.fileBytes() == full.ledger.fileBytes(), "seed \(seed)")
      }
    }
  }
}
