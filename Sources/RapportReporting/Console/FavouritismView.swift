import RapportScoring

/// Response-time findings as people read them in a terminal.
public struct FavouritismView {
  private let findings: FavouritismFindings
  private let console: Console
  private let limit: Int

  public init(_ findings: FavouritismFindings, console: Console, limit: Int = 20) {
    self.findings = findings
    self.console = console
    self.limit = limit
  }

  /// The text, ending in a line break.
  public var text: String {
    var lines = [console.heading("Response-time findings (\(findings.basis))")]
    for sentence in Sentences.favouritism(findings, limit: 10) { lines += console.paragraph(sentence, bullet: "• ") }
    lines += [""] + pairs + partners + groups
    for note in findings.notes { lines += console.paragraph(note, bullet: "Note: ") }
    lines += console.paragraph(
      "A ratio above 1 means answered more readily than comparable requests. A signal is something to look into, not a "
        + "judgement of a person.")
    return lines.joined(separator: "\n") + "\n"
  }

  private var pairs: [String] {
    guard !findings.pairs.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("manager"), .text("partner"), .number("ratio"), .number("interval", leavesAt: 1),
      .number("requests", leavesAt: 3), .number("false sign", leavesAt: 2), .text("verdict"),
      .number("detectable", leavesAt: 4),
    ])
    for pair in Self.ordered(findings.pairs).prefix(limit) {
      table.append(
        pair.manager, pair.partner, Figure.ratio(pair.ratio), Self.interval(pair.low, pair.high),
        Figure.count(pair.requests), Figure.percent(pair.localFalseSignRate), Self.words(pair.verdict),
        Figure.ratio(pair.minimumDetectableRatio))
    }
    return [console.heading("Pairs")] + table.lines(width: console.width) + more(findings.pairs.count) + [""]
  }

  private var partners: [String] {
    guard !findings.partners.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("partner"), .number("managers", leavesAt: 3), .number("requests", leavesAt: 2), .number("median ratio"),
      .number("interval", leavesAt: 1), .text("verdict"),
    ])
    for partner in findings.partners.prefix(limit) {
      table.append(
        partner.partner, Figure.count(partner.managers), Figure.count(partner.requests),
        partner.medianRatio.map(Figure.ratio) ?? "–", Self.interval(partner.low, partner.high),
        Self.words(partner.verdict))
    }
    return [console.heading("Partners: how evenly they answer")] + table.lines(width: console.width)
      + more(findings.partners.count) + [""]
  }

  private var groups: [String] {
    guard !findings.groups.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("group"), .number("managers", leavesAt: 3), .number("requests", leavesAt: 2), .number("ratio"),
      .number("interval", leavesAt: 1), .text("verdict"),
    ])
    for group in findings.groups.prefix(limit) {
      table.append(
        "\(group.attribute) = \(group.value)", Figure.count(group.managers), Figure.count(group.requests),
        Figure.ratio(group.ratio), Self.interval(group.low, group.high), Self.words(group.verdict))
    }
    return [console.heading("Groups")] + table.lines(width: console.width) + more(findings.groups.count) + [""]
  }

  private func more(_ count: Int) -> [String] {
    count > limit ? ["… and \(Figure.count(count - limit)) more; --format csv lists them all."] : []
  }

  /// Signals first, then by how sure the sign is.
  static func ordered(_ pairs: [PairFinding]) -> [PairFinding] {
    pairs.sorted { a, b in
      if (a.verdict == .signal) != (b.verdict == .signal) { return a.verdict == .signal }
      if a.localFalseSignRate != b.localFalseSignRate { return a.localFalseSignRate < b.localFalseSignRate }
      return (a.manager, a.partner) < (b.manager, b.partner)
    }
  }

  static func interval(_ low: Double?, _ high: Double?) -> String {
    guard let low, let high else { return "–" }
    return "\(Figure.factor(low))–\(Figure.factor(high))"
  }

  /// A verdict in words.
  public static func words(_ verdict: FavouritismVerdict) -> String {
    switch verdict {
    case .signal: "signal"
    case .noMaterialDifference: "no material difference"
    case .insufficientEvidence: "insufficient evidence"
    }
  }
}
