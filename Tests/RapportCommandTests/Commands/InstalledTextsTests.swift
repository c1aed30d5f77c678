import Foundation
import RapportTestSupport
import Testing

/// What `make install` puts beside the tool.
@Suite struct InstalledTextsTests {
  /// Runs a program; its exit code and what it said on either output.
  static func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, said: String) {
    let scratch = try Scratch()
    try Data().write(to: scratch["said"])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = Repository.root
    let said = try FileHandle(forWritingTo: scratch["said"])
    process.standardOutput = said
    process.standardError = said
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: try Data(contentsOf: scratch["said"]), as: UTF8.self))
  }

  @Test func `every command has a man page without warnings`() throws {
    guard let python = Tool.path(of: "python3") else {
      print("Skipped: every command has a man page. python3 isn't on the PATH.")
      return
    }
    let scratch = try Scratch()
    let made = try Self.run(python, ["scripts/man-pages.py", Tool.executable.path, scratch.folder.path])
    #expect(made.code == 0, "\(made.said)")
    let pages = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).sorted()
    #expect(
      pages.contains("rapport.1") && pages.contains("rapport-plot-trend.1") && pages.contains("rapport-fit-cox.1"))
    let trend = try String(contentsOf: scratch["rapport-plot-trend.1"], encoding: .utf8)
    #expect(trend.contains("\\fB\\-\\-manager\\fR \\fIid\\fR") && trend.contains(".SH EXAMPLES"))
    #expect(try String(contentsOf: scratch["rapport.1"], encoding: .utf8).contains("\\fB65\\fR\nreadable but unusable"))
    guard let groff = Tool.path(of: "groff") else {
      print("Skipped: man pages without warnings. groff isn't on the PATH.")
      return
    }
    for page in pages {
      let checked = try Self.run(groff, ["-man", "-Tutf8", "-ww", "-z", scratch[page].path])
      #expect(checked.code == 0 && checked.said.isEmpty, "\(page): \(checked.said)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `completions are a script that the shell reads`(shell: String) throws {
    let script = try Tool.run(["--generate-completion-script", shell])
    #expect(script.exitCode == 0 && script.output.contains("favouritism") && script.output.contains("evenness"))
    guard let program = Tool.path(of: shell) else {
      print("Skipped: completions are a script that \(shell) reads. \(shell) isn't on the PATH.")
      return
    }
    let scratch = try Scratch()
    let read = try Self.run(program, ["-n", try scratch.write("script", script.output)])
    #expect(read.code == 0 && read.said.isEmpty, "\(read.said)")
  }
}
