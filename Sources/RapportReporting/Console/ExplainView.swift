import RapportScoring

/// One manager's scores explained, as people read it in a terminal.
public struct ExplainView {
  private let explanation: Explanation
  private let assessment: Assessment
  private let console: Console
  private var manager: ManagerAssessment { explanation.manager }

  public init(_ explanation: Explanation, assessment: Assessment, console: Console) {
    self.explanation = explanation
    self.assessment = assessment
    self.console = console
  }

  /// The text, ending in a line break.
  public var text: String {
    let parts = [
      scores, explanation.partner == nil ? contributions : [], peers, sides, moves, pairs, evidence, trend, unknown,
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var scores: [String] {
    let attributes = manager.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
      separator: ", ")
    var lines = [
      console.heading(Legible.text(manager.id) + (attributes.isEmpty ? "" : " (\(Legible.text(attributes)))"))
    ]
    var table = ConsoleTable([
      .text("score"), .number("value"), .text("interval"), ConsoleTable.Column("0      50     100"),
    ])
    let named: [(String, Score)] =
      [
        ("health", manager.health), ("trust", manager.trust), ("  in the partners", manager.trustInPartner),
        ("  in the manager", manager.trustInManager), ("consistency", manager.consistency),
      ]
      + Wording.domains.compactMap { key in manager.domains[key].map { (Wording.domain(key), $0) } }.filter {
        $0.0 != "consistency"
      }
    for (name, score) in named {
      table.append(
        name, Figure.points(score), Figure.interval(score), score.estimate.map { RankingTable.bar($0) } ?? "")
    }
    lines += table.lines(width: console.width)
    if let rank = manager.rank {
      lines += console.paragraph(
        "Expected rank \(Figure.number(rank.expected, digits: 1)) of \(Figure.count(assessment.ranking.order.count)) "
          + "(\(Figure.number(rank.low, digits: 0))–\(Figure.number(rank.high, digits: 0))); in the lowest "
          + "tenth with probability "
          + "\(Figure.percent(rank.probabilityLowestTenth)).")
    }
    return lines
  }

  private var contributions: [String] {
    guard let attribution = manager.attribution, !attribution.contributions.isEmpty else { return [] }
    var table = ConsoleTable([.text("contribution"), .number("points"), .text("")])
    let largest = max(1, attribution.contributions.map { abs($0.points) }.max() ?? 1)
    for contribution in attribution.contributions {
      let length = Int((abs(contribution.points) / largest * 20).rounded())
      table.append(
        Wording.indicator(contribution.indicator),
        (contribution.points > 0 ? "+" : "") + Figure.number(contribution.points, digits: 1),
        String(repeating: contribution.points < 0 ? "░" : "█", count: length))
    }
    let sum = attribution.contributions.reduce(0) { $0 + $1.points }
    return [console.heading("What health is made of")]
      + console.paragraph(
        "Reference \(Figure.number(attribution.reference, digits: 1)) (\(attribution.referenceMeaning)), and "
          + "these add up to "
          + "\(sum > 0 ? "+" : "")\(Figure.number(sum, digits: 1)):") + table.lines(width: console.width)
  }

  private var peers: [String] {
    guard !explanation.peers.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("indicator"), .text("here"), .text("median of others"), .number("points"),
      .text("others with fewer points"),
    ])
    for peer in explanation.peers {
      table.append(
        Wording.indicator(peer.indicator), Wording.value(peer.value, of: peer.indicator),
        peer.peerMedian.map { Wording.value($0, of: peer.indicator) } ?? "–", Figure.number(peer.points, digits: 0),
        "\(Figure.count(peer.peersBelow)) of \(Figure.count(peer.peers))")
    }
    return [console.heading("Compared with the other managers")] + table.lines(width: console.width)
  }

  private var sides: [String] {
    let sentences = Wording.indicatorOrder.compactMap { key in
      manager.indicators[key].flatMap { Sentences.sides(key, $0) }
    }
    guard !sentences.isEmpty else { return [] }
    return [console.heading("Each side apart")] + sentences.flatMap { console.paragraph($0, bullet: "• ") }
  }

  private var moves: [String] {
    guard !explanation.moves.isEmpty else { return [] }
    var lines = [console.heading("What would move health most")]
    for move in explanation.moves.prefix(3) {
      lines += console.paragraph(
        "\(Wording.indicator(move.indicator)) from \(Wording.value(move.from, of: move.indicator)) to "
          + "\(Wording.value(move.to, of: move.indicator)), where the best quarter of the others begins: about "
          + "+\(Figure.number(move.gain, digits: 1)) points, everything else unchanged.", bullet: "• ")
    }
    return lines
  }

  private var pairs: [String] {
    guard !explanation.pairs.isEmpty else { return [] }
    var table = ConsoleTable([
      .text("partner"), .number("requests"), .number("answered"), .number("open"), .number("health"), .number("trust"),
      .number("trust in partner"), .number("trust in manager"),
    ])
    for pair in explanation.pairs {
      table.append(
        pair.partner, Figure.count(pair.requests), Figure.count(pair.answered), Figure.count(pair.open),
        Figure.points(pair.health), Figure.points(pair.trust), Figure.points(pair.trustInPartner),
        Figure.points(pair.trustInManager))
    }
    return [console.heading("With each partner")] + table.lines(width: console.width)
  }

  private var evidence: [String] {
    guard !explanation.findings.isEmpty else { return [] }
    var lines = [console.heading("Response times (\(assessment.favouritism.basis))")]
    for finding in explanation.findings {
      lines += console.paragraph(finding.statement, bullet: "• ")
      guard explanation.partner != nil else { continue }
      lines += console.paragraph(
        "Shrunken ratio \(Figure.ratio(finding.ratio)) "
          + "(\(FavouritismView.interval(finding.low, finding.high))), estimate "
          + "\(Figure.ratio(finding.estimate.ratio)) "
          + "(\(FavouritismView.interval(finding.estimate.low, finding.estimate.high))), "
          + "from \(Figure.count(finding.requests)) requests of which \(Figure.count(finding.answered)) "
          + "answered; verdict: "
          + "\(FavouritismView.words(finding.verdict)). The smallest ratio that this many requests would show is "
          + "\(Figure.ratio(finding.minimumDetectableRatio)).", bullet: "  ")
      if let adjusted = assessment.favouritism.timing?.adjustedFor, !adjusted.isEmpty {
        lines += console.paragraph("Adjusted for \(Sentences.list(adjusted)).", bullet: "  ")
      }
      if !finding.notAdjustedFor.isEmpty {
        lines += console.paragraph("Not adjusted for \(Sentences.list(finding.notAdjustedFor)).", bullet: "  ")
      }
    }
    return lines
  }

  private var trend: [String] {
    let months = manager.months.suffix(12)
    guard months.contains(where: { $0.requests + $0.promisesDue + $0.checkIns > 0 }) else { return [] }
    var table = ConsoleTable([
      .text("month"), .number("requests"), .number("answered"), .number("promises due"), .number("kept"),
      .number("check-ins"), .number("days"),
    ])
    for month in months {
      table.append(
        month.month, Figure.count(month.requests), Figure.count(month.answered), Figure.count(month.promisesDue),
        Figure.count(month.promisesKept), Figure.count(month.checkIns), Figure.count(month.exposedDays))
    }
    return [console.heading("Evidence by month")] + table.lines(width: console.width)
  }

  private var unknown: [String] {
    var bullets = Wording.indicatorOrder.compactMap { key -> String? in
      guard let indicator = manager.indicators[key], indicator.score.estimate == nil else { return nil }
      return "\(Wording.indicator(key)): \(Figure.interval(indicator.score))"
    }
    if case .insufficient(let n, let needed) = manager.health {
      bullets.insert("health: \(n) of the \(needed) indicators that it needs are measured", at: 0)
    }
    guard !bullets.isEmpty else { return [] }
    return [console.heading("What is not known")] + bullets.flatMap { console.paragraph($0, bullet: "• ") }
  }
}
