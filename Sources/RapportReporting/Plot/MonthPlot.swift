/// Counts by calendar month, as bars.
struct MonthPlot {
  var months: [(label: String, count: Int)]
  var description: String

  /// The drawing, for a page.
  var svg: String { drawing.svg }

  /// The drawing.
  var drawing: Drawing {
    let largest = max(1, months.map(\.count).max() ?? 1)
    let shown = Array(months.suffix(36))
    let step = min(24.0, 560 / Double(max(1, shown.count)))
    let width = 60 + step * Double(shown.count) + 60
    var drawing = Drawing(width: max(180, width), height: 84, description: description)
    drawing.text(Figure.count(largest), x: 44, y: 16, anchor: "end", class: "t muted")
    drawing.text("0", x: 44, y: 64, anchor: "end", class: "t muted")
    for (i, month) in shown.enumerated() {
      let height = 52 * Double(month.count) / Double(largest)
      drawing.rectangle(x: 52 + Double(i) * step, y: 62 - height, width: step - 2, height: height, class: "plain")
    }
    drawing.line(50, 62, 52 + step * Double(shown.count), 62, class: "axis")
    if let first = shown.first { drawing.text(first.label, x: 50, y: 79, class: "t muted") }
    if shown.count > 5, let last = shown.last {
      drawing.text(last.label, x: 52 + step * Double(shown.count), y: 79, anchor: "end", class: "t muted")
    }
    return drawing
  }
}
