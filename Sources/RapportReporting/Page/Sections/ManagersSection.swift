import Mustache
import RapportNumerics
import RapportScoring

/// A part for every manager.
struct ManagersSection {
  private let assessment: Assessment
  private let library: MustacheLibrary
  private let threads: Int

  /// Managers from which on details are packed and unpacked on demand: text and drawings of one manager are
  /// tens of kilobytes, most of them trends.
  private static let packingLimit = 200
  /// Managers whose details are packed together: enough to share what they have in common, few enough to unpack at once.
  static let partSize = 50

  init(_ assessment: Assessment, library: MustacheLibrary, threads: Int) {
    self.assessment = assessment
    self.library = library
    self.threads = threads
  }

  var section: Page.Section {
    let pairs = Dictionary(grouping: assessment.pairs, by: \.manager)
    let findings = Dictionary(grouping: assessment.favouritism.pairs, by: \.manager)
    let trends = Dictionary(
      assessment.trends.managers.map { ($0.manager, $0) }, uniquingKeysWith: { first, _ in first })
    let comparison = ManagerComparison(assessment)
    let choices = ManagerChoices(assessment)
    let entries = assessment.managers.enumerated().map { i, manager in
      ManagerEntry(
        manager, number: i + 1, assessment: assessment, comparison: comparison, pairs: pairs[manager.id] ?? [],
        findings: findings[manager.id] ?? [], trends: trends[manager.id])
    }
    let isPacked = entries.count > Self.packingLimit
    let parts = rendered(entries, isPacked: isPacked)
    let listings = entries.indices.map { i in
      let place = (i / Self.partSize, i % Self.partSize)
      return entries[i].listing(
        details: isPacked ? "" : parts[place.0][place.1], keys: choices.keys(assessment.managers[i]))
    }
    var blocks = [
      Block(
        paragraphs: [
          "One entry per manager, in the order of identifiers unless another is chosen. Open one to see what its scores rest on and "
            + "what is not known."
            + (isPacked ? " Details unpack when an entry is opened; managers.csv and pairs.csv hold them too." : "")
        ], managers: listings)
    ]
    if entries.isEmpty { blocks = [Block(paragraphs: ["The input names no manager."])] }
    return Page.Section(
      anchor: "managers", heading: "Managers", choices: entries.isEmpty ? nil : choices.context, blocks: blocks,
      parts: isPacked ? parts.map { $0[0] } : [])
  }

  /// Details as HTML, part by part; packed, a part is one text.
  private func rendered(_ entries: [ManagerEntry], isPacked: Bool) -> [[String]] {
    let count = (entries.count + Self.partSize - 1) / Self.partSize
    let library = library
    @Sendable func html(_ block: Block?) -> String {
      block.flatMap { library.render($0, withTemplate: "block") } ?? ""
    }
    return parallelMap(count: count, threads: threads) { i in
      let entries = entries[i * Self.partSize..<min((i + 1) * Self.partSize, entries.count)]
      guard isPacked else { return entries.map { $0.blocks.map(html).joined() } }
      // Block by block rather than manager by manager: what is alike stands near, so that it packs into two thirds.
      let blocks = entries.map(\.blocks)
      let columns = (blocks.first ?? []).indices.map { column in
        Packing.apart(blocks.map { Array(html($0[column]).utf8) })
      }
      return [Packing.packed(columns)]
    }
  }
}

/// A manager's line in the list, and what opening it shows.
struct ManagerListing: MustacheParent {
  var anchor: String
  var id: String
  var headline: String
  var place: String
  /// HTML of our own making; empty where it is packed.
  var details: String
  /// What the list can be narrowed and sorted by.
  var keys: ManagerChoices.Keys

  func child(named name: String) -> Any? {
    switch name {
    case "anchor": anchor
    case "id": id
    case "headline": headline
    case "place": place
    case "details": details
    case "choices": keys.choices
    case "health": keys.health
    case "lowest": keys.lowest
    case "requests": keys.requests
    default: nil
    }
  }
}

