/// Contributions that add up to a difference: bars left and right of zero.
struct ContributionPlot {
  var bars: [(label: String, value: Double)]
  var description: String

  /// The drawing, for a page.
  var svg: String { drawing.svg }

  /// The drawing.
  var drawing: Drawing {
    let largest = max(1, bars.map { abs($0.value) }.max() ?? 1)
    let rowHeight = 18.0
    let height = Double(bars.count) * rowHeight + 8
    var drawing = Drawing(width: 640, height: height, description: description, isRead: true)
    let axis = Axis(-largest...largest, pixels: 230...560)
    let zero = axis.position(0)
    for (i, bar) in bars.enumerated() {
      let y = Double(i) * rowHeight + 4
      let x = axis.position(bar.value)
      drawing.text(bar.label, x: 170, y: y + 13, anchor: "end", limit: 170)
      drawing.rectangle(
        x: min(x, zero), y: y + 3, width: abs(x - zero), height: rowHeight - 6, class: bar.value < 0 ? "lower" : "raise"
      )
      let text = (bar.value > 0 ? "+" : "") + Figure.number(bar.value, digits: 1)
      if bar.value < 0 {
        drawing.text(text, x: x - 4, y: y + 13, anchor: "end", class: "t muted")
      } else {
        drawing.text(text, x: x + 4, y: y + 13, class: "t muted")
      }
    }
    drawing.line(zero, 0, zero, height, class: "axis")
    return drawing
  }
}
