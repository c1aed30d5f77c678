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

  // It was forgotten: ratings of a ledger on 1–10 were scored as if they were on 1–5.
  @Test func `a ledger keeps the survey scale`() throws {
    let scratch = try Scratch()
    let rows = (4...9).map { "2026-01-0\($0)T09:00,survey,M\($0),P1,,\($0)\n" }.joined()
    let path = try scratch.write("s.csv", "timestamp,kind,manager,partner,case,value\n\(rows)")
    let more = try scratch.write(
      "t.csv", "timestamp,kind,manager,partner,case,value\n2026-02-01T09:00,survey,M4,P1,,8\n")
    let unrated = try scratch.write("events.csv", Self.events)
    var ten = Configuration()
    ten.surveyScale = 1...10
    ten.draws = 100
    var saved: [String] = []
    for (name, scale) in [("ten", 1...10), ("five", 1...5)] as [(String, ClosedRange<Double>)] {
      var configuration = ten
      configuration.surveyScale = scale
      configuration.maxBad = 100
      saved.append(scratch["\(name).ledger"].path)
      try read([.path(path)], configuration: configuration).ledger.write(to: saved.last!)
    }
    // Where nobody names one, it holds; of what is read beside it, too.
    var configuration = Configuration()
    configuration.draws = 100
    configuration.ledgers = [saved[0]]
    let loaded = try load([.path(more)], configuration: configuration)
    #expect(loaded.history.surveyScale == 1...10)
    #expect(loaded.history.contacts.compactMap(\.thousandths).sorted() == [4, 5, 6, 7, 8, 8, 9].map { 1000 * $0 })
    let kept = try assess(loaded.history, options: configuration.assessmentOptions)
    let direct = try load([.path(path), .path(more)], configuration: ten)
    #expect(try assess(direct.history, options: ten.assessmentOptions).managers == kept.managers)
    #expect(kept.basis.options.surveyScaleLow == 1 && kept.basis.options.surveyScaleHigh == 10)
    // Named again it may be; another is refused, and two ledgers of two scales are.
    configuration.surveyScale = 1...10
    #expect(try load([], configuration: configuration).history.surveyScale == 1...10)
    configuration.surveyScale = 1...5
    let other = #expect(throws: IngestionError.self) { try load([], configuration: configuration) }
    #expect(other?.kind == .unusable)
    #expect(other?.description.contains("built for survey scale '1-10', and '1-5' is asked") == true)
    configuration.ledgers = [saved[1]]
    configuration.surveyScale = 1...10
    #expect(throws: IngestionError.self) { try load([], configuration: configuration) }
    configuration.surveyScale = nil
    configuration.ledgers = saved
    let merged = #expect(throws: IngestionError.self) { try load([], configuration: configuration) }
    #expect(merged?.kind == .unusable && merged?.description.contains("survey scales can't be merged") == true)
    // A ledger without ratings fits any.
    try read([.path(unrated)], configuration: Configuration()).ledger.write(to: saved[1])
    #expect(try load([], configuration: configuration).history.surveyScale == 1...10)
  }

  // What was asked is not what was used where a program makes its options by hand.
  @Test func `manifest and page state what the assessment was made with`() throws {
    let scratch = try Scratch()
    var configuration = Configuration()
    configuration.halfLifeDays = 77
    configuration.weights = ["voice": 3]
    let loaded = try load([.path(try scratch.write("events.csv", Self.events))], configuration: configuration)
    var options = AssessmentOptions()
    options.draws = 100
    options.seed = 5
    options.interval = 0.8
    options.rankBy = .trust
    let assessment = try assess(loaded.history, options: options)
    try write(assessment, from: loaded, configuration: configuration, to: OutputFolder(scratch["out"].path))
    let manifest = try JSONSerialization.jsonObject(with: Data(contentsOf: scratch["out/manifest.json"]))
    let told = try #require((manifest as? [String: Any])?["options"] as? [String: Any])
    #expect(told["half-life"] as? Double == 180 && told["draws"] as? Int == 100 && told["interval"] as? Double == 0.8)
    #expect(told["by"] as? String == "trust" && told["seed"] as? Int == 5 && told["weights"] is NSNull)
    #expect(told["survey-scale"] as? [Double] == [1, 5] && (manifest as? [String: Any])?["seed"] as? Int == 5)
    let page = try String(contentsOf: scratch["out/report.html"], encoding: .utf8)
    #expect(page.contains("half-life") && !page.contains(">77<"))
  }

  /// Stages in the order in which they began; told from one thread.
  final class Stages: @unchecked Sendable {
    private(set) var all: [Stage] = []
    func add(_ stage: Stage) { all.append(stage) }
  }
}
