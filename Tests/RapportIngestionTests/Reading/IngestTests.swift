import RapportTestSupport
import Testing

@testable import RapportIngestion

/// Keeps what it is given as text, so that tests can look at it.
struct RowRecorder: ChunkSink, Sendable {
  struct Row: Equatable, Sendable {
    var kind: EventKind?
    var actor: Party?
    var manager: String
    var partner: String
    var caseKey: String
    var topic: String
    var priority: String
    var channel: String
    var instants: [Int64?]
    var thousandths: Int32?
    var isExcluded = false
    var fingerprint: Fingerprint?
  }
  var rows: [Row] = []

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

  mutating func add(_ event: RawEvent) {
    rows.append(
      Row(
        kind: event.kind, actor: event.actor, manager: Self.text(event.manager), partner: Self.text(event.partner),
        caseKey: Self.text(event.caseKey), topic: Self.text(event.topic), priority: Self.text(event.priority),
        channel: Self.text(event.channel),
        instants: [event.timestamp, event.due, event.recordedAt].map { $0.ifPresent?.milliseconds },
        thousandths: event.thousandths, fingerprint: event.kind.family == nil ? event.fingerprint : nil))
  }

  mutating func add(_ row: RawCase) {
    rows.append(
      Row(
        manager: Self.text(row.manager), partner: Self.text(row.partner), caseKey: Self.text(row.caseKey),
        topic: Self.text(row.topic), priority: Self.text(row.priority), channel: Self.text(row.channel),
        instants: [row.opened, row.responded, row.resolved, row.due, row.withdrawn].map {
          $0.ifPresent?.milliseconds
        }, isExcluded: row.excludedFromWaits))
  }
}

enum ReadingFixture {
  /// 2026-11-21T12:00:00Z.
  static let runStart = Instant(seconds: 1_795_262_400)

  static func options(_ change: (inout ReadingOptions) -> Void = { _ in }) -> ReadingOptions {
    var options = ReadingOptions(runStart: runStart, threads: 1)
    change(&options)
    return options
  }

  /// The rows of a text in order, and what was refused.
  static func read(
    _ text: some Collection<UInt8>, named name: String = "in.csv", _ options: ReadingOptions = options()
  ) throws -> (rows: [RowRecorder.Row], rejects: Rejects, outcome: ReadingOutcome<RowRecorder>) {
    let outcome = try readEvents(
      [.bytes(Array(text), name: name)], options: options, makeSink: { RowRecorder() },
      finish: { (sink: consuming RowRecorder) in sink })
    return (outcome.parts.flatMap(\.rows), outcome.rejects, outcome)
  }

  static func read(
    _ text: String, named name: String = "in.csv", _ change: (inout ReadingOptions) -> Void = { _ in }
  ) throws -> (rows: [RowRecorder.Row], rejects: Rejects, outcome: ReadingOutcome<RowRecorder>) {
    try read(text.utf8, named: name, options(change))
  }
}

@Suite struct IngestTests {
  // 2026-01-05T09:00Z is 20,458 days and 9 hours after 1970: 1,767,603,600 s.
  @Test func `an event log, every field seen`() throws {
    let text = """
      timestamp,kind,manager,partner,actor,case,topic,due,value,recorded_at,note
      2026-01-05T09:00Z,request,m1,p1,,c1,pay,2026-01-06T09:00Z,,,x
      2026-01-05 10:00:00+01:00,response,m1,p1,,c1,,,,,
      1767603600,survey,m1,,manager,,,,4.5,,
      1767603600000,check_in,m2,p1,,,,,30,2026-01-07,
      2026-01-05,absence,m2,p1,partner,,,2026-01-09,,,

      """
    let (rows, rejects, outcome) = try ReadingFixture.read(text)
    #expect(rejects == .empty)
    #expect(outcome.ignoredColumns == ["note"])
    #expect(outcome.statistics.rows == 5)
    #expect(rows.map(\.kind) == [.request, .response, .survey, .checkIn, .absence])
    #expect(rows.map(\.actor) == [.manager, .partner, .manager, .partner, .partner])
    let nine: Int64 = 1_767_603_600_000
    #expect(rows[0].instants == [nine, nine + 86_400_000, nil])
    #expect(rows[1].instants == [nine, nil, nil])
    #expect(rows[2].instants == [nine, nil, nil])
    #expect(rows[2].thousandths == 4500)
    #expect(rows[3].instants == [nine, nil, nine - 9 * 3_600_000 + 2 * 86_400_000])
    #expect(rows[3].thousandths == 30_000)
    #expect(rows[4].partner == "p1")
    #expect(rows[0].fingerprint == nil)
    #expect(rows[2].fingerprint != rows[3].fingerprint)
  }

