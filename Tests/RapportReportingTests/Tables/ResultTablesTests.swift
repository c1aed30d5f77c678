import RapportReporting
import RapportScoring
import Testing

@Suite struct ResultTablesTests {
  let assessment = SampleAssessment.make()

  @Test func `every table has a row per unit, and JSON keys for columns`() throws {
    let tables = ResultTables(assessment)
    let managers = try tables.managers()
    #expect(managers.rowCount == 6)
    #expect(managers.columns.first == "id")
    #expect(managers.columns.contains("health.value"))
    #expect(managers.columns.contains("rank.probabilityLowestTenth"))
    #expect(managers.columns.contains("indicators.promisesKeptOnTime.low"))
    #expect(try tables.pairs().columns.prefix(3) == ["manager", "partner", "requests"])
    #expect(try tables.partners().columns.contains("wait.median"))
    // Those of waits only are in the table, though not on the page.
    var assessment = assessment
    assessment.favouritism.pairs[0] = SampleAssessment.waitsOnly
    let findings = try ResultTables(assessment).favouritism()
    #expect(findings.columns.first == "level")
    #expect(
      (0..<findings.rowCount).map { findings.row($0)[0] }
        == ["pair", "pair", "partner", "manager", "manager", "group"])
    for column in ["choices", "overtakes", "overtaken", "timing.ratio", "cox.ratio", "gini", "obstacle"] {
      #expect(findings.columns.contains(column))
    }
  }

  @Test func `factors have a row per indicator and a column per factor`() throws {
    let table = try ResultTables(assessment).factors()
    #expect(table.columns.prefix(2) == ["variable", "factor1"])
    #expect(table.rowCount == 3)
    #expect(table.row(0)[1] == "0.8")
    #expect(table.columns.contains("communality"))
  }

  @Test func `without a solution the factors say why`() throws {
    var none = assessment
    none.factors = FactorStudy(insufficient: "too few")
    #expect(try ResultTables(none).factors().csv == "reason,status\ntoo few,insufficient\n")
  }

  @Test func `the ranking stands in its order`() throws {
    let table = try ResultTables(assessment).ranking()
    #expect((0..<table.rowCount).map { table.row($0)[0] } == ["M2", "M3", "M6", "M5", "M1"])
    #expect(table.columns.contains("health.low"))
    let row = ResultTables.rankingRow(try JSONValue(encoding: assessment.managers[0]), by: .followThrough)
    #expect(row["followThrough"]?["value"] == .number(40))
  }

  @Test func `a number that is none reaches no table`() {
    var broken = assessment
    broken.managers[2].healthPercentile = .nan
    #expect(throws: EncodingError.self) { try ResultTables(broken).managers() }
    #expect(throws: EncodingError.self) { try broken.json() }
  }

  // M1 has five paths and one indicator with too few months, M2 two paths.
  @Test func `trends have a row per month and the same columns always`() throws {
    let table = try ResultTables(SampleAssessment.withTrends()).trends()
    #expect(table.rowCount == 5 + 6 * 4 + 1 + 2 + 6)
    #expect(
      table.columns == [
        "manager", "indicator", "month", "status", "events", "filtered.high", "filtered.low", "filtered.value",
        "smoothed.high", "smoothed.low", "smoothed.value", "direction.probabilityHigher", "direction.since",
        "changeProbability", "change.after.effectiveN", "change.after.high", "change.after.low", "change.after.value",
        "change.before.effectiveN", "change.before.high", "change.before.low", "change.before.value",
        "change.ownAfter", "change.ownBefore", "change.probability", "n", "needed", "reason",
      ])
    let rows = (0..<table.rowCount).map { Dictionary(uniqueKeysWithValues: zip(table.columns, table.row($0))) }
    #expect(rows.allSatisfy { $0["status"] == "estimated" || $0["status"] == "insufficient" })
    #expect(rows.filter { $0["status"] == "insufficient" }.map { $0["n"] } == ["4"])
    let changes = rows.filter { $0["change.probability"] != "" }
    #expect(changes.map { $0["month"] } == ["2026-04", "2026-04"])
    #expect(changes.map { $0["change.after.value"] } == ["0.5", "2"])
    #expect(rows[0]["month"] == "2026-01" && rows[4]["month"] == "2026-05" && rows[5]["month"] == "2026-01")
    // The last row of a path tells its direction and the probability of a change.
    #expect(rows[4]["direction.since"] == "2026-01" && rows[4]["direction.probabilityHigher"] == "0.01")
    #expect(rows[10]["changeProbability"] == "0.99" && rows[9]["changeProbability"] == "")
    var none = SampleAssessment.make()
    none.trends.reason = "no months"
    let empty = try ResultTables(none).trends()
    #expect(empty.columns == table.columns && empty.rowCount == 1 && empty.row(0).contains("no months"))
  }
}
