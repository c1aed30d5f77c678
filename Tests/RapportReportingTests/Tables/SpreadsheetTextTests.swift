import RapportReporting
import Testing

@Suite struct SpreadsheetTextTests {
  @Test(arguments: [
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+1", "'+1"), ("-x", "'-x"), ("@y", "'@y"), ("\ta", "'\ta"),
    ("\u{FF1D}1", "'\u{FF1D}1"), ("'a", "''a"), ("M01", "M01"), ("a=b", "a=b"), ("", ""),
  ])
  func `formulas become text`(_ text: String, _ safe: String) {
    #expect(SpreadsheetText.safe(text) == safe)
    // Taking one apostrophe away gives back what was read.
    #expect((safe.hasPrefix("'") ? String(safe.dropFirst()) : safe) == text)
  }

  // An identifier is text and gets its apostrophe; a negative number is a number and doesn't; a column may be named by a
  // roster. Unless asked, everything stands as it was read.
  @Test func `tables, exact and safe`() {
    let table = FlatTable([["id": "-x", "@unit": "a", "gap": .number(-1.5)], ["id": "=1+1,2", "@unit": "'b"]])
    #expect(table.csv == "@unit,gap,id\na,-1.5,-x\n'b,,\"=1+1,2\"\n")
    #expect(table.csvText(spreadsheetSafe: true).string == "'@unit,gap,id\na,-1.5,'-x\n''b,,\"'=1+1,2\"\n")
    #expect(table.row(0)[2] == "-x" && table.row(0, spreadsheetSafe: true)[2] == "'-x")
  }
}
