import RapportScoring

/// The queues that a pair's finding rests on, as people read them in a terminal.
public struct ChoicesView {
  private let explanation: Explanation
  private let console: Console

  /// Requests of one queue that are shown.
  private static let mostRequests = 8

  public init(_ explanation: Explanation, console: Console) {
    self.explanation = explanation
    self.console = console
  }

  /// The text, ending in a line break.
  public var text: String { lines.joined(separator: "\n") + "\n" }

  /// A heading, what is listed, then each queue; empty where a manager is explained.
  var lines: [String] {
    guard let pair = explanation.pair, let evidence = explanation.evidence else { return [] }
    let (manager, partner) = (Legible.text(pair.manager), Legible.text(pair.partner))
    var lines = [console.heading("The choices behind it")]
    lines += console.paragraph(Self.introduction(evidence, manager: manager, partner: partner))
    if let record = Sentences.record(evidence, manager: manager) { lines += console.paragraph(record) }
    for (i, choice) in evidence.choices.enumerated() {
      lines +=
        [""] + console.paragraph(Self.sentence(choice, of: evidence.kind, manager: manager), bullet: "\(i + 1). ")
      lines += table(choice)
    }
    return lines
  }

  /// What is listed, and how to read it.
  private static func introduction(_ evidence: QueueEvidence, manager: String, partner: String) -> String {
    if let obstacle = evidence.obstacle { return "None can be shown: \(ChoiceWords.obstacle(obstacle))." }
    let picks =
      evidence.kind == .picked
      ? "\(Figure.count(evidence.total, "time")) \(partner) picked a request of \(manager) while others' were open"
      : "\(Figure.count(evidence.total, "time")) \(partner) picked another's request while one of \(manager) was open"
    guard !evidence.choices.isEmpty else { return picks + "; --limit shows them." }
    let shown =
      evidence.choices.count < evidence.total
      ? evidence.choices.count == 1
        ? "; below is the most telling one" : "; below are the \(Figure.count(evidence.choices.count)) most telling"
      : evidence.choices.count == 1 ? "" : ", the most telling first"
    return picks + shown
      + ": what would be least likely if everybody were treated alike. “Chance” is that of being picked then, by what "
      + "else \(partner) goes by: \((["how long each had waited"] + evidence.comparableBy).joined(separator: ", ")) and so on. "
      + "“Waited” leaves out absences and pauses, and begins when \(partner) had the request. “Passed over” are older requests than the picked one\(Sentences.ofTheSame(evidence.comparableBy))."
  }

  private static func sentence(_ choice: QueueEvidence.Choice, of kind: QueueEvidence.Kind, manager: String) -> String {
    let picked = choice.requests[0]
    var text = "\(minute(choice.moment)): "
    switch kind {
    case .picked:
      text += "picked out of \(choice.requests.count)\(choice.isSample ? " (a sample of the queue)" : "")"
      text += choice.passedOver > 0 ? ", \(Figure.count(choice.passedOver)) passed over" : ""
      text += "; chance \(Figure.percent(choice.probability))."
    case .passedOver:
      text += "a request of \(Legible.text(picked.manager)) picked out of \(choice.requests.count)"
      text += choice.isSample ? " (a sample of the queue)" : ""
      text += choice.passedOver > 0 ? ", \(Figure.count(choice.passedOver)) of \(manager) passed over" : ""
      text += "; the chance of any of \(manager)'s was \(Figure.percent(choice.probability))."
    }
    return text
  }

  private func table(_ choice: QueueEvidence.Choice) -> [String] {
    var table = ConsoleTable(
      [
        .text("request"), .text("manager"), .number("opened", leavesAt: 4),
        .number("waited, \(TimeWords.hours(explanation.onCalendar))"),
        ConsoleTable.Column("topic", .name, leavesAt: 3), ConsoleTable.Column("priority", .name, leavesAt: 2),
        ConsoleTable.Column("overdue", .name, leavesAt: 1), .number("chance"), .text(""),
      ], elsewhere: "--choices --format csv")
    let shown = Self.shown(choice)
    for request in shown {
      table.append(
        request.request ?? "–", request.manager, Self.minute(request.opened),
        Figure.number(request.waitedHours, digits: 1), request.topic ?? "–", request.priority ?? "–",
        request.overdue.map { $0 ? "yes" : "no" } ?? "–", Figure.percent(request.probability),
        request.isPicked ? "picked" : request.isPassedOver ? "passed over" : "")
    }
    let rest = choice.requests.count - shown.count
    if rest > 0 {
      table.append(remark: "… and \(Figure.count(rest)) more; --choices --format csv lists them.")
    }
    return table.lines(on: console)
  }

  /// The picked one, then those passed over, then the likeliest, all in the order of the queue.
  private static func shown(_ choice: QueueEvidence.Choice) -> [QueueEvidence.Request] {
    let rest = choice.requests.indices.dropFirst().sorted { a, b in
      let (x, y) = (choice.requests[a], choice.requests[b])
      if x.isPassedOver != y.isPassedOver { return x.isPassedOver }
      return x.probability != y.probability ? x.probability > y.probability : a < b
    }
    return ([0] + rest.prefix(mostRequests - 1).sorted()).map { choice.requests[$0] }
  }

  /// `2026-03-02 09:15` of `2026-03-02T09:15:00+01:00`.
  private static func minute(_ moment: String) -> String {
    let parts = moment.split(separator: "T")
    return parts.count == 2 ? "\(parts[0]) \(parts[1].prefix(5))" : moment
  }
}
