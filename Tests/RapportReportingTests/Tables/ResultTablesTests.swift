import RapportReporting
import Testing

@Suite struct ResultTablesTests {
  let tree = (try? JSONValue(encoding: SampleAssessment.make())) ?? .null

  @Test func `every table has a row per unit, and JSON keys for columns`() throws {
    let tables = ResultTables(tree)
    #expect(tables.managers.rows.count == 6)
    #expect(tables.managers.columns.first == "id")
    #expect(tables.managers.columns.contains("health.value"))
    #expect(tables.managers.columns.contains("rank.probabilityLowestTenth"))
    #expect(tables.managers.columns.contains("indicators.promisesKeptOnTime.low"))
    #expect(tables.pairs.columns.prefix(3) == ["manager", "partner", "requests"])
    #expect(tables.partners.columns.contains("wait.median"))
    #expect(tables.favouritism.rows.count == 4)
    #expect(tables.favouritism.columns.first == "level")
    #expect(tables.favouritism.rows.map { $0[0] } == ["pair", "pair", "partner", "group"])
  }

  @Test func `factors have a row per indicator and a column per factor`() {
    let table = ResultTables(tree).factors
    #expect(table.columns.prefix(2) == ["variable", "factor1"])
    #expect(table.rows.count == 3)
    #expect(table.rows[0][1] == .number(0.8))
    #expect(table.columns.contains("communality"))
  }

  @Test func `without a solution the factors say why`() {
    let table = ResultTables(["factors": ["status": "insufficient", "reason": "too few", "variables": []]]).factors
    #expect(table.csv == "reason,status\ntoo few,insufficient\n")
  }

  @Test func `the ranking stands in its order`() {
    let table = ResultTables(tree).ranking(by: .health)
    #expect(table.rows.map { $0[0] } == ["M2", "M3", "M6", "M5", "M1"])
    #expect(table.columns.contains("health.low"))
    let row = ResultTables.rankingRow(tree["managers"]?.elements.first ?? .null, by: .followThrough)
    #expect(row["followThrough"]?["value"] == .number(40))
  }
}
