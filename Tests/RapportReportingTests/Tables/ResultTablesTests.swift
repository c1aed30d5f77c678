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
    let findings = try tables.favouritism()
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
}