  @Test func `a case table: impossible times are removed alone`() throws {
    let text = """
      case,manager,partner,opened,responded,resolved,due
      a,m1,p1,2026-01-05T09:00Z,2026-01-05T10:00Z,2026-01-06,
      b,m1,p1,2026-01-05T09:00Z,2026-01-04T10:00Z,2026-01-06,soon
      c,m1,,2026-01-05T09:00Z,2027-01-04,never,2026-02-01
      ,m1,p1,2026-01-05T09:00Z,,,
      d,,p1,2026-01-05T09:00Z,,,
      e,m1,p1,yesterday,,,
      f,m1,m1,2026-01-05T09:00Z,,,
      g,m1,p1,2099-01-01,,,
      h,m1,p1,,,,
      """
    let (rows, rejects, outcome) = try ReadingFixture.read(text)
    let nine: Int64 = 1_767_603_600_000
    #expect(rows.map(\.caseKey) == ["a", "b", "c"])
    #expect(rows.map(\.isExcluded) == [false, true, true])
    #expect(rows[0].instants == [nine, nine + 3_600_000, nine + 15 * 3_600_000, nil, nil])
    #expect(rows[1].instants == [nine, nil, nine + 15 * 3_600_000, nil, nil])
    #expect(rows[2].partner == "")
    #expect(rejects.refusedRows == 5)
    #expect(rejects.leftOutRows == 1)
    let reasons: [RejectReason] = [
      .missingCase, .missingManager, .badTime, .selfRequest, .futureTime, .missingTime, .respondedBeforeOpened,
      .dueUnreadable, .respondedInFuture, .resolvedUnreadable,
    ]
    for reason in reasons { #expect(rejects.count(of: reason) == 1, "\(reason)") }
    #expect(rejects.entries.count == reasons.count)
    #expect(rejects.entries[.badTime]?.places == [.init(file: "in.csv", line: 7, found: "opened 'yesterday'")])
    #expect(outcome.statistics.rows == 9)
  }

  @Test(arguments: [
    ("2026-01-05,respnse,m,p,,c,", RejectReason.unknownKind), ("2026-01-05,,m,p,,c,", .missingKind),
    ("5.1.2026,request,m,p,,c,", .badTime), (",request,m,p,,c,", .missingTime),
    ("2026-01-05,request,,p,,c,", .missingManager), ("2026-01-05,request,m,,,c,", .missingPartner),
    ("2026-01-05,request,m,p,,,", .missingCase), ("2026-01-05,request,m,p,boss,c,", .badActor),
    ("2026-01-05,survey,m,p,,,9", .badValue), ("2026-01-05,survey,m,p,,,", .badValue),
    ("2026-01-05,decision,m,p,,,0.5", .badValue), ("2026-01-05,check_in,m,p,,,-1", .badValue),
    ("2026-01-05,request,m,p,,c", .tooFewFields), ("2026-01-05,request,m,p,,c,,x", .tooManyFields),
    ("2026-01-05,request,x,x,,c,", .selfRequest), ("2099-01-05,request,m,p,,c,", .futureTime),
    ("2026-01-05,request,\"m\"x,p,,c,", .badQuotes), ("2026-01-05,absence,m,,partner,,", .missingPartner),
    ("2026-01-05,request,\"m,p,,c,", .badQuotes),
  ])
  func `each reason, one row`(_ row: String, _ reason: RejectReason) throws {
    let good = "2026-01-05,request,m,p,,c,,,\r\n"
    let (rows, rejects, _) = try ReadingFixture.read("timestamp,kind,manager,partner,actor,case,value\r\n\(good)\(row)")
    #expect(rows.count == 1)
    #expect(rejects.entries.keys.map(\.rawValue) == [reason.rawValue])
    #expect(rejects.entries[reason]?.places.map(\.line) == [3])
  }

  @Test func `unreadable times beside the main one`() throws {
    let text = """
      timestamp,kind,manager,partner,case,due,recorded_at
      2026-01-05,request,m,p,1,soon,
      2026-01-05,commitment,m,p,2,soon,
      2026-01-05,commitment,m,p,3,2026-02-01,later
      """
    let (rows, rejects, _) = try ReadingFixture.read(text)
    #expect(rows.map(\.caseKey) == ["1", "3"])
    #expect(rows[0].instants[1] == nil)
    #expect(rejects.count(of: .dueUnreadable) == 1)
    #expect(rejects.count(of: .badDue) == 1)
    #expect(rejects.count(of: .recordedUnreadable) == 1)
    #expect(rejects.refusedRows == 1)
  }

  // A row was refused for such a due time, the promise with it, while one of 1971 lost the due time alone.
  @Test func `a due time before 1970 is lost as any that lies before its promise is, and no row with it`() throws {
    let text = """
      timestamp,kind,manager,partner,actor,case,due
      2026-01-05,commitment,m,p,,1,0001-01-01
      2026-01-05,commitment,m,p,,2,1969-12-31T23:59:59Z
      2026-01-05,commitment,m,p,,3,1971-01-01
      2026-01-05,goal,m,p,,4,1900-01-01T00:00:00
      2026-01-05,commitment,m,p,,5,2026-01-20
      2026-01-06,renegotiation,m,p,,5,1900-01-01
      2026-01-05,request,m,p,,6,1900-01-01
      2026-01-05,request,m,p,,7,1971-01-01
      2026-01-07,absence,m,p,partner,,1900-01-01
      2026-01-09,absence,m,p,partner,,1971-01-01
      2026-01-12,response,m,p,,6,
      2026-01-12,response,m,p,,7,
      """
    let result = try ingest([.bytes(Array(text.utf8), name: "in.csv")], options: ReadingFixture.options())
    let rejects = result.ledger.rejects
    #expect(rejects.refusedRows == 0 && rejects.entries.values.reduce(0) { $0 + $1.count } == 6)
    #expect(rejects.entries[.dueUnreadable]?.places.map(\.line) == [2, 3, 5, 7, 8])
    #expect(rejects.entries[.dueUnreadable]?.places.first?.found == "due '0001-01-01'")
    let history = try result.ledger.history(HistoryOptions(runStart: ReadingFixture.runStart))
    // Renegotiated to a time that can't be, the promise stands as it was.
    let given = Instant(milliseconds: 1_768_953_599_999)
    #expect(history.promises.count == 5 && history.promises.filter { $0.due.isPresent }.map(\.due) == [given])
    #expect(history.promises.map(\.renegotiations).reduce(0, +) == 1)
    #expect(history.spells.count == 2 && history.spells.allSatisfy { !$0.due.isPresent && $0.outcome == .answered })
    let observations = history.dataQuality.observations
    for name in ["dueBeforePromise", "targetBeforeRequest"] {
      #expect(observations[name]?.count == 1 && observations[name]?.consequence == .valueRemoved, "\(name)")
    }
    #expect(observations["targetBeforeRequest"]?.examples.map(\.found) == ["request '7'"])
    // Each lasts its day.
    #expect(observations["absenceWithoutEnd"]?.count == 2)
    #expect(history.exposure.partnerDays == [[6]])
  }

  /// What was read of one file.
  private static func history(
    _ text: String, named name: String = "in.csv", zone: String = "UTC", asOf: String? = nil,
    _ change: (inout ReadingOptions) -> Void = { _ in }
  ) throws -> History {
    let zone = try TimeZoneRules(named: zone)
    let options = ReadingFixture.options {
      $0.timeZone = zone
      change(&$0)
    }
    let result = try ingest([.bytes(Array(text.utf8), name: name)], options: options)
    var told = HistoryOptions(runStart: ReadingFixture.runStart)
    told.asOf = asOf.map { EventLog.instant($0, zone: zone) }
    return try result.ledger.history(told)
  }

  // Each is answered at ten on the day on which it is due, and so was late, a day's absence took none, and a promise of the last of
  // March was April's.
  @Test func `a date as due time is all of its day, in every format`() throws {
    let events = [
      "2026-03-02T09:00:00,request,m,p,,1,2026-03-04,", "2026-03-04T10:00:00,response,m,p,,1,,",
      "2026-03-29T09:00:00,request,m,p,,2,2026-03-29,", "2026-03-29T10:00:00,response,m,p,,2,,",
      "2026-03-02T09:00:00,commitment,m,p,,3,2026-03-31,", "2026-03-05T09:00:00,commitment,m,p,,4,2026-03-07,",
      "2026-03-06T09:00:00,renegotiation,m,p,,4,2026-03-31,", "2026-03-10,absence,,p,partner,,2026-03-11,",
      "2026-04-20T09:00:00,check_in,m,p,,,,20",
    ]
    let header = "timestamp,kind,manager,partner,actor,case,due,value"
    let columns = header.split(separator: ",")
    let json = events.map { row in
      let fields = zip(columns, row.split(separator: ",", omittingEmptySubsequences: false)).filter { $1 != "" }
      return "{" + fields.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ") + "}"
    }
    var foreign = Profile(name: "ours")
    foreign.timeFormats = ["d.m.Y"]
    let dotted = events.map { $0.replacing(/,2026-03-(\d\d),/) { ",\($0.output.1).03.2026," } }
    for (text, name, profile) in [
      (([header] + events).joined(separator: "\n"), "in.csv", nil), (json.joined(separator: "\n"), "in.ndjson", nil),
      (([header] + dotted).joined(separator: "\n"), "in.csv", foreign),
    ] {
      let history = try Self.history(text, named: name, zone: "Europe/London") { $0.profile = profile }
      let zone = history.timeZone
      func last(_ date: String) -> Instant {
        Instant(milliseconds: EventLog.instant(date, zone: zone).milliseconds - 1)
      }
      // On 29 March London's clocks go forward.
      #expect(history.spells.map(\.due) == [last("2026-03-05"), last("2026-03-30")])
      #expect(history.spells.allSatisfy { $0.ended <= $0.due })
      #expect(history.promises.map(\.due) == [last("2026-04-01"), last("2026-04-01")])
      #expect(history.promises.map(\.firstDue) == [last("2026-04-01"), last("2026-03-08")])
      #expect(history.promises.map(\.knownMonth) == [Month(year: 2026, month: 3), Month(year: 2026, month: 3)])
      // Thirty days of March, and twenty of April, less the tenth and the eleventh of March.
      #expect(history.exposure.partnerDays == [[28, 20]])
      #expect(history.dataQuality.observations["absenceWithoutEnd"] == nil)
      #expect(history.dataQuality.observations["targetBeforeRequest"] == nil)
    }
    let table = "case,manager,partner,opened,responded,due\na,m,p,2026-03-02T09:00,2026-03-04T10:00,2026-03-04\n"
    let spell = try #require(try Self.history(table).spells.first)
    #expect(spell.due == Instant(milliseconds: EventLog.instant("2026-03-05").milliseconds - 1))
    #expect(spell.ended <= spell.due)
  }

