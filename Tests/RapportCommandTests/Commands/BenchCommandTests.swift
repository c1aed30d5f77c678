import Foundation
import RapportTestSupport
import Testing

@testable import RapportCommand

@Suite struct BenchCommandTests {
  @Test func `a small study says how time and memory grow, and leaves nothing behind`() throws {
    let scratch = try Scratch()
    let run = try Tool.run([
      "bench", "--events", "2000,6000", "--managers", "5,20", "--at", "2000", "--jobs", "ingest", "--runs", "2",
      "--scratch", scratch.folder.path, "--output", scratch["made"].path, "--format", "json",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let tree = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let bench = try #require(tree["bench"] as? [String: Any])
    let measurements = try #require(bench["measurements"] as? [[String: Any]])
    #expect(measurements.map { $0["along"] as? String } == ["events", "events", "managers", "managers"])
    #expect(measurements.suffix(2).map { $0["managers"] as? Int } == [5, 20])
    for one in measurements {
      let (seconds, bytes) = (try #require(one["seconds"] as? Double), try #require(one["peakMemoryBytes"] as? Double))
      #expect(seconds > 0 && seconds < 60 && bytes > 5e6 && bytes < 1e9)
      let (events, fileBytes) = (try #require(one["events"] as? Int), try #require(one["bytes"] as? Int))
      #expect((500...12_000).contains(events) && (40...120).contains(fileBytes / events))
    }
    #expect((bench["exponents"] as? [[String: Any]])?.count == 2)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch["made"].path).sorted() == [
        "memory-by-events.svg", "memory-by-managers.svg", "scale.csv", "time-by-events.svg", "time-by-managers.svg",
      ])
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
    #expect(left == ["made"], "\(left)")
  }

  @Test func `a reader that goes away takes neither the files nor the tidying along`() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(at: scratch["logs"], withIntermediateDirectories: false)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c",
      "set -o pipefail; \"$0\" bench --events 1000 --jobs ingest --runs 1 --scratch \"$1\" --output \"$2\" --quiet | true",
      Tool.executable.path, scratch["logs"].path, scratch["made"].path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["made"].path) == ["scale.csv"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["logs"].path).isEmpty)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `a signal ends the study, and nothing is left`(_ signal: Int32) throws {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = Tool.executable
    process.arguments = [
      "bench", "--events", "300000", "--jobs", "score", "--runs", "9", "--scratch", scratch.folder.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Its folder is there once it listens.
    while process.isRunning, try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty {
      usleep(1000)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty)
  }

  @Test func `what can't be measured is told`() throws {
    for (options, message) in [
      (["--events", "5"], "--events: found '5', expected whole numbers from 1000"),
      (["--events", "1000,"], "--events: found ''"), (["--managers", "1"], "--managers: found '1'"),
      (["--jobs", "scor"], "--jobs: found 'scor', expected ingest or score; did you mean 'score'?"),
      (["--runs", "0"], "--runs: found 0"), (["--at", "10"], "--at: found 10"),
    ] {
      let run = try Tool.run(["bench"] + options)
      #expect(run.exitCode == 64 && run.errors.contains(message), "\(run.errors)")
    }
    let nowhere = try Tool.run(["bench", "--scratch", "/nowhere/at/all"])
    #expect(nowhere.exitCode == 74 && nowhere.errors.contains("/nowhere/at/all: no folder can be made there"))
  }

  @Test func `the slope of logarithms is the power`() {
    // y = 3 x^1.5
    let x = [10.0, 100, 1000].map { Foundation.log($0) }
    let y = [10.0, 100, 1000].map { Foundation.log(3 * Foundation.pow($0, 1.5)) }
    #expect(abs(ScaleStudy.slope(x, y) - 1.5) < 1e-12)
    #expect(ScaleView.decades(0.3, 42) == [0.1, 1, 10, 100] && ScaleView.decades(5, 5) == [1, 10])
  }

  @Test func `verbose tells time, rates and memory of each stage`() throws {
    let log = try SampleLog()
    let scratch = try Scratch()
    let run = try Tool.run(["ingest", log.events, "--ledger", scratch["a.ledger"].path, "--verbose"])
    let lines = run.errors.split(separator: "\n").map { $0.split(whereSeparator: { $0 == " " }).map(String.init) }
    #expect(lines.first == ["stage", "seconds", "CPU", "s", "share", "MB/s", "events/s", "peak", "MB"])
    #expect(lines.dropFirst(2).prefix(3).map { $0[0] } == ["reading", "writing", "all"])
    let reading = try #require(lines.first { $0[0] == "reading" })
    // seconds, CPU seconds, share with its sign, bytes and events a second, memory
    #expect(reading.count == 8 && Double(reading[1]) != nil && Double(reading[5]) ?? 0 > 0)
    #expect(Double(reading[7]) ?? 0 > 5)
    // A command without stages tells the whole.
    let whole = try Tool.run(["profiles", "--verbose"])
    #expect(whole.errors.contains(" CPU s, peak memory ") && !whole.output.contains("peak memory"))
  }
}
