import RapportReporting
import Testing

@Suite struct FlatTableTests {
  // By hand: the union of leaves {id, a.x, a.y, list}; id leads, the others by their bytes.
  @Test func `nested keys are joined by a dot and absent ones are empty`() {
    let table = FlatTable(
      [["id": "one", "a": ["x": 1, "y": .number(0.5)]], ["id": "two", "a": ["y": 2], "list": ["p", "q"]]],
      leading: ["id"])
    #expect(table.columns == ["id", "a.x", "a.y", "list"])
    #expect(table.csv == "id,a.x,a.y,list\none,1,0.5,\ntwo,,2,\"[\"\"p\"\",\"\"q\"\"]\"\n")
  }

  @Test func `fields are quoted where they need it`() {
    let table = FlatTable([["a": "x,y"], ["a": "say \"hi\""], ["a": "two\nlines"], ["a": " edge"], ["a": "plain"]])
    #expect(table.csv == "a\n\"x,y\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\" edge\"\nplain\n")
  }

  @Test func `leading keys bring what is nested in them`() {
    let table = FlatTable([["z": ["b": 1, "a": 2], "m": 3, "a": 4]], leading: ["z", "m"])
    #expect(table.columns == ["z.a", "z.b", "m", "a"])
    #expect(FlatTable([]).csv.isEmpty)
  }
}
