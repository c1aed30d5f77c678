/// Levels by month, one row for each indicator: what was known then as a line with its band, what is known now dashed.
struct TrendPlot {
  struct Row {
    var label: String
    /// In the order of months.
    var months: [Month]
    /// Months of the drawing after the row's last.
    var monthsAfter = 0
    /// Positions in `months` at which a change begins.
    var changes: [Int]
    /// The level's value at the end, as text.
    var last: String
  }
  struct Month {
    var filtered: (value: Double, low: Double, high: Double)
    var smoothed: Double
  }
  var rows: [Row]
  /// The months' names, first and last.
  var ends: (first: String, last: String)
  var monthCount: Int
  /// How ends of a scale are written, by row.
  var label: (Int, Double) -> String
  var description: String

  /// The drawing.
  var drawing: Drawing {
    let (rowHeight, left, right) = (64.0, 240.0, 640.0)
    let height = Double(rows.count) * rowHeight + 24
    var drawing = Drawing(width: 770, height: height, description: description)
    let step = (right - left) / Double(max(1, monthCount - 1))
    for (i, row) in rows.enumerated() {
      let top = Double(i) * rowHeight + 6
      let bottom = top + rowHeight - 16
      let (low, high) = (row.months.map(\.filtered.low).min() ?? 0, row.months.map(\.filtered.high).max() ?? 1)
      let axis = Axis(low...max(low, high), pixels: 0...(bottom - top))
      func y(_ value: Double) -> Double { bottom - axis.position(value) }
      func x(_ month: Int) -> Double { right - Double(row.monthsAfter + row.months.count - 1 - month) * step }
      func line(_ value: (Month) -> Double) -> [(x: Double, y: Double)] {
        row.months.enumerated().map { (x($0), y(value($1))) }
      }
      drawing.path(line(\.filtered.high) + line(\.filtered.low).reversed(), class: "band")
      drawing.line(left, bottom, right, bottom, class: "grid")
      for change in row.changes { drawing.line(x(change), top, x(change), bottom, class: "reference") }
      drawing.path(line(\.smoothed), class: "series random")
      drawing.path(line(\.filtered.value), class: "series plain")
      drawing.text(row.label, x: 0, y: top + 26, limit: 225)
      drawing.text(label(i, high), x: left - 6, y: top + 10, anchor: "end", class: "t muted", limit: 70)
      drawing.text(label(i, low), x: left - 6, y: bottom, anchor: "end", class: "t muted", limit: 70)
      drawing.text(row.last, x: right + 8, y: y(row.months.last?.filtered.value ?? low) + 4, limit: 120)
    }
    drawing.text(ends.first, x: left, y: height - 6, class: "t muted")
    drawing.text(ends.last, x: right, y: height - 6, anchor: "end", class: "t muted")
    return drawing
  }
}
