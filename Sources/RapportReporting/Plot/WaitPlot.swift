import RapportScoring

/// The shares that still wait, as falling steps: one manager's with a band, comparable requests' dashed.
struct WaitPlot {
  var comparison: WaitComparison
  /// What the manager's curve is called.
  var name: String
  var timeTitle: String
  var description: String

  /// Below this share nothing is left to see.
  private static let floor = 0.02

  /// The drawing.
  var drawing: Drawing {
    var drawing = Drawing(width: 720, height: 300, description: description)
    let (left, right, top, bottom) = (56.0, 500.0, 16.0, 246.0)
    let horizontal = Axis(0...horizon, pixels: left...right)
    func y(_ share: Double) -> Double { bottom - share * (bottom - top) }
    for step in 0...4 {
      let share = Double(step) / 4
      drawing.line(left, y(share), right, y(share), class: "grid")
      drawing.text("\(25 * step) %", x: left - 6, y: y(share) + 4, anchor: "end", class: "t muted")
    }
    var last = -Double.infinity
    for tick in Self.ticks(to: horizon) {
      let x = horizontal.position(tick)
      let label = Self.label(tick, horizon: horizon)
      let half = TextWidth.of(label) / 2
      guard x - half > last + 6 else { continue }
      drawing.line(x, bottom, x, bottom + 5, class: "axis")
      drawing.text(label, x: x, y: bottom + 20, anchor: "middle", class: "t muted")
      last = x + half
    }
    drawing.text(timeTitle, x: (left + right) / 2, y: bottom + 42, anchor: "middle", class: "t muted")
    drawing.line(left, bottom, right, bottom, class: "axis")

    func path(_ curve: WaitComparison.Curve, _ share: (Int) -> Double?) -> [(x: Double, y: Double)] {
      var points: [(x: Double, y: Double)] = []
      for (i, seconds) in curve.seconds.enumerated() {
        let x = horizontal.position(seconds)
        // Where every fall is a point a level holds until the next, or until the drawing ends.
        if curve.isStepwise, let before = points.last { points.append((x, before.y)) }
        guard let value = share(i) else { break }
        if seconds > horizon {
          if !curve.isStepwise, let before = points.last, i > 0 {
            // The straight line goes as far as the drawing.
            let part = (horizon - curve.seconds[i - 1]) / (seconds - curve.seconds[i - 1])
            points.append((x, before.y + part * (y(value) - before.y)))
          }
          break
        }
        points.append((x, y(value)))
      }
      return points
    }
    let own = comparison.own
    drawing.path(path(own) { own.highs[$0] } + path(own) { own.lows[$0] }.reversed(), class: "band")
    if let comparable = comparison.comparable {
      drawing.path(path(comparable) { comparable.shares[$0] }, class: "series random")
    }
    drawing.path(path(own) { own.shares[$0] }, class: "series plain")
    drawing.line(516, 60, 541, 60, class: "series plain")
    drawing.text(name, x: 547, y: 64, limit: 170)
    if comparison.comparable != nil {
      drawing.line(516, 82, 541, 82, class: "series random")
      drawing.text("comparable requests", x: 547, y: 86)
    }
    return drawing
  }

  /// Where the drawing ends: when hardly anybody waits any more, or all that is known.
  private var horizon: Double {
    let ends = [comparison.own, comparison.comparable].compactMap { curve -> Double? in
      curve.flatMap { zip($0.seconds, $0.shares).first { $1 <= Self.floor }?.0 ?? $0.seconds.last }
    }
    return max(ends.max() ?? 0, 60)
  }

  /// Round numbers of minutes or hours, about six.
  private static func ticks(to horizon: Double) -> [Double] {
    let steps: [Double] = [
      10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 18_000, 28_800, 36_000, 72_000, 180_000, 360_000,
    ]
    var step = steps.first { $0 * 7 >= horizon } ?? 720_000
    while step * 7 < horizon { step *= 2 }
    return Array(stride(from: 0, through: horizon, by: step))
  }

  private static func label(_ seconds: Double, horizon: Double) -> String {
    switch horizon {
    case ..<300: "\(Figure.number(seconds, digits: 0)) s"
    case ..<7200: "\(Figure.number(seconds / 60, digits: 0)) min"
    default: "\(Figure.number(seconds / 3600, digits: seconds.truncatingRemainder(dividingBy: 3600) == 0 ? 0 : 1)) h"
    }
  }
}