  // It had to name a manager, who had to do with nobody else: a pair came of it, and its lack of check-ins lowered scores.
  @Test func `an absence is its actor's alone`() throws {
    let header = "timestamp,kind,manager,partner,actor,due\n"
    let log = "2026-03-02T09:00:00,check_in,m,p,,\n2026-04-20T09:00:00,check_in,m,p,,\n"
    let (_, rejects, _) = try ReadingFixture.read(
      header + log + "2026-03-02,absence,,p,partner,\n2026-03-02,absence,,p,,\n2026-03-02,absence,,,partner,\n")
    #expect(rejects.count(of: .missingManager) == 1 && rejects.count(of: .missingPartner) == 1)
    let without = try Self.history(
      header + log + "2026-03-09,absence,,p,partner,2026-03-13\n2026-03-03,absence,m,,,2026-03-04\n")
    #expect(without.managers == ["m"] && without.partners == ["p"])
    #expect(without.exposure.partnerDays == [[25, 20]] && without.exposure.managerDays == [[28, 20]])
    #expect(without.exposure.pairs.map(\.daysByMonth) == [[23, 20]])
    for names in [("boss", "quin"), ("m", "p")] {
      let named = try Self.history(
        header + log + "2026-03-09,absence,\(names.0),p,partner,2026-03-13\n"
          + "2026-03-03,absence,m,\(names.1),manager,2026-03-04\n")
      #expect(named.managers == ["m"] && named.partners == ["p"])
      #expect(named.exposure == without.exposure)
      #expect(named.contacts.map(\.manager) == without.contacts.map(\.manager))
      #expect(named.contacts.map(\.partner) == without.contacts.map(\.partner))
      #expect(named.kinds == without.kinds && named.dataQuality == without.dataQuality)
    }
  }

