/// Eigenvalues against those of random data.
struct ScreePlot {
  var eigenvalues: [Double]
  /// The 95th percentile of random data's, where known.
  var thresholds: [Double]
  /// How many factors parallel analysis counts; their marks are filled.
  var factors = 0
  var description: String

  /// The drawing.
  var drawing: Drawing {
    var drawing = Drawing(width: 640, height: 260, description: description)
    let all = eigenvalues + thresholds
    let count = Double(max(2, eigenvalues.count))
    let horizontal = Axis(1...count, pixels: 50...470)
    // Pixels grow downwards, so values are drawn at the bottom less their height.
    let vertical = Axis(min(0, all.min() ?? 0)...max(1, all.max() ?? 1), pixels: 0...190)
    func y(_ value: Double) -> Double { 220 - vertical.position(value) }
    for tick in vertical.ticks(4) {
      drawing.line(50, y(tick), 470, y(tick), class: "grid")
      drawing.text(Axis.label(tick), x: 44, y: y(tick) + 4, anchor: "end", class: "t muted")
    }
    let step = max(1, (eigenvalues.count + 13) / 14)
    for i in stride(from: 0, to: eigenvalues.count, by: step) {
      drawing.text(String(i + 1), x: horizontal.position(Double(i + 1)), y: 238, anchor: "middle", class: "t muted")
    }
    drawing.text("factor", x: 260, y: 254, anchor: "middle", class: "t muted")
    drawing.text("eigenvalue", x: 10, y: 14, class: "t muted")
    drawing.path(thresholds.enumerated().map { (horizontal.position(Double($0 + 1)), y($1)) }, class: "series random")
    drawing.path(eigenvalues.enumerated().map { (horizontal.position(Double($0 + 1)), y($1)) }, class: "series plain")
    for (i, value) in eigenvalues.enumerated() {
      drawing.circle(
        horizontal.position(Double(i + 1)), y(value), radius: 4, class: i < factors ? "point marked" : "point plain")
    }
    drawing.line(485, 60, 510, 60, class: "series plain")
    drawing.text("these data", x: 516, y: 64)
    if !thresholds.isEmpty {
      drawing.line(485, 82, 510, 82, class: "series random")
      drawing.text("random data", x: 516, y: 86)
    }
    return drawing
  }
}
