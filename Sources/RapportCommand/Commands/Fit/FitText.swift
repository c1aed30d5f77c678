import Rapport

/// Parts of a fit's text for people.
struct FitText {
  let console: Console
  private(set) var lines: [String] = []

  init(console: Console) { self.console = console }

  /// The whole text.
  var text: String { lines.joined(separator: "\n") + "\n" }

  /// A heading, after an empty line unless it is the first.
  mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(console.heading(Legible.text(text, limit: 1000)))
  }

  /// A table.
  mutating func table(_ table: ConsoleTable) { lines += table.lines(on: console) }

  /// A sentence.
  mutating func paragraph(_ text: String, bullet: String = "") {
    let width = min(console.width ?? 100, 100)
    let indent = String(repeating: " ", count: bullet.count)
    lines += DisplayWidth.wrapped(bullet + Legible.text(text, limit: 4000), to: width, indent: indent)
  }

  /// What the user should know.
  mutating func notes(_ notes: [String]) {
    if !notes.isEmpty { lines.append("") }
    for note in notes { paragraph(note + ".", bullet: "Note: ") }
  }

  /// The levels that lie farthest from the average, by group; all of them where they are few.
  mutating func effects(_ effects: [(group: String, level: String, estimate: Double, deviation: Double)]) {
    guard !effects.isEmpty else { return }
    heading("Effects")
    var table = ConsoleTable(
      [.text("group"), .text("level"), .number("effect"), .number("standard deviation", leavesAt: 1)])
    var groups: [String] = []
    for effect in effects where groups.last != effect.group { groups.append(effect.group) }
    for group in groups {
      let all = effects.filter { $0.group == group }.sorted { ($1.estimate, $0.level) < ($0.estimate, $1.level) }
      let isShort = all.count <= 2 * Self.shownAtEachEnd + 1
      for (place, effect) in all.enumerated() {
        if !isShort, place == Self.shownAtEachEnd {
          table.append(remark: "… \(Figure.count(all.count - 2 * Self.shownAtEachEnd)) more; --format csv lists them …")
        }
        guard isShort || place < Self.shownAtEachEnd || place >= all.count - Self.shownAtEachEnd else { continue }
        table.append(
          group, effect.level, Figure.significant(effect.estimate, digits: 4),
          Figure.significant(effect.deviation, digits: 3))
      }
    }
    self.table(table)
  }

  private static let shownAtEachEnd = 3
}
