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
    try check(["ranke"], 64, "Unexpected argument")
    try check(["simulate", "--output", scratch["s"].path, "--discipline", "fif"], 64, "first-in-first-out")
    try check(["simulate", "--output", scratch["s"].path, "--managers", "0"], 64, "managers is 0")
    try check(["config", "events.csv"], 64, "reads no events")
  }

  @Test func `65 and 66 for the input`() throws {
    try check(["check", scratch["absent.csv"].path], 66, "absent.csv")
    try check(["check", scratch.write("empty.csv", "")], 66, "empty.csv")
    try check(["check", scratch.write("header.csv", "timestamp,kind,manager\n")], 65, "header.csv")
    let bad = try scratch.write("bad.csv", "timestamp,kind,manager,partner,case\nyesterday,request,M1,P1,1\n")
    try check(["check", bad], 65, "bad.csv:2")
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

  @Test func `78 for the configuration`() throws {
    let config = try scratch.write("rapport.toml", "timezone = 'UTC'\nhalflife = 3\n")
    try check(
      ["check", "x.csv", "--config", config], 78,
      "rapport.toml:2: key 'halflife' isn't known; did you mean 'half-life'?")
    try check(["check", "x.csv", "--config", scratch["absent.toml"].path], 78, "absent.toml")
    try check(["check", "x.csv", "--profile", "zendesk-ticket"], 78, "did you mean 'zendesk-tickets'?")
  }
}
