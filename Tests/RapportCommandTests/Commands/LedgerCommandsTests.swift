import Foundation
import RapportTestSupport
import Testing

@Suite struct LedgerCommandsTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  @Test func `January's ledger and February's score as both files do`() throws {
    let lines = try String(contentsOfFile: log.events, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let (header, rows) = (lines[0], lines.dropFirst().filter { !$0.isEmpty })
    let january = try log.scratch.write(
      "january.csv", ([header] + rows.filter { $0.hasPrefix("2026-01") }).joined(separator: "\n") + "\n")
    let later = try log.scratch.write(
      "later.csv", ([header] + rows.filter { !$0.hasPrefix("2026-01") }).joined(separator: "\n") + "\n")
    let created = try Tool.run(["ingest", january, "--ledger", log["all.ledger"]])
    #expect(created.exitCode == 0 && created.output.hasPrefix("Created"))
    #expect(try Tool.run(["ingest", later, "--ledger", log["all.ledger"]]).output.hasPrefix("Added to"))
    let again = try Tool.run(["ingest", later, "--ledger", log["all.ledger"]])
    #expect(again.exitCode == 65)
    #expect(
      again.errors.contains("is both in ledger '\(log["all.ledger"])' and in '\(later)'; an input counts once"),
      "\(again.errors)")
    let elsewhere = try Tool.run(["check", "--ledger", log["all.ledger"], "--timezone", "Asia/Tokyo"])
    #expect(
      elsewhere.errors.contains("\(log["all.ledger"]): the ledger was built for time zone"), "\(elsewhere.errors)")
    let early = try Tool.run(["check", "--ledger", log["all.ledger"], "--as-of", "2026-01-02"])
    #expect(
      early.exitCode == 65 && early.errors.contains("\(log["all.ledger"]): a saved ledger can't be scored"),
      "\(early.errors)")

    let both = try Tool.run(["score", january, later, "--format", "json", "--draws", "200"])
    let saved = try Tool.run(["score", "--ledger", log["all.ledger"], "--format", "json", "--draws", "200"])
    #expect(both.exitCode == 0)
    #expect(saved.output == both.output)
    #expect(try Tool.run(["ingest", january, "--ledger", log["january.ledger"], "--quiet"]).exitCode == 0)
    let mixed = try Tool.run([
      "score", later, "--ledger", log["january.ledger"], "--format", "json", "--draws", "200",
    ])
    #expect(mixed.output == both.output)
  }

  // A folder with the exports of two quiet days ended with 65, and so did every later job with one of them.
  @Test func `exports of quiet days are told and stop no daily job`() throws {
    let header = "timestamp,kind,manager,partner,case\n"
    func write(_ name: String, _ rows: String = "") throws -> String { try log.scratch.write(name, header + rows) }
    let first = try write("1.csv", "2026-01-05T09:00:00Z,request,M1,P1,q1\n")
    let quiet = try [write("2.csv"), write("3.csv")]
    let last = try write("4.csv", "2026-01-06T09:00:00Z,request,M1,P1,q2\n")
    let ledger = log["daily.ledger"]
    let created = try Tool.run(["ingest", first] + quiet + ["--ledger", ledger])
    #expect(created.exitCode == 0 && created.output.contains("1 row in 1 case from 1 input."), "\(created.output)")
    #expect(created.errors == "\(quiet[0]), \(quiet[1]): a header but no rows.\n")
    let added = try Tool.run(["ingest", quiet[1], last, "--ledger", ledger, "--quiet"])
    #expect(added.exitCode == 0 && added.errors.isEmpty && added.output.contains("2 rows in 2 cases from 2 inputs"))
    let check = try Tool.run(["check", first, quiet[0]])
    #expect(check.exitCode == 0 && check.errors == "\(quiet[0]): a header but no rows.\n")
    #expect(try Tool.run(["ingest", quiet[0], "--ledger", ledger]).exitCode == 65)
  }

  // Both ended with 0, and mostly one of them was lost.
  @Test func `runs that add to one ledger at once lose nothing, whether it is there or not`() async throws {
    func rows(_ name: String, _ days: Int) -> String {
      let rows = (0..<days * 24).map { hour in
        let time = "2026-0\(1 + hour / 672)-\(10 + hour / 24 % 18)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00"
        return "\(time),check_in,M1,\(name)\(hour)"
      }
      return "timestamp,kind,manager,partner\n" + rows.joined(separator: "\n") + "\n"
    }
    let first = try log.scratch.write("first.csv", rows("F", 2))
    let inputs = try (0..<3).map { try log.scratch.write("part\($0).csv", rows("P\($0)-", 20)) }
    for round in 0..<6 {
      let ledger = log["both\(round).ledger"]
      let isThere = round % 2 == 0
      if isThere { #expect(try Tool.run(["ingest", first, "--ledger", ledger]).exitCode == 0) }
      let runs = try await withThrowingTaskGroup(of: Tool.Run.self) { group in
        for input in inputs { group.addTask { try Tool.run(["ingest", input, "--ledger", ledger]) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(runs.map(\.exitCode) == [0, 0, 0], "\(runs.map(\.errors))")
      #expect(runs.count { $0.output.hasPrefix("Created") } == (isThere ? 0 : 1), "\(runs.map(\.output))")
      // Whichever comes last, it is the ledger that one run would have made.
      let whole = log["whole\(round).ledger"]
      let all = (isThere ? [first] : []) + inputs
      #expect(try Tool.run(["ingest"] + all + ["--ledger", whole]).exitCode == 0)
      #expect(try Data(contentsOf: URL(filePath: whole)) == Data(contentsOf: URL(filePath: ledger)))
    }
    // One input twice at once counts once.
    let twice = log["twice.ledger"]
    let again = try await withThrowingTaskGroup(of: Tool.Run.self) { group in
      for _ in 0..<2 { group.addTask { try Tool.run(["ingest", inputs[0], "--ledger", twice]) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(again.map(\.exitCode).sorted() == [0, 65], "\(again.map(\.errors))")
  }

  // They tell of people: who may read them stays who may.
  @Test func `what is written anew keeps its permissions, and a link to it stays one`() throws {
    let files = FileManager.default
    let paths = ["out", "refused.csv", "n.ledger"].map { log[$0] }
    func run(_ rejects: String, _ ledger: String, _ input: String) throws {
      for arguments in [
        ["score", input, "--output", paths[0], "--draws", "200"], ["ingest", input, "--ledger", ledger],
      ] {
        let run = try Tool.run(arguments + ["--rejects", rejects, "--max-bad", "90", "--quiet"])
        #expect(run.exitCode == 0, "\(run.errors)")
      }
    }
    try run(paths[1], paths[2], log.events)
    for (path, mode) in zip(paths, [0o700, 0o600, 0o600]) {
      try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    try files.createSymbolicLink(atPath: log["link.csv"], withDestinationPath: "refused.csv")
    try files.createSymbolicLink(atPath: log["link.ledger"], withDestinationPath: "n.ledger")
    let other = try log.scratch.write(
      "other.csv", String(contentsOfFile: log.events, encoding: .utf8) + "yesterday,request,M1,P1,x2,,,\n")
    try run(log["link.csv"], log["link.ledger"], other)
    let modes = try paths.map { try files.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
    #expect(modes == [0o700, 0o600, 0o600])
    #expect(try files.destinationOfSymbolicLink(atPath: log["link.ledger"]) == "n.ledger")
    #expect(try files.destinationOfSymbolicLink(atPath: log["link.csv"]) == "refused.csv")
    #expect(try String(contentsOfFile: paths[1], encoding: .utf8).contains("yesterday"))
    #expect(try Tool.run(["ingest", other, "--ledger", paths[2], "--max-bad", "90"]).exitCode == 65)
  }

  // As the tutorial tells it: a calendar's times with offsets, tickets' without, the profile of the calendar in CaseSystems.md.
  @Test func `systems with a profile each are read into ledgers of one time zone and scored together`() throws {
    let calendar = try log.scratch.write(
      "calendar.toml",
      """
      name = "calendar"
      timezone = "Europe/Berlin"

      [columns]
      timestamp = "start"
      partner = "organiser"
      manager = "attendee"
      value = "minutes"

      [constants]
      kind = "check_in"

      [values.manager]
      "m1@example.org" = "M1"
      """)
    let desk = try log.scratch.write(
      "desk.toml",
      """
      name = "our-desk"
      time-formats = ["d.m.Y H:M"]

      [columns]
      case = "Ticket"
      manager = "Requester"
      partner = "Agent"
      opened = "Created"
      responded = "Answered"
      """)
    let meetings = try log.scratch.write(
      "calendar.csv",
      "start,organiser,attendee,minutes\n2026-03-02T08:00:00Z,P1,m1@example.org,30\n"
        + "2026-03-03T09:00:00+01:00,P1,M2,30\n")
    let tickets = try log.scratch.write(
      "tickets.csv",
      "Ticket;Requester;Agent;Created;Answered\n1;M1;P1;02.03.2026 09:00;02.03.2026 10:00\n2;M2;P1;02.03.2026 09:30;\n")
    var ledgers: [String] = []
    for (input, profile) in [(meetings, calendar), (tickets, desk)] {
      ledgers += ["--ledger", input + ".ledger"]
      let run = try Tool.run(
        ["ingest", input, "--profile", profile, "--timezone", "Europe/Berlin", "--ledger", input + ".ledger"])
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    let check = try Tool.run(["check"] + ledgers)
    #expect(check.exitCode == 0 && check.output.contains("2 managers and 1 partner."), "\(check.output)")
    let both = try Tool.run(["score"] + ledgers + ["--draws", "200"])
    #expect(both.exitCode == 0 && both.output.hasPrefix("2 managers, 1 partner, 5 events"), "\(both.errors)")
    // The profile's own zone is that of the command line, so that one may stand for the other.
    let own = meetings + ".own.ledger"
    #expect(try Tool.run(["ingest", meetings, "--profile", calendar, "--ledger", own]).exitCode == 0)
    #expect(try Tool.run(["check", "--ledger", own] + ledgers.suffix(2)).exitCode == 0)
  }

  // Of two numbers the difference would be how many of the first four were said in protection.
  @Test func `rows that no count tells are in none`() throws {
    let header = "timestamp,kind,manager,partner,case\n"
    let requests = (10..<30).map { "2026-01-05T09:\($0),request,M1,P1,c\($0)\n" }.joined()
    func concerns(_ hours: ClosedRange<Int>) -> String {
      hours.map { "2026-01-06T\($0):00,concern,M1,,\n" }.joined()
    }
    let first = try log.scratch.write("f.csv", header + requests + concerns(10...12) + "yesterday,request,M1,P1,x\n")
    let all = ["--max-bad", "100"]
    let check = try Tool.run(["check", first, "--verbose"] + all)
    #expect(check.output.contains("21 rows read: 1 refused (") && check.errors.contains("21 rows, "), "\(check.errors)")
    #expect(try Tool.run(["check", first]).errors.contains("1 of 21 rows (4.8 %) can't be used"))
    let ledger = ["--ledger", log["told.ledger"]]
    let created = try Tool.run(["ingest", first] + ledger + all)
    #expect(created.output.contains("21 rows read; it now holds 20 rows in 20 cases"), "\(created.output)")
    // Five are told.
    let second = try log.scratch.write("s.csv", header + "2026-01-07T09:00,request,M2,P1,d\n" + concerns(13...14))
    let added = try Tool.run(["ingest", second] + ledger + all)
    #expect(added.output.contains("1 row read; it now holds 26 rows in 21 cases"), "\(added.output)")
    #expect(try Tool.run(["check"] + ledger).output.contains("27 rows read: 1 refused ("))
  }

  // What tells of a roster says `--roster`, and `ingest` refused that.
  @Test func `a folder with a roster in it is ingested`() throws {
    let folder = try Scratch()
    let roster = try folder.write("managers.csv", "manager,unit\nM1,sales\n")
    try folder.write("events.csv", String(contentsOfFile: log.events, encoding: .utf8))
    let told = try Tool.run(["ingest", folder.folder.path, "--ledger", log["r"]])
    #expect(told.exitCode == 65 && told.errors.contains("give it with --roster \(roster)"), "\(told.errors)")
    let run = try Tool.run(["ingest", folder.folder.path, "--ledger", log["r"], "--roster", roster])
    #expect(run.exitCode == 0 && run.output.hasPrefix("Created"), "\(run.errors)")
  }

  @Test func `a ledger keeps the survey scale`() throws {
    let rows = (4...9).map { "2026-01-0\($0)T09:00,survey,M\($0),P1,\($0)\n" }.joined()
    let ratings = try log.scratch.write("s.csv", "timestamp,kind,manager,partner,value\n\(rows)")
    #expect(try Tool.run(["ingest", ratings, "--ledger", log["s"], "--survey-scale", "1-10"]).exitCode == 0)
    func scored(_ arguments: [String]) throws -> String {
      let run = try Tool.run(["score", "--draws", "200", "--format", "json"] + arguments)
      #expect(run.exitCode == 0, "\(run.errors)")
      return run.output
    }
    #expect(try scored(["--ledger", log["s"]]) == scored([ratings, "--survey-scale", "1-10"]))
    let other = try Tool.run(["score", "--ledger", log["s"], "--survey-scale", "1-5"])
    #expect(other.exitCode == 65 && other.errors.contains("built for survey scale '1-10'"), "\(other.errors)")
    #expect(try Tool.run(["ingest", log.events, "--ledger", log["s"], "--survey-scale", "1-5"]).exitCode == 65)
    #expect(try Tool.run(["ingest", log.events, "--ledger", log["s"]]).exitCode == 0)
  }

  @Test func `ingest needs events and one ledger`() throws {
    #expect(try Tool.run(["ingest", log.events]).exitCode == 64)
    #expect(try Tool.run(["ingest", "--ledger", log["x"]]).exitCode == 64)
    // Also where there is a configuration, which may say them for other commands.
    let config = try log.scratch.write("rapport.toml", "as-of = 2026-03-01\n")
    for options in [[], ["--config", config]] {
      for option in ["--as-of", "--calendar"] {
        let run = try Tool.run(["ingest", log.events, "--ledger", log["x"], option, "2026-02-01"] + options)
        #expect(run.exitCode == 64 && run.errors.contains("\(option) has no effect on a ledger"), "\(run.errors)")
      }
    }
    #expect(try Tool.run(["ingest", log.events, "--ledger", log["y"], "--config", config]).exitCode == 0)
    let json = try Tool.run(["ingest", log.events, "--ledger", log["x"], "--format", "json"])
    #expect(json.output.contains("\"created\": true"))
  }
}