/// What the page says about one manager.
struct ManagerEntry {
  private let manager: ManagerAssessment
  private let number: Int
  private let assessment: Assessment
  private let comparison: ManagerComparison
  private let pairs: [PairAssessment]
  private let findings: [PairFinding]
  private let trends: ManagerTrends?

  init(
    _ manager: ManagerAssessment, number: Int, assessment: Assessment, comparison: ManagerComparison,
    pairs: [PairAssessment], findings: [PairFinding], trends: ManagerTrends?
  ) {
    self.manager = manager
    self.number = number
    self.assessment = assessment
    self.comparison = comparison
    self.pairs = pairs
    self.findings = findings
    self.trends = trends
  }

  /// Its line in the list.
  ///
  /// - Parameters:
  ///   - details: what opening the entry shows, as HTML of our own making; empty where it is packed.
  ///   - keys: what the list can be narrowed and sorted by.
  func listing(details: String, keys: ManagerChoices.Keys) -> ManagerListing {
    ManagerListing(
      anchor: Page.anchor(of: manager.id), id: manager.id, headline: headline, place: place, details: details,
      keys: keys)
  }

  /// The score that is ranked, and health beside it where that is another.
  private var headline: String {
    let by = assessment.ranking.by
    let health = told(.health)
    return by == .health ? health : "\(told(by)) · \(health)"
  }

  private func told(_ name: RankedScore) -> String {
    let score = name.score(of: manager)
    let interval = Wording.interval(score, of: name, assessment.basis)
    let title = Wording.domain(name.rawValue)
    return score.estimate == nil ? "\(title): \(interval)" : "\(title) \(Figure.points(score)) (\(interval))"
  }

  private var times: TimeWords { TimeWords(assessment.basis) }

  /// What places and probabilities are of, where it isn't health.
  private var ranked: String { Sentences.ranked(assessment) }

  private var place: String {
    var parts: [String] = []
    if let rank = manager.rank {
      parts.append(
        assessment.ranking.isOrdinal
          ? "rank\(ranked) \(Figure.number(rank.low, digits: 0))–\(Figure.number(rank.high, digits: 0)) of "
            + "\(Figure.count(assessment.ranking.order.count))"
          : "tier\(ranked): \(Wording.tier(rank.tier, of: assessment.ranking))")
    }
    return parts.joined(separator: " · ")
  }

  /// Everybody's blocks in one order; `nil` where there is nothing to tell.
  var blocks: [Block?] {
    let told = comparison.practices.practices(of: number - 1)
    return [
      scores, trust, contributions, moves, practices(told.filter { !$0.isOfHR }), practices(told.filter(\.isOfHR)),
      indicators,
      sides, waits,
      trends.flatMap {
        TrendBlock($0, models: assessment.trends.indicators, directions: comparison.directions, times: times).block
      }, months,
      partners, unknown,
    ]
  }

  private var scores: Block? {
    let ranking = assessment.ranking
    let rows = comparison.scores(manager).compactMap { name, score, ranked in
      score.estimate.map {
        IntervalPlot.Row(
          label: name, value: $0.value, low: $0.low, high: $0.high,
          // As the ranking's plot marks: how likely a place is goes with the score that is ranked.
          isMarked: ranked == ranking.by && ranking.marks(manager), usual: comparison.medians[name])
      }
    }
    guard !rows.isEmpty else { return nil }
    let hasMedians = rows.contains { $0.usual != nil }
    let label = "Scores of \(manager.id) with their intervals\(hasMedians ? ", and the median of all managers" : "")"
    var block = Block(heading: "Scores")
    block.drawing = (
      IntervalPlot(
        rows: rows, axisTitle: "points\(hasMedians ? "; an upright stroke is the median of all managers" : "")",
        domain: 0...100, description: label
      ).drawing.svg,
      label
    )
    if let standing = comparison.standing(ofHealth: manager.health) {
      block.paragraphs.append(
        "By its value alone health is higher than that of \(Figure.count(standing.below)) of the \(Figure.count(standing.others, "other manager")) who "
          + "\(standing.others == 1 ? "has" : "have") a score.")
    }
    if let rank = manager.rank {
      let place = ranking.isOrdinal ? "Rank\(ranked) \(Sentences.rankInterval(rank)). " : ""
      let mark = rows.contains(where: \.isMarked) ? " \(ranking.meaningOfMark)" : ""
      block.paragraphs.append(place + ranking.ends(rank, ranked: ranked) + mark)
    }
    if let roster = Sentences.roster(manager) { block.paragraphs.append(roster) }
    return block
  }

