import RapportScoring

/// One manager's scores explained, as people read it in a terminal.
public struct ExplainView {
  private let explanation: Explanation
  private let assessment: Assessment
  private let console: Console
  private var manager: ManagerAssessment { explanation.manager }
  private var times: TimeWords { TimeWords(assessment.basis) }

  public init(_ explanation: Explanation, assessment: Assessment, console: Console) {
    self.explanation = explanation
    self.assessment = assessment
    self.console = console
  }

  /// The text, ending in a line break.
  public var text: String {
    if let pair = explanation.pair {
      return PairView(pair, explanation: explanation, assessment: assessment, console: console).text
    }
    let parts = [scores, contributions, peers, practices, sides, moves, pairs, evidence, trends, months, unknown]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var scores: [String] {
    var lines = [console.heading(Legible.text(manager.id))]
    let named: [ScoreTable.Row] =
      [
        .init("health", manager.health, .health), .init("trust", manager.trust, .trust),
        .init("  in the partners", manager.trustInPartner, .trust, \.inPartner),
        .init("  in the manager", manager.trustInManager, .trust, \.inManager),
        .init("consistency", manager.consistency, .consistency),
      ]
      + Wording.domains.compactMap { key -> ScoreTable.Row? in
        guard key != "consistency", let score = manager.domains[key] else { return nil }
        return ScoreTable.Row(Wording.domain(key), score, RankedScore(rawValue: key) ?? .health)
      }
    lines += ScoreTable.lines(named, basis: assessment.basis, console: console)
    let made = manager.domains.merging(["health": manager.health]) { own, _ in own }
    if let ends = Sentences.scaleEnds(made, manager.indicators) { lines += console.paragraph(ends) }
    if let rank = manager.rank {
      // Where no order is warranted there are no places to tell.
      let ranked = Sentences.ranked(assessment)
      let place =
        assessment.ranking.isOrdinal
        ? "Expected rank\(ranked) \(Figure.number(rank.expected, digits: 1)) of \(Figure.count(assessment.ranking.order.count)) "
          + "(\(Sentences.rankInterval(rank)))"
        : "Tier\(ranked): \(Wording.tier(rank.tier, of: assessment.ranking))"
      lines += console.paragraph(
        "\(place); \(assessment.ranking.atLowEnd) with probability \(Figure.probability(rank.probabilityLowestTenth)).")
    }
    if manager.hasTrust, let trust = Sentences.trust(assessment.basis.trust) {
      lines += console.paragraph(
        ([trust]
          + [Sentences.trustEvidence(manager), Sentences.trustPlace(manager, among: TrustField(assessment))]
          .compactMap { $0 })
          .joined(separator: " "))
    }
    if let roster = Sentences.roster(manager) { lines += console.paragraph(roster) }
    return lines
  }

  private var contributions: [String] {
    guard let attribution = manager.attribution, !attribution.contributions.isEmpty else { return [] }
    var table = ConsoleTable([.text("contribution"), .number("points"), .drawing("")])
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
          + "\(sum > 0 ? "+" : "")\(Figure.number(sum, digits: 1)):") + table.lines(on: console)
      + [Sentences.assumed(manager, assessment.basis)].filter { !$0.isEmpty }.flatMap { console.paragraph($0) }
  }

  private var peers: [String] {
    guard !explanation.peers.isEmpty else { return [] }
    return [console.heading("Compared with the other managers")]
      + PeerTable.lines(explanation.peers, of: manager.indicators, times: times, console: console)
      + console.paragraph(Sentences.readingPeers)
      + [Sentences.funnels(explanation.funnels)].filter { !$0.isEmpty }.flatMap { console.paragraph($0) }
  }

  private var practices: [String] {
    Sentences.practices(explanation.practices).enumerated().flatMap { i, part in
      (i > 0 ? [""] : []) + [console.heading(part.heading)]
        + part.sentences.flatMap { console.paragraph($0, bullet: "• ") }
    }
  }

  private var sides: [String] { SideList.lines(manager.indicators, console: console) }

