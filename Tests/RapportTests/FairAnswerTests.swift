import Rapport
import RapportTestSupport
import Testing

@testable import RapportScoring

/// What would be unfair if it came out otherwise; each input is the smallest that once did.
@Suite struct FairAnswerTests {
  /// Day `n` of 2025, at `hour`.
  static func time(_ n: Int, _ hour: Int = 9) -> String {
    let starts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let month = starts.lastIndex { $0 <= n } ?? 0
    func two(_ x: Int) -> String { x < 10 ? "0\(x)" : "\(x)" }
    return "2025-\(two(month + 1))-\(two(n - starts[month] + 1))T\(two(hour)):00:00Z"
  }

  static func assessment(_ rows: [String]) throws -> Assessment {
    let text = "timestamp,kind,manager,partner,case,due,channel,actor\n" + rows.joined(separator: "\n") + "\n"
    var configuration = Configuration()
    configuration.draws = 200
    let loaded = try load([.bytes(Array(text.utf8), name: "log.csv")], configuration: configuration)
    return try assess(loaded.history, options: configuration.assessmentOptions)
  }

  static func points(_ assessment: Assessment, _ manager: String, _ indicator: String) -> Double? {
    assessment.managers.first { $0.id == manager }?.indicators[indicator]?.points.estimate?.value
  }

  /// Eight conflicts each: M1 settles after a day, M2 after 45, M3 never in more than 200.
  @Test func `what never ends isn't better than what ends late`() throws {
    var rows: [String] = []
    for i in 0..<8 {
      for (manager, days) in [("M1", 1), ("M2", 45), ("M3", 0)] {
        rows.append("\(Self.time(i)),conflict,\(manager),P1,\(manager)-\(i),,,")
        if days > 0 { rows.append("\(Self.time(i + days)),settlement,\(manager),P1,\(manager)-\(i),,,") }
      }
    }
    rows.append("\(Self.time(250)),recognition,M1,P1,,,,")
    let assessment = try Self.assessment(rows)
    let late = try #require(Self.points(assessment, "M2", "settlementTime"))
    let never = try #require(Self.points(assessment, "M3", "settlementTime"))
    #expect(never <= late)
    #expect(try #require(Self.points(assessment, "M1", "settlementTime")) > late)
  }

  /// Twenty requests each: P1 answers M1 after two hours, M2 never in more than 200 days.
  @Test func `who is never answered isn't unmeasured`() throws {
    var rows: [String] = []
    for i in 0..<20 {
      for manager in ["M1", "M2"] {
        rows.append("\(Self.time(i)),request,\(manager),P1,\(manager)-\(i),,,")
        if manager == "M1" { rows.append("\(Self.time(i, 11)),response,\(manager),P1,\(manager)-\(i),,,") }
      }
    }
    rows.append("\(Self.time(250)),recognition,M1,P1,,,,")
    let assessment = try Self.assessment(rows)
    let answered = try #require(Self.points(assessment, "M1", "typicalWait"))
    #expect(try #require(Self.points(assessment, "M2", "typicalWait")) < answered)
  }