  /// What trust rests on, and how to read it.
  private var trust: Block? {
    guard manager.hasTrust, let basis = Sentences.trust(assessment.basis.trust) else { return nil }
    let place = Sentences.trustPlace(manager, among: comparison.trust)
    let gap = manager.trustGap.estimate.map { Sentences.trustGap($0, median: comparison.medianGap) }
    return Block(
      heading: "Trust",
      paragraphs: [
        [place, Sentences.trustEvidence(manager)].compactMap { $0 }.joined(separator: " "), basis, gap ?? "",
      ]
      .filter { !$0.isEmpty })
  }

  private var contributions: Block? {
    guard let attribution = manager.attribution, !attribution.contributions.isEmpty else { return nil }
    let bars = attribution.contributions.map { (Wording.indicator($0.indicator), $0.points) }
    let sum = attribution.contributions.reduce(0) { $0 + $1.points }
    let label = "Contributions of indicators to the health of \(manager.id)"
    return Block(
      heading: "What the health score is made of",
      paragraphs: [
        "Against the reference of \(Figure.number(attribution.reference, digits: 1)) "
          + "(\(attribution.referenceMeaning)), the indicators "
          + "add up to \(sum < 0 ? "" : "+")\(Figure.number(sum, digits: 1)) points. Filled bars raise the "
          + "score, outlined ones lower it."
      ] + [Sentences.assumed(manager, assessment.basis)].filter { !$0.isEmpty },
      drawing: (ContributionPlot(bars: bars, description: label).svg, label))
  }

  private var moves: Block? {
    let moves = Explanation.moves(of: manager, in: comparison.field, options: assessment.basis.options)
    guard !moves.isEmpty else { return nil }
    return Block(
      heading: Sentences.movesHeading,
      bullets: moves.prefix(3).map { Sentences.move($0, times: times) })
  }

  /// Practices of one side under their heading.
  private func practices(_ practices: [Practice]) -> Block? {
    Sentences.practices(practices).first.map { Block(heading: $0.heading, bullets: $0.sentences) }
  }

  private var sides: Block? {
    let sentences = Wording.indicatorOrder.compactMap { key in
      manager.indicators[key].flatMap { Sentences.sides(key, $0) }
    }
    return sentences.isEmpty ? nil : Block(heading: "Each side apart", bullets: sentences)
  }

  private var indicators: Block? {
    let peers = comparison.field.peers(of: manager.indicators)
    let rows = peers.compactMap { peer -> [String]? in
      let key = peer.indicator
      guard let indicator = manager.indicators[key], let estimate = indicator.score.estimate else { return nil }
      let evidence = indicator.evidence.sorted { $0.key < $1.key }
        .map { Wording.evidence($0.key, $0.value, of: key, times: times) }
      return [
        Wording.indicator(key), Wording.value(estimate.value, of: key, times: times),
        Wording.range(
          Wording.short(estimate.low, of: key, times: times), Wording.short(estimate.high, of: key, times: times)),
        peer.peerMedian.map { Wording.short($0, of: key, times: times) } ?? "–",
        Figure.pointsOfMany(indicator.points), "\(Figure.count(peer.peersBelow)) of \(Figure.count(peer.peers))",
        evidence.joined(separator: ", "),
      ]
    }
    guard !rows.isEmpty else { return nil }
    return Block(
      heading: "Indicators",
      paragraphs: [
        Sentences.readingPeers, Sentences.readingComparable(followUpDays: assessment.basis.options.followUpDays),
      ],
      table: PageTable(
        caption: "Each indicator in its own unit, beside the other managers, and the counts behind it",
        headings: [
          ("indicator", false), ("value", false), ("interval", false), ("median of others", false), ("points", true),
          ("others with fewer points", true), ("rests on", false),
        ],
        rows: rows))
  }

