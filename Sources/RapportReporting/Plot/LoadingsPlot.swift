/// Loadings as a heat map: a row per indicator, a column per factor; the stronger, the darker.
struct LoadingsPlot {
  var rows: [(label: String, loadings: [Double])]
  var description: String

  /// The drawing.
  var drawing: Drawing {
    let (rowHeight, top, left, cell) = (20.0, 24.0, 230.0, 56.0)
    let columns = rows.map(\.loadings.count).max() ?? 0
    let height = top + Double(rows.count) * rowHeight + 30
    var drawing = Drawing(
      width: max(640, left + Double(columns) * cell + 10), height: height, description: description)
    for column in 0..<columns {
      drawing.text(
        "factor \(column + 1)", x: left + (Double(column) + 0.5) * cell, y: top - 8, anchor: "middle", class: "t muted")
    }
    for (i, row) in rows.enumerated() {
      let y = top + Double(i) * rowHeight
      drawing.text(row.label, x: left - 8, y: y + 14, anchor: "end", limit: left - 12)
      for (column, loading) in row.loadings.enumerated() {
        let x = left + Double(column) * cell
        // Ten steps of strength; where a loading lowers, the cell is outlined as well.
        let step = Int((min(1, abs(loading)) * 10).rounded())
        drawing.rectangle(
          x: x + 2, y: y + 1, width: cell - 4, height: rowHeight - 3,
          class: "cell c\(step)\(loading < 0 && step > 0 ? " lower" : "")")
        drawing.text(Figure.number(loading, digits: 2), x: x + cell / 2, y: y + 14, anchor: "middle")
      }
    }
    drawing.text(
      "The darker, the closer; outlined: the other way round.", x: left, y: height - 8, class: "t muted")
    return drawing
  }
}
