/// Curves over one axis, such as shares against sizes; each is named at its right end.
public struct CurvePlot: Sendable {
  /// One curve.
  public struct Curve: Sendable {
    /// Stands at the curve's end.
    public var name: String
    /// From left to right.
    public var points: [(x: Double, y: Double)]
    /// Drawn dashed and in the accent colour.
    public var isMarked: Bool

    /// A curve through points from left to right.
    public init(name: String, points: [(x: Double, y: Double)], isMarked: Bool = false) {
      self.name = name
      self.points = points
      self.isMarked = isMarked
    }
  }
  /// The curves, in the order in which they are drawn.
  public var curves: [Curve]
  /// What lies along the bottom, and where it has ticks; they bound it.
  public var horizontalTitle: String
  public var ticks: [Double]
  /// Whether equal steps along the bottom are equal ratios.
  public var isLogarithmic = false
  /// What lies along the side, and its range.
  public var verticalTitle: String
  public var verticalDomain = 0.0...1.0
  /// Where the side has ticks on a scale of equal ratios; `nil` for a plain scale with ticks at round numbers.
  public var logarithmicVerticalTicks: [Double]?
  /// What the drawing shows, for those who don't see it.
  public var description: String

  /// A plot of curves.
  public init(
    curves: [Curve], horizontalTitle: String, ticks: [Double], isLogarithmic: Bool = false, verticalTitle: String,
    description: String
  ) {
    self.curves = curves
    self.horizontalTitle = horizontalTitle
    self.ticks = ticks
    self.isLogarithmic = isLogarithmic
    self.verticalTitle = verticalTitle
    self.description = description
  }

  /// Names of curves keep this far apart, in pixels.
  private static let nameHeight = 15.0

  /// The drawing, for a page.
  public var svg: String { drawing.svg }

  var drawing: Drawing {
    var drawing = Drawing(width: 720, height: 320, description: description)
    let horizontal = Axis(
      (ticks.min() ?? 0)...(ticks.max() ?? 1), pixels: 50...470, isLogarithmic: isLogarithmic)
    let vertical = Axis(verticalDomain, pixels: 0...240, isLogarithmic: logarithmicVerticalTicks != nil)
    // Pixels grow downwards.
    func y(_ value: Double) -> Double { 270 - vertical.position(value) }
    for tick in logarithmicVerticalTicks ?? vertical.ticks(5) {
      drawing.line(50, y(tick), 470, y(tick), class: "grid")
      drawing.text(Axis.label(tick), x: 44, y: y(tick) + 4, anchor: "end", class: "t muted")
    }
    for tick in ticks {
      drawing.line(horizontal.position(tick), 270, horizontal.position(tick), 275, class: "axis")
      drawing.text(Axis.label(tick), x: horizontal.position(tick), y: 290, anchor: "middle", class: "t muted")
    }
    drawing.text(horizontalTitle, x: 260, y: 310, anchor: "middle", class: "t muted")
    drawing.text(verticalTitle, x: 10, y: 16, class: "t muted")
    for curve in curves {
      let points = curve.points.map { (x: horizontal.position($0.x), y: y($0.y)) }
      drawing.path(points, class: curve.isMarked ? "series random" : "series plain")
      for point in points {
        drawing.circle(point.x, point.y, radius: 4, class: curve.isMarked ? "point marked" : "point plain")
      }
    }
    for (curve, place) in zip(named, places(named.map { y($0.points.last!.y) })) {
      drawing.text(curve.name, x: 482, y: place + 4, limit: 236)
    }
    return drawing
  }

  /// The drawing as a file of its own.
  ///
  /// - Parameters:
  ///   - title: what is shown, of whom.
  ///   - captions: how to read it.
  public func file(title: String, captions: [String] = []) -> String {
    Plot(title: title, captions: captions, label: description, drawing: drawing).file
  }

  /// Curves with an end to stand at, highest end first.
  private var named: [Curve] {
    curves.filter { !$0.points.isEmpty }.enumerated()
      .sorted { ($1.element.points.last!.y, $0.offset) < ($0.element.points.last!.y, $1.offset) }.map(\.element)
  }

  /// Heights near the wanted ones, which ascend in pixels, that keep names apart and within the plot.
  private func places(_ wanted: [Double]) -> [Double] {
    var result = wanted
    for i in result.indices.dropFirst() { result[i] = max(result[i], result[i - 1] + Self.nameHeight) }
    var lowest = 270.0
    for i in result.indices.reversed() {
      result[i] = min(result[i], lowest)
      lowest = result[i] - Self.nameHeight
    }
    return result
  }
}
