import RapportIngestion
import Testing

@Suite struct TableColumnTests {
  private func column(_ fields: [String]) throws -> TableColumn {
    try TableColumn("x", of: Table(name: "t.csv", header: ["x"], rows: fields.map { [$0] }))
  }

  @Test func `numbers are decimal, and empty, NA and NaN are missing`() throws {
    let x = try column(["1", "-2.5", "+3e2", ".5", "", "NA", "NaN", "7."])
    #expect(x.isNumeric && x.firstText == nil && x.textCount == 0)
    #expect(x.isMissing == [false, false, false, false, true, true, true, false])
    #expect(x.numbers.filter { !$0.isNaN } == [1, -2.5, 300, 0.5, 7])
    #expect(x.numbers[4].isNaN && x.numbers[5].isNaN && x.numbers[6].isNaN)
  }

  @Test(arguments: ["0x10", "inf", "1,5", "nan", "1e999", "1 2", "e5", "-"])
  func `other spellings are text`(_ field: String) throws {
    let x = try column(["1", field])
    #expect(!x.isNumeric && x.firstText == 1 && x.textCount == 1)
    let error = #expect(throws: IngestionError.self) { try x.requireNumbers(for: "a response") }
    #expect(error?.kind == .unusable && error?.description.hasPrefix("t.csv:3: column 'x': found '\(field)'") == true)
  }

  @Test func `numbers with a comma are told from words and numbers`() throws {
    for fields in [["0,5", "-1,25", "+3,0"], ["0,5", "2", "NA", ""], ["1,234"]] {
      let x = try column(fields)
      #expect(x.hasCommasInNumbers, "\(fields)")
      let error = #expect(throws: IngestionError.self) { try x.requireNoCommasInNumbers(orElse: "leave x out") }
      let found = "t.csv:2: column 'x': found '\(fields[0])', a number with a comma; "
      #expect(error?.kind == .unusable)
      #expect(error?.description == found + "decimals are read with a point, so replace the commas, or leave x out")
    }
    for fields in [["0,5", "low"], ["1,2,3"], ["0,"], [",5"], ["a,b"], ["1.0,5"], ["0.5", "2"], ["", "NA"]] {
      let x = try column(fields)
      #expect(!x.hasCommasInNumbers, "\(fields)")
      try x.requireNoCommasInNumbers(orElse: "leave x out")
    }
    let error = #expect(throws: IngestionError.self) { try column(["0,5"]).requireNumbers(for: "a response") }
    #expect(error?.description.contains("expected a number with a decimal point, no comma; a response has") == true)
  }

  @Test func `a column of missing fields is no column of numbers`() throws {
    #expect(try !column(["", "NA"]).isNumeric)
  }

  @Test func `times are seconds, in a time zone where they have none`() throws {
    let x = try column(["1970-01-02", "", "1970-01-01T01:00:00.5Z"])
    let times = try x.times(in: .utc)
    #expect(times[0] == 86_400 && times[1].isNaN && times[2] == 3600.5)
    let error = #expect(throws: IngestionError.self) { try column(["1970-01-02", "soon"]).times(in: .utc) }
    #expect(error?.description.contains("t.csv:3: column 'x': found 'soon'") == true)
  }

  @Test func `an unknown column is told with the nearest`() throws {
    let table = Table(name: "t.csv", header: ["topic", "wait"], rows: [["pay", "1"]])
    let near = #expect(throws: IngestionError.self) { try TableColumn("topics", of: table) }
    #expect(near?.kind == .usage)
    #expect(near?.description == "t.csv: there is no column 'topics'; did you mean 'topic'?")
    let far = #expect(throws: IngestionError.self) { try TableColumn("elsewhere", of: table) }
    #expect(far?.description == "t.csv: there is no column 'elsewhere'; it has 'topic', 'wait'")
  }
}
