import Foundation
import RapportTestSupport

/// A report in a browser, with the assessment that it shows.
final class ReportPage {
  /// The page of the sample organisation, made once.
  static let sample = Result { try Files(events: Files.sample, config: Files.sampleSettings) }

  /// What `rapport score` writes.
  final class Files: Sendable {
    static let sample = Repository.sample.appendingPathComponent("events.csv").path
    static let sampleSettings = Repository.sample.appendingPathComponent("rapport.toml").path

    private let scratch: Scratch
    let page: URL
    let assessment: JSONValue

    init(events: String, config: String? = nil) throws {
      scratch = try Scratch()
      let output = scratch["report"]
      let run = try Tool.run(
        ["score", events, "--output", output.path, "--quiet"] + (config.map { ["--config", $0] } ?? []))
      guard run.exitCode == 0 else { throw Browser.Failure(description: run.errors) }
      page = output.appendingPathComponent("report.html")
      assessment = try JSONDecoder().decode(
        JSONValue.self, from: try Data(contentsOf: output.appendingPathComponent("assessment.json")))
    }
  }

  let files: Files
  let browser: Browser

  init(_ files: Files, width: Int = 1440, height: Int = 1000, fragment: String = "") throws {
    self.files = files
    browser = try Browser(width: width, height: height)
    try browser.open(files.page, fragment: fragment)
  }

  convenience init(width: Int = 1440, height: Int = 1000, fragment: String = "") throws {
    try self.init(try Self.sample.get(), width: width, height: height, fragment: fragment)
  }

  /// Opens every manager's entry and waits until none is being unpacked.
  func openAll() throws {
    let _: Bool = try browser.run(
      """
      for (const d of document.querySelectorAll('details.manager')) d.open = true;
      while ([...document.querySelectorAll('.deferred details.manager')].some(d => !d.isWhole)) await new Promise(r => setTimeout(r, 20));
      return true;
      """)
  }
}
