import Foundation
import RapportTestSupport
import Testing

@Suite struct ExitCodeTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  func check(_ arguments: [String], _ exitCode: Int32, _ message: String) throws {
    let run = try Tool.run(arguments)
    #expect(run.exitCode == exitCode)
    #expect(run.errors.contains(message))
    #expect(run.output.isEmpty)
  }

  @Test func `64 for what the command line says`() throws {
    try check(["score"], 64, "there is nothing to read")
    try check(["score", "--half-lief", "3"], 64, "--half-life")
    try check(["score", "x.csv", "--half-life", "never"], 64, "--half-life: found 'never'")
    try check(["check", "x.csv", "--quiet", "--verbose"], 64, "contradict")
    try check(["ranke"], 64, "'ranke' is no command; did you mean 'rank'?")
    try check(["scor", "x"], 64, "did you mean 'score'?")
    try check(["trend", "x.csv"], 64, "'trend' is no command; did you mean 'plot trend'?")
    try check(["plot", "trnd", "x.csv"], 64, "did you mean 'plot trend'?")
    try check(["explain", "x.csv", "--partner", "P01"], 64, "add --manager ID beside --partner P01.")
    try check(["explain", "x.csv"], 64, "explain needs --manager ID")
    try check(
      ["plot", "funnel", "x.csv", "--indicator", "promise", "-o", "-"], 64,
      "--indicator 'promise' isn't known; there are answered-within-target, ")
    try check(["simulate", "--output", scratch["s"].path, "--discipline", "fif"], 64, "first-in-first-out")
    try check(["simulate", "--output", scratch["s"].path, "--managers", "0"], 64, "managers is 0")
    try check(["config", "events.csv"], 64, "reads no events")
    try check(
      ["score", "x.csv", "--profile", "a.toml", "y.csv", "--profile=b.toml"], 64,
      "--profile is given twice and takes one value; read each export with its own profile into a ledger of its own")
    try check(["explain", "x.csv", "--manager", "M1", "--manager", "M2"], 64, "--manager is given twice")
    try check(["score", "x.csv", "-o", "a", "--output", "b"], 64, "--output is given twice")
    try check(["check", "x.csv", "--calendar", "a", "--default-calendar", "b"], 64, "--calendar is given twice")
    // What names several things may be repeated, and of how a run goes the last counts.
    try check(
      ["check", "x.csv", "--map", "manager=b", "--map", "partner=d", "--threads", "1", "--threads", "2"], 66, "x.csv")
  }

  @Test func `65 and 66 for the input`() throws {
    try check(["check", scratch["absent.csv"].path], 66, "absent.csv")
    try check(["check", scratch.write("empty.csv", "")], 66, "empty.csv")
    try check(["check", scratch.write("header.csv", "timestamp,kind,manager\n")], 65, "header.csv")
    let bad = try scratch.write("bad.csv", "timestamp,kind,manager,partner,case\nyesterday,request,M1,P1,1\n")
    try check(["score", bad], 65, "bad.csv:2")
  }

  // Of a response without a request nothing is known, and of what is said in protection nothing is told.
  @Test(arguments: [
    ("2026-01-05,response,M1,P1,1", "none of 1 rows can be used: orphan response 1. Steps of cases that nothing", 1),
    // One that is protected is told nowhere.
    ("2026-01-05,concern,M1,,", "the input holds protected events only", 0),
    ("yesterday,request,M1,P1,1", "bad time 1 (bad.csv:2", 1),
  ]) func `65 where no event can be used, and a check tells of it all the same`(
    row: String, says: String, told: Int
  ) throws {
    let rows = told == 1 ? "1 row read" : "0 rows read"
    let bad = try scratch.write("bad.csv", "timestamp,kind,manager,partner,case\n\(row)\n")
    let score = try Tool.run(["score", bad, "-o", scratch["out"].path])
    #expect(
      score.exitCode == 65 && score.output.isEmpty && !FileManager.default.fileExists(atPath: scratch["out"].path))
    for arguments in [[], ["--as-of", "2026-02-01"], ["--format", "json"]] {
      let run = try Tool.run(["check", bad] + arguments)
      #expect(run.exitCode == 65 && run.errors.contains(says), "\(run.errors)")
      #expect(run.output.contains(arguments.contains("json") ? "\"rowsRead\": \(told)" : rows), "\(run.output)")
    }
    let ledger = scratch["bad.ledger"].path
    if try Tool.run(["ingest", bad, "--ledger", ledger]).exitCode == 0 {
      #expect(try Tool.run(["rank", "--ledger", ledger]).exitCode == 65)
      #expect(try Tool.run(["check", "--ledger", ledger]).output.contains(rows))
    }
  }

  // One row of three is refused: the report stands, and then the run ends as any other does.
  @Test func `a check tells everything before it ends`() throws {
    let bad = try scratch.write(
      "bad.csv",
      "timestamp,kind,manager,partner,case\n2026-01-05,request,M1,P1,1\n2026-01-06,response,M1,P1,1\n"
        + "yesterday,request,M1,P1,2\n")
    let run = try Tool.run(["check", bad])
    #expect(run.exitCode == 65)
    #expect(
      run.output.contains("3 rows read: 1 refused (33 %). The others hold 2 events, all used.")
        && run.output.contains("bad time: 1."))
    #expect(run.errors.contains("1 of 3 rows (33.3 %) can't be used, more than --max-bad allows (1 %): bad time 1"))
    #expect(!run.errors.contains("badTime"))
    let unread = Process()
    unread.executableURL = URL(fileURLWithPath: "/bin/bash")
    unread.arguments = ["-c", "set -o pipefail; \"$0\" check \"$1\" 2>/dev/null | true", Tool.executable.path, bad]
    try unread.run()
    unread.waitUntilExit()
    #expect(unread.terminationStatus == 65)
    let json = try Tool.run(["check", bad, "--format", "json"])
    #expect(json.exitCode == 65 && json.output.contains("\"rowsRead\": 3") && json.errors == run.errors)
    try check(["score", bad], 65, "more than --max-bad allows")
    #expect(try Tool.run(["check", bad, "--max-bad", "50"]).exitCode == 0)
  }

  @Test func `what couldn't be written to a file of refused rows is said`() throws {
    let file = try scratch.write("cases.csv", "case,manager,opened\na,m,2026-01-05\na,m,2026-01-06\n")
    let passing = Data("case,manager,opened\na,m,2026-01-04\n".utf8)
    let rejects = ["--rejects", scratch["refused.csv"].path, "--max-bad", "100"]
    let note =
      "The file of refused rows lacks 1 row, whose case stands in standard input or a pipe, which can't be read again."
    let run = try Tool.run(["check", file, "-", "--format", "json"] + rejects, input: passing)
    #expect(run.exitCode == 0 && run.output.contains(note), "\(run.output)\(run.errors)")
    let refused = "file,line,reason,found,row\n\(file),3,caseRepeats,case 'a',\"a,m,2026-01-06\"\n"
    #expect(try String(contentsOf: scratch["refused.csv"], encoding: .utf8) == refused)
    let ingested = try Tool.run(
      ["ingest", file, "-", "--ledger", scratch["x.ledger"].path] + rejects, input: passing)
    #expect(ingested.exitCode == 0 && ingested.errors == note + "\n", "\(ingested.errors)")
    let whole = try Tool.run(["check", file, "--format", "json"] + rejects)
    #expect(whole.exitCode == 0 && !whole.output.contains("lacks"))
  }

  @Test func `64 where refused rows would go over what is read, and 73 over what isn't theirs`() throws {
    let log = try SampleLog()
    let config = try scratch.write("rapport.toml", "seed = 1\n")
    let profile = try scratch.write("mine.toml", "name = 'mine'\n")
    let ledger = scratch["x.ledger"].path
    #expect(try Tool.run(["ingest", log.events, "--ledger", ledger, "--quiet"]).exitCode == 0)
    let other = try scratch.write(
      "other.csv", "timestamp,kind,manager,partner,case\n2026-01-05,request,M1,P1,x1\nyesterday,request,M1,P1,x2\n")
    let files = [other, log.roster, config, profile, ledger]
    let before = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    let arguments = [
      "check", other, "--roster", log.roster, "--config", config, "--profile", profile, "--ledger", ledger, "--max-bad",
      "90",
    ]
    for (file, content) in zip(files, before) {
      // By another spelling, and through a link.
      let link = scratch["link"].path
      try? FileManager.default.removeItem(atPath: link)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      let url = URL(fileURLWithPath: file)
      for path in [file, "\(url.deletingLastPathComponent().path)/./\(url.lastPathComponent)", link] {
        try check(arguments + ["--rejects", path], 64, "--rejects \(path) is \(file), which this run reads")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == content)
    }
    let folder = scratch.folder.path
    try check(["check", folder + "/o*.csv", "--rejects", other], 64, "is \(other), which this run reads")
    try check(["ingest", other, "--ledger", "new", "--rejects", "new"], 64, "this run writes new there")

    let notes = try scratch.write("notes.txt", "mine\n")
    try check(arguments + ["--rejects", notes], 73, "notes.txt: exists and holds no refused rows")
    #expect(try String(contentsOfFile: notes, encoding: .utf8) == "mine\n")
    try check(arguments + ["--rejects", folder], 73, "is a folder")
    // An empty file and an earlier one are replaced, a device is written to.
    let refused = try scratch.write("refused.csv", "")
    for _ in 0..<2 {
      #expect(try Tool.run(["check", other, "--max-bad", "90", "--rejects", refused]).exitCode == 0)
      #expect(try String(contentsOfFile: refused, encoding: .utf8).hasPrefix("file,line,reason,found,row\n\(other),3,"))
    }
    #expect(try Tool.run(["check", other, "--max-bad", "90", "--rejects", "/dev/null"]).exitCode == 0)
    let null = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(null[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  // Nothing is there yet, or what an earlier run wrote.
  @Test func `64 where refused rows would go where the run writes something else`() throws {
    let log = try SampleLog()
    let (out, link) = (log["out"], log["link"])
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "out")
    let dotted = "\(log.scratch.folder.path)/./out"
    for round in 0..<2 {
      for (output, rejects) in [
        (out, "\(out)/r.csv"), (out, "\(link)/r.csv"), (dotted, "\(out)/r.csv"), (out, "\(out)/sub/r.csv"),
        (out + "/", "\(dotted)/../out/r.csv"),
      ] {
        try check(["score", log.events, "--output", output, "--rejects", rejects], 64, "--rejects \(rejects): lies in")
        try check(["config", "--output", output, "--rejects", rejects], 64, "--rejects \(rejects): lies in")
      }
      if round == 0 {
        try check(["score", log.events, "--output", out, "--rejects", dotted], 64, "this run writes \(out) there")
      }
      let made = try Tool.run(["score", log.events, "--output", out, "--draws", "200", "--quiet"])
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    // Beside it is another matter.
    let beside = ["--rejects", log["out.csv"], "--draws", "200", "--quiet"]
    #expect(try Tool.run(["score", log.events, "--output", out] + beside).exitCode == 0)
    #expect(FileManager.default.fileExists(atPath: log["out.csv"]))

    let drawing = log["wait.svg"]
    let folder = log.scratch.folder
    try check(
      ["plot", "wait", log.events, "--manager", "M1", "-o", drawing, "--rejects", "\(folder.path)/./wait.svg"], 64,
      "this run writes \(drawing) there")
    let spelled = "\(folder.path)/../\(folder.lastPathComponent)/n.ledger"
    try check(["ingest", log.events, "--ledger", log["n.ledger"], "--rejects", spelled], 64, "n.ledger there")
    #expect(!FileManager.default.fileExists(atPath: log["n.ledger"]))
  }

  @Test func `64 where refused rows would go over the result or its messages`() throws {
    let log = try SampleLog()
    for (rest, says) in [
      ("r.txt > r.txt 2> e.txt", "standard output goes"), ("./r.txt >> r.txt 2> e.txt", "standard output goes"),
      ("/dev/stdout > r.txt 2> e.txt", "standard output goes"), ("e.txt > r.txt 2> e.txt", "standard error goes"),
    ] {
      let command = "check \"$1\" --rejects \(rest)"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "rm -f r.txt e.txt; \"$0\" \(command)", Tool.executable.path, log.events]
      process.currentDirectoryURL = log.scratch.folder
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 64, "\(command)")
      #expect(try String(contentsOfFile: log["r.txt"], encoding: .utf8).isEmpty, "\(command)")
      #expect(try String(contentsOfFile: log["e.txt"], encoding: .utf8).contains(says), "\(command)")
    }
  }

  // Refused rows and the report were one stream in a pipe, and on a terminal; what came from it was neither.
  @Test func `64 where refused rows would go into the pipe of the result, and where it is no file's name`() throws {
    let log = try SampleLog()
    for (rest, code, says) in [
      ("--rejects /dev/stdout 2> e.txt | cat > r.txt", 64, "standard output goes, and both would be one stream"),
      ("--rejects /dev/stderr 2>&1 >/dev/null | cat > e.txt", 64, "standard error goes, and both would be one stream"),
      ("- --rejects /dev/stdin < <(cat \"$1\") 2> e.txt > r.txt", 64, "is standard input, which this run reads"),
      ("--rejects - 2> e.txt > r.txt", 64, "--rejects -: standard output is for the result"),
      ("--rejects ./- 2> e.txt > r.txt", 0, ""), ("--rejects >(cat > s.csv) 2> e.txt | cat > r.txt", 0, ""),
      ("--rejects /dev/null 2> e.txt > /dev/null", 0, ""),
    ] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c", "set -o pipefail; rm -f r.txt e.txt; touch r.txt; \"$0\" check \"$1\" \(rest)", Tool.executable.path,
        log.events,
      ]
      process.currentDirectoryURL = log.scratch.folder
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == Int32(code), "\(rest)")
      if code == 64 { #expect(try String(contentsOfFile: log["r.txt"], encoding: .utf8).isEmpty, "\(rest)") }
      #expect(try String(contentsOfFile: log["e.txt"], encoding: .utf8).contains(says) || says.isEmpty, "\(rest)")
    }
    #expect(try Tool.run(["config", "--rejects", "-"]).exitCode == 64)
    let terminal = try Tool.runOnTerminal(["check", log.events, "--rejects", "/dev/stdout"], columns: 80)
    #expect(terminal.exitCode == 64 && terminal.output.isEmpty)
  }

  @Test func `that saved ledgers keep no refused rows is said`() throws {
    let bad = try scratch.write(
      "bad.csv", "timestamp,kind,manager,partner,case\n2026-01-05,request,M1,P1,x1\nyesterday,request,M1,P1,x2\n")
    let ledger = scratch["x.ledger"].path
    let ingested = try Tool.run(["ingest", bad, "--ledger", ledger, "--max-bad", "90"])
    #expect(ingested.output.contains("it now holds 1 row in 1 case"), "\(ingested.output)")
    let rejects = ["--rejects", scratch["refused.csv"].path, "--max-bad", "90"]
    let alone = try Tool.run(["check", "--ledger", ledger, "--format", "json"] + rejects)
    #expect(
      alone.exitCode == 0 && alone.output.contains("No file of refused rows was written: saved ledgers keep counts"))
    #expect(!FileManager.default.fileExists(atPath: scratch["refused.csv"].path))
    let good = try scratch.write("good.csv", "timestamp,kind,manager,partner,case\n2026-01-05,request,M1,P1,x3\n")
    let beside = try Tool.run(["check", good, "--ledger", ledger, "--format", "json"] + rejects)
    #expect(beside.output.contains("The file of refused rows lacks 1 row of saved ledgers"), "\(beside.output)")
    #expect(!(try Tool.run(["check", good, "--format", "json"] + rejects)).output.contains("lacks"))
  }

  // After a job of hours; what would be read isn't there either, which is told later.
  @Test func `74 where the result would have no place, before anything is read`() throws {
    let (place, folder) = (scratch["none/result"].path, scratch["none"].path)
    for (arguments, what) in [
      (["score", "x.csv", "--output", place], "\(place): the folder can't be made"),
      (["ingest", "x.csv", "--ledger", place], "\(place): the ledger can't be written"),
      (["check", "x.csv", "--rejects", place], "--rejects \(place): can't be written"),
      (["plot", "ranking", "x.csv", "--output", place + ".svg"], "\(place).svg: can't be written"),
    ] {
      try check(arguments, 74, what)
      let said = try Tool.run(arguments).errors
      #expect(said.contains("there is no folder ") && said.contains(folder), "\(said)")
    }
    let file = try scratch.write("file", "")
    try check(["simulate", "--output", file + "/s"], 74, "is no folder")
  }

  @Test func `74 for a full disk, and a closed pipe is a normal end`() throws {
    let events = try SampleLog()
    for (redirection, code) in [(">/dev/full", Int32(74)), ("| true", 0), ("| head -1 >/dev/null", 0)] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c", "set -o pipefail; \"$0\" check \"$1\" --format json \(redirection) 2>/dev/null", Tool.executable.path,
        events.events,
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == code)
    }
  }

  // The ledger had the rows and the run ended with 74, so that whoever repeated it got 65 for ever after.
  @Test func `what is written and can't be told is no failure, and a result that can't be told is`() throws {
    let log = try SampleLog()
    func run(_ arguments: [String], _ redirection: String) throws -> (code: Int32, errors: String) {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = [
        "-c", "\"$0\" \"$@\" \(redirection) 2> '\(log["errors.txt"])'", Tool.executable.path,
      ]
      process.arguments?.append(contentsOf: arguments)
      try process.run()
      process.waitUntilExit()
      return (process.terminationStatus, try String(contentsOfFile: log["errors.txt"], encoding: .utf8))
    }
    for (number, redirection) in [">/dev/full", ">&-"].enumerated() {
      let (ledger, out, made) = (log["\(number).ledger"], log["out\(number)"], log["made\(number)"])
      for (arguments, place) in [
        (["ingest", log.events, "--ledger", ledger], ledger),
        (["score", "--ledger", ledger, "--draws", "200", "--output", out, "--quiet"], out),
        (["simulate", "--managers", "4", "--partners", "2", "--months", "2", "--output", made], made),
      ] {
        let told = try run(arguments, redirection)
        #expect(told.code == 0 && told.errors.hasPrefix("standard output: writing failed: "), "\(told.errors)")
        #expect(told.errors.contains("; \(place) is written and whole.\n"), "\(told.errors)")
        #expect(FileManager.default.fileExists(atPath: place))
      }
      let result = ["score", "--ledger", ledger, "--draws", "200", "--output", out, "--format", "json"]
      #expect(try run(result, redirection).code == 74)
      #expect(FileManager.default.fileExists(atPath: out + "/manifest.json"))
    }
  }

  @Test func `78 for the configuration`() throws {
    let config = try scratch.write("rapport.toml", "timezone = 'UTC'\nhalflife = 3\n")
    try check(
      ["check", "x.csv", "--config", config], 78,
      "rapport.toml:2: key 'halflife' isn't known; did you mean 'half-life'?")
  }

  /// Wrong values: as an option, as a line of `rapport.toml`, and what both must say.
  static let wrongValues: [(option: [String], line: String, says: String)] = [
    (["--timezone", "Europe/Londn"], "timezone = 'Europe/Londn'", "did you mean 'Europe/London'?"),
    (["--profile", "zendesk-ticket"], "profile = 'zendesk-ticket'", "did you mean 'zendesk-tickets'?"),
    (["--profile", "absent.toml"], "profile = 'absent.toml'", "can't be read"),
    (["--calendar", "ofice"], "default-calendar = 'ofice'", "calendar 'ofice' isn't defined"),
    (["--as-of", "noon"], "as-of = 'noon'", "found 'noon', expected a date"),
    (["--format", "jsn"], "format = 'jsn'", "did you mean 'json'?"),
    (["--map", "maneger=x"], "map = 'maneger=x'", "did you mean 'manager'?"),
  ]

  @Test(arguments: wrongValues.indices) func `a wrong value is 64 as an option and 78 in the file`(_ i: Int) throws {
    let (option, line, says) = Self.wrongValues[i]
    let log = try SampleLog()
    let config = try scratch.write("wrong.toml", "seed = 1\n\(line)\n")
    for command in [["check", log.events], ["config"]] {
      try check(command + option, 64, says)
      try check(command + ["--config", config], 78, says)
    }
  }

  @Test func `scoring options likewise`() throws {
    for (name, value, says) in [
      ("by", "helth", "did you mean 'health'?"), ("weights", "responsivness=2", "did you mean 'responsiveness'?"),
    ] {
      try check(["config", "--\(name)", value], 64, says)
      let config = try scratch.write("wrong.toml", "\(name) = '\(value)'\n")
      try check(["config", "--config", config], 78, "wrong.toml:1: \(name): ")
      try check(["config", "--config", config], 78, says)
    }
    let (absent, folder) = (scratch["absent.toml"].path, scratch.folder.path)
    try check(["config", "--config", absent], 64, "--config: '\(absent)' can't be read")
    try check(["config", "--config", folder], 64, "--config: '\(folder)' can't be read: Is a directory")
    try check(["simulate", "--settings", absent, "--output", scratch["s"].path], 64, "--settings: '\(absent)' can't")
    try check(["profiles", "zendesk-ticket"], 64, "did you mean 'zendesk-tickets'?")
  }

  @Test func `config refuses what a run would refuse`() throws {
    try check(["config", "--roster", scratch["absent.csv"].path], 66, "absent.csv")
    let roster = try scratch.write("roster.csv", "manager,calendar\nM1,office\n")
    try check(["config", "--roster", roster], 78, "manager 'M1': calendar 'office' isn't defined")
    let config = try scratch.write("rapport.toml", "[calendar.office]\nhours.mon = ['17:00-09:00']\n")
    try check(["config", "--config", config], 78, "ends before it begins")
    // Nobody uses it, and nothing is read: what is wrong is told all the same, with its place.
    let log = try SampleLog()
    let told = "\(config):2: calendar.office.hours.mon: '17:00-09:00' ends before it begins"
    for command in [["check", log.events], ["ingest", log.events, "--ledger", scratch["x.ledger"].path]] {
      try check(command + ["--config", config], 78, told)
    }
    let profile = try scratch.write("mine.toml", "name = 'mine'\n[columns]\nmaneger = 'x'\n")
    try check(["config", "--profile", profile], 78, "did you mean 'manager'?")
  }

  @Test func `a roster in a folder of events is told, and passed over once it is given as one`() throws {
    let log = try SampleLog()
    let folder = log.scratch.folder.path
    try check(["check", folder], 65, "give it with --roster \(folder)/managers.csv")
    #expect(try Tool.run(["check", folder, "--roster", log.roster]).exitCode == 0)
    #expect(try Tool.run(["check", folder + "/*.csv", "--roster", folder + "/./managers.csv"]).exitCode == 0)
  }
}
