import Foundation
import RapportTestSupport
import Testing

/// When tables have colour and bold print.
@Suite struct ColorTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  private static let escape: Character = "\u{1B}"

  private func rank(_ options: String...) -> [String] {
    ["rank", log.events, "--draws", "200", "--by", "trust"] + options
  }

  /// The text without what only changes its looks.
  private static func plain(_ text: String) -> String {
    text.replacing(try! Regex("\u{1B}\\[[0-9;]*m"), with: "")
  }

  @Test func `a pipe has none unless it is always wanted`() throws {
    let plain = try Tool.run(rank(), environment: ["TERM": "xterm"])
    #expect(plain.exitCode == 0 && !plain.output.contains(Self.escape))
    #expect(try Tool.run(rank("--color", "auto")).output == plain.output)
    #expect(try Tool.run(rank("--color", "never")).output == plain.output)
    let colored = try Tool.run(rank("--color", "always"), environment: ["NO_COLOR": "1"])
    #expect(colored.output.contains("\u{1B}[36m─") && colored.output.contains("\u{1B}[1m●\u{1B}[0m"))
    #expect(Self.plain(colored.output) == plain.output)
  }

  @Test func `a terminal has it, unless the user or the terminal says no`() throws {
    let colored = try Tool.runOnTerminal(rank(), columns: 120)
    #expect(colored.exitCode == 0, "\(colored.errors)")
    #expect(colored.output.contains("\u{1B}[36m─") && colored.output.hasPrefix("\u{1B}[1m"))
    let plain = try Tool.runOnTerminal(rank("--color", "never"), columns: 120).output
    #expect(Self.plain(colored.output) == plain && !plain.contains(Self.escape))
    #expect(try Tool.runOnTerminal(rank(), columns: 120, environment: ["NO_COLOR": "1"]).output == plain)
    #expect(try Tool.runOnTerminal(rank(), columns: 120, environment: ["TERM": "dumb"]).output == plain)
    #expect(try Tool.runOnTerminal(rank(), columns: 120, environment: ["NO_COLOR": ""]).output == colored.output)
    let wanted = try Tool.runOnTerminal(rank("--color", "always"), columns: 120, environment: ["NO_COLOR": "1"])
    #expect(wanted.output == colored.output)
  }

  @Test func `lines fit the terminal with colour as without`() throws {
    for columns in [40, 72, 100] {
      let lines = Self.plain(try Tool.runOnTerminal(rank(), columns: columns).output).split(separator: "\n")
      #expect(!lines.isEmpty && lines.allSatisfy { $0.count <= columns })
    }
  }

  @Test func `what has no colour says so`() throws {
    for format in ["csv", "json"] {
      let run = try Tool.run(rank("--color", "always", "--format", format))
      #expect(run.exitCode == 64 && run.errors.contains("--color always: \(format) has no colour"))
    }
    let wrong = try Tool.run(rank("--color", "sometimes"))
    #expect(wrong.exitCode == 64 && wrong.errors.contains("one of auto, always, never"))
  }
}
