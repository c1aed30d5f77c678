/// A Lorenz curve: which share of the whole falls to the lowest share of those who have it.
struct LorenzPlot {
  /// Points from (0, 0) to (1, 1).
  var points: [(x: Double, y: Double)]
  var horizontalTitle: String
  var verticalTitle: String
  var description: String

  /// The drawing.
  var drawing: Drawing {
    var drawing = Drawing(width: 560, height: 364, description: description)
    let (left, right, top, bottom) = (56.0, 356.0, 24.0, 324.0)
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (left + x * (right - left), bottom - y * (bottom - top))
    }
    for step in 0...4 {
      let share = Double(step) / 4
      let (x, y) = place(share, share)
      drawing.line(x, top, x, bottom, class: "grid")
      drawing.line(left, y, right, y, class: "grid")
      drawing.text("\(25 * step) %", x: x, y: bottom + 19, anchor: "middle", class: "t muted")
      drawing.text("\(25 * step) %", x: left - 6, y: y + 4, anchor: "end", class: "t muted")
    }
    drawing.text(verticalTitle, x: 0, y: 12, class: "t muted")
    drawing.text(horizontalTitle, x: right, y: bottom + 35, anchor: "end", class: "t muted")
    drawing.path([place(0, 0), place(1, 1)], class: "series random")
    drawing.path(points.map { place($0.x, $0.y) }, class: "series plain")
    drawing.line(right + 20, 60, right + 45, 60, class: "series plain")
    drawing.text("these managers", x: right + 51, y: 64)
    drawing.line(right + 20, 82, right + 45, 82, class: "series random")
    drawing.text("all wait alike", x: right + 51, y: 86)
    return drawing
  }
}