  private var moves: [String] {
    guard !explanation.moves.isEmpty else { return [] }
    var lines = [console.heading(Sentences.movesHeading)]
    for move in explanation.moves.prefix(3) {
      lines += console.paragraph(Sentences.move(move, times: times), bullet: "• ")
    }
    return lines
  }

  private var pairs: [String] {
    guard !explanation.pairs.isEmpty else { return [] }
    var table = ConsoleTable(
      [
        .text("partner"), .number("requests", leavesAt: 2), .number("answered", leavesAt: 3),
        .number("open", leavesAt: 4), .number("health"), .number("trust", leavesAt: 1),
        .number("trust in partner", leavesAt: 1),
        .number("trust in manager", leavesAt: 1),
      ], elsewhere: "--format json")
    for pair in explanation.pairs {
      table.append(
        pair.partner, Figure.count(pair.requests), Figure.count(pair.answered), Figure.count(pair.open),
        Figure.withInterval(pair.health), Figure.withInterval(pair.trust), Figure.withInterval(pair.trustInPartner),
        Figure.withInterval(pair.trustInManager))
    }
    return [console.heading("With each partner")] + table.lines(on: console)
      + console.paragraph(
        [Sentences.readingPairs(assessment), Sentences.requestsOfManagers(explanation.pairs.map(\.ofManagers))]
          .compactMap { $0 }.joined(separator: " "))
  }

  private var evidence: [String] {
    guard !explanation.findings.isEmpty else { return [] }
    var lines = [console.heading("Response times (\(assessment.favouritism.basis))")]
    for finding in explanation.findings {
      lines += console.paragraph(finding.statement, bullet: "• ")
    }
    if let caveat = assessment.favouritism.caveat { lines += console.paragraph(caveat, bullet: "• ") }
    if explanation.findings.contains(where: Sentences.endsAtOne) { lines += console.paragraph(Sentences.readingOne) }
    if explanation.findings.contains(where: Sentences.holdsOne) { lines += console.paragraph(Sentences.readingHeldOne) }
    if explanation.findings.contains(where: { $0.choices != nil }) {
      lines += console.paragraph("Add --partner ID to see the queues that one of these rests on.")
    }
    return lines
  }

  private var trends: [String] {
    guard let trends = explanation.trends else { return [] }
    let sentences =
      Sentences.trends(trends, models: assessment.trends.indicators, times: times)
      + [Sentences.trendsUntold(trends)].compactMap { $0 }
    guard !sentences.isEmpty else { return [] }
    return [console.heading("Trends")]
      + console.paragraph(
        ([Sentences.readingTrends] + [Sentences.directions(assessment.trends)].compactMap { $0 }).joined(separator: " ")
      )
      + sentences.flatMap { console.paragraph($0, bullet: "• ") }
  }

  private var months: [String] {
    let months = manager.months.suffix(12)
    let told = Sentences.monthlyKinds(assessment.dataQuality)
    guard months.contains(where: { $0.requests + $0.promisesDue + $0.checkIns > 0 }) else { return [] }
    var table = ConsoleTable(
      [
        .text("month"), .number("requests"), .number("answered"), .number("promises and goals due", leavesAt: 1),
        .number("kept", leavesAt: 1), .number("check-ins", leavesAt: 2), .number("exposed", leavesAt: 3),
      ], elsewhere: "--format json")
    for month in months {
      table.append(
        month.month, Figure.count(month.requests), Figure.count(month.answered),
        told.promises ? Figure.count(month.promisesDue) : "–", told.promises ? Figure.count(month.promisesKept) : "–",
        told.checkIns ? Figure.count(month.checkIns) : "–", month.exposed ? "yes" : "no")
    }
    return [console.heading("Evidence by month")] + table.lines(on: console)
      + console.paragraph(
        Sentences.readingMonths(told)
          + " A month is exposed where the manager was in the role and not away for \(MonthEvidence.leastExposedDays) days "
          + "of it or more.")
  }

  private var unknown: [String] {
    UnknownList.lines(
      manager.indicators, health: manager.health, domains: manager.domains, basis: assessment.basis, console: console)
  }
}
