/// The style sheet of drawings: two colours that everyone can tell apart, with shape or pattern beside colour.
struct PlotStyle {
  /// Points of ordinary text, and of a plot's title.
  static let textSize = 12.0
  static let titleSize = 16.0

  var ink: String
  var muted: String
  var paper: String
  var line: String
  var blue: String
  var orange: String
  var font: String

  /// A page's: light and dark, as its variables say.
  static let page = PlotStyle(
    ink: "var(--ink)", muted: "var(--muted)", paper: "var(--paper)", line: "var(--line)", blue: "var(--blue)",
    orange: "var(--orange)", font: "system-ui,sans-serif")

  /// A file's, which nothing surrounds: dark on white, as it prints. Without variables, which not every program knows.
  static let file = PlotStyle(
    ink: "#1b1f24", muted: "#57606a", paper: "#ffffff", line: "#d0d7de", blue: "#0b5cad", orange: "#a84300",
    font: "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans','DejaVu Sans',Arial,sans-serif")

  /// The rules, by the classes that drawings use.
  var rules: String {
    """
    .t{font:\(Markup.length(Self.textSize))px \(font);fill:\(ink)}.t.muted{fill:\(muted)}.t.strong{font-weight:600}
    .grid{stroke:\(line);stroke-width:1}.axis{stroke:\(muted);stroke-width:1}
    .reference{stroke:\(muted);stroke-width:1.5;stroke-dasharray:5 4}
    .usual{stroke:\(ink);stroke-width:2}
    .interval{stroke-width:2}.interval.plain{stroke:\(blue)}.interval.marked{stroke:\(orange);stroke-width:4}
    .point{stroke-width:2}.point.plain{fill:\(paper);stroke:\(blue)}.point.marked{fill:\(orange);stroke:\(orange)}
    rect.plain,rect.raise{fill:\(blue)}
    rect.lower{fill:\(paper);stroke:\(orange);stroke-width:2}
    .series{fill:none;stroke-width:2}.series.plain{stroke:\(blue)}
    .series.random{stroke:\(orange);stroke-dasharray:6 4}
    .band{fill:\(blue);fill-opacity:.15}
    .cell{fill:\(blue)}.cell.lower{fill:\(orange);stroke:\(orange);stroke-width:2}
    \(cellRules)
    """
  }

  /// Cells from 0 to 10 are light enough for the text on them.
  private var cellRules: String { (0...10).map { ".c\($0){fill-opacity:\(Double($0) * 5 / 100)}" }.joined() }

  /// What only files of their own draw.
  var fileRules: String {
    """
    .paper{fill:\(paper)}
    .t.title{font-size:\(Markup.length(Self.titleSize))px;font-weight:600}
    """
  }
}
