import RapportScoring

/// Response-time findings with their evidence.
struct FavouritismSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  private static let limit = 100

  var section: Page.Section {
    let findings = assessment.favouritism
    var blocks = [
      Block(
        paragraphs: Array(Sentences.favouritism(findings, limit: 0).prefix(1)) + [
          "A ratio above 1 means answered more readily than comparable requests, below 1 less readily. A signal "
            + "is something "
            + "to look into, not a judgement of a person: there may be a reason that the data don't hold."
        ], note: "These findings rest on the \(findings.basis).")
    ]
    blocks += findings.pairs.filter { $0.verdict == .signal }.sorted { ($0.sValue ?? 1) < ($1.sValue ?? 1) }
      .prefix(Self.limit).map(signal)
    if let plot { blocks.append(plot) }
    if !findings.pairs.isEmpty { blocks.append(Block(heading: "Pairs", table: pairs)) }
    if !findings.partners.isEmpty { blocks.append(Block(heading: "Partners", table: partners)) }
    if !findings.groups.isEmpty { blocks.append(Block(heading: "Groups of managers", table: groups)) }
    if let timing = findings.timing { blocks.append(model(timing)) }
    if !findings.notes.isEmpty { blocks.append(Block(bullets: findings.notes)) }
    return Page.Section(anchor: "favouritism", heading: "Response-time findings (\(findings.basis))", blocks: blocks)
  }

  private func signal(_ pair: PairFinding) -> Block {
    var bullets = [
      "Estimate before shrinkage: \(Figure.ratio(pair.estimate.ratio)) "
        + "(\(FavouritismView.interval(pair.estimate.low, pair.estimate.high))).",
      "Probability that the direction is not as stated: \(Figure.percent(pair.localFalseSignRate)).",
      "Rests on \(Figure.count(pair.requests)) requests, \(Figure.count(pair.answered)) of them answered.",
      "An unmeasured reason would have to go with both the manager and the wait by a ratio of "
        + "\(Figure.factor(pair.eValue)) each to explain the estimate away, of "
        + "\(Figure.factor(pair.eValueOfLimit)) to reach its limit.",
    ]
    if !pair.adjustedFor.isEmpty { bullets.append("Adjusted for \(Sentences.list(pair.adjustedFor)).") }
    if !pair.notAdjustedFor.isEmpty { bullets.append("Not adjusted for \(Sentences.list(pair.notAdjustedFor)).") }
    return Block(heading: "\(pair.manager) and \(pair.partner)", paragraphs: [pair.statement], bullets: bullets)
  }

  private var plot: Block? {
    let rows = FavouritismView.ordered(assessment.favouritism.pairs).prefix(40).map { pair in
      IntervalPlot.Row(
        label: PageText.safe("\(pair.manager) · \(pair.partner)"), value: pair.ratio, low: pair.low, high: pair.high,
        isMarked: pair.verdict == .signal)
    }
    guard !rows.isEmpty else { return nil }
    let label = "Ratios of the \(rows.count) pairs whose direction is surest"
    let low = min(0.5, max(0.1, rows.map(\.low).min() ?? 0.5))
    let high = max(2, min(10, rows.map(\.high).max() ?? 2))
    return Block(
      heading: rows.count < assessment.favouritism.pairs.count ? "The pairs whose direction is surest" : "All pairs",
      drawing: (
        IntervalPlot(
          rows: rows, axisTitle: "← less readily        ratio        more readily →", domain: low...high, reference: 1,
          isLogarithmic: true, description: label
        ).svg, label
      ))
  }

  private var pairs: PageTable {
    let all = FavouritismView.ordered(assessment.favouritism.pairs)
    let isCut = all.count > Self.limit
    return PageTable(
      caption: isCut
        ? "The \(Self.limit) of \(Figure.count(all.count)) pairs whose direction is surest; favouritism.csv has "
          + "them all"
        : "All pairs",
      headings: [
        ("manager", false), ("partner", false), ("ratio", true), ("interval", true), ("requests", true),
        ("false sign", true), ("s-value", true), ("smallest detectable", true), ("verdict", false),
      ],
      rows: all.prefix(Self.limit).map { pair in
        [
          pair.manager, pair.partner, Figure.ratio(pair.ratio), FavouritismView.interval(pair.low, pair.high),
          Figure.count(pair.requests), Figure.percent(pair.localFalseSignRate),
          pair.sValue.map { Figure.number($0, digits: 3) } ?? "–", Figure.ratio(pair.minimumDetectableRatio),
          FavouritismView.words(pair.verdict),
        ]
      })
  }

  private var partners: PageTable {
    PageTable(
      caption: "How evenly each partner answers different managers",
      headings: [
        ("partner", false), ("managers", true), ("requests", true), ("median ratio", true), ("interval", true),
        ("q-value", true), ("verdict", false),
      ],
      rows: assessment.favouritism.partners.map { partner in
        [
          partner.partner, Figure.count(partner.managers), Figure.count(partner.requests),
          partner.medianRatio.map(Figure.ratio) ?? "–", FavouritismView.interval(partner.low, partner.high),
          partner.qValue.map { Figure.number($0, digits: 3) } ?? "–", FavouritismView.words(partner.verdict),
        ]
      })
  }

  private var groups: PageTable {
    PageTable(
      caption: "Groups by roster attribute, against all other managers",
      headings: [
        ("group", false), ("managers", true), ("requests", true), ("adjusted ratio", true), ("interval", true),
        ("unadjusted", true), ("verdict", false),
      ],
      rows: assessment.favouritism.groups.map { group in
        [
          "\(group.attribute) = \(group.value)", Figure.count(group.managers), Figure.count(group.requests),
          Figure.ratio(group.ratio), FavouritismView.interval(group.low, group.high),
          Figure.ratio(group.unadjusted.ratio), FavouritismView.words(group.verdict),
        ]
      })
  }

  private func model(_ timing: TimingSummary) -> Block {
    Block(
      heading: "The timing model",
      paragraphs: [
        "\(Figure.count(timing.requests)) requests, \(Figure.count(timing.answered)) of them answered within "
          + "\(Figure.number(timing.followUpDays, digits: 0)) days; \(Figure.percent(timing.leftOutShare)) of "
          + "all requests are not in "
          + "the model. \(Figure.percent(timing.shareByWhoIsAsking)) of what the request itself doesn't explain "
          + "is explained by who is asking."
      ],
      bullets: timing.notes,
      table: PageTable(
        caption: "Where the differences in log waiting time lie",
        headings: [("source", false), ("variance", true), ("share", true)],
        rows: timing.components.map {
          [$0.group, Figure.number($0.variance, digits: 3), Figure.percent($0.share)]
        }))
  }
}