  private var waits: Block? {
    guard let waits = manager.waits else { return nil }
    let plot = Plot.wait(waits, of: manager, basis: assessment.basis)
    return Block(heading: "Waits", paragraphs: plot.captions, drawing: (plot.svg, plot.label))
  }

  private var months: Block? {
    let months = manager.months
    guard months.contains(where: { $0.requests > 0 || $0.checkIns > 0 || $0.promisesDue > 0 }) else { return nil }
    let label = "Requests by month of \(manager.id)"
    var block = Block(heading: "Evidence by month")
    block.drawing = (
      MonthPlot(months: months.map { ($0.month, $0.requests) }, description: label).svg, label
    )
    let sums = months.reduce(into: (requests: 0, answered: 0, due: 0, kept: 0, checkIns: 0)) {
      $0.requests += $1.requests
      $0.answered += $1.answered
      $0.due += $1.promisesDue
      $0.kept += $1.promisesKept
      $0.checkIns += $1.checkIns
    }
    let told = Sentences.monthlyKinds(assessment.dataQuality)
    let counts = [
      Figure.count(sums.requests, "request"), Figure.count(sums.answered, "answer"),
      told.promises
        ? "\(Figure.count(sums.due)) promises and goals due or done, of which \(Figure.count(sums.kept)) kept" : nil,
      told.checkIns ? Figure.count(sums.checkIns, "check-in") : nil,
    ].compactMap { $0 }
    block.paragraphs = [
      "Bars: requests opened, any that HR made of the manager among them. In all \(counts.joined(separator: ", "))."
    ]
    return block
  }

  private var partners: Block? {
    guard !pairs.isEmpty else { return nil }
    let byPartner = Dictionary(findings.map { ($0.partner, $0) }, uniquingKeysWith: { a, _ in a })
    func count(_ value: Int?) -> String { value.map { Figure.count($0) } ?? "–" }
    return Block(
      heading: "With each partner",
      paragraphs: (findings.contains(where: Sentences.holdsOne) ? [Sentences.readingHeldOne] : [])
        + Sentences.withoutScores(pairs, basis: assessment.basis),
      bullets: findings.filter { $0.verdict == .signal }.map(\.statement),
      table: PageTable(
        caption:
          "Ratio above 1: answered more readily than comparable requests, by queue choices; by waits alone where none are counted. "
          + ([
            Sentences.readingVerdicts(pairs: findings.map(\.verdict)), comparison.readingPairs,
            Sentences.requestsOfManagers(pairs.map(\.ofManagers)),
          ] as [String?]).compactMap { $0 }.joined(separator: " "),
        headings: [
          ("partner", false), ("requests", true), ("open", true), ("health", true), ("trust", true), ("ratio", true),
          ("interval", true), ("picked", true), ("overtakes", true), ("overtaken", true), ("finding", false),
        ],
        rows: pairs.map { pair in
          let finding = byPartner[pair.partner]
          return [
            pair.partner, Figure.count(pair.requests), Figure.count(pair.open), Figure.withInterval(pair.health),
            Figure.withInterval(pair.trust), finding?.ratio.map(Figure.ratio) ?? "–",
            Figure.limits(finding?.low, finding?.high), count(finding?.choices), count(finding?.overtakes),
            count(finding?.overtaken),
            finding.map(FavouritismView.words) ?? "–",
          ]
        }))
  }

  private var unknown: Block? {
    var bullets = Sentences.unknown(
      manager.indicators, health: manager.health, domains: manager.domains, basis: assessment.basis)
    bullets += Sentences.unmeasuredDomains(assessment.basis)
    return bullets.isEmpty ? nil : Block(heading: "What is not known", bullets: bullets)
  }
}
