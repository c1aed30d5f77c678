/// An SVG that is being drawn: shapes with classes (colours are ``PlotStyle``'s), and a text alternative.
struct Drawing: Sendable {
  let width: Double
  let height: Double
  let description: String
  private(set) var content = ""
  /// Whether a screen reader reads its texts after the description: where they tell the figures, or lead somewhere. Otherwise
  /// it's a single image, whose parts can't be reached.
  private var isRead: Bool

  /// - Parameters:
  ///   - description: what the drawing shows, for those who don't see it.
  ///   - isRead: whether its texts tell every figure in an order that can be followed by ear.
  init(width: Double, height: Double, description: String, isRead: Bool = false) {
    self.isRead = isRead
    self.width = width
    self.height = height
    self.description = description
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String) {
    content += "<line x1=\"\(l(x1))\" y1=\"\(l(y1))\" x2=\"\(l(x2))\" y2=\"\(l(y2))\" class=\"\(name)\"/>"
  }

  mutating func rectangle(x: Double, y: Double, width: Double, height: Double, class name: String) {
    content +=
      "<rect x=\"\(l(x))\" y=\"\(l(y))\" width=\"\(l(max(0, width)))\" height=\"\(l(max(0, height)))\" "
      + "class=\"\(name)\"/>"
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, class name: String) {
    content += "<circle cx=\"\(l(x))\" cy=\"\(l(y))\" r=\"\(l(radius))\" class=\"\(name)\"/>"
  }

  /// A triangle whose point stands there: what it marks lies farther out.
  mutating func arrow(_ x: Double, _ y: Double, pointsRight: Bool, class name: String) {
    let back = pointsRight ? x - 8 : x + 8
    path([(x, y), (back, y - 4), (back, y + 4), (x, y)], class: name)
  }

  /// A line through points, to half a pixel; each point by its distance from the one before, which takes fewest characters.
  mutating func path(_ points: [(x: Double, y: Double)], class name: String) {
    guard let first = points.first else { return }
    func half(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (Markup.half(point.x), Markup.half(point.y))
    }
    var last = half(first)
    content += "<path d=\"M\(l(last.x)) \(l(last.y))"
    for point in points.dropFirst() {
      let next = half(point)
      content += "l\(l(next.x - last.x)) \(l(next.y - last.y))"
      last = next
    }
    content += "\" class=\"\(name)\"/>"
  }

  /// - Parameters:
  ///   - anchor: `start`, `middle` or `end`: which part of the text stands at `x`.
  ///   - limit: the width that it may take; longer text loses its middle.
  ///   - target: what it leads to, within the page that the drawing is part of.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: String = "start", class name: String = "t", limit: Double = .infinity,
    leadingTo target: String? = nil
  ) {
    let shown = TextWidth.shortened(text, to: limit, isBold: name.hasSuffix("strong"))
    let element =
      "<text x=\"\(l(x))\" y=\"\(l(y))\" text-anchor=\"\(anchor)\" class=\"\(name)\">\(Markup.escaped(shown))</text>"
    content += target.map { "<a href=\"#\($0)\">\(element)</a>" } ?? element
    if target != nil { isRead = true }
  }

  /// Another drawing within this one, its corner there.
  mutating func add(_ other: Drawing, x: Double, y: Double) {
    content += "<g transform=\"translate(\(l(x)) \(l(y)))\">\(other.content)</g>"
    isRead = isRead || other.isRead
  }

  /// The finished element.
  var svg: String {
    "<svg viewBox=\"0 0 \(l(width)) \(l(height))\" width=\"\(l(width))\" height=\"\(l(height))\" "
      + "role=\"\(isRead ? "group" : "img")\" aria-label=\"\(Markup.escaped(description))\">\(content)</svg>"
  }

  private func l(_ value: Double) -> String { Markup.length(value) }
}
