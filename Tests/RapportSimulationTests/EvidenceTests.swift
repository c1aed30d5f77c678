import Foundation
import Rapport
import RapportSimulation
import Testing

/// Findings followed back to the log that they come from.
@Suite struct EvidenceTests {
  /// An organisation with pairs that are picked next at ten times the odds, and where its log was written.
  static func organisation(_ body: (Loaded, AssessmentOptions, _ folder: String) throws -> Void) throws {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.requestsPerMonth, settings.months) = (16, 2, 10, 6)
    (settings.favouredShare, settings.favouredFactor, settings.seed) = (0.15, 10, 11)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try simulate(settings).write(to: folder)
    var configuration = Configuration()
    let toml = try Data(contentsOf: URL(fileURLWithPath: folder + "/rapport.toml"))
    try configuration.read(String(decoding: toml, as: UTF8.self), name: "rapport.toml", folder: folder)
    let loaded = try load([.path(folder + "/events.csv")], configuration: configuration)
    var options = configuration.assessmentOptions
    options.draws = 100
    try body(loaded, options, folder)
  }

  @Test func `every signal leads to its choices, and they to requests of the log`() throws {
    try Self.organisation { loaded, options, folder in
      let findings = try assess(loaded.history, options: options).favouritism
      let signals = findings.pairs.filter { $0.verdict == .signal }
      #expect(!signals.isEmpty)
      #expect(findings.evenness != nil && findings.partners.allSatisfy { $0.gini != nil })
      // Requests as the log has them: case, manager.
      let log = try String(contentsOfFile: folder + "/events.csv", encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let column = Dictionary(uniqueKeysWithValues: log[0].enumerated().map { ($1, $0) })
      let (kind, key, manager) = try (
        #require(column["kind"]), #require(column["case"]), #require(column["manager"])
      )
      var managers: [String: String] = [:]
      for row in log.dropFirst() where row[kind] == "request" { managers[row[key]] = row[manager] }
      for signal in signals {
        let evidence = QueueEvidence(
          loaded.history, findings: findings, manager: signal.manager, partner: signal.partner, options: options,
          ledger: loaded.ledger)
        #expect(evidence.obstacle == nil && !evidence.choices.isEmpty && evidence.choices.count <= 10)
        #expect((evidence.kind == .picked) == ((signal.ratio ?? 1) >= 1))
        for choice in evidence.choices {
          #expect(choice.requests.count > 1)
          #expect(choice.requests.contains { $0.manager == signal.manager })
          for request in choice.requests {
            #expect(try managers[#require(request.request)] == request.manager)
            // Offsets are the same all through the report's zone but for the change of clocks; days can be compared.
            #expect(request.opened.prefix(10) <= choice.moment.prefix(10))
          }
        }
      }
    }
  }
}