  /// Seven months with a check-in in each; a protected event before, within and after them, by people seen or unseen.
  @Test(
    arguments: ["concern,M1,P1,,,,", "escalation,M1,P1,,,protected,", "escalation,M1,P1,M2-3,,protected,"]
      + ["concern,M9,P9,,,,", "escalation,M9,P9,,,protected,", "escalation,M1,P2,,,protected,"])
  func `what is said in protection leaves no trace in anyone's figures`(_ event: String) throws {
    var rows: [String] = []
    for month in 0..<7 {
      for manager in ["M1", "M2"] {
        rows.append("\(Self.time(40 + 30 * month)),check_in,\(manager),P1,,,,")
        rows.append("\(Self.time(41 + 30 * month)),request,\(manager),P1,\(manager)-\(month),,,")
        rows.append("\(Self.time(42 + 30 * month)),response,\(manager),P1,\(manager)-\(month),,,")
      }
    }
    rows.append("\(Self.time(1)),recognition,M2,P1,,,,")
    let without = try Self.assessment(rows)
    // Up to four aren't even counted, and more in whole fives.
    for day in [0, 5, 100, 340] {
      let with = try Self.assessment(rows + ["\(Self.time(day)),\(event)"])
      #expect(try with.json().string == without.json().string)
    }
    var with = try Self.assessment(rows + (0..<7).map { "\(Self.time(50 + $0)),\(event)" })
    #expect(with.dataQuality.rowsRead == without.dataQuality.rowsRead + 5)
    #expect(with.dataQuality.eventsUsed == without.dataQuality.eventsUsed + 5 && with.dataQuality.confidential == 5)
    with.dataQuality = without.dataQuality
    #expect(try with.json().string == without.json().string)
  }

  /// Due on day 5, moved on day 60 to day 70, kept on day 69: missed. Moved on day 4 and then kept: kept.
  @Test func `moving a due time afterwards doesn't mend a missed promise`() throws {
    var rows: [String] = []
    for i in 0..<4 {
      for (manager, moved) in [("M1", 60), ("M2", 4)] {
        rows.append("\(Self.time(0)),commitment,\(manager),P1,\(manager)-\(i),\(Self.time(5)),,")
        rows.append("\(Self.time(moved)),renegotiation,\(manager),P1,\(manager)-\(i),\(Self.time(70)),,")
        rows.append("\(Self.time(69)),fulfilment,\(manager),P1,\(manager)-\(i),,,")
      }
    }
    rows.append("\(Self.time(100)),recognition,M1,P1,,,,")
    let assessment = try Self.assessment(rows)
    func kept(_ manager: String) -> Double? {
      assessment.managers.first { $0.id == manager }?.indicators["promisesKeptOnTime"]?.evidence["kept"]
    }
    #expect(kept("M1") == 0)
    #expect(kept("M2") == 4)
  }

  /// Twelve requests to P1; eight of them pass to P2, three of which are escalated there.
  @Test func `escalations are counted per request held`() throws {
    var rows: [String] = []
    for i in 0..<12 {
      rows.append("\(Self.time(i)),request,M1,P1,c\(i),,,")
      if i < 8 { rows.append("\(Self.time(i + 1)),reassign,M1,P2,c\(i),,,") }
      if i < 3 { rows.append("\(Self.time(i + 2)),escalation,M1,P2,c\(i),,,") }
      rows.append("\(Self.time(i + 3)),response,M1,\(i < 8 ? "P2" : "P1"),c\(i),,,")
    }
    let assessment = try Self.assessment(rows)
    let pair = try #require(assessment.pairs.first { $0.partner == "P2" }?.indicators["escalationRate"])
    #expect(pair.evidence["escalations"] == 3 && pair.evidence["requests"] == 8)
  }

  /// A conflict of 15 January is overdue on 14 February, feedback of 1 January on 2 March; as of December.
  @Test func `what was left undone ages from the day its time was up`() throws {
    let rows = [
      "2025-01-15T09:00:00Z,conflict,M1,P1,x", "2025-01-01T09:00:00Z,feedback,M1,P1,f",
      "2025-12-01T09:00:00Z,recognition,M1,P1,",
    ]
    let text = "timestamp,kind,manager,partner,case\n" + rows.joined(separator: "\n") + "\n"
    let history = try load([.bytes(Array(text.utf8), name: "log.csv")], configuration: Configuration()).history
    let evidence = TrustEvidence(history, PairTable(history), surveyScale: 1...5)
    let months = evidence.contributions.map { Int($0.month) }.sorted()
    let february = Month(year: 2025, month: 2).index
    #expect(months == [february, february, february + 1])
    #expect(evidence.contributions.allSatisfy { $0.positive == 0 })
  }
}
