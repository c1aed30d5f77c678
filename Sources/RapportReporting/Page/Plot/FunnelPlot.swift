import RapportScoring

/// Values over sizes, with the limits around all of them together.
struct FunnelPlot {
  var funnel: Funnel
  var description: String

  /// Marks beyond these have no name beside them: names would hide one another.
  private static let mostNames = 12
  /// Of more outside every so many are drawn; JSON has all.
  private static let mostOutside = 300

  /// The drawing.
  var svg: String {
    var drawing = Drawing(width: 720, height: 300, description: description)
    let horizontal = Axis(0...(sizes.max() ?? 1), pixels: 60...500)
    let vertical = Axis(range, pixels: 0...220)
    // Pixels grow downwards.
    func y(_ value: Double) -> Double { 250 - vertical.position(value) }
    for tick in vertical.ticks(5) {
      drawing.line(60, y(tick), 500, y(tick), class: "grid")
      drawing.text(Wording.short(tick, of: funnel.indicator), x: 54, y: y(tick) + 4, anchor: "end", class: "t muted")
    }
    for tick in horizontal.ticks(5) {
      drawing.line(horizontal.position(tick), 250, horizontal.position(tick), 255, class: "axis")
      drawing.text(Axis.label(tick), x: horizontal.position(tick), y: 270, anchor: "middle", class: "t muted")
    }
    drawing.text(Wording.size(of: funnel.indicator), x: 280, y: 290, anchor: "middle", class: "t muted")
    drawing.line(60, y(funnel.centre), 500, y(funnel.centre), class: "reference")
    for (i, curve) in funnel.curves.enumerated() {
      let kind = i == 0 ? "series random" : "series plain"
      drawing.path(curve.points.map { (horizontal.position($0.size), y($0.low)) }, class: kind)
      drawing.path(curve.points.map { (horizontal.position($0.size), y($0.high)) }, class: kind)
      drawing.line(520, 60 + 22 * Double(i), 545, 60 + 22 * Double(i), class: kind)
      drawing.text("\(Wording.level(curve.level)) limits", x: 551, y: 64 + 22 * Double(i))
    }
    for point in funnel.inside {
      drawing.circle(horizontal.position(point.size), y(point.value), radius: 3, class: "point plain")
    }
    let step = max(1, (funnel.outside.count + Self.mostOutside - 1) / Self.mostOutside)
    for unit in stride(from: 0, to: funnel.outside.count, by: step).map({ funnel.outside[$0] }) {
      let (x, y) = (horizontal.position(unit.size), y(unit.value))
      drawing.circle(x, y, radius: 4, class: "point marked")
      if funnel.outside.count <= Self.mostNames {
        drawing.text(PageText.safe(unit.manager), x: x + 7, y: y + 4, limit: 120)
      }
    }
    return drawing.svg
  }

  private var sizes: [Double] { funnel.inside.map(\.size) + funnel.outside.map(\.size) }

  /// Values and the centre, with the limits of the larger half of the sizes: those of the smallest reach to the ends.
  private var range: ClosedRange<Double> {
    let values = funnel.inside.map(\.value) + funnel.outside.map(\.value) + [funnel.centre]
    let limits = funnel.curves.flatMap { curve in
      curve.points.suffix((curve.points.count + 1) / 2).flatMap { [$0.low, $0.high] }
    }
    let all = values + limits
    return (all.min() ?? 0)...(all.max() ?? 1)
  }
}
