import Foundation
import RapportTestSupport
import Testing

@Suite struct PlotCommandTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  static let converter: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/rsvg-convert" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  func plot(_ arguments: String...) throws -> Tool.Run {
    try Tool.run(["plot", arguments[0], log.events, "--draws", "200"] + arguments.dropFirst())
  }

  @Test func `each plot is an SVG on standard output, and nothing else is there`() throws {
    for arguments in [
      ["ranking"], ["funnel", "--indicator", "promises-kept-on-time"], ["trend", "--manager", "M2"],
      ["wait", "--manager", "M2"], ["evenness"], ["evenness", "--partner", "P1"],
    ] {
      let run = try Tool.run(
        ["plot", arguments[0], log.events, "--draws", "200", "-o", "-"] + arguments.dropFirst())
      // Six managers are too few for some: then that is said, and nothing is written.
      let isDrawn = run.exitCode == 0
      #expect(isDrawn || run.exitCode == 65 && run.errors.contains("there is nothing to draw"))
      #expect(isDrawn == run.output.hasPrefix("<?xml ") && isDrawn == run.output.hasSuffix("</svg>\n"))
      if arguments[0] != "funnel" && arguments[0] != "trend" { #expect(isDrawn, "\(arguments): \(run.errors)") }
    }
  }

  /// The sample that comes with the project: managers and months enough for a funnel and trends, too few for factors.
  @Test func `the sample's funnel and trends are drawn, and why there are no factors is told`() throws {
    func plot(_ arguments: String...) throws -> Tool.Run {
      try Tool.run(
        ["plot"] + arguments + [
          "Datasets/sample/events.csv", "--config", "Datasets/sample/rapport.toml", "--draws", "200", "-o", "-",
        ], in: Repository.root)
    }
    let funnel = try plot("funnel", "--indicator", "promises-kept-on-time")
    #expect(funnel.exitCode == 0 && funnel.output.contains("promises kept on time"), "\(funnel.errors)")
    let trend = try plot("trend", "--manager", "M14")
    #expect(trend.exitCode == 0 && trend.output.contains("Trends of M14"), "\(trend.errors)")
    let factors = try plot("factors")
    #expect(factors.exitCode == 65 && factors.errors.contains("17 indicators need 51 managers"), "\(factors.errors)")
    #expect(factors.output.isEmpty)
  }

  @Test func `a file is written whole, and what replaces it likewise`() throws {
    let path = log["ranking.svg"]
    try Data("earlier".utf8).write(to: URL(fileURLWithPath: path))
    let run = try plot("ranking", "-o", path)
    #expect(run.exitCode == 0 && run.output.isEmpty)
    #expect(run.errors.contains("Wrote \(path): Tiers by health.") || run.errors.contains("Ranking by health."))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasPrefix("<?xml ") && text.hasSuffix("</svg>\n") && text.contains(">M1</text>"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: log.scratch.folder.path).sorted()
        == ["events.csv", "managers.csv", "ranking.svg"])
  }

  @Test(arguments: ["svg", "png"]) func `a link stays one, and a drawing its readers'`(ending: String) throws {
    guard ending == "svg" || Self.converter != nil else {
      print("Skipped: a link stays one, and a drawing its readers'. rsvg-convert isn't on the PATH (librsvg2-bin).")
      return
    }
    let (path, link) = (log["shared.\(ending)"], log["link.\(ending)"])
    try Data().write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "shared.\(ending)")
    let run = try plot("wait", "--manager", "M1", "-o", link)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "shared.\(ending)")
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600 && attributes[.size] as? Int ?? 0 > 1000)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: log.scratch.folder.path).sorted()
        == ["events.csv", "link.\(ending)", "managers.csv", "shared.\(ending)"])
  }

  @Test func `the same input gives the same bytes`() throws {
    let first = try plot("wait", "--manager", "M1", "-o", "-", "--threads", "1")
    #expect(first.exitCode == 0)
    #expect(try plot("wait", "--manager", "M1", "-o", "-", "--threads", "3").output == first.output)
  }

  @Test func `what is wrong is told before any work`() throws {
    for (arguments, says) in [
      (["ranking", "-o", log["x.pdf"]], "found the ending '.pdf', expected .svg or .png"),
      (["ranking", "-o", log["x"]], "there is no ending"),
      (["ranking", "-o", log["x.svg"], "--width", "300"], "--width is for PNG"),
      (["ranking", "-o", log["x.png"], "--width", "3"], "--width: found 3, expected pixels from 100"),
      (["ranking", "-o", log["x.svg"], "--format", "json"], "--format json isn't for plots"),
      (["ranking", "-o", log["x.svg"], "--limit", "1"], "--limit is 1"),
      (["ranking"], "--output"),
      (["funnel", "-o", log["x.svg"]], "--indicator"), (["funnel", "-o", log["x.svg"]], "promises-kept-on-time"),
      (["rankng"], "rankng"),
    ] {
      let run = try Tool.run(["plot"] + arguments + ["absent.csv"])
      #expect(run.exitCode == 64 && run.errors.contains(says), "\(arguments): \(run.errors)")
    }
  }

  @Test func `unknown names are told with the nearest`() throws {
    for (arguments, says) in [
      (["trend", "--manager", "M11"], "--manager 'M11': no event names this manager; did you mean 'M1'?"),
      (["wait", "--manager", "M11"], "did you mean 'M1'?"),
      (["evenness", "--partner", "P11"], "--partner 'P11': no event names this partner; did you mean 'P1'?"),
    ] {
      let run = try Tool.run(["plot", arguments[0], log.events, "--draws", "200", "-o", "-"] + arguments.dropFirst())
      #expect(run.exitCode == 64 && run.errors.contains(says) && run.output.isEmpty, "\(run.errors)")
    }
  }

  @Test func `a file that can't be written`() throws {
    let run = try plot("ranking", "-o", log["no/such/folder.svg"])
    #expect(run.exitCode == 74 && run.errors.contains("can't be written"))
  }

  @Test func `PNG without its converter`() throws {
    let run = try Tool.run(["plot", "ranking", "absent.csv", "-o", log["x.png"]], environment: ["PATH": "/nowhere"])
    #expect(run.exitCode == 74)
    #expect(run.errors.contains("apt-get install librsvg2-bin") && run.errors.contains("or write an .svg"))
  }

  // The header of a PNG: eight bytes of signature, IHDR, then width and height.
  @Test func `PNG has the width that was asked`() throws {
    guard Self.converter != nil else {
      print("Skipped: PNG has the width that was asked. rsvg-convert isn't on the PATH (librsvg2-bin).")
      return
    }
    let path = log["wait.png"]
    let run = try plot("wait", "--manager", "M1", "-o", path, "--width", "900")
    #expect(run.exitCode == 0, "\(run.errors)")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    try #require(bytes.count > 24)
    #expect(bytes[..<8] == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } == 900)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: log.scratch.folder.path).sorted()
        == ["events.csv", "managers.csv", "wait.png"])
  }
}
