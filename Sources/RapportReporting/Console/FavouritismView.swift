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
    lines += [""] + pairs + partners + groups + model
    for note in findings.notes { lines += console.paragraph(note, bullet: "Note: ") }
    lines += console.paragraph(Sentences.readingRatios)
    lines += Sentences.readingVerdicts(findings).map { console.paragraph($0) } ?? []
    if findings.choice != nil { lines += console.paragraph(Sentences.followingFindings) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var pairs: [String] {
    guard !findings.pairs.isEmpty else { return [] }
    let judged = findings.judgedPairs
    guard !judged.isEmpty else {
      return [console.heading("Pairs")] + console.paragraph(Sentences.noPairJudged) + [""]
    }
    let columns = PairColumn.all(for: judged)
    var table = ConsoleTable(
      columns.map { $0.isNumber ? .number($0.heading, leavesAt: $0.leavesAt) : .text($0.heading) })
    for pair in Self.ordered(judged).prefix(limit) { table.append(columns.map { $0.cell(pair) }) }
    return [console.heading("Pairs")] + table.lines(on: console) + more(judged.count) + [""]
  }

  private var partners: [String] {
    guard !findings.partners.isEmpty else { return [] }
    let heading = console.heading("Partners: how evenly they answer")
    let rest = Sentences.partnersUncompared(findings).map { console.paragraph($0) } ?? []
    let told = findings.comparedPartners
    guard !told.isEmpty else { return [heading] + rest + [""] }
    let telling = told.contains { !$0.apart.isEmpty }
    var table = ConsoleTable(
      [
        .text("partner"), .number("managers", leavesAt: 3), .number("requests", leavesAt: 2), .number("median ratio"),
        .number("interval", leavesAt: 1),
      ] + (telling ? [.text(Self.butFor)] : []) + [
        .number("Gini", leavesAt: 4), .number("by chance", leavesAt: 5), .text("verdict"),
      ])
    for partner in told.prefix(limit) {
      table.append(
        [
          partner.partner, Figure.count(partner.managers), Figure.count(partner.requests), Self.medianRatio(partner),
          Self.limits(partner),
        ] + (telling ? [Self.apart(partner)] : []) + [
          Self.share(partner.gini), Self.share(partner.giniByChance),
          Self.words(partner.verdict, partner.low, partner.high),
        ])
    }
    return [heading] + table.lines(on: console) + more(told.count) + rest
      + (findings.evenness.map { console.paragraph($0.statement) } ?? []) + [""]
  }

  private var groups: [String] {
    guard !findings.groups.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("group"), .number("managers", leavesAt: 4), .number("requests", leavesAt: 3), .number("ratio"),
      .number("interval", leavesAt: 1), .number("unadjusted", leavesAt: 5), .number("q-value", leavesAt: 2),
      .text("verdict"),
    ])
    for group in findings.groups.prefix(limit) {
      table.append(
        "\(group.attribute) = \(group.value)", Figure.count(group.managers), Figure.count(group.requests),
        Figure.ratio(group.ratio), Figure.limits(group.low, group.high), Self.unadjusted(group),
        Figure.pValue(group.qValue), Self.words(group.verdict, group.low, group.high))
    }
    return [console.heading("Groups")] + table.lines(on: console) + more(findings.groups.count)
      + console.paragraph(Sentences.readingGroups) + [""]
  }

  /// What partners go by, and what was held equal.
  private var model: [String] {
    guard let choice = findings.choice else { return [] }
    var lines = [console.heading("What partners go by when they pick the next request")]
    let effects = ChoiceWords.sentences(choice)
    lines += console.paragraph(Sentences.choices(choice))
    if choice.coefficients.isEmpty { lines += console.paragraph(ChoiceWords.nothingInCommon) }
    for sentence in effects { lines += console.paragraph(sentence, bullet: "• ") }
    lines += console.paragraph(Sentences.adjusted(choice.adjustedFor, choice.notAdjustedFor))
    return lines + [""]
  }

  private func more(_ count: Int) -> [String] {
    count > limit ? ["… and \(Figure.count(count - limit)) more; --format csv lists them all."] : []
  }

  /// Signals first, then by how sure the sign is.
  static func ordered(_ pairs: [PairFinding]) -> [PairFinding] {
    pairs.sorted { a, b in
      if (a.verdict == .signal) != (b.verdict == .signal) { return a.verdict == .signal }
      let (x, y) = (a.localFalseSignRate ?? 1, b.localFalseSignRate ?? 1)
      if x != y { return x < y }
      return (a.manager, a.partner) < (b.manager, b.partner)
    }
  }

  /// A group's ratio of waits without adjustment, or a dash where no timing model tells of waits.
  static func unadjusted(_ group: GroupFinding) -> String {
    group.unadjusted.low < group.unadjusted.high ? Figure.ratio(group.unadjusted.ratio) : "–"
  }

  /// A partner's median ratio, or a dash where too little is known to show it.
  static func medianRatio(_ partner: PartnerFinding) -> String {
    partner.isShown ? partner.medianRatio.map(Figure.ratio) ?? "–" : "–"
  }

  /// Its interval, likewise.
  static func limits(_ partner: PartnerFinding) -> String {
    partner.isShown ? Figure.limits(partner.low, partner.high) : "–"
  }

  /// The heading of ``apart(_:)``, beside the median ratio.
  static let butFor = "but for"

  /// Whom a partner's median ratio leaves out, since they are treated apart from the others.
  static func apart(_ partner: PartnerFinding) -> String {
    let named = partner.apart.prefix(3).joined(separator: ", ")
    return partner.apart.count > 3 ? named + ", …" : named
  }

  /// A Gini coefficient, or a dash.
  static func share(_ value: Double?) -> String { value.map { Figure.number($0, digits: 2) } ?? "–" }

  /// A pair's verdict in words, or why there is none: too few requests in queues, no known order of picks, or too few pairs to show
  /// what is usual.
  static func words(_ pair: PairFinding) -> String {
    guard pair.sValue == nil, pair.verdict == .insufficientEvidence else {
      return words(pair.verdict, pair.low, pair.high)
    }
    return switch pair.obstacle {
    case .resolution: "times too coarse"
    case .noQueue: "never two managers open at once"
    case .noChoice: "in no queue with others'"
    case .notConverged: "no fit"
    case nil: pair.isJudged ? "too few pairs to show what is usual" : "too few requests"
    }
  }

  /// A verdict in words, beside the interval that is shown: where that leaves out 1, there is a difference, though not one that matters.
  static func words(_ verdict: FavouritismVerdict, _ low: Double?, _ high: Double?) -> String {
    guard verdict == .noMaterialDifference, let low, let high,
      RatioInterval(ratio: 1, low: low, high: high).excludesOne
    else { return words(verdict) }
    return "a difference, not material"
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
