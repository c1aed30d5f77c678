import RapportReporting
import Testing

@Suite struct ConsoleTableTests {
  @Test func `columns line up`() {
    var table = ConsoleTable([.text("name"), .number("n"), .prose("a long remark")])
    table.append("日本", "7", "short")
    table.append("b", "1,234", "longer")
    #expect(
      table.lines(on: Console()) == [
        "name      n  a long remark", "────  ─────  ─────────────", "日本      7  short", "b     1,234  longer",
      ])
  }

  // By hand: 6 + 2 + 8 + 2 + 12 + 2 + 5 = 37 columns are wanted.
  static var sample: ConsoleTable {
    var table = ConsoleTable([
      .text("name"), .number("all ours", leavesAt: 2), .number("median ratio", leavesAt: 1), .drawing("0   9"),
    ])
    table.append("aaaaaa", "1", "2", "███")
    return table
  }

  @Test func `a drawing goes first and in silence`() {
    #expect(Self.sample.lines(on: Console(width: 37))[0] == "name    all ours  median ratio  0   9")
    #expect(
      Self.sample.lines(on: Console(width: 30)) == [
        "name    all ours  median ratio", "──────  ────────  ────────────", "aaaaaa         1             2",
      ])
  }

  @Test func `a drawing has colour where that is understood, and nothing else has`() {
    var table = ConsoleTable([.text("name"), .drawing("0   9")])
    table.append("─●─", "·─●─·")
    table.append("b", "██")
    #expect(
      table.lines(on: Console(isStyled: true)).dropFirst(2) == [
        "─●─   \u{1B}[2m·\u{1B}[0m\u{1B}[36m─\u{1B}[0m\u{1B}[1m●\u{1B}[0m\u{1B}[36m─\u{1B}[0m\u{1B}[2m·\u{1B}[0m",
        "b     \u{1B}[36m██\u{1B}[0m",
      ])
    #expect(table.lines(on: Console()).dropFirst(2) == ["─●─   ·─●─·", "b     ██"])
  }

  // "all / ours" is 4 wide and "median / ratio" 6: 6 + 2 + 4 + 2 + 6 = 20.
  @Test func `then headings take two lines, then columns go by their number, and are named`() {
    #expect(
      Self.sample.lines(on: Console(width: 20)).prefix(3) == [
        "         all  median", "name    ours   ratio", "──────  ────  ──────",
      ])
    #expect(
      Self.sample.lines(on: Console(width: 19)) == [
        "        median", "name     ratio", "──────  ──────", "aaaaaa       2", "Not shown: all ours;",
        "a wider terminal or", "--format csv shows", "it.",
      ])
  }

  @Test func `prose is broken before a column goes, names after`() {
    var table = ConsoleTable(
      [.text("verdict"), .prose("remark"), .number("n", leavesAt: 1)], elsewhere: "--format json")
    table.append("no material difference", "one two three four five six", "7")
    #expect(
      table.lines(on: Console(width: 45)) == [
        "verdict                 remark              n", "──────────────────────  ──────────────────  ─",
        "no material difference  one two three four  7", "                        five six",
      ])
    let narrow = table.lines(on: Console(width: 32))
    #expect(narrow.prefix(4).allSatisfy { DisplayWidth.of($0) <= 32 })
    #expect(narrow[2].hasPrefix("no material"))
    #expect(narrow[3].hasPrefix("difference"))
    #expect(narrow.joined(separator: " ").contains("Not shown: n; a wider terminal or --format json"))
  }

  @Test func `names are shortened in the middle when nothing else is left`() {
    var table = ConsoleTable([.text("manager"), .text("partner"), .number("ratio")])
    table.append("anna.schmidt@example.org", "learning-and-development-03", "1.85×")
    // 40 − 5 − 2·2 leaves 31 for two names: 15 and 16.
    #expect(
      table.lines(on: Console(width: 40))[2].split(separator: " ") == ["anna.sc…ple.org", "learning…ment-03", "1.85×"])
    #expect(table.lines(on: Console(width: 14)).prefix(3).allSatisfy { DisplayWidth.of($0) <= 14 })
  }

  @Test func `remarks stand between rows, across all columns`() {
    var table = ConsoleTable([.text("a"), .number("n")])
    table.append("x", "1")
    table.append(remark: "… 10 between …")
    table.append("y", "2")
    #expect(table.lines(on: Console()) == ["a  n", "─  ─", "x  1", "… 10 between …", "y  2"])
  }
}
