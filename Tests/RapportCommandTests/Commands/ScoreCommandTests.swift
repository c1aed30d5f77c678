import Foundation
import RapportReporting
import RapportTestSupport
import Testing

@Suite struct ScoreCommandTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  @Test func `writes all files, the same bytes for any threads and chunks, and says where they are`() throws {
    let names = [
      "assessment.json", "managers.csv", "pairs.csv", "partners.csv", "favouritism.csv", "factors.csv",
      "trends.csv", "data-quality.json",
    ]
    var first: [String: Data] = [:]
    for (threads, chunk) in [(1, 1_000_000), (2, 100), (7, 4096)] {
      let run = try Tool.run([
        "score", log.events, "--roster", log.roster, "--output", log["out"], "--threads", "\(threads)", "--chunk-bytes",
        "\(chunk)", "--draws", "200",
      ])
      #expect(run.exitCode == 0)
      #expect(run.errors.isEmpty)
      #expect(run.output.contains("Report: \(log["out"])/report.html"))
      #expect(run.output.contains("6 managers, 2 partners"))
      for name in names {
        let data = try Data(contentsOf: log.scratch["out/\(name)"])
        if let before = first[name] { #expect(before == data) }
        first[name] = data
      }
      let manifest = try String(contentsOf: log.scratch["out/manifest.json"], encoding: .utf8)
      #expect(manifest.contains("\"threads\": \(threads)"))
    }
    let html = try String(contentsOf: log.scratch["out/report.html"], encoding: .utf8)
    #expect(html.contains("<bdi>M6</bdi>"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: log["out"]).count == 10)
    // What stands there and isn't rapport's is refused before any work.
    let taken = try Tool.run(["score", "absent.csv", "--output", log.scratch.folder.path])
    #expect(taken.exitCode == 73)
    #expect(taken.output.isEmpty)
  }

  @Test func `results don't tell where the input lay, what it was called or how it was packed; the manifest does`()
    throws
  {
    var text = try String(contentsOf: log.scratch["events.csv"], encoding: .utf8)
    text += "2026-04-20T09:00,reqest,M1,P1,R900,,,\n2026-04-31,request,M1,P1,R901,,,\n"
    let plain = try log.scratch.write("dirty.csv", text)
    try FileManager.default.createDirectory(at: log.scratch["other"], withIntermediateDirectories: true)
    let packed = log["other/export.csv.gz"]
    #expect(FileManager.default.createFile(atPath: packed, contents: nil))
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-c", plain]
    gzip.standardOutput = try FileHandle(forWritingTo: log.scratch["other/export.csv.gz"])
    try gzip.run()
    gzip.waitUntilExit()
    try #require(gzip.terminationStatus == 0)

    var first: [String: Data] = [:]
    for (input, name) in [(plain, "dirty.csv"), (packed, "export.csv.gz"), ("-", "standard input")] {
      let run = try Tool.run(
        ["score", input, "--output", log["out"], "--draws", "200"], input: input == "-" ? Data(text.utf8) : Data())
      #expect(run.exitCode == 0)
      for file in ["assessment.json", "data-quality.json", "managers.csv"] {
        let data = try Data(contentsOf: log.scratch["out/\(file)"])
        if let before = first[file] { #expect(before == data, "\(file) of \(name)") }
        first[file] = data
      }
      let manifest = try String(contentsOf: log.scratch["out/manifest.json"], encoding: .utf8)
      #expect(manifest.contains("\"input 1\": \"\(name)\""))
    }
    let quality = String(decoding: try #require(first["data-quality.json"]), as: UTF8.self)
    let lines = text.split(separator: "\n").count
    #expect(quality.contains("input 1, line \(lines - 1): kind 'reqest'"))
    let check = try Tool.run(["check", plain])
    #expect(check.output.contains(": 2 refused ("))
    let words = check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("dirty.csv:\(lines - 1): kind 'reqest'"))
    #expect(try Tool.run(["check", plain, "--format", "json"]).output.contains("input 1, line \(lines - 1)"))
  }

  @Test func `prints the assessment as JSON, managers as CSV, and where time went`() throws {
    let json = try Tool.run(["score", log.events, "--format", "json", "--draws", "200", "--quiet"])
    #expect(json.exitCode == 0 && json.errors.isEmpty)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["managers"] as? [Any])?.count == 6)
    let csv = try Tool.run(["score", log.events, "--format", "csv", "--draws", "200", "--verbose"])
    #expect(csv.output.hasPrefix("id,"))
    #expect(csv.output.split(separator: "\n").count == 7)
    for part in ["reading", "deriving", "scoring", "share", "events/s", "MB/s", "CPU s", "peak MB"] {
      #expect(csv.errors.contains(part))
    }
  }

  @Test func `a file-size limit stands in for a full disk`() throws {
    // 16 blocks of 1024 bytes are less than assessment.json.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -f 16; exec \"$0\" score \"$1\" --output \"$2\" --draws 200 >\"$3\" 2>&1", Tool.executable.path,
      log.events, log["full"], "/dev/null",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 74)
    let names = try FileManager.default.contentsOfDirectory(atPath: log.scratch.folder.path)
    #expect(names.sorted() == ["events.csv", "managers.csv"])
  }

  // The README promises that `make demo` prints this, in part: its beginning, to the letter.
  @Test func `the sample's summary begins as the README shows it`() throws {
    let blocks = try Repository.text("README.md").components(separatedBy: "\n```\n")
    let shown = try #require(blocks.first { $0.hasPrefix("30 managers, 6 partners") })
    let run = try Tool.run(
      ["score", "Datasets/sample/events.csv", "--config", "Datasets/sample/rapport.toml"], in: Repository.root)
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix(shown + "\n"))
  }
}