  // Check-ins and decisions numbered from 1 on each: every decision was a duplicate of a check-in. Quotes send a row the long way.
  @Test func `an id is one event's of its kind, and where rows of one differ it is told`() throws {
    let rows = [
      "2026-04-01T09:00:00,check_in,m,p,20,1", "2026-04-02T09:00:00,check_in,m,p,20,2",
      "2026-04-01T14:00:00,decision,m,p,1,1", "2026-04-02T14:00:00,decision,m,q,1,2",
    ]
    let quoted = rows.map { $0.replacing(",m,", with: ",\"m\",") }
    func quality(_ rows: [String]) throws -> DataQuality {
      try Self.history("timestamp,kind,manager,partner,value,id\n" + rows.joined(separator: "\n") + "\n").dataQuality
    }
    for rows in [rows, quoted] {
      let once = try quality(rows)
      #expect(once.kinds == ["check_in": 2, "decision": 2] && once.duplicates == 0)
    }
    let twice = try quality(rows + quoted)
    #expect(twice.kinds == ["check_in": 2, "decision": 2] && twice.duplicates == 4)
    #expect(twice.observations["repeatedWithoutCase"]?.count == 4 && twice.observations["idShared"] == nil)
    let other = try quality(rows + ["2026-04-03T09:00:00,check_in,n,q,30,1"])
    let found = try #require(other.observations["idShared"])
    #expect(other.duplicates == 1 && found.count == 1 && found.consequence == .merged)
    #expect(found.advice.contains("a prefix of its own"))
  }

