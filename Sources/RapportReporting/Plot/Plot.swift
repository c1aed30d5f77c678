import RapportScoring

/// A plot with its words: what a page shows among its own text, and a file holds by itself.
///
/// A plot is made from an assessment alone, or from a part of one. Those of one manager or partner name it.
public struct Plot: Sendable {
  /// What is shown, of whom.
  public var title: String
  /// How to read it, a paragraph each.
  public var captions: [String]
  /// What it shows, in a phrase.
  public var label: String
  /// What the drawing says in words, for those who don't see it.
  public var summary: String
  /// What it rests on, in a sentence that stands below.
  public var source = ""
  /// The drawings, one above the other.
  var panels: [Panel]

  /// One drawing of a plot.
  struct Panel: Sendable {
    var heading: String?
    var drawing: Drawing
  }

  init(title: String, captions: [String], label: String, summary: String = "", panels: [Panel]) {
    self.title = title
    self.captions = captions
    self.label = label
    self.summary = summary
    self.panels = panels
  }

  init(title: String, captions: [String], label: String, summary: String = "", drawing: Drawing) {
    self.init(
      title: title, captions: captions, label: label, summary: summary, panels: [Panel(heading: nil, drawing: drawing)])
  }

  /// The drawing of a plot that has one, for a page; the first of several.
  var svg: String { panels[0].drawing.svg }

  private static let margin = 16.0
  private static let lineHeight = 17.0

  /// The width in pixels of the plot as a file.
  public var width: Double { 2 * Self.margin + (panels.map(\.drawing.width).max() ?? 0) }

  /// The plot as a file of its own: title, how to read it, drawings, with its own style and white paper, in SVG 1.1.
  public var file: String {
    let width = width
    // Where the font is another, lines are a little longer.
    let room = 0.88 * (width - 2 * Self.margin)
    var whole = Drawing(width: width, height: 0, description: "")
    var y = Self.margin + PlotStyle.titleSize
    for line in TextWidth.wrapped(title, to: room, size: PlotStyle.titleSize, isBold: true) {
      whole.text(line, x: Self.margin, y: y, class: "t title")
      y += 1.3 * PlotStyle.titleSize
    }
    for caption in captions {
      for line in TextWidth.wrapped(caption, to: room) {
        whole.text(line, x: Self.margin, y: y, class: "t muted")
        y += Self.lineHeight
      }
      y += 3
    }
    for panel in panels {
      if let heading = panel.heading {
        whole.text(heading, x: Self.margin, y: y + 12, class: "t strong", limit: room)
        y += 22
      }
      whole.add(panel.drawing, x: Self.margin, y: y)
      y += panel.drawing.height + 12
    }
    for line in TextWidth.wrapped(source, to: room) {
      whole.text(line, x: Self.margin, y: y + 6, class: "t muted")
      y += Self.lineHeight
    }
    let size = (Markup.length(width), Markup.length(y + 4))
    let words = ([label, summary] + captions + [source]).filter { !$0.isEmpty }.map { $0.last == "." ? $0 : $0 + "." }
      .joined(separator: " ")
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size.0) \(size.1)" width="\(size.0)" height="\(size.1)" \
      role="img" aria-labelledby="title desc">
      <title id="title">\(Markup.escaped(title))</title>
      <desc id="desc">\(Markup.escaped(words))</desc>
      <style>\(PlotStyle.file.rules)
      \(PlotStyle.file.fileRules)</style>
      <rect class="paper" x="0" y="0" width="\(size.0)" height="\(size.1)"/>
      \(whole.content)
      </svg>

      """
  }

  /// What plots of an assessment rest on.
  ///
  /// - Parameter hasIntervals: whether it shows intervals of scores or ratios, so that what they cover must be told.
  static func source(_ assessment: Assessment, hasIntervals: Bool = false) -> String {
    let basis = assessment.basis
    return "\(Figure.count(assessment.managers.count, "manager")), "
      + "\(Figure.count(assessment.dataQuality.eventsUsed, "event")) from \(basis.firstEvent.prefix(10)) to "
      + "\(basis.asOf.prefix(10))"
      + (hasIntervals ? "; intervals cover \(Figure.percent(basis.options.interval))." : ".")
  }

  /// A name as plots show it: legible, and no longer than a line can hold.
  static func name(_ id: String, columns: Int = 60) -> String {
    DisplayWidth.shortened(fewMarks(Legible.text(id, limit: 20_000)), to: columns)
  }

  /// `text` with no more than a few marks on one letter: hundreds would be drawn over everything above and below.
  private static func fewMarks(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: marks += 1
      default: marks = 0
      }
      if marks <= 4 { result.append(scalar) }
    }
    return String(result)
  }
}

/// Why there is no plot.
public enum PlotError: Error, Sendable, Equatable {
  /// No manager has this identifier; the known ones are given.
  case unknownManager(String, known: [String])
  /// No partner has this identifier; the known ones are given.
  case unknownPartner(String, known: [String])
  /// No indicator has this name; those that can be drawn are given.
  case unknownIndicator(String, known: [String])
  /// The data hold nothing to draw, for this reason.
  case nothingToDraw(String)
}
