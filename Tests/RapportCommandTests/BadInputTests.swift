import Foundation
import RapportTestSupport
import Testing

/// What goes wrong in practice: each gives its exit code, says where and what to do, and leaves no output folder behind.
@Suite struct BadInputTests {
  static let header = "timestamp,kind,manager,partner,case"
  static let good = header + "\n2026-01-05T09:00:00Z,request,m1,p1,c1\n2026-01-05T10:00:00Z,response,m1,p1,c1\n"

  /// One kind of bad input: what to write, what to say to `rapport score`, and what must come back.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var name: String
    var file = "events.csv"
    var content: Data
    var arguments: [String] = []
    var exitCode: Int32
    /// Each of these stands in the message.
    var says: [String]
    var testDescription: String { name }

    init(
      _ name: String, file: String = "events.csv", _ content: String, arguments: [String] = [], exit: Int32,
      says: [String]
    ) {
      self.init(name, file: file, bytes: Data(content.utf8), arguments: arguments, exit: exit, says: says)
    }
    init(
      _ name: String, file: String = "events.csv", bytes: Data, arguments: [String] = [], exit: Int32, says: [String]
    ) {
      (self.name, self.file, self.content) = (name, file, bytes)
      (self.arguments, self.exitCode, self.says) = (arguments, exit, says)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("missing column", "timestamp,kind,partner,case\n2026-01-05,request,p1,c1\n", exit: 65, says: ["manager"]),
    Mistake(
      "misspelt column", "timestamp,kind,manger,partner,case\n2026-01-05,request,m1,p1,c1\n", exit: 65,
      says: ["manager", "manger"]),
    Mistake(
      "wrong kind", header + "\n2026-01-05,reqest,m1,p1,c1\n", exit: 65, says: ["events.csv:2", "reqest", "request"]),
    Mistake(
      "bad time", header + "\n2026-13-45,request,m1,p1,c1\n", exit: 65, says: ["events.csv:2", "2026-13-45"]),
    Mistake("event of the year 2099", header + "\n2099-01-05,request,m1,p1,c1\n", exit: 65, says: ["events.csv:2"]),
    Mistake("empty file", "", exit: 66, says: ["events.csv", "0 bytes"]),
    Mistake("header only", header + "\n", exit: 65, says: ["events.csv"]),
    Mistake("duplicate header", header + ",kind\n2026-01-05,request,m1,p1,c1,request\n", exit: 65, says: ["kind"]),
    Mistake(
      "wrong delimiter", "timestamp|kind|manager|partner|case\n2026-01-05|request|m1|p1|c1\n", exit: 65,
      says: ["events.csv:1"]),
    Mistake(
      "both shapes", header + ",opened\n2026-01-05,request,m1,p1,c1,2026-01-05\n", exit: 65,
      says: ["kind", "opened"]),
    Mistake("neither shape", "when,who\n2026-01-05,m1\n", exit: 65, says: ["kind", "opened"]),
    Mistake(
      "invalid UTF-8", bytes: Data((header + "\n2026-01-05,request,m").utf8) + [0xff, 0xfe] + Data(",p1,c1\n".utf8),
      exit: 65, says: ["events.csv:2", "UTF-8"]),
    Mistake(
      "binary file", bytes: Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 256) }), exit: 65,
      says: ["events.csv"]),
    Mistake(
      "truncated gzip", file: "events.csv.gz",
      bytes: Data([
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x2b, 0xc9, 0xcc, 0x4d, 0x2d, 0x2e, 0x49, 0xcc, 0x2d, 0xd0, 0xc9,
      ]),
      exit: 66, says: ["events.csv.gz"]),
    Mistake(
      "plain text named .gz", file: "events.csv.gz", "timestamp,kind\n", exit: 65, says: ["events.csv.gz:1", "manager"]),
    Mistake(
      "a 50 MB line", header + "\n2026-01-05,request,m1,p1," + String(repeating: "c", count: 50_000_000) + "\n",
      exit: 65, says: ["events.csv:2"]),
    Mistake(
      "a quote never closed", header + "\n2026-01-05,request,\"m1,p1,c1\n2026-01-06,request,m1,p1,c2\n", exit: 65,
      says: ["events.csv:2"]),
    Mistake(
      "broken JSON", file: "events.ndjson", "{\"timestamp\": \"2026-01-05\", \"kind\": \"request\",\n", exit: 65,
      says: ["events.ndjson:1"]),
    Mistake(
      "foreign name that the header lacks", good, arguments: ["--map", "case=ticket"], exit: 65, says: ["ticket"]),
    Mistake(
      "mapped to a column that isn't Rapport's", good, arguments: ["--map", "maneger=manager"], exit: 64,
      says: ["--map: 'maneger=manager': the contract has no column 'maneger'", "did you mean 'manager'?"]),
    Mistake(
      "a roster among the events", "manager,unit\nm1,sales\n", exit: 65,
      says: ["looks like a roster of managers", "--roster"]),
    Mistake("a ledger among the events", "RAPPORT\n\u{1}\u{0}", exit: 65, says: ["this is a ledger", "--ledger"]),
    Mistake("unknown profile", good, arguments: ["--profile", "servicenow"], exit: 64, says: ["servicenow"]),
    Mistake("unknown time zone", good, arguments: ["--timezone", "Europe/Londn"], exit: 64, says: ["Europe/London"]),
    Mistake(
      "misspelt mapping of a long input", file: "cases.ndjson",
      String(
        repeating: #"{"case":"c","manager":"m","opened":"2026-01-05","solved_at":"2026-01-06"}"# + "\n", count: 1500),
      arguments: ["--map", "responded=solved_att"], exit: 65,
      says: ["cases.ndjson:1", "no column 'solved_att'; did you mean 'solved_at'?"]),
    Mistake("unreadable option", good, arguments: ["--max-bad", "many"], exit: 64, says: ["max-bad"]),
    Mistake("unknown option", good, arguments: ["--mx-bad", "1%"], exit: 64, says: ["mx-bad"]),
  ]

  @Test(arguments: mistakes) func `is refused with place and cure`(_ mistake: Mistake) throws {
    let scratch = try Scratch()
    try mistake.content.write(to: scratch[mistake.file])
    let run = try Tool.run(
      ["score", scratch[mistake.file].path, "--output", scratch["out"].path] + mistake.arguments)
    #expect(run.exitCode == mistake.exitCode, "\(run.errors)")
    for phrase in mistake.says {
      #expect(run.errors.contains(phrase), "'\(phrase)' is missing in: \(run.errors)")
    }
    #expect(run.output.isEmpty, "results on a refused input: \(run.output.prefix(200))")
    #expect(try leftovers(in: scratch) == [mistake.file])
  }

  @Test func `mixed zones are read, and each time stands where its offset puts it`() throws {
    // 10:00+02:00 is 08:00Z, 90 minutes before 09:30Z: one answered request of 5400 s.
    let scratch = try Scratch()
    let path = try scratch.write(
      "events.csv",
      Self.header + "\n2026-01-05T10:00:00+02:00,request,m1,p1,c1\n2026-01-05T09:30:00Z,response,m1,p1,c1\n"
    )
    let run = try Tool.run(["score", path, "--format", "json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let assessment = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let partner = try #require((assessment["partners"] as? [[String: Any]])?.first)
    #expect((partner["wait"] as? [String: Any])?["median"] as? Double == 5400)
  }

  @Test func `a missing file`() throws {
    let scratch = try Scratch()
    let run = try Tool.run(["score", scratch["absent.csv"].path])
    #expect(run.exitCode == 66)
    #expect(run.errors.contains("absent.csv"))
  }

  @Test func `a folder without event files`() throws {
    let scratch = try Scratch()
    try scratch.write("notes.txt", "nothing to see")
    let run = try Tool.run(["score", scratch.folder.path])
    #expect(run.exitCode == 66)
  }

  @Test func `nothing on standard input`() throws {
    #expect(try Tool.run(["score", "-"]).exitCode == 66)
  }

  // Root may read everything, so a folder stands in for a file that can't be read.
  @Test func `a file that can't be read`() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(at: scratch["events.csv"], withIntermediateDirectories: true)
    #expect(try Tool.run(["score", scratch["events.csv"].path]).exitCode == 66)
  }

  @Test func `an unknown key in the configuration`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    let config = try scratch.write("rapport.toml", "timezon = \"Europe/London\"\n")
    let run = try Tool.run(["score", events, "--config", config])
    #expect(run.exitCode == 78)
    #expect(run.errors.contains("timezon") && run.errors.contains("timezone"))
  }

  @Test func `a configuration that isn't TOML`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    let config = try scratch.write("rapport.toml", "timezone = = 3\n")
    #expect(try Tool.run(["score", events, "--config", config]).exitCode == 78)
  }

  @Test func `a ledger that is not one, and one that was damaged`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    let foreign = try scratch.write("foreign.ledger", "not a ledger")
    #expect(try Tool.run(["score", "--ledger", foreign]).exitCode != 0)
    let path = scratch["events.ledger"].path
    #expect(try Tool.run(["ingest", events, "--ledger", path]).exitCode == 0)
    var bytes = try Data(contentsOf: scratch["events.ledger"])
    bytes[bytes.count / 2] ^= 0x40
    try bytes.write(to: scratch["events.ledger"])
    let run = try Tool.run(["score", "--ledger", path])
    #expect(run.exitCode == 65 || run.exitCode == 66)
    #expect(run.errors.contains("events.ledger"))
  }

  @Test func `an output folder that rapport didn't write`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    try FileManager.default.createDirectory(at: scratch["out"], withIntermediateDirectories: true)
    try scratch.write("out/precious.txt", "mine")
    let run = try Tool.run(["score", events, "--output", scratch["out"].path])
    #expect(run.exitCode == 73)
    #expect(FileManager.default.fileExists(atPath: scratch["out/precious.txt"].path))
  }

  @Test func `a full disk`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    // A file-size limit of one block fails as a full disk does: the write returns an error half way.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" score \"$1\" --output \"$2\"", Tool.executable.path, events,
      scratch["out"].path,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 74)
    #expect(try leftovers(in: scratch) == ["events.csv"])
  }

  @Test func `a reader that goes away is a normal end`() throws {
    let scratch = try Scratch()
    let events = try scratch.write("events.csv", Self.good)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "set -o pipefail; \"$0\" score \"$1\" --format json | head -c 1 >/dev/null", Tool.executable.path, events,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }

  private func leftovers(in scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).sorted()
  }
}
