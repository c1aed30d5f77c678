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
      "data-quality.json",
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
    #expect(try FileManager.default.contentsOfDirectory(atPath: log["out"]).count == 9)
    // What stands there and isn't rapport's is refused before any work.
    let taken = try Tool.run(["score", "absent.csv", "--output", log.scratch.folder.path])
    #expect(taken.exitCode == 73)
    #expect(taken.output.isEmpty)
  }

  @Test func `prints the assessment as JSON, managers as CSV, and where time went`() throws {
    let json = try Tool.run(["score", log.events, "--format", "json", "--draws", "200", "--quiet"])
    #expect(json.exitCode == 0 && json.errors.isEmpty)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["managers"] as? [Any])?.count == 6)
    let csv = try Tool.run(["score", log.events, "--format", "csv", "--draws", "200", "--verbose"])
    #expect(csv.output.hasPrefix("id,"))
    #expect(csv.output.split(separator: "\n").count == 7)
    for part in ["reading", "deriving", "scoring", "share", "events/s", "MB/s", "peak memory"] {
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
}
