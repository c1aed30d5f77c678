import RapportScoring

/// Values over sizes, with the limits around all of them together.
struct FunnelPlot {
  var funnel: Funnel
  var description: String

  /// More names beside marks are a crowd.
  private static let mostNames = 25
  /// Of more outside every so many are drawn; JSON has all.
  private static let mostOutside = 300

  /// The drawing.
  var drawing: Drawing {
    var drawing = Drawing(width: 720, height: 300, description: description)
    let horizontal = Axis(0...(sizes.max() ?? 1), pixels: 60...500)
    var places = TextPlaces(x: 60...720, y: 0...252)
    places.reserve(.init(x: 515...720, y: 45...(64 + 22 * Double(funnel.curves.count))))
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
      for limits in [curve.points.map { ($0.size, $0.low) }, curve.points.map { ($0.size, $0.high) }] {
        let points = Self.within(vertical.domain, limits)
        drawing.path(points.map { (horizontal.position($0.x), y($0.y)) }, class: kind)
      }
      drawing.line(520, 60 + 22 * Double(i), 545, 60 + 22 * Double(i), class: kind)
      drawing.text("\(Wording.level(curve.level)) limits", x: 551, y: 64 + 22 * Double(i))
    }
    for point in funnel.inside {
      drawing.circle(horizontal.position(point.size), y(point.value), radius: 3, class: "point plain")
    }
    let step = max(1, (funnel.outside.count + Self.mostOutside - 1) / Self.mostOutside)
    let shown = stride(from: 0, to: funnel.outside.count, by: step).map { funnel.outside[$0] }
    for unit in shown {
      let (x, y) = (horizontal.position(unit.size), y(unit.value))
      drawing.circle(x, y, radius: 4, class: "point marked")
      places.reserve(.init(x: (x - 4)...(x + 4), y: (y - 4)...(y + 4)))
    }
    // The farthest outside are named first, as long as there is room.
    for unit in shown.sorted(by: { excess($0) > excess($1) }).prefix(Self.mostNames) {
      let (x, y) = (horizontal.position(unit.size), y(unit.value))
      let name = TextWidth.shortened(Plot.name(unit.manager), to: 120)
      guard let place = places.place(name, besideX: x, y: y, radius: 4) else { continue }
      drawing.text(name, x: place.x, y: place.y, anchor: place.anchor)
    }
    return drawing
  }

  /// The part of a curve within the range, from where it enters: along the edge a line would look like a limit.
  static func within(_ range: ClosedRange<Double>, _ curve: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard let first = curve.firstIndex(where: { range.contains($0.y) }) else { return [] }
    guard first > 0 else { return curve }
    let (before, entry) = (curve[first - 1], curve[first])
    let edge = before.y < range.lowerBound ? range.lowerBound : range.upperBound
    let share = (edge - before.y) / (entry.y - before.y)
    return [(before.x + share * (entry.x - before.x), edge)] + curve[first...]
  }

  /// How far beyond its limits a manager lies, in half widths of them.
  private func excess(_ unit: Funnel.Outside) -> Double {
    let half = max((unit.high - unit.low) / 2, 1e-9)
    return max(unit.low - unit.value, unit.value - unit.high) / half
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
