import RapportScoring

/// The ranking as lines: a list where the order is sure enough, tiers otherwise.
public struct RankingTable {
  private let assessment: Assessment
  private let console: Console
  /// Rows at each end; all where `nil`.
  private let limit: Int?

  public init(_ assessment: Assessment, console: Console, limit: Int? = nil) {
    self.assessment = assessment
    self.console = console
    self.limit = limit
  }

  /// The ranking alone, ending in a line break: title, why it is a list or tiers, and the table.
  public var text: String {
    ([console.heading(title)] + reasons + lines).joined(separator: "\n") + "\n"
  }

  /// Why it is a list or tiers, how to read it, and how far it hangs on how health is put together.
  var reasons: [String] {
    var method = Sentences.method(assessment.ranking)
    if hasMethod && !method.isEmpty { method += " The ranks under “other ways” allow for that too." }
    let ranking = assessment.ranking
    return [
      Sentences.orderDoubt(assessment) ?? "", ranking.reason, Sentences.order(ranking),
      Sentences.rankWidths(assessment), method,
    ]
    .filter { !$0.isEmpty }.flatMap { console.paragraph($0) }
  }

  /// Ranks with other ways to put health together stand beside those without, where health is ranked in order.
  private var hasMethod: Bool {
    assessment.ranking.isOrdinal && assessment.managers.contains { $0.rank?.withMethod != nil }
  }

  public var title: String {
    let name = Wording.domain(assessment.ranking.by.rawValue)
    return assessment.ranking.isOrdinal ? "Ranking by \(name)" : "Tiers by \(name)"
  }

  /// The table, with a line for what is left out.
  public var lines: [String] {
    let ranking = assessment.ranking
    guard !ranking.order.isEmpty else { return ["No manager has a score to rank."] }
    let byID = Dictionary(assessment.managers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let tierNames = Dictionary(ranking.tiers.map { ($0.tier, $0.name) }, uniquingKeysWith: { first, _ in first })
    var columns: [ConsoleTable.Column] = [
      ranking.isOrdinal ? .number("expected rank") : .text("tier"), .text("manager"), .number("score"),
      .number("interval", leavesAt: 1), .number("ranks", leavesAt: 3),
      .number(ranking.hasTenths ? "P lowest 10th" : "P \(ranking.atLowEnd)", leavesAt: 2),
      .number("evidence", leavesAt: 4), .drawing("0      50     100"),
    ]
    if hasMethod { columns.insert(.number("other ways", leavesAt: 5), at: 5) }
    var table = ConsoleTable(columns)
    if let limit, !ranking.isOrdinal, ranking.order.count > 2 * limit { return tiers(byID) }
    let shown: [String]
    if let limit, ranking.order.count > 2 * limit {
      shown = Array(ranking.order.prefix(limit) + ranking.order.suffix(limit))
    } else {
      shown = ranking.order
    }
    for (i, id) in shown.enumerated() {
      if i == limit, shown.count < ranking.order.count {
        table.append(remark: "… \(Figure.count(ranking.order.count - shown.count)) between …")
      }
      guard let manager = byID[id], let estimate = ranking.by.score(of: manager).estimate else { continue }
      let rank = manager.rank
      let place: String? = rank.map {
        ranking.isOrdinal ? Figure.number($0.expected, digits: 1) : tierNames[$0.tier] ?? "tier \($0.tier)"
      }
      let ranks: String? = rank.map { Sentences.ranks($0.low, $0.high) }
      let withMethod: String? = rank?.withMethod.map { Sentences.ranks($0.low, $0.high) }
      let lowest: String? = rank.map { Figure.probability($0.probabilityLowestTenth) }
      var cells: [String] = [place ?? "–", id, Figure.points(estimate), Figure.interval(estimate), ranks ?? "–"]
      if hasMethod { cells.append(withMethod ?? "–") }
      cells += [lowest ?? "–", Figure.number(estimate.effectiveN, digits: 0), Self.bar(estimate)]
      table.append(cells)
    }
    return table.lines(on: console) + unscored
      + (ranking.isOrdinal ? console.paragraph(Sentences.readingRanks) : [])
      + endsOfScales
  }

  /// Where scales don't fit, and whose scores have no width.
  private var endsOfScales: [String] {
    [Sentences.crowdedEnds(assessment), Sentences.scaleEnds(assessment)].compactMap { $0 }.flatMap {
      console.paragraph($0)
    }
  }

  /// A line per tier, where a list of managers would be long and its order chance.
  private func tiers(_ byID: [String: ManagerAssessment]) -> [String] {
    let ranking = assessment.ranking
    var table = ConsoleTable([.text("tier"), .number("managers"), .number("scores"), .prose("such as")])
    for tier in ranking.tiers {
      let values = tier.managers.compactMap { byID[$0].flatMap { ranking.by.score(of: $0).estimate?.value } }
      guard let lowest = values.min(), let highest = values.max() else { continue }
      table.append(
        tier.name, Figure.count(tier.managers.count),
        Sentences.ranks(lowest, highest),
        Sentences.likeliest(tier.managers, byID).prefix(3).joined(separator: ", ")
          + (tier.managers.count > 3 ? ", …" : ""))
    }
    return table.lines(on: console) + unscored + console.paragraph("`rapport rank` lists every manager.") + endsOfScales
  }

  private var unscored: [String] {
    let count = assessment.managers.count - assessment.ranking.order.count
    guard count > 0 else { return [] }
    return console.paragraph("\(Figure.count(count, "manager")) without this score: too little evidence.")
  }

  /// The interval on a scale from 0 to 100 in 17 columns, the value marked.
  static func bar(_ estimate: Estimate) -> String {
    let columns = 17
    func column(_ value: Double) -> Int { min(columns - 1, max(0, Int(value / 100 * Double(columns)))) }
    let (low, value, high) = (column(estimate.low), column(estimate.value), column(estimate.high))
    return String((0..<columns).map { $0 == value ? "●" : (low...high).contains($0) ? "─" : "·" })
  }
}

extension RankedScore {
  /// The score of a manager that this ranks by.
  public func score(of manager: ManagerAssessment) -> Score {
    switch self {
    case .health: manager.health
    case .trust: manager.trust
    case .consistency: manager.consistency
    default: manager.domains[rawValue] ?? .suppressed(reason: "not measured by this input")
    }
  }
}