  // Twenty check-ins exported twice, each export with its date, were forty, without a word.
  @Test func `rows that are alike in all that is read, and aren't the same, are told`() throws {
    func observed(
      _ rows: [String], columns: String = "exported_at", threads: Int = 1
    ) throws -> DataQuality.Finding? {
      let text = "timestamp,kind,manager,partner,value,\(columns)\n" + rows.joined(separator: "\n") + "\n"
      return try Self.history(text) { $0.threads = threads }.dataQuality.observations["alikeWithoutCase"]
    }
    let days = (1...20).map { $0 < 10 ? "0\($0)" : "\($0)" }
    func exported(_ kind: String, _ time: String, _ partner: String, _ value: String) -> [String] {
      ["2026-05-01", "2026-06-01"].flatMap { export in
        days.map { "2026-04-\($0)\(time),\(kind),m,\(partner),\(value),\(export)" }
      }
    }
    let twice = exported("check_in", "T09:00:00", "p", "20")
    for threads in [1, 3] {
      let found = try #require(try observed(twice, threads: threads))
      #expect(found.count == 20 && found.consequence == .used)
      #expect(
        found.examples.map(\.found).first == "check_in, manager 'm', partner 'p', 2026-04-01 09:00: 2")
      #expect(found.examples.count == Rejects.placesKept)
    }
    // Three exports, one of which tells another length.
    let third = ["2026-04-01T09:00:00,check_in,m,p,20,x", "2026-04-01T09:00:00,check_in,m,p,30,y"]
    #expect(try observed(twice + third)?.count == 21)
    // The same row is merged, and told as such.
    #expect(try observed(Array(twice.prefix(20)) + twice.prefix(20)) == nil)
    // Who gives rows an id says which are the same.
    #expect(try observed(twice.enumerated().map { "\($1),\($0)" }, columns: "exported_at,id") == nil)
    // Dates: two decisions of one day are usual. Ratings and invitations aren't counted, escalations neither.
    #expect(try observed(exported("decision", "", "p", "1")) == nil)
    #expect(try observed(exported("decision", "T00:00:00", "p", "1")) == nil)
    #expect(try observed(exported("decision", "T00:00:01", "p", "1"))?.count == 20)
    for kind in ["survey", "survey_invitation", "escalation", "concern"] {
      let log = ["2026-04-01T09:00:00,check_in,m,p,20,x"]
      #expect(try observed(log + exported(kind, "T09:00:00", "", "4")) == nil, "\(kind)")
      #expect(try observed(log + exported(kind, "T09:00:00", "p", "4")) == nil, "\(kind)")
    }
    // What a trained manager's rows say, who names no partner.
    let trained = try #require(try observed(exported("training", "T09:00:00", "", "")))
    #expect(trained.examples.first?.found == "training, manager 'm', 2026-04-01 09:00: 2")
  }

  @Test func `saved ledgers tell rows that are alike as files do, in any order`() throws {
    let header = "timestamp,kind,manager,partner,exported_at\n"
    let parts = ["2026-05-01", "2026-06-01"].map {
      header + "2026-04-01T09:00:00,recognition,m,p,\($0)\n2026-04-01T09:30:00,recognition,m,p,1\n"
    }
    let ledgers = try parts.enumerated().map { number, text in
      try Ledger(
        fileBytes: ingest([.bytes(Array(text.utf8), name: "\(number).csv")], options: ReadingFixture.options()).ledger
          .fileBytes(), path: "\(number).ledger")
    }
    var found: [Int?] = []
    for order in [[0, 1], [1, 0]] {
      var ledger = Ledger.empty
      for part in order { try ledger.add(ledgers[part]) }
      let quality = try ledger.history(HistoryOptions(runStart: ReadingFixture.runStart)).dataQuality
      found.append(quality.observations["alikeWithoutCase"]?.count)
      #expect(quality.duplicates == 1)
    }
    #expect(found == [1, 1])
  }

  @Test func `withdrawn requests of a case table`() throws {
    let text = "case,manager,opened,withdrawn\na,m,2026-01-05,2026-01-06\nb,m,2026-01-05,2026-01-04\nc,m,2026-01-05,x\n"
    let (rows, rejects, _) = try ReadingFixture.read(text)
    #expect(rows.map { $0.instants[4] } == [1_767_657_600_000, nil, nil])
    #expect(rows.map(\.isExcluded) == [false, true, true])
    #expect(rejects.count(of: .withdrawnBeforeOpened) == 1)
    #expect(rejects.count(of: .withdrawnUnreadable) == 1)
  }

  // Now is after the day on which this test was written.
  @Test func `a run starts now`() { #expect(ReadingOptions().runStart > Instant(seconds: 1_763_683_200)) }

  @Test func `rows that aren't UTF-8 are refused alone`() throws {
    var text = Array("timestamp,kind,manager,partner,case\n2026-01-05,request,Zo\u{EB},p,1\n".utf8)
    text += Array("2026-01-05,request,Zo".utf8) + [0xEB] + Array(",p,2\n2026-01-05,request,m,p,3\n".utf8)
    let (rows, rejects, _) = try ReadingFixture.read(text)
    #expect(rows.map(\.caseKey) == ["1", "3"])
    #expect(rejects.entries[.invalidUTF8]?.places.map(\.line) == [3])
  }

  @Test func `NDJSON gives the same rows as CSV`() throws {
    let csv = """
      timestamp;kind;manager;partner;case;topic;value
      2026-01-05T09:00Z;request;m 1;p"1;c1;a;
      1767603600;survey;m2;p1;;;4
      2026-01-05;decision;m2;p1;;;1
      """
    let json = #"""
      {"timestamp":"2026-01-05T09:00Z","kind":"request","manager":"m 1","partner":"p\"1","case":"c1","topic":"\u0061"}
      {"kind":"survey","timestamp":1767603600,"manager":"m2","partner":"p1","case":null,"value":4, "tags":["x",{}]}

      {"timestamp":"2026-01-05","kind":"decision","manager":"m2","partner":"p1","value":true}
      {"timestamp":"2026-01-05","kind":"decision","manager":["m2"],"partner":"p1","value":true}
      {"timestamp":"2026-01-05","kind":"deci
      [1]
      """#
    let withoutFingerprint = { (row: RowRecorder.Row) in
      var row = row
      row.fingerprint = nil
      return row
    }
    let fromCSV = try ReadingFixture.read(csv)
    let fromJSON = try ReadingFixture.read(json, named: "in.ndjson")
    #expect(fromJSON.rows.map(withoutFingerprint) == fromCSV.rows.map(withoutFingerprint))
    #expect(fromJSON.rejects.count(of: .badJSON) == 3)
    #expect(fromJSON.rejects.entries[.badJSON]?.places.map(\.line) == [5, 6, 7])
    #expect(fromJSON.outcome.ignoredColumns == ["tags"])
  }

  @Test func `a mark, tabs, quotes, line feeds in quotes, CRLF, no last line feed`() throws {
    let text =
      "\u{FEFF}timestamp\tkind\t\"manager\"\tpartner\tcase\ttopic\r\n"
      + "2026-01-05\trequest\t\" m\"\"1 \"\tp1\tc1\t\"a\r\nb\tc\"\r\n\r\n"
      + "2026-01-05\trequest\tm,2\tp\"x\t c2 \t\r\n2026-01-05\tnonsense\tm\tp\tc3\tt\r\n2026-01-05\trequest\tm3\tp1\tc4\t"
    let (rows, rejects, _) = try ReadingFixture.read(text)
    #expect(rows.map(\.manager) == ["m\"1", "m,2", "m3"])
    #expect(rows.map(\.partner) == ["p1", "p\"x", "p1"])
    #expect(rows.map(\.caseKey) == ["c1", "c2", "c4"])
    #expect(rows[0].topic == "a\r\nb\tc")
    #expect(rejects.entries[.unknownKind]?.places.map(\.line) == [6])
  }
}

@Suite struct RepeatedCaseTests {
  // Case a is two requests', of which the earlier counts, told twice; b three managers', of whom k sorts first. Of l's two states the
  // answered one is named, of m's, which are the same, the first. Case c is one request in two states.
  @Test func `rows of a repeated case number are named, all but those of the request that counts`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/rejects.csv"
    let first =
      "case,manager,partner,opened,responded\na,m,p,2026-01-06,\nb,l,p2,2026-01-05,\nc,m,p,2026-01-05,\n"
      + "b,m,p,2026-01-05,\n"
    let second =
      "case,manager,partner,opened,responded\na,m,p,2026-01-05,\na,m,p,2026-01-05,\nb,l,p1,2026-01-05,2026-01-06\n"
      + "b,k,,2026-01-05,\nc,m,p,2026-01-05,2026-02-05\nb,m,p,2026-01-05,\n"
    let options = ReadingFixture.options {
      $0.maximumBadShare = 1
      $0.rejectsFile = path
    }
    let result = try ingest(
      [.bytes(Array(first.utf8), name: "x/1.csv"), .bytes(Array(second.utf8), name: "x/2.csv")], options: options)
    #expect(result.ledger.caseCount == 3)
    #expect(result.ledger.repeatedCaseRows == 3 && result.ledger.supersededRows == 4)
    #expect(result.repeatedCases.map(\.description) == ["1.csv:2", "1.csv:5", "2.csv:4"])
    let lines = String(decoding: try FileBytes.read(path), as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(lines.first == "x/1.csv,2,caseRepeats,case 'a',\"a,m,p,2026-01-06,\"")
    #expect(lines.count == 3)

    let strict = ReadingFixture.options()
    let error = #expect(throws: IngestionError.self) {
      try ingest([.bytes(Array(second.utf8), name: "2.csv")], options: strict)
    }
    #expect(error?.description.contains("2 of 6 rows (33.3 %)") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("case repeats 2 (2.csv:4: case 'b'; 2.csv:7: case 'b')") == true)
  }
}

extension RepeatedCaseTests {
  // What has passed can't be asked again which rows they were; that they are there is known all the same.
  @Test func `repeated cases of a pipe are counted, not named`() throws {
    let text = "case,manager,partner,opened\na,m,p,2026-01-06\nb,m,p,2026-01-05\na,m,p,2026-01-05\n"
    let options = ReadingFixture.options { $0.maximumBadShare = 1 }
    func expectCounted(_ result: IngestionResult) {
      #expect(result.ledger.repeatedCaseRows == 1)
      #expect(result.repeatedCases == [])
    }
    // As a shell's <(zcat x.gz) is: opened again, it is empty.
    try withPipe(holding: Array(text.utf8)) { expectCounted(try ingest([.path($0)], options: options)) }
    // One with a name: opened again, it waits for another writer. Of a file beside it nothing is said either.
    let folder = try TemporaryFolder()
    let pipe = folder.path + "/pipe"
    #expect(makePipe(pipe) == 0)
    expectCounted(
      try withWriter(to: pipe, bytes: Array(text.utf8)) {
        try ingest(
          [.bytes(Array("case,manager,opened\nx,m,2026-01-05\n".utf8), name: "1.csv"), .path(pipe)], options: options)
      })
  }
}

extension RepeatedCaseTests {
  // Case a stands twice in the file. Of b, which stands in both, and of c only the pipe could tell, and it has passed.
  @Test func `beside a pipe, repeats within files are written, and it's said how many others there are`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/rejects.csv"
    let file = "case,manager,partner,opened\na,m,p,2026-01-06\nb,m,p,2026-01-05\na,m,p,2026-01-05\n"
    let passing = "case,manager,partner,opened\nb,m,p,2026-01-04\nc,m,p,2026-01-05\nc,m,p,2026-01-06\n"
    func read(maximumBadShare: Double) throws -> IngestionResult {
      let options = ReadingFixture.options {
        $0.maximumBadShare = maximumBadShare
        $0.rejectsFile = path
      }
      return try withPipe(holding: Array(passing.utf8)) {
        try ingest([.path($0), .bytes(Array(file.utf8), name: "x/1.csv")], options: options)
      }
    }
    let result = try read(maximumBadShare: 1)
    #expect(result.ledger.repeatedCaseRows == 3)
    #expect(result.repeatedCases.map(\.description) == ["1.csv:2"])
    #expect(
      result.rejectsNote
        == "The file of refused rows lacks 2 rows, whose cases stand in standard input or a pipe, which can't "
        + "be read again.")
    let rejects = "file,line,reason,found,row\nx/1.csv,2,caseRepeats,case 'a',\"a,m,p,2026-01-06\"\n"
    #expect(String(decoding: try FileBytes.read(path), as: UTF8.self) == rejects)
    let error = #expect(throws: IngestionError.self) { try read(maximumBadShare: 0.01) }
    let says =
      "case repeats 3 (1.csv:2: case 'a'). The case number stands for another request too, of another manager or opening; the "
      + "one that was opened first counts. See that 'case' is mapped to the request's own number, and give each system's cases a "
      + "prefix of their own. "
      + "--rejects FILE writes them all but 2, whose cases stand in standard input or a pipe, which can't be read "
      + "again; --max-bad P% raises the limit"
    #expect(error?.description.hasSuffix(says) == true, "\(error?.description ?? "")")
    #expect(String(decoding: try FileBytes.read(path), as: UTF8.self) == rejects)
  }
}

@Suite struct JSONLineTests {
  @Test func `keys that come late are read, and other encodings are refused`() throws {
    var text = "\u{FEFF}"
    for number in 0..<1500 {
      text += #"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p","c":"\#(number)"}"# + "\n"
    }
    text +=
      #"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p","c":"x","area":"late","due":"2026-01-06"}"#
    let mapping = try ColumnMapping(parsing: "case=c,topic=area")
    let (rows, rejects, _) = try ReadingFixture.read(text, named: "in.ndjson") { $0.mapping = mapping }
    #expect(rows.count == 1501)
    #expect(rejects == .empty)
    #expect(rows[1500].topic == "late")
    #expect(rows[1500].instants[1] == 1_767_743_999_999)
    let bad =
      Array(#"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p","case":"1"}"#.utf8) + [10]
      + Array(#"{"timestamp":"2026-01-05","kind":"request","manager":"m"#.utf8) + [0xE9]
      + Array(#"","partner":"p","case":"2"}"#.utf8)
    let refused = try ReadingFixture.read(bad, named: "in.ndjson")
    #expect(refused.rows.map(\.caseKey) == ["1"])
    #expect(refused.rejects.count(of: .invalidUTF8) == 1)
  }

  @Test func `a mapped key that no row has is an error`() throws {
    let mapping = try ColumnMapping(parsing: "case=c")
    let error = #expect(throws: IngestionError.self) {
      try ReadingFixture.read(#"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p"}"#) {
        $0.mapping = mapping
      }
    }
    #expect(error?.description.contains("no column 'c'") == true)
    // As many rows as are looked at, and none behind them.
    let row = #"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p"}"# + "\n"
    for pack in [{ $0 }, Packing.gzip, Packing.zstandard] as [([UInt8]) -> [UInt8]] {
      let text = pack(Array(String(repeating: row, count: 1000).utf8))
      let error = #expect(throws: IngestionError.self) {
        try ReadingFixture.read(text, ReadingFixture.options { $0.mapping = mapping })
      }
      #expect(error?.description.contains("no column 'c'") == true)
    }
  }

  // As in a short input, whose keys are all looked at before: in the usual shape and mapped, needed and not.
  @Test func `a mapped key that no row of many has is the same error`() throws {
    let event =
      #"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p","case":"c","topic":"t"}"# + "\n"
    let row = #"{"case":"c","manager":"m","partner":"p","opened":"2026-01-05","solved_at":"2026-01-06"}"# + "\n"
    for (line, mapping) in [
      (event, "topic=topics"), (event, "resolved=topic,due=promised"), (event, "manager=maneger"), (event, "opened=x"),
      (row, "responded=solved_att"), (row, "value=x"), (row, "responded=solved_at,resolved=solved_att"),
      (row, "responded=x,resolved=x"), (row, "opened=opend"), (row, "case=nr"),
    ] {
      let errors = try [900, 1500].map { count in
        let mapping = try ColumnMapping(parsing: mapping)
        let error = #expect(throws: IngestionError.self, "\(mapping), \(count) rows") {
          try ReadingFixture.read(String(repeating: line, count: count), named: "in.ndjson") {
            $0.mapping = mapping
            ($0.threads, $0.chunkBytes) = (2, 5000)
          }
        }
        return error?.description ?? ""
      }
      #expect(errors[0] == errors[1])
      #expect(errors[0].contains("the header has no column '"), "\(errors[0])")
    }
  }

  // Whatever the row makes of it: a key is a column.
  @Test(arguments: ["null", "\"\"", "{\"at\":1}"]) func `a mapped key that comes once is there`(_ value: String) throws
  {
    let event = #"{"timestamp":"2026-01-05","kind":"request","manager":"m","partner":"p","case":"c"}"# + "\n"
    let row = #"{"case":"c","manager":"m","partner":"p","opened":"2026-01-05"}"# + "\n"
    for (line, mapping) in [
      (event, "due=promised"), (event, "opened=promised"), (row, "due=promised,resolved=promised"),
    ] {
      let last = "\(line.dropLast(2)),\"promised\":\(value)}"
      let mapping = try ColumnMapping(parsing: mapping)
      let (rows, rejects, _) = try ReadingFixture.read(String(repeating: line, count: 1500) + last, named: "in.ndjson")
      {
        $0.mapping = mapping
        ($0.threads, $0.chunkBytes) = (2, 5000)
      }
      #expect(rows.count + rejects.count(of: .badJSON) == 1501)
    }
  }

  @Test func `a key that comes late may stand for two columns`() throws {
    let row = #"{"case":"c","manager":"m","partner":"p","opened":"2026-01-05"}"# + "\n"
    let last = #"{"case":"last","manager":"m","partner":"p","opened":"2026-01-05","solved_at":"2026-01-06"}"#
    let mapping = try ColumnMapping(parsing: "responded=solved_at,resolved=solved_at")
    let (rows, _, _) = try ReadingFixture.read(String(repeating: row, count: 1200) + last, named: "in.ndjson") {
      $0.mapping = mapping
    }
    #expect(rows.last?.instants == [1_767_571_200_000, 1_767_657_600_000, 1_767_657_600_000, nil, nil])
  }

  @Test func `control characters don't reach a terminal`() throws {
    let text = "timestamp,kind,manager,partner,case\n2026-01-05,\u{1B}[31mred\u{9B}\r,m,p,c\n"
    let (_, rejects, _) = try ReadingFixture.read(text)
    #expect(rejects.entries[.unknownKind]?.places.first?.found == "kind '·[31mred··'")
  }
}

@Suite struct OpenQuoteTests {
  // The quote stands in a column that nothing uses, so that all fields that are used can be read.
  @Test func `a quote that is never closed is refused with every line that it swallows`() throws {
    var text = "timestamp,kind,manager,partner,case,notes\n"
    for row in 0..<20 { text += "2026-01-05T09:00:00,request,m,p,c\(row),\(row == 8 ? "\"open" : "")\n" }
    for plain in [true, false] {
      let (rows, rejects, outcome) = try ReadingFixture.read(text) { options in
        // A profile's nulls send rows the long way.
        if !plain { options.profile = Profile(name: "x", nulls: ["NULL"]) }
      }
      #expect(rows.map(\.caseKey) == (0..<8).map { "c\($0)" })
      #expect(rejects.count(of: .badQuotes) == 12)
      #expect(
        rejects.entries[.badQuotes]?.places == [
          Rejects.Place(file: "in.csv", line: 10, found: "a quote that is never closed, 12 lines before the end")
        ])
      #expect(outcome.statistics.rows == 20)
    }
    // Whatever stands in what was swallowed: a byte that is no UTF-8 is the lesser fault.
    var bytes = Array(text.utf8)
    bytes[bytes.count - 4] = 0xE9
    let options = ReadingFixture.options { $0.maximumBadShare = 1 }
    let outcome = try readEvents(
      [.bytes(bytes, name: "in.csv")], options: options,
      makeSink: { CaseStoreTests.LongWay(builder: LedgerBuilder(timeZone: options.timeZone)) },
      finish: { (sink: consuming CaseStoreTests.LongWay) in sink.builder.finish() })
    #expect(outcome.rejects.count(of: .badQuotes) == 12 && outcome.rejects.count(of: .invalidUTF8) == 0)
    #expect(outcome.statistics.rows == 20)
  }

  @Test func `no threads are one`() throws {
    let log = Array("timestamp,kind,manager,partner\n2026-01-05T09:00:00,recognition,m,p\n".utf8)
    for threads in [0, -3] {
      let result = try ingest([.bytes(log, name: "in.csv")], options: ReadingFixture.options { $0.threads = threads })
      #expect(result.ledger.rowCount == 1)
    }
  }

  /// Sees what a reader tells it of rows to come.
  private struct AheadRecorder: ChunkSink {
    var records = 0
    var strays = 0
    let seen: UnsafeMutablePointer<(Int, Int)>
    mutating func add(_ event: RawEvent) {}
    mutating func add(_ row: RawCase) {}
    func prefetch(_ record: PlainRecord, _ layout: PlainLayout) {
      var isInOrder = true
      for field in 0...layout.last {
        isInOrder = isInOrder && record.ends[field - 1] &+ 1 <= record.ends[field]
      }
      seen.pointee.0 += 1
      if !isInOrder || Int(record.ends[layout.last]) > 4000 { seen.pointee.1 += 1 }
    }
  }

  @Test func `nobody is told of fields that a row to come doesn't have`() throws {
    var text = "timestamp,kind," + (0..<30).map { "x\($0)," }.joined() + "manager,partner,case\n"
    let good = "2026-01-05T09:00:00,request," + String(repeating: "b,", count: 30)
    for row in 0..<60 { text += good + "m,p,c\(row)\n" }
    // The last chunks hold short rows only, behind which stands what an earlier chunk has left.
    for _ in 0..<4000 { text += "x\n" }
    let seen = UnsafeMutablePointer<(Int, Int)>.allocate(capacity: 1)
    seen.initialize(to: (0, 0))
    defer { seen.deallocate() }
    nonisolated(unsafe) let counts = seen
    _ = try readEvents(
      [.bytes(Array(text.utf8), name: "in.csv")],
      options: ReadingFixture.options {
        $0.chunkBytes = 4000
        $0.maximumBadShare = 1
      }, makeSink: { AheadRecorder(seen: counts) }, finish: { (sink: consuming AheadRecorder) in sink.records })
    #expect(seen.pointee.0 > 20)
    #expect(seen.pointee.1 == 0)
  }
}
