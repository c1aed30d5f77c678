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
        paragraphs: [Sentences.verdicts(findings)]
          + [Sentences.falseSigns(findings), findings.caveat].compactMap { $0 } + [Sentences.readingRatios]
          + [Sentences.readingVerdicts(findings)].compactMap { $0 }
          + (findings.choice.map { choice in
            [Sentences.adjusted(choice.adjustedFor, choice.notAdjustedFor)]
          } ?? []), note: "These findings rest on \(findings.basis == "queue choices" ? "" : "the ")\(findings.basis).")
    ]
    blocks += findings.signals.prefix(Self.limit).map(signal)
    if findings.judgedPairs.isEmpty {
      if !findings.pairs.isEmpty { blocks.append(Block(heading: "Pairs", paragraphs: [Sentences.noPairJudged])) }
    } else {
      blocks += [plot, Block(heading: "Pairs", table: pairs)]
    }
    if !findings.partners.isEmpty { blocks.append(partners) }
    if !findings.groups.isEmpty { blocks.append(Block(heading: "Groups of managers", table: groups)) }
    if !findings.managers.isEmpty { blocks.append(managers) }
    if let evenness = findings.evenness { blocks.append(self.evenness(evenness)) }
    if let choice = findings.choice { blocks.append(model(choice)) }
    if let timing = findings.timing { blocks.append(model(timing)) }
    if !findings.notes.isEmpty { blocks.append(Block(bullets: findings.notes)) }
    return Page.Section(anchor: "favouritism", heading: "Response-time findings (\(findings.basis))", blocks: blocks)
  }

  private func signal(_ pair: PairFinding) -> Block {
    let estimators = Sentences.estimators(pair).map { name, ratio in
      "\(name) \(Figure.factor(ratio.ratio)) (\(Figure.limits(ratio.low, ratio.high)))"
    }
    return Block(
      heading: "\(pair.manager) and \(pair.partner)", paragraphs: [pair.statement],
      bullets: ["Estimates side by side, above 1 more readily or sooner: \(estimators.joined(separator: "; "))."]
        + Sentences.evidence(pair, comparableBy: assessment.favouritism.choice?.comparableBy ?? [])
        + [
          "The requests behind it: whoever made this report can list them with rapport explain, --manager "
            + "“\(pair.manager)” and --partner “\(pair.partner)”."
        ], linked: [pair.manager])
  }

  private var plot: Block {
    let plot = Plot.ratios(assessment.favouritism.judgedPairs, limit: 40) {
      "\(Plot.name($0.manager)) · \(Plot.name($0.partner))"
    }
    return Block(heading: plot.title, drawing: (plot.svg, plot.label))
  }

  private var pairs: PageTable {
    let all = FavouritismView.ordered(assessment.favouritism.judgedPairs)
    let columns = PairColumn.all(for: all)
    let isCut = all.count > Self.limit
    let rest = assessment.favouritism.pairs.count - all.count
    return PageTable(
      caption: isCut
        ? "The \(Self.limit) of \(Figure.count(all.count)) pairs whose direction is surest; favouritism.csv has "
          + "them all"
        : rest > 0
          ? "The pairs with \(FavouritismFindings.fewestForVerdict) or more requests in queues; the other \(Figure.count(rest)) are in favouritism.csv"
          : "All pairs",
      headings: columns.map { ($0.heading, $0.isNumber) },
      rows: all.prefix(Self.limit).map { pair in columns.map { $0.cell(pair) } },
      managerColumn: columns.firstIndex { $0.heading == "manager" })
  }

  private var partners: Block {
    let told = assessment.favouritism.comparedPartners
    let rest = Sentences.partnersUncompared(assessment.favouritism)
    var block = Block(heading: "Partners")
    guard !told.isEmpty else {
      block.paragraphs = [rest].compactMap { $0 }
      return block
    }
    let telling = told.contains { !$0.apart.isEmpty }
    block.table = PageTable(
      caption:
        "How evenly each partner answers different managers; requests are those in queues, Gini and Theil those of waits of "
        + "managers with at least \(InequalityFinding.fewestRequests) of them"
        + ". Gini and Theil take no part in the verdict: they also hold "
        + "reasons that the order of picks would rule out" + (rest.map { ". \($0)" } ?? "."),
      headings: [
        ("partner", false), ("managers", true), ("requests", true), ("median ratio", true), ("interval", true),
      ] + (telling ? [(FavouritismView.butFor, false)] : []) + [
        ("q-value", true), ("Gini", true), ("by chance", true), ("Theil", true), ("verdict", false),
      ],
      rows: told.map { partner in
        [
          partner.partner, Figure.count(partner.managers), Figure.count(partner.requests),
          FavouritismView.medianRatio(partner), FavouritismView.limits(partner),
        ] + (telling ? [FavouritismView.apart(partner)] : []) + [
          partner.qValue.flatMap { partner.isShown ? $0 : nil }.map { Figure.number($0, digits: 3) } ?? "–",
          FavouritismView.share(partner.gini),
          FavouritismView.share(partner.giniByChance), partner.theil.map { Figure.number($0, digits: 3) } ?? "–",
          FavouritismView.words(partner.verdict, partner.low, partner.high),
        ]
      })
    return block
  }

  private var groups: PageTable {
    PageTable(
      caption:
        "Groups by roster attribute, against all other managers; \(assessment.favouritism.choice == nil ? "" : "requests are those in queues with others', ")"
        + "counted once for each partner that they were with. \(Sentences.readingGroups)",
      headings: [
        ("group", false), ("managers", true), ("requests", true), ("adjusted ratio", true), ("interval", true),
        ("unadjusted", true), ("q-value", true), ("verdict", false),
      ],
      rows: assessment.favouritism.groups.map { group in
        [
          "\(group.attribute) = \(group.value)", Figure.count(group.managers), Figure.count(group.requests),
          Figure.ratio(group.ratio), Figure.limits(group.low, group.high),
          FavouritismView.unadjusted(group), Figure.pValue(group.qValue),
          FavouritismView.words(group.verdict, group.low, group.high),
        ]
      })
  }

  /// How many managers have which verdict; of those whose estimate differs, the surest.
  private var managers: Block {
    let all = assessment.favouritism.managers
    let differing = all.filter { $0.ratio.map { Figure.factor($0) != "1.00" } ?? false }.sorted { a, b in
      let (x, y) = (a.localFalseSignRate ?? 1, b.localFalseSignRate ?? 1)
      return x != y ? x < y : a.manager < b.manager
    }
    var block = Block(
      heading: "Managers across all partners", paragraphs: [Sentences.verdicts(acrossPartners: all)])
    guard !differing.isEmpty else { return block }
    let shown = min(differing.count, Self.limit)
    block.table = PageTable(
      caption: (shown < differing.count
        ? "The \(Figure.count(shown)) whose direction is surest, whatever their verdict"
        : "Those whose estimate isn't 1.00, the surest direction first, whatever their verdict")
        + (shown < all.count ? "; favouritism.csv has all" : "") + ". Requests are those in queues with others'.",
      headings: [
        ("manager", false), ("partners", true), ("requests", true), ("ratio", true), ("interval", true),
        ("false sign", true), ("verdict", false),
      ],
      rows: differing.prefix(Self.limit).map { manager in
        [
          manager.manager, Figure.count(manager.partners), Figure.count(manager.requests),
          manager.ratio.map(Figure.ratio) ?? "–", Figure.limits(manager.low, manager.high),
          manager.localFalseSignRate.map(Figure.chance) ?? "–",
          FavouritismView.words(manager.verdict, manager.low, manager.high),
        ]
      }, managerColumn: 0)
    return block
  }

  private func evenness(_ evenness: InequalityFinding) -> Block {
    let plot = Plot.lorenz(evenness)
    return Block(
      heading: plot.title,
      paragraphs: plot.captions + [
        "Theil's index is \(Figure.number(evenness.theil, digits: 3))"
          + (evenness.theilByChance.map { "; by chance alone about \(Figure.number($0, digits: 3))" } ?? "") + "."
      ], drawing: (plot.svg, plot.label))
  }

  private func model(_ choice: ChoiceSummary) -> Block {
    let effects = ChoiceWords.effects(choice)
    return Block(
      heading: "What partners go by when they pick the next request",
      paragraphs: [Sentences.choices(choice)] + (effects.isEmpty ? [ChoiceWords.nothingInCommon] : []),
      bullets: ChoiceWords.sentences(choice),
      table: effects.isEmpty
        ? nil
        : PageTable(
          caption:
            "Odds of being picked next, everything else in this table alike, over all partners; four in five partners lie in the last column",
          headings: [("what", false), ("odds", true), ("90 % interval", true), ("most partners", true)],
          rows: effects.map {
            [
              $0.subject + ($0.reference.map { " rather than \($0)" } ?? ""), Figure.factor($0.odds),
              Figure.limits($0.low, $0.high),
              Figure.limits($0.partnersLow, $0.partnersHigh),
            ]
          }))
  }

  /// Why requests are not in the timing model, the commonest reason first, in brackets.
  private func leftOut(_ timing: TimingSummary) -> String {
    let reasons = timing.leftOut.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !reasons.isEmpty else { return "" }
    return " (\(reasons.map { "\(Wording.words($0.key)) \(Figure.count($0.value))" }.joined(separator: ", ")))"
  }

  private func model(_ timing: TimingSummary) -> Block {
    Block(
      heading: "The timing model",
      paragraphs: [
        "\(Figure.count(timing.requests, "request")), \(Figure.count(timing.answered)) of them answered within "
          + "\(Sentences.followUp(assessment)); \(Figure.percent(timing.leftOutShare)) of "
          + "managers' requests\(assessment.dataQuality.holds(.reassign) ? ", each counted with every partner who held it," : "") are not in the model\(leftOut(timing)). \(Figure.percent(timing.shareByWhoIsAsking)) of what the request itself doesn't explain "
          + "goes with who asks whom, manager and pair together."
      ],
      bullets: timing.notes,
      table: PageTable(
        caption: "Where the differences in log waiting time lie",
        headings: [
          ("source", false), ("variance", true), ("interval", true), ("share", true), ("chance of none", true),
        ],
        rows: timing.components.map { component in
          [
            component.words, Figure.number(component.variance, digits: 3),
            Figure.limits(component.low, component.high) { Figure.number($0, digits: 3) },
            Figure.percent(component.share),
            component.test.map { Figure.number($0.bootstrapPValue ?? $0.pValue, digits: 3) } ?? "–",
          ]
        }))
  }
}
