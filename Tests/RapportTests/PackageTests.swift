import Foundation
import RapportTestSupport
import Testing

/// The line that targets stand in is kept by the compiler only where each declares what it imports: what a dependency depends on can be
/// imported, too.
@Suite struct PackageTests {
  @Test func `every target declares what it imports`() throws {
    let package = try Repository.text("Package.swift")
    let given: Set<String> = ["Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization"]
    let sources = Repository.root.appendingPathComponent("Sources")
    let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasPrefix("Rapport") }
    #expect(targets.count == 7)
    for target in targets.sorted() {
      let declaration = try Regex("name: \"\(target)\",\\s+dependencies: \\[([^\\]]*)\\]")
      let match = try #require(package.firstMatch(of: declaration), "\(target)")
      let declared = Set((match.output[1].substring ?? "").matches(of: /"(\w+)"/).map { String($0.1) })
      let files = try #require(FileManager.default.enumerator(atPath: sources.appendingPathComponent(target).path))
      var imported: [String: String] = [:]
      for case let file as String in files where file.hasSuffix(".swift") {
        let text = try Repository.text("Sources/\(target)/\(file)")
        for line in text.matches(of: /^(?:@?\w+ )?import (\w+)/.anchorsMatchLineEndings()) {
          imported[String(line.1)] = file
        }
      }
      #expect(imported.count > 2, "\(target)")
      for (module, file) in imported where !given.contains(module) && !declared.contains(module) {
        Issue.record("\(target)/\(file) imports \(module), which Package.swift doesn't declare for it")
      }
    }
  }
}
