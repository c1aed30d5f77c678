import Foundation
import Rapport
import RapportTestSupport
import Testing

@Suite struct StagesTests {
  static let events = """
    timestamp,kind,manager,partner,case,colour
    2026-01-05T09:00,request,M1,P1,1,red
    2026-01-05T11:00,response,M1,P1,1,
    2026-02-05T09:00,request,M2,P1,2,
    """

  @Test func `load, assess, write: what a program calls`() throws {
    let scratch = try Scratch()
    var configuration = Configuration()
    configuration.draws = 100
    let stages = Stages()
    let loaded = try load(
      [.path(try scratch.write("events.csv", Self.events))], configuration: configuration,
      observer: RunObserver(begin: { stages.add($0) }))
    #expect(stages.all == [.reading, .deriving])
    #expect(loaded.history.dataQuality.requests.total == 2)
    #expect(loaded.history.dataQuality.ignoredColumns == ["colour"])
    #expect(loaded.times.stages.map(\.stage) == [.reading, .deriving])
    let assessment = try assess(loaded.history, options: configuration.assessmentOptions)
    try write(assessment, from: loaded, configuration: configuration, to: OutputFolder(scratch["out"].path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch["out"].path).count == 10)
  }

  @Test func `nothing to read, an unknown calendar and a contradicting zone are told`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("events.csv", Self.events)
    #expect(throws: RapportError.self) { try load([], configuration: Configuration()) }
    var configuration = Configuration()
    configuration.calendar = "office"
    let calendar = #expect(throws: RapportError.self) { try load([.path(path)], configuration: configuration) }
    #expect(calendar?.kind == .usage)
    let ledger = scratch["all.ledger"].path
    try read([.path(path)], configuration: Configuration()).ledger.write(to: ledger)
    configuration = Configuration()
    configuration.ledgers = [ledger]
    configuration.timezone = "Europe/Paris"
    let zone = #expect(throws: IngestionError.self) { try load([], configuration: configuration) }
    #expect(zone?.description.contains("Europe/Paris") == true)
    configuration.timezone = nil
    configuration.asOf = "2026-03-01"
    #expect(try load([], configuration: configuration).history.dataQuality.requests.total == 2)
    configuration.asOf = "yesterday"
    #expect(throws: RapportError.self) { try load([], configuration: configuration) }
  }

  /// Stages in the order in which they began; told from one thread.
  final class Stages: @unchecked Sendable {
    private(set) var all: [Stage] = []
    func add(_ stage: Stage) { all.append(stage) }
  }
}
