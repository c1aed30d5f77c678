import FoundationEssentials
import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct ColumnMappingTests {
  @Test func `names on both sides, quotes and blanks`() throws {
    let mapping = try ColumnMapping(parsing: "case = event_id,manager=\"last, first\",opened=created at,kind=")
    #expect(
      mapping.columns == [.caseKey: "event_id", .manager: "last, first", .opened: "created at", .kind: ""])
  }

  @Test(arguments: [
    ("manager", "contract=foreign"), ("manger=x", "did you mean 'manager'"), ("case=a,case=b", "twice"),
  ])
  func `what can't be a mapping`(_ text: String, _ words: String) {
    let error = #expect(throws: IngestionError.self) { try ColumnMapping(parsing: text) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains(words) == true)
  }

  @Test func `goes over the profile, and a missing name is an error`() throws {
    let text = "number,caller_id,boss,assigned_to,opened_at,kind\n1,a,b,p,2026-01-05,Incident\n"
    let profile = try #require(Profile.builtIn.first { $0.name == "servicenow-incidents" })
    func managers(_ map: String) throws -> [String] {
      let mapping = try ColumnMapping(parsing: map)
      return try ReadingFixture.read(text) {
        $0.profile = profile
        $0.mapping = mapping
      }.rows.map(\.manager)
    }
    #expect(try managers("kind=") == ["a"])
    #expect(try managers("kind=,manager=boss") == ["b"])
    let error = #expect(throws: IngestionError.self) { try managers("kind=,manager=bos") }
    #expect(error?.description.contains("the header has no column 'bos'; did you mean 'boss'?") == true)
  }
}

/// One column of the input for several of the contract.
@Suite struct SharedColumnTests {
  @Test func `a long field with a doubled quote, for three columns`() throws {
    let notes = String(repeating: "a", count: 9_999) + "\""
    let text =
      "timestamp,kind,manager,partner,case,notes\n2026-01-05T09:00:00Z,request,m1,p1,c1,\""
      + notes.replacing("\"", with: "\"\"") + "\"\n"
    let mapping = try ColumnMapping(parsing: "topic=notes,priority=notes,channel=notes")
    let row = try #require(try ReadingFixture.read(text) { $0.mapping = mapping }.rows.first)
    #expect(row.topic == notes && row.priority == notes && row.channel == notes)
  }

  // The room that the first row asks for has to do for twice the long field of the second.
  @Test func `a short row, then a longer one, of a profile that takes the resolution for the answer`() throws {
    let profile = try #require(Profile.builtIn.first { $0.name == "servicenow-incidents" })
    let long = String(repeating: "later ", count: 49)
    let text = """
      number,caller_id,assigned_to,opened_at,resolved_at,category
      INC1,ann,bob,2026-01-05 09:00:00,"at ""ten"" sharp",\(String(repeating: "x", count: 86))
      INC2,ann,bob,2026-01-05 09:00:00,"\(long)""x",pay

      """
    let (rows, rejects, _) = try ReadingFixture.read(text) { $0.profile = profile }
    #expect(rows.map(\.topic) == [String(repeating: "x", count: 86), "pay"])
    for (reason, column) in [(RejectReason.respondedUnreadable, "responded"), (.resolvedUnreadable, "resolved")] {
      #expect(
        rejects.entries[reason]?.places.map(\.found) == [
          "\(column) 'at \"ten\" sharp'", "\(column) '\(long.prefix(40))…'",
        ])
    }
  }
}

@Suite struct ProfileTests {
  static func read(_ text: String, _ name: String) throws -> (rows: [RowRecorder.Row], rejects: Rejects) {
    let profile = try #require(Profile.builtIn.first { $0.name == name })
    let (rows, rejects, _) = try ReadingFixture.read(text) { $0.profile = profile }
    return (rows, rejects)
  }

  @Test func `shipped profiles hold`() throws {
    #expect(Profile.builtIn.map(\.name) == ["jira-service", "servicenow-incidents", "xes", "zendesk-tickets"])
    for profile in Profile.builtIn {
      try profile.validate()
      #expect(!profile.description.isEmpty)
    }
  }

  // 2026-01-05T09:00Z is 1,767,603,600 s.
  @Test func `ServiceNow by names and by labels`() throws {
    let names = """
      "number","caller_id","assigned_to","opened_at","resolved_at","priority","category"
      "INC1","Ann","?","2026-01-05 09:00:00","2026-01-05 10:00:00","3 - Moderate","Pay"
      """
    let labels = """
      Number,Caller,Assigned to,Opened,Resolved,First response,Category
      INC1,Ann,,2026-01-05 09:00:00,2026-01-05 10:00:00,2026-01-05 09:30:00,Pay
      """
    let nine: Int64 = 1_767_603_600_000
    let byName = try Self.read(names, "servicenow-incidents").rows
    #expect(byName.map(\.manager) == ["Ann"])
    #expect(byName.map(\.partner) == [""])
    #expect(byName[0].instants == [nine, nine + 3_600_000, nine + 3_600_000, nil, nil])
    let byLabel = try Self.read(labels, "servicenow-incidents").rows
    #expect(byLabel[0].instants == [nine, nine + 1_800_000, nine + 3_600_000, nil, nil])
    #expect(byLabel[0].topic == "Pay")
  }

