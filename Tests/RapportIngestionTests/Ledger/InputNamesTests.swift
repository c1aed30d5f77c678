import RapportIngestion
import Testing

@Suite struct InputNamesTests {
  @Test func `numbered by name, folders left out, each once`() {
    let names = InputNames(["z/b.csv", "a.csv", "y/b.csv", "-"])
    #expect(names.names == ["a.csv", "b.csv", "standard input"])
    #expect(names.number(of: "x/b.csv") == 2 && names.number(of: "-") == 3 && names.number(of: "c.csv") == nil)
    #expect(names.name(of: 1) == "a.csv" && names.name(of: 0) == nil && names.name(of: 4) == nil)
    #expect(InputNames([]).names.isEmpty && InputNames.short("in/") == "in")
  }

  // Compression and folders don't change an order.
  @Test func `compressed inputs have the numbers of plain ones`() {
    let plain = InputNames(["2026-01.csv", "2026-02.csv"])
    let packed = InputNames(["old/2026-02.csv.zst", "old/2026-01.csv.zst"])
    #expect(plain.number(of: "2026-02.csv") == packed.number(of: "2026-02.csv.zst"))
  }
}
