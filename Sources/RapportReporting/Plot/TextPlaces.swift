/// Where texts and marks of a drawing stand, so that the next text finds a free place.
struct TextPlaces {
  /// What a text or a mark covers, in pixels.
  struct Box {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>

    func overlaps(_ other: Box) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
  }

  /// A place for a text: its anchor's point on the baseline.
  struct Place {
    var x: Double
    var y: Double
    var anchor: String
  }

  private let frame: Box
  private var taken: [Box] = []

  /// - Parameter frame: what texts must stay within.
  init(x: ClosedRange<Double>, y: ClosedRange<Double>) { frame = Box(x: x, y: y) }

  /// Nothing may stand here.
  mutating func reserve(_ box: Box) { taken.append(box) }

  /// A free place beside a mark, and takes it: right of it, left, above or below; `nil` where there is none.
  mutating func place(_ text: String, besideX x: Double, y: Double, radius: Double) -> Place? {
    // Where the font is another, names take a little more.
    let width = 1.15 * TextWidth.of(text)
    let (rise, fall) = (0.95 * PlotStyle.textSize, 0.3 * PlotStyle.textSize)
    let gap = radius + 3
    let candidates: [(place: Place, left: Double)] = [
      (Place(x: x + gap, y: y + 4, anchor: "start"), x + gap),
      (Place(x: x - gap, y: y + 4, anchor: "end"), x - gap - width),
      (Place(x: x, y: y - gap - fall, anchor: "middle"), x - width / 2),
      (Place(x: x, y: y + gap + rise, anchor: "middle"), x - width / 2),
    ]
    for (place, left) in candidates {
      let box = Box(x: left...(left + width), y: (place.y - rise)...(place.y + fall))
      guard frame.x.contains(left), frame.x.contains(left + width), frame.y.contains(box.y.lowerBound),
        frame.y.contains(box.y.upperBound), !taken.contains(where: box.overlaps)
      else { continue }
      taken.append(box)
      return place
    }
    return nil
  }
}