  @Test func `Jira's times and repeated columns`() throws {
    let text = """
      Issue key,Reporter,Assignee,Created,Resolved,Comment,Comment,Due date
      HR-1,ann,bob,05/Jan/26 9:00 AM,05/Jan/26 1:00 PM,x,y,
      """
    let (rows, rejects) = try Self.read(text, "jira-service")
    #expect(rows[0].instants == [1_767_603_600_000, 1_767_618_000_000, 1_767_618_000_000, nil, nil])
    #expect(rejects == .empty)
  }

  @Test func `Zendesk's JSON lines`() throws {
    let text = """
      {"id": 35436, "requester_id": 20978392, "assignee_id": 235323, "created_at": "2026-01-05T09:00:00Z", \
      "solved_at": "2026-01-05T10:00:00Z", "due_at": null, "priority": "high", "type": "incident", \
      "via": {"channel": "web"}}
      """
    let nine: Int64 = 1_767_603_600_000
    let rows = try Self.read(text, "zendesk-tickets").rows
    #expect(rows.map(\.caseKey) == ["35436"])
    #expect(rows.map(\.partner) == ["235323"])
    #expect(rows.map(\.topic) == ["incident"])
    // What is taken for the answer is the resolution as well, as in a table with the same columns.
    #expect(rows[0].instants == [nine, nine + 3_600_000, nine + 3_600_000, nil, nil])
  }

  @Test func `XES activities become kinds; others are left out`() throws {
    let text = """
      case:concept:name,concept:name,time:timestamp,org:resource,case:requester
      7,Submit,2026-01-05 09:00:00+00:00,Kim,Unit A
      7,Print label,2026-01-05 09:01:00+00:00,Kim,Unit A
      7,Reply,2026-01-05 09:30:00+00:00,Kim,Unit A
      """
    let (rows, rejects) = try Self.read(text, "xes")
    #expect(rows.map(\.kind) == [.request, .response])
    #expect(rejects.entries[.notMapped]?.places.map(\.found) == ["kind 'Print label'"])
    #expect(rejects.refusedRows == 0)
  }

  @Test func `is read from its keys, absent ones have defaults, and reads back`() throws {
    let text = """
      {"name": "own", "time-formats": ["d/m/Y"], "columns": {"manager": "Boss", "partner": ["A", "B"]},
       "values": {"kind": {"*": ""}}}
      """
    let profile = try JSONDecoder().decode(Profile.self, from: Data(text.utf8))
    let expected = Profile(
      name: "own", timeFormats: ["d/m/Y"], columns: ["manager": "Boss", "partner": ["A", "B"]],
      values: ["kind": ["*": ""]])
    #expect(profile == expected)
    for shipped in Profile.builtIn + [expected] {
      #expect(try JSONDecoder().decode(Profile.self, from: JSONEncoder().encode(shipped)) == shipped)
    }
    #expect(Profile.keys.contains("time-formats"))
  }

  @Test func `a column that a profile expects is named`() throws {
    let profile = try #require(Profile.builtIn.first { $0.name == "servicenow-incidents" })
    let error = #expect(throws: IngestionError.self) {
      try ReadingFixture.read("number,opened_at\n1,2026-01-05\n") { $0.profile = profile }
    }
    #expect(error?.description.contains("expects 'caller_id' or 'Caller'") == true, "\(error?.description ?? "")")
  }

  @Test func `constants, null words, values of other columns`() throws {
    let profile = Profile(
      name: "own", timeFormats: ["d.m.Y"], nulls: ["n/a"],
      columns: ["manager": ["Chef", "Boss"], "partner": "HR", "timestamp": "Tag", "case": "Nr", "topic": "Thema"],
      constants: ["kind": "request", "channel": "desk"],
      values: ["topic": ["Gehalt": "pay", "*": "other"], "partner": ["HR 1": "p1"]])
    let text = "Tag;Boss;HR;Nr;Thema\n5.1.2026;m;HR 1;1;Gehalt\n5.1.2026;m;HR 2;2;Urlaub\n5.1.2026;n/a;HR 2;3;Urlaub\n"
    let (rows, rejects, _) = try ReadingFixture.read(text) { $0.profile = profile }
    #expect(rows.map(\.kind) == [.request, .request])
    #expect(rows.map(\.partner) == ["p1", "HR 2"])
    #expect(rows.map(\.topic) == ["pay", "other"])
    #expect(rejects.count(of: .missingManager) == 1)
  }

  @Test(arguments: [
    (Profile(name: "a", columns: ["manger": "x"]), "did you mean 'manager'"),
    (Profile(name: "a", constants: ["boss": "x"]), "no column 'boss'"),
    (Profile(name: "a", timeFormats: ["YYYY"]), "'YYYY' can't be read"),
    (Profile(name: "a", timeFormats: ["Y-d-m"]), "'Y-d-m' and 'Y-m-d' read one date as two days"),
    (Profile(name: "a", timeFormats: ["d/m/Y H:M", "m/d/Y I:M p"]), "'d/m/Y H:M' and 'm/d/Y I:M p' read one date"),
    (Profile(name: "a", values: ["kind": ["Open": "reqest"]]), "did you mean 'request'"),
    (Profile(name: "a", timezone: "Europe/Lodnon"), "did you mean 'Europe/London'"),
  ])
  func `profiles that contradict the contract`(_ profile: Profile, _ words: String) {
    let error = #expect(throws: IngestionError.self) { try profile.validate() }
    #expect(error?.kind == .configuration)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  // Each of these dates is read by one of the formats only.
  @Test func `time formats that can't be mistaken stand beside each other`() throws {
    try Profile(name: "a", timeFormats: ["d/m/Y H:M", "d/m/Y", "m-d-Y", "d/b/Y", "m/d/y"]).validate()
  }
}
