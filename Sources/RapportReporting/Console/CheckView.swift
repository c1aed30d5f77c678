import RapportIngestion

/// The data-quality report as people read it in a terminal.
public struct CheckView {
  private let quality: DataQuality
  private let inputNames: InputNames
  private let console: Console

  /// - Parameter inputNames: which inputs the examples' numbers mean; those that it doesn't name stay numbers.
  public init(_ quality: DataQuality, inputNames: InputNames = InputNames([]), console: Console) {
    self.quality = quality
    self.inputNames = inputNames
    self.console = console
  }

  /// The text, ending in a line break.
  public var text: String {
    var lines = [console.heading("Data quality")]
    lines += console.paragraph(
      ([Sentences.rows(quality)] + [Sentences.superseded(quality), Sentences.confidential(quality)].compactMap { $0 })
        .joined(separator: " "))
    let requests = quality.requests
    lines += console.paragraph(
      "\(Figure.count(requests.total, "request")): \(Figure.count(requests.answered)) answered, "
        + "\(Figure.count(requests.open)) open (\(Figure.count(requests.unassigned)) of them with no partner), "
        + (quality.holds(.withdraw) ? "\(Figure.count(requests.withdrawn)) withdrawn; " : "withdrawals not read; ")
        + (quality.holds(.reassign)
          ? "\(Figure.count(requests.reassigned, "reassignment"))." : "reassignments not read."))
    if quality.managers + quality.partners > 0 {
      lines += console.paragraph(
        "\(Figure.count(quality.managers, "manager")) and \(Figure.count(quality.partners, "partner")).")
    }
    lines += kinds
    for consequence in DataQuality.Consequence.allCases { lines += findings(consequence) }
    if !quality.ignoredColumns.isEmpty {
      lines += [""] + console.paragraph("Columns not read: \(quality.ignoredColumns.joined(separator: ", ")).")
    }
    if !quality.notes.isEmpty { lines.append("") }
    for note in quality.notes { lines += console.paragraph(note, bullet: "• ") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var kinds: [String] {
    guard !quality.kinds.isEmpty || quality.confidential > 0 else { return [] }
    var table = ConsoleTable([.text("kind"), .number("events")])
    for (kind, count) in quality.kinds.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) where count > 0 {
      table.append(kind, Figure.count(count))
    }
    if quality.confidential > 0 { table.append("confidential", Figure.count(quality.confidential)) }
    return [""] + table.lines(on: console)
  }

  private func findings(_ consequence: DataQuality.Consequence) -> [String] {
    let found = quality.findings(consequence)
    guard !found.isEmpty else { return [] }
    var lines = ["", console.heading(Wording.heading(consequence))]
    for (name, finding) in found {
      var text = "\(Wording.words(name)): \(Figure.count(finding.count))"
      text += finding.advice.isEmpty ? "." : ". \(finding.advice)"
      let examples = finding.examples.prefix(3).map { $0.text(inputNames) }
      if !examples.isEmpty { text += " For example \(examples.joined(separator: "; "))." }
      lines += console.paragraph(text, bullet: "• ")
    }
    return lines
  }
}
