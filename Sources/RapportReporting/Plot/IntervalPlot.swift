/// Estimates with their intervals, one row each: a caterpillar plot.
struct IntervalPlot {
  struct Row {
    var label: String
    var value: Double
    var low: Double
    var high: Double
    /// Drawn in the accent colour and with a filled mark.
    var isMarked = false
    /// Where others usually are, drawn as an upright stroke.
    var usual: Double?
    /// What is to be known besides, behind the figures.
    var remark = ""
    /// What the label leads to, within the page.
    var anchor: String?
    /// A line above this row, with this text: where a tier begins, or where rows are left out.
    var heading: String?
  }
  var rows: [Row]
  var axisTitle: String
  var domain: ClosedRange<Double>
  /// A line for the usual, such as 1 for ratios.
  var reference: Double?
  var isLogarithmic = false
  var description: String

  /// The drawing.
  var drawing: Drawing {
    let labelWidth = min(
      220, max(60, (rows.map { TextWidth.of($0.label) }.max() ?? 0).rounded(.up)))
    // Links take 24 pixels each to be hit with a finger (WCAG 2.5.8).
    let rowHeight = rows.contains { $0.anchor != nil } ? 24.0 : 18.0
    let (headingHeight, top) = (22.0, 42.0)
    let headings = Double(rows.filter { $0.heading != nil }.count)
    let height = top + Double(rows.count) * rowHeight + headings * headingHeight + 12
    var drawing = Drawing(width: 770, height: height, description: description, isRead: true)
    let axis = Axis(domain, pixels: (labelWidth + 20)...610, isLogarithmic: isLogarithmic)
    var taken: [ClosedRange<Double>] = []
    for tick in axis.ticks() {
      let x = axis.position(tick)
      let label = Axis.label(tick)
      let half = TextWidth.of(label) / 2 + 4
      // A line without its number would be a riddle.
      guard !taken.contains(where: { $0.overlaps((x - half)...(x + half)) }) else { continue }
      taken.append((x - half)...(x + half))
      drawing.line(x, top - 8, x, height - 10, class: "grid")
      drawing.text(label, x: x, y: top - 12, anchor: "middle", class: "t muted")
    }
    drawing.text(axisTitle, x: labelWidth + 20, y: 12, class: "t muted")
    if let reference {
      drawing.line(axis.position(reference), top - 8, axis.position(reference), height - 10, class: "reference")
    }
    var y = top
    for row in rows {
      if let heading = row.heading {
        drawing.text(heading, x: 0, y: y + 14, class: "t strong", limit: 600)
        y += headingHeight
      }
      let middle = y + rowHeight / 2
      drawing.text(row.label, x: labelWidth + 8, y: middle + 4, anchor: "end", limit: labelWidth, leadingTo: row.anchor)
      let kind = row.isMarked ? "marked" : "plain"
      drawing.line(axis.position(row.low), middle, axis.position(row.high), middle, class: "interval \(kind)")
      if let usual = row.usual {
        drawing.line(axis.position(usual), middle - 7, axis.position(usual), middle + 7, class: "usual")
      }
      for end in ends(row) {
        drawing.arrow(axis.position(end), middle, pointsRight: end == domain.upperBound, class: "point \(kind)")
      }
      if domain.contains(row.value) {
        drawing.circle(axis.position(row.value), middle, radius: 4, class: "point \(kind)")
      }
      drawing.text(
        "\(figure(row.value)) (\(Figure.limits(row.low, row.high, figure)))\(row.remark)", x: 620, y: middle + 4,
        class: "t muted",
        limit: 150)
      y += rowHeight
    }
    return drawing
  }

  /// The ends of a row's interval that lie beyond the axis, and so does its mark, where that does.
  private func ends(_ row: Row) -> [Double] {
    (row.low < domain.lowerBound ? [domain.lowerBound] : []) + (row.high > domain.upperBound ? [domain.upperBound] : [])
  }

  private func figure(_ value: Double) -> String {
    isLogarithmic ? Figure.factor(value) : Figure.number(value, digits: 0)
  }
}
